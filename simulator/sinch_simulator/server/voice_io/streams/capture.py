"""What has gone over one stream, kept so that a test can look at it: commands, and the sound that the app has sent.

The platform buffers what the app sends, and plays it to the caller as time passes (docs/platform/svaml.md#3.7). No I/O.
"""

from collections import deque
from enum import Enum

from attrs import field

from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.svaml.model import ConnectStream
from sinch_simulator.server.voice_io.streams.frames import SAMPLE_BYTES

LARGEST_BUFFER = 5_000_000
"""Bytes of the app's sound that wait to be played; what comes on top is dropped (*assumed*).

Source: docs/platform/svaml.md#3.7.
"""
MOST_KEPT = 64_000_000
"""Bytes of the app's frames that are kept to be looked at; the oldest go first."""


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


@define
class StreamRecord:
    """One stream of a call."""

    call: Call
    leg: LegName
    options: ConnectStream
    state: StreamState = StreamState.CONNECTING
    commands: list[Message] = field(factory=list)
    frames_sent: int = 0
    frames_received: int = 0
    frames: list[Message] = field(factory=list)
    played_ms: int = 0
    """Returns how much of the app's sound the caller has heard."""
    _buffer: deque[bytes] = field(factory=deque)
    _waiting: int = 0
    """Bytes in the buffer."""
    _kept: int = 0
    _heard_at_ms: int = 0

    @property
    def buffered_ms(self) -> int:
        """Returns how much of the app's sound waits to be played."""
        return self._ms(self._waiting)

    def _ms(self, size: int) -> int:
        return size * 1000 // (self.options.sample_rate_hz * SAMPLE_BYTES)

    def begin(self, now: int) -> None:
        """Begins to keep sound: the app has answered."""
        self.state = StreamState.OPEN
        self._heard_at_ms = now

    def take(self, pcm: bytes, now: int) -> bool:
        """Takes a frame of the app; False when the buffer has no room for it."""
        self.frames_received += 1
        self.frames.append(Message(now, pcm=pcm))
        self._kept += len(pcm)
        while self._kept > MOST_KEPT:
            self._kept -= len(self.frames.pop(0).pcm)
        if self._waiting + len(pcm) > LARGEST_BUFFER:
            return False
        self._buffer.append(pcm)
        self._waiting += len(pcm)
        return True

    def play(self, now: int) -> Heard:
        """Lets the caller hear what is buffered, from the last time up to now."""
        since_ms, self._heard_at_ms = self._heard_at_ms, now
        wanted = (now - since_ms) * self.options.sample_rate_hz // 1000 * SAMPLE_BYTES
        heard = bytearray()
        while self._buffer and len(heard) < wanted:
            frame = self._buffer.popleft()
            part = frame[: wanted - len(heard)]
            heard += part
            if len(part) < len(frame):
                self._buffer.appendleft(frame[len(part) :])
        self._waiting -= len(heard)
        self.played_ms += self._ms(len(heard))
        return Heard(since_ms, bytes(heard))

    def clear(self) -> None:
        """Drops what is buffered."""
        self._buffer.clear()
        self._waiting = 0
