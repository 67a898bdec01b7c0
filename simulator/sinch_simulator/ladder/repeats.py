"""Takes prompts together that are played again and again, as while a call is parked: nobody reads them all."""

from collections.abc import Iterable, Iterator

from attrs import define

from sinch_simulator.ladder.steps import Entry, step_of

FEWEST = 3
"""So many times a prompt is played in a row before it is told in one line."""


@define
class Told:
    """A line of a ladder: an entry, and how often it was there in a row up to ``last``."""

    entry: Entry
    last: Entry
    times: int = 1


def without_repeats(entries: Iterable[Entry]) -> Iterator[Told]:
    """Gives each entry once, in order; a prompt that is played over and over is one."""
    alike: list[Entry] = []
    for entry in entries:
        if alike and is_again(entry, alike[-1]):
            alike.append(entry)
            continue
        yield from _told(alike)
        alike = [entry]
    yield from _told(alike)


def is_again(entry: Entry, before: Entry) -> bool:
    """Whether this is a prompt, and the same as the one before."""
    kinds = entry.get("kind"), before.get("kind")
    return kinds == ("prompt.started", "prompt.started") and step_of(entry) == step_of(before)


def _told(alike: list[Entry]) -> Iterator[Told]:
    if len(alike) >= FEWEST:
        yield Told(alike[0], alike[-1], len(alike))
    else:
        yield from (Told(entry, entry) for entry in alike)
