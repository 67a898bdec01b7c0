"""Call detail records of verifications: a file for each UTC day on which some ended (docs/platform/verification.md#11).

Header, quoting and decimal point are undocumented (*assumed*): nothing is quoted that need not be.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.prices import CURRENCY, UNITS_PER_DOLLAR
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.products.verification.callbacks import price
from sinch_simulator.products.verification.model import Verification

USER_SPACE = 1
"""An internal number of the platform; always the same here (*assumed*)."""
COLUMNS = (
    "VerificationId",
    "UserSpaceId",
    "Method",
    "StartTimestamp",
    "EndTimestamp",
    "Result",
    "Reason",
    "CLI",
    "IdentityType",
    "IdentityEndpoint",
    "Country",
    "Reference",
    "Custom",
    "ApplicationKey",
    "Amount",
    "Currency",
)


def day_of(verification: Verification, epoch_ms: int) -> str | None:
    """Returns the UTC day in whose file an ended verification is; None while it is pending."""
    return None if verification.ended_ms is None else day_at(epoch_ms + verification.ended_ms)


def day_at(unix_ms: int) -> str:
    """Returns the UTC day of a moment: ``2025-01-15``."""
    return datetime.fromtimestamp(unix_ms // 1000, UTC).strftime("%Y-%m-%d")


def record_file(verifications: Iterable[Verification], day: str, epoch_ms: int) -> str:
    """Returns the text of a file: a line of names, then a line for each verification in the order of their ends."""
    ended = [each for each in verifications if day_of(each, epoch_ms) == day]
    ended.sort(key=lambda each: each.ended_ms or 0)
    rows = [COLUMNS, *(_record(each, epoch_ms) for each in ended)]
    return "".join(";".join(map(_quoted, row)) + "\n" for row in rows)


def _record(verification: Verification, epoch_ms: int) -> tuple[str, ...]:
    assert verification.ended_ms is not None
    paid = price(verification) if verification.status.charged else 0
    return (
        verification.id,
        str(USER_SPACE),
        verification.method.value,
        timestamp((epoch_ms + verification.started_ms) // 1000),
        timestamp((epoch_ms + verification.ended_ms) // 1000),
        verification.status.value,
        "" if verification.reason is None else verification.reason.value,
        verification.cli or "",
        "number",
        verification.number,
        describe(verification.number).country,
        verification.request.reference or "",
        verification.request.custom or "",
        verification.application.key,
        f"{paid / UNITS_PER_DOLLAR:.4f}",
        CURRENCY,
    )


def _quoted(value: str) -> str:
    if any(character in value for character in ';"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value
