"""Keeps the newest finished calls, verifications and texts of a world, and drops older ones with their lines.

A simulator that serves for days would otherwise grow without end. Each is dropped whole: its state, its lines of the
journal, its callbacks. One of whose callbacks an answer is still due stays. Numbers that were released count too.
"""

from collections import deque

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.values import define
from sinch_simulator.server.callback_log import CallbackLog
from sinch_simulator.simulation import Simulation


@define(eq=False)
class KeptCalls:
    """Keeps ``limit`` that are finished, and up to a tenth more: to drop one at a time would take too long."""

    limit: int
    _simulation: Simulation
    _callbacks: CallbackLog
    dropped: int = field(init=False, default=0)
    """How many calls have been dropped so far."""
    _over: "deque[Entry]" = field(init=False, factory=deque)
    """For each finished call, the line that says so; the oldest first."""

    def __attrs_post_init__(self) -> None:
        for kind in {kind for product in self._simulation.products for kind in product.over}:
            self._simulation.journal.follow(self._note, kind)

    def _note(self, line: Entry) -> None:
        """Takes note of what is over, unless it goes with the last of its calls."""
        if not line.fields.get("calls"):
            self._over.append(line)

    def tidy_up(self) -> None:
        """Drops what is too much. No event may be under way in the world."""
        surplus = len(self._over) - self.limit
        if surplus <= self.limit // 10:
            return
        awaiting: set[str | None] = set()
        for callback in self._simulation.unanswered.values():
            # The report about one message of a batch keeps the whole batch, whose line it is that says "over".
            awaiting.update((callback.subject, callback.about.batch_id))
        gone: list[Entry] = []
        kept: list[Entry] = []
        for _ in range(surplus):
            line = self._over.popleft()
            (kept if line.subject in awaiting else gone).append(line)
        self._over.extendleft(reversed(kept))
        if gone:
            self._drop(gone)

    def _drop(self, lines: list[Entry]) -> None:
        subjects = {line.subject for line in lines if line.subject is not None and self._simulation.knows(line.subject)}
        dropped = self._simulation.drop(subjects)
        self._simulation.journal.forget_remarks(lines[-1].seq)
        self._callbacks.drop_subjects(dropped)
        self.dropped += len(subjects)
        message = f"{self.dropped} finished calls have been dropped: the newest {self.limit} are kept, by --keep-calls."
        hint = "Start with a higher --keep-calls to keep more."
        self._simulation.diagnose(None, Diagnostic("CALLS_DROPPED", Severity.INFO, "", message, hint))
