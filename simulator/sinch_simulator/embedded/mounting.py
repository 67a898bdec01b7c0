"""Hands callbacks to a mounted app: an asynchronous one in an event loop, a synchronous one in a thread that waits."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from attrs import evolve, field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.config import ConfigError, read_url
from sinch_simulator.core.callback import Response
from sinch_simulator.core.values import define
from sinch_simulator.embedded.app_adapters import (
    AfterReply,
    App,
    Kind,
    Posted,
    call_asgi,
    call_async_function,
    call_function,
    call_wsgi,
    is_async,
)
from sinch_simulator.embedded.caller_thread import CallerThreads
from sinch_simulator.embedded.lifespan import Lifespan

MOUNTED_AT = "http://app.test"
"""The origin of apps that are mounted at a mere path; nobody can open a connection to it (RFC 6761)."""

_LONGEST_AFTERWARDS_S = 3600.0

Result = TypeVar("Result")


@define(eq=False)
class Mount:
    """An app that is mounted, and so is handed its callbacks without a socket."""

    app: App
    kind: Kind
    loop: asyncio.AbstractEventLoop
    """Where its coroutines run."""
    threads: CallerThreads
    patience: Callable[[], float]
    """For how many real seconds a callback may wait for somebody's thread before it gets one of its own."""
    closed: bool = field(init=False, default=False)
    _lifespan: Lifespan | None = field(init=False, default=None)
    _at_work: list[AfterReply] = field(init=False, factory=list)

    async def open(self) -> None:
        """Lets an ASGI application start up."""
        if self.kind is Kind.ASGI:
            self._lifespan = Lifespan(self.app)
            await self._over_there(self._lifespan.start())

    async def close(self) -> None:
        """Lets it shut down; a loop that no longer runs has taken it along."""
        self.closed = True
        if self.loop.is_running():
            for after in self._at_work:
                await self._over_there(after.end())
        if self._lifespan is not None and self.loop.is_running():
            await self._over_there(self._lifespan.stop())

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response:
        """Hands the app a callback and gives its answer. Raises ``TimeoutError`` when it takes too long."""
        posted = Posted(url, headers, body)
        if self.kind is Kind.ASGI:
            async with asyncio.timeout(timeout_s):
                response, after = await self._over_there(call_asgi(self.app, posted))
            return response if after is None else evolve(response, afterwards=self._keep(after))
        if is_async(self.app):
            async with asyncio.timeout(timeout_s):
                return await self._over_there(call_async_function(self.app, posted))
        if self.kind is Kind.FUNCTION:
            return await self._in_a_thread(lambda: call_function(self.app, posted), timeout_s)
        response, finish = await self._in_a_thread(lambda: call_wsgi(self.app, posted), timeout_s)
        if finish is None:
            return response
        return evolve(response, afterwards=partial(self._in_a_thread, finish, _LONGEST_AFTERWARDS_S))

    def _keep(self, after: AfterReply) -> Callable[[], Coroutine[Any, Any, str]]:
        """Keeps what an app does after a reply, so that it ends with the mount; gives what lets it go on."""
        self._at_work = [other for other in self._at_work if not other.work.done()]
        self._at_work.append(after)

        async def go_on() -> str:
            try:
                return await self._over_there(after.finish())
            except ConnectionResetError:
                return ""  # the event loop that it ran in has ended, and it with that

        return go_on

    async def _in_a_thread(self, work: Callable[[], Result], timeout_s: float) -> Result:
        done = await self.threads.run(work, timeout_s=timeout_s, patience_s=self.patience())
        return cast(Result, done)

    async def _over_there(self, work: Coroutine[Any, Any, Result]) -> Result:
        if self.loop is asyncio.get_running_loop():
            return await work
        if not self.loop.is_running():
            work.close()
            raise ConnectionResetError("the event loop that the app runs in has ended: settle() before it does")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))


def mounted_url(at: str) -> str:
    """Gives the callback URL of an app that is mounted at a path (``/voice``) or a URL. Raises ``SimulatorError``."""
    if at.startswith("/"):
        return MOUNTED_AT + at
    try:
        return read_url(at, "at")
    except ConfigError as error:
        raise SimulatorError(f"{error}, or a path like /voice") from None


def origin_of(url: str) -> str:
    """Gives scheme, host and port of a URL, as the sender of callbacks compares them."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
