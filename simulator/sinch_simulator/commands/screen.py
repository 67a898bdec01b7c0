"""Shows every call of a simulator that ``start`` serves, as it happens: on a terminal in colours, else as plain lines.

It reads the journal in batches and takes little time for them: when more happens than anybody could read, it says how
much it has left out. So it costs the calls next to nothing.
"""

import asyncio
import json
import time
from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import field

from sinch_simulator.commands.line_writer import LineWriter
from sinch_simulator.commands.terminal import Look
from sinch_simulator.config import ClockMode, LogFormat
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.values import define
from sinch_simulator.server.live_view import live_view
from sinch_simulator.server.worlds import World

if TYPE_CHECKING:
    from sinch_simulator.ladder.live import LiveLines

MOST_ENTRIES = 200
"""How many lines of the journal one batch shows."""
SHARE = 0.005
"""The part of the time that may go into showing."""
SHORTEST_PAUSE_S = 0.02
LONGEST_PAUSE_S = 1.0
_BEGINNINGS = frozenset({"call.placed", "call.arrived"})
_STANDS_STILL = (
    "time stands still (manual clock): `sinch-simulator clock --advance SECONDS` lets it pass, "
    "`sinch-simulator clock realtime` lets it go on by itself"
)


@define(eq=False)
class Screen:
    """Follows the journal of a world from ``open`` to ``close``, in the event loop that the world lives in."""

    world: World
    log_format: LogFormat
    look: Look
    _writer: LineWriter
    _lines: "LiveLines | None" = field(init=False, default=None)
    _shown: int = field(init=False, default=0)
    """The number of the last entry that was shown or left out."""
    _begun: bool = field(init=False, default=False)
    """Whether a call has begun since it was last told that time stands still."""
    _scheduled: bool = field(init=False, default=False)
    _unfollow: Callable[[], None] = field(init=False)
    _pause_s: float = field(init=False, default=SHORTEST_PAUSE_S)

    def open(self) -> None:
        """Begins to show what is written from now on."""
        self._writer.open()
        self._unfollow = self.world.simulation.journal.follow(self._notice)

    def close(self) -> None:
        """Shows what is left."""
        self._show()
        self._writer.close()

    def _notice(self, entry: Entry) -> None:
        if not self._scheduled:
            self._scheduled = True
            loop = asyncio.get_running_loop()
            loop.call_later(self._pause_s, self._look)
            # Until then nobody needs to be told of each line. Not at once: the journal is just telling its followers.
            loop.call_soon(self._unfollow)

    def _look(self) -> None:
        self._scheduled = False
        self._unfollow = self.world.simulation.journal.follow(self._notice)
        self._show()

    def _show(self) -> None:
        started_s = time.perf_counter()
        entries = self.world.simulation.journal.entries
        first = bisect_right(entries, self._shown, key=lambda entry: entry.seq)
        unseen = entries[first:]
        if not unseen:
            return
        self._shown = unseen[-1].seq
        self._tell(unseen[:MOST_ENTRIES])
        self._tell_of_the_rest(unseen[MOST_ENTRIES:])
        spent_s = time.perf_counter() - started_s
        self._pause_s = min(max(spent_s / SHARE, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)

    def _tell(self, entries: list[Entry]) -> None:
        views = [live_view(self.world, entry) for entry in entries]
        if self.log_format is LogFormat.JSON:
            for view in views:
                self._writer.say(json.dumps(view))
            return
        for line in self._live_lines().of(views):
            for text in self.look.shown(line):
                self._writer.say(text)
        self._begun = self._begun or any(entry.kind in _BEGINNINGS for entry in entries)
        if self._begun and self.world.runner.mode is ClockMode.MANUAL and self.world.simulation.next_due() is not None:
            self._begun = False
            from sinch_simulator.ladder.live import Line

            for text in self.look.shown(Line("", "", _STANDS_STILL)):
                self._writer.say(text)

    def _live_lines(self) -> "LiveLines":
        if self._lines is None:  # nobody waits for it at the start
            from sinch_simulator.ladder.live import LiveLines

            self._lines = LiveLines()
        return self._lines

    def _tell_of_the_rest(self, entries: list[Entry]) -> None:
        if not entries:
            return
        calls = len(set(map(attrgetter("subject"), entries)) - {None})
        if self.log_format is LogFormat.JSON:
            self._writer.say(json.dumps({"kind": "not-shown", "entries": len(entries), "calls": calls}))
            return
        findings = [*map(attrgetter("kind"), entries)].count("diagnostic")
        found = f", {findings} of them findings" if findings else ""
        self._writer.say(
            f"... {len(entries)} lines about {calls} calls are not shown, too much happens{found}: "
            "see sinch-simulator calls"
        )
