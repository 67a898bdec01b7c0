"""What is due when. Ties go to the first that was entered; times are integer milliseconds since the start of the world.

An item belongs to a subject (a call, a verification, a recording) and to a part of it (``""``, or the name of a leg for
that leg's phone), and may have a name there: putting the same name again replaces it, and everything that a subject or
a part has can be cancelled at once.
"""

from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

from attrs import field

from sinch_simulator.core.values import define

Item = TypeVar("Item")

_ENTERED_BITS = 48


@define(eq=False)
class _Slot(Generic[Item]):
    subject: str
    part: str
    name: str | None
    item: Item | None


@define
class Timetable(Generic[Item]):
    """A heap of items that can be replaced and cancelled by name."""

    _heap: list[tuple[int, _Slot[Item]]] = field(factory=list)
    """By when an item is due and, in the lower bits, when it was entered."""
    _subjects: dict[str, list[_Slot[Item]]] = field(factory=dict)
    """What each subject has; few enough to be looked through."""
    _entered: int = 0
    _cancelled: int = 0

    def put(self, subject: str, part: str, name: str, at_ms: int, item: Item) -> None:
        """Makes ``item`` due at ``at_ms``, in place of what this part had under this name."""
        self.cancel(subject, part, name)
        self._enter(_Slot(subject, part, name, item), at_ms)

    def add(self, subject: str, part: str, at_ms: int, item: Item) -> None:
        """Makes ``item`` due at ``at_ms``, beside whatever else this part has."""
        self._enter(_Slot(subject, part, None, item), at_ms)

    def cancel(self, subject: str, part: str, name: str) -> None:
        """Forgets one item; nothing happens when there is none."""
        for slot in self._subjects.get(subject, ()):
            if slot.name == name and slot.part == part:
                self._drop(slot)
                self._void(slot)
                break

    def cancel_part(self, subject: str, part: str) -> None:
        """Forgets everything that this part has."""
        for slot in [slot for slot in self._subjects.get(subject, ()) if slot.part == part]:
            self._drop(slot)
            self._void(slot)

    def cancel_all(self, subject: str) -> None:
        """Forgets everything that this subject has, all its parts included."""
        for slot in self._subjects.pop(subject, ()):
            self._void(slot)

    def next_due(self) -> int | None:
        """Returns when the next item is due, None when nothing is."""
        heap = self._heap
        while heap:
            at, slot = heap[0]
            if slot.item is not None:
                return at >> _ENTERED_BITS
            heappop(heap)
            self._cancelled -= 1
        return None

    def peek(self) -> Item | None:
        """Returns the item that is due next, which stays; None when nothing is."""
        return None if self.next_due() is None else self._heap[0][1].item

    def pop(self) -> Item:
        """Takes the item that is due next; ``next_due`` has said that there is one."""
        _, slot = heappop(self._heap)
        assert slot.item is not None
        self._drop(slot)
        return slot.item

    def subjects(self) -> set[tuple[str, str]]:
        """Returns who has something to come: subjects, with their parts."""
        return {(slot.subject, slot.part) for slots in self._subjects.values() for slot in slots}

    def _enter(self, slot: _Slot[Item], at_ms: int) -> None:
        self._entered += 1
        slots = self._subjects.get(slot.subject)
        if slots is None:
            self._subjects[slot.subject] = [slot]
        else:
            slots.append(slot)
        heappush(self._heap, (at_ms << _ENTERED_BITS | self._entered, slot))

    def _drop(self, slot: _Slot[Item]) -> None:
        slots = self._subjects[slot.subject]
        slots.remove(slot)
        if not slots:
            del self._subjects[slot.subject]

    def _void(self, slot: _Slot[Item]) -> None:
        slot.item = None
        self._cancelled += 1
        # Long maximum durations are cancelled at each hang-up: without this the heap would keep them for simulated
        # hours.
        if self._cancelled > 64 and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[1].item is not None]
            heapify(self._heap)
            self._cancelled = 0
