"""Carries the requests of a ``Client`` straight to a simulator of this process: same words, no connection.

The simulator is handed in as a function, so that nothing here knows the server. Runs in the server's event loop.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

from attrs import frozen

from sinch_simulator.client.control import Reply
from sinch_simulator.client.errors import Refused
from sinch_simulator.core.rest.answer import HINT_HEADER, Answer

Result = TypeVar("Result")

Target = Callable[[str, str, Mapping[str, str], bytes], Awaitable[Answer]]
"""A simulator: answers method, target (path and query), headers and body, with a body that is all there."""


@frozen
class InProcessTransport:
    """Hands requests to a simulator of this process, which is at ``url`` for everybody else."""

    url: str
    target: Target

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Hands over a request and gives the reply. Raises ``Refused`` when a fault leaves it without one."""
        try:
            answer = await self.target(method, target, headers, body)
        except ConnectionError as error:
            raise Refused(f"no simulator answers at {self.url}: {error}") from None
        return Reply(answer.status, answer.body, answer.headers.get(HINT_HEADER, ""))


def at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Gives the result of a coroutine that waits for nothing, without an event loop: a simulator reads at once."""
    try:
        work.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    work.close()
    raise AssertionError("this request waits for something: it has to be awaited")
