"""The streams of one world: what the exchange orders at their far ends is carried to sockets, and the events come back.

Under a clock that waits, everything that is under way here keeps time from passing: the handshake takes real time, the
frames follow simulated time.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import assert_never

from attrs import define, field

from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import Invite, Release, SendFrames
from sinch_simulator.products.voice.events import Event
from sinch_simulator.server.background_tasks import Errands
from sinch_simulator.server.callback_sender import Courier
from sinch_simulator.server.voice_io.streams.capture import StreamRecord
from sinch_simulator.server.voice_io.streams.socket import StreamSocket
from sinch_simulator.simulation import Simulation

Work = Coroutine[None, None, list[Event]]


@define(eq=False)
class Streams:
    """``pace`` gives the speed of a clock that runs by itself, None for one that waits."""

    _simulation: Simulation
    _courier: Courier
    _errands: Errands
    _pace: Callable[[], float | None]
    _sockets: dict[str, StreamSocket] = field(init=False, factory=dict)
    _aside: set["asyncio.Task[list[Event]]"] = field(init=False, factory=set)
    """What nobody waits for."""

    def record_of(self, call: Call) -> StreamRecord | None:
        """What has gone over the stream of a call; None when it never had one."""
        socket = self._sockets.get(call.id)
        return None if socket is None else socket.record

    def carry(self) -> None:
        """Begin what the exchange has ordered."""
        for order in self._simulation.take_stream_orders():
            match order:
                case Invite():
                    self._open(order)
                case SendFrames():
                    self._send(order.call_id)
                case Release():
                    self._end(order.call_id)
                case _:
                    assert_never(order)

    def close(self) -> None:
        """End all of them; nothing is made of what still comes."""
        sockets, self._sockets = self._sockets, {}
        for socket in sockets.values():
            self._run_aside(socket.close())

    async def closed(self) -> None:
        """Return when every server has had its short moment to say goodbye."""
        if self._aside:
            await asyncio.wait(self._aside)

    def _open(self, invite: Invite) -> None:
        call = self._simulation.exchange.calls.get(invite.call_id)
        options = None if call is None or call.outgoing is None else call.outgoing.stream
        if call is None or options is None:
            return
        record = StreamRecord(call, invite.leg, options)
        socket = StreamSocket(record, self._simulation, self._courier, self._report_loss)
        self._sockets[call.id] = socket
        self._begin(socket, "the server of the stream to answer", socket.open(self._courier.timeout_s))

    def _send(self, call_id: str) -> None:
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        frames = socket.frames_due()
        speed = self._pace()
        if speed is None:
            self._begin(socket, "the server of the stream to hear", socket.send_at_once(frames))
        else:
            self._run_aside(socket.send_in_time(frames, speed))

    def _end(self, call_id: str) -> None:
        """The platform hangs up; of a call that was dropped nothing is kept."""
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        if call_id in self._simulation.exchange.calls:
            self._begin(socket, "the server of the stream to say goodbye", socket.close())
        else:
            del self._sockets[call_id]
            self._run_aside(socket.close())

    def _report_loss(self, socket: StreamSocket) -> None:
        self._begin(socket, "a stream to be taken down", socket.report_loss())

    def _begin(self, socket: StreamSocket, reason: str, work: Work) -> None:
        call = socket.record.call
        self._errands.begin(call.application.key, f"{reason}, call {call.id}", work)

    def _run_aside(self, work: Work) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
