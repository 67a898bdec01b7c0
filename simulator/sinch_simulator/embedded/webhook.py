"""Records callbacks and answers them as it is told: a webhook for tests of calls rather than of an app.

Its URL is real: whoever posts there is answered. The simulator itself takes the short way, without a socket.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.schema.words import did_you_mean
from sinch_simulator.core.values import define
from sinch_simulator.embedded.app_adapters import is_async
from sinch_simulator.embedded.mounting import Mount

Event = dict[str, Any]  # a callback's body as JSON
Reply = Any  # what ``apps.read_reply`` takes, or a function of the event that gives it

_DEFAULTS: dict[str, Reply] = {
    "ice": {"action": {"name": "hangup"}},
    "ace": {"action": {"name": "continue"}},
    "pie": {"action": {"name": "hangup"}},
    "VerificationRequestEvent": {"action": "allow"},
}
_NO_COMMANDS: Reply = {"commands": []}


def event_names() -> tuple[str, ...]:
    """Returns the name of every event that any product sends."""
    from sinch_simulator.server.products import PRODUCTS

    return tuple(event for product in PRODUCTS for event in product.events)


def is_event(name: str) -> bool:
    """Tells whether any product sends events of this name."""
    from sinch_simulator.server.products import PRODUCTS

    return any(product.sends(name) for product in PRODUCTS)


def name_of(event: Event) -> str:
    """Returns by which name an event goes: what its body calls its event, or else its type."""
    named = (event.get(name) for name in ("event", "eventType", "type"))
    return next((name for name in named if isinstance(name, str)), "")


@define(eq=False, repr=False)
class Webhook:
    """A webhook that answers as ``on`` says.

    Of its own accord it rejects who calls in, lets placed calls go on, allows verifications, and has no commands for
    calls of Voice v2.
    """

    url: str
    received: list[Event] = field(init=False, factory=list)
    """The bodies of the callbacks that came, in order."""
    _replies: dict[str, list[Reply]] = field(init=False, factory=dict)
    _unasked: dict[str, tuple[int, int]] = field(init=False, factory=dict)
    """By event, how many of its replies nobody has asked for, and how many there were."""

    def on(self, event: str, *replies: Reply) -> "Webhook":
        """Answers this event so from now on: one reply after the other, the last one for good.

        A reply is SVAML as a dict, a function of the event that gives it, None for an empty answer, an HTTP status, or
        ``(status, any of these)``.
        """
        known = event_names()
        if not is_event(event):
            meant = did_you_mean(event, known) or f"expected one of {', '.join(known)}"
            raise SimulatorError(f"on: {event!r} is no event; {meant}")
        if not replies:
            raise SimulatorError(f"on({event!r}): there is no reply; give SVAML, a function of the event, or None")
        if any(callable(reply) and is_async(reply) for reply in replies):
            raise SimulatorError(f"on({event!r}): a reply can't be a coroutine function; mount() takes those")
        self._replies[event] = list(replies)
        self._unasked[event] = len(replies), len(replies)
        return self

    def unasked(self) -> list[str]:
        """Lists the events with replies that nobody has asked for, in words."""
        return [
            f"the reply to {event}" if count == 1 else f"{left} of the {count} replies to {event}"
            for event, (left, count) in self._unasked.items()
            if left
        ]

    def events(self) -> list[str]:
        """Lists the names of the events that came, in order."""
        return [name_of(body) for body in self.received]

    def answer(self, event: Event) -> Reply:
        """Answers an event; this is what is mounted."""
        self.received.append(event)
        name = name_of(event)
        replies = self._replies.get(name)
        if replies is None:
            return _DEFAULTS.get(name, _NO_COMMANDS if name.startswith("call.") else None)
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        left, count = self._unasked[name]
        self._unasked[name] = max(0, left - 1), count
        return reply(event) if callable(reply) else reply

    def __repr__(self) -> str:
        return f"<Webhook {self.url}>"


@define(eq=False)
class Listener:
    """Makes the URLs of webhooks real: one port for all of them, told apart by the first part of the path."""

    _timeout_s: float
    _runner: web.ServerRunner | None = field(init=False, default=None)
    _mounts: dict[str, Mount] = field(init=False, factory=dict)
    _given: int = field(init=False, default=0)

    async def start(self) -> None:
        """Listens on a free port."""
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        """Listens no longer."""
        if self._runner is not None:
            await self._runner.cleanup()

    def new_url(self) -> str:
        """Makes a URL that nobody has."""
        assert self._runner is not None
        self._given += 1
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/webhook-{self._given}/"

    def serve_at(self, url: str, mount: Mount) -> None:
        """Lets this mount answer there from now on; those that have been closed are forgotten."""
        self._mounts = {name: other for name, other in self._mounts.items() if not other.closed}
        self._mounts[_name_in(urlsplit(url).path)] = mount

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        mount = self._mounts.get(_name_in(request.path))
        if mount is None or mount.closed:
            return web.Response(status=404, text="There is no webhook here (any more).")
        headers: Mapping[str, str] = request.headers
        response = await mount(str(request.url), headers, await request.read(), self._timeout_s)
        return web.Response(status=response.status, body=response.body, headers=response.headers)


def _name_in(path: str) -> str:
    return path.split("/")[1] if "/" in path else ""

