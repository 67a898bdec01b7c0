"""Whatever is asked of the Verification API is answered as one of its answers, and what was refused changes nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET, ApplicationConfig, ClockMode, ServerConfig
from sinch_simulator.products.verification.machine import verifications_of
from sinch_simulator.server.app import SimulatorServer
from support.verifying import VERIFICATIONS
from support.wired_world import basic

NUMBERS = st.sampled_from(["+46700000001", "+14045550199", "46700000001", "+4813", "+46 70-000.0002", "", "+0", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
METHODS = st.sampled_from(["sms", "flashcall", "flashCall", "callout", "seamless", "whatsapp", "auto", "SMS"])


def either(likely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(likely, likely, likely, JSON)


def about(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return either(st.fixed_dictionaries({}, optional={name: either(value) for name, value in fields.items()}))


SECONDS = st.integers(min_value=0, max_value=130)
STARTS = about(
    identity=about(type=st.just("number"), endpoint=NUMBERS),
    method=METHODS,
    reference=st.sampled_from(["r", "r 1/ä", ""]),
    custom=st.text(max_size=20),
    smsOptions=about(
        codeType=st.sampled_from(["Numeric", "alpha", "Hex"]),
        expiry=st.sampled_from(["00:01:00", "0:0:0", "99:99:99"]),
        locale=st.sampled_from(["sv-SE", "?"]),
        template=st.sampled_from(["{{CODE}}", "none"]),
    ),
    flashCallOptions=about(dialTimeout=SECONDS, interceptionTimeout=SECONDS),
    calloutOptions=about(speech=about(locale=st.sampled_from(["sv-SE", "en_US", "!"]))),
    whatsappOptions=about(codeType=st.sampled_from(["Numeric", "Alpha"])),
)
SECRETS = st.sampled_from(["right", "wrong", "", " "])
REPORTS = about(
    method=METHODS,
    sms=about(code=SECRETS),
    flashCall=about(cli=SECRETS),
    callout=about(code=SECRETS),
    whatsapp=about(code=SECRETS),
    source=st.sampled_from(["manual", "log"]),
)
ERROR = {"errorCode", "message", "reference"}
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
async def server() -> AsyncIterator[SimulatorServer]:
    config = ServerConfig(port=0, applications=(ApplicationConfig(),), clock=ClockMode.MANUAL)
    server = SimulatorServer(config)
    await server.start()
    yield server
    await server.stop()


async def ask(server: SimulatorServer, method: str, path: str, body: Any) -> tuple[int, Any]:
    """Answers without a socket, so that hundreds can be asked."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {**basic(DEFAULT_KEY, DEFAULT_SECRET), "Host": "localhost"}
    answer = await server.answer(method, VERIFICATIONS + path, headers, raw)
    return answer.status, json.loads(answer.body) if answer.body else None


def state_of(server: SimulatorServer) -> list[tuple[Any, ...]]:
    machine = verifications_of(server.worlds.default.simulation)
    return [(each.id, each.state, each.status, each.attempts, each.code) for each in machine.verifications.values()]


@pytest.mark.parametrize("raw", [False, True])
@RELAXED
@given(data=st.data())
async def test_any_start(server: SimulatorServer, raw: bool, data: st.DataObject) -> None:
    body = data.draw(st.binary(max_size=60) if raw else STARTS)
    before = state_of(server)
    status, answer = await ask(server, "POST", "", body)
    if status == 200:
        assert {"id", "method", "_links"} <= set(answer)
        assert len(state_of(server)) == len(before) + 1
    else:
        assert (status, set(answer)) in ((400, ERROR), (403, ERROR), (409, ERROR))
        assert answer["message"]
        assert state_of(server) == before


@RELAXED
@given(method=METHODS, body=REPORTS | st.binary(max_size=40), by_id=st.booleans())
async def test_any_report(server: SimulatorServer, method: str, body: Any, by_id: bool) -> None:
    number = "+46700000001"
    start = {"identity": {"type": "number", "endpoint": number}, "method": method}
    status, started = await ask(server, "POST", "", start)
    machine = verifications_of(server.worlds.default.simulation)
    if status == 200:
        verification = machine.verifications[started["id"]]
        body = _with_secret(body, verification.secret)
    before = state_of(server)
    known = by_id and status == 200
    status, answer = await ask(server, "PUT", f"/id/{started['id']}" if known else f"/number/{number}", body)
    assert status in (200, 400, 404)
    if status == 200:
        assert {"id", "method", "status"} <= set(answer)
        return
    assert set(answer) == ERROR
    changed = [(old, new) for old, new in zip(before, state_of(server), strict=True) if old != new]
    # The one thing that a refused report may do is to cost an attempt: it was a wrong secret then.
    assert all(answer["errorCode"] == 40003 and new[3] == old[3] + 1 for old, new in changed)


def _with_secret(body: Any, secret: str | None) -> Any:
    if not isinstance(body, dict):
        return body
    return {
        name: {key: secret if value == "right" else value for key, value in inner.items()}
        if isinstance(inner, dict)
        else inner
        for name, inner in body.items()
    }


PATHS = st.one_of(
    st.text(max_size=20).map(lambda text: f"/id/{text}"),
    st.text(max_size=20).map(lambda text: f"/reference/{text}"),
    st.tuples(METHODS, NUMBERS).map(lambda each: f"/{each[0]}/number/{each[1]}"),
    NUMBERS.map(lambda number: f"/number/{number}"),
)


@RELAXED
@given(path=PATHS, method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]))
async def test_any_path(server: SimulatorServer, path: str, method: str) -> None:
    before = state_of(server)
    status, answer = await ask(server, method, quote(path), {})
    assert status in (200, 400, 404, 405)
    assert status == 200 or set(answer) == ERROR
    assert state_of(server) == before
