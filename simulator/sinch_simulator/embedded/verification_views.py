"""Shows verifications, and the missed calls of phones, to programs and tests."""

from typing import Any
from urllib.parse import quote

from attrs import field, frozen

from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.ladder import render

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON


@frozen
class Verification:
    """An attempt to prove that somebody has a number, with its secrets, as it was when it was looked at."""

    id: str
    method: str
    """``sms``, ``flashcall``, ``callout``, ``seamless`` or ``whatsapp``."""
    number: str
    """Whose number it is, with ``+``."""
    status: str
    """``PENDING``, ``SUCCESSFUL``, ``FAIL``, ``DENIED``, ``ABORTED`` or ``ERROR``."""
    reason: str | None
    """Why it ended so, as ``Expired`` (docs/platform/verification.md#6.2)."""
    state: str
    """What is awaited, as ``AWAITING_REPORT``; ``ENDED`` at last."""
    code: str | None
    """What must be reported; None of a flash call, and of mobile data."""
    cli: str | None
    """The number that a flash call comes from, which must be reported."""
    cli_filter: str | None
    target_uri: str | None
    """Where the device must go by mobile data."""
    reference: str | None
    custom: str | None
    source: str | None
    language: str | None
    """Of the text, or of what is spoken."""
    attempts: int
    """How many reports there were."""
    attempts_left: int
    """How many wrong ones there may still be."""
    call_id: str | None
    """Of its call, which is among ``calls``; None of one that does not ring."""
    timeline: list[Json] = field(repr=False)

    def ladder(self) -> str:
        """Shows what has happened to it as text, one line for each thing."""
        return render(self.timeline)


@frozen
class MissedCall:
    """A flash call that a phone has missed."""

    cli: str
    """Who it showed."""
    at: str
    """When it stopped ringing: simulated, ISO 8601 in UTC."""
    seconds: float
    """How long it rang."""
    call_id: str
    verification_id: str | None


def verifications_of(application: HostedApplication) -> list[Verification]:
    """Gives the verifications of an application, oldest first."""
    shown = application.read("/verifications", application=application.settings.key)["verifications"]
    return [
        Verification(
            id=each["id"],
            method=each["method"],
            number=each["number"],
            status=each["status"],
            reason=each["reason"],
            state=each["state"],
            code=each["code"],
            cli=each["cli"],
            cli_filter=each["cliFilter"],
            target_uri=each["targetUri"],
            reference=each["reference"],
            custom=each["custom"],
            source=each["source"],
            language=each["language"],
            attempts=each["attempts"],
            attempts_left=each["attemptsLeft"],
            call_id=each["callId"],
            timeline=each["timeline"],
        )
        for each in shown
    ]


def missed_calls_of(application: HostedApplication, address: str) -> list[MissedCall]:
    """Gives the flash calls that a phone has missed, oldest first."""
    key = application.settings.key
    shown = application.read(f"/phones/{quote(address, safe='')}/inbox", application=key)["missedCalls"]
    return [
        MissedCall(each["cli"], each["at"], each["seconds"], each["callId"], each["verificationId"]) for each in shown
    ]
