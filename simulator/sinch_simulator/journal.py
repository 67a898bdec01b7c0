"""Everything that happened, in order: the one list that timelines, asserts, logs, the event stream and replays read."""

from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.exchange.values import frozen
from sinch_simulator.timeline import Happened, fields_of


@frozen
class Entry:
    """One line. ``at_ms`` is milliseconds since the start of the world.

    ``about`` is what the fields are read from when somebody looks: most lines are never looked at.
    """

    seq: int
    at_ms: int
    kind: str
    call_id: str | None
    about: dict[str, Any] | Happened

    @property
    def fields(self) -> dict[str, Any]:
        """What the line tells, JSON-ready."""
        return self.about if isinstance(self.about, dict) else fields_of(self.about)


@define
class Journal:
    """Append-only, until it is cleared; entries of one call can be had without reading the rest."""

    entries: list[Entry] = field(factory=list)
    _written: int = 0
    _by_call: dict[str, list[Entry]] = field(factory=dict)
    _listeners: list[Callable[[Entry], None]] = field(factory=list)

    def add(self, at_ms: int, kind: str, call_id: str | None, about: dict[str, Any] | Happened) -> None:
        """Write a line with these fields, or about this, and tell whoever follows."""
        self._written += 1
        entry = Entry(self._written, at_ms, kind, call_id, about)
        self.entries.append(entry)
        if call_id is not None:
            of_call = self._by_call.get(call_id)
            if of_call is None:
                self._by_call[call_id] = [entry]
            else:
                of_call.append(entry)
        for listener in self._listeners:
            listener(entry)

    def of_call(self, call_id: str) -> list[Entry]:
        """The lines of one call, in order."""
        return self._by_call.get(call_id, [])

    def follow(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Call ``listener`` with each new line; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def forget_calls(self, call_ids: set[str]) -> None:
        """Drop the lines of these calls."""
        self.entries = [entry for entry in self.entries if entry.call_id not in call_ids]
        for call_id in call_ids:
            self._by_call.pop(call_id, None)

    def clear(self) -> None:
        """Start anew; numbering goes on, so that a follower can tell old lines from new ones."""
        self.entries.clear()
        self._by_call.clear()
