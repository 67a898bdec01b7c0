"""Drives one application of a simulator in this process, in the words of the control API.

So whatever a test does here means what it means over HTTP, and is refused in the same words. What is a coroutine runs
in the server's event loop; what only reads may be called from any thread.
"""

import asyncio
import math
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from attrs import evolve, field

from sinch_simulator.client.control import CONTROL, ApplicationClient, Client
from sinch_simulator.client.ended_calls import refuse_when_over
from sinch_simulator.client.errors import CalloutRefused, Refused, SimulatorError
from sinch_simulator.client.in_process import at_once
from sinch_simulator.config import ClockMode, ConfigError, read_url
from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.application_settings import BehaviorKind, CallBehavior, Protocol
from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.json_codec import decode, encode
from sinch_simulator.core.values import define
from sinch_simulator.embedded.app_adapters import App, Kind, is_async, kind_of
from sinch_simulator.embedded.caller_thread import CallerThreads
from sinch_simulator.embedded.loop_thread import call_in_loop
from sinch_simulator.embedded.mounting import Mount, mounted_url, origin_of
from sinch_simulator.embedded.webhook import Webhook
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.control.views import callback_view
from sinch_simulator.server.worlds import World

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what goes out as JSON, or came in as such

Moment = tuple[int, int, int]
"""How far a world has come: the number of its last journal line, how many there are, and its time."""

PATIENCE_S = 1.0
"""Under the manual clock a callback waits so long for the test's thread before it gets one of its own."""


@define(eq=False)
class HostedApplication:
    """An application of a simulator in this process, and its world. Once closed, it refuses whatever it is asked."""

    server: SimulatorServer
    world: World
    settings: Application
    client: ApplicationClient
    threads: CallerThreads
    """The threads that wait for the world, and so can answer its callbacks."""
    loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.get_running_loop)
    """The server's."""
    foreseen: set[tuple[str, int]] = field(init=False, factory=set)
    """Id and attempt of callbacks of which a scenario said that the app would fail them."""
    scripted: dict[str, frozenset[str]] = field(init=False, factory=dict)
    """By the address of each phone that was scripted, what its script is about: calls, texts, mobile data."""
    webhooks: list[Webhook] = field(init=False, factory=list)
    marks: dict[tuple[str, str], int] = field(init=False, factory=dict)
    """By call and leg, how many of the things heard came before what was done or expected last."""
    texts_given: dict[tuple[str, str], int] = field(init=False, factory=dict)
    """By phone and channel, how many of its texts have been waited for."""
    _seen: "tuple[Moment | None, dict[str, Json]]" = field(init=False, factory=lambda: (None, {}))
    """Calls as they were seen at one moment of the world: until something happens, nobody needs to look again."""
    _mounts: dict[str, Mount] = field(init=False, factory=dict)
    _ended: str | None = field(init=False, default=None)

    @classmethod
    async def create(
        cls, server: SimulatorServer, client: Client, settings: Json, threads: dict[str, CallerThreads]
    ) -> "HostedApplication":
        """Makes an application; ``settings`` as ``POST /_simulator/applications`` takes them."""
        made = await client.create_application(settings)
        application = server.worlds.application(made.key)
        assert application is not None
        world = server.worlds.home_of(application)
        if world.runner.mode is ClockMode.REALTIME and len(world.applications) == 1:
            world.runner.set_clock(ClockMode.REALTIME, server.config.speed)
        return cls(server, world, application, made, threads.setdefault(world.name, CallerThreads()))

    def check(self) -> None:
        """Raises ``SimulatorError`` when the application has been closed."""
        if self._ended is not None:
            raise SimulatorError(self._ended)

    async def close(self, why: str = "the application has been closed: make a new one") -> None:
        """Drops the application, its calls, with the last one its world; ``why`` is told to whoever uses it later."""
        if self._ended is not None:
            return
        self._ended = why
        for origin in [*self._mounts]:
            await self._unmount(origin)
        worlds = self.server.worlds
        if worlds.application(self.settings.key) is self.settings:
            worlds.remove(self.settings)

    # ---- settings

    def set_url(self, name: str, url: str | None) -> None:
        """Changes ``callback_url`` or ``fallback_url``; None takes it away."""
        self.check()
        try:
            given = None if url is None else read_url(url, name)
        except (ConfigError, TypeError, AttributeError) as error:
            raise SimulatorError(str(error)) from None
        setattr(self.settings, name, given)
        self.world.sender.outbound.give(self.settings.key, (given,))

    async def change(self, settings: Json) -> None:
        """Changes settings; ``settings`` as ``PATCH /_simulator/applications/{key}`` takes them."""
        self.check()
        await self.client.client.ask("PATCH", f"{CONTROL}/applications/{quote(self.settings.key, safe='')}", settings)

    async def expire_tokens(self) -> None:
        """Ends every OAuth2 token of the project."""
        self.check()
        await self.client.control("POST", "/tokens/expire", {})

    def send_events_to(self, url: str, *, v2: bool) -> None:
        """Lets the events of Verification and SMS go there too, and with ``v2`` those of Voice v2 in place of v1."""
        settings = self.settings
        settings.verification = evolve(settings.verification, callback_url=url)
        settings.sms = evolve(settings.sms, callback_url=url)
        if v2:
            settings.callback_url = None
            self._ask_webhook(url)

    async def mount(
        self,
        app: App,
        at: str,
        kind: str | None = None,
        *,
        loop: Callable[[], asyncio.AbstractEventLoop],
        patient: bool,
    ) -> Mount:
        """Hands callbacks to this app from now on; what was mounted at the same origin is replaced.

        ``loop`` gives the event loop of an app that is asynchronous; ``patient``: a synchronous one can expect that
        somebody's thread will wait for the simulator, and take its callbacks.
        """
        self.check()
        url = mounted_url(at)
        origin = origin_of(url)
        called = kind_of(app, kind)
        asynchronous = called is Kind.ASGI or is_async(app)
        runs_in = loop() if asynchronous else self.loop
        mount = Mount(app, called, runs_in, self.threads, self._patience if patient else _none)
        await self._unmount(origin)
        await mount.open()
        self._mounts[origin] = mount
        self.world.sender.direct[self.settings.key, origin] = mount
        if self.settings.service.protocol is Protocol.V2:
            self._ask_webhook(url)
        else:
            self.settings.callback_url = url
        return mount

    def _ask_webhook(self, url: str) -> None:
        """Lets the events of Voice v2 go there."""
        service = self.settings.service
        self.settings.service = evolve(service, call_behavior=CallBehavior(BehaviorKind.WEBHOOK, url))

    async def _unmount(self, origin: str) -> None:
        mount = self._mounts.pop(origin, None)
        if mount is not None:
            del self.world.sender.direct[self.settings.key, origin]
            await mount.close()

    def _patience(self) -> float:
        return PATIENCE_S if self.world.runner.mode is ClockMode.MANUAL else 0.0

    # ---- reading

    def read(self, path: str, **query: str) -> Json:
        """Reads from the control API what ``GET`` answers now; ``path`` follows its prefix. From whichever thread."""
        self.check()
        return call_in_loop(self.loop, partial(self._read, f"{CONTROL}{path}", query))

    def _read(self, path: str, query: dict[str, str]) -> Json:
        return at_once(self.client.client.ask("GET", path, query=query))

    def call(self, call_id: str) -> Json:
        """Reads one of the application's calls, without its timeline. Raises ``SimulatorError`` for any other call."""
        self.check()
        moment, calls = self._seen
        if moment is not None and call_id in calls and moment == self._moment():
            return calls[call_id]
        return call_in_loop(self.loop, partial(self._look_at, call_id))

    def _look_at(self, call_id: str) -> Json:
        try:
            call = self._read(f"{CONTROL}/calls/{quote(str(call_id), safe='')}", {"timeline": "false"})
        except Refused as error:
            if error.status != 404:
                raise
            call = {"applicationKey": None}
        if call["applicationKey"] != self.settings.key:
            raise SimulatorError(f"this application has no call {call_id!r}; .calls lists those that it has")
        return self._keep(call)

    def _keep(self, call: Json) -> Json:
        """Keeps a call as it is seen at this moment."""
        moment = self._moment()
        if moment != self._seen[0]:
            self._seen = moment, {}
        self._seen[1][call["callId"]] = call
        return call

    def _moment(self) -> Moment | None:
        """Tells how far the world has come; None under the realtime clock, under which time never stands still."""
        if self.world.runner.mode is ClockMode.REALTIME:
            return None
        entries = self.world.simulation.journal.entries
        return (entries[-1].seq if entries else 0), len(entries), self.world.simulation.now

    def calls(self) -> list[Json]:
        """Reads its calls, oldest first, without their timelines."""
        listed: list[Json] = self.read("/calls", application=self.settings.key, timeline="false")["calls"]
        return listed

    def timeline(self, call_id: str) -> list[Json]:
        """Reads everything that has happened to a call, line by line."""
        lines: list[Json] = self.read(f"/calls/{quote(call_id, safe='')}")["timeline"]
        return lines

    def callbacks(self, call_id: str | None = None) -> list[Json]:
        """Reads what became of its callbacks, or of those of one call, in the order of sending."""
        self.check()
        return call_in_loop(self.loop, partial(self._callbacks, call_id))

    def _callbacks(self, call_id: str | None) -> list[Json]:
        # Tests look here again and again: what the control API would give is made without a request.
        records = self.world.callbacks.of(self.settings.key, call_id)
        shown = decode(encode([callback_view(self.world, record) for record in records]))
        return cast(list[Json], shown)

    def has_failed_callbacks(self) -> bool:
        """Tells whether the app has failed an attempt to deliver a callback."""
        self.check()
        return call_in_loop(self.loop, self._has_failed_callbacks)

    def _has_failed_callbacks(self) -> bool:
        records = self.world.callbacks.of(self.settings.key)
        return any(record.attempt.outcome is not Outcome.ANSWERED for record in records)

    def met_a_fault(self, call_id: str, event: str) -> bool:
        """Tells whether a callback of this event of a call has met a fault rule: its outcome is none of the app's."""
        if not self.world.faults:
            return False
        lines = self.world.simulation.journal.of(call_id)
        return any(line.kind == "fault.met" and line.fields["event"] == event for line in lines)

    # ---- calls

    async def dial(self, settings: Json) -> Json:
        """Lets somebody call in, and gives the call; ``settings`` as ``POST /_simulator/calls`` takes them, or None."""
        self.check()
        given = {name: value for name, value in settings.items() if value is not None}
        if given.get("origin", "pstn") == "pstn":
            self._refuse_foreign(given.get("to"))
        return self._keep(await self.client.dial(given))

    def _refuse_foreign(self, to: object) -> None:
        """Refuses a number that does not lead here: a call from the phone network comes only by one of its own."""
        number = normalise_number(to) if isinstance(to, str) else None
        own = self.settings.numbers
        if number is not None and number not in own:
            raise SimulatorError(
                f"to: {number} is no number of this application, whose numbers are {', '.join(own) or 'none'}: "
                f"dial one of them, or make the application with numbers=[{number!r}]"
            )

    async def call_out(self, body: Json) -> Json:
        """Lets the app place a callout, and gives the call; ``body`` as ``POST /calling/v1/callouts`` takes it."""
        self.check()
        try:
            call_id = await self.client.call_out(body)
        except Refused as error:
            if not isinstance(error.code, int):
                raise
            raise CalloutRefused(str(error), code=error.code, status=error.status) from None
        await self.world.runner.settled()
        return self.call(call_id)

    async def start_call(self, body: Json) -> Json:
        """Lets the app start calls of Voice v2, and gives their session; ``body`` as ``POST .../calls`` takes it."""
        self.check()
        session_id = str((await self.client.start_call(body))["sessionId"])
        await self.world.runner.settled()
        return self.session(session_id)

    def session(self, session_id: str) -> Json:
        """Reads one of the sessions of Voice v2."""
        return self.read(f"/sessions/{quote(session_id, safe='')}")

    def sessions(self) -> list[Json]:
        """Reads its sessions of Voice v2, oldest first."""
        listed: list[Json] = self.read("/sessions", application=self.settings.key)["sessions"]
        return listed

    async def act(self, call_id: str, what: str, **body: str) -> None:
        """Lets somebody on the line ``press`` keys, ``speak`` or ``hangup``; ``leg`` says who.

        What either end has heard by then is heard before. Raises ``SimulatorError`` when the call is over.
        """
        self.check()
        self.world.runner.catch_up()
        call = self.call(call_id)
        refuse_when_over(call, what)
        for leg in call["legs"]:
            self.marks[call_id, leg["leg"]] = len(leg["heard"])
        self._keep(await self.client.act(call_id, what, body))

    async def order_fault(self, rule: Json) -> None:
        """Orders that something goes wrong from now on; ``rule`` as ``POST /_simulator/faults`` takes it."""
        self.check()
        await self.client.control("POST", "/faults", rule)

    async def redeliver(self, callback_id: str) -> Json:
        """Sends the same body again, signed afresh, and gives the new callback; no call hears of the reply."""
        self.check()
        return await self.client.client.ask("POST", f"{CONTROL}/callbacks/{quote(callback_id, safe='')}/redeliver", {})

    # ---- time

    async def settle(self) -> None:
        """Returns when nothing is under way and nothing due at this instant; at once under realtime."""
        self.check()
        await self.world.runner.settled()

    async def grant(self, grace_s: float, met: Callable[[], bool] = lambda: False) -> None:
        """Lets the app's own threads and tasks act for so many real seconds, or until ``met``; time stands still."""
        happened = asyncio.Event()
        unfollow = self.world.simulation.journal.follow(lambda _: happened.set())
        try:
            async with asyncio.timeout(grace_s):
                while not met():
                    await happened.wait()
                    happened.clear()
                    await self.world.runner.settled()
        except TimeoutError:
            await self.world.runner.settled()
        finally:
            unfollow()

    def acts_by_itself(self) -> bool:
        """Tells whether anything in this world was asked for by REST. A dial of Voice v2 may be part of a reply."""
        kinds = ("call.placed", "rest.update", "rest.command", "rest.kick")
        entries = [*self.world.simulation.journal.entries]
        return any(entry.kind in kinds and entry.fields.get("method") != "dial" for entry in entries)

    async def advance(self, seconds: float, grace_s: float = 0.0) -> None:
        """Lets so much simulated time pass; every callback is answered before the next thing happens."""
        self.check()
        if grace_s:
            await self.grant(grace_s)
        runner = self.world.runner
        if not (math.isfinite(seconds) and 0 <= seconds * 1000 <= runner.time_left_ms()):
            raise SimulatorError(f"advance: {seconds:g} s is not possible; time goes forward, up to the year 9999")
        await runner.advance(round(seconds * 1000))


def _none() -> float:
    return 0.0
