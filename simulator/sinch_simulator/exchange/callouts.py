"""What an app asks for when it posts a callout: the three request bodies, read into one value (rest.md 3).

``read_callout`` refuses what the platform refuses, with the platform's code; what it accepts can be placed as it is.
"""

from enum import Enum

from attrs import field, frozen

from sinch_simulator.exchange.markup import ConferenceDtmf, Prompt, Svaml
from sinch_simulator.exchange.signals import Address, CallbackEvent


class CalloutMethod(Enum):
    """The ``method`` of a callout."""

    TTS = "ttsCallout"
    CONFERENCE = "conferenceCallout"
    CUSTOM = "customCallout"


@frozen
class Callout:
    """A callout that can be placed.

    ``documents`` and ``urls`` say, per event, what a customCallout brought inline or as a URL; an event in neither goes
    to the application's callback URL. ``destination`` is None only for a customCallout whose ``ice`` decides.
    """

    method: CalloutMethod
    destination: Address | None
    cli: str | None = None
    dtmf: str = ""
    custom: str | None = None
    locale: str = "en-US"
    max_duration_ms: int | None = None
    enable_ace: bool = False
    enable_dice: bool = False
    enable_pie: bool = False
    prompts: tuple[Prompt, ...] = ()
    """What a ttsCallout says."""
    conference_id: str | None = None
    greeting: tuple[Prompt, ...] = ()
    moh: str | None = None
    conference_dtmf: ConferenceDtmf = field(factory=ConferenceDtmf)
    documents: dict[CallbackEvent, Svaml] = field(factory=dict)
    urls: dict[CallbackEvent, str] = field(factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    """The ``X-CB-*`` headers that are repeated on this call's callbacks, at most five."""
