"""What a value is here: a record that nobody changes once it is made, and a word out of a closed set.

A call is made of these: every signal, every effect, every line that is read. Both are what attrs and the standard
library have, without what would make each of them take three times as long.
"""

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import define

if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(cls: type | None = None, **options: Any) -> Any:  # a decorator with and without brackets
        """``attrs.frozen``; that nobody assigns to such a value is for the type checker to see, not for each object."""
        return define(cls, unsafe_hash=options.get("eq", True), **options)


class Word(Enum):
    """An ``Enum`` whose hash and ``value`` are not looked up by code in Python."""

    __hash__ = object.__hash__

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))


__all__ = ["Word", "frozen"]
