"""Shows asynchronous tests what has arrived at a phone, and lets them wait for the next text."""

from collections.abc import Iterator, Sequence
from typing import overload

from sinch_simulator.core.values import define
from sinch_simulator.embedded import awaiting
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.text_views import Message, inbox_of, next_message, text_at

__tracebackhide__ = True  # pytest shows the line of the test instead


@define(eq=False, repr=False)
class Inbox(Sequence[Message]):
    """The texts that have arrived at a phone, oldest first; what has come since is seen at each look."""

    _application: HostedApplication
    _address: str
    _channel: str

    async def wait(self, *, within: float = 10) -> Message:
        """Lets time pass until the next text arrives here that no ``wait`` has given yet, and gives that.

        Raises ``NotSeen`` when none does within so many simulated seconds.
        """
        work = next_message(self._application, self._address, self._channel, within)
        return await awaiting.run(self._application, work)

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> list[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | list[Message]:
        if isinstance(index, slice):
            return self._texts()[index]
        return text_at(self._application, self._address, self._channel, index)

    def __len__(self) -> int:
        return len(self._texts())

    def __iter__(self) -> Iterator[Message]:
        return iter(self._texts())

    def _texts(self) -> list[Message]:
        return inbox_of(self._application, self._address, self._channel)

    def __repr__(self) -> str:
        return repr(self._texts())
