"""What ends a verification, or does not yet: reports, the clock, another verification, the platform itself."""

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose, TimerFired
from sinch_simulator.products.verification.ending import Effect, end
from sinch_simulator.products.verification.events import (
    Concluded,
    Reported,
    ReportedRight,
    ReportedWrong,
    Superseded,
)
from sinch_simulator.products.verification.model import MOST_ATTEMPTS, Method, Reason, Status, Verification

WRONG = "VERIFICATION_WRONG_CODE"
"""The finding that tells of a wrong report."""


def is_right(verification: Verification, reported: str) -> bool:
    """Returns whether this is the secret: compared exactly after trimming; a number in any usual spelling."""
    secret = verification.secret
    reported = reported.strip()
    if verification.method is Method.FLASHCALL:
        return secret is not None and _digits(reported) == _digits(secret)
    return secret is not None and reported == secret


def _digits(number: str) -> str:
    """Returns the digits of an international number, however it is written: ``0046 70-1`` is ``+46701``."""
    digits = "".join(each for each in number if each in "0123456789")
    return digits.removeprefix("00")


def succeed(verification: Verification, event: ReportedRight, now: int) -> list[Effect]:
    """Ends the verification: the number is proven."""
    verification.attempts += 1
    verification.source = event.source
    return end(verification, now, Status.SUCCESSFUL)


def count_attempt(verification: Verification, event: ReportedWrong, now: int) -> list[Effect]:
    """Counts a wrong report; the last that there may be ends the verification."""
    verification.attempts += 1
    left = MOST_ATTEMPTS - verification.attempts
    flash = verification.method is Method.FLASHCALL
    what = "caller's number" if flash else "code"
    message = f"The {what} {event.secret[:40]!r} is wrong: {left} of {MOST_ATTEMPTS} attempts are left."
    hint = f"It would be {verification.secret}. A wrong one is answered with 400/40003, and may be tried again."
    told = Diagnostic(WRONG, Severity.INFO, verification.method.object_name, message, hint)
    effects: list[Effect] = [Diagnose(verification.id, told)]
    if left > 0:
        return effects
    verification.source = event.source
    return effects + end(verification, now, Status.FAIL, Reason.INVALID_CLI if flash else Reason.INVALID_CODE)


def expire(verification: Verification, event: TimerFired, now: int) -> list[Effect]:
    """Ends the verification: nobody has reported in time."""
    return end(verification, now, Status.FAIL, Reason.EXPIRED)


def abort(verification: Verification, event: Superseded, now: int) -> list[Effect]:
    """Ends the verification: the app has started another one of the same number."""
    return end(verification, now, Status.ABORTED)


def conclude(verification: Verification, event: Concluded, now: int) -> list[Effect]:
    """Ends the verification as it was ordered."""
    return end(verification, now, event.status, event.reason)


def judged(verification: Verification, event: Reported) -> ReportedRight | ReportedWrong:
    """Returns what a report comes to."""
    kind = ReportedRight if is_right(verification, event.secret) else ReportedWrong
    return kind(event.subject, event.secret, event.source)
