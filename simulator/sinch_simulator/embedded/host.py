"""Runs a simulator in this process for programs and tests: the server, its applications, and where mounted apps run."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from attrs import field

from sinch_simulator.client.control import Client
from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.client.in_process import InProcessTransport
from sinch_simulator.config import ClockMode, ConfigError, ServerConfig
from sinch_simulator.core.values import define, frozen
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.caller_thread import CallerThreads
from sinch_simulator.embedded.loop_thread import STOPPED, LoopThread
from sinch_simulator.embedded.webhook import Listener, Webhook
from sinch_simulator.server.app import SimulatorServer

Json = dict[str, Any]  # what goes out as JSON

NOT_RUNNING = "this simulator does not run: use it in a with statement, or call start() first"


def server_config(
    *,
    clock: str,
    seed: int,
    callback_timeout: float,
    host: str,
    port: int,
    speed: float,
    allow_hosts: Sequence[str],
    s3_endpoint: str | None,
    azure_endpoint: str | None,
) -> ServerConfig:
    """Checks the settings of a simulator. Raises ``SimulatorError`` for what is not possible."""
    known = [mode.value for mode in ClockMode]
    if clock not in known:
        raise SimulatorError(f"clock: {clock!r} is not known; expected one of {', '.join(known)}")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SimulatorError(f"seed: {seed!r} is not possible; expected a whole number, 0 or more")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise SimulatorError(f"port: {port!r} is not possible; expected a number up to 65535, 0 for a free port")
    if isinstance(allow_hosts, str):
        raise SimulatorError(f"allow_hosts: {allow_hosts!r} is no list; write [{allow_hosts!r}]")
    try:
        return ServerConfig(
            host=host,
            port=port,
            applications=(),
            clock=ClockMode(clock),
            speed=speed,
            callback_timeout_s=callback_timeout,
            seed=seed,
            allow_hosts=tuple(pattern.lower() for pattern in allow_hosts),
            s3_endpoint=s3_endpoint,
            azure_endpoint=azure_endpoint,
        )
    except (ConfigError, TypeError, AttributeError) as error:
        setting, colon, why = str(error).removeprefix("--").partition(":")
        named = setting.replace("allow-host", "allow-hosts").replace("-", "_")
        raise SimulatorError(f"{named}{colon}{why}") from None


@frozen
class CallbackOutcome:
    """A callback that was sent, and what became of it, for whoever counts thousands of them."""

    event: str
    outcome: str
    latency_ms: int
    call_id: str
    body: Json


@define(eq=False)
class Host:
    """One server in this process and the applications that it hosts. ``start`` and ``stop`` run in its event loop."""

    config: ServerConfig
    thread: LoopThread | None = field(init=False, default=None)
    """The thread of the server's event loop, where it has one of its own."""
    _server: SimulatorServer | None = field(init=False, default=None)
    _applications: list[HostedApplication] = field(init=False, factory=list)
    _threads: dict[str, CallerThreads] = field(init=False, factory=dict)
    """By world, the threads that wait for it."""
    _apps: LoopThread | None = field(init=False, default=None)
    _listener: Listener | None = field(init=False, default=None)

    @property
    def server(self) -> SimulatorServer:
        """The server. Raises ``SimulatorError`` when it does not run."""
        if self._server is None:
            raise SimulatorError(NOT_RUNNING)
        return self._server

    @property
    def url(self) -> str:
        """The server's base URL, without a trailing slash."""
        return self.server.url

    @property
    def client(self) -> Client:
        """A client whose requests go straight to the server; its coroutines run in the server's event loop."""
        return Client(InProcessTransport(self.server.url, self.server.answer))

    @property
    def client_that_goes_on(self) -> Client:
        """A client like ``client`` that does not wait for what its requests cause, and is not shown what they changed.

        For whoever begins many calls at one instant, and lets time pass afterwards.
        """
        return Client(InProcessTransport(self.server.url, partial(self.server.answer, settle=False)))

    async def start(self) -> None:
        """Serves in the event loop that runs here."""
        if self._server is not None:
            raise SimulatorError("this simulator runs already")
        server = SimulatorServer(self.config)
        try:
            await server.start()
        except OSError as error:
            from sinch_simulator.server.refused_address import why_not_served

            raise SimulatorError(why_not_served(self.config.host, self.config.port, error, flag="")) from None
        self._server = server

    async def stop(self) -> None:
        """Ends everything; it is no error when nothing runs."""
        if self._server is None:
            return
        server, self._server = self._server, None
        for application in self._applications:
            await application.close(STOPPED)
        self._applications.clear()
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None
        await server.stop()

    async def create(self, settings: Json) -> HostedApplication:
        """Makes an application; ``settings`` as the control API takes them, None for what is made up."""
        application = await HostedApplication.create(self.server, self.client, settings, self._threads)
        self._applications.append(application)
        return application

    async def close(self, application: HostedApplication, why: str | None = None) -> None:
        """Drops an application and all that it had; ``why`` is told to whoever uses it later."""
        await (application.close() if why is None else application.close(why))
        self._applications.remove(application)
        if self.server.worlds.named(application.world.name) is not application.world:
            self._threads.pop(application.world.name, None)

    def callback_outcomes(self, key: str) -> list[CallbackOutcome]:
        """Tells what became of the callbacks of the application of this key, in the order of sending."""
        application = self.server.worlds.application(key)
        if application is None:
            raise SimulatorError(f"there is no application {key}")
        records = self.server.worlds.home_of(application).callbacks.matching(
            lambda record: record.callback.application_key == application.key
        )
        return [
            CallbackOutcome(
                record.callback.event,
                record.attempt.outcome.value,
                record.attempt.latency_ms,
                record.callback.subject,
                record.callback.body,
            )
            for record in records
        ]

    # ---- apps

    async def open_webhook(
        self,
        application: HostedApplication,
        *,
        loop: Callable[[], asyncio.AbstractEventLoop],
        patient: bool,
        v2: bool,
    ) -> Webhook:
        """Opens a webhook for the events of every product of this application; it is gone with it.

        With ``v2`` calls that come in are of Voice v2.
        """
        if self._listener is None:
            self._listener = Listener(self.config.callback_timeout_s)
            await self._listener.start()
        webhook = Webhook(self._listener.new_url())
        mount = await application.mount(webhook.answer, webhook.url, loop=loop, patient=patient)
        self._listener.serve_at(webhook.url, mount)
        application.send_events_to(webhook.url, v2=v2)
        application.webhooks.append(webhook)
        return webhook

    def apps_loop(self) -> asyncio.AbstractEventLoop:
        """Gives the event loop of asynchronous apps whose mounter has none; it runs in a thread of its own."""
        if self._apps is None:
            self._apps = LoopThread("sinch-apps")
            self._apps.start()
        return self._apps.loop

    def stop_apps(self) -> None:
        """Ends that event loop."""
        if self._apps is not None:
            self._apps.stop()
            self._apps = None
