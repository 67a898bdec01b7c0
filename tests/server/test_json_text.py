"""JSON in and out, with and without orjson."""

import json
import sys
from collections.abc import Callable, Iterator
from importlib import reload

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core import json_codec as json_text
from sinch_simulator.core.schema.json_parsing import NotJsonError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture(params=["standard library", "orjson"])
def codec(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The module as it is with and without the extra."""
    if request.param == "orjson":
        pytest.importorskip("orjson", reason="the extra speed is not installed")
    else:
        monkeypatch.setitem(sys.modules, "orjson", None)
    reload(json_text)
    yield
    monkeypatch.undo()
    reload(json_text)


def each_example(check: Callable[[object], None]) -> None:
    @settings(max_examples=100, deadline=None)
    @given(JSON)
    def run(document: object) -> None:
        check(document)

    run()


@pytest.mark.usefixtures("codec")
def test_what_is_written_can_be_read_again_by_anybody() -> None:
    each_example(lambda document: _assert_same(json.loads(json_text.encode(document)), document))


@pytest.mark.usefixtures("codec")
def test_what_anybody_writes_can_be_read() -> None:
    each_example(lambda document: _assert_same(json_text.decode(json.dumps(document).encode()), document))


@pytest.mark.usefixtures("codec")
def test_half_a_surrogate_pair_is_escaped() -> None:
    assert json_text.encode({"text": "\ud800"}).decode("ascii").endswith('"\\ud800"}')


@pytest.mark.usefixtures("codec")
@pytest.mark.parametrize("body", [b"", b"{", b"{'a': 1}", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(NotJsonError) as refusal:
        json_text.decode(body)
    assert str(refusal.value)


def _assert_same(read: object, document: object) -> None:
    """Integers of more than 64 bits may come back as the nearest float."""
    assert json.dumps(_rounded(read)) == json.dumps(_rounded(document))


def _rounded(document: object) -> object:
    if isinstance(document, dict):
        return {name: _rounded(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_rounded(value) for value in document]
    if isinstance(document, int) and not isinstance(document, bool) and document.bit_length() > 63:
        return float(document)
    return document
