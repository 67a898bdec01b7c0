"""What a value is here: a record that nobody changes once it is made, and a word out of a closed set.

A call is made of these: every signal, every effect, every line that is read. All are what attrs and the standard
library have, without what would make each of them take three times as long.
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
        """``attrs.define``; what compares two records and shows one is made when the first is compared or shown.

        Two thirds of the time that attrs takes for a class go into these methods, every start has some two hundred
        classes, and few of them are ever compared or shown.
        """
        if cls is None:
            return lambda decorated: define(decorated, **options)
        compared, shown = options.pop("eq", True), options.pop("repr", "__repr__" not in cls.__dict__)
        hashed = options.pop("unsafe_hash", False)
        made = attrs.define(cls, eq=False, repr=False, **options)
        if compared:
            made.__hash__ = None
        for name, wanted in (("__eq__", compared), ("__hash__", hashed), ("__repr__", shown)):
            if wanted:
                setattr(made, name, _made_when_asked(made, name, hashed=hashed))
        return made

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """``attrs.frozen``; that nobody assigns to such a value is for the type checker to see, not for each object."""
        return define(cls, unsafe_hash=options.get("eq", True), **options)


def _made_when_asked(owner: type, name: str, *, hashed: bool) -> Callable[..., object]:
    """A method that has attrs make the real one, puts that in its own place, and calls it."""

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
