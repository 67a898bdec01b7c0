"""Hands callbacks to a mounted app: an asynchronous one in an event loop, a synchronous one in a thread that waits."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.config import ConfigError, read_url
from sinch_simulator.core.callback import Response
from sinch_simulator.core.values import define
from sinch_simulator.embedded.app_adapters import (
    App,
    Kind,
    Lifespan,
    Posted,
    call_asgi,
    call_async_function,
    call_function,
    call_wsgi,
    is_async,
)
from sinch_simulator.embedded.caller_thread import CallerThreads

MOUNTED_AT = "http://app.test"
"""The origin of apps that are mounted at a mere path; nobody can open a connection to it (RFC 6761)."""

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

    async def open(self) -> None:
        """Lets an ASGI application start up."""
        if self.kind is Kind.ASGI:
            self._lifespan = Lifespan(self.app)
            await self._over_there(self._lifespan.start())

    async def close(self) -> None:
        """Lets it shut down; a loop that no longer runs has taken it along."""
        self.closed = True
        if self._lifespan is not None and self.loop.is_running():
            await self._over_there(self._lifespan.stop())

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response:
        """Hands the app a callback and gives its answer. Raises ``TimeoutError`` when it takes too long."""
        posted = Posted(url, headers, body)
        if self.kind is Kind.ASGI or is_async(self.app):
            call = call_asgi if self.kind is Kind.ASGI else call_async_function
            async with asyncio.timeout(timeout_s):
                return await self._over_there(call(self.app, posted))
        work = call_wsgi if self.kind is Kind.WSGI else call_function
        done = await self.threads.run(
            lambda: work(self.app, posted), timeout_s=timeout_s, patience_s=self.patience()
        )
        assert isinstance(done, Response)
        return done

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
