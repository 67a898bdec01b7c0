"""Stories of conferences: who comes in how, who hears whom, what keys do, how people go."""

from typing import Any

import pytest

from pure_world import ANNA, BEN, DID, KEY, PureWorld, custom_callout, menu, say, svaml
from sinch_simulator.exchange.call import Call, CallState, Origin
from sinch_simulator.exchange.conferences.bodies import conference_info, read_command
from sinch_simulator.exchange.conferences.conference import ROOM_TRANSITIONS, Conference, RoomState
from sinch_simulator.exchange.diagnostics import Diagnostic
from sinch_simulator.exchange.errors import ApiError
from sinch_simulator.exchange.signals import AddressKind, Kicked, LegName, Outcome, RoomKey

CARL = "+46700000003"
DORA = "+46700000004"
QUESTION = menu({"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]})


def join(conference_id: str = "room", **properties: Any) -> dict[str, Any]:
    """A reply that leads into a room."""
    return svaml({"name": "connectConf", "conferenceId": conference_id, **properties})


def keys(mode: str, **options: int) -> dict[str, Any]:
    """How keys are treated."""
    return {"conferenceDtmfOptions": {"mode": mode, **options}}


def conference_callout(to: str = BEN, **fields: Any) -> dict[str, Any]:
    """A callout into the room, with DiCE."""
    about = {"cli": DID, "destination": {"type": "number", "endpoint": to}, "conferenceId": "room", "enableDice": True}
    return {"method": "conferenceCallout", "conferenceCallout": about | fields}


def room_of(world: PureWorld, conference_id: str = "room") -> Conference:
    """The ongoing conference."""
    return world.simulation.exchange.rooms.room(RoomKey(KEY, "euc1", conference_id))


def hears(world: PureWorld, call: Call) -> list[str]:
    """The calls that this one hears."""
    return room_of(world).heard_by(call.id)


def command(world: PureWorld, call: Call, word: str, **about: str) -> None:
    """The app orders something about a participant."""
    world.simulation.receive(read_command({"command": word, **about}, call.id, []))
    world.settle()


def kick(world: PureWorld, *calls: Call) -> None:
    """The app throws participants out."""
    for call in calls:
        world.simulation.receive(Kicked(call.id))
    world.settle()


def is_over(world: PureWorld, conference_id: str = "room") -> bool:
    """Whether there is no such room any more."""
    with pytest.raises(ApiError) as refusal:
        room_of(world, conference_id)
    return refusal.value.message == f"No such ongoing conference '{conference_id}' in the application's context"


@pytest.fixture
def world() -> PureWorld:
    """Whoever calls is led into the room."""
    world = PureWorld()
    world.on("ice", join())
    return world


@pytest.fixture
def three(world: PureWorld) -> tuple[Call, Call, Call]:
    """Anna, Carl and Dora meet, a second apart."""
    calls = []
    for number in (ANNA, CARL, DORA):
        calls.append(world.dial(number))
        world.advance(1)
    return calls[0], calls[1], calls[2]


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
    rooms = world.simulation.exchange.rooms
    elsewhere = RoomKey(KEY, "use1", "room")
    with pytest.raises(ApiError):
        rooms.room(elsewhere)
    assert rooms.elsewhere(elsewhere) == ["euc1"]


# ---- music


def test_the_first_participant_hears_music_until_the_second_joins(world: PureWorld) -> None:
    world.on("ice", join(moh="music1"))
    first = world.dial()
    world.advance(600)
    assert first.caller.heard == ["music1"]
    assert world.lines(first, "prompt.stopped") == []
    second = world.dial(CARL)
    assert len(world.lines(first, "prompt.stopped")) == 1
    assert second.caller.heard == []


def test_whoever_stays_behind_alone_hears_silence(world: PureWorld) -> None:
    world.on("ice", join(moh="music1"))
    world.dial()
    second = world.dial(CARL)
    world.hang_up(next(iter(world.simulation.exchange.calls.values())))
    assert second.caller.heard == []
    assert list(room_of(world).participants) == [second.id]


def test_on_hold_a_participant_hears_its_own_music_and_nobody_hears_it(
    world: PureWorld, three: tuple[Call, Call, Call]
) -> None:
    anna, carl, dora = three
    command(world, carl, "onhold", moh="music3")
    assert carl.caller.heard == ["music3"]
    assert [hears(world, call) for call in three] == [[dora.id], [], [anna.id]]
    command(world, carl, "onhold", moh="ring")
    assert carl.caller.heard == ["music3", "ring"]
    command(world, carl, "resume")
    assert len(world.lines(carl, "prompt.stopped")) == 2
    assert hears(world, carl) == [anna.id, dora.id]
    assert [line.kind for line in world.simulation.journal.of_call(carl.id) if line.kind.startswith("conference.")] == [
        "conference.joined",
        "conference.held",
        "conference.held",
        "conference.resumed",
    ]


def test_waiting_music_comes_back_after_hold_while_nobody_else_is_there(world: PureWorld) -> None:
    world.on("ice", join(moh="music1"))
    call = world.dial()
    command(world, call, "onhold")
    command(world, call, "resume")
    assert call.caller.heard == ["music1", "music1"]
    command(world, call, "onhold", moh="music2")
    world.dial(CARL)
    command(world, call, "resume")
    assert call.caller.heard == ["music1", "music1", "music2"]


# ---- who hears whom


def test_everybody_hears_everybody_but_the_muted(world: PureWorld, three: tuple[Call, Call, Call]) -> None:
    anna, carl, dora = three
    assert [hears(world, call) for call in three] == [[carl.id, dora.id], [anna.id, dora.id], [anna.id, carl.id]]
    command(world, anna, "mute")
    assert [hears(world, call) for call in three] == [[carl.id, dora.id], [dora.id], [carl.id]]
    command(world, anna, "unmute")
    assert hears(world, carl) == [anna.id, dora.id]


def test_repeating_a_command_changes_nothing(world: PureWorld, three: tuple[Call, Call, Call]) -> None:
    anna, _, _ = three
    for word in ("mute", "mute", "unmute", "unmute", "resume", "onhold", "onhold", "resume"):
        command(world, anna, word)
    kinds = [entry.kind for entry in world.simulation.journal.of_call(anna.id) if entry.kind.startswith("conference")]
    assert kinds == ["conference.joined", *(f"conference.{what}" for what in ("muted", "unmuted", "held", "resumed"))]


def test_a_command_for_a_call_in_no_room_changes_nothing(world: PureWorld) -> None:
    world.on("ice", svaml(QUESTION))
    call = world.dial()
    command(world, call, "mute")
    assert call.state is CallState.IN_MENU


def test_participants_are_shown_as_documented_in_the_order_of_joining(
    world: PureWorld, three: tuple[Call, Call, Call]
) -> None:
    anna, carl, _ = three
    command(world, anna, "mute")
    command(world, carl, "onhold")
    world.advance(0.5)
    assert conference_info(room_of(world), world.simulation.now)["participants"][:2] == [
        {"cli": ANNA, "id": anna.id, "duration": 4, "muted": True, "onhold": False},
        {"cli": CARL, "id": carl.id, "duration": 3, "muted": False, "onhold": True},
    ]


def test_a_callouts_participant_is_known_by_the_number_that_was_called() -> None:
    world = PureWorld()
    world.callout(conference_callout())
    world.advance(2)
    assert [each.cli for each in room_of(world).participants.values()] == [BEN]


# ---- keys


def test_keys_are_ignored_unless_asked_for(world: PureWorld) -> None:
    first, second = world.dial(), world.dial(CARL)
    world.press(first, "1")
    assert second.caller.dtmf == ""
    assert world.events(first) == ["ice"]


def test_forwarded_keys_reach_whoever_hears_the_participant(world: PureWorld) -> None:
    world.on("ice", join(**keys("forward")))
    anna, carl, dora = (world.dial(number) for number in (ANNA, CARL, DORA))
    command(world, dora, "onhold")
    world.press(anna, "4#")
    assert [call.caller.dtmf for call in (anna, carl, dora)] == ["", "4#", ""]
    command(world, anna, "mute")
    world.press(anna, "5")
    assert carl.caller.dtmf == "4#"


@pytest.mark.parametrize(
    ("pressed", "options", "values"),
    [
        ("7", {}, ["7"]),
        ("12", {}, ["1", "2"]),
        ("#", {}, ["#"]),
        ("1234", {"maxDigits": 3}, ["123", "4"]),
        ("12#", {"maxDigits": 3}, ["12"]),
        ("#", {"maxDigits": 3}, []),
    ],
)
def test_detected_keys_are_told_to_the_app(
    world: PureWorld, pressed: str, options: dict[str, int], values: list[str]
) -> None:
    world.on("ice", join(**keys("detect", **options)))
    call = world.dial()
    world.press(call, pressed)
    world.advance(60)
    results = [sent.body["menuResult"] for sent in world.sent if sent.event.value == "pie"]
    assert results == [
        {"menuId": "room", "type": "sequence", "value": value, "inputMethod": "dtmf"} for value in values
    ]
    assert call.state is CallState.IN_CONFERENCE


def test_detected_keys_wait_for_one_another_as_long_as_the_app_says(world: PureWorld) -> None:
    world.on("ice", join(**keys("detect", maxDigits=4, timeoutMills=1500)))
    call = world.dial()
    for _ in range(2):
        world.press(call, "1")
        world.advance(1.4)
    assert world.events(call) == ["ice"]
    world.advance(0.1)
    assert world.body(call, "pie")["menuResult"]["value"] == "11"


def test_nobody_waits_for_the_reply_to_detected_keys(world: PureWorld) -> None:
    world.on("ice", join(**keys("detect")))
    world.on("pie", Outcome.TIMEOUT)
    call = world.dial()
    world.press(call, "1")
    assert call.state is CallState.IN_CONFERENCE
    assert [line.fields["digits"] for line in world.lines(call, "conference.digits")] == ["1"]


def test_keys_of_an_in_app_user_are_not_told_to_the_app(world: PureWorld) -> None:
    world.on("ice", join(**keys("detect")))
    call = world.dial("alice", "room", origin=Origin.MXP, kind=AddressKind.CONFERENCE)
    world.press(call, "1")
    assert world.events(call) == ["ice"]


def test_digits_that_were_being_typed_are_dropped_when_the_app_takes_the_participant_aside(world: PureWorld) -> None:
    world.on("ice", join(**keys("detect", maxDigits=4)))
    call = world.dial()
    world.press(call, "12")
    world.patch(call, svaml("continue", say("Listen")))
    world.advance(60)
    world.press(call, "3")
    world.advance(60)
    assert world.body(call, "pie")["menuResult"]["value"] == "3"


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
    kinds = [(line.kind, line.fields.get("text")) for line in world.simulation.journal.of_call(call.id)][-3:]
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
    world.simulation.drop_calls(KEY)
    assert world.simulation.exchange.rooms.of() == []


def test_a_call_through_an_own_number_joins_as_any_other(world: PureWorld) -> None:
    world.on("ace", svaml("continue"))
    outer = world.callout(custom_callout(DID))
    assert [each.leg for each in room_of(world).participants.values()] == [LegName.CALLER]
    kick(world, world.simulation.exchange.calls[next(iter(room_of(world).participants))])
    assert outer.final
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
    assert refusal.value.code.value == 40003
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


# ---- the table


def test_every_state_of_a_room_can_be_reached_and_the_end_is_final() -> None:
    reached = {RoomState.AWAITING_FIRST}
    for _ in RoomState:
        reached |= {to for (state, _), (_, targets) in ROOM_TRANSITIONS.items() if state in reached for to in targets}
    assert reached == set(RoomState)
    assert not any(state is RoomState.OVER for state, _ in ROOM_TRANSITIONS)

