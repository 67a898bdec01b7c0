"""Answering machine detection from what the phone really does, and parked calls."""

from typing import Any

import pytest

from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import HungUp, LegName
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_svaml
from support.pure_world import BEN, DID, PureWorld, custom_callout, say, svaml

AMD = {"name": "connectPstn", "number": BEN, "cli": DID, "amd": {"enabled": True}}
ASYNC = {**AMD, "amd": {"enabled": True, "async": True}}
MACHINE = {"answer": {"after": 2, "as": "machine"}, "greeting": 6, "beep": True}


def dial_out(action: dict[str, Any], **persona: Any) -> tuple[PureWorld, Call]:
    """A callout whose ICE says this, to somebody who behaves so."""
    world = PureWorld()
    world.phone(BEN, **persona)
    world.on("ice", svaml(action))
    world.on("ace", svaml("continue"))
    return world, world.callout(custom_callout(None))


@pytest.mark.parametrize(
    ("persona", "status", "reason", "seconds"),
    [
        pytest.param({"answer": {"as": "human"}}, "human", "n/a", 1, id="a person"),
        pytest.param(MACHINE, "machine", "longgreeting", 3, id="a long greeting"),
        pytest.param({**MACHINE, "greeting": 2}, "machine", "beep", 2, id="a short greeting and a beep"),
        pytest.param({**MACHINE, "greeting": 2, "beep": False}, "notsure", "n/a", 3, id="a short greeting alone"),
        pytest.param({"answer": {"as": "silence"}}, "notsure", "initialsilence", 4, id="silence"),
        pytest.param({"answer": {"as": "fax"}}, "machine", "beep", 1, id="a fax"),
        pytest.param(
            {"answer": {}, "amd": {"status": "notsure", "reason": "longgreeting", "duration": 5}},
            "notsure",
            "longgreeting",
            5,
            id="as scripted",
        ),
    ],
)
def test_ace_is_held_back_until_the_verdict(
    persona: dict[str, Any], status: str, reason: str, seconds: int
) -> None:
    world, call = dial_out(AMD, **persona)
    world.advance(2 + seconds - 0.1)
    assert world.events(call) == ["ice"]
    world.advance(0.1)
    assert world.body(call, "ace")["amd"] == {"status": status, "reason": reason, "duration": seconds}


def test_asynchronous_detection_tells_by_notify_and_hears_the_beep() -> None:
    world, call = dial_out(ASYNC, **MACHINE)
    world.advance(2)
    assert world.body(call, "ace")["amd"] == {"status": "inprogress"}
    world.advance(3)
    verdict = world.body(call, "notify")
    assert (verdict["type"], verdict["amd"]["status"]) == ("amd", "machine")
    assert "timestamp" not in verdict
    assert "applicationKey" not in verdict
    world.advance(3)
    beep = world.body(call, "notify")
    assert (beep["type"], beep["amd"]["reason"]) == ("amd_beep", "beep")


def test_a_message_can_be_left_after_the_beep() -> None:
    world, call = dial_out(ASYNC, **MACHINE)
    world.advance(9)
    world.patch(call, svaml("hangup", say("Please call us back")))
    world.advance(10)
    assert call.callee.heard == ["Please call us back"]
    assert call.ending is not None
    assert call.ending.reason == "MANAGERHANGUP"


def test_hanging_up_during_detection_is_told_by_ace_and_dice() -> None:
    world, call = dial_out(AMD, answer={"after": 2, "as": "machine"}, greeting=6, then=[{"wait": 1}, {"hang_up": True}])
    world.advance(60)
    assert world.events(call) == ["ice", "ace", "dice"]
    assert world.body(call, "ace")["amd"]["status"] == "hangup"
    assert world.body(call, "dice")["reason"] == "CALLEEHANGUP"


def test_a_caller_who_loses_the_network_during_detection_is_told_as_such() -> None:
    world = PureWorld()
    world.on("ice", svaml(AMD))
    call = world.dial()
    world.advance(2.5)
    assert call.state.value == "DETECTING"
    world.simulation.receive(HungUp(call.id, LegName.CALLER, lost_network=True))
    world.settle()
    assert world.body(call, "dice")["reason"] == "CLIENTNETWORK"


def test_the_caller_hears_the_beep_of_the_voicemail_it_reached() -> None:
    world = PureWorld()
    world.phone(BEN, **MACHINE)
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial(then=[{"wait_for": "beep"}, {"wait": 5}, {"hang_up": True}])
    world.advance(60)
    assert world.body(call, "dice")["duration"] == 11


PARK = {
    "name": "park",
    "introPrompt": "#tts[All our agents are busy.]",
    "holdPrompt": "#tts[Please hold.]",
    "maxDuration": 60,
}


@pytest.fixture
def parked() -> tuple[PureWorld, Call]:
    """A caller who is parked."""
    world = PureWorld()
    world.on("ice", svaml(PARK))
    world.on("ace", svaml("continue"))
    return world, world.dial()


def test_a_parked_caller_hears_the_intro_once_and_the_hold_prompt_over_and_over(
    parked: tuple[PureWorld, Call],
) -> None:
    world, call = parked
    world.advance(20)
    assert call.caller.heard[0] == "All our agents are busy."
    assert set(call.caller.heard[1:]) == {"Please hold."}
    assert len(call.caller.heard) > 5
    assert call.state.value == "PARKED"


def test_unparking_stops_the_prompt_at_once_and_obeys(parked: tuple[PureWorld, Call]) -> None:
    world, call = parked
    world.advance(10)
    heard = len(call.caller.heard)
    world.patch(call, svaml({"name": "connectPstn", "number": BEN}))
    assert world.lines(call, "prompt.stopped")
    world.advance(2)
    assert call.state.value == "CONNECTED"
    assert len(call.caller.heard) == heard


def test_a_park_that_runs_out_lets_the_prompt_end_first(parked: tuple[PureWorld, Call]) -> None:
    world, call = parked
    world.advance(61.5)
    assert call.ending is not None
    assert 60_000 <= call.ending.at_ms <= 61_500
    assert (call.ending.result, call.ending.reason) == ("ANSWERED", "TIMEOUT")


def test_a_parked_caller_can_hang_up(parked: tuple[PureWorld, Call]) -> None:
    world, call = parked
    world.advance(5)
    world.hang_up(call, LegName.CALLER)
    assert world.body(call, "dice")["reason"] == "CALLERHANGUP"


def test_what_is_sent_to_a_parked_call_must_be_an_answer_to_its_ice(parked: tuple[PureWorld, Call]) -> None:
    world, call = parked
    with pytest.raises(ApiError, match="continue is not allowed in an update of a parked call"):
        world.patch(call, svaml("continue"))
    assert call.state.value == "PARKED"


def test_a_parked_caller_is_answered_already() -> None:
    reading = read_svaml(svaml({"name": "connectPstn", "number": BEN}, say("Found one")), SvamlContext.UNPARK)
    assert reading.legal
    assert reading.diagnostics == ()
