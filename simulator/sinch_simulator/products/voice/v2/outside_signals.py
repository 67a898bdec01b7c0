"""What Voice v2 orders outside: files into stores, and the far ends that are servers of the app, with what they say.

Source: docs/platform/voice-v2.md#3.3, docs/platform/voice-v2.md#5.

Orders go out of the world, to whoever holds the WebSocket; events come back. Values only.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sinch_simulator.core.effects import Order
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice import NAME_OF_V2
from sinch_simulator.products.voice.recording import Place


@frozen
class SessionOrder(Order):
    """An order about a call; ``subject`` is its id."""

    product: ClassVar[str] = NAME_OF_V2


@frozen
class OpenRelay(SessionOrder):
    """Connects to the app's server, and says ``words`` first."""

    endpoint: str
    words: dict[str, Any]


@frozen
class TellRelay(SessionOrder):
    """Says these words to the app's server."""

    words: dict[str, Any]


@frozen
class CloseRelay(SessionOrder):
    """Takes the connection down."""


@frozen
class OpenAudio(SessionOrder):
    """Connects to the app's server of a ``STREAM``."""


@frozen
class SendAudio(SessionOrder):
    """Sends that server the sound up to now."""


@frozen
class CloseAudio(SessionOrder):
    """Takes that connection down."""


@frozen
class StoreRecording(SessionOrder):
    """Puts the audio of a recording, or its transcript, into the customer's store at this place."""

    recording_id: str
    place: Place


@frozen
class RelaySignal(Happened):
    """Something that the app's server says about its call."""

    call_id: str

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the call."""


if not TYPE_CHECKING:
    RelaySignal.subject = RelaySignal.call_id  # as in phones/signals


@frozen
class RelayTexted(RelaySignal):
    """A part of what is to be spoken; with the last one the whole is. ``voice`` None: the one that the dial named."""

    journal_kind: ClassVar[str | None] = "relay.texted"
    text: str
    is_last: bool
    ssml: bool = False
    voice: str | None = None
    interruptible: bool = True

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"text": self.text, "isLast": self.is_last}


@frozen
class RelayInterrupted(RelaySignal):
    """What is spoken is to stop, and what waits to be spoken is dropped."""

    journal_kind: ClassVar[str | None] = "relay.interrupted"


@frozen
class RelayPressed(RelaySignal):
    """The app's server sends tones: ``0-9 * #``."""

    journal_kind: ClassVar[str | None] = "relay.pressed"
    digits: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"digits": self.digits}
