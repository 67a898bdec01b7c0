"""One relay's WebSocket: the handshake, texts both ways, its end (docs/platform/voice-v2.md#5).

The platform connects to the app's server. What that says becomes events of the call; nothing here raises because of
what it does.
"""

import asyncio
import contextlib
from typing import Any

import aiohttp
from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import Answered, Cause, Declined, HungUp, LegName
from sinch_simulator.products.voice.v2.outside_signals import OpenRelay, RelayInterrupted, RelayPressed, RelayTexted
from sinch_simulator.server.outbound import HostRefused
from sinch_simulator.server.outside import Surroundings
from sinch_simulator.server.unreachable import why_unreachable
from sinch_simulator.server.voice_io.streams.socket import UNUSABLE, take_down
from sinch_simulator.server.waiting import set_within

PONG_S = 1.0
"""How long a simulated clock waits for the app's server to have read what it was told."""
QUIET_S = 0.002
"""A server that has said nothing for so long after that has answered."""
MOST_COMPLAINTS = 20
"""How often what a server says wrong is told."""

_EXPECTED = 'Expected a JSON object such as {"command": "text", "text": "Hello", "isLast": true}.'
_TONES = frozenset("0123456789*#")


@define(eq=False)
class RelaySocket:
    """The connection of one call."""

    _order: OpenRelay
    application_key: str
    _surroundings: Surroundings
    _socket: aiohttp.ClientWebSocketResponse | None = field(init=False, default=None)
    _reader: "asyncio.Task[None] | None" = field(init=False, default=None)
    _pong: asyncio.Event = field(init=False, factory=asyncio.Event)
    _stirred: asyncio.Event = field(init=False, factory=asyncio.Event)
    _closed: bool = field(init=False, default=False)
    _complaints: int = field(init=False, default=0)

    @property
    def call_id(self) -> str:
        """Returns whose connection it is."""
        return self._order.subject

    async def open(self, timeout_s: float) -> list[Any]:
        """Connects, and waits until the app's server answers, or leaves."""
        try:
            async with asyncio.timeout(timeout_s):
                self._socket = await self._surroundings.sender.open_socket(self._order.endpoint)
                await self._say(self._order.words)
                answered = await self._answer(self._socket)
        except UNUSABLE as error:
            return await self._fail(error, timeout_s)
        if self._closed or not answered:
            await self.close()
            return [Declined(self.call_id, LegName.CALLEE, Cause.REJECTED)]
        self._reader = asyncio.create_task(self._read(self._socket))
        return [Answered(self.call_id, LegName.CALLEE)]

    async def tell(self, words: dict[str, Any], *, patient: bool) -> list[Any]:
        """Says something; ``patient`` waits until the server has read it and has answered at once, if it does."""
        with contextlib.suppress(*UNUSABLE):
            await self._say(words)
            if patient:
                await self._wait_for_answer()
        return []

    async def close(self) -> None:
        """Takes the connection down; what still comes is not heard."""
        self._closed = True
        await take_down(self._socket, self._reader)

    # ---- the handshake

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Returns whether the server has answered; a relay is declined by leaving."""
        async for message in socket:
            if message.type is aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.TEXT:
                if _words_in(message.data).get("command") == "answer":
                    self._log("relay.answered", {})
                    return True
                self._complain_of(message.data, 'Expected {"command": "answer"} first.')
        return False

    async def _fail(self, error: Exception, timeout_s: float) -> list[Any]:
        await self.close()
        late = isinstance(error, TimeoutError) and not str(error)
        why = f"no answer within {timeout_s:g} s" if late else why_unreachable(error, self._order.endpoint)
        hint = 'Is the server running, and does it answer the connect message with {"command": "answer"}?'
        hint = error.hint if isinstance(error, HostRefused) else hint
        message = f"No relay to {self._order.endpoint}: {why}."
        self._diagnose("STREAM_UNREACHABLE", message, hint, Severity.ERROR)
        return [Declined(self.call_id, LegName.CALLEE, Cause.UNREACHABLE)]

    # ---- what is said

    async def _say(self, words: dict[str, Any]) -> None:
        if self._socket is not None and not self._socket.closed:
            self._log("relay.told", words)
            await self._socket.send_str(encode(words).decode())

    async def _wait_for_answer(self) -> None:
        if self._socket is None or self._socket.closed:
            return
        self._pong.clear()
        async with asyncio.timeout(PONG_S):
            await self._socket.ping()
            await self._pong.wait()
        while await set_within(self._stirred, QUIET_S):
            pass

    # ---- what is heard

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(*UNUSABLE):
            async for message in socket:
                match message.type:
                    case aiohttp.WSMsgType.TEXT:
                        self._stirred.set()
                        self._hear(message.data)
                    case aiohttp.WSMsgType.PING:
                        await socket.pong(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self._pong.set()
        self._pong.set()
        if not self._closed:
            self._log("stream.lost", {})
            self._happen(HungUp(self.call_id, LegName.CALLEE))

    def _hear(self, text: str) -> None:
        words = _words_in(text)
        match words.get("command"):
            case "text" if isinstance(words.get("text"), str) and isinstance(words.get("isLast"), bool):
                voice = words.get("ttsVoice")
                self._happen(
                    RelayTexted(
                        self.call_id,
                        words["text"],
                        words["isLast"],
                        ssml=words.get("format") == "SSML",
                        voice=voice if isinstance(voice, str) else None,
                        interruptible=words.get("isInterruptible") is not False,
                    )
                )
            case "interrupt":
                self._happen(RelayInterrupted(self.call_id))
            case "dtmf" if isinstance(words.get("sequence"), str) and set(words["sequence"]) <= _TONES:
                self._happen(RelayPressed(self.call_id, words["sequence"]))
            case "heartbeat":
                pass
            case _:
                self._complain_of(text, _EXPECTED)

    def _happen(self, event: Any) -> None:
        """Lets something happen to the call as soon as its world gets to it."""
        self._surroundings.tasks.begin(self.application_key, f"a relay, call {self.call_id}", _gives(event))

    # ---- telling

    def _log(self, kind: str, fields: dict[str, Any]) -> None:
        simulation = self._surroundings.simulation
        if simulation.knows(self.call_id):
            simulation.journal.add(simulation.now, kind, self.call_id, fields)

    def _complain_of(self, text: str, hint: str) -> None:
        self._complaints += 1
        if self._complaints <= MOST_COMPLAINTS:
            shown = text if len(text) <= 80 else text[:77] + "..."
            message = f"The app's server sent {shown!r} over the relay: it is ignored."
            self._diagnose("STREAM_UNKNOWN_COMMAND", message, hint)

    def _diagnose(self, code: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        if self._surroundings.simulation.knows(self.call_id):
            finding = Diagnostic(code, severity, "", message, hint)
            self._surroundings.simulation.diagnose(self.call_id, finding)


async def _gives(event: Any) -> list[Any]:
    return [event]


def _words_in(text: str) -> dict[str, Any]:
    """Reads a message; empty for what is no JSON object."""
    try:
        document = parse_json(text.encode())
    except (NotJsonError, UnicodeEncodeError):
        return {}
    return document if isinstance(document, dict) else {}
