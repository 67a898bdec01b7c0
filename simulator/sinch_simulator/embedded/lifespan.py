"""Starts an ASGI application up and shuts it down."""

import asyncio

from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define
from sinch_simulator.embedded.app_adapters import App, Scope


@define(eq=False)
class Lifespan:
    """Starts an ASGI application up and shuts it down; one that knows neither is left alone."""

    _app: App
    _orders: "asyncio.Queue[Scope]" = field(init=False, factory=asyncio.Queue)
    _reports: "asyncio.Queue[Scope]" = field(init=False, factory=asyncio.Queue)
    _task: "asyncio.Task[None] | None" = field(init=False, default=None)

    async def start(self) -> None:
        """Lets it start; raises ``SimulatorError`` when it says that it can't."""
        self._task = asyncio.create_task(self._run())
        await self._order("lifespan.startup")

    async def stop(self) -> None:
        """Lets it shut down."""
        if self._task is not None and not self._task.done():
            await self._order("lifespan.shutdown")
            await self._task

    async def _order(self, what: str) -> None:
        assert self._task is not None
        self._orders.put_nowait({"type": what})
        report = asyncio.ensure_future(self._reports.get())
        await asyncio.wait((report, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not report.done():
            report.cancel()
            return
        if report.result()["type"] == f"{what}.failed":
            raise SimulatorError(f"the mounted application failed at {what}: {report.result().get('message', '')}")

    async def _run(self) -> None:
        try:
            await self._app({"type": "lifespan", "asgi": {"version": "3.0"}}, self._orders.get, self._report)
        except Exception:
            # The protocol's way to say "I have no lifespan" is to raise (ASGI specification, lifespan).
            return

    async def _report(self, message: Scope) -> None:
        """Takes what the app says; raises RuntimeError for what is not about its life, or comes again and again."""
        if not message["type"].startswith("lifespan.") or self._reports.qsize() > 1:
            raise RuntimeError(f"{message['type']} is not due here")
        self._reports.put_nowait(message)
