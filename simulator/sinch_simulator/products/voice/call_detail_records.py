"""Call detail records: which calls make which rows of which file (docs/platform/lifecycle.md#7).

There is a file for each kind and each UTC day, and it appears when that day is over. A record belongs to the day on
which its call ended (*assumed*).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.prices import CURRENCY, UNITS_PER_DOLLAR
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.charging import cost

USER_SPACE = 1
"""An internal number of the platform; always the same here (*assumed*)."""


class RecordKind(Word):
    """The four files of a day."""

    PHONE_TERMINATED = "phone-terminated"
    PHONE_ORIGINATED = "phone-originated"
    APP_APP = "app-app"
    SIP_TERMINATED = "sip-terminated"


_HEAD = ("CallId", "UserSpaceId", "CallTime", "Result", "Reason", "Duration")
_PRICE = ("Amount", "Currency")
COLUMNS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.PHONE_TERMINATED: (
        *_HEAD, "AnswerTime", "From", "To", *_PRICE, "Custom", "ApplicationKey", "UserId", "ToCountryId"
    ),
    RecordKind.PHONE_ORIGINATED: (*_HEAD, "From", "To", *_PRICE, "Custom", "ApplicationKey"),
    RecordKind.APP_APP: (*_HEAD, "FromUserId", "ToUserId", "Custom", "ApplicationKey"),
    RecordKind.SIP_TERMINATED: (*_HEAD, "From", "To", "Custom", "ApplicationKey"),
}  # fmt: skip
REPORT_COLUMNS = ("CustomerStatus", "CustomerDetails")
"""What the app reported of its calls: the platform says it is in the records, but names no columns (*assumed*)."""

_HANGUPS = ("CALLERHANGUP", "CALLEEHANGUP")
_REASONS: dict[RecordKind, frozenset[str]] = {
    RecordKind.PHONE_TERMINATED: frozenset(
        ("N/A", "TIMEOUT", *_HANGUPS, "BLOCKED", "MANAGERHANGUP", "NOCREDITPARTNER", "GENERALERROR", "CANCEL")
    ),
    RecordKind.PHONE_ORIGINATED: frozenset(("N/A", "CANCEL", *_HANGUPS, "NOCREDITPARTNER", "GENERALERROR")),
    RecordKind.APP_APP: frozenset(("N/A", "TIMEOUT", "HANGUP", "CANCEL")),
}


@frozen
class Report:
    """The app's own view of a call."""

    status: str
    details: str


@frozen
class RecordSource:
    """What records are made of: the world's clock, the country of a number, the reports of the app."""

    epoch_ms: int
    country_of: Callable[[str], str]
    report_of: Callable[[str], Report | None]


def kinds_of(call: Call) -> tuple[RecordKind, ...]:
    """Returns which files a call is in: a caller from a phone who is connected to a phone is in two (*assumed*)."""
    kinds: list[RecordKind] = []
    if call.setup.origin is Origin.PSTN:
        kinds.append(RecordKind.PHONE_ORIGINATED)
    match None if call.to is None else call.to.kind:
        case AddressKind.NUMBER:
            kinds.append(RecordKind.PHONE_TERMINATED)
        case AddressKind.SIP:
            kinds.append(RecordKind.SIP_TERMINATED)
        case AddressKind.USERNAME if call.setup.origin is not Origin.PSTN:
            kinds.append(RecordKind.APP_APP)
        case _:
            pass
    return tuple(kinds)


def day_of(call: Call, epoch_ms: int) -> str | None:
    """Returns the UTC day in whose files an ended call is: ``2025-01-15``; None while it lasts."""
    return None if call.ending is None else day_at(epoch_ms + call.ending.at_ms)


def day_at(unix_ms: int) -> str:
    """Returns the UTC day of a moment."""
    return datetime.fromtimestamp(unix_ms // 1000, UTC).strftime("%Y-%m-%d")


def record_file(
    calls: Iterable[Call], kind: RecordKind, day: str, source: RecordSource, *, with_reports: bool = False
) -> str:
    """Returns the text of a file: a line of names, then a line for each call in the order of their ends.

    Header, quoting and decimal point are undocumented (*assumed*): nothing is quoted that need not be.
    """
    columns = (*COLUMNS[kind], *(REPORT_COLUMNS if with_reports else ()))
    ended = [call for call in calls if kind in kinds_of(call) and day_of(call, source.epoch_ms) == day]
    ended.sort(key=lambda call: call.ending.at_ms if call.ending is not None else 0)
    rows = [[_record(call, kind, source)[column] for column in columns] for call in ended]
    return "".join(";".join(_quoted(value) for value in row) + "\n" for row in [list(columns), *rows])


def _record(call: Call, kind: RecordKind, source: RecordSource) -> dict[str, str]:
    """Every column that any file has."""
    assert call.ending is not None
    report = source.report_of(call.id)
    caller = call.caller.address
    # In the file of callers the call goes to the number that was dialled, wherever it went from there (*assumed*).
    to = call.setup.dialled if kind is RecordKind.PHONE_ORIGINATED else call.to
    country = source.country_of(to.endpoint) if to is not None and to.kind is AddressKind.NUMBER else ""
    user = caller.endpoint if caller is not None and caller.kind is AddressKind.USERNAME else ""
    paid = 0 if kind is RecordKind.PHONE_ORIGINATED and len(kinds_of(call)) > 1 else cost(call, call.ending.at_ms)
    answered = "" if call.answered_ms is None else _time(source, call.answered_ms)
    return {
        "CallId": call.id,
        "UserSpaceId": str(USER_SPACE),
        "CallTime": _time(source, call.setup.started_ms),
        "Result": _result(call, kind),
        "Reason": _reason(call, kind),
        "Duration": str(call.duration_s(call.ending.at_ms) if call.ending.result == "ANSWERED" else 0),
        "AnswerTime": answered,
        "From": call.setup.cli,
        "To": _endpoint(to),
        "Amount": f"{paid / UNITS_PER_DOLLAR:.4f}",
        "Currency": CURRENCY,
        "Custom": call.setup.custom or "",
        "ApplicationKey": call.application.key,
        "UserId": user,
        "ToCountryId": country,
        "FromUserId": user,
        "ToUserId": _endpoint(to),
        "CustomerStatus": "" if report is None else report.status,
        "CustomerDetails": "" if report is None else report.details,
    }


def _result(call: Call, kind: RecordKind) -> str:
    """The files know fewer results than DiCE; what is left over was never answered."""
    assert call.ending is not None
    result = call.ending.result
    if result == "N/A" or (result == "BUSY" and kind is RecordKind.PHONE_ORIGINATED):
        return "NOANSWER"
    return result


def _reason(call: Call, kind: RecordKind) -> str:
    """The reason as this file says it; one that it has no word for is N/A (*assumed*)."""
    assert call.ending is not None
    reason = call.ending.rest_reason
    if kind is RecordKind.APP_APP and reason in (*_HANGUPS, "MANAGERHANGUP"):
        return "HANGUP"
    known = _REASONS.get(kind)
    return reason if known is None or reason in known else "N/A"


def _endpoint(address: Address | None) -> str:
    return "" if address is None else address.endpoint


def _time(source: RecordSource, at_ms: int) -> str:
    return timestamp((source.epoch_ms + at_ms) // 1000)


def _quoted(value: str) -> str:
    if any(character in value for character in ';"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value
