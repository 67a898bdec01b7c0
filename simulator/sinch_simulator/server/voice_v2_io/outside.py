"""Carries out what Voice v2 orders outside in one world: the WebSockets of Voice Relays."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from sinch_simulator.core.effects import Order
from sinch_simulator.products.voice.v2.exchange import SessionExchange
from sinch_simulator.products.voice.v2.relay_signals import CloseRelay, OpenRelay, TellRelay
from sinch_simulator.products.voice.v2.relays import OUTSIDE
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.server.outside import Surroundings

if TYPE_CHECKING:
    from sinch_simulator.server.voice_v2_io.relay_socket import RelaySocket


class VoiceV2Outside:
    """Holds the connections of a world's relays. What their servers say becomes events of the calls."""

    def __init__(self, surroundings: Surroundings, exchange: SessionExchange) -> None:
        self._surroundings = surroundings
        self._exchange = exchange
        self._sockets: dict[str, RelaySocket] = {}
        self._closing: set[asyncio.Task[Any]] = set()
        exchange.data.outside |= {OUTSIDE}

    def carry_out(self, order: Order) -> None:
        """Connects, says something, or takes a connection down."""
        if isinstance(order, OpenRelay):
            self._open(order)
            return
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
        """Drops what is kept for this application, which is nothing: its calls are dropped, and close their relays."""

    def close(self) -> None:
        """Ends all connections; nothing is made of what still comes."""
        sockets, self._sockets = self._sockets, {}
        for socket in sockets.values():
            self._run_aside(socket.close())

    async def closed(self) -> None:
        """Returns when every server has had its short moment to say goodbye."""
        if self._closing:
            await asyncio.wait(self._closing)
