"""Carries out what Voice orders outside in one world: files into stores, sockets of streams.

It also looks at the files of prompts. What makes sound is loaded with the first file or stream.
"""

from sinch_simulator.core.application import Application
from sinch_simulator.core.effects import Order
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import CloseStream, OpenStream, SendFrames, StoreFile
from sinch_simulator.products.voice.events import RecordingEvent
from sinch_simulator.products.voice.exchange import Exchange
from sinch_simulator.products.voice.recording import FileOfRecording
from sinch_simulator.products.voice.svaml.model import ConnectStream
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.server.outside import Surroundings
from sinch_simulator.server.voice_io.prompt_download import PromptFiles
from sinch_simulator.server.voice_io.recording_files.stores import Stores
from sinch_simulator.server.voice_io.streams.hub import Streams


class VoiceOutside:
    """Plays the far ends of all streams, and reaches the stores that the user names."""

    def __init__(self, surroundings: Surroundings, exchange: Exchange) -> None:
        self._surroundings = surroundings
        self._exchange = exchange
        self._stores = Stores(surroundings.sender)
        self._prompts = PromptFiles(surroundings.simulation, self._owner, surroundings.sender, surroundings.tasks)
        self.streams = Streams(surroundings, self._streamed, exchange.sounds)
        exchange.data.outside |= self._stores.names | {"streams"}
        surroundings.simulation.journal.follow(self._prompts.notice, "prompt.started")

    def carry_out(self, order: Order) -> None:
        """Begins to store a file, or does what is to be done at a stream."""
        match order:
            case OpenStream():
                self.streams.open(order.subject, order.leg)
            case SendFrames():
                self.streams.send(order.subject)
            case CloseStream():
                self.streams.end(order.subject)
            case _:
                self._store(order)

    def _store(self, order: Order) -> None:
        assert isinstance(order, StoreFile)
        key = self._exchange.calls[order.subject].application.key
        reason = "a store that is to take the file of a recording"
        self._surroundings.tasks.begin(key, reason, self._put_file(order))

    async def _put_file(self, order: StoreFile) -> list[RecordingEvent]:
        from sinch_simulator.server.voice_io.recording_files.make import put_file

        return [await put_file(self._surroundings.simulation, self._stores, order)]

    def _owner(self, call_id: str) -> Application | None:
        call = self._exchange.calls.get(call_id)
        return None if call is None else call.application

    def _streamed(self, call_id: str) -> tuple[Call, ConnectStream] | None:
        call = self._exchange.calls.get(call_id)
        if call is None or call.outgoing is None or call.outgoing.stream is None:
            return None
        return call, call.outgoing.stream

    def file_for(self, order: Order) -> MadeFile:
        """Returns how to make the file of a recording."""
        from sinch_simulator.server.voice_io.recording_files.make import file_for

        assert isinstance(order, FileOfRecording), "Voice has no other files"
        return file_for(self._surroundings.simulation, order)

    def forget(self, application_key: str) -> None:
        """Drops what was fetched for this application."""
        self._prompts.forget(application_key)

    def close(self) -> None:
        """Ends all streams."""
        self.streams.close()

    async def closed(self) -> None:
        """Returns when every server of a stream has had its short moment to say goodbye."""
        await self.streams.closed()
