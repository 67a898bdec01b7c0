"""Opens what scenarios are played in: a simulator, of this process or elsewhere, and the webhooks that answer.

A scenario has an application, and so a world, of its own. Where the app under test knows one application only
(``--application``), that one is made anew for each scenario, one scenario after the other.
"""

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web
from attrs import evolve, field

from sinch_scenarios.language.model import Sample, Scenario
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.player import Afterwards, play, play_in, webhook_settings
from sinch_scenarios.playing.results import Result, Settings
from sinch_simulator.client.control import CONTROL, ApplicationClient, Client
from sinch_simulator.client.errors import Refused
from sinch_simulator.core.values import frozen

if TYPE_CHECKING:
    from sinch_simulator.embedded.host import Host


@frozen
class Credentials:
    """The key and the secret of an application.

    ``others`` are its credentials for the products of a project and for SMS by service plan, in the words of the
    control API; what is not there is made up.
    """

    key: str
    secret: str
    others: Mapping[str, str] = field(factory=dict)


@frozen
class Session:
    """A simulator in which scenarios are played. Without a callback URL each is answered by the app that it names."""

    client: Client
    settings: Settings
    callback_url: str | None = None
    application: Credentials | None = None
    afterwards: Afterwards | None = None
    host: "Host | None" = None
    """The simulator, where it is of this process."""

    async def play(self, run: ScenarioRun) -> Result:
        """Plays one scenario. Raises ``Refused`` when no simulator answers or it does not take the application."""
        scenario = run.scenario
        settings = evolve(self.settings, seed=run.seed)
        own = self.application or made_up(scenario, run)
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
            others=own.others,
            afterwards=self.afterwards,
        )

    async def _borrow(self, scenario: Scenario, settings: Settings, url: str, own: Credentials) -> Result:
        """Plays in the application that is there already: emptied before and after, its settings and clock put back."""
        path = f"{CONTROL}/applications/{quote(own.key, safe='')}"
        there = await self.client.ask("GET", path)
        application = evolve(ApplicationClient.of(self.client, there), secret=own.secret)
        clock = await application.control("GET", "/clock")
        await application.control("POST", "/reset")
        own_numbers = {"numbers": list(scenario.numbers)} if scenario.numbers else {}
        lent = webhook_settings(scenario, url)
        await self.client.ask("PATCH", path, {**lent, **own_numbers})
        application = evolve(application, numbers=scenario.numbers or application.numbers)
        await application.control("PUT", "/clock", {"mode": settings.clock.of_the_world})
        try:
            result = await play_in(scenario, application, settings)
            if self.afterwards is not None:
                await self.afterwards(application)
            return result
        finally:
            await application.control("POST", "/reset")
            before = {name: there[name] for name in (*lent, "numbers")}
            await self.client.ask("PATCH", path, before)
            await application.control("PUT", "/clock", {"mode": clock["mode"], "speed": clock["speed"]})

    @asynccontextmanager
    async def webhook(self, sample: Sample | None, own: Credentials) -> AsyncIterator[str]:
        """Serves the app that answers, unless one runs elsewhere, and gives its URL."""
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


def made_up(scenario: Scenario, run: ScenarioRun) -> Credentials:
    """Makes up credentials that follow from the file and the seed, so that ids repeat from run to run."""
    name = f"{scenario.file}#{run.seed}#{run.repetition}"
    secret = base64.b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode()
    return Credentials(str(uuid.uuid5(uuid.NAMESPACE_URL, name)), secret)


def sample_app(sample: Sample, own: Credentials, simulator_url: str) -> web.Application:
    """Makes a bundled app for this application."""
    from sinch_simulator.samples import (
        call_back,
        call_centre,
        ivr,
        ivr_v2,
        mistakes,
        reminder,
        sign_up,
        switchboard,
        two_factor,
        voicemail_drop,
    )
    from sinch_simulator.samples.serving import Platform

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
        case Sample.IVR_V2:
            return ivr_v2.application(own.key, own.secret)
        case Sample.REMINDER:
            return reminder.webhook(platform)
        case Sample.SIGN_UP:
            return sign_up.webhook(platform)
        case Sample.TWO_FACTOR:
            return two_factor.webhook(platform)


@frozen
class SessionOptions:
    """Options of a session. ``simulator`` is the URL of one that runs, or one of this process that is to be started."""

    settings: Settings
    simulator: "str | Host"
    callback_url: str | None = None
    application: Credentials | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Session]:
        """Opens the session, and closes it at the end. Raises ``SimulatorError`` when the simulator cannot listen."""
        if isinstance(self.simulator, str):
            from sinch_simulator.client.http import connected

            async with connected(self.simulator) as client:
                yield Session(client, self.settings, self.callback_url, self.application)
            return
        host = self.simulator
        await host.start()
        try:
            yield Session(host.client, self.settings, self.callback_url, self.application, host=host)
        finally:
            await host.stop()
