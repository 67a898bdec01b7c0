"""A call's timeline as text, one line for each thing that happened: when, who to whom, what."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from attrs import define

from sinch_simulator.ladder.app_words import words_of_app
from sinch_simulator.ladder.repeats import Told, without_repeats
from sinch_simulator.ladder.steps import PLATFORM, Entry, printable, said, step_of

_WIDTH = 6
_WORDS_BEGIN = " " * 30
_LONGEST_WORDS = 160


@define
class Ladder:
    """Renders lines of the journal one by one as they come; times count from the first one."""

    _started: datetime | None = None

    def line(self, entry: Entry) -> str:
        """One entry as one line, without a line break."""
        source, target, what = step_of(entry)
        actors = f"{source:>{_WIDTH}} -> {target:<{_WIDTH}}" if source else f"{PLATFORM:>{_WIDTH}}    {'':<{_WIDTH}}"
        return f"{self.since_start(entry):>10}  {actors}  {printable(what)}".rstrip()

    def line_of(self, told: Told) -> str:
        """One entry, or one for many that are alike, as one line."""
        line = self.line(told.entry)
        return line if told.times == 1 else f"{line}, {told.times} times until {self.since_start(told.last)}"

    def since_start(self, entry: Entry) -> str:
        """The seconds from the first entry to this one; ``?`` where the time of either cannot be read."""
        try:
            at = datetime.fromisoformat(said(entry, "at"))
            if self._started is None:
                self._started = at
            return f"{(at - self._started).total_seconds():.3f}"
        except (ValueError, TypeError):
            return "?"


def render(entries: Iterable[Entry]) -> str:
    """A whole timeline, with what the app itself has said about a failure, and without a line break at its end.

    A prompt that is played over and over is one line.
    """
    ladder = Ladder()
    lines: list[str] = []
    for told in without_repeats(entries):
        lines += [ladder.line_of(told), *(f"{_WORDS_BEGIN}| {shortened(text)}" for text in words_of_app(told.entry))]
    return "\n".join(lines)


def shortened(text: str) -> str:
    """A line of an app's own words, as much of it as a ladder shows."""
    return text if len(text) <= _LONGEST_WORDS else f"{text[: _LONGEST_WORDS - 3]}..."


def quoted(texts: Iterable[str]) -> str:
    """Texts one after the other in quotation marks; one that comes several times running is there once, counted."""
    counted = [(text, sum(1 for _ in same)) for text, same in groupby(texts)]
    return "; ".join(f'"{printable(text)}"' + f" (x{count})" * (count > 1) for text, count in counted) or "nothing"
