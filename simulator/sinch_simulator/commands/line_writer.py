"""Writes lines to stdout or stderr from a thread, so that a reader who is slow does not slow the simulator."""

import os
import queue
import threading

from attrs import field

from sinch_simulator.core.values import define

_MOST_LINES_WAITING = 1000
_LAST_LINES_S = 0.5


@define
class LineWriter:
    """Writes to a file descriptor from ``open`` to ``close``; lines that nobody takes in time are dropped."""

    descriptor: int
    _lines: "queue.Queue[str | None]" = field(init=False, factory=lambda: queue.Queue(_MOST_LINES_WAITING))
    _thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._thread = threading.Thread(target=self._write, daemon=True)

    def open(self) -> None:
        """Begins to write."""
        self._thread.start()

    def say(self, line: str) -> None:
        """Writes this line soon; a line break follows it."""
        self._offer(line)

    def close(self) -> None:
        """Writes what is left, if somebody takes it soon."""
        self._offer(None)
        self._thread.join(_LAST_LINES_S)

    def _offer(self, line: str | None) -> None:
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            return

    def _write(self) -> None:
        # Not through sys.stderr: a write that is stuck there at the end would keep the interpreter from leaving.
        while (line := self._lines.get()) is not None:
            try:
                os.write(self.descriptor, f"{line}\n".encode(errors="backslashreplace"))
            except OSError:
                return
