"""Finds what a method and a path lead to, and if nothing, which of the two is wrong.

Paths are compared segment by segment. A segment in braces takes any text, percent-decoded once; one with a verb after
the braces, ``{number}:rent``, any that ends with it. Nothing here answers.
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

from attrs import field

from sinch_simulator.core.values import define, frozen

Target = TypeVar("Target")
_MOST_REMEMBERED = 256
_LONGEST_REMEMBERED = 200


@frozen
class Found(Generic[Target]):
    """What a request line leads to, and the texts that stand at the braces of its pattern."""

    target: Target
    parameters: Mapping[str, str]


@frozen
class WrongMethod(Generic[Target]):
    """The path is known, the method is not one of its own: ``allowed`` are, and ``target`` belongs to the best fit."""

    allowed: tuple[str, ...]
    target: Target


@define
class _Path(Generic[Target]):
    segments: tuple[str, ...]
    ignore_case: bool
    targets: dict[str, Target] = field(factory=dict)

    @property
    def rank(self) -> list[int]:
        """Returns the sort key by which fixed segments come before those with a verb, and those before mere braces."""
        return [0 if segment[:1] != "{" else 1 if segment[-1] != "}" else 2 for segment in self.segments]

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Returns the texts at the braces; None when this is another path."""
        parameters: dict[str, str] = {}
        for own, given in zip(self.segments, segments, strict=True):
            if own.startswith("{"):
                name, _, verb = own[1:].partition("}")
                text = unquote(given)
                if not text.endswith(verb) or len(text) == len(verb):
                    return None
                parameters[name] = text.removesuffix(verb)
            elif own != (given.lower() if self.ignore_case else given):
                return None
        return parameters


@define
class Router(Generic[Target]):
    """A table of methods and patterns, and what each leads to."""

    _plain: dict[tuple[str, str], Found[Target]] = field(factory=dict)
    """Patterns without braces, by method and path as they are usually written: most requests are for one of these."""
    _by_length: dict[int, list[_Path[Target]]] = field(factory=dict)
    _found: dict[tuple[str, str], Found[Target]] = field(factory=dict)
    """What the newest requests have led to: apps ask the same again and again."""

    def add(self, method: str, pattern: str, target: Target, *, ignore_case: bool = False) -> None:
        """Adds a row. ``ignore_case`` concerns the fixed segments, never the texts at the braces."""
        self._found.clear()
        segments = tuple(
            segment.lower() if ignore_case and not segment.startswith("{") else segment
            for segment in pattern.split("/")
        )
        paths = self._by_length.setdefault(len(segments), [])
        path = next((known for known in paths if known.segments == segments), None)
        if path is None:
            path = _Path(segments, ignore_case)
            insort(paths, path, key=lambda known: known.rank)
        path.targets[method] = target
        if "{" not in pattern:
            self._plain[method, pattern] = Found(target, {})

    def targets(self) -> Iterator[Target]:
        """Gives all that rows lead to, each as often as there are rows."""
        for paths in self._by_length.values():
            for path in paths:
                yield from path.targets.values()

    def find(self, method: str, path: str) -> Found[Target] | WrongMethod[Target] | None:
        """Returns what a request line leads to, None for an unknown path. A trailing slash makes no difference."""
        plain = self._plain.get((method, path)) or self._found.get((method, path))
        if plain is not None:
            return plain
        segments = path.removesuffix("/").split("/")
        others: list[str] = []
        best: Target | None = None
        for known in self._by_length.get(len(segments), ()):
            parameters = known.match(segments)
            if parameters is None:
                continue
            target = known.targets.get(method)
            if target is not None:
                return self._remembered(method, path, Found(target, parameters))
            if best is None:
                best = next(iter(known.targets.values()))
            others += [name for name in known.targets if name not in others]
        return None if best is None else WrongMethod(tuple(others), best)

    def _remembered(self, method: str, path: str, found: Found[Target]) -> Found[Target]:
        if len(path) <= _LONGEST_REMEMBERED:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[method, path] = found
        return found
