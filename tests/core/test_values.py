"""Records of the project's own ``define`` and ``frozen`` are like those of attrs, whatever is done to one first."""

import copy
import pickle
import weakref
from threading import Barrier, Thread
from typing import ClassVar, Generic, TypeVar

import attrs
import pytest
from attrs import evolve, field

from sinch_simulator.core.values import define, frozen

Kind = TypeVar("Kind")


@frozen
class Place:
    name: str
    _floor: int = 0
    visits: list[str] = field(factory=list, eq=False)
    secret: str = field(default="", repr=False)


@frozen
class Room(Place):
    beds: int = 1


@frozen
class Parent:
    name: str
    size: int = field(kw_only=True, default=3)

    def shown(self) -> str:
        return f"{self.name} of {self.size}"


@frozen
class Child(Parent):
    """The first object that anybody makes here is one of these, not one of ``Parent``."""

    age: int

    def shown(self) -> str:
        return f"{super().shown()}, {self.age} years"


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


@define
class Counted(Generic[Kind]):
    made: ClassVar[list[str]] = []

    what: Kind
    length: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.length = len(str(self.what))
        self.made.append(str(self.what))


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


def test_a_class_has_the_fields_of_the_class_that_it_builds_on() -> None:
    child = Child("Anna", 7, size=5)
    assert child.shown() == "Anna of 5, 7 years"
    assert [each.name for each in attrs.fields(Child)] == ["name", "size", "age"]
    assert Parent("Ben").shown() == "Ben of 3"


def test_a_class_of_attrs_itself_may_build_on_one() -> None:
    @define
    class Base:
        name: str

    @attrs.define
    class Above(Base):
        age: int

    assert Above("Anna", 7) == Above("Anna", 7)
    assert repr(Above("Anna", 7)).endswith("Above(name='Anna', age=7)")


def test_the_fields_of_a_class_are_known_before_its_first_object() -> None:
    @frozen
    class Fresh:
        name: str

    assert [each.name for each in attrs.fields(Fresh)] == ["name"]


def test_fields_can_follow_from_the_others_and_be_of_the_class() -> None:
    counted = Counted(1234)
    assert (counted.length, counted.made, Counted.made) == (4, ["1234"], ["1234"])
    assert repr(counted) == "Counted(what=1234, length=4)"


def test_a_missing_field_is_refused_at_the_first_object_and_at_the_next() -> None:
    @frozen
    class Fresh:
        name: str

    for _ in range(2):
        with pytest.raises(TypeError, match="name"):
            Fresh()  # type: ignore[call-arg]  # which is what is tested
    assert Fresh("x").name == "x"


def test_an_object_has_room_for_its_fields_only_and_can_be_watched() -> None:
    place = Place("hall")
    assert not hasattr(place, "__dict__")
    assert weakref.ref(place)() is place


def test_copies_are_equal() -> None:
    room = Room("hall", 2, ["Monday"], beds=3)
    assert copy.copy(room) == copy.deepcopy(room) == pickle.loads(pickle.dumps(room)) == room
    assert evolve(room, beds=4) == Room("hall", 2, beds=4)


def test_an_object_is_taken_apart_by_its_fields_in_their_order() -> None:
    match Room("hall", 2):
        case Room(name, floor):
            assert (name, floor) == ("hall", 2)
        case _:
            pytest.fail("it is a room")


def test_the_first_two_objects_may_be_made_at_once() -> None:
    @frozen
    class Fresh:
        name: str

    ready, made = Barrier(2), []

    def make(name: str) -> None:
        ready.wait()
        made.append(Fresh(name))

    threads = [Thread(target=make, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.name for each in made} == {"a", "b"}
