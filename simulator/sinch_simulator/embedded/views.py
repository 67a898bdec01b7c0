"""Shows calls, callbacks, conferences and applications to programs and tests: everything that only looks.

Looking never waits for anything to happen and never moves time. It is safe from any thread, but under the realtime
clock what is seen may be over in the next moment. The awaited and the blocking API have this in common.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Self

from attrs import frozen

from sinch_simulator.client.ended_calls import result_of
from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.callback_views import Callback, callback_of
from sinch_simulator.embedded.wait_for import doing, heard_by, ladder, title

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON, or goes out as such


def person_of(call: Json) -> str:
    """Names the end of the person whom the platform talks to: who called in, or who was called."""
    return "callee" if call["origin"] in ("callout", "verification") else "caller"


@define(eq=False, repr=False)
class CallView:
    """A call as it is seen from one end: ``heard`` and ``dtmf`` are that end's, and so is what it does."""

    _application: HostedApplication
    _seen: Json
    """The call as it was seen last, in the form of the control API."""
    leg: str
    """Whose end this is: ``caller`` or ``callee``."""

    def _now(self) -> Json:
        self._seen = self._application.call(self.id)
        return self._seen

    @property
    def id(self) -> str:
        """The id that the app knows it by."""
        call_id: str = self._seen["callId"]
        return call_id

    @property
    def state(self) -> str:
        """What it waits for: ``AWAITING_ICE``, ``DIALING``, ``IN_MENU``, ``CONNECTED``, ``PARKED``, ``ENDED``, ..."""
        return str(self._now()["state"])

    @property
    def status(self) -> str:
        """``ONGOING`` or ``FINAL``."""
        return str(self._now()["status"])

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status == "FINAL"

    @property
    def answered(self) -> bool:
        """Whether anybody has answered."""
        return self._now()["answeredAt"] is not None

    @property
    def result(self) -> str:
        """``ANSWERED``, ``BUSY``, ``NOANSWER`` or ``FAILED``; ``N/A`` until it has ended.

        Of a call of Voice v2 its ``callResult``: ``INITIATED``, ``IN_PROGRESS``, ``COMPLETED``, ``NO_ANSWER``, ...
        """
        return result_of(self._now())[0]

    @property
    def reason(self) -> str:
        """Why it ended, as DiCE, or the ``callReason`` of Voice v2, says it; ``N/A`` until it has."""
        return result_of(self._now())[1]

    @property
    def duration(self) -> int:
        """Seconds since the answer, rounded up; 0 before it."""
        return int(self._now()["duration"])

    @property
    def from_(self) -> str:
        """Who calls: ``+46700000001``, a user name, ``private``; of a callout its cli."""
        return self._now()["from"] or ""

    @property
    def to(self) -> str | None:
        """Who is, or was, called last; None as long as nobody is."""
        to: str | None = self._now()["to"]
        return to

    @property
    def custom(self) -> str | None:
        """The app's own data that came with it."""
        custom: str | None = self._now()["custom"]
        return custom

    @property
    def cookies(self) -> dict[str, str]:
        """What the app has set with setCookie; Voice v2 has no cookies."""
        return {cookie["key"]: cookie["value"] for cookie in self._now().get("cookies", ())}

    @property
    def menu_id(self) -> str | None:
        """The menu that it is in."""
        menu_id: str | None = self._now()["menuId"]
        return menu_id

    @property
    def conference_id(self) -> str | None:
        """The conference that it is, or was, in; None of a call of Voice v2."""
        conference_id: str | None = self._now().get("conferenceId")
        return conference_id

    @property
    def protocol(self) -> str:
        """Which Voice API it speaks: ``v1`` or ``v2``."""
        return str(self._now()["protocol"])

    @property
    def name(self) -> str | None:
        """Of a call of Voice v2 its ``callName``; None for any other, and for one without a name."""
        name: str | None = self._now().get("callName")
        return name

    @property
    def session_id(self) -> str | None:
        """The session of Voice v2 that it belongs to; None for a call of v1."""
        session_id: str | None = self._now().get("sessionId")
        return session_id

    @property
    def bridge_name(self) -> str | None:
        """The bridge of Voice v2 that it is in; None for none."""
        bridge_name: str | None = self._now().get("bridgeName")
        return bridge_name

    @property
    def heard(self) -> list[str]:
        """What this end has heard so far, in order: spoken text as plain text, a file as its URL."""
        return heard_by(self._now(), self.leg)

    @property
    def dtmf(self) -> str:
        """The tones that this end has received."""
        return "".join(leg["dtmf"] for leg in self._now()["legs"] if leg["leg"] == self.leg)

    @property
    def callbacks(self) -> list[Callback]:
        """What the app was told about this call, in the order of sending."""
        return [callback_of(self._application, shown) for shown in self._application.callbacks(self.id)]

    @property
    def timeline(self) -> list[Json]:
        """Everything that happened, line by line, as the control API has it."""
        return self._application.timeline(self.id)

    @property
    def diagnostics(self) -> list[Json]:
        """What there is to be said about this call."""
        return [line for line in self.timeline if line["kind"] == "diagnostic"]

    def ladder(self) -> str:
        """Shows the timeline as text, one line for each thing that happened: when, who to whom, what."""
        return ladder(self._application, self.id)

    def _from(self, leg: str) -> Self:
        return type(self)(self._application, self._now(), leg)

    def __repr__(self) -> str:
        try:
            call = self._now()
        except SimulatorError:
            call = self._seen
        return f"<Call {self.id[:8]} {title(call)}: {doing(call)}>"


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

    _application: HostedApplication
    id: str

    @property
    def participants(self) -> list[Participant]:
        """Who is in it, in the order of joining; empty when the room is not there. Rooms of every region count."""
        rooms = self._application.read("/conferences", application=self._application.settings.key)["conferences"]
        return [
            Participant(each["callId"], each["cli"], each["muted"], each["onhold"], each["hears"])
            for room in rooms
            if room["conferenceId"] == self.id
            for each in room["participants"]
        ]

    def __repr__(self) -> str:
        return f"<Conference {self.id}>"


@define(eq=False, repr=False)
class ApplicationView:
    """An application: its credentials, where its callbacks go, and what has happened to it."""

    _application: HostedApplication

    @property
    def key(self) -> str:
        """The application key."""
        return self._application.settings.key

    @property
    def secret(self) -> str:
        """The application secret, base64."""
        return self._application.settings.secret

    @property
    def numbers(self) -> list[str]:
        """The numbers that lead to it."""
        return list(self._application.settings.numbers)

    @property
    def number(self) -> str:
        """The first of its numbers."""
        if not self._application.settings.numbers:
            raise SimulatorError("this application has no number: give it one with numbers=")
        return self._application.settings.numbers[0]

    @property
    def project_id(self) -> str:
        """The id of its project, which other applications may share."""
        return self._application.settings.project.id

    @property
    def key_id(self) -> str:
        """The id of the project's access key."""
        return self._application.settings.project.key_id

    @property
    def key_secret(self) -> str:
        """The secret of the project's access key."""
        return self._application.settings.project.key_secret

    @property
    def service_id(self) -> str:
        """The id of its service of Voice v2: its key."""
        return self._application.settings.key

    @property
    def service_secret(self) -> str:
        """The secret of that service: its secret."""
        return self._application.settings.secret

    @property
    def service_plan_id(self) -> str:
        """The id of its service plan of SMS."""
        return self._application.settings.service_plan_id

    @property
    def api_token(self) -> str:
        """The Bearer token of its service plan."""
        return self._application.settings.api_token

    @property
    def url(self) -> str:
        """The simulator's base URL, for whatever speaks to the platform over HTTP."""
        return self._application.server.url

    @property
    def callback_url(self) -> str | None:
        """Where callbacks go; set it, also in the middle of a test."""
        return self._application.settings.callback_url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._application.set_url("callback_url", url)

    @property
    def fallback_url(self) -> str | None:
        """Where a callback goes whose first attempt failed."""
        return self._application.settings.fallback_url

    @fallback_url.setter
    def fallback_url(self, url: str | None) -> None:
        self._application.set_url("fallback_url", url)

    @property
    def now(self) -> datetime:
        """The simulated time."""
        simulation = self._application.world.simulation
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=simulation.epoch_ms + simulation.now)

    @property
    def seed(self) -> int:
        """What ids and chance follow from."""
        return self._application.world.seed

    @property
    def callbacks(self) -> list[Callback]:
        """What the app was told, in the order of sending."""
        return [callback_of(self._application, shown) for shown in self._application.callbacks()]

    @property
    def failed_callbacks(self) -> list[Callback]:
        """What the app was told in vain, in the order of sending; not where the fallback URL gave the answer."""
        if not self._application.has_failed_callbacks():
            return []
        last = {callback.id.removesuffix("-fallback"): callback for callback in self.callbacks}
        return [callback for callback in last.values() if not callback.answered]

    @property
    def diagnostics(self) -> list[Json]:
        """What there is to be said about callbacks, REST requests and calls, in order."""
        found: list[Json] = self._application.read("/diagnostics", application=self.key)["diagnostics"]
        return found

    @property
    def unmet(self) -> list[str]:
        """What was scripted and not met so far, in words: phones, fault rules, replies of webhooks."""
        from sinch_simulator.embedded.unmet import unmet

        self._application.check()
        return unmet(self._application)

    def __repr__(self) -> str:
        return f"<Application {self.key}>"
