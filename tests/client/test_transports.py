"""The client of the control API: what is asked, and what is refused, is the same over HTTP and in this process."""

import json
from collections.abc import AsyncIterator

import pytest

from sinch_simulator.client.control import ApplicationClient, Client, Reply, answer_of
from sinch_simulator.client.errors import Refused, SimulatorError
from sinch_simulator.client.http import connected
from sinch_simulator.client.in_process import InProcessTransport, at_once
from sinch_simulator.config import DEFAULT_KEY
from support.wired_world import ANNA, CONNECT, HANG_UP, Wired, basic, serving, wired


@pytest.fixture
async def sim() -> AsyncIterator[Wired]:
    """A simulator with the default application."""
    async with wired() as running:
        running.webhook.on("ice", HANG_UP)
        yield running


@pytest.fixture(params=["over HTTP", "in this process"])
async def client(request: pytest.FixtureRequest, sim: Wired) -> AsyncIterator[Client]:
    """A client of it, over each transport."""
    if request.param == "in this process":
        yield Client(InProcessTransport(sim.server.url, sim.server.answer))
        return
    async with connected(sim.server.url) as over_http:
        yield over_http


@pytest.fixture
async def application(client: Client) -> ApplicationClient:
    """The default application."""
    return await client.application(DEFAULT_KEY)


async def test_an_application_is_made_used_and_deleted(client: Client) -> None:
    made = await client.create_application({"clock": "manual", "seed": 3, "numbers": ["+14045550177"], "key": None})
    assert made.number == "+14045550177"
    call = await made.dial({"from": ANNA})
    assert (call["from"], call["to"]) == (ANNA, made.number)
    assert [each["callId"] for each in await made.calls()] == [call["callId"]]
    began_ms = await made.now_ms()
    await made.advance(1500)
    assert await made.now_ms() - began_ms == 1500
    await made.delete()
    assert [each["key"] for each in await client.applications()] == [DEFAULT_KEY]


async def test_the_app_speaks_to_the_platform(application: ApplicationClient, sim: Wired) -> None:
    sim.webhook.on("ice", CONNECT)
    await application.script("+14045550199", {"busy": {"after": 1}})
    destination = {"type": "number", "endpoint": "+14045550199"}
    call_id = await application.call_out({"method": "ttsCallout", "ttsCallout": {
        "cli": application.number, "destination": destination, "text": "Hello", "enableDice": True,
    }})  # fmt: skip
    assert await application.next_due_ms() == 1000
    await application.advance(2000)
    assert (await application.call(call_id))["result"] == "BUSY"
    assert [callback["event"] for callback in await application.callbacks(call_id)] == ["dice"]
    assert await application.next_due_ms() is None


async def test_an_action_answers_with_the_call(application: ApplicationClient, sim: Wired) -> None:
    sim.webhook.on("ice", CONNECT)
    call_id = (await application.dial({"from": ANNA}))["callId"]
    assert (await application.act(call_id, "hangup", {"leg": "caller"}))["reason"] == "CANCEL"


async def test_a_refusal_of_the_control_api_says_why(client: Client) -> None:
    with pytest.raises(Refused) as refusal:
        await client.ask("POST", "/_simulator/calls", {"from": ANNA, "too": "x"})
    assert (refusal.value.status, refusal.value.code) == (400, "unknown_field")
    assert str(refusal.value) == 'the body: unknown field "too"; did you mean "to"?'


async def test_a_refusal_of_the_platform_says_why_with_the_hint_of_the_simulator(
    application: ApplicationClient,
) -> None:
    with pytest.raises(Refused) as refusal:
        await application.rest("PATCH", "/calling/v1/calls/id/nothing", {})
    assert (refusal.value.status, refusal.value.code) == (404, 40400)
    with pytest.raises(Refused, match="/calling/v1/nowhere is no endpoint"):
        await application.rest("GET", "/calling/v1/nowhere")


async def test_a_hint_that_the_message_says_already_is_told_once(application: ApplicationClient) -> None:
    with pytest.raises(Refused) as refusal:
        await application.verify({"identity": {"type": "number", "endpoint": ANNA}, "method": "fax"})
    assert str(refusal.value).count("expected one of") == 1


@pytest.mark.parametrize(
    ("message", "hint", "told"),
    [
        ("it is missing", "write a value", "it is missing; write a value"),
        ("It is not a list.", "expected a list", "It is not a list; expected a list"),
        ("It is missing.", "Write a value.", "It is missing. Write a value."),
        ("x: expected a list", "expected a list", "x: expected a list"),
        ("it is missing", "", "it is missing"),
    ],
)
async def test_a_message_and_its_hint_make_one_sentence(message: str, hint: str, told: str) -> None:
    refused = {"error": {"code": "x", "message": message, "hint": hint}}
    with pytest.raises(Refused) as refusal:
        answer_of(Reply(400, json.dumps(refused).encode()), "GET /")
    assert str(refusal.value) == told


@pytest.mark.parametrize(("do", "status"), [({"status": 503}, 503), ({"disconnect": True}, 0)])
async def test_a_fault_is_met(application: ApplicationClient, do: dict[str, object], status: int) -> None:
    await application.control("POST", "/faults", {"on": "rest", "do": do})
    with pytest.raises(Refused) as refusal:
        await application.call_out({"method": "customCallout", "customCallout": {}})
    assert refusal.value.status == status
    if not status:
        assert str(refusal.value).startswith("no simulator answers at")


async def test_a_body_that_json_cannot_say_is_refused(client: Client) -> None:
    with pytest.raises(SimulatorError, match="expected what JSON has"):
        await client.ask("POST", "/_simulator/calls", {"from": object()})


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/_simulator/health", b""),
        ("GET", f"/_simulator/phones/%2B14045550199?application={DEFAULT_KEY}", b""),
        ("GET", "/_simulator/nothing", b""),
        ("PUT", "/_simulator/health", b"{}"),
        ("POST", "/_simulator/calls", b"{"),
        ("GET", "/_simulator/journal?callId=%22", b""),
        ("GET", "/nowhere", b""),
        ("DELETE", "/calling/v1/callouts", b""),
        ("POST", "/calling/v1/callouts", b'{"method": "smokeSignal"}'),
    ],
)
async def test_whatever_is_sent_both_transports_bring_the_same_answer(
    sim: Wired, method: str, target: str, body: bytes
) -> None:
    inside = await _inside(sim).send(method, target, basic(), body)
    async with connected(sim.server.url) as over_http:
        outside = await over_http.transport.send(method, target, basic(), body)
    assert _without_reference(inside) == _without_reference(outside)


async def test_a_stream_needs_a_connection(sim: Wired) -> None:
    with pytest.raises(Refused, match="a stream is sent over a connection, and there is none"):
        await Client(_inside(sim)).ask("GET", "/_simulator/events")


async def test_who_is_no_simulator_is_told_apart(sim: Wired) -> None:
    async with serving(sim.webhook.serve) as address, connected(f"http://{address}/") as stranger:
        assert stranger.url == f"http://{address}"
        with pytest.raises(Refused, match="/_simulator/x answered 500"):
            await stranger.ask("GET", "/_simulator/x")
    async with connected("http://127.0.0.1:9") as nobody:
        with pytest.raises(Refused, match=r"no simulator answers at http://127\.0\.0\.1:9"):
            await nobody.ask("GET", "/_simulator/health")


async def test_reading_needs_no_event_loop_and_waiting_does(sim: Wired) -> None:
    client = Client(_inside(sim))
    assert at_once(client.ask("GET", "/_simulator/health"))["status"] == "ok"
    with pytest.raises(AssertionError, match="it has to be awaited"):
        at_once(client.ask("POST", "/_simulator/clock/advance", {"seconds": 1}))


def _inside(sim: Wired) -> InProcessTransport:
    return InProcessTransport(sim.server.url, sim.server.answer)


def _without_reference(reply: Reply) -> tuple[int, object, str]:
    """The reference of a platform error is drawn anew for each."""
    document = json.loads(reply.body)
    document.pop("reference", None)
    return reply.status, document, reply.hint
