"""Calls to streams in a world where nobody plays their far ends: a phone is there, and the platform is the same."""

import json
from typing import Any

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.products.voice.call import CallState
from sinch_simulator.products.voice.calling import accept
from sinch_simulator.products.voice.callouts.reading import read_callout
from sinch_simulator.products.voice.effects import OpenStream
from support.pure_world import KEY, PureWorld, custom_callout, svaml

URL = "wss://app.test/audio"
STREAM = {"name": "connectStream", "destination": {"type": "Websocket", "endpoint": URL}}


@pytest.fixture
def world() -> PureWorld:
    """Whoever calls is led to the app's server."""
    world = PureWorld()
    world.on("ice", svaml(STREAM))
    return world


def test_a_caller_talks_with_the_stream_and_the_app_is_not_asked(world: PureWorld) -> None:
    call = world.dial()
    world.advance(2)
    assert call.state is CallState.CONNECTED
    assert call.to is not None
    assert (call.to.kind, call.to.endpoint) == (AddressKind.WEBSOCKET, URL)
    world.press(call, "5")
    assert call.callee.dtmf == "5"
    world.hang_up(call)
    assert world.events(call) == ["ice", "dice"]
    assert world.body(call, "dice")["to"] == {"type": "websocket", "endpoint": URL}


@pytest.mark.parametrize(
    ("persona", "outcome"),
    [
        ({"busy": {}}, ("BUSY", "N/A")),
        ({"unreachable": {}}, ("FAILED", "GENERALERROR")),
        ({"answer": {"after": 1}, "then": [{"wait": 3}, {"hang_up": True}]}, ("ANSWERED", "CALLEEHANGUP")),
    ],
)
def test_what_the_far_end_does_becomes_the_outcome(
    world: PureWorld, persona: dict[str, Any], outcome: tuple[str, str]
) -> None:
    world.phone(URL, **persona)
    call = world.dial()
    world.advance(60)
    assert (world.body(call, "dice")["result"], world.body(call, "dice")["reason"]) == outcome


def test_the_maximum_duration_counts_from_the_answer(world: PureWorld) -> None:
    world.on("ice", svaml({**STREAM, "maxDuration": 30}))
    call = world.dial()
    world.advance(60)
    assert (world.body(call, "dice")["reason"], world.body(call, "dice")["duration"]) == ("TIMEOUT", 30)


def test_a_parked_call_can_be_led_to_a_stream(world: PureWorld) -> None:
    world.on("ice", svaml("park"))
    call = world.dial()
    world.patch(call, svaml(STREAM))
    world.advance(2)
    assert call.state is CallState.CONNECTED


def test_a_callout_to_a_stream_needs_nobody_to_answer_ace() -> None:
    world = PureWorld()
    world.application.callback_url = None
    call = world.callout(custom_callout(None, ice=json.dumps(svaml(STREAM))))
    world.advance(2)
    assert call.state is CallState.CONNECTED
    assert world.events(call) == []


def test_an_accepted_callout_to_a_stream_is_handed_over_without_time_passing(world: PureWorld) -> None:
    ice = json.dumps(svaml(STREAM))
    world.simulation.data.outside = frozenset({"streams"})
    accept(world.simulation, KEY, read_callout(custom_callout(ice=ice), ()).callout)
    assert [type(order) for order in world.simulation.take_outbox()] == [OpenStream]
