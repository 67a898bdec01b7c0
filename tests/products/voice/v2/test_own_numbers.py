"""Calls to the world's own numbers, in both protocols: who answers, who hangs up, and where keys go."""

from typing import Any

import pytest

from sinch_simulator.core.application_settings import Protocol, ServiceSettings
from sinch_simulator.products.voice.call import Call as VoiceCall
from sinch_simulator.products.voice.callouts.reading import read_callout
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.v2.session import Call
from sinch_simulator.simulation import Simulation
from support.pure_world import place, tts_callout
from support.session_world import (
    BEN,
    DID,
    EPOCH_MS,
    VOICE_V2,
    SessionWorld,
    calls_of,
    command,
    dial,
    say,
    webhook_service,
)


def both_protocols() -> SessionWorld:
    """A world that has Voice of both versions; the application speaks v2."""
    return SessionWorld(Simulation((VOICE, VOICE_V2), seed=7, epoch_ms=EPOCH_MS))


def ended(call: Call) -> tuple[str, str | None]:
    return call.result.value, None if call.reason is None else call.reason.value


def inner_of(world: SessionWorld, outer: Call) -> Call:
    (inner,) = [call for call in world.exchange.calls.values() if call is not outer]
    return inner


def test_a_call_to_an_own_number_comes_in_and_is_answered_by_the_service_alone() -> None:
    world = both_protocols()
    world.on("call.incoming", [command("pause", durationMilliseconds=5000), command("answer"), say("Welcome")])
    session = world.start(dial(DID, "outer"))
    (outer,) = calls_of(session)
    inner = inner_of(world, outer)
    world.advance(4)
    assert (outer.answered_ms, inner.answered_ms) == (None, None)
    world.advance(1)
    assert (outer.answered_ms, inner.answered_ms, inner.heard) == (5000, 5000, ["Welcome"])

    world.update(outer, command("hangup"))
    assert (ended(outer), ended(inner)) == (("COMPLETED", "MANAGER_HANGUP"), ("COMPLETED", "CALLER_HANGUP"))


@pytest.mark.parametrize(
    ("commands", "outcome"),
    [
        ([command("hangup")], ("REJECTED", "NOT_AVAILABLE")),
        ([command("answer"), command("hangup")], ("COMPLETED", "CALLEE_HANGUP")),
    ],
)
def test_what_ends_the_inner_call_ends_the_outer(commands: list[Any], outcome: tuple[str, str]) -> None:
    world = both_protocols()
    world.on("call.incoming", commands)
    (outer,) = calls_of(world.start(dial(DID)))
    world.advance(1)

    assert ended(outer) == outcome
    assert inner_of(world, outer).final


def test_a_leg_that_is_turned_down_by_hand_hangs_up_the_call_that_came_in() -> None:
    world = both_protocols()
    world.on("call.incoming", [])
    (outer,) = calls_of(world.start(dial(DID)))
    world.hang_up(outer)

    assert (ended(outer), ended(inner_of(world, outer))) == (
        ("REJECTED", "NOT_AVAILABLE"),
        ("CANCEL", "CALLER_HANGUP"),
    )


def test_keys_pass_from_a_bridge_to_a_menu_at_the_own_number() -> None:
    world = both_protocols()
    menu = command("menu", startMenu="main", menus={"main": {"matches": {"5": [say("five")]}}})
    world.on("call.incoming", [command("answer"), menu])
    bridge = command("bridgeCall", bridgeName="b")
    events = {"onAnswer": [bridge], "onHangup": []}
    session = world.start(dial(BEN, "ben", events=events), dial(DID, "ivr", events=events))
    world.advance(3)
    ben, ivr = calls_of(session)
    inner = next(call for call in world.exchange.calls.values() if call.session is not session)
    world.press(ben, "5")
    world.advance(1)

    assert (ivr.dtmf, inner.heard) == ("5", ["five"])


def test_a_chain_through_own_numbers_ends() -> None:
    world = both_protocols()
    world.on("call.incoming", [dial(DID)])
    world.start(dial(DID))
    world.advance(200)

    assert len(world.exchange.calls) < 30
    assert "NO_MORE_ROUTES" in {ended(call)[1] for call in world.exchange.calls.values()}
    assert all(call.final for call in world.exchange.calls.values() if call.direction.value == "OUTBOUND")


def test_a_service_that_dials_its_own_number_twice_does_not_double_for_ever() -> None:
    world = both_protocols()
    world.on("call.incoming", [dial(DID), dial(DID), dial(DID)])
    world.start(dial(DID))
    world.advance(200)

    assert len(world.exchange.calls) < 500
    assert "NO_MORE_ROUTES" in {ended(call)[1] for call in world.exchange.calls.values()}


# ---- from one protocol to the other


def voice_calls(world: SessionWorld) -> list[VoiceCall]:
    return [*exchange_of(world.simulation).calls.values()]


def test_voice_v2_calls_a_number_of_an_application_of_voice_v1() -> None:
    world = both_protocols()
    world.application.service = ServiceSettings(protocol=Protocol.V1, call_behavior=webhook_service().call_behavior)
    (outer,) = calls_of(world.start(dial(DID, "outer")))
    (inner,) = voice_calls(world)

    assert (inner.cli, inner.setup.dialled.endpoint) == ("private", DID)  # type: ignore[union-attr]
    # That application has no callback URL, so its call fails.
    assert inner.final
    assert ended(outer) == ("REJECTED", "NOT_AVAILABLE")


def test_voice_v1_calls_a_number_of_a_service_of_voice_v2() -> None:
    world = both_protocols()
    world.on("call.incoming", [command("pause", durationMilliseconds=500), command("answer"), say("Hello")])
    outer = place(world.simulation, read_callout(tts_callout(DID, text="One two three four"), ()).callout)
    world.settle()
    (inner,) = world.exchange.calls.values()
    world.advance(1)
    assert (outer.answered_ms, outer.callee.heard) == (500, ["One two three four"])
    world.advance(9)

    assert (inner.origin.number, inner.heard, ended(inner)) == (  # type: ignore[union-attr]
        DID,
        ["Hello"],
        ("COMPLETED", "CALLER_HANGUP"),
    )
    assert outer.ending is not None
    assert outer.ending.result == "ANSWERED"
