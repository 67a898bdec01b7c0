"""What one event leads to in the sessions of a world: effects in order, and sequences of commands that go on.

The steps of calls, menus and bridges write into a turn; ``exchange.py`` makes one for each event, and runs what is
left in it.
"""

from collections import deque
from typing import Any

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose
from sinch_simulator.core.product import WorldData
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.v2.session import Call, Frame, Sequence, Session
from sinch_simulator.products.voice.v2.svaml.model import Commands
from sinch_simulator.products.voice.v2.webhook_health import WebhookHealth


@define(eq=False)
class Turn:
    """``now`` is the simulated time; ``data`` what all products of the world share."""

    now: int
    data: WorldData
    health: WebhookHealth
    effects: list[Any] = field(factory=list)
    """What the world is to do: effects of ``core/effects.py`` and orders of ``phones/signals.py``."""
    ready: "deque[Sequence]" = field(factory=deque)
    """Sequences that run as soon as the step is done, in this order."""
    sessions: dict[str, Session] = field(factory=dict)
    """Those in which anything has happened, by id."""

    def order(self, *effects: Any) -> None:
        """Adds effects."""
        self.effects += effects

    def begin(self, session: Session, call: Call | None, commands: Commands) -> None:
        """Lets commands run as a sequence of their own, with this current call."""
        self.sessions[session.id] = session
        session.sequences_begun += 1
        sequence = Sequence(session.sequences_begun, session, call, [Frame(commands)])
        session.sequences[sequence.number] = sequence
        self.ready.append(sequence)

    def go_on(self, sequence: Sequence) -> None:
        """Lets a sequence run that was held up; one that has been dropped meanwhile stays dropped."""
        if sequence.session.sequences.get(sequence.number) is sequence:
            sequence.waits_for = None
            self.ready.append(sequence)

    def drop(self, sequence: Sequence) -> None:
        """Ends a sequence: what is left of it never runs."""
        session = sequence.session
        session.sequences.pop(sequence.number, None)
        if not session.sequences:
            session.sequences = {}  # one that has been filled keeps its size, in thousands of sessions

    def warn(
        self, subject: str, code: str, message: str, *, hint: str = "", severity: Severity = Severity.WARNING
    ) -> None:
        """Tells the developer something about a call or a session."""
        self.effects.append(Diagnose(subject, Diagnostic(code, severity, "", message, hint)))
