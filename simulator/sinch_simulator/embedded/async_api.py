"""The simulator for asynchronous tests and programs: serve in your event loop, and await what people do.

``async with Simulator() as sim: ...``. What moves time, or waits for a callback, is a coroutine; what only
looks is not.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define, field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.embedded import wait_for as waiting
from sinch_simulator.embedded.app_adapters import App
from sinch_simulator.embedded.application import Tenant
from sinch_simulator.embedded.arguments import callout_body, in_app_call, incoming_call, seconds_of
from sinch_simulator.embedded.host import Backstage, application_settings, server_config
from sinch_simulator.embedded.loop_thread import refuse_inside_a_loop
from sinch_simulator.embedded.phone_view import PhoneView
from sinch_simulator.embedded.play_scenario import play
from sinch_simulator.embedded.views import (
    ApplicationView,
    Callback,
    CallView,
    ConferenceView,
    Participant,
    callback_of,
)
from sinch_simulator.embedded.webhook import Webhook
from sinch_simulator.products.voice.call import Call as ExchangeCall
from sinch_simulator.products.voice.events import LegName

if TYPE_CHECKING:
    from sinch_simulator.embedded import sync_api as blocking

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")

__all__ = ["Application", "Call", "Callback", "Conference", "Participant", "Phone", "Simulator"]


async def there(tenant: Tenant, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of what must run in the server's event loop, from whichever loop this is."""
    loop = tenant.loop
    if loop is asyncio.get_running_loop():
        return await work
    if loop.is_closed():
        work.close()
        tenant.check()
    try:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
    except (SimulatorError, AssertionError) as error:
        raise error.with_traceback(None) from None


@define(eq=False, repr=False)
class Call(CallView):
    """A call, seen from one end. What is done here is done by whoever is at that end."""

    @property
    def caller(self) -> "Call":
        """The same call from the caller's end."""
        return self._from(LegName.CALLER)

    @property
    def callee(self) -> "Call":
        """The same call from the callee's end."""
        return self._from(LegName.CALLEE)

    async def wait_for(self, what: str | Callable[["Call"], object], *, within: float = 60) -> "Call":
        """Let time pass until it is so, for at most so many simulated seconds.

        ``what`` is ``prompt``, ``menu``, ``connected``, ``parked``, ``conference``, ``ended``, a text that this end is
        to hear (or has heard; ``/text/`` is a regular expression), or a function of the call. Raises ``NotSeen``.
        """
        call, leg = self._call(), self._end()
        if callable(what):
            work = waiting.wait_until(self._tenant, call, leg, waiting.condition_of(what, self), within)
        else:
            work = waiting.wait_for(self._tenant, call, leg, what, within)
        await there(self._tenant, work)
        return self

    async def expect(self, text: str, *, within: float = 60) -> "Call":
        """Let time pass until this end hears the text, after what was last expected. Raises ``NotSeen``."""
        work = waiting.expect(self._tenant, self._call(), self._end(), text, self._expected, within)
        self._expected = await there(self._tenant, work) + 1
        return self

    async def press(self, digits: str) -> "Call":
        """Press keys of ``0-9 * #``; a ``w`` is a pause of 500 ms."""
        await there(self._tenant, self._tenant.press(self.id, self._leg, digits))
        return self

    async def say(self, text: str) -> "Call":
        """Say something, for a menu that listens."""
        await there(self._tenant, self._tenant.speak(self.id, self._leg, text))
        return self

    async def hang_up(self) -> "Call":
        """Hang up."""
        await there(self._tenant, self._tenant.hang_up(self.id, self._leg))
        return self


@define(eq=False, repr=False)
class Phone(PhoneView):
    """Somebody at an address. Scripting takes effect at once; only ``expect_call`` and ``dials`` are awaited."""

    async def expect_call(self, *, within: float = 60) -> Call:
        """The next call that rings here, seen from here. Raises ``NotSeen``."""
        call, leg = await there(self._tenant, waiting.expect_invitation(self._tenant, self, within))
        return Call(self._tenant, call, leg)

    async def dials(self, to: str | None = None, *, custom: str | None = None) -> Call:
        """They call the application (its first number, if not said) and do what ``plays`` says."""
        call = await there(self._tenant, self._tenant.dial(incoming_call(from_=self.address, to=to, custom=custom)))
        return Call(self._tenant, call, LegName.CALLER)


@define(eq=False, repr=False)
class Conference(ConferenceView):
    """A conference room by its id."""

    async def wait_for(self, count: int, *, within: float = 60) -> "Conference":
        """Let time pass until there are exactly so many participants. Raises ``NotSeen``."""
        await there(self._tenant, waiting.wait_for_participants(self._tenant, self, count, within))
        return self


@define(eq=False, repr=False)
class Application(ApplicationView):
    """An application of your own: an app under test is behind its callback URL, people are at its phones."""

    _backstage: Backstage
    _phones: dict[str, Phone] = field(init=False, factory=dict)

    # ---- people

    def phone(self, address: str) -> Phone:
        """Who is at a number, a pattern with ``*``, a user name or a SIP address."""
        return self._phones.setdefault(address, Phone(self._tenant, address))

    async def dial(
        self,
        *,
        from_: str,
        to: str | None = None,
        origin: str | None = None,
        custom: str | None = None,
        call_headers: Mapping[str, str] | None = None,
        caller: Mapping[str, object] | None = None,
    ) -> Call:
        """Somebody outside calls one of the application's numbers, the first if not said.

        ``origin`` is ``pstn`` (the default) or ``sip``; ``caller`` is how they behave, in the form of a persona.
        """
        settings = incoming_call(
            from_=from_, to=to, origin=origin, custom=custom, call_headers=call_headers, caller=caller
        )
        return self._seen(await there(self._tenant, self._tenant.dial(settings)))

    async def app_calls(
        self,
        *,
        user: str,
        to: str,
        conference: bool = False,
        custom: str | None = None,
        call_headers: Mapping[str, str] | None = None,
    ) -> Call:
        """An in-app user calls a number (``+...``), another user, or with ``conference=True`` a room."""
        settings = in_app_call(user=user, to=to, conference=conference, custom=custom, call_headers=call_headers)
        return self._seen(await there(self._tenant, self._tenant.dial(settings)))

    # ---- the app

    async def callout(
        self,
        to: str | None = None,
        *,
        text: str | None = None,
        conference: str | None = None,
        cli: str | None = None,
        body: Mapping[str, object] | None = None,
        **properties: object,
    ) -> Call:
        """The app places a callout: ``text`` is said, ``conference`` is joined, else a customCallout.

        ``properties`` are the platform's, by its names (``enableAce=True``); ``body`` is a whole request body, in place
        of everything else. Raises ``CalloutRefused`` with the platform's code.
        """
        request = callout_body(self, to, text=text, conference=conference, cli=cli, body=body, properties=properties)
        return self._seen(await there(self._tenant, self._tenant.place(request)))

    async def mount(self, app: App, *, at: str = "/", kind: str | None = None) -> None:
        """Hand callbacks straight to an app, without a socket, signed as ever.

        ``app`` is an ASGI application (it runs in this event loop), a WSGI application or a function of the event, also
        an ``async`` one; ``at`` is the path, or the whole URL, that it has as the callback URL.
        """
        loop = asyncio.get_running_loop()
        await there(self._tenant, self._tenant.mount(app, at, kind, loop=lambda: loop, patient=False))

    async def redeliver(self, callback: Callback) -> Callback:
        """Send the same body again, signed afresh; no call hears of the reply."""
        return callback_of(self._tenant, await there(self._tenant, self._tenant.redeliver(callback.id)))

    async def play(self, file: str | Path) -> None:
        """Play a scenario file in this application, in leaping time; the app under test answers.

        Raises ``ScenarioFailed`` with the step that is not so, and ``SimulatorError`` for a file that can't be played.
        """
        await there(self._tenant, play(self._tenant, file))

    # ---- time

    async def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let simulated time pass; what falls due happens in order, each callback is answered before the next thing."""
        await there(self._tenant, self._tenant.advance(seconds_of(seconds, minutes, hours)))

    async def settle(self) -> None:
        """Let everything happen that is due at this instant, and every callback be answered."""
        await there(self._tenant, self._tenant.settle())

    # ---- looking

    @property
    def calls(self) -> list[Call]:
        """Its calls, oldest first."""
        return [self._seen(call) for call in self._records()]

    def call(self, call_id: str) -> Call:
        """The call of this id, as the platform's REST API gave it."""
        return self._seen(self._tenant.call(call_id))

    def conference(self, conference_id: str) -> Conference:
        """The conference room of this id, whether or not it is there yet."""
        return Conference(self._tenant, conference_id)

    async def webhook(self) -> Webhook:
        """A webhook that records what it gets and answers as it is told; callbacks go to it from now on."""
        loop = asyncio.get_running_loop()
        return await there(
            self._tenant, self._backstage.open_webhook(self._tenant, loop=lambda: loop, patient=False)
        )

    async def close(self, why: str | None = None) -> None:
        """Drop it, and all that it had; ``why`` is what whoever uses it after that is told."""
        await there(self._tenant, self._backstage.close(self._tenant, why))

    def _seen(self, call: ExchangeCall) -> Call:
        return Call(self._tenant, call, call.party.name)


class Simulator:
    """A simulator that serves on 127.0.0.1, in the event loop that runs where it is started.

    ``clock`` is ``manual`` (time moves by ``advance`` and ``wait_for``), ``auto`` or ``realtime``, for
    applications that do not say otherwise; ``speed`` is simulated seconds per real one (realtime only). The same
    ``seed`` gives the same ids. ``callback_timeout`` is real seconds. Port 0 takes a free one.
    """

    def __init__(
        self,
        *,
        clock: str = "manual",
        seed: int = 0,
        callback_timeout: float = 5.0,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
    ) -> None:
        config = server_config(
            clock=clock, seed=seed, callback_timeout=callback_timeout, host=host, port=port, speed=speed
        )
        self._backstage = Backstage(config)

    @staticmethod
    def in_thread(
        *,
        clock: str = "manual",
        seed: int = 0,
        callback_timeout: float = 5.0,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
    ) -> "blocking.Simulator":
        """The same for synchronous tests, scripts and ``unittest``: it serves in its own thread, nothing is awaited.

        Raises ``SimulatorError`` where an event loop runs: waiting would stop it.
        """
        refuse_inside_a_loop("Simulator.in_thread()", "use 'async with Simulator(...)' and await")
        from sinch_simulator.embedded import sync_api as blocking

        return blocking.Simulator(
            clock=clock, seed=seed, callback_timeout=callback_timeout, host=host, port=port, speed=speed
        )

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        return self._backstage.server.url

    async def start(self) -> Self:
        """Serve; what ``async with`` does."""
        await self._backstage.start()
        return self

    async def stop(self) -> None:
        """End everything; callbacks under way get a short grace."""
        await self._backstage.stop()

    async def create_application(
        self,
        *,
        key: str | None = None,
        secret: str | None = None,
        numbers: Sequence[str] | None = None,
        callback_url: str | None = None,
        fallback_url: str | None = None,
        callback_style: str | None = None,
        world: str | None = None,
        clock: str | None = None,
        seed: int | None = None,
    ) -> Application:
        """A new application; what is not given is made up. It has a world (a clock, phones) of its own or names one."""
        settings = application_settings(
            key=key,
            secret=secret,
            numbers=numbers,
            callback_url=callback_url,
            fallback_url=fallback_url,
            callback_style=callback_style,
            world=world,
            clock=clock,
            seed=seed,
        )
        return Application(await self._backstage.create(settings), self._backstage)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
