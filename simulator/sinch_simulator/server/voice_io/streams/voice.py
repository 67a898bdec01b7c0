"""Lets somebody be the caller of a stream with a real voice: sound comes in from outside, the app's sound goes out.

That is for the real-time clock only. Sound is traded 20 ms at a time, so that an answer is heard soon after the words.
"""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import field

from sinch_simulator.core.values import define
from sinch_simulator.server.voice_io.streams.frames import FRAME_MS

AHEAD_FRAMES = 2
"""How many frames of the voice are gathered before the first goes to the app: they come unevenly."""
MOST_FRAMES_BEHIND = 50
"""How much of what was said waits for its turn, and how much of what is heard for its listener; the oldest goes."""
LATE_FRAMES = 5
"""More than this never waits for long: what a faster clock at the other end has piled up is left out."""
LOOK_BACK_FRAMES = 100

_LOUDEST = 32767


@define(eq=False)
class Voice:
    """A person's own voice in a call, and what that person hears; a frame has ``frame_bytes``."""

    frame_bytes: int
    _trade: Callable[[bytes], Awaitable[bytes]]
    """Sends the app a frame that was said; gives the frame that is heard meanwhile."""
    _lost: Callable[[], str]
    """Says why nothing can be heard any more; empty while something can."""
    heard: "asyncio.Queue[bytes | None]" = field(init=False, factory=asyncio.Queue)
    """The frames that are heard; None when it is over."""
    why: str = field(init=False, default="")
    """Why it is over; empty while it is not."""
    _said: bytearray = field(init=False, factory=bytearray)
    _flows: bool = field(init=False, default=False)
    _least_waiting: int = field(init=False, default=0)
    _looked_at: int = field(init=False, default=0)

    def say(self, pcm: bytes) -> None:
        """Takes what was said: signed 16-bit samples at the stream's rate, any number of them."""
        self._said += pcm
        too_many = len(self._said) - MOST_FRAMES_BEHIND * self.frame_bytes
        if too_many > 0:
            del self._said[: too_many + too_many % 2]

    def end(self, why: str) -> None:
        """Ends it, once."""
        if not self.why:
            self.why = why
            self.heard.put_nowait(None)

    async def carry(self) -> None:
        """Trades a frame every 20 ms of real time until it is over."""
        loop = asyncio.get_running_loop()
        began_s, traded = loop.time(), 0
        while not self.why:
            lost = self._lost()
            if lost:
                self.end(lost)
                return
            due = int((loop.time() - began_s) * 1000 / FRAME_MS) - traded
            if due > MOST_FRAMES_BEHIND:  # this process stood still: nobody wants to hear all that was missed
                began_s += (due - 1) * FRAME_MS / 1000
                due = 1
            for _ in range(due):
                self._hear(await self._trade(self.next_said()))
                traded += 1
            await asyncio.sleep(began_s + (traded + 1) * FRAME_MS / 1000 - loop.time())

    def _hear(self, pcm: bytes) -> None:
        if self.heard.qsize() >= MOST_FRAMES_BEHIND:
            self.heard.get_nowait()
        self.heard.put_nowait(pcm)

    def next_said(self) -> bytes:
        """Gives the next frame of what was said; silence while nothing has come, or too little to begin with."""
        waiting = len(self._said) // self.frame_bytes
        self._leave_out_what_is_late(waiting)
        if waiting < (1 if self._flows else AHEAD_FRAMES):
            self._flows = False
            return bytes(self.frame_bytes)
        self._flows = True
        frame = bytes(self._said[: self.frame_bytes])
        del self._said[: self.frame_bytes]
        return frame

    def _leave_out_what_is_late(self, waiting: int) -> None:
        self._least_waiting = waiting if self._looked_at == 0 else min(self._least_waiting, waiting)
        self._looked_at += 1
        if self._looked_at < LOOK_BACK_FRAMES:
            return
        self._looked_at = 0
        if self._least_waiting > LATE_FRAMES:
            del self._said[: (self._least_waiting - AHEAD_FRAMES) * self.frame_bytes]
