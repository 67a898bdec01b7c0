"""What stands behind a simulator's face: the server, its applications, and where apps that are mounted may run."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.config import ClockMode, ConfigError, ServerConfig
from sinch_simulator.embedded.application import Tenant
from sinch_simulator.embedded.caller_thread import Errands
from sinch_simulator.embedded.loop_thread import LoopThread
from sinch_simulator.embedded.webhook import Listener, Webhook
from sinch_simulator.server.app import SimulatorServer

Json = dict[str, Any]  # what goes out as JSON


def server_config(
    *, clock: str, seed: int, callback_timeout: float, host: str, port: int, speed: float
) -> ServerConfig:
    """The settings of a simulator; ``SimulatorError`` for what can't be."""
    known = [mode.value for mode in ClockMode]
    if clock not in known:
        raise SimulatorError(f"clock: {clock!r} is not known; expected one of {', '.join(known)}")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SimulatorError(f"seed: {seed!r} is not possible; expected a whole number, 0 or more")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise SimulatorError(f"port: {port!r} is not possible; expected a number up to 65535, 0 for a free port")
    try:
        return ServerConfig(
            host=host,
            port=port,
            applications=(),
            clock=ClockMode(clock),
            speed=speed,
            callback_timeout_s=callback_timeout,
            seed=seed,
        )
    except (ConfigError, TypeError) as error:
        raise SimulatorError(str(error).removeprefix("--").replace("callback-timeout", "callback_timeout")) from None


def application_settings(
    *,
    key: str | None,
    secret: str | None,
    numbers: Sequence[str] | None,
    callback_url: str | None,
    fallback_url: str | None,
    callback_style: str | None,
    world: str | None,
    clock: str | None,
    seed: int | None,
) -> Json:
    """Settings in the words of the control API; what is None is left out."""
    settings = {
        "key": key,
        "secret": secret,
        "numbers": list(numbers) if isinstance(numbers, Sequence) and not isinstance(numbers, str) else numbers,
        "callbackUrl": callback_url,
        "fallbackUrl": fallback_url,
        "callbackStyle": callback_style,
        "world": world,
        "clock": clock,
        "seed": seed,
    }
    return {name: value for name, value in settings.items() if value is not None}


@define(eq=False)
class Backstage:
    """One server and its tenants."""

    config: ServerConfig
    _server: SimulatorServer | None = field(init=False, default=None)
    _tenants: list[Tenant] = field(init=False, factory=list)
    _errands: dict[str, Errands] = field(init=False, factory=dict)
    _apps: LoopThread | None = field(init=False, default=None)
    _listener: Listener | None = field(init=False, default=None)

    @property
    def server(self) -> SimulatorServer:
        """The server; ``SimulatorError`` when it does not run."""
        if self._server is None:
            raise SimulatorError("this simulator does not run: use it in a with statement, or call start() first")
        return self._server

    async def start(self) -> None:
        """Serve in the event loop that runs here."""
        if self._server is not None:
            raise SimulatorError("this simulator runs already")
        server = SimulatorServer(self.config)
        try:
            await server.start()
        except OSError as error:
            raise SimulatorError(f"cannot serve on {self.config.host} port {self.config.port}: {error}") from None
        self._server = server

    async def stop(self) -> None:
        """End everything; it is no error when nothing runs."""
        if self._server is None:
            return
        server, self._server = self._server, None
        for tenant in self._tenants:
            await tenant.close("the simulator has been stopped: make a new one")
        self._tenants.clear()
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None
        await server.stop()

    async def create(self, settings: Json) -> Tenant:
        """A new application."""
        tenant = await Tenant.create(self.server, settings, self._errands)
        self._tenants.append(tenant)
        return tenant

    async def close(self, tenant: Tenant, why: str | None = None) -> None:
        """An application is done with."""
        await (tenant.close() if why is None else tenant.close(why))
        self._tenants.remove(tenant)
        if self.server.worlds.named(tenant.world.name) is not tenant.world:
            self._errands.pop(tenant.world.name, None)

    async def open_webhook(
        self, tenant: Tenant, *, loop: Callable[[], asyncio.AbstractEventLoop], patient: bool
    ) -> Webhook:
        """A webhook of this tenant's own; it is gone with it."""
        if self._listener is None:
            self._listener = Listener(self.config.callback_timeout_s)
            await self._listener.start()
        webhook = Webhook(self._listener.new_url())
        mount = await tenant.mount(webhook.answer, webhook.url, loop=loop, patient=patient)
        self._listener.serve_at(webhook.url, mount)
        return webhook

    def apps_loop(self) -> asyncio.AbstractEventLoop:
        """Where asynchronous apps run when whoever mounts them has no event loop."""
        if self._apps is None:
            self._apps = LoopThread("sinch-apps")
            self._apps.start()
        return self._apps.loop

    def stop_apps(self) -> None:
        """End that loop."""
        if self._apps is not None:
            self._apps.stop()
            self._apps = None
