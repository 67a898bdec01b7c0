"""Records of the project's own ``define`` and ``frozen`` compare, hash and show as those of attrs do."""

import pytest
from attrs import field

from sinch_simulator.core.values import define, frozen


@frozen
class Place:
    name: str
    _floor: int = 0
    visits: list[str] = field(factory=list, eq=False)
    secret: str = field(default="", repr=False)


@frozen
class Room(Place):
    beds: int = 1


@define
class Shelf:
    items: list[object]


@define(eq=False, repr=False)
class Door:
    width: int


@define
class Described:
    width: int

    def __repr__(self) -> str:
        return f"{self.width} wide"


def test_values_are_equal_when_the_fields_that_count_are() -> None:
    assert Place("hall", 1) == Place("hall", 1)
    assert Place("hall", visits=["Monday"]) == Place("hall")
    assert Place("hall", 1) != Place("hall", 2)


def test_values_of_two_classes_are_never_equal() -> None:
    assert Room("hall") == Room("hall")
    assert Room("hall") != Place("hall")
    assert Place("hall") != Room("hall")


def test_a_value_is_found_under_its_equal() -> None:
    found = {Place("hall"): "the place", Room("hall"): "the room"}
    assert found[Place("hall", visits=["Monday"])] == "the place"
    assert found[Room("hall")] == "the room"
    assert Place("cellar") not in found


def test_a_record_that_changes_is_compared_and_has_no_hash() -> None:
    assert Shelf([1]) == Shelf([1])
    assert Shelf([1]) != Shelf([2])
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shelf([1]))


def test_a_record_shows_its_fields() -> None:
    assert repr(Place("hall", 3, secret="x")) == "Place(name='hall', _floor=3, visits=[])"
    assert repr(Room("hall", beds=2)) == "Room(name='hall', _floor=0, visits=[], beds=2)"


def test_a_record_that_holds_itself_can_be_shown() -> None:
    shelf = Shelf([])
    shelf.items.append(shelf)
    assert repr(shelf) == "Shelf(items=[...])"


def test_what_a_class_asks_to_be_left_out_is_left_out() -> None:
    door = Door(90)
    assert door == door
    assert door != Door(90)
    assert {door: "kept"}[door] == "kept"
    assert "width" not in repr(door)


def test_a_class_may_show_itself_in_its_own_words() -> None:
    assert repr(Described(90)) == "90 wide"
    assert Described(90) == Described(90)
