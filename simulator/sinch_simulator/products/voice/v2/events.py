"""What an app does to sessions by REST, and who calls in, as events; and the words for events that are posted to apps.

What phones and timers do to a call is in ``phones/signals`` and ``core/effects``.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.products.voice.v2.svaml.model import Commands, name_of


class EventName(Word):
    """The events that are posted to apps under a fixed name (docs/platform/voice-v2.md#4.2)."""

    INCOMING = "call.incoming"
    ANSWERED = "call.answered"
    BUSY = "call.busy"
    REJECTED = "call.rejected"
    TIMEOUT = "call.timeout"
    FAILED = "call.failed"
    HANGUP = "call.hangup"
    AMD_HUMAN = "call.amd.human"
    AMD_MACHINE = "call.amd.machine"
    AMD_BEEP = "call.amd.beep"
    AMD_UNKNOWN = "call.amd.unknown"
    MESSAGE_FINISHED = "call.message.finished"
    RECORDING_FINISHED = "call.recording.finished"
    RECORDING_FAILED = "call.recording.failed"
    MENU = "call.menu"


WEBHOOK_EVENT = "call.webhook."
"""What the event of a ``webhook`` command begins with; its ``webhookName`` follows."""


@frozen
class MenuInput:
    """What was pressed in a menu, and in which: ``menu`` of an event."""

    menu_name: str
    input: str


@frozen
class SessionStarted(Happened):
    """The session of a request begins: its commands run, with no current call."""

    journal_kind: ClassVar[str | None] = "session.started"
    subject: str
    """The session's id."""
    commands: Commands

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"commands": [name_of(each) for each in self.commands]}


@frozen
class CallArrived(Happened):
    """Somebody outside has called one of the service's numbers. ``assigned``: it leads to the service."""

    call_id: str
    assigned: bool = True

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the call."""


@frozen
class CallUpdated(Happened):
    """The app has sent commands to a call that is under way: they run with it as their current call."""

    journal_kind: ClassVar[str | None] = "rest.update"
    call_id: str
    commands: Commands

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the call."""

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"commands": [name_of(each) for each in self.commands]}


if not TYPE_CHECKING:
    CallArrived.subject = CallArrived.call_id
    CallUpdated.subject = CallUpdated.call_id  # as in phones/signals


@frozen
class BatchStarted(Happened):
    """A batch begins: its first session at once, session number k ``1000 * k / max_cps`` milliseconds later."""

    journal_kind: ClassVar[str | None] = "batch.started"
    subject: str
    """The batch's id."""


@frozen
class BatchStopped(Happened):
    """The app has stopped a batch: what has not begun never will."""

    journal_kind: ClassVar[str | None] = "batch.stopped"
    subject: str
    """The batch's id."""
