"""What the three callouts may say: the shapes of their bodies (docs/platform/rest.md#3)."""

from sinch_simulator.core.schema.fields import Anything, Choice, Flag, Integer, Nested, field_paths
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.values import Word
from sinch_simulator.products.voice.callouts.fields import (
    Cli,
    Custom,
    Destination,
    Ignored,
    Locale,
    Reply,
    Text,
    Tones,
)
from sinch_simulator.products.voice.svaml.model import ConferenceDtmfMode, SvamlContext


class CalloutMethod(Word):
    """The ``method`` of a callout."""

    TTS = "ttsCallout"
    CONFERENCE = "conferenceCallout"
    CUSTOM = "customCallout"


LONGEST_CALL_S = 14_400

_ONE_METHOD = "one of " + ", ".join(method.value for method in CalloutMethod)
REQUEST = Shape(
    "a callout",
    (
        Anything("method", "which of the three it is", required=True, right=_ONE_METHOD),
        *(Anything(method.value, "the callout itself, under the name of its method") for method in CalloutMethod),
    ),
)
CLI = Cli("cli", "the number that the callee sees; for an app's user any text")
_DTMF = Tones("dtmf", "tones for the callee once it has answered", default="")
# The domain only informs: the type of the destination decides (docs/platform/rest.md#3.1).
_DOMAIN = Choice("domain", "where the callee is", choices=("pstn", "mxp"))
_CUSTOM = Custom("custom", "what every callback brings back")
_LOCALE = Locale("locale", "as en-US, en-US/female or Joanna", default="en-US")
_FLAGS = {
    "enableAce": "whether an ACE is sent",
    "enableDice": "whether a DiCE is sent",
    "enablePie": "whether a PIE is sent",
}
_MAX_DURATION = Integer(
    "maxDuration",
    "seconds after which the call is cut off",
    minimum=1,
    maximum=LONGEST_CALL_S,
    over="MAX_DURATION",
    right=f"whole seconds from 1 to {LONGEST_CALL_S}",
)
_MODES = tuple(mode.value for mode in ConferenceDtmfMode)
_CONFERENCE_DTMF = Shape(
    "conferenceDtmfOptions",
    (
        Choice("mode", "what becomes of keys", choices=_MODES, default="ignore"),
        Integer("maxDigits", "digits of a PIE", minimum=1, default=1, right="a whole number above 0"),
        Integer("timeoutMills", "ms between digits", minimum=1, default=3000, right="whole milliseconds above 0"),
    ),
)


def _shared(*, destined: bool) -> tuple[Field, ...]:
    destination = Destination("destination", "whom to call", required=destined)
    return (CLI, destination, _DTMF, _DOMAIN, _CUSTOM, _LOCALE)


_EVENTS = tuple(Flag(name, meaning, default=False) for name, meaning in _FLAGS.items())
_FIELDS: dict[CalloutMethod, tuple[Field, ...]] = {
    CalloutMethod.TTS: (
        *_shared(destined=True),
        *_EVENTS,
        Text("text", "what is said, as plain text"),
        Text("prompts", "what is said: #tts[..], #ssml[..], #href[..], joined by ;"),
    ),
    CalloutMethod.CONFERENCE: (
        *_shared(destined=True),
        *_EVENTS,
        _MAX_DURATION,
        Text("conferenceId", "the room", required=True, right="the name of the room"),
        Text("greeting", "what is said to who joins"),
        Choice("mohClass", "what is heard alone", choices=("ring", "music1", "music2", "music3")),
        Nested("conferenceDtmfOptions", "what becomes of keys", shape=_CONFERENCE_DTMF),
    ),
    CalloutMethod.CUSTOM: (
        *_shared(destined=False),
        *(Ignored(name, meaning, default=False) for name, meaning in _FLAGS.items()),
        _MAX_DURATION,
        Reply("ice", "SVAML in place of an ICE, or who is asked", context=SvamlContext.ICE),
        Reply("ace", "SVAML in place of an ACE, or who is asked", context=SvamlContext.ACE),
        Reply("pie", "SVAML in place of a PIE, or who is asked", context=SvamlContext.PIE),
        Reply("dice", "SVAML in place of a DiCE, or who is told", context=SvamlContext.DICE),
    ),
}


def _belonging_elsewhere(method: CalloutMethod) -> dict[str, str]:
    """Returns for each property that only other methods have, which ones."""
    names = {method: [item.name for item in own] for method, own in _FIELDS.items()}
    others = {name for own in names.values() for name in own if name not in names[method]}
    return {
        name.lower(): "it belongs to " + " and ".join(other.value for other, own in names.items() if name in own)
        for name in others
    }


BODIES = {method: Shape(method.value, own, _belonging_elsewhere(method)) for method, own in _FIELDS.items()}
"""What may stand under the name of each method."""


def field_names() -> tuple[str, ...]:
    """Returns every property that a callout may have, as ``ttsCallout.cli``."""
    return ("method", *(f"{shape.name}.{path}" for shape in BODIES.values() for path in field_paths(shape)))
