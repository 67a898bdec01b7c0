"""Offers the simulator to asynchronous tests and programs: it serves in your event loop, people are awaited.

``async with Simulator() as sim: ...``. What moves time, or waits for a callback, is awaited; what only looks is not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from attrs import field

from sinch_simulator.client.control import Client
from sinch_simulator.core.values import define
from sinch_simulator.embedded import awaiting
from sinch_simulator.embedded.app_adapters import App
from sinch_simulator.embedded.application_fields import ApplicationFields, application_settings
from sinch_simulator.embedded.arguments import callout_body, fault_rule, in_app_call, incoming_call, seconds_of
from sinch_simulator.embedded.callback_views import Callback, callback_of
from sinch_simulator.embedded.host import Host, server_config
from sinch_simulator.embedded.loop_thread import Work
from sinch_simulator.embedded.people_async import Call, Conference, Phone, Session
from sinch_simulator.embedded.play_scenario import play
from sinch_simulator.embedded.text_views import Message, messages_of, text_in
from sinch_simulator.embedded.verification_views import MissedCall, Verification, verifications_of
from sinch_simulator.embedded.views import Json, Participant, person_of
from sinch_simulator.embedded.webhook import Webhook

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")

__all__ = [
    "Application",
    "Call",
    "Callback",
    "Conference",
    "Message",
    "MissedCall",
    "Participant",
    "Phone",
    "Session",
    "Simulator",
    "Verification",
]


@define(eq=False, repr=False)
class Application(awaiting.ApplicationBase):
    """An application of your own: an app under test is behind its callback URL, people are at its phones."""

    _phones: dict[str, Phone] = field(init=False, factory=dict)

    # ---- people

    def phone(self, address: str) -> Phone:
        """Gives the phone at an address: a number, a pattern with ``*``, a user name or a SIP address."""
        return self._phones.setdefault(address, Phone(self._application, address))

    async def dial(
        self,
        *,
        from_: str,
        to: str | None = None,
        origin: str | None = None,
        rdnis: str | None = None,
        custom: str | None = None,
        call_headers: Mapping[str, str] | None = None,
        caller: Mapping[str, object] | None = None,
    ) -> Call:
        """Lets somebody outside call one of the application's numbers, the first if not said.

        ``origin`` is ``pstn`` (the default) or ``sip``; ``rdnis`` is the number from which the call was forwarded;
        ``caller`` is how they behave, in the form of a persona.
        """
        settings = incoming_call(
            from_=from_, to=to, origin=origin, rdnis=rdnis, custom=custom, call_headers=call_headers, caller=caller
        )
        return self._seen(await self._run(self._application.dial(settings)))

    async def app_calls(
        self,
        *,
        user: str,
        to: str,
        conference: bool = False,
        cli: str | None = None,
        custom: str | None = None,
        call_headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Lets an in-app user call a number (``+...``), another user, or with ``conference=True`` a room.

        ``cli`` is the number that the user's client has set for itself; without it the app has to give one in
        connectPstn, or no phone is reached.
        """
        settings = in_app_call(
            user=user, to=to, conference=conference, cli=cli, custom=custom, call_headers=call_headers
        )
        return self._seen(await self._run(self._application.dial(settings)))

    async def text(
        self,
        *,
        from_: str,
        text: str | None = None,
        to: str | None = None,
        data: str | None = None,
        udh: str | None = None,
    ) -> Message:
        """Lets a text come in from a phone, at one of the application's numbers, the first if not said.

        A binary message has ``data`` (base64) and ``udh`` (hex) in place of ``text``.
        """
        settings = {"from": from_, "to": to, "text": text, "data": data, "udh": udh}
        return await self._run(text_in(self._application, settings))

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
        """Lets the app place a callout: ``text`` is said, ``conference`` is joined, else it is a customCallout.

        ``properties`` are the platform's, by its names (``enableAce=True``); ``body`` is a whole request body, in place
        of everything else. Raises ``CalloutRefused`` with the platform's code.
        """
        request = callout_body(self, to, text=text, conference=conference, cli=cli, body=body, properties=properties)
        return self._seen(await self._run(self._application.call_out(request)))

    async def start_call(
        self,
        commands: Sequence[Mapping[str, object]] | Mapping[str, object],
        *,
        parameters: Sequence[Mapping[str, str]] | None = None,
    ) -> Session:
        """Lets the app start calls of Voice v2 with these commands, and gives their session.

        With ``parameters`` it is a batch, a session for each, and what is given is the first. Raises ``Refused`` with
        the platform's words.
        """
        body: Json = {"commands": [commands] if isinstance(commands, Mapping) else list(commands)}
        if parameters is not None:
            body["parameters"] = [*parameters]
        return Session(self._application, await self._run(self._application.start_call(body)))

    async def fault(self, *, on: str, **rule: object) -> None:
        """Lets something go wrong from now on: ``on`` is ``callback`` or ``rest`` (what the app asks of the platform).

        What it is about: ``event``, ``path`` (with ``*``), ``method``, ``call_id``. What happens, one of:
        ``status=503``, ``delay=2.0`` (real seconds), ``timeout``, ``disconnect``, ``error_code`` (rest), ``duplicate``,
        ``bad_signature`` and ``drop`` (callback), all ``=True``. How often: ``times``, ``probability``.
        """
        await self._run(self._application.order_fault(fault_rule(on, rule)))

    def sinch_client(self) -> Any:
        """Makes a ``sinch.SinchClientAsync``, where the installed ``sinch`` has it, else a ``sinch.SinchClient``.

        It has this application's credentials, and speaks to this simulator. SMS goes by its service plan. A client that
        blocks is called in a thread of its own, because the simulator answers in this event loop.
        """
        from sinch_simulator.embedded.sinch_client import configured_client

        return configured_client(self, awaiting.CLIENT)

    async def expire_tokens(self) -> None:
        """Ends every OAuth2 token that its project has been issued so far."""
        await self._run(self._application.expire_tokens())

    async def mount(self, app: App, *, at: str = "/", kind: str | None = None) -> None:
        """Hands callbacks straight to an app, without a socket, signed as ever.

        ``app`` is an ASGI application, a WSGI application or a function of the event, also an ``async`` one; ``at`` is
        the path, or the whole URL, that it has as the callback URL, of an application with the protocol ``v2`` as its
        service's webhook. What is asynchronous runs in this event loop.
        """
        loop = awaiting.apps_loop(self._host)
        await self._run(self._application.mount(app, at, kind, loop=loop, patient=awaiting.PATIENT))

    async def redeliver(self, callback: Callback) -> Callback:
        """Sends the same body again, signed afresh; no call hears of the reply."""
        return callback_of(self._application, await self._run(self._application.redeliver(callback.id)))

    async def play(self, file: str | Path) -> None:
        """Plays a scenario file in this application, in leaping time; the app under test answers.

        Raises ``ScenarioFailed`` with the step that is not so, and ``SimulatorError`` for a file that can't be played.
        """
        await self._run(play(self._application, file))

    # ---- time

    async def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, grace: float = 0) -> None:
        """Lets simulated time pass; what falls due happens in order, each callback answered before the next thing.

        ``grace`` is real seconds in which the app's own threads and tasks may act before that.
        """
        work = self._application.advance(seconds_of(seconds, minutes, hours), seconds_of(grace, 0, 0))
        await self._run(work)

    async def settle(self) -> None:
        """Lets everything happen that is due at this instant, and every callback be answered."""
        await self._run(self._application.settle())

    # ---- looking

    @property
    def calls(self) -> list[Call]:
        """Its calls, oldest first."""
        return [self._seen(call) for call in self._application.calls()]

    @property
    def sessions(self) -> list[Session]:
        """Its sessions of Voice v2, oldest first."""
        return [Session(self._application, session) for session in self._application.sessions()]

    def call(self, call_id: str) -> Call:
        """Finds the call of this id, as the platform's REST API gave it."""
        return self._seen(self._application.call(call_id))

    @property
    def verifications(self) -> list[Verification]:
        """Its verifications with their secrets, oldest first."""
        return verifications_of(self._application)

    def messages(self, **filters: object) -> list[Message]:
        """Its texts of every product, oldest first: to phones and from them, arrived or not.

        ``filters`` are those of ``GET /_simulator/messages`` in snake case, ``from_`` with its underscore:
        ``messages(to="+46700000001", status="Delivered")``.
        """
        return messages_of(self._application, filters)

    def conference(self, conference_id: str) -> Conference:
        """Gives the conference room of this id, whether or not it is there yet."""
        return Conference(self._application, conference_id)

    async def webhook(self, *, patient: bool | None = None, v2: bool = False) -> Webhook:
        """Opens a webhook that records what it gets and answers as it is told.

        The callbacks of Voice v1, and the events of Verification and SMS, go to it from now on; with ``v2`` the events
        of Voice v2 in place of those of v1.

        ``patient`` says whether its functions are to run in a thread that waits for the simulator, where there is one;
        by default as whoever opens it waits.
        """
        loop = awaiting.apps_loop(self._host)
        waits = awaiting.PATIENT if patient is None else patient
        return await self._run(self._host.open_webhook(self._application, loop=loop, patient=waits, v2=v2))

    async def change(self, **fields: Unpack[ApplicationFields]) -> None:
        """Changes settings, by the names of ``create_application``; None takes a URL away."""
        await self._run(self._application.change(application_settings(fields, "change")))

    async def close(self, why: str | None = None) -> None:
        """Drops it, and all that it had; ``why`` is what whoever uses it after that is told."""
        await awaiting.close(self._application, self._host.close(self._application, why))

    async def _run(self, work: Work[Result]) -> Result:
        return await awaiting.run(self._application, work)

    def _seen(self, call: Json) -> Call:
        return Call(self._application, call, person_of(call))


class Simulator:
    """A simulator that serves on 127.0.0.1, in the event loop that runs where it is started.

    ``clock`` is ``manual`` (time moves by ``advance`` and ``wait_for``), ``auto`` or ``realtime``, for
    applications that do not say otherwise; ``speed`` is simulated seconds per real one (realtime only). The same
    ``seed`` gives the same ids. ``callback_timeout`` is real seconds. Port 0 takes a free one.
    ``allow_hosts`` are patterns of hosts that may be contacted besides this machine and the callback URLs that you set.
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
        allow_hosts: Sequence[str] = (),
        s3_endpoint: str | None = None,
        azure_endpoint: str | None = None,
    ) -> None:
        config = server_config(
            clock=clock,
            seed=seed,
            callback_timeout=callback_timeout,
            host=host,
            port=port,
            speed=speed,
            allow_hosts=allow_hosts,
            s3_endpoint=s3_endpoint,
            azure_endpoint=azure_endpoint,
        )
        self._host = Host(config)

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        return self._host.url

    @property
    def control_token(self) -> str | None:
        """What requests to the control API must send over a connection, where ``host`` is open to others."""
        return self._host.server.control_token

    @property
    def client(self) -> Client:
        """A client of the control API, for what has no name here: its coroutines go to ``run``."""
        return self._host.client

    async def start(self) -> Self:
        """Serves; what ``async with`` does."""
        await awaiting.start(self._host)
        return self

    async def stop(self) -> None:
        """Ends everything; callbacks under way get a short grace. It is no error when nothing runs."""
        await awaiting.stop(self._host)

    async def create_application(self, **fields: Unpack[ApplicationFields]) -> Application:
        """Makes an application; what is not said is made up. It has a world of its own, or names one."""
        return Application(await self.run(self._host.create(application_settings(fields))), self._host)

    async def run(self, work: Work[Result]) -> Result:
        """Gives the result of a coroutine; it runs in the event loop of the server, beside it."""
        return await awaiting.run_beside(self._host, work)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
