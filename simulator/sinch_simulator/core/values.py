"""What a value is here: a record that nobody changes once it is made, and a word out of a closed set.

A call is made of these: every signal, every effect, every line that is read. All are what attrs and the standard
library have, without what would make each of them take three times as long, and a start half as long again.
"""

from collections.abc import Callable
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from attrs import define, frozen
else:

    def define(cls: type | None = None, **options: Any) -> Any:  # a decorator with and without brackets
        """Does what ``attrs.define`` does, but most of it when the first object is made, compared or shown.

        attrs takes a third of a millisecond for a class. A start has more than two hundred classes; most of them have
        no object before the first request is answered, and hardly one is ever compared or shown.
        """
        if cls is None:
            return lambda decorated: define(decorated, **options)
        compared, shown = options.pop("eq", True), options.pop("repr", "__repr__" not in cls.__dict__)
        hashed = options.pop("unsafe_hash", False)
        if options or issubclass(cls, BaseException) or _knows_its_class(cls):
            made = attrs.define(cls, eq=False, repr=False, **options)
        else:
            made = _with_slots(cls)
        if compared:
            made.__hash__ = None
        for name, wanted in (("__eq__", compared), ("__hash__", hashed), ("__repr__", shown)):
            if wanted:
                setattr(made, name, _made_when_asked(made, name, hashed=hashed))
        return made

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """Does what ``attrs.frozen`` does; that nobody assigns to a value is for the type checker to see."""
        return define(cls, unsafe_hash=options.get("eq", True), **options)


_GIVEN = type(attrs.field())


class _Unfinished:
    """Stands in a class for the fields that attrs knows of it, until somebody asks for them."""

    def __init__(self, owner: type, fields: dict[str, Any]) -> None:  # what attrs.field() gives has no public type
        self.owner = owner
        self.fields = fields

    def __get__(self, instance: object, cls: type) -> object:
        self.finish()
        return attrs.fields(self.owner)

    def finish(self) -> None:
        """Has attrs do its work; two threads may do so at once, to the same end."""
        attrs.define(self.owner, these=self.fields, slots=False, init=True, eq=False, repr=False)


def _knows_its_class(cls: type) -> bool:
    """Tells whether a method refers to the class, as ``super()`` does: such a class can't be copied so easily."""
    methods = [getattr(each, "__func__", None) or getattr(each, "fget", None) or each for each in vars(cls).values()]
    return any("__class__" in each.__code__.co_freevars for each in methods if hasattr(each, "__code__"))


def _with_slots(cls: type) -> type:
    """Copies a class into one with slots, which is finished when its first object is made."""
    own = vars(cls)
    given = {
        name: own.get(name, attrs.NOTHING)
        for name, type_ in own.get("__annotations__", {}).items()
        if "ClassVar" not in str(type_)
    }
    fields = {name: each if isinstance(each, _GIVEN) else attrs.field(default=each) for name, each in given.items()}
    taken = {slot for base in cls.__mro__[1:] for slot in getattr(base, "__slots__", ())}
    slots = tuple(name for name in (*fields, "__weakref__") if name not in taken)
    rest = {name: value for name, value in own.items() if name not in {"__dict__", "__weakref__", *fields}}
    made: Any = type(cls)(cls.__name__, cls.__bases__, {**rest, "__slots__": slots})
    made.__qualname__ = cls.__qualname__

    def begin(self: object, *positional: object, **named: object) -> None:
        unfinished.finish()
        made.__init__(self, *positional, **named)

    made.__init__ = begin
    made.__attrs_attrs__ = unfinished = _Unfinished(made, fields)
    return made  # type: ignore[no-any-return]  # it is what its own class makes


def _made_when_asked(owner: type, name: str, *, hashed: bool) -> Callable[..., object]:
    """Returns a method that has attrs make the real one, puts that in its own place, and calls it."""

    def ask(self: object, *others: object) -> object:
        fields = {
            each.name: attrs.field(init=False, eq=each.eq_key or each.eq, hash=each.hash, repr=each.repr)
            for each in attrs.fields(owner)
        }
        complete = attrs.define(type(owner.__name__, (), {}), these=fields, init=False, slots=False, unsafe_hash=hashed)
        method: Callable[..., object] = complete.__dict__[name]
        setattr(owner, name, method)
        return method(self, *others)

    return ask


class Word(Enum):
    """An ``Enum`` whose hash and ``value`` are not looked up by code in Python."""

    __hash__ = object.__hash__

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))


__all__ = ["Word", "define", "frozen"]
