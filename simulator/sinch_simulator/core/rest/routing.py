"""One table of endpoints: which handler a method and a path lead to, and if none, which of the two is wrong.

Paths are compared segment by segment. A segment in braces takes any text, percent-decoded once. Nothing here answers.
"""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

from attrs import define, field

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import frozen

Handler = TypeVar("Handler")


@frozen
class Endpoint(Generic[Handler]):
    """A row of the table: ``what`` says in words what it is, ``remark`` is told to whoever uses it.

    ``public`` is for everybody, whoever they are; ``at_length`` says that the answer may be a file.
    """

    method: str
    pattern: str
    handler: Handler
    what: str
    remark: Diagnostic | None = None
    public: bool = False
    at_length: bool = False


@frozen
class Found(Generic[Handler]):
    """An endpoint, and the texts that stand at its braces."""

    endpoint: Endpoint[Handler]
    parameters: Mapping[str, str]


@frozen
class WrongMethod:
    """The path is known, the verb is not one of its own."""

    allowed: tuple[str, ...]


@define
class _Path(Generic[Handler]):
    segments: tuple[str, ...]
    endpoints: dict[str, Endpoint[Handler]] = field(factory=dict)

    def match(self, segments: list[str], ignore_case: bool) -> dict[str, str] | None:
        parameters: dict[str, str] = {}
        for own, given in zip(self.segments, segments, strict=True):
            if own.startswith("{"):
                if not given:
                    return None
                parameters[own[1:-1]] = unquote(given)
            elif own != (given.lower() if ignore_case else given):
                return None
        return parameters


@define
class Router(Generic[Handler]):
    """Finds endpoints. ``ignore_case`` concerns the fixed segments, never the texts at the braces."""

    ignore_case: bool = False
    _plain: dict[tuple[str, str], Found[Handler]] = field(factory=dict)
    """Patterns without braces, by method and path as they are usually written: most requests are for one of these."""
    _by_length: dict[int, list[_Path[Handler]]] = field(factory=dict)

    @classmethod
    def of(
        cls, endpoints: Iterable[Endpoint[Handler]], *, prefixes: tuple[str, ...] = ("",), ignore_case: bool = False
    ) -> "Router[Handler]":
        """A router of this table, below each of the prefixes. Paths with fixed segments win over those with braces."""
        router: Router[Handler] = cls(ignore_case)
        for endpoint in endpoints:
            for prefix in prefixes:
                router._enter(prefix + endpoint.pattern, endpoint)
        for paths in router._by_length.values():
            paths.sort(key=lambda path: [segment.startswith("{") for segment in path.segments])
        return router

    def _enter(self, pattern: str, endpoint: Endpoint[Handler]) -> None:
        segments = tuple(self._fixed(segment) for segment in pattern.split("/"))
        paths = self._by_length.setdefault(len(segments), [])
        path = next((known for known in paths if known.segments == segments), None)
        if path is None:
            path = _Path(segments)
            paths.append(path)
        path.endpoints[endpoint.method] = endpoint
        if "{" not in pattern:
            self._plain[endpoint.method, pattern] = Found(endpoint, {})

    def _fixed(self, segment: str) -> str:
        return segment.lower() if self.ignore_case and not segment.startswith("{") else segment

    def find(self, method: str, path: str) -> "Found[Handler] | WrongMethod | None":
        """What this request line leads to; None for an unknown path. One trailing slash makes no difference."""
        plain = self._plain.get((method, path))
        if plain is not None:
            return plain
        segments = path.removesuffix("/").split("/")
        allowed: list[str] = []
        for known in self._by_length.get(len(segments), ()):
            parameters = known.match(segments, self.ignore_case)
            if parameters is None:
                continue
            endpoint = known.endpoints.get(method)
            if endpoint is not None:
                return Found(endpoint, parameters)
            allowed.extend(known.endpoints)
        return WrongMethod(tuple(allowed)) if allowed else None
