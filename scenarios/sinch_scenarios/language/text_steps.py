"""What a scenario says about texts: one comes in, a batch is sent, a message has gone to a phone."""

from sinch_scenarios.language.expectations import Check
from sinch_scenarios.language.yaml_nodes import Json, Place
from sinch_simulator.core.values import frozen


@frozen
class TextIn:
    """A phone texts the application. Without ``to`` it is at the application's number."""

    at: Place
    source: str
    text: str
    to: str | None = None


@frozen
class SendBatch:
    """The REST request for a batch is made, as an app would."""

    at: Place
    body: dict[str, Json]


@frozen
class ExpectMessage:
    """The next message that goes to a phone is so, now or within that time.

    ``text`` is part of it, or what this ``/regex/`` finds; without ``to`` it may go to any phone.
    """

    at: Place
    checks: tuple[Check, ...]
    within_ms: int
    to: str | None = None
    text: str | None = None


TextStep = TextIn | SendBatch | ExpectMessage
