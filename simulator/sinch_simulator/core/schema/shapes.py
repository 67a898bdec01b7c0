"""The tables that SVAML is read by are made of these: a ``Shape`` lists the properties of one kind of JSON object.

A shape is data, so that one table reads a document, documents the language and describes it to other tools.
"""


from attrs import field

from sinch_simulator.core.values import Word, frozen


class Kind(Word):
    """What the value of a property may be."""

    TEXT = "string"
    INTEGER = "integer"
    FLAG = "boolean"
    CHOICE = "keyword"
    OBJECT = "object"
    OBJECTS = "array of objects"
    TEXTS = "array of strings"
    PHONE = "phone number"
    TONES = "DTMF tones"
    LOCALE = "locale or voice"
    ANY = "any"
    """Read elsewhere."""
    LEGACY = "legacy"
    """Known from older documents, taken and without effect."""

    # Members are singletons, and the hash of Enum costs more than reading a property.

    @property
    def phrase(self) -> str:
        """With its article, for messages."""
        return f"{'an' if self.value[0] in 'aio' else 'a'} {self.value}"


@frozen
class Property:
    """One property of an object: its name, its kind, its default and its limits.

    ``minimum`` and ``maximum`` are of integers, ``longest`` is of strings; ``over`` is the code of the warning about a
    value above the maximum, which is lowered to it. ``choices`` are in the platform's spelling.
    """

    name: str
    kind: Kind = Kind.TEXT
    meaning: str = ""
    required: bool = False
    default: object = None
    minimum: int | None = None
    maximum: int | None = None
    over: str = "OUT_OF_RANGE"
    longest: int | None = None
    choices: tuple[str, ...] = ()
    shape: "Shape | None" = None
    aliases: tuple[str, ...] = ()


@frozen
class Shape:
    """The properties of one kind of object. ``hints`` say where a name belongs that people put here by mistake."""

    name: str
    properties: tuple[Property, ...]
    hints: dict[str, str] = field(factory=dict)
    exact: dict[str, Property] = field(init=False, repr=False, eq=False)
    folded: dict[str, Property] = field(init=False, repr=False, eq=False)
    defaults: dict[str, object] = field(init=False, repr=False, eq=False)
    required: tuple[Property, ...] = field(init=False, repr=False, eq=False)

    @exact.default
    def _exact(self) -> dict[str, Property]:
        aliased = {alias: item for item in self.properties for alias in item.aliases}
        return {item.name: item for item in self.properties} | aliased

    @folded.default
    def _folded(self) -> dict[str, Property]:
        return {name.lower(): item for name, item in self.exact.items()}

    @defaults.default
    def _defaults(self) -> dict[str, object]:
        return {item.name: _default(item) for item in self.properties}

    @required.default
    def _required(self) -> tuple[Property, ...]:
        return tuple(item for item in self.properties if item.required)


class Values(dict[str, object]):
    """What an object said: each property of its shape under its official name, the default where it said nothing.

    The typed look-ups hold because the shape's kinds were checked when it was read.
    """

    def text(self, name: str) -> str:
        """A string that has a default or is required."""
        value = self[name]
        assert isinstance(value, str)
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, str)
        return value

    def integer(self, name: str) -> int:
        """An integer that has a default."""
        value = self[name]
        assert isinstance(value, int)
        return value

    def integer_or_none(self, name: str) -> int | None:
        """An integer, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, int)
        return value

    def seconds_as_ms(self, name: str) -> int | None:
        """A duration that the document gives in seconds, in milliseconds; None when absent."""
        value = self.integer_or_none(name)
        return None if value is None else value * 1000

    def flag(self, name: str) -> bool:
        """A boolean that has a default."""
        return self[name] is True

    def object(self, name: str) -> "Values | None":
        """An object, None when absent."""
        value = self[name]
        assert value is None or isinstance(value, Values)
        return value

    def objects(self, name: str) -> "tuple[Values, ...]":
        """The objects of an array."""
        value = self[name]
        assert isinstance(value, tuple)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings of an array."""
        value = self[name]
        assert isinstance(value, tuple)
        return value


def _default(item: Property) -> object:
    if item.default is not None or not item.required:
        return () if item.default is None and item.kind in (Kind.OBJECTS, Kind.TEXTS) else item.default
    match item.kind:
        case Kind.OBJECTS | Kind.TEXTS:
            return ()
        case Kind.OBJECT:
            assert item.shape is not None
            return Values(item.shape.defaults)
        case _:
            return ""
