"""Any people coming, going and being ordered about, in any order: what holds of every room at every moment."""

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from sinch_simulator.core.errors import ApiError
from sinch_simulator.products.voice.call import Call, CallState
from sinch_simulator.products.voice.conferences.conference import Conference
from sinch_simulator.products.voice.events import Commanded, ConferenceCommand, Kicked
from support.pure_world import BEN, DID, KEY, PureWorld, menu, say, svaml

ROOMS = st.sampled_from(("red", "green"))
MUSIC = st.sampled_from((None, "music1", "ring"))
MODES = st.sampled_from(("ignore", "forward", "detect"))
QUESTION = menu({"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]})
UPDATES = (
    svaml("continue", say("Hello")),
    svaml("hangup", say("Goodbye")),
    svaml("hangup"),
    svaml(QUESTION),
    svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}),
)


def into(room: str, music: str | None, mode: str) -> dict[str, object]:
    """A reply that leads into a room."""
    moh = {} if music is None else {"moh": music}
    return {"name": "connectConf", "conferenceId": room, "conferenceDtmfOptions": {"mode": mode, "maxDigits": 2}, **moh}


class Meetings(RuleBasedStateMachine):
    """One application with two rooms; calls stay in the bundle when they are over, so that late orders meet them."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.world = PureWorld()
        self.world.on("pie", svaml("continue"))
        self.world.on("ace", svaml("continue"))

    def rooms(self) -> list[Conference]:
        """The rooms that are there now."""
        return self.world.exchange.rooms.of(KEY)

    @rule(target=calls, room=ROOMS, music=MUSIC, mode=MODES)
    def call_in(self, room: str, music: str | None, mode: str) -> Call:
        """Somebody calls and is led into a room."""
        self.world.on("ice", svaml(into(room, music, mode)))
        return self.world.dial()

    @rule(target=calls, room=ROOMS)
    def be_called(self, room: str) -> Call:
        """The app calls somebody into a room, who may not have picked up yet when the next thing happens."""
        about = {"cli": DID, "destination": {"type": "number", "endpoint": BEN}, "conferenceId": room, "greeting": "Hi"}
        return self.world.callout({"method": "conferenceCallout", "conferenceCallout": {**about, "enableDice": True}})

    @rule(call=calls)
    def hang_up(self, call: Call) -> None:
        """Somebody goes."""
        if call.party.present:
            self.world.hang_up(call)

    @rule(call=calls, digits=st.text("12#", min_size=1, max_size=3))
    def press(self, call: Call, digits: str) -> None:
        """Somebody presses keys."""
        if call.party.present:
            self.world.press(call, digits)

    @rule(call=calls, command=st.sampled_from(ConferenceCommand), music=MUSIC)
    def order(self, call: Call, command: ConferenceCommand, music: str | None) -> None:
        """The app orders something about somebody, wherever they are."""
        self.world.simulation.receive(Commanded(call.id, command, music))
        self.world.settle()

    @rule(call=calls)
    def kick(self, call: Call) -> None:
        """The app throws somebody out."""
        was_in_a_room = any(call.id in room.participants for room in self.rooms())
        self.world.simulation.receive(Kicked(call.id))
        self.world.settle()
        assert call.final or not was_in_a_room

    @rule(room=ROOMS)
    def kick_all(self, room: str) -> None:
        """The app ends a room: it is gone, and so is everybody who was there."""
        there = [each for each in self.rooms() if each.key.conference_id == room]
        calls = [self.world.exchange.calls[call_id] for each in there for call_id in each.participants]
        for call in calls:
            self.world.simulation.receive(Kicked(call.id))
        self.world.settle()
        assert all(call.final for call in calls)
        assert room not in [each.key.conference_id for each in self.rooms()]

    @rule(call=calls, update=st.sampled_from(UPDATES))
    def update(self, call: Call, update: dict[str, object]) -> None:
        """The app sends SVAML, where that is legal; a parked call can't just continue (docs/platform/svaml.md#8)."""
        assume(call.parking is None or update["action"] != {"name": "continue"})
        try:
            self.world.patch(call, update)
        except ApiError:
            assert call.state is not CallState.IN_CONFERENCE

    @rule(call=calls, room=ROOMS, music=MUSIC, mode=MODES)
    def move(self, call: Call, room: str, music: str | None, mode: str) -> None:
        """The app leads somebody into a room, where that is legal."""
        try:
            self.world.patch(call, svaml(into(room, music, mode)))
        except ApiError:
            assert call.state is not CallState.IN_CONFERENCE

    @rule(seconds=st.sampled_from((0.1, 1, 5, 60, 600)))
    def let_time_pass(self, seconds: float) -> None:
        """Prompts end, phones are picked up, people are parked for long enough."""
        self.world.advance(seconds)

    @invariant()
    def every_participant_is_in_a_call_that_is_under_way(self) -> None:
        """A room has nobody whose call is over, and is never empty."""
        for room in self.rooms():
            assert room.participants
            assert not any(self.world.exchange.calls[call_id].final for call_id in room.participants)

    @invariant()
    def calls_and_rooms_agree(self) -> None:
        """A call is in at most one room, and knows in which."""
        for call in self.world.exchange.calls.values():
            rooms = [room.key.conference_id for room in self.rooms() if call.id in room.participants]
            assert rooms == ([call.conference_id] if call.conference_id is not None and not call.final else [])

    @invariant()
    def hearing_is_sound(self) -> None:
        """Nobody hears somebody muted, on hold or aside, nor themselves; who is on hold or aside hears nobody."""
        for room in self.rooms():
            for listener in room.participants.values():
                heard = room.heard_by(listener.call_id)
                assert listener.call_id not in heard
                assert not (heard and (listener.on_hold or listener.aside))
                assert not any(not room.participants[call_id].audible for call_id in heard)

    @invariant()
    def music_plays_only_to_who_waits(self) -> None:
        """Music is for the first one alone and for those on hold, and never under a message or a menu."""
        for room in self.rooms():
            for participant in room.participants.values():
                if participant.playing is not None:
                    assert participant.on_hold or len(room.participants) == 1
                    assert not participant.aside
                state = self.world.exchange.calls[participant.call_id].state
                assert participant.aside == (state is not CallState.IN_CONFERENCE)


TestMeetings = Meetings.TestCase
TestMeetings.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
