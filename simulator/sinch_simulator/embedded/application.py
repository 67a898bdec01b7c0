"""An application as the faces use it: from within the process, by the handlers of the control API itself.

So whatever a test does here means what it means over HTTP, and is refused in the same words. Everything that is a
coroutine runs in the server's own event loop.
"""

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.client.errors import CalloutRefused, SimulatorError
from sinch_simulator.config import ClockMode, ConfigError, read_url
from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlRequest
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.embedded.app_adapters import App, Kind, is_async, kind_of
from sinch_simulator.embedded.caller_thread import Errands
from sinch_simulator.embedded.mounting import Mount, mounted_url, origin_of
from sinch_simulator.products.voice import DEFAULT_REGION
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.control import calls
from sinch_simulator.products.voice.events import LegName
from sinch_simulator.products.voice.rest.calls import post_callout
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.callback_log import Record
from sinch_simulator.server.control import callbacks
from sinch_simulator.server.control.applications import post_application
from sinch_simulator.server.control.serving import AnyHandler, answer_of
from sinch_simulator.server.worlds import World, Worlds

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what goes out as JSON, or came in as such

LONGEST_S = 366 * 86_400
PATIENCE_S = 1.0
"""Under the manual clock a callback waits so long for the test's thread before it gets one of its own."""


async def ask(worlds: Worlds, handler: AnyHandler, body: Json, **path: str) -> Json:
    """What the control API answers; ``SimulatorError`` for what it refuses."""
    request = ControlRequest(worlds, path, body=encoded(body))
    try:
        answer = await answer_of(handler, request)
    except ControlError as error:
        raise SimulatorError(f"{error.message}; {error.hint}" if error.hint else error.message) from None
    assert isinstance(answer, Answer), "only streams are no answers"
    document: Json = json.loads(answer.body)
    return document


def encoded(body: Json) -> bytes:
    """The body as JSON; ``SimulatorError`` for what JSON cannot say."""
    try:
        return json.dumps(body).encode()
    except (TypeError, ValueError) as error:
        raise SimulatorError(f"{error}: expected what JSON has (texts, numbers, lists, dicts with text keys)") from None


@define(eq=False)
class Tenant:
    """One application in its world. ``close`` ends it; whatever it is asked after that is refused."""

    server: SimulatorServer
    world: World
    application: Application
    errands: Errands
    loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.get_running_loop)
    """The server's."""
    foreseen: set[tuple[str, int]] = field(init=False, factory=set)
    """Id and attempt of callbacks of which a scenario said that the app would fail them."""
    _mounts: dict[str, Mount] = field(init=False, factory=dict)
    _ended: str | None = field(init=False, default=None)

    @classmethod
    async def create(cls, server: SimulatorServer, settings: Json, errands: dict[str, Errands]) -> "Tenant":
        """A new application; ``settings`` as ``POST /_simulator/applications`` takes them."""
        made = await ask(server.worlds, post_application, settings)
        application = server.worlds.application(made["key"])
        assert application is not None
        world = server.worlds.home_of(application)
        if world.runner.mode is ClockMode.REALTIME and len(world.applications) == 1:
            world.runner.set_clock(ClockMode.REALTIME, server.config.speed)
        return cls(server, world, application, errands.setdefault(world.name, Errands()))

    def check(self) -> None:
        """Raise ``SimulatorError`` when this application is no more."""
        if self._ended is not None:
            raise SimulatorError(self._ended)

    async def close(self, why: str = "the application has been closed: make a new one") -> None:
        """Drop the application, its calls and with the last one its world."""
        if self._ended is not None:
            return
        self._ended = why
        for origin in [*self._mounts]:
            await self._unmount(origin)
        worlds = self.server.worlds
        if worlds.application(self.application.key) is self.application:
            worlds.remove(self.application)

    # ---- settings

    def set_url(self, name: str, url: str | None) -> None:
        """Change ``callback_url`` or ``fallback_url``; None takes it away."""
        self.check()
        try:
            setattr(self.application, name, None if url is None else read_url(url, name))
        except (ConfigError, TypeError, AttributeError) as error:
            raise SimulatorError(str(error)) from None

    async def mount(
        self,
        app: App,
        at: str,
        kind: str | None = None,
        *,
        loop: Callable[[], asyncio.AbstractEventLoop],
        patient: bool,
    ) -> Mount:
        """Hand callbacks to this app from now on; what was mounted at the same origin is replaced.

        ``loop`` gives the event loop of an app that is asynchronous; ``patient``: a synchronous one can expect that
        somebody's thread will wait for the simulator, and take its callbacks.
        """
        self.check()
        url = mounted_url(at)
        origin = origin_of(url)
        called = kind_of(app, kind)
        asynchronous = called is Kind.ASGI or is_async(app)
        runs_in = loop() if asynchronous else self.loop
        mount = Mount(app, called, runs_in, self.errands, self._patience if patient else _none)
        await self._unmount(origin)
        await mount.open()
        self._mounts[origin] = mount
        self.world.courier.straight[self.application.key, origin] = mount
        self.application.callback_url = url
        return mount

    async def _unmount(self, origin: str) -> None:
        mount = self._mounts.pop(origin, None)
        if mount is not None:
            del self.world.courier.straight[self.application.key, origin]
            await mount.close()

    def _patience(self) -> float:
        return PATIENCE_S if self.world.runner.mode is ClockMode.MANUAL else 0.0

    # ---- calls

    async def dial(self, settings: Json) -> Call:
        """Somebody calls in; ``settings`` as ``POST /_simulator/calls`` takes them."""
        self.check()
        given = {name: value for name, value in settings.items() if value is not None}
        if given.get("origin", "pstn") == "pstn":
            self._refuse_foreign(given.get("to"))
        made = await ask(self.server.worlds, calls.post_call, {"application": self.application.key, **given})
        return self.call(made["callId"])

    def _refuse_foreign(self, to: object) -> None:
        """A call from the phone network comes here only by a number of this application."""
        number = normalise_number(to) if isinstance(to, str) else None
        own = self.application.numbers
        if number is not None and number not in own:
            raise SimulatorError(
                f"to: {number} is no number of this application, whose numbers are {', '.join(own) or 'none'}: "
                f"dial one of them, or make the application with numbers=[{number!r}]"
            )

    async def place(self, body: Json) -> Call:
        """The app places a callout; ``body`` as ``POST /calling/v1/callouts`` takes it."""
        self.check()
        request = PlatformRequest(
            application=self.application,
            world=self.world.simulation,
            method="POST",
            path="/calling/v1/callouts",
            parameters={},
            headers={},
            body=encoded(body),
            base_url=self.server.url,
            region=DEFAULT_REGION,
        )
        self.world.runner.catch_up()
        try:
            answer = post_callout(request)
        except ApiError as error:
            text = f"{error.message}; {error.hint}" if error.hint else error.message
            raise CalloutRefused(text, code=error.number, status=error.status) from None
        await self.world.runner.settled()
        return self.call(json.loads(answer.body)["callId"])

    def call(self, call_id: str) -> Call:
        """A call of this application."""
        self.check()
        call = self.world.simulation.exchange.calls.get(call_id)
        if call is None or call.application is not self.application:
            raise SimulatorError(f"this application has no call {call_id!r}; .calls lists those that it has")
        return call

    async def press(self, call_id: str, leg: LegName, digits: str) -> None:
        """Somebody on the line presses keys."""
        self.check()
        await ask(self.server.worlds, calls.press, {"digits": digits, "leg": leg.value}, callId=call_id)

    async def speak(self, call_id: str, leg: LegName, text: str) -> None:
        """Somebody on the line says something."""
        self.check()
        await ask(self.server.worlds, calls.speak, {"text": text, "leg": leg.value}, callId=call_id)

    async def hang_up(self, call_id: str, leg: LegName) -> None:
        """Somebody on the line hangs up."""
        self.check()
        await ask(self.server.worlds, calls.hang_up, {"leg": leg.value}, callId=call_id)

    # ---- callbacks

    def records(self, call_id: str | None = None) -> list[Record]:
        """What became of this application's callbacks, or of those of one call, in the order of sending."""
        self.check()
        key = self.application.key
        return self.world.callbacks.matching(
            lambda record: record.callback.application_key == key and call_id in (None, record.callback.call_id)
        )

    async def redeliver(self, record_id: str) -> Record:
        """Send the same body again, signed afresh; no call hears of the reply."""
        self.check()
        repeated = await ask(self.server.worlds, callbacks.redeliver, {}, id=record_id)
        record = self.world.callbacks.get(repeated["id"])
        assert record is not None
        return record

    # ---- time

    async def settle(self) -> None:
        """Return when nothing is under way and nothing due at this instant; at once under realtime."""
        self.check()
        await self.world.runner.settled()

    async def advance(self, seconds: float) -> None:
        """Let so much simulated time pass; every callback is answered before the next thing happens."""
        self.check()
        if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_S):
            raise SimulatorError(f"advance: {seconds:g} s is not possible; time goes forward, by up to a year at once")
        await self.world.runner.advance(round(seconds * 1000))


def _none() -> float:
    return 0.0
