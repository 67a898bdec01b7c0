"""Whatever JSON and headers come, a callout is read or refused, and never anything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.products.voice.callouts.reading import ReadCallout, read_callout
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from support.callout_bodies import BODIES, CONTINUE, HANGUP, TTS

NAMES = ["method", *BODIES, *TTS, "prompts", "dtmf", "domain", "custom", "locale", "enableAce", "ENABLEDICE", "type"]
NAMES += ["endpoint", "number", "conferenceId", "greeting", "mohClass", "conferenceDtmfOptions", "mode", "maxDigits"]
NAMES += ["timeoutMills", "maxDuration", "ice", "ace", "pie", "dice", "enablePie"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([HANGUP, CONTINUE, "{", "http://x.example", "#tts[a", "+14045005000", "number", "ring", "\ud800"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=8,
)
CHANGES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
HEADERS = st.lists(st.tuples(st.sampled_from(["X-CB-", "x-cb-a", "Accept"]) | st.text(max_size=40), st.text()))
REFUSALS = {ErrorCode.INVALID_PARAMETER, ErrorCode.MISSING_PARAMETER, ErrorCode.INVALID_REQUEST}


def outcome(document: object, headers: list[tuple[str, str]]) -> ReadCallout | ApiError:
    try:
        return read_callout(document, headers)
    except ApiError as error:
        return error


def read_or_refuse(document: object, headers: list[tuple[str, str]]) -> None:
    result = outcome(document, headers)
    if isinstance(result, ApiError):
        assert result.code in REFUSALS
        assert result.message.encode()
        return
    assert len(result.callout.headers) <= 5
    assert result.callout.destination is not None or result.callout.method is CalloutMethod.CUSTOM
    for found in result.diagnostics:
        assert found.code
        assert (found.path + found.message + found.hint).encode()


@settings(deadline=None, max_examples=200)
@given(VALUES, HEADERS)
def test_any_json_is_read_or_refused(document: object, headers: list[tuple[str, str]]) -> None:
    read_or_refuse(document, headers)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(list(BODIES)), CHANGES, HEADERS)
def test_any_change_to_a_good_body_is_read_or_refused(
    method: str, changes: dict[str, object], headers: list[tuple[str, str]]
) -> None:
    read_or_refuse({"method": method, method: {**BODIES[method], **changes}}, headers)


@pytest.mark.parametrize("name", ["cli", "destination", "text", "enableAce", "locale", "unknown"])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_very_deep_value_is_read_or_refused(name: str, opening: str) -> None:
    depth = 400
    deep = json.loads(opening * depth + "1" + ("]" if opening == "[" else "}") * depth)
    read_or_refuse({"method": "ttsCallout", "ttsCallout": {**TTS, name: deep}}, [])
    read_or_refuse({"method": deep}, [])
