"""One stream's WebSocket: the handshake, the frames of both sides, its end (docs/platform/svaml.md#3.7).

The platform connects to the app's server. What happens there becomes events of the call; nothing here raises because of
what the app does.
"""

import asyncio
import contextlib
from collections.abc import Callable

import aiohttp
from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import Answered, Cause, Declined, HungUp
from sinch_simulator.products.voice.audio.rendering import summed
from sinch_simulator.products.voice.audio.tones import RATE_HZ
from sinch_simulator.products.voice.events import Event
from sinch_simulator.server.outbound import HostRefused
from sinch_simulator.server.outside import Surroundings
from sinch_simulator.server.unreachable import why_unreachable
from sinch_simulator.server.voice_io.streams.capture import MOST_COMMANDS, Heard, StreamRecord, StreamState
from sinch_simulator.server.voice_io.streams.frames import FRAME_MS, StreamSound, resample
from sinch_simulator.server.voice_io.streams.voice import Voice
from sinch_simulator.server.waiting import set_within
from sinch_simulator.simulation import Simulation

PONG_S = 1.0
"""How long a simulated clock waits for the app's server to have read what it was sent."""
QUIET_S = 0.002
"""An app that has sent nothing for so long after that has answered what it heard."""
BUSY_S = 0.2
"""An app that never falls silent does not keep a simulated clock longer than this."""
CLOSE_S = 0.3
MOST_APART_MS = 1000
"""How far the simulated time may be ahead of a voice that keeps pace with it."""
PAUSE_FRAMES = 25
"""An app whose sound comes unevenly falls silent when it has said nothing for so long."""
MOST_COMPLAINTS = 20
"""How often a stream's unknown commands are told."""

_HEARTBEAT = "heartbeat"
"""What a server sends to keep the connection open; it is answered with nothing (docs/platform/svaml.md#3.7)."""

_IS_IT_RUNNING = 'Is the server running, and does it answer the connect message with {"command": "answer"}?'

UNUSABLE = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
"""What is raised where a connection is of no use any more."""


async def take_down(socket: aiohttp.ClientWebSocketResponse | None, reader: "asyncio.Task[None] | None") -> None:
    """Closes a WebSocket, and ends the task that reads it."""
    if socket is not None:
        with contextlib.suppress(*UNUSABLE):
            async with asyncio.timeout(CLOSE_S):
                await socket.close()
    if reader is not None:
        reader.cancel()
        await asyncio.wait([reader])


@define(eq=False)
class StreamSocket:
    """A stream's connection; ``lost`` is called once when the app ends it of its own accord."""

    record: StreamRecord
    _surroundings: Surroundings
    _sounds: dict[str, list[tuple[int, bytes]]]
    """By call, what its recordings keep of the app's sound: from when, and the samples."""
    _lost: Callable[["StreamSocket"], None]
    _rejected_as: Cause = Cause.BUSY
    """What it comes to when the server says ``reject``."""
    _simulation: Simulation = field(init=False)
    _sound: StreamSound = field(init=False)
    _socket: aiohttp.ClientWebSocketResponse | None = field(init=False, default=None)
    _reader: "asyncio.Task[None] | None" = field(init=False, default=None)
    _stirred: asyncio.Event = field(init=False, factory=asyncio.Event)
    _pong: asyncio.Event = field(init=False, factory=asyncio.Event)
    _turn: asyncio.Lock = field(init=False, factory=asyncio.Lock)
    _sent_ms: int = field(init=False, default=0)
    _speaking: bool = field(init=False, default=False)
    _told: set[str] = field(init=False, factory=set)
    _complaints: int = field(init=False, default=0)
    _voice: Voice | None = field(init=False, default=None)
    _silent_frames: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self._simulation = self._surroundings.simulation
        self._sound = StreamSound(self.record.leg, self.record.options.sample_rate_hz)

    # ---- the handshake

    async def open(self, timeout_s: float) -> list[Event]:
        """Connects, and waits for the word of the app's server: the call is answered, or it is not.

        Nothing comes of it when the call has ended meanwhile.
        """
        try:
            async with asyncio.timeout(timeout_s):
                self._socket = await self._surroundings.sender.open_socket(self.record.options.endpoint)
                await self._say_connect(self._socket)
                word = await self._first_word(self._socket)
        except UNUSABLE as error:
            hint = error.hint if isinstance(error, HostRefused) else _IS_IT_RUNNING
            return await self._fail(self._why(error, timeout_s), hint)
        if self.record.state is StreamState.CLOSED:
            return await self.close()
        if word is None:
            return await self._fail("the server closed the connection before it answered")
        if word != "answer":
            await self.close()
            return [self._declined(Cause.BUSY if word == "busy" else self._rejected_as)]
        return self._begin(self._socket)

    def _why(self, error: Exception, timeout_s: float) -> str:
        if isinstance(error, TimeoutError) and not str(error):
            return f"no answer within {timeout_s:g} s"
        return why_unreachable(error, self.record.options.endpoint)

    def _begin(self, socket: aiohttp.ClientWebSocketResponse) -> list[Event]:
        now = self._simulation.now
        self._sent_ms = now
        self.record.begin(now)
        self._reader = asyncio.create_task(self._read(socket))
        return [Answered(self.record.call.id, self.record.leg)]

    async def _say_connect(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        options = self.record.options
        words = {
            "command": "connect",
            "version": options.version,
            "callId": self.record.call.id,
            "applicationKey": self.record.call.application.key,
            "codec": "PCM",
            "sampleRate": options.sample_rate_hz,
            "callHeaders": {header.key: header.value for header in options.call_headers},
        }
        await socket.send_str(encode(words).decode())
        self._note_command("connect", sent=True)

    async def _first_word(self, socket: aiohttp.ClientWebSocketResponse) -> str | None:
        """``answer``, ``busy`` or ``reject``; None when the server leaves instead. Whatever else it says is told."""
        async for message in socket:
            if message.type is aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                word = self._command_in(message.data)
                if word in ("answer", "busy", "reject"):
                    self._note_command(word)
                    return word
                if word != _HEARTBEAT:
                    self._complain_of(message.data, "answer, busy or reject")
        return None

    async def _fail(self, why: str, hint: str = _IS_IT_RUNNING) -> list[Event]:
        if self.record.state is StreamState.CLOSED:
            return await self.close()
        self._diagnose(
            "STREAM_UNREACHABLE",
            f"No stream to {self.record.options.endpoint}: {why}.",
            hint,
            Severity.ERROR,
        )
        await self.close()
        return [self._declined(Cause.UNREACHABLE)]

    def _declined(self, cause: Cause) -> Declined:
        return Declined(self.record.call.id, self.record.leg, cause)

    # ---- sound

    def frames_due(self) -> list[bytes]:
        """Returns the sound from the last time up to now, which is also how far the app's own sound has been heard.

        There is none while a voice trades it, or where a voice has been ahead of the simulated time.
        """
        now = self._simulation.now
        if self._voice is not None or now < self._sent_ms:
            return []
        self._sound.listen(self._simulation.journal.of(self.record.call.id))
        frames = self._sound.frames(self._sent_ms, now)
        self._sent_ms += len(frames) * FRAME_MS
        heard = self.record.play(now)
        self._note_speaking(bool(heard.pcm))
        self._record(heard)
        return frames

    def _record(self, heard: Heard) -> None:
        """Keeps sound for the recordings of the call that are under way."""
        if any(heard.pcm) and any(recording.stopped_ms is None for recording in self.record.call.recordings):
            pcm = resample(heard.pcm, self.record.options.sample_rate_hz, RATE_HZ)
            self._sounds.setdefault(self.record.call.id, []).append((heard.at_ms, pcm))

    # ---- a real voice

    def open_voice(self) -> Voice:
        """Lets somebody be the caller with a real voice from now on, in place of whoever was so before."""
        self._end_voice("somebody else has taken the call")
        self._sent_ms = max(self._sent_ms, self._simulation.now)
        self._record(self.record.play(self._sent_ms))
        self._voice = Voice(self._sound.bytes_in(FRAME_MS), self._trade, self._why_no_voice)
        self._log("voice.opened", {"leg": self.record.leg.other.value})
        return self._voice

    def close_voice(self, voice: Voice) -> None:
        """Ends it: nobody listens any more."""
        voice.end("the listener has gone")
        if self._voice is voice:
            self._voice = None
            self._log("voice.closed", {"leg": self.record.leg.other.value})

    def _end_voice(self, why: str) -> None:
        if self._voice is not None:
            self._voice.end(why)
            self.close_voice(self._voice)

    def _why_no_voice(self) -> str:
        if self.record.state is not StreamState.OPEN:
            return "the stream is over"
        leapt = self._simulation.now - self._sent_ms > MOST_APART_MS
        return "time has leapt, or runs at another pace" if leapt or self._surroundings.pace() != 1.0 else ""

    async def _trade(self, said: bytes) -> bytes:
        """Sends the app 20 ms of the caller's voice, and returns the 20 ms that the caller hears meanwhile."""
        at_ms = self._sent_ms
        self._sent_ms += FRAME_MS
        self._sound.listen(self._simulation.journal.of(self.record.call.id))
        [made] = self._sound.frames(at_ms, self._sent_ms)
        heard = self.record.play(self._sent_ms)
        self._silent_frames = 0 if heard.pcm else self._silent_frames + 1
        if heard.pcm or self._silent_frames == PAUSE_FRAMES:
            self._note_speaking(bool(heard.pcm))
        self._record(Heard(at_ms, said))
        self._record(heard)
        with contextlib.suppress(*UNUSABLE):
            await self._send([summed(said, made) if any(made) else said])
        return heard.pcm.ljust(len(said), b"\0")

    async def send_at_once(self, frames: list[bytes]) -> list[Event]:
        """Sends frames under a simulated clock, and waits until the app has answered what it heard."""
        with contextlib.suppress(*UNUSABLE):
            async with asyncio.timeout(PONG_S):
                await self._send(frames)
                await self._ping()
                await self._pong.wait()
            await self._fall_silent()
        return self._end_of_call()

    async def send_in_time(self, frames: list[bytes], speed: float) -> list[Event]:
        """Sends one frame every 20 ms under the real clock, a tick behind."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            next_s = loop.time()
            for frame in frames:
                if self._voice is not None:
                    break  # which has begun meanwhile, and sends what is said from now on
                with contextlib.suppress(*UNUSABLE):
                    await self._send([frame])
                next_s += FRAME_MS / 1000 / speed
                await asyncio.sleep(max(0.0, next_s - loop.time()))
        return []

    async def _send(self, frames: list[bytes]) -> None:
        for frame in frames:
            if self._socket is None or self._socket.closed:
                return
            await self._socket.send_bytes(frame)
            self.record.frames_sent += 1

    async def _ping(self) -> None:
        self._pong.clear()
        if self._socket is None or self._socket.closed:
            self._pong.set()
        else:
            await self._socket.ping()

    async def _fall_silent(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BUSY_S):
                while await set_within(self._stirred, QUIET_S):
                    pass

    def _note_speaking(self, speaking: bool) -> None:
        if speaking is not self._speaking:
            self._speaking = speaking
            self._log("stream.speaking" if speaking else "stream.silent", {"heard": self.record.played_ms / 1000})

    # ---- what the app's server says

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(*UNUSABLE):
            async for message in socket:
                self._stirred.set()
                match message.type:
                    case aiohttp.WSMsgType.BINARY:
                        self._hear(message.data)
                    case aiohttp.WSMsgType.TEXT:
                        self._obey(message.data)
                    case aiohttp.WSMsgType.PING:
                        await socket.pong(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self._pong.set()
        self._pong.set()
        if self.record.state is StreamState.OPEN:
            self._lost(self)

    def _hear(self, pcm: bytes) -> None:
        if len(pcm) % 2 and "STREAM_ODD_FRAME" not in self._told:
            self._diagnose(
                "STREAM_ODD_FRAME", f"A frame has {len(pcm)} bytes.", "Samples are signed 16-bit: two bytes each."
            )
        if not self.record.take(pcm, self._simulation.now) and "STREAM_BUFFER_FULL" not in self._told:
            message = "The app has sent more sound than the 5 MB that are buffered: what comes on top is dropped."
            self._diagnose("STREAM_BUFFER_FULL", message, "Send sound about as fast as it is heard.")

    def _obey(self, text: str) -> None:
        word = self._command_in(text)
        if word == "clear":
            self._note_command("clear")
            self.record.clear()
        elif word != _HEARTBEAT:
            self._complain_of(text, "clear or heartbeat")

    @staticmethod
    def _command_in(text: str) -> str:
        try:
            document = parse_json(text.encode())
        except (NotJsonError, UnicodeEncodeError):
            return ""
        word = document.get("command") if isinstance(document, dict) else None
        return word.lower() if isinstance(word, str) else ""

    # ---- the end

    def _end_of_call(self) -> list[Event]:
        """The call ends with its stream; there is no reconnection (docs/platform/svaml.md#3.7). Told once."""
        if self.record.state is not StreamState.OPEN or (self._reader is not None and not self._reader.done()):
            return []
        self.record.state = StreamState.CLOSED
        self._log("stream.lost", {})
        return [HungUp(self.record.call.id, self.record.leg)]

    async def report_loss(self) -> list[Event]:
        """Returns what the loss of the connection means for the call."""
        await self._drop()
        return self._end_of_call()

    async def close(self) -> list[Event]:
        """Ends the stream for the platform."""
        self.record.state = StreamState.CLOSED
        self._end_voice("the stream is over")
        await self._drop()
        return []

    async def _drop(self) -> None:
        await take_down(self._socket, self._reader)

    # ---- telling

    def _note_command(self, command: str, *, sent: bool = False) -> None:
        if self.record.note(command, self._simulation.now, sent=sent):
            self._log("stream.command", {"command": command, "from": "sinch" if sent else "app"})
        elif "STREAM_COMMANDS_NOT_KEPT" not in self._told:
            message = f"The app has sent more than {MOST_COMMANDS} commands over one stream: no more are kept or told."
            self._diagnose("STREAM_COMMANDS_NOT_KEPT", message, "A clear is sent when the app's sound is to end.")

    def _log(self, kind: str, fields: dict[str, object]) -> None:
        about = {"leg": self.record.leg.value, **fields}
        self._simulation.journal.add(self._simulation.now, kind, self.record.call.id, about)

    def _complain_of(self, text: str, expected: str) -> None:
        self._complaints += 1
        if self._complaints > MOST_COMPLAINTS:
            return
        shown = text if len(text) <= 80 else text[:77] + "..."
        more = " So is what else is unknown, without another word." if self._complaints == MOST_COMPLAINTS else ""
        message = f"The app's server sent {shown!r} over the stream: it is ignored.{more}"
        self._diagnose("STREAM_UNKNOWN_COMMAND", message, f"Expected a JSON object whose command is {expected}.")

    def _diagnose(self, code: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        self._told.add(code)
        self._simulation.diagnose(self.record.call.id, Diagnostic(code, severity, "", message, hint))
