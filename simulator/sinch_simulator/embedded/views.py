"""What the awaitable and the blocking faces have in common: everything that only looks.

Looking never waits and never moves time. It is safe from any thread, but under the realtime clock what is seen may be
over in the next moment.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from attrs import define, field, frozen

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.rest.journal_views import diagnostic_view, entry_view
from sinch_simulator.embedded.application import Tenant
from sinch_simulator.embedded.wait_for import doing, ladder, title
from sinch_simulator.products.voice.call import Call as ExchangeCall
from sinch_simulator.products.voice.call import Leg
from sinch_simulator.products.voice.events import LegName, Outcome
from sinch_simulator.server.callback_log import Record
from sinch_simulator.server.control.views import callback_view

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON, or goes out as such


@frozen
class Callback:
    """One attempt to deliver a callback: what went out, what came back, what there is to be said about it."""

    id: str
    call_id: str
    event: str
    """``ice``, ``ace``, ``pie``, ``dice`` or ``notify``."""
    url: str
    attempt: int
    """1 for the callback URL, 2 for the fallback URL."""
    body: Json
    headers: Mapping[str, str]
    outcome: str
    """``answered``, ``timeout``, ``unreachable``, ``bad-status`` or ``bad-svaml``."""
    status: int | None
    """Of the app's answer; None when none came."""
    reply: Any
    """The app's answer as JSON, as text where it is no JSON, None when none came."""
    latency_ms: int
    sent_at: str
    """Simulated, ISO 8601 in UTC."""
    diagnostics: list[Json]
    foreseen: bool = False
    """Whether a scenario that was played said that the app would fail it."""

    @property
    def answered(self) -> bool:
        """Whether the app gave an answer that the platform can use."""
        return self.outcome == Outcome.ANSWERED.value

    def __str__(self) -> str:
        """One line: which event, and what came of it."""
        status = "" if self.status is None else f" ({self.status})"
        return f"{self.event.upper()} to {self.url}: {self.outcome}{status}"


def callback_of(tenant: Tenant, record: Record) -> Callback:
    """A record as a ``Callback``."""
    view = callback_view(tenant.world, record)
    response = view["response"]
    return Callback(
        id=view["id"],
        call_id=view["callId"],
        event=view["event"],
        url=view["url"],
        attempt=view["attempt"],
        body=view["request"]["body"],
        headers=view["request"]["headers"],
        outcome=view["outcome"],
        status=None if response is None else response["status"],
        reply=None if response is None else response["body"],
        latency_ms=view["latencyMs"],
        sent_at=view["sentAt"],
        diagnostics=view["diagnostics"],
        foreseen=(view["id"], view["attempt"]) in tenant.foreseen,
    )


@define(eq=False, repr=False)
class CallView:
    """A call as it is seen from one end: ``heard`` and ``dtmf`` are that end's, and so is what it does."""

    _tenant: Tenant
    _record: ExchangeCall
    _leg: LegName
    _expected: int = field(init=False, default=0)
    """How many of the things heard ``expect`` has gone past."""

    def _call(self) -> ExchangeCall:
        self._tenant.check()
        return self._record

    def _end(self) -> Leg:
        return self._call().leg(self._leg)

    @property
    def id(self) -> str:
        """The id that the app knows it by."""
        return self._record.id

    @property
    def leg(self) -> str:
        """Whose end this is: ``caller`` or ``callee``."""
        return self._leg.value

    @property
    def state(self) -> str:
        """What it waits for: ``AWAITING_ICE``, ``DIALING``, ``IN_MENU``, ``CONNECTED``, ``PARKED``, ``ENDED``, ..."""
        return self._call().state.value

    @property
    def status(self) -> str:
        """``ONGOING`` or ``FINAL``."""
        return "FINAL" if self._call().final else "ONGOING"

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._call().final

    @property
    def answered(self) -> bool:
        """Whether anybody has answered."""
        return self._call().answered

    @property
    def result(self) -> str:
        """``ANSWERED``, ``BUSY``, ``NOANSWER`` or ``FAILED``; ``N/A`` until it has ended."""
        ending = self._call().ending
        return "N/A" if ending is None else ending.result

    @property
    def reason(self) -> str:
        """Why it ended, as DiCE says it; ``N/A`` until it has."""
        ending = self._call().ending
        return "N/A" if ending is None else ending.reason

    @property
    def duration(self) -> int:
        """Seconds since the answer, rounded up; 0 before it."""
        return self._call().duration_s(self._tenant.world.simulation.now)

    @property
    def from_(self) -> str:
        """Who calls: ``+46700000001``, a user name, ``private``; of a callout its cli."""
        return self._call().setup.cli

    @property
    def to(self) -> str | None:
        """Who is, or was, called last; None as long as nobody is."""
        to = self._call().to
        return None if to is None else to.endpoint

    @property
    def custom(self) -> str | None:
        """The app's own data that came with it."""
        return self._call().setup.custom

    @property
    def cookies(self) -> dict[str, str]:
        """What the app has set with setCookie."""
        return dict(self._call().cookies)

    @property
    def menu_id(self) -> str | None:
        """The menu that it is in."""
        menu = self._call().menu
        return None if menu is None else menu.menu_id

    @property
    def conference_id(self) -> str | None:
        """The conference that it is, or was, in."""
        return self._call().conference_id

    @property
    def heard(self) -> list[str]:
        """What this end has heard so far, in order: spoken text as plain text, a file as its URL."""
        return list(self._end().heard)

    @property
    def dtmf(self) -> str:
        """The tones that this end has received."""
        return self._end().dtmf

    @property
    def callbacks(self) -> list[Callback]:
        """What the app was told about this call, in the order of sending."""
        return [callback_of(self._tenant, record) for record in self._tenant.records(self._record.id)]

    @property
    def timeline(self) -> list[Json]:
        """Everything that happened, line by line, as the control API has it."""
        self._tenant.check()
        entries = [*self._tenant.world.simulation.journal.of_call(self._record.id)]
        return [entry_view(self._tenant.world.simulation, entry) for entry in entries]

    @property
    def diagnostics(self) -> list[Json]:
        """What there is to be said about this call."""
        return [entry for entry in self.timeline if entry["kind"] == "diagnostic"]

    def ladder(self) -> str:
        """The timeline as text, one line for each thing that happened: when, who to whom, what."""
        self._tenant.check()
        return ladder(self._tenant, self._record)

    def _from(self, leg: LegName) -> Self:
        return type(self)(self._tenant, self._call(), leg)

    def __repr__(self) -> str:
        return f"<Call {self._record.id[:8]} {title(self._record)}: {doing(self._record)}>"


@frozen
class Participant:
    """Somebody in a conference room. ``hears`` are the ids of the calls that it hears now."""

    call_id: str
    cli: str
    muted: bool
    on_hold: bool
    hears: list[str]


@define(eq=False, repr=False)
class ConferenceView:
    """A conference room by its id; it is there from the first join to the last leave."""

    _tenant: Tenant
    id: str

    @property
    def participants(self) -> list[Participant]:
        """Who is in it, in the order of joining; empty when the room is not there. Rooms of every region count."""
        self._tenant.check()
        found: list[Participant] = []
        for room in self._tenant.world.simulation.exchange.rooms.of(self._tenant.application.key):
            if room.key.conference_id == self.id:
                for each in [*room.participants.values()]:
                    hears = room.heard_by(each.call_id)
                    found.append(Participant(each.call_id, each.cli, each.muted, each.on_hold, hears))
        return found

    def __repr__(self) -> str:
        return f"<Conference {self.id}>"


@define(eq=False, repr=False)
class ApplicationView:
    """An application: its credentials, where its callbacks go, and what has happened to it."""

    _tenant: Tenant

    @property
    def key(self) -> str:
        """The application key."""
        return self._tenant.application.key

    @property
    def secret(self) -> str:
        """The application secret, base64."""
        return self._tenant.application.secret

    @property
    def numbers(self) -> list[str]:
        """The numbers that lead to it."""
        return list(self._tenant.application.numbers)

    @property
    def number(self) -> str:
        """The first of its numbers."""
        if not self._tenant.application.numbers:
            raise SimulatorError("this application has no number: give it one with numbers=")
        return self._tenant.application.numbers[0]

    @property
    def url(self) -> str:
        """The simulator's base URL, for whatever speaks to the platform over HTTP."""
        return self._tenant.server.url

    @property
    def callback_url(self) -> str | None:
        """Where callbacks go; set it, also in the middle of a test."""
        return self._tenant.application.callback_url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._tenant.set_url("callback_url", url)

    @property
    def fallback_url(self) -> str | None:
        """Where a callback goes whose first attempt failed."""
        return self._tenant.application.fallback_url

    @fallback_url.setter
    def fallback_url(self, url: str | None) -> None:
        self._tenant.set_url("fallback_url", url)

    @property
    def now(self) -> datetime:
        """The simulated time."""
        simulation = self._tenant.world.simulation
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=simulation.epoch_ms + simulation.now)

    @property
    def seed(self) -> int:
        """What ids and chance follow from."""
        return self._tenant.world.seed

    @property
    def callbacks(self) -> list[Callback]:
        """What the app was told, in the order of sending."""
        return [callback_of(self._tenant, record) for record in self._tenant.records()]

    @property
    def diagnostics(self) -> list[Json]:
        """What there is to be said about callbacks, REST requests and calls, in order."""
        self._tenant.check()
        world, application = self._tenant.world, self._tenant.application
        calls = world.simulation.exchange.calls
        return [
            diagnostic_view(world.simulation, entry)
            for entry in [*world.simulation.journal.entries]
            if entry.kind == "diagnostic"
            and (
                calls[entry.call_id].application is application
                if entry.call_id in calls
                else entry.fields.get("applicationKey", application.key) == application.key
            )
        ]

    def _records(self) -> list[ExchangeCall]:
        self._tenant.check()
        calls = [*self._tenant.world.simulation.exchange.calls.values()]
        return [call for call in calls if call.application is self._tenant.application]

    def __repr__(self) -> str:
        return f"<Application {self.key}>"


