"""Everything that happened, in order: the one list that timelines, asserts, logs, the event stream and replays read."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from attrs import define, field

from sinch_simulator.core.values import frozen


@frozen
class Happened:
    """What a line can be about: something that a product, a phone or an app does, and how a line tells it."""

    journal_kind: ClassVar[str | None] = None
    """The kind of its line; None where other lines tell it already."""

    def journal_fields(self) -> dict[str, Any]:
        """Returns what its line tells, JSON-ready."""
        return {}


@frozen
class Entry:
    """One line, about a subject (a call, a verification, …) or about none. ``at_ms`` counts from the world's start.

    ``about`` is what the fields are read from when somebody looks: most lines are never looked at.
    """

    seq: int
    at_ms: int
    kind: str
    subject: str | None
    about: dict[str, Any] | Happened
    earlier: "Entry | None" = field(default=None, eq=False, repr=False)
    """The line before this one about the same subject."""

    @property
    def fields(self) -> dict[str, Any]:
        """Returns what the line tells, JSON-ready."""
        return self.about if isinstance(self.about, dict) else self.about.journal_fields()


@define
class Journal:
    """Append-only, until it is cleared; the lines of one subject can be had without reading the rest."""

    entries: list[Entry] = field(factory=list)
    _written: int = 0
    _last: dict[str, Entry] = field(factory=dict)
    """Of each subject, the last line."""
    _followers: list[Callable[[Entry], None]] = field(factory=list)
    """Told of every line."""
    _listeners: dict[str, list[Callable[[Entry], None]]] = field(factory=dict)
    """Told of the lines of one kind, by that kind."""

    def add(self, at_ms: int, kind: str, subject: str | None, about: dict[str, Any] | Happened) -> None:
        """Writes a line with these fields, or about this, and tells whoever follows."""
        self._written += 1
        if subject is None:
            entry = Entry(self._written, at_ms, kind, None, about)
        else:
            entry = Entry(self._written, at_ms, kind, subject, about, self._last.get(subject))
            self._last[subject] = entry
        self.entries.append(entry)
        for listener in self._followers:
            listener(entry)
        if kind in self._listeners:
            for listener in self._listeners[kind]:
                listener(entry)

    def tell(self, at_ms: int, subject: str, happened: Happened) -> None:
        """Writes the line about this; nothing, when other lines tell it already."""
        kind = happened.journal_kind
        if kind is not None:
            self.add(at_ms, kind, subject, happened)

    def of(self, subject: str) -> list[Entry]:
        """Returns the lines about one subject, in order."""
        lines: list[Entry] = []
        entry = self._last.get(subject)
        while entry is not None:
            lines.append(entry)
            entry = entry.earlier
        lines.reverse()
        return lines

    def of_after(self, subject: str, seq: int) -> list[Entry]:
        """Returns the lines about one subject that came after the line ``seq``, in order."""
        lines: list[Entry] = []
        entry = self._last.get(subject)
        while entry is not None and entry.seq > seq:
            lines.append(entry)
            entry = entry.earlier
        lines.reverse()
        return lines

    def follow(self, listener: Callable[[Entry], None], kind: str | None = None) -> Callable[[], None]:
        """Calls ``listener``, once, with each new line, or with each of this kind; returns what ends that."""
        listeners = self._followers if kind is None else self._listeners.setdefault(kind, [])
        if listener not in listeners:
            listeners.append(listener)

        def unfollow() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return unfollow

    def dismiss(self) -> None:
        """Drops every listener."""
        self._followers.clear()
        self._listeners.clear()

    def forget(self, subjects: Collection[str]) -> None:
        """Drops the lines about these subjects."""
        self.entries = [entry for entry in self.entries if entry.subject not in subjects]
        for subject in subjects:
            self._last.pop(subject, None)

    def forget_remarks(self, before: int) -> None:
        """Drops the lines about no subject that are older than the line ``before``."""
        self.entries = [entry for entry in self.entries if entry.subject is not None or entry.seq >= before]

    def clear(self) -> None:
        """Drops every line; numbering goes on, so that a follower can tell old lines from new ones."""
        self.entries.clear()
        self._last.clear()
