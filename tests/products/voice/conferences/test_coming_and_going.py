"""Who comes into a conference how, and how people go."""

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.call import Call, CallState, Origin
from sinch_simulator.products.voice.conferences.conference import ROOM_TRANSITIONS, RoomState
from sinch_simulator.products.voice.events import RoomKey
from support.conference_rooms import QUESTION, conference_callout, is_over, join, kick, room_of
from support.pure_world import BEN, DID, KEY, PureWorld, custom_callout, say, svaml

# ---- coming in


def test_connect_conf_answers_the_caller_and_leads_it_into_the_room(world: PureWorld) -> None:
    call = world.dial()
    assert call.state is CallState.IN_CONFERENCE
    assert call.answered
    assert call.conference_id == "room"
    assert list(room_of(world).participants) == [call.id]


def test_a_conference_callout_greets_once_and_then_joins() -> None:
    world = PureWorld()
    call = world.callout(conference_callout(greeting="Welcome to the meeting", mohClass="music2"))
    world.advance(2)
    assert call.callee.heard == ["Welcome to the meeting"]
    world.advance(60)
    assert call.state is CallState.IN_CONFERENCE
    assert call.callee.heard == ["Welcome to the meeting", "music2"]
    assert world.events(call) == []


def test_a_conference_callout_with_ace_joins_by_what_the_app_answers() -> None:
    world = PureWorld()
    world.on("ace", join("another"))
    call = world.callout(conference_callout(enableAce=True))
    world.advance(2)
    assert call.conference_id == "another"
    assert is_over(world)


def test_a_conference_callout_whose_ace_is_answered_with_continue_joins_the_room_it_was_placed_for() -> None:
    world = PureWorld()
    world.on("ace", svaml("continue", say("Hello")))
    call = world.callout(conference_callout(enableAce=True))
    world.advance(10)
    assert call.conference_id == "room"
    assert call.callee.heard == ["Hello"]


def test_a_conference_callout_whose_ace_says_hangup_never_joins() -> None:
    world = PureWorld()
    world.on("ace", svaml("hangup"))
    call = world.callout(conference_callout(enableAce=True))
    world.advance(2)
    assert call.final
    assert world.lines(call, "conference.joined") == []
    assert "conferenceId" not in world.body(call, "dice")


def test_an_apps_conference_call_may_be_led_into_another_room(world: PureWorld) -> None:
    world.on("ice", join("upstairs"))
    call = world.dial("alice", "lobby", origin=Origin.MXP, kind=AddressKind.CONFERENCE)
    assert world.body(call, "ice")["to"] == {"type": "conference", "endpoint": "lobby"}
    assert call.conference_id == "upstairs"
    assert [each.cli for each in room_of(world, "upstairs").participants.values()] == ["alice"]


def test_an_apps_conference_call_without_a_callback_url_joins_what_it_dialled(world: PureWorld) -> None:
    world.application.callback_url = None
    call = world.dial("alice", "lobby", origin=Origin.MXP, kind=AddressKind.CONFERENCE)
    assert call.conference_id == "lobby"


def test_a_parked_call_is_led_into_a_room_by_patch(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}))
    call = world.dial()
    world.patch(call, join())
    assert call.state is CallState.IN_CONFERENCE


def test_a_menu_leads_into_a_room(world: PureWorld) -> None:
    world.on("ice", svaml(QUESTION))
    world.on("pie", join())
    call = world.dial()
    world.press(call, "1")
    assert call.state is CallState.IN_CONFERENCE


def test_a_bridged_call_that_is_led_into_a_room_leaves_its_second_party_behind(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(2)
    assert call.state is CallState.CONNECTED
    world.patch(call, join())
    assert [line.fields["leg"] for line in world.lines(call, "leg.released")] == ["callee"]
    assert [(each.call_id, each.leg) for each in room_of(world).participants.values()] == [(call.id, LegName.CALLER)]


def test_a_participant_can_be_led_into_another_room(world: PureWorld) -> None:
    call = world.dial()
    world.patch(call, join("other"))
    assert is_over(world)
    assert list(room_of(world, "other").participants) == [call.id]


def test_events_inside_a_room_name_it() -> None:
    world = PureWorld()
    world.on("ice", join())
    call = world.dial()
    world.patch(call, svaml(QUESTION))
    world.on("pie", svaml("continue"))
    world.press(call, "1")
    world.hang_up(call)
    assert [world.body(call, event).get("conferenceId") for event in ("ice", "pie", "dice")] == [None, "room", "room"]


def test_suppressed_callbacks_spare_the_app_the_end_of_the_call(world: PureWorld) -> None:
    world.on("ice", join(suppressCallbacks=True))
    call = world.dial()
    world.hang_up(call)
    assert world.events(call) == ["ice"]


def test_rooms_of_another_region_are_other_rooms(world: PureWorld) -> None:
    world.dial()
    rooms = world.exchange.rooms
    elsewhere = RoomKey(KEY, "use1", "room")
    with pytest.raises(ApiError):
        rooms.room(elsewhere)
    assert rooms.elsewhere(elsewhere) == ["euc1"]


# ---- going


def test_three_people_meet_and_go(world: PureWorld, three: tuple[Call, Call, Call]) -> None:
    anna, carl, dora = three
    world.hang_up(anna)
    assert list(room_of(world).participants) == [carl.id, dora.id]
    kick(world, carl)
    assert (world.body(carl, "dice")["result"], world.body(carl, "dice")["reason"]) == ("ANSWERED", "MANAGERHANGUP")
    assert not dora.final
    world.hang_up(dora)
    assert is_over(world)
    assert [world.body(call, "dice")["conferenceId"] for call in three] == ["room"] * 3


def test_kicking_all_empties_the_room(world: PureWorld, three: tuple[Call, Call, Call]) -> None:
    world.patch(three[0], svaml("continue", say("A message")))
    world.patch(three[1], svaml(QUESTION))
    kick(world, *three)
    assert is_over(world)
    assert [world.events(call)[-1] for call in three] == ["dice"] * 3
    assert "pie" not in world.events(three[1])


def test_the_maximum_duration_ends_a_participants_call() -> None:
    world = PureWorld()
    call = world.callout(conference_callout(maxDuration=30))
    world.advance(32)
    assert (world.body(call, "dice")["reason"], world.body(call, "dice")["duration"]) == ("TIMEOUT", 30)
    assert is_over(world)


def test_nobody_stays_in_a_room_when_the_calls_of_the_application_are_dropped(
    world: PureWorld, three: tuple[Call, Call, Call]
) -> None:
    world.simulation.forget(KEY)
    assert world.exchange.rooms.of() == []


def test_a_call_through_an_own_number_joins_as_any_other(world: PureWorld) -> None:
    world.on("ace", svaml("continue"))
    outer = world.callout(custom_callout(DID))
    assert [each.leg for each in room_of(world).participants.values()] == [LegName.CALLER]
    kick(world, world.exchange.calls[next(iter(room_of(world).participants))])
    assert outer.final
    assert is_over(world)


# ---- the table


def test_every_state_of_a_room_can_be_reached_and_the_end_is_final() -> None:
    reached = {RoomState.AWAITING_FIRST}
    for _ in RoomState:
        reached |= {to for (state, _), (_, targets) in ROOM_TRANSITIONS.items() if state in reached for to in targets}
    assert reached == set(RoomState)
    assert not any(state is RoomState.OVER for state, _ in ROOM_TRANSITIONS)
