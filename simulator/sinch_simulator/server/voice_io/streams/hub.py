"""The streams of one world: what Voice orders at their far ends is carried to sockets, and the events come back.

Under a clock that waits, everything that is under way here keeps time from passing: the handshake takes real time, the
frames follow simulated time.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, TypeAlias

from attrs import field

from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import Cause, LegName
from sinch_simulator.products.voice.events import Event
from sinch_simulator.products.voice.svaml.model import ConnectStream
from sinch_simulator.server.outside import Surroundings

if TYPE_CHECKING:
    from sinch_simulator.server.voice_io.streams.capture import FrameShelf, StreamedCall
    from sinch_simulator.server.voice_io.streams.socket import StreamSocket

Work = Coroutine[None, None, list[Event]]


Found: TypeAlias = "tuple[StreamedCall, ConnectStream]"
"""A call, and how its stream is to be."""


@define(eq=False)
class Streams:
    """Plays the far ends of the streams of a world, those of the calls that ``find`` finds."""

    _surroundings: Surroundings
    find: "Callable[[str], Found | None]"
    """Returns the call of this id that has a stream; None when there is none (any more)."""
    _sounds: dict[str, list[tuple[int, bytes]]]
    _rejected_as: Cause = Cause.BUSY
    _sockets: dict[str, "StreamSocket"] = field(init=False, factory=dict)
    _shelf: "FrameShelf | None" = field(init=False, default=None)
    _aside: set["asyncio.Task[list[Event]]"] = field(init=False, factory=set)
    """What nobody waits for."""

    def socket_of(self, call_id: str) -> "StreamSocket | None":
        """Returns the connection of a call's stream; None when it never had one."""
        return self._sockets.get(call_id)

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

    def open(self, call_id: str, leg: LegName) -> None:
        """Connects to the app's server."""
        found = self.find(call_id)
        if found is None:
            return
        call, options = found
        # Loaded with the first stream: most worlds have none.
        from sinch_simulator.server.voice_io.streams.capture import FrameShelf, StreamRecord
        from sinch_simulator.server.voice_io.streams.socket import StreamSocket

        self._shelf = self._shelf or FrameShelf()
        record = StreamRecord(call, leg, options, self._shelf)
        socket = StreamSocket(record, self._surroundings, self._sounds, self._report_loss, self._rejected_as)
        self._sockets[call.id] = socket
        self._begin(socket, "the server of the stream to answer", socket.open(self._surroundings.sender.timeout_s))

    def send(self, call_id: str) -> None:
        """Sends the app's server the sound up to now."""
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        frames = socket.frames_due()
        speed = self._surroundings.pace()
        if speed is None:
            self._begin(socket, "the server of the stream to hear", socket.send_at_once(frames))
        else:
            self._run_aside(socket.send_in_time(frames, speed))

    def end(self, call_id: str) -> None:
        """Takes a stream down, because the platform hangs up; of a call that was dropped nothing is kept."""
        socket = self._sockets.get(call_id)
        if socket is None:
            return
        if self.find(call_id) is not None:
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
