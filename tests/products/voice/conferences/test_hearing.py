"""Who hears whom in a conference, who hears music, and who hears keys."""

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.callback import Outcome
from sinch_simulator.products.voice.call import Call, CallState, Origin
from sinch_simulator.products.voice.conferences.bodies import conference_info
from support.conference_rooms import CARL, DORA, QUESTION, command, conference_callout, hears, join, keys, room_of
from support.pure_world import ANNA, BEN, PureWorld, say, svaml

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
    world.hang_up(next(iter(world.exchange.calls.values())))
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
    assert [line.kind for line in world.simulation.journal.of(carl.id) if line.kind.startswith("conference.")] == [
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
    kinds = [entry.kind for entry in world.simulation.journal.of(anna.id) if entry.kind.startswith("conference")]
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


def test_keys_are_heard_by_the_others_and_told_to_nobody_unless_asked_for(world: PureWorld) -> None:
    first, second = world.dial(), world.dial(CARL)
    world.press(first, "1")
    assert (first.caller.dtmf, second.caller.dtmf) == ("", "1")
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
    results = [sent.body["menuResult"] for sent in world.sent if sent.event == "pie"]
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
