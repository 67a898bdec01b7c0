"""Declares objects: a ``Shape`` lists the fields that one kind of JSON object has, and reads such an object.

Reading gives ``Values``, complete for the shape, and tells ``Findings`` what is wrong. What a single field may hold is
said by the classes of ``fields.py`` and by a product's own; how strictly a kind of document is read, and in which words
it is refused, by its subclass of ``Findings``. ``json_schema.py`` describes the same shapes to other tools.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, dataclass_transform

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.schema.json_parsing import RepeatingObject
from sinch_simulator.core.schema.words import did_you_mean, printable, shown, suggestion
from sinch_simulator.core.values import define, frozen

LIMIT = 200
"""Findings kept of one document; the rest of a document that is wrong all over says nothing new."""
MOST_STRANGERS = 20
"""Unknown names of one object that are told one by one; the others are counted."""


@define
class Findings:
    """The diagnostics of one document so far, and whether an error among them makes it unusable."""

    any_case: ClassVar[bool] = False
    """Whether names are matched in any case; an unusual one is told."""
    ignores_unknown: ClassVar[bool] = False
    """Whether a name that a shape does not have is ignored, with a warning, and is no error."""
    null_is_absent: ClassVar[bool] = True
    """Whether a property that is null counts as one that is not there."""
    numerals: ClassVar[bool] = False
    """Whether a number may be written as a text."""
    coerces: ClassVar[bool] = False
    """Whether texts for numbers and booleans, and numbers for texts, are taken as meant and told."""

    found: list[Diagnostic] = field(factory=list, init=False)
    illegal: bool = field(default=False, init=False)

    @property
    def full(self) -> bool:
        """Tells whether further warnings are dropped."""
        return len(self.found) >= LIMIT

    @property
    def first_error(self) -> Diagnostic | None:
        """Returns the error that was found first."""
        return next((found for found in self.found if found.severity is Severity.ERROR), None)

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Tells that the document cannot be taken; ``hint`` says what would be right."""
        if not (self.full and self.illegal):
            self.found.append(Diagnostic(code, Severity.ERROR, path, message, hint))
        self.illegal = True

    def warn(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Tells that the document is taken, but not as its author meant it."""
        if not self.full:
            self.found.append(Diagnostic(code, Severity.WARNING, path, message, hint))

    def info(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Tells something worth knowing; nothing is wrong."""
        if not self.full:
            self.found.append(Diagnostic(code, Severity.INFO, path, message, hint))

    # ---- what reading an object says; a kind of document that has other words for it overrides these -------------

    def wrong(
        self, item: "Field", path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Tells that a value cannot be taken.

        ``problem`` says why, as ``is negative``, where it is not simply something else than the field is; ``right``
        what would be right, where the field does not say it; ``hint`` a whole sentence in its place.
        """
        message = f"{shown(value)} {problem or f'is not {item.phrase}'}"
        self.error("WRONG_TYPE", path, message, hint or f"write {right or item.expected}")

    def missing(self, shape: "Shape", item: "Field", prefix: str) -> None:
        """Tells that a property is missing that must be there."""
        self.error("MISSING_PROPERTY", prefix + item.name, "it is missing", f"write {item.expected}")

    def empty(self, item: "Field", path: str) -> None:
        """Tells that a property that must be there says nothing."""
        self.error("MISSING_PROPERTY", path, f'"{item.name}" is empty.', item.meaning)

    def coerced(self, item: "Field", path: str, value: object) -> None:
        """Tells that a value of another type is taken for one of the right type."""
        self.warn("TYPE_COERCED", path, f"{shown(value)} is taken as {item.phrase}.", f"write {item.phrase}")

    def unknown(self, shape: "Shape", name: str, prefix: str) -> None:
        """Tells of a property that the shape does not have: a mistake, or for the platform nothing to speak of."""
        if not self.ignores_unknown:
            hint = suggestion(str(name), shape.exact)
            self.error("UNKNOWN_PROPERTY", prefix[:-1], f"unknown key {shown(name)}", hint)
        elif not self.full:
            hint = shape.hints.get(name.lower()) or did_you_mean(name, [item.name for item in shape.fields])
            message = f"{shape.name} has no such property: it is ignored."
            self.warn("UNKNOWN_PROPERTY", prefix + printable(name), message, hint)

    def unusual_case(self, path: str, right: str) -> None:
        """Tells that a name is written in another case than documented, and taken."""
        self.warn("CASE", path, f'The platform calls it "{right}" and takes any case.', f'write "{right}"')


class Others(Enum):
    """Which fields an object may have beside those of its shape."""

    NONE = "none"
    LATER = "those of later versions"
    ANY = "any"


class Absent(Enum):
    """What a field says that may be null, and is not there."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Values(dict[str, Any]):
    """What an object said: each field of its shape under its official name, the default where it said nothing.

    What is there is for the field to say, hence ``Any``; the typed look-ups hold because the field was read.
    """

    __slots__ = ()

    def text(self, name: str) -> str:
        """Returns a string that has a default or is required."""
        value = self[name]
        assert isinstance(value, str)
        return value

    def text_or_none(self, name: str) -> str | None:
        """Returns a string, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, str)
        return value

    def integer(self, name: str) -> int:
        """Returns an integer that has a default."""
        value = self[name]
        assert isinstance(value, int)
        return value

    def integer_or_none(self, name: str) -> int | None:
        """Returns an integer, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, int)
        return value

    def seconds_as_ms(self, name: str) -> int | None:
        """Returns a duration that the document gives in seconds, in milliseconds; None when absent."""
        value = self.integer_or_none(name)
        return None if value is None else value * 1000

    def flag(self, name: str) -> bool:
        """Returns a boolean, False when absent."""
        return self[name] is True

    def object(self, name: str) -> "Values | None":
        """Returns an object, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, Values)
        return value

    def objects(self, name: str) -> "tuple[Values, ...]":
        """Returns the objects of a list."""
        value = self[name]
        assert isinstance(value, tuple)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Returns the strings of a list."""
        value = self[name]
        assert isinstance(value, tuple)
        return value


def _given(*, default: Any, kw_only: bool) -> Any:
    return default


@dataclass_transform(kw_only_default=True, field_specifiers=(_given,))
class _Declared:
    """Gives a class an ``__init__`` that takes its settings: those that are not given are those of the class.

    A record class of attrs takes a millisecond to make, and there are dozens of these at each start.
    """

    if not TYPE_CHECKING:

        def __init__(self, name: str = "", meaning: str = "", **settings: Any) -> None:
            self.name = name
            self.meaning = meaning
            self.__dict__.update(settings)


class Field(_Declared):
    """One property of an object, by its name: what it may be, and what counts when it is absent.

    ``phrase`` says what the value is, with an article, and ``right`` what would be right where that says more.
    ``meaning`` is for people. ``aliases`` are other names for it. Of a ``nullable`` one null is a value like another,
    None, and ``ABSENT`` says that it is not there.
    """

    name: str = _given(default="", kw_only=False)
    meaning: str = _given(default="", kw_only=False)
    required: bool = False
    default: object = None
    aliases: tuple[str, ...] = ()
    phrase: str = "a value"
    right: str = ""
    nullable: bool = False
    described: "dict[str, Any] | None" = None
    """The JSON Schema of the value, where that of its class says too little."""

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return self.right or self.phrase

    @property
    def shown_default(self) -> object:
        """Returns the default as a document would write it."""
        return self.default

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the value, or None when it cannot be used and the default stays: then something has been told.

        ``name`` is the name as the document spells it, ``prefix`` the path of the object with its dot.
        """
        return value

    def absent(self) -> object:
        """Returns what counts when the field is not there: of a required one something of its type."""
        return self.default


Reader: TypeAlias = tuple[str, Callable[[str, object, str, Findings], object] | None]
"""The official name of a field, and what reads it, None where anything goes: looked up once for all documents."""


@frozen(eq=False)
class Shape:
    """The fields of one kind of object. ``hints`` say, by names in lower case, what is to be done about a wrong one."""

    name: str
    fields: tuple[Field, ...]
    hints: dict[str, str] = field(factory=dict)
    meaning: str = field(default="", kw_only=True)
    title: str = field(default="", kw_only=True)
    """What descriptions for other tools call it; one without a title is described where it is used."""
    single: bool = field(default=False, kw_only=True)
    """Whether such an object has exactly one of the fields, for descriptions."""
    others: Others = field(default=Others.NONE, kw_only=True)
    """Which other fields such an object may have, for descriptions."""
    exact: dict[str, Field] = field(init=False, repr=False)
    folded: dict[str, Field] = field(init=False, repr=False)
    defaults: dict[str, object] = field(init=False, repr=False)
    required: tuple[Field, ...] = field(init=False, repr=False)
    _readers: dict[str, Reader] = field(init=False, repr=False)

    @exact.default
    def _exact(self) -> dict[str, Field]:
        aliased = {alias: item for item in self.fields for alias in item.aliases}
        return {item.name: item for item in self.fields} | aliased

    @folded.default
    def _folded(self) -> dict[str, Field]:
        return {name.lower(): item for name, item in self.exact.items()}

    @defaults.default
    def _defaults(self) -> dict[str, object]:
        return {item.name: ABSENT if item.nullable else item.absent() for item in self.fields}

    @required.default
    def _required(self) -> tuple[Field, ...]:
        return tuple(item for item in self.fields if item.required)

    @_readers.default
    def _readers_of_fields(self) -> dict[str, Reader]:
        return {name: (item.name, _reader(item)) for name, item in self.exact.items()}

    def read(self, document: Mapping[str, object], prefix: str, findings: Findings) -> Values:
        """Reads the values of an object, complete even when errors were found. ``prefix`` is its path and a dot."""
        values = Values(self.defaults)
        readers, null_is_absent = self._readers, findings.null_is_absent
        strangers: list[str] = []
        for name, value in document.items():
            try:
                official, read_field = readers[name]
            except KeyError:
                item = self._in_any_case(name, document, prefix, findings) if findings.any_case else None
                if item is None:
                    strangers.append(name)
                    continue
                official, read_field = item.name, _reader(item)
            if value is None and null_is_absent:
                if values[official] is ABSENT:
                    values[official] = None
                continue
            read = value if read_field is None else read_field(name, value, prefix, findings)
            if read is not None:
                values[official] = read
        if strangers:
            self._tell_strangers(strangers, prefix, findings)
        for needed in self.required:
            if document.get(needed.name) is None and not self._has(document, needed, findings):
                findings.missing(self, needed, prefix)
        if type(document) is RepeatingObject:
            for name in document.repeated:
                message = "The name is given more than once; the last one counts."
                findings.warn("DUPLICATE_KEY", prefix + printable(name), message)
        return values

    def _in_any_case(self, name: str, document: Mapping[str, object], prefix: str, findings: Findings) -> Field | None:
        """Returns the field that is meant; where its right name stands in the document too, that one counts."""
        item = self.folded.get(name.lower())
        if item is None or item.name in document:
            return None
        findings.unusual_case(prefix + name, item.name)
        return item

    def _tell_strangers(self, strangers: list[str], prefix: str, findings: Findings) -> None:
        for name in strangers[:MOST_STRANGERS]:
            findings.unknown(self, name, prefix)
        more = len(strangers) - MOST_STRANGERS
        if more > 0:
            findings.warn("UNKNOWN_PROPERTY", prefix[:-1], f"{more} more unknown properties are ignored.")

    def _has(self, document: Mapping[str, object], item: Field, findings: Findings) -> bool:
        names = self.folded if findings.any_case else self.exact
        return any(
            names.get(name.lower() if findings.any_case else name) is item
            for name, value in document.items()
            if value is not None or not findings.null_is_absent
        )


def _reader(item: Field) -> Callable[[str, object, str, Findings], object] | None:
    return None if type(item).read is Field.read else item.read
