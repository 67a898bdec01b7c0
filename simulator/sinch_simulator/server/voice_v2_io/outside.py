"""Carries out what Voice v2 orders outside in one world: files into stores, streams and Voice Relays.

It also looks at the files of prompts.
"""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from sinch_simulator.core.application import Application
from sinch_simulator.core.effects import Order
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.signals import Cause, LegName
from sinch_simulator.products.voice.svaml.model import CallHeader, ConnectStream
from sinch_simulator.products.voice.v2 import relays, streams
from sinch_simulator.products.voice.v2.exchange import SessionExchange
from sinch_simulator.products.voice.v2.outside_signals import (
    CloseAudio,
    CloseRelay,
    OpenAudio,
    OpenRelay,
    SendAudio,
    StoreRecording,
    TellRelay,
)
from sinch_simulator.products.voice.v2.session import Call, Recording
from sinch_simulator.products.voice.v2.svaml.model import StreamDestination
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.server.outside import Surroundings
from sinch_simulator.server.voice_io.prompt_download import PromptFiles
from sinch_simulator.server.voice_io.recording_files.stores import Stores
from sinch_simulator.server.voice_io.streams.hub import Streams

if TYPE_CHECKING:
    from sinch_simulator.server.voice_io.streams.capture import StreamedCall
    from sinch_simulator.server.voice_v2_io.relay_socket import RelaySocket


@frozen(eq=False)
class _OneLegged:
    """A call of a session, as one whose stream is at one of its ends."""

    call: Call

    @property
    def id(self) -> str:
        """Returns its id."""
        return self.call.id

    @property
    def application(self) -> Application:
        """Returns whose call it is."""
        return self.call.session.application

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Returns what was recorded of it."""
        return self.call.recordings


class VoiceV2Outside:
    """Holds the connections of a world's streams and relays, and reaches the stores that the user names.

    What their servers say becomes events of the calls.
    """

    def __init__(self, surroundings: Surroundings, exchange: SessionExchange) -> None:
        self._surroundings = surroundings
        self._exchange = exchange
        self._sockets: dict[str, RelaySocket] = {}
        self._closing: set[asyncio.Task[Any]] = set()
        self.streams = Streams(surroundings, self._streamed, {}, Cause.REJECTED)
        self._prompts = PromptFiles(surroundings.simulation, self._owner, surroundings.sender, surroundings.tasks)
        surroundings.simulation.journal.follow(self._prompts.notice, "prompt.started")
        self._stores = Stores(surroundings.sender)
        exchange.data.outside |= self._stores.names | {relays.OUTSIDE, streams.OUTSIDE}

    def carry_out(self, order: Order) -> None:
        """Connects, says or sends something, or takes a connection down."""
        match order:
            case OpenRelay():
                self._open(order)
            case OpenAudio():
                self.streams.open(order.subject, LegName.CALLEE)
            case SendAudio():
                self.streams.send(order.subject)
            case CloseAudio():
                self.streams.end(order.subject)
            case StoreRecording():
                self._store(order)
            case _:
                self._tell_relay(order)

    def _store(self, order: StoreRecording) -> None:
        from sinch_simulator.server.voice_v2_io.recording_delivery import deliver

        call = self._exchange.calls[order.subject]
        recording = next(each for each in call.recordings if each.id == order.recording_id)
        work = deliver(self._surroundings.simulation, self._stores, recording, order)
        reason = "a store that is to take the file of a recording"
        self._surroundings.tasks.begin(call.session.application.key, reason, work)

    def _tell_relay(self, order: Order) -> None:
        socket = self._sockets.get(order.subject)
        if socket is None:
            return
        if isinstance(order, TellRelay):
            patient = self._surroundings.pace() is None
            self._begin(socket, "the server of a relay to hear", socket.tell(order.words, patient=patient))
        else:
            assert isinstance(order, CloseRelay)
            del self._sockets[order.subject]
            self._run_aside(socket.close())

    def _open(self, order: OpenRelay) -> None:
        from sinch_simulator.server.voice_v2_io.relay_socket import RelaySocket

        key = self._exchange.owner(order.subject)
        socket = RelaySocket(order, key, self._surroundings)
        self._sockets[order.subject] = socket
        timeout_s = self._surroundings.sender.timeout_s
        self._begin(socket, "the server of a relay to answer", socket.open(timeout_s))

    def _owner(self, call_id: str) -> Application | None:
        call = self._exchange.calls.get(call_id)
        return None if call is None else call.session.application

    def _streamed(self, call_id: str) -> "tuple[StreamedCall, ConnectStream] | None":
        """Returns a call to a stream as the streams of Voice v1 know one."""
        call = self._exchange.calls.get(call_id)
        if call is None or not isinstance(call.to, StreamDestination):
            return None
        to = call.to
        headers = tuple(CallHeader(key, value) for key, value in to.headers)
        return _OneLegged(call), ConnectStream(to.endpoint, 1, to.sample_rate, call_headers=headers)

    def _begin(self, socket: "RelaySocket", reason: str, work: Coroutine[Any, Any, list[Any]]) -> None:
        self._surroundings.tasks.begin(socket.application_key, f"{reason}, call {socket.call_id}", work)

    def _run_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def file_for(self, order: Order) -> MadeFile:
        """Returns how to make the file of an answer, of which Voice v2 has none."""
        raise AssertionError("Voice v2 has no files")

    def forget(self, application_key: str) -> None:
        """Drops what was fetched for this application."""
        self._prompts.forget(application_key)

    def close(self) -> None:
        """Ends all connections; nothing is made of what still comes."""
        self.streams.close()
        sockets, self._sockets = self._sockets, {}
        for socket in sockets.values():
            self._run_aside(socket.close())

    async def closed(self) -> None:
        """Returns when every server has had its short moment to say goodbye."""
        await self.streams.closed()
        if self._closing:
            await asyncio.wait(self._closing)
