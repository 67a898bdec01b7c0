"""Everything that happened, in order: the one list that timelines, asserts, logs, the event stream and replays read."""

from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.journal_lines import Happened, fields_of, kind_of


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
    earlier: "Entry | None" = field(default=None, eq=False, repr=False)
    """The line before this one about the same call."""

    @property
    def fields(self) -> dict[str, Any]:
        """What the line tells, JSON-ready."""
        return self.about if isinstance(self.about, dict) else fields_of(self.about)


@define
class Journal:
    """Append-only, until it is cleared; entries of one call can be had without reading the rest."""

    entries: list[Entry] = field(factory=list)
    _written: int = 0
    _last: dict[str, Entry] = field(factory=dict)
    """Of each call, the last line."""
    _listeners: dict[str | None, list[Callable[[Entry], None]]] = field(factory=dict)
    """By the kind of line that they listen to, None for all."""

    def add(self, at_ms: int, kind: str, call_id: str | None, about: dict[str, Any] | Happened) -> None:
        """Write a line with these fields, or about this, and tell whoever follows."""
        self._written += 1
        if call_id is None:
            entry = Entry(self._written, at_ms, kind, None, about)
        else:
            entry = Entry(self._written, at_ms, kind, call_id, about, self._last.get(call_id))
            self._last[call_id] = entry
        self.entries.append(entry)
        for listener in self._listeners.get(None, ()):
            listener(entry)
        for listener in self._listeners.get(kind, ()):
            listener(entry)

    def tell(self, at_ms: int, call_id: str, happened: Happened) -> None:
        """Write the line about this; nothing, when other lines tell it already."""
        kind = kind_of(happened)
        if kind is not None:
            self.add(at_ms, kind, call_id, happened)

    def of_call(self, call_id: str) -> list[Entry]:
        """The lines of one call, in order."""
        lines: list[Entry] = []
        entry = self._last.get(call_id)
        while entry is not None:
            lines.append(entry)
            entry = entry.earlier
        lines.reverse()
        return lines

    def follow(self, listener: Callable[[Entry], None], kind: str | None = None) -> Callable[[], None]:
        """Call ``listener``, once, with each new line, or with each of this kind; returns what ends that."""
        listeners = self._listeners.setdefault(kind, [])
        if listener not in listeners:
            listeners.append(listener)

        def unfollow() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return unfollow

    def dismiss(self) -> None:
        """Nobody follows any more."""
        self._listeners.clear()

    def forget_calls(self, call_ids: set[str]) -> None:
        """Drop the lines of these calls."""
        self.entries = [entry for entry in self.entries if entry.call_id not in call_ids]
        for call_id in call_ids:
            self._last.pop(call_id, None)

    def clear(self) -> None:
        """Start anew; numbering goes on, so that a follower can tell old lines from new ones."""
        self.entries.clear()
        self._last.clear()
