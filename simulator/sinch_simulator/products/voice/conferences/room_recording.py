"""Which call has begun the recording of a room: its journal and its callbacks tell of it, even when it has left.

Every caller of a conference usually gets the same SVAML, so the first ``record`` starts the one recording of the room,
and the others find it under way. It ends with the room, or when somebody in it stops it (docs/platform/svaml.md#4).
"""

from collections.abc import Set

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose, Log
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import RecordRoom, StopRecordingRoom
from sinch_simulator.products.voice.events import RoomKey, RoomRecordingOver
from sinch_simulator.products.voice.recording_transitions import start


@define
class RoomRecorders:
    """The call behind the recording of each room that is recorded."""

    _calls: dict[RoomKey, str] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self._calls)

    def begin(self, order: RecordRoom, call: Call, now: int) -> list[Log | Diagnose]:
        """Records the room in the name of this call, unless it is recorded already."""
        if order.room in self._calls:
            return []
        self._calls[order.room] = call.id
        return start(call, order.options, now, conference_id=order.room.conference_id)

    def stop(self, order: StopRecordingRoom) -> RoomRecordingOver | Diagnose:
        """Returns what the end of the recording is to the call that began it; a finding when nothing is recorded."""
        over = self.room_over(order.room)
        if over is not None:
            return over
        message = "There is no recording to be stopped."
        return Diagnose(order.call_id, Diagnostic("RECORDING_NOT_ON", Severity.INFO, "", message))

    def room_over(self, room: RoomKey) -> RoomRecordingOver | None:
        """Returns what the end of the room is to the call that began its recording."""
        call_id = self._calls.pop(room, None)
        return None if call_id is None else RoomRecordingOver(call_id, room.conference_id)

    def forget(self, call_ids: Set[str]) -> None:
        """Drops what these calls have begun."""
        self._calls = {room: call_id for room, call_id in self._calls.items() if call_id not in call_ids}
