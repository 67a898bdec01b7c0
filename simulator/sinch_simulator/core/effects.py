"""What a product's machine orders of its world, whatever the product: timers, lines of the journal, work outside.

A *subject* is the id of what a product deals with: a call, a verification, a message. Durations are integer
milliseconds of the simulated clock. Callbacks are in ``callback``, what is said to phones in ``phones/signals``.
"""

from typing import Any, ClassVar

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import frozen


@frozen
class SetTimer:
    """Lets ``event``, or ``TimerFired`` when there is none, happen after so long.

    A subject has at most one timer of each name: setting it again replaces it.
    """

    subject: str
    timer: str
    after_ms: int
    event: Any = None  # an event of the product's own


@frozen
class CancelTimer:
    """Forgets a timer; one that is not set is no error."""

    subject: str
    timer: str


@frozen
class TimerFired(Happened):
    """Tells a product that a timer which it had set has run out."""

    subject: str
    timer: str


@frozen
class Finish:
    """Forgets the timers and phones of a subject: from here on nothing happens to it by itself."""

    subject: str


@frozen
class Log:
    """Writes a line into the journal that no other effect writes."""

    subject: str
    kind: str
    fields: dict[str, Any] = field(factory=dict)


@frozen
class Diagnose:
    """Writes a finding about this subject into the journal.

    ``event`` names the callback whose answer it came of, and ``callback_id`` says which that was.
    """

    subject: str
    diagnostic: Diagnostic
    event: str = ""
    callback_id: str = ""


@frozen
class Order:
    """Something that whoever runs the world must do outside: a file to store, a connection to open.

    A product derives its own orders from this one; they leave through ``Simulation.take_outbox``.
    """

    product: ClassVar[str] = ""
    """Whose order it is."""
    subject: str
