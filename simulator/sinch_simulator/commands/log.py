"""What a running simulator says on stderr: each finding about a call, a callback or a request, as it is made.

A thread writes, from a bounded queue: whoever does not read our stderr must not make the simulator stand still.
"""

import json
import os
import queue
import sys
import threading

from attrs import define, field

from sinch_simulator.config import LogFormat
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.journal_views import diagnostic_view
from sinch_simulator.server.worlds import World

_MOST_LINES_WAITING = 1000
_LAST_LINES_S = 0.5


@define
class Log:
    """Follows the journal of a world from ``open`` to ``close``; lines that nobody takes are dropped."""

    world: World
    log_format: LogFormat
    _lines: "queue.Queue[str | None]" = field(factory=lambda: queue.Queue(_MOST_LINES_WAITING))
    _writer: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._writer = threading.Thread(target=self._write, daemon=True)

    def open(self) -> None:
        """Begin to write."""
        self._writer.start()
        self.world.simulation.journal.follow(self._note, "diagnostic")

    def close(self) -> None:
        """Write what is left, if somebody takes it soon."""
        self._offer(None)
        self._writer.join(_LAST_LINES_S)

    def _note(self, entry: Entry) -> None:
        found = {name: str(value) for name, value in diagnostic_view(self.world.simulation, entry).items()}
        self._offer(json.dumps(found) if self.log_format is LogFormat.JSON else _as_text(found))

    def _offer(self, line: str | None) -> None:
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            return

    def _write(self) -> None:
        # Not through sys.stderr: a write that is stuck there at the end would keep the interpreter from leaving.
        descriptor = sys.stderr.fileno()
        while (line := self._lines.get()) is not None:
            try:
                os.write(descriptor, f"{line}\n".encode(errors="backslashreplace"))
            except OSError:
                return


def _as_text(found: dict[str, str]) -> str:
    about = found.get("event", "").upper() or found.get("request", "")
    place = " ".join(part for part in (about, found["path"]) if part)
    hint = f" ({found['hint']})" if found["hint"] else ""
    call = f" [call {found['callId']}]" if "callId" in found else ""
    text = f"{found['at']} {found['severity']} {found['code']} {place}: {found['message']}{hint}{call}"
    return "".join(character if character.isprintable() else " " for character in text)
