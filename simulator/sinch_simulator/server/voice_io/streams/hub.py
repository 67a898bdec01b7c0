"""The streams of one world: what Voice orders at their far ends is carried to sockets, and the events come back.

Under a clock that waits, everything that is under way here keeps time from passing: the handshake takes real time, the
frames follow simulated time.
"""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, assert_never

from attrs import field

from sinch_simulator.core.values import define
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import CloseStream, OpenStream, SendFrames, StreamOrder
from sinch_simulator.products.voice.events import Event
from sinch_simulator.products.voice.exchange import Exchange
from sinch_simulator.server.outside import Surroundings

if TYPE_CHECKING:
    from sinch_simulator.server.voice_io.streams.capture import FrameShelf
    from sinch_simulator.server.voice_io.streams.socket import StreamSocket

Work = Coroutine[None, None, list[Event]]


@define(eq=False)
class Streams:
    """Plays the far ends of the streams of a world."""

    _surroundings: Surroundings
    _exchange: Exchange
    _sockets: dict[str, "StreamSocket"] = field(init=False, factory=dict)
    _shelf: "FrameShelf | None" = field(init=False, default=None)
    _aside: set["asyncio.Task[list[Event]]"] = field(init=False, factory=set)
    """What nobody waits for."""

    def socket_of(self, call: Call) -> "StreamSocket | None":
        """Returns the connection of a call's stream; None when it never had one."""
        return self._sockets.get(call.id)

    def carry_out(self, order: StreamOrder) -> None:
        """Begins what Voice has ordered."""
        match order:
            case OpenStream():
                self._open(order)
            case SendFrames():
                self._send(order.subject)
            case CloseStream():
                self._end(order.subject)
            case _:
                assert_never(order)

    def close(self) -> None:
        """Ends all of them; nothing is made of what still comes."""
        sockets, self._sockets = self._sockets, {}
        self._shelf = None
        for socket in sockets.values():
            self._run_aside(socket.close())

    async def closed(self) -> None:
        """Returns when every server has had its short moment to say goodbye."""
        if self._aside:
            await asyncio.wait(self._aside)

    def _open(self, order: OpenStream) -> None:
        call = self._exchange.calls.get(order.subject)
        options = None if call is None or call.outgoing is None else call.outgoing.stream
        if call is None or options is None:
            return
        # Loaded with the first stream: most worlds have none.
        from sinch_simulator.server.voice_io.streams.capture import FrameShelf, StreamRecord
        from sinch_simulator.server.voice_io.streams.socket import StreamSocket

        self._shelf = self._shelf or FrameShelf()
        record = StreamRecord(call, order.leg, options, self._shelf)
        socket = StreamSocket(record, self._surroundings, self._exchange, self._report_loss)
        self._sockets[call.id] = socket
        self._begin(socket, "the server of the stream to answer", socket.open(self._surroundings.sender.timeout_s))

    def _send(self, call_id: str) -> None:
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        frames = socket.frames_due()
        speed = self._surroundings.pace()
        if speed is None:
            self._begin(socket, "the server of the stream to hear", socket.send_at_once(frames))
        else:
            self._run_aside(socket.send_in_time(frames, speed))

    def _end(self, call_id: str) -> None:
        """The platform hangs up; of a call that was dropped nothing is kept."""
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        if call_id in self._exchange.calls:
            self._begin(socket, "the server of the stream to say goodbye", socket.close())
        else:
            del self._sockets[call_id]
            self._run_aside(socket.close())
            socket.record.shelf.drop(socket.record.frames)

    def _report_loss(self, socket: "StreamSocket") -> None:
        self._begin(socket, "a stream to be taken down", socket.report_loss())

    def _begin(self, socket: "StreamSocket", reason: str, work: Work) -> None:
        call = socket.record.call
        self._surroundings.tasks.begin(call.application.key, f"{reason}, call {call.id}", work)

    def _run_aside(self, work: Work) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
