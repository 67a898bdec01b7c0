"""Calls that come in: what the service says about them, and how they end."""

from typing import Any

import pytest

from sinch_simulator.core.application_settings import Protocol, ServiceSettings
from sinch_simulator.core.callback import Outcome
from sinch_simulator.products.voice.v2.session import CallResult, SessionState
from support.session_world import ANNA, BEN, DID, SessionWorld, calls_of, command, dial, say, static_service

ANSWER = command("answer")


def ended(call: Any) -> tuple[str, str | None]:
    return call.result.value, None if call.reason is None else call.reason.value


def test_a_caller_is_answered_hears_a_message_and_is_hung_up_when_it_is_over() -> None:
    world = SessionWorld()
    world.on("call.incoming", [ANSWER, say("Welcome", events={"onFinish": [command("hangup")]})])
    call = world.dial_in()
    assert (call.result, call.heard) == (CallResult.IN_PROGRESS, ["Welcome"])
    incoming = world.body("call.incoming")["call"]
    assert (incoming["direction"], incoming["originationType"], incoming["callResult"]) == (
        "INBOUND",
        "PHONE",
        "INITIATED",
    )
    assert (incoming["from"]["phone"]["number"], incoming["to"]["phone"]["number"]) == (ANNA, DID)
    world.advance(10)

    assert ended(call) == ("COMPLETED", "MANAGER_HANGUP")
    assert world.events() == ["call.incoming", "call.hangup"]
    assert call.session.state is SessionState.COMPLETED


def test_dialling_and_early_media_do_not_answer_a_caller() -> None:
    world = SessionWorld()
    world.on("call.incoming", [say("One moment"), dial(BEN, "agent")])
    call = world.dial_in()
    world.advance(30)

    assert (call.result, call.heard) == (CallResult.INITIATED, ["One moment"])
    assert world.codes() == ["EARLY_MEDIA"]
    world.hang_up(call)
    assert ended(call) == ("CANCEL", "CALLER_HANGUP")
    assert call.session.state is SessionState.IN_PROGRESS  # the agent is still there


def test_a_reply_gives_the_caller_a_name_and_a_handler_of_its_own() -> None:
    world = SessionWorld()
    reply = {"callName": "customer", "events": {"onHangup": [dial(BEN)]}, "commands": [ANSWER]}
    world.on("call.incoming", reply)
    call = world.dial_in()
    assert call.name == "customer"
    world.hang_up(call)

    assert ended(call) == ("COMPLETED", "CALLER_HANGUP")
    assert world.events() == ["call.incoming"]
    assert len(calls_of(call.session)) == 2


def test_a_service_of_its_own_document_asks_nobody() -> None:
    world = SessionWorld()
    world.application.service = static_service({"commands": [ANSWER, say("Closed")], "events": {"onHangup": []}})
    call = world.dial_in()
    world.advance(5)
    world.hang_up(call)

    assert (call.heard, ended(call), world.events()) == (["Closed"], ("COMPLETED", "CALLER_HANGUP"), [])


@pytest.mark.parametrize(
    ("service", "to", "result", "code"),
    [
        (ServiceSettings(protocol=Protocol.V2), DID, ("REJECTED", "NOT_AVAILABLE"), "NO_CALLBACK_URL"),
        (static_service({"commands": [{"command": "?"}]}), DID, ("FAILED", "INVALID_SCRIPT"), "UNKNOWN_COMMAND"),
        (ServiceSettings(protocol=Protocol.V2), "+14045550177", ("FAILED", "DID_NOT_FOUND"), "NUMBER_NOT_ASSIGNED"),
    ],
)
def test_a_caller_whom_nobody_serves_is_turned_away(
    service: ServiceSettings, to: str, result: tuple[str, str], code: str
) -> None:
    world = SessionWorld()
    world.application.service = service
    call = world.dial_in(to=to)

    assert (ended(call), world.events(), call.session.state) == (result, [], SessionState.COMPLETED)
    assert code in world.codes()


def test_hangup_before_the_answer_rejects_and_a_dead_webhook_fails_the_call() -> None:
    world = SessionWorld()
    world.on("call.incoming", [command("hangup")], Outcome.TIMEOUT)
    rejected, failed = world.dial_in(), world.dial_in(None)

    assert (ended(rejected), ended(failed)) == (("REJECTED", "MANAGER_HANGUP"), ("FAILED", "ERROR"))
    assert world.events() == ["call.incoming", "call.hangup", "call.incoming"]
    assert "from" not in world.body("call.incoming")["call"]


def test_answer_is_for_a_caller_and_once() -> None:
    world = SessionWorld()
    world.on("call.incoming", [ANSWER, ANSWER])
    world.on("call.answered", [ANSWER])
    world.dial_in()
    world.start(dial(BEN))
    world.advance(2)

    assert world.codes() == ["ACTION_NOT_ALLOWED", "ACTION_NOT_ALLOWED"]
