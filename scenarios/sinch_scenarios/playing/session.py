"""What ``run`` plays scenarios in: a simulator of this process or one elsewhere, and webhooks that answer.

A scenario has an application, and so a world, of its own. Where the app under test knows one application only
(``--application``), that one is made anew for each scenario, one scenario after the other.
"""

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import quote

import aiohttp
from aiohttp import web
from attrs import define, evolve, field, frozen

from sinch_scenarios.language.model import Sample, Scenario
from sinch_scenarios.playing.parallel import Performance
from sinch_scenarios.playing.player import Afterwards, Result, Settings, play, play_in
from sinch_simulator.client.control import Client, Lodger, Refused
from sinch_simulator.config import ServerConfig
from sinch_simulator.samples import call_back, call_centre, ivr, mistakes, switchboard, voicemail_drop
from sinch_simulator.samples.serving import Platform
from sinch_simulator.server.app import SimulatorServer


@frozen
class Credentials:
    """Of an application."""

    key: str
    secret: str


@frozen
class Hall:
    """Where scenarios are played. Without a callback URL each is answered by the bundled app that it names."""

    client: Client
    settings: Settings
    callback_url: str | None = None
    application: Credentials | None = None
    afterwards: Afterwards | None = None
    server: SimulatorServer | None = None
    """The simulator, where it is of this process."""

    async def play(self, performance: Performance) -> Result:
        """One scenario. Raises ``Refused`` when the simulator is not there or does not take the application."""
        scenario = performance.scenario
        settings = evolve(self.settings, seed=performance.seed)
        own = self.application or made_up(scenario, performance)
        async with self.webhook(scenario.sample, own) as url:
            try:
                return await self._play_as(scenario, settings, url, own)
            except Refused as error:
                if error.status != 409:
                    raise
                if self.application is not None:
                    return await self._borrow(scenario, settings, url, own)
            # Somebody plays the same file in this simulator right now: any other key will do.
        other = Credentials(str(uuid.uuid4()), own.secret)
        async with self.webhook(scenario.sample, other) as url:
            return await self._play_as(scenario, settings, url, other)

    async def _play_as(self, scenario: Scenario, settings: Settings, url: str, own: Credentials) -> Result:
        return await play(
            scenario,
            self.client,
            settings,
            callback_url=url,
            key=own.key,
            secret=own.secret,
            afterwards=self.afterwards,
        )

    async def _borrow(self, scenario: Scenario, settings: Settings, url: str, own: Credentials) -> Result:
        """In the application that is there already: emptied before and after, its clock and URL put back."""
        path = f"/_simulator/applications/{quote(own.key, safe='')}"
        there = await self.client.ask("GET", path)
        lodger = Lodger(self.client, own.key, own.secret, tuple(there["numbers"]))
        clock = await lodger.control("GET", "/clock")
        await lodger.control("POST", "/reset")
        await self.client.ask("PATCH", path, {"callbackUrl": url})
        await lodger.control("PUT", "/clock", {"mode": settings.clock.of_the_world})
        try:
            result = await play_in(scenario, lodger, settings)
            if self.afterwards is not None:
                await self.afterwards(lodger)
            return result
        finally:
            await lodger.control("POST", "/reset")
            await self.client.ask("PATCH", path, {"callbackUrl": there["callbackUrl"]})
            await lodger.control("PUT", "/clock", {"mode": clock["mode"], "speed": clock["speed"]})

    @asynccontextmanager
    async def webhook(self, sample: Sample | None, own: Credentials) -> AsyncIterator[str]:
        """The URL of the app that answers."""
        if self.callback_url is not None:
            yield self.callback_url
            return
        assert sample is not None
        runner = web.AppRunner(sample_app(sample, own, self.client.url), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()


def made_up(scenario: Scenario, performance: Performance) -> Credentials:
    """Credentials that follow from the file and the seed, so that ids repeat from run to run."""
    name = f"{scenario.file}#{performance.seed}#{performance.repetition}"
    secret = base64.b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode()
    return Credentials(str(uuid.uuid5(uuid.NAMESPACE_URL, name)), secret)


def sample_app(sample: Sample, own: Credentials, simulator_url: str) -> web.Application:
    """A bundled app for this application."""
    platform = Platform(own.key, own.secret, simulator_url)
    match sample:
        case Sample.IVR:
            return ivr.application(ivr.Company(own.key, own.secret))
        case Sample.VOICEMAIL_DROP:
            return voicemail_drop.webhook(platform)
        case Sample.CALL_CENTRE:
            return call_centre.webhook(platform)
        case Sample.CALL_BACK:
            return call_back.webhook(platform)
        case Sample.SWITCHBOARD:
            return switchboard.webhook(platform)
        case Sample.MISTAKES:
            return mistakes.webhook(platform)


@define
class Doors:
    """Opens a hall, and closes what it opened."""

    settings: Settings
    config: ServerConfig
    simulator_url: str | None = None
    callback_url: str | None = None
    application: Credentials | None = None
    _stack: AsyncExitStack = field(init=False, factory=AsyncExitStack)

    async def __aenter__(self) -> Hall:
        """Start a simulator in this process, unless there is one. Raises OSError when it cannot listen."""
        session = await self._stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        url, server = self.simulator_url, None
        if url is None:
            server = SimulatorServer(self.config)
            await server.start()
            self._stack.push_async_callback(server.stop)
            url = server.url
        client = Client(session, url.rstrip("/"))
        return Hall(client, self.settings, self.callback_url, self.application, server=server)

    async def __aexit__(self, *why: object) -> None:
        await self._stack.aclose()
