"""Says how lines about calls look where they go: wrapped and in colours on a terminal, else plain."""

import os
from typing import TYPE_CHECKING, TextIO

from sinch_simulator.core.values import frozen

if TYPE_CHECKING:
    from sinch_simulator.ladder.live import Line

_COLUMNS_OF_NOBODY = 120


@frozen
class Look:
    """How lines are written to one stream. ``descriptor`` is that of the terminal, None where there is none."""

    descriptor: int | None
    coloured: bool

    @classmethod
    def on(cls, stream: TextIO) -> "Look":
        """Finds the look of lines on this stream; the environment variable NO_COLOR takes the colours away."""
        if not stream.isatty():
            return cls(None, False)
        return cls(stream.fileno(), not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")

    def shown(self, line: "Line") -> list[str]:
        """Writes one line of a call, in several lines where the terminal is narrow."""
        if self.descriptor is None:
            return [line.plain()]
        parts = line.wrapped(self._columns(self.descriptor))
        return [part.coloured() if self.coloured else part.plain() for part in parts]

    @staticmethod
    def _columns(descriptor: int) -> int:
        try:
            return os.get_terminal_size(descriptor).columns or _COLUMNS_OF_NOBODY
        except OSError:
            return _COLUMNS_OF_NOBODY
