"""What happens to a call beside what its phones do: by the app, by the clock, in its rooms; and the words for it.

Events are facts in the past tense: they go into a call. What comes out of it is in ``effects.py``. Nothing here does
anything.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.phones.signals import Answered, Beeped, Declined, DigitPressed, HungUp, Spoke
from sinch_simulator.products.voice.svaml.model import Svaml, name_of


class CallbackEvent(Word):
    """The events that the platform posts to an app (docs/platform/callbacks.md)."""

    ICE = "ice"
    ACE = "ace"
    PIE = "pie"
    DICE = "dice"
    NOTIFY = "notify"


class ConferenceCommand(Word):
    """What the app may order about one participant of a conference (docs/platform/rest.md#5)."""

    MUTE = "mute"
    UNMUTE = "unmute"
    ONHOLD = "onhold"
    RESUME = "resume"


@frozen
class RoomKey:
    """Which conference room: each application has its own, and each region too (docs/platform/rest.md#5)."""

    application_key: str
    region: str
    conference_id: str


# ---- events: what happened --------------------------------------------------------------------------------------


@frozen
class CallEvent(Happened):
    """Something that happened to a call."""

    call_id: str

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the call."""


if not TYPE_CHECKING:
    CallEvent.subject = CallEvent.call_id  # as in phones/signals


@frozen
class Placed(CallEvent):
    """The app's callout was accepted."""


@frozen
class Arrived(CallEvent):
    """Somebody outside has dialled one of the app's numbers, users or rooms."""


@frozen
class Updated(CallEvent):
    """The app sent SVAML to an ongoing call by REST. ``leg`` is the path parameter, None in the plain form."""

    journal_kind: ClassVar[str | None] = "rest.update"
    svaml: Svaml
    leg: str | None = None

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        fields: dict[str, Any] = {"action": name_of(self.svaml.action)}
        return fields if self.leg is None else {**fields, "leg": self.leg}


@frozen
class Kicked(CallEvent):
    """The app removed this call from its conference by REST."""

    journal_kind: ClassVar[str | None] = "rest.kick"


@frozen
class Commanded(CallEvent):
    """The app ordered something about this call in its conference by REST. ``moh`` is what plays on hold."""

    journal_kind: ClassVar[str | None] = "rest.command"
    command: ConferenceCommand
    moh: str | None = None

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        command = {"command": self.command.value}
        return command if self.moh is None else {**command, "moh": self.moh}


@frozen
class RecordingDue(CallEvent):
    """What a recording waits for by itself is over: its upload, its transcription, the pause before another attempt."""

    recording_id: str


@frozen
class RecordingDelivered(CallEvent):
    """A file of this recording is in the customer's store; ``simulated`` when there is no such store here."""

    recording_id: str
    simulated: bool = False


@frozen
class RecordingUndelivered(CallEvent):
    """The customer's store did not take a file of this recording. ``why`` is in words."""

    recording_id: str
    why: str


RecordingEvent = RecordingDue | RecordingDelivered | RecordingUndelivered


@frozen
class RoomRecordingOver(CallEvent):
    """The room whose recording this call has started is over, or somebody in it has stopped the recording."""

    conference_id: str


Event = (
    Placed
    | Arrived
    | Answered
    | Declined
    | DigitPressed
    | Spoke
    | Beeped
    | HungUp
    | TimerFired
    | AppReplied
    | AppFailed
    | Updated
    | Kicked
    | Commanded
    | RecordingEvent
    | RoomRecordingOver
)
