"""The rooms of a world: each is there from its first participant to its last, and found by its key."""

from attrs import define, field

from sinch_simulator.core.errors import ApiError
from sinch_simulator.products.voice.conferences.conference import Conference, RoomState, obey_order
from sinch_simulator.products.voice.effects import CallEffect, RoomOrder
from sinch_simulator.products.voice.events import RoomKey


@define
class Rooms:
    """Rooms in the order in which they began."""

    _rooms: dict[RoomKey, Conference] = field(factory=dict)

    def obey(self, order: RoomOrder, now: int) -> list[CallEffect]:
        """Bring an order to its room; the first to join makes the room, the last to leave ends it."""
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
        """The rooms of one application, or all of them."""
        return [room for room in self._rooms.values() if application_key in (None, room.key.application_key)]

    def room(self, key: RoomKey) -> Conference:
        """The ongoing conference of this key; raises ``ApiError`` (404/40400) when there is none."""
        room = self._rooms.get(key)
        if room is None:
            message = f"No such ongoing conference '{key.conference_id}' in the application's context"
            raise ApiError.not_found(message)
        return room

    def elsewhere(self, key: RoomKey) -> list[str]:
        """The other regions in which this application has a conference of the same id: another room.

        Source: docs/platform/rest.md#5.
        """
        return [
            other.region
            for other in self._rooms
            if other != key
            and (other.application_key, other.conference_id) == (key.application_key, key.conference_id)
        ]

    def forget(self, call_ids: set[str]) -> None:
        """Drop these calls from wherever they are, as if they had never been there."""
        for key, room in list(self._rooms.items()):
            for call_id in call_ids & room.participants.keys():
                del room.participants[call_id]
            if not room.participants:
                del self._rooms[key]
