"""Calls that are dialled: how they end, what is told, what runs then, and what the other calls of the session do."""

from typing import Any

import pytest

from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.limits import Limits
from sinch_simulator.products.voice.v2.session import CallReason, CallResult, SessionState
from support.session_world import ANNA, BEN, SessionWorld, calls_of, command, dial, say, static_service


def ended(call: Any) -> tuple[str, str | None]:
    return call.result.value, None if call.reason is None else call.reason.value


def test_a_call_is_answered_hears_a_message_and_hangs_up_when_that_is_over() -> None:
    world = SessionWorld()
    world.on("call.answered", [say("Hello Ben", events={"onFinish": [command("hangup")]})])
    session = world.start(dial(BEN, "ben"))
    (call,) = calls_of(session)
    assert (session.state, call.result) == (SessionState.IN_PROGRESS, CallResult.INITIATED)

    world.advance(2)
    assert (call.result, call.heard) == (CallResult.IN_PROGRESS, ["Hello Ben"])
    world.advance(30)

    assert ended(call) == ("COMPLETED", "MANAGER_HANGUP")
    assert (session.state, session.ended_ms) == (SessionState.COMPLETED, call.ended_ms)
    assert world.events() == ["call.answered", "call.hangup"]
    assert world.body("call.hangup")["call"]["callName"] == "ben"
    assert world.codes() == []


@pytest.mark.parametrize(
    ("persona", "result", "event", "handler"),
    [
        ({"busy": {"after": 1}}, ("BUSY", "NOT_AVAILABLE"), "call.busy", "onBusy"),
        ({"reject": {"after": 1}}, ("REJECTED", "NOT_AVAILABLE"), "call.rejected", "onReject"),
        ({"no_answer": {}}, ("NO_ANSWER", "NOT_AVAILABLE"), "call.timeout", "onTimeout"),
        ({"unreachable": {"after": 1}}, ("FAILED", "ERROR"), "call.failed", "onFailure"),
        ({"congestion": {"after": 1}}, ("FAILED", "NO_MORE_ROUTES"), "call.failed", "onFailure"),
    ],
)
def test_a_call_that_nobody_answers_has_its_result_its_event_and_its_handler(
    persona: dict[str, Any], result: tuple[str, str], event: str, handler: str
) -> None:
    world = SessionWorld()
    world.phone(BEN, **persona)
    told = world.start(dial(BEN, dialTimeoutDurationSeconds=30))
    handled = world.start(dial(BEN, dialTimeoutDurationSeconds=30, events={handler: [dial(ANNA)]}))
    world.advance(31)

    assert ended(calls_of(told)[0]) == result
    assert ended(calls_of(handled)[0]) == result
    assert calls_of(handled)[1].to.number == ANNA  # type: ignore[union-attr]
    assert [each for each in world.events() if each != "call.answered"] == [event]


def test_events_of_a_command_keep_all_its_events_from_the_webhook() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN, events={"onHangup": []}))
    world.advance(2)
    world.hang_up(calls_of(session)[0])

    assert (world.events(), world.codes()) == ([], ["EVENTS_SUPPRESSED"])
    assert session.state is SessionState.COMPLETED


def test_a_service_without_webhook_is_told_nothing() -> None:
    world = SessionWorld()
    world.application.service = static_service({"commands": [command("answer")]})
    session = world.start(dial(BEN))
    world.advance(2)
    world.hang_up(calls_of(session)[0])

    assert (world.events(), world.codes(), session.state) == ([], [], SessionState.COMPLETED)
    assert ended(calls_of(session)[0]) == ("COMPLETED", "CALLEE_HANGUP")


def test_the_other_calls_of_a_session_go_on_when_one_hangs_up() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN, "ben"), dial(ANNA, "anna"))
    ben, anna = calls_of(session)
    world.advance(2)
    world.hang_up(ben)

    assert (ben.final, anna.final, session.state) == (True, False, SessionState.IN_PROGRESS)
    world.update(anna, command("hangup"))
    assert ended(anna) == ("COMPLETED", "MANAGER_HANGUP")
    assert session.state is SessionState.COMPLETED


def test_hangup_ends_the_call_of_a_name_and_a_phone_that_still_rings() -> None:
    world = SessionWorld()
    world.phone(BEN, no_answer={})
    events = {"onAnswer": [command("hangup", callName="ben")]}
    session = world.start(dial(BEN, "ben"), dial(ANNA, "anna", events=events))
    ben, anna = calls_of(session)
    world.advance(2)

    assert ended(ben) == ("CANCEL", "MANAGER_HANGUP")
    assert (anna.result, world.events()) == (CallResult.IN_PROGRESS, ["call.hangup"])
    world.update(anna, command("hangup", callName="nobody"))
    assert world.codes() == ["NO_CURRENT_CALL"]
    assert not anna.final


def test_a_call_is_cut_when_it_has_lasted_as_long_as_it_may() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN, maxCallDurationSeconds=10))
    (call,) = calls_of(session)
    world.advance(11.999)
    assert not call.final
    world.advance(0.001)

    assert (ended(call), call.duration_s(world.simulation.now)) == (("COMPLETED", "OK"), 10)


def test_calls_are_kept_in_the_order_in_which_they_were_dialled() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN), dial(ANNA), dial(BEN))

    assert [*world.exchange.calls.values()] == calls_of(session)


def test_a_pause_holds_up_its_own_sequence_only_and_keeps_the_session_open() -> None:
    world = SessionWorld()
    pause = command("pause", durationMilliseconds=60_000)
    session = world.start(dial(BEN, "ben", events={"onAnswer": [say("Hello"), pause, dial(ANNA, "late")]}), pause)
    (ben,) = calls_of(session)
    world.advance(2)
    assert ben.heard == ["Hello"]
    world.hang_up(ben)
    assert session.state is SessionState.IN_PROGRESS
    world.advance(60)

    assert [call.name for call in calls_of(session)] == ["ben", "late"]


def test_commands_without_a_current_call_are_skipped_and_told() -> None:
    world = SessionWorld()
    session = world.start(say("Hello"), command("answer"), command("amd"), command("bridgeCall", bridgeName="b"))

    assert world.codes() == ["NO_CURRENT_CALL"] * 4
    assert session.state is SessionState.COMPLETED


def test_commands_for_a_call_that_is_over_are_not_carried_out_but_others_are() -> None:
    world = SessionWorld()
    world.on("call.hangup", [say("too late"), dial(ANNA)])
    session = world.start(dial(BEN))
    world.advance(2)
    world.hang_up(calls_of(session)[0])

    ben, anna = calls_of(session)
    assert (ben.heard, anna.result) == ([], CallResult.INITIATED)
    assert "command.skipped" in world.kinds(ben)
    assert session.state is SessionState.IN_PROGRESS


def test_a_name_that_is_in_use_fails_the_second_call_and_one_that_was_is_told() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN, "ben"))
    world.advance(2)
    (first,) = calls_of(session)
    world.update(first, dial(ANNA, "ben"))
    second = calls_of(session)[1]
    assert (ended(second), world.events()) == (("FAILED", "INVALID_SCRIPT"), ["call.answered", "call.failed"])
    world.update(first, command("hangup"), dial(ANNA, "ben"))

    assert not calls_of(session)[2].final
    assert world.codes() == ["NAME_IN_USE", "NAME_IN_USE"]


# ---- answers of the app


def test_a_webhook_holds_up_its_sequence_and_its_commands_come_before_the_rest() -> None:
    world = SessionWorld()
    world.on("call.webhook.next", [say("from the webhook")])
    ask = command("webhook", webhookName="next", url="http://app.test/next")
    session = world.start(dial(BEN, events={"onAnswer": [ask, say("afterwards")]}))
    world.advance(9)

    assert world.events()[0] == "call.webhook.next"
    assert calls_of(session)[0].heard == ["from the webhook", "afterwards"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Outcome.TIMEOUT, CallReason.ERROR),
        (500, CallReason.ERROR),
        ({"commands": [{"command": "unheard of"}]}, CallReason.INVALID_SCRIPT),
        ({"no": "commands"}, CallReason.INVALID_SCRIPT),
    ],
)
def test_a_call_without_a_usable_answer_is_disconnected_and_nobody_is_told(reply: Any, reason: CallReason) -> None:
    world = SessionWorld()
    world.on("call.answered", reply)
    session = world.start(dial(BEN))
    world.advance(2)
    (call,) = calls_of(session)

    assert (call.result, call.reason) == (CallResult.COMPLETED, reason)
    assert world.events() == ["call.answered"]
    assert session.state is SessionState.COMPLETED


def test_an_unusable_answer_to_the_end_of_a_call_changes_nothing() -> None:
    world = SessionWorld()
    world.on("call.hangup", 500)
    session = world.start(dial(BEN))
    world.advance(2)
    world.hang_up(calls_of(session)[0])

    assert ended(calls_of(session)[0]) == ("COMPLETED", "CALLEE_HANGUP")
    assert session.state is SessionState.COMPLETED


def test_a_caller_id_that_may_not_be_shown_is_told_with_the_setting_that_allows_it() -> None:
    world = SessionWorld()
    world.application.limits = Limits(caller_ids=())
    session = world.start({**dial(BEN), "from": {"type": "PHONE", "phone": {"number": ANNA}}})

    assert calls_of(session)[0].result is CallResult.FAILED
    (line,) = [entry for entry in world.simulation.journal.entries if entry.fields.get("code") == "CLI_UNVERIFIED"]
    assert "callerIds at /_simulator/applications" in line.fields["hint"]
