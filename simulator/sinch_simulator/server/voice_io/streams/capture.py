"""What has gone over one stream, kept so that a test can look at it: commands, and the sound that the app has sent.

The platform buffers what the app sends, and plays it to the caller as time passes (docs/platform/svaml.md#3.7). No I/O.
"""

from collections import deque
from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.svaml.model import ConnectStream
from sinch_simulator.server.voice_io.streams.frames import SAMPLE_BYTES

LARGEST_BUFFER = 5_000_000
"""Bytes of the app's sound that wait to be played; what comes on top is dropped (*assumed*).

Source: docs/platform/svaml.md#3.7.
"""
MOST_KEPT = 64_000_000
"""Bytes of memory for the frames of all streams of a world that are kept to be looked at; the oldest go first."""
MOST_COMMANDS = 2_000
"""Commands of one stream that are kept and told; those on top are obeyed all the same."""
_FRAME_COSTS = 160
"""Bytes of memory that a frame takes beside its sound."""


class RecordedSpan(Protocol):
    """A recording: it runs until it has stopped."""

    @property
    def stopped_ms(self) -> int | None:
        """Returns when it has stopped; None while it runs."""


class StreamedCall(Protocol):
    """A call of either protocol one of whose ends is a stream."""

    @property
    def id(self) -> str:
        """Returns its id."""

    @property
    def application(self) -> Application:
        """Returns whose call it is."""

    @property
    def recordings(self) -> Sequence[RecordedSpan]:
        """Returns what was recorded of it."""


class StreamState(Enum):
    """How far a stream is."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


@frozen
class Message:
    """One binary message of the app, or one command of either side, at a moment of simulated time."""

    at_ms: int
    command: str = ""
    sent: bool = False
    """Whether the platform said it."""
    pcm: bytes = b""


@frozen
class Heard:
    """Sound of the app that the caller heard from this moment on; empty when there was none."""

    at_ms: int
    pcm: bytes


@define(eq=False)
class FrameShelf:
    """The frames of all streams of a world that are kept, within ``MOST_KEPT``."""

    _order: "deque[deque[Message]]" = field(init=False, factory=deque)
    """For each frame, the stream that it is kept with; the oldest first."""
    _bytes: int = field(init=False, default=0)

    def put(self, frames: "deque[Message]", frame: Message) -> None:
        """Keeps a frame of a stream with those that it has, and drops the oldest of any stream for it."""
        frames.append(frame)
        self._order.append(frames)
        self._bytes += len(frame.pcm) + _FRAME_COSTS
        while self._bytes > MOST_KEPT or not self._order[0]:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        frames = self._order.popleft()
        if frames:
            self._bytes -= len(frames.popleft().pcm) + _FRAME_COSTS

    def drop(self, frames: "deque[Message]") -> None:
        """Drops all frames of a stream that is over; its places in the order go when they are the oldest."""
        self._bytes -= sum(len(frame.pcm) + _FRAME_COSTS for frame in frames)
        frames.clear()


@define
class StreamRecord:
    """One stream of a call."""

    call: StreamedCall
    leg: LegName
    options: ConnectStream
    shelf: FrameShelf
    state: StreamState = StreamState.CONNECTING
    commands: list[Message] = field(factory=list)
    frames_sent: int = 0
    frames_received: int = 0
    frames: "deque[Message]" = field(factory=deque)
    played_ms: int = 0
    """Returns how much of the app's sound the caller has heard."""
    _buffer: bytearray = field(factory=bytearray)
    _heard_at_ms: int = 0

    @property
    def buffered_ms(self) -> int:
        """Returns how much of the app's sound waits to be played."""
        return self._ms(len(self._buffer))

    def _ms(self, size: int) -> int:
        return size * 1000 // (self.options.sample_rate_hz * SAMPLE_BYTES)

    def begin(self, now: int) -> None:
        """Begins to keep sound: the app has answered."""
        self.state = StreamState.OPEN
        self._heard_at_ms = now

    def take(self, pcm: bytes, now: int) -> bool:
        """Takes a frame of the app; False when the buffer has no room for it."""
        self.frames_received += 1
        self.shelf.put(self.frames, Message(now, pcm=pcm))
        if len(self._buffer) + len(pcm) > LARGEST_BUFFER:
            return False
        self._buffer += pcm
        return True

    def note(self, command: str, now: int, *, sent: bool) -> bool:
        """Keeps a command; False when as many are kept as may be."""
        if len(self.commands) >= MOST_COMMANDS:
            return False
        self.commands.append(Message(now, command, sent))
        return True

    def play(self, now: int) -> Heard:
        """Lets the caller hear what is buffered, from the last time up to now."""
        since_ms, self._heard_at_ms = self._heard_at_ms, now
        wanted = (now - since_ms) * self.options.sample_rate_hz // 1000 * SAMPLE_BYTES
        heard = bytes(self._buffer[:wanted])
        del self._buffer[:wanted]
        self.played_ms += self._ms(len(heard))
        return Heard(since_ms, heard)

    def clear(self) -> None:
        """Drops what is buffered."""
        self._buffer.clear()
