"""What is due when. Ties go to the first entered; times are integer milliseconds since the start of the world.

An item belongs to an owner (a call, a recording) and to a part of it (``""``, or the name of a leg for that leg's
phone), and may have a name there: entering the same name again replaces it, and everything that an owner or a part has
can be struck at once.
"""

from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

from attrs import define, field

Item = TypeVar("Item")

_ENTERED_BITS = 48


@define(eq=False)
class _Slot(Generic[Item]):
    owner: str
    part: str
    name: str | None
    item: Item | None


@define
class Timetable(Generic[Item]):
    """A heap of items that can be replaced and struck by name."""

    _heap: list[tuple[int, _Slot[Item]]] = field(factory=list)
    """By when an item is due and, in the lower bits, when it was entered."""
    _owners: dict[str, list[_Slot[Item]]] = field(factory=dict)
    """What each owner has; few enough to be looked through."""
    _entered: int = 0
    _struck: int = 0

    def enter(self, owner: str, part: str, name: str, at_ms: int, item: Item) -> None:
        """Make ``item`` due at ``at_ms``, in place of what this part had under this name."""
        self.strike(owner, part, name)
        self._put(_Slot(owner, part, name, item), at_ms)

    def add(self, owner: str, part: str, at_ms: int, item: Item) -> None:
        """Make ``item`` due at ``at_ms``, beside whatever else this part has."""
        self._put(_Slot(owner, part, None, item), at_ms)

    def strike(self, owner: str, part: str, name: str) -> None:
        """Forget one item; nothing happens when there is none."""
        for slot in self._owners.get(owner, ()):
            if slot.name == name and slot.part == part:
                self._drop(slot)
                self._void(slot)
                break

    def strike_part(self, owner: str, part: str) -> None:
        """Forget everything that this part has."""
        for slot in [slot for slot in self._owners.get(owner, ()) if slot.part == part]:
            self._drop(slot)
            self._void(slot)

    def strike_all(self, owner: str) -> None:
        """Forget everything that this owner has, all its parts included."""
        for slot in self._owners.pop(owner, ()):
            self._void(slot)

    def next_due(self) -> int | None:
        """When the next item is due, None when nothing is."""
        while self._heap and self._heap[0][1].item is None:
            heappop(self._heap)
            self._struck -= 1
        return self._heap[0][0] >> _ENTERED_BITS if self._heap else None

    def pop(self) -> Item:
        """Take the item that is due next; ``next_due`` has said that there is one."""
        _, slot = heappop(self._heap)
        assert slot.item is not None
        self._drop(slot)
        return slot.item

    def owners(self) -> set[tuple[str, str]]:
        """Who has something to come: owners, with their parts."""
        return {(slot.owner, slot.part) for slots in self._owners.values() for slot in slots}

    def _put(self, slot: _Slot[Item], at_ms: int) -> None:
        self._entered += 1
        slots = self._owners.get(slot.owner)
        if slots is None:
            self._owners[slot.owner] = [slot]
        else:
            slots.append(slot)
        heappush(self._heap, (at_ms << _ENTERED_BITS | self._entered, slot))

    def _drop(self, slot: _Slot[Item]) -> None:
        slots = self._owners[slot.owner]
        slots.remove(slot)
        if not slots:
            del self._owners[slot.owner]

    def _void(self, slot: _Slot[Item]) -> None:
        slot.item = None
        self._struck += 1
        # Long maximum durations are struck at each hang-up: without this the heap would keep them for simulated hours.
        if self._struck > 64 and self._struck * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[1].item is not None]
            heapify(self._heap)
            self._struck = 0
