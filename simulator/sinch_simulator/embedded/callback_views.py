"""Shows programs and tests what the app was told, and what came of it: attempts to deliver callbacks."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.ladder.steps import event_name

Json = dict[str, Any]  # what came as JSON


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
    """Whether a scenario that was played said that the app would fail it, or a fault rule saw to that."""

    @property
    def answered(self) -> bool:
        """Whether the app gave an answer that the platform can use."""
        return self.outcome == "answered"

    def __str__(self) -> str:
        """Says in one line which event it is, and what came of it."""
        status = "" if self.status is None else f" ({self.status})"
        return f"{event_name({'event': self.event})} to {self.url}: {self.outcome}{status}"


def callback_of(application: HostedApplication, shown: Json) -> Callback:
    """Turns a callback, as the control API shows it, into a ``Callback``."""
    response = shown["response"]
    return Callback(
        id=shown["id"],
        call_id=shown["callId"],
        event=shown["event"],
        url=shown["url"],
        attempt=shown["attempt"],
        body=shown["request"]["body"],
        headers=shown["request"]["headers"],
        outcome=shown["outcome"],
        status=None if response is None else response["status"],
        reply=None if response is None else response["body"],
        latency_ms=shown["latencyMs"],
        sent_at=shown["sentAt"],
        diagnostics=shown["diagnostics"],
        foreseen=(shown["id"], shown["attempt"]) in application.foreseen
        or application.met_a_fault(shown["callId"], shown["event"]),
    )
