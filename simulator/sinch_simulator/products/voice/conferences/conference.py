"""A conference room as data: who is in it, who is muted or on hold, who hears whom, and what plays to whom.

A room exists from the first join to the last leave (docs/platform/rest.md#5). ``ROOM_TRANSITIONS`` is the
specification: in each state, what a participant or the app orders, what the room does, and what it may wait for next.
It knows participants by the id of their call, and nothing else about calls.
"""

from collections.abc import Callable, Iterator, Set
from typing import Any

from attrs import field

from sinch_simulator.core.effects import Log
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.values import Word, define
from sinch_simulator.phones.signals import Connect, Hush, LegName, Play, SendDigits
from sinch_simulator.products.voice.effects import (
    CallEffect,
    ComeBack,
    Command,
    Join,
    Leave,
    PassTone,
    RoomOrder,
    StepAside,
)
from sinch_simulator.products.voice.events import ConferenceCommand, RoomKey

LONGEST_MUSIC_MS = 14_400_000
"""Music lasts until it is hushed, and no longer than a call may (docs/platform/lifecycle.md#1)."""


class RoomState(Word):
    """Named for what the room waits for."""

    AWAITING_FIRST = "AWAITING_FIRST"
    AWAITING_COMPANY = "AWAITING_COMPANY"
    """The first participant is alone, and hears music if any was asked for."""
    MEETING = "MEETING"
    """There has been a second participant. Whoever stays behind alone hears silence: *assumed*."""
    OVER = "OVER"


@define
class Participant:
    """One call in a room. ``moh`` plays while it waits for company, ``hold_moh`` while it is on hold."""

    call_id: str
    leg: LegName
    cli: str
    joined_ms: int
    moh: str | None = None
    muted: bool = False
    on_hold: bool = False
    hold_moh: str | None = None
    aside: bool = False
    """Whether a message or a menu of the app has its ear (that nobody hears it meanwhile is *assumed*)."""
    playing: str | None = None
    """The music that it hears now."""

    @property
    def listening(self) -> bool:
        """Returns whether it hears the others."""
        return not (self.on_hold or self.aside)

    @property
    def audible(self) -> bool:
        """Returns whether the others hear it."""
        return self.listening and not self.muted


@define
class Conference:
    """A room; its participants are kept in the order in which they joined."""

    key: RoomKey
    state: RoomState = RoomState.AWAITING_FIRST
    participants: dict[str, Participant] = field(factory=dict)

    def heard_by(self, call_id: str) -> list[str]:
        """Returns the calls that this participant hears now."""
        if not self.participants[call_id].listening:
            return []
        return [other.call_id for other in self._others(call_id) if other.audible]

    def listeners_of(self, call_id: str) -> list[Participant]:
        """Returns who hears this participant now."""
        if not self.participants[call_id].audible:
            return []
        return [other for other in self._others(call_id) if other.listening]

    def _others(self, call_id: str) -> Iterator[Participant]:
        return (participant for participant in self.participants.values() if participant.call_id != call_id)


Effects = list[CallEffect]


def welcome_first(room: Conference, order: Join, now: int) -> Effects:
    """Begins the room; whoever comes first waits with music."""
    room.state = RoomState.AWAITING_COMPANY
    return _admit(room, order, now)


def welcome_second(room: Conference, order: Join, now: int) -> Effects:
    """Ends the music of the first one, who has company now; it does not come back."""
    room.state = RoomState.MEETING
    (first,) = room.participants.values()
    return [*_tune(room, first), *_admit(room, order, now)]


def welcome(room: Conference, order: Join, now: int) -> Effects:
    """Lets one more in."""
    return _admit(room, order, now)


def _admit(room: Conference, order: Join, now: int) -> Effects:
    participant = Participant(order.call_id, order.leg, order.cli, now, order.moh)
    room.participants[order.call_id] = participant
    return [_line(room, "joined", order), Connect(order.call_id, order.leg), *_tune(room, participant)]


def see_off(room: Conference, order: Leave, now: int) -> Effects:
    """Lets somebody go; with the last one the room is over."""
    leaving = room.participants.pop(order.call_id)
    line = _line(room, "left", order)
    if not room.participants:
        room.state = RoomState.OVER
        return [*_quiet(leaving), line, _line(room, "ended", order)]
    return [*_quiet(leaving), line]


def let_aside(room: Conference, order: StepAside, now: int) -> Effects:
    """Takes a participant aside for a message or a menu: its music stops, the others no longer hear it."""
    participant = room.participants[order.call_id]
    participant.aside = True
    return _tune(room, participant)


def take_back(room: Conference, order: ComeBack, now: int) -> Effects:
    """Lets the participant hear again what it heard before."""
    participant = room.participants[order.call_id]
    participant.aside = False
    return _tune(room, participant)


def pass_tone(room: Conference, order: PassTone, now: int) -> Effects:
    """Passes a tone to everybody who hears this participant."""
    listeners = room.listeners_of(order.call_id)
    return [SendDigits(listener.call_id, listener.leg, order.digit) for listener in listeners]


def mute(room: Conference, order: Command, now: int) -> Effects:
    """Mutes a participant: the others no longer hear it, it hears them."""
    participant = room.participants[order.call_id]
    if participant.muted:
        return []
    participant.muted = True
    return [_line(room, "muted", order)]


def unmute(room: Conference, order: Command, now: int) -> Effects:
    """Lets the others hear it again."""
    participant = room.participants[order.call_id]
    if not participant.muted:
        return []
    participant.muted = False
    return [_line(room, "unmuted", order)]


def hold(room: Conference, order: Command, now: int) -> Effects:
    """Puts a participant on hold: it neither hears nor is heard, but for music, which a second order can change."""
    participant = room.participants[order.call_id]
    if participant.on_hold and participant.hold_moh == order.moh:
        return []
    participant.on_hold, participant.hold_moh = True, order.moh
    line = _line(room, "held", order)
    if order.moh is not None:
        line.fields["moh"] = order.moh
    return [line, *_tune(room, participant)]


def resume(room: Conference, order: Command, now: int) -> Effects:
    """Takes a participant back from hold."""
    participant = room.participants[order.call_id]
    if not participant.on_hold:
        return []
    participant.on_hold, participant.hold_moh = False, None
    return [_line(room, "resumed", order), *_tune(room, participant)]


def _music_for(room: Conference, participant: Participant) -> str | None:
    if participant.aside:
        return None
    if participant.on_hold:
        return participant.hold_moh
    return participant.moh if room.state is RoomState.AWAITING_COMPANY else None


def _tune(room: Conference, participant: Participant) -> Effects:
    """Begin, end or change the music of one participant, if there is anything to change."""
    music = _music_for(room, participant)
    if music == participant.playing:
        return []
    effects = _quiet(participant)
    participant.playing = music
    if music is not None:
        effects.append(
            Play(participant.call_id, participant.leg, music, LONGEST_MUSIC_MS, spoken=False, looping=True)
        )
    return effects


def _quiet(participant: Participant) -> Effects:
    return [] if participant.playing is None else [Hush(participant.call_id, participant.leg)]


def _line(room: Conference, what: str, order: RoomOrder) -> Log:
    return Log(order.call_id, f"conference.{what}", {"conferenceId": room.key.conference_id})


R = RoomState

# Handlers take the order of their own row: the table pairs them, which a signature common to all rows can't say.
RoomHandler = Callable[[Conference, Any, int], Effects]
RoomHappening = type[RoomOrder] | ConferenceCommand
RoomTable = dict[tuple[RoomState, RoomHappening], tuple[RoomHandler, frozenset[RoomState]]]


def _in_each(*rows: tuple[RoomHappening, RoomHandler]) -> RoomTable:
    """Rows for what is the same with company and without, and keeps the room as it is."""
    return {
        (state, happening): (handler, frozenset({state}))
        for happening, handler in rows
        for state in (R.AWAITING_COMPANY, R.MEETING)
    }


ROOM_TRANSITIONS: RoomTable = {
    # ---- waiting for / what is ordered / what the room does / what it waits for next
    (R.AWAITING_FIRST, Join): (welcome_first, frozenset({R.AWAITING_COMPANY})),
    (R.AWAITING_COMPANY, Join): (welcome_second, frozenset({R.MEETING})),
    (R.MEETING, Join): (welcome, frozenset({R.MEETING})),
    (R.AWAITING_COMPANY, Leave): (see_off, frozenset({R.OVER})),
    (R.MEETING, Leave): (see_off, frozenset({R.MEETING, R.OVER})),
    **_in_each(
        (StepAside, let_aside),
        (ComeBack, take_back),
        (PassTone, pass_tone),
        (ConferenceCommand.MUTE, mute),
        (ConferenceCommand.UNMUTE, unmute),
        (ConferenceCommand.ONHOLD, hold),
        (ConferenceCommand.RESUME, resume),
    ),
}


def obey_order(room: Conference, order: RoomOrder, now: int) -> Effects:
    """Lets a room do what a participant, or the app about a participant, orders.

    Every order but ``Join`` is about somebody who is in the room.
    """
    happening: RoomHappening = order.command if isinstance(order, Command) else type(order)
    before = room.state
    handler, targets = ROOM_TRANSITIONS[before, happening]
    effects = handler(room, order, now)
    assert room.state in targets, f"{before} + {happening} led to {room.state}, which the table does not allow"
    return effects


@define
class Rooms:
    """The rooms of a world, in the order in which they began: each is there from its first participant to its last."""

    _rooms: dict[RoomKey, Conference] = field(factory=dict)

    def obey(self, order: RoomOrder, now: int) -> list[CallEffect]:
        """Brings an order to its room; the first to join makes the room, the last to leave ends it."""
        room = self._rooms.get(order.room)
        if room is None:
            room = self._rooms[order.room] = Conference(order.room)
        effects = obey_order(room, order, now)
        if room.state is RoomState.OVER:
            del self._rooms[order.room]
        return effects

    def __contains__(self, key: RoomKey) -> bool:
        return key in self._rooms

    def of(self, application_key: str | None = None) -> list[Conference]:
        """Returns the rooms of one application, or all of them."""
        return [room for room in self._rooms.values() if application_key in (None, room.key.application_key)]

    def room(self, key: RoomKey) -> Conference:
        """Returns the ongoing conference of this key; raises ``ApiError`` (404/40400) when there is none."""
        room = self._rooms.get(key)
        if room is None:
            message = f"No such ongoing conference '{key.conference_id}' in the application's context"
            raise ApiError.not_found(message)
        return room

    def elsewhere(self, key: RoomKey) -> list[str]:
        """Returns the other regions in which this application has a conference of the same id: another room.

        Source: docs/platform/rest.md#5.
        """
        return [
            other.region
            for other in self._rooms
            if other != key
            and (other.application_key, other.conference_id) == (key.application_key, key.conference_id)
        ]

    def forget(self, call_ids: Set[str]) -> None:
        """Drops these calls from wherever they are, as if they had never been there."""
        for key, room in list(self._rooms.items()):
            for call_id in call_ids & room.participants.keys():
                del room.participants[call_id]
            if not room.participants:
                del self._rooms[key]
