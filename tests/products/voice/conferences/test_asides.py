"""What the app orders for one participant: messages, menus, commands."""

import pytest

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.products.voice.call import Call, CallState
from sinch_simulator.products.voice.conferences.bodies import read_command
from support.conference_rooms import QUESTION, hears, is_over, join
from support.pure_world import BEN, PureWorld, say, svaml

# ---- messages and menus


def test_a_message_takes_one_participant_aside_for_as_long_as_it_lasts(
    world: PureWorld, three: tuple[Call, Call, Call]
) -> None:
    anna, carl, dora = three
    world.patch(anna, svaml("continue", say("Somebody is at the door")))
    assert anna.caller.heard == ["Somebody is at the door"]
    assert [hears(world, call) for call in three] == [[], [dora.id], [carl.id]]
    world.advance(60)
    assert anna.state is CallState.IN_CONFERENCE
    assert hears(world, dora) == [anna.id, carl.id]


def test_the_leg_parameter_means_nothing_in_a_room(world: PureWorld) -> None:
    call = world.dial()
    world.patch(call, svaml("continue", say("Hello")), leg="callee")
    assert call.caller.heard == ["Hello"]


def test_waiting_music_stops_for_a_message_and_begins_again_after_it(world: PureWorld) -> None:
    world.on("ice", join(moh="music1"))
    call = world.dial()
    world.patch(call, svaml("continue", say("Almost there")))
    kinds = [(line.kind, line.fields.get("text")) for line in world.simulation.journal.of(call.id)][-3:]
    assert kinds == [("rest.update", None), ("prompt.stopped", None), ("prompt.started", "Almost there")]
    world.advance(60)
    assert call.caller.heard == ["music1", "Almost there", "music1"]


def test_a_menu_for_one_participant_ends_with_pie_and_continue_leads_back(
    world: PureWorld, three: tuple[Call, Call, Call]
) -> None:
    anna, carl, dora = three
    world.on("pie", svaml("continue"))
    world.patch(carl, svaml(QUESTION))
    assert carl.menu is not None
    assert hears(world, anna) == [dora.id]
    world.press(carl, "1")
    assert world.body(carl, "pie")["menuResult"]["value"] == "one"
    assert carl.state is CallState.IN_CONFERENCE
    assert hears(world, anna) == [carl.id, dora.id]


def test_a_menu_for_a_participant_may_lead_out_of_the_room(world: PureWorld, three: tuple[Call, Call, Call]) -> None:
    anna, carl, _ = three
    world.on("pie", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    world.patch(carl, svaml(QUESTION))
    world.press(carl, "1")
    assert carl.id not in hears(world, anna)
    assert carl.conference_id is None
    world.advance(2)
    assert carl.state is CallState.CONNECTED


def test_a_participant_can_be_parked(world: PureWorld) -> None:
    world.on("ice", join(moh="music1"))
    call = world.dial()
    world.patch(call, svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}))
    assert is_over(world)
    assert call.state is CallState.PARKED
    assert "conferenceId" not in world.body(call, "ice")


def test_a_farewell_takes_the_participant_out_of_the_call(world: PureWorld) -> None:
    call = world.dial()
    world.patch(call, svaml("hangup", say("Goodbye")))
    world.advance(60)
    assert call.final
    assert is_over(world)


# ---- what the app may order


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"command": "explode"}, "'command' has a value that cannot be ('explode')"),
        ({}, "'command' is missing: expected one of mute, unmute, onhold, resume"),
        ({"command": ["mute"]}, "an array"),
        ({"command": "onhold", "moh": "polka"}, "expected one of ring, music1, music2, music3"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_command_that_cannot_be_is_refused_by_name(document: object, told: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read_command(document, "some call", [])
    assert refusal.value.number == 40003
    assert told in refusal.value.message


def test_a_command_is_read_in_any_case() -> None:
    diagnostics: list[Diagnostic] = []
    read = read_command({"Command": "OnHold", "moh": "Music1"}, "some call", diagnostics)
    assert (read.command.value, read.moh) == ("onhold", "music1")
    assert [found.code for found in diagnostics] == ["CASE"]


def test_music_with_another_command_than_hold_is_ignored_with_a_warning() -> None:
    diagnostics: list[Diagnostic] = []
    assert read_command({"command": "mute", "moh": "ring"}, "some call", diagnostics).moh is None
    assert [found.code for found in diagnostics] == ["MOH_IGNORED"]
