"""Reports what a user's calls came to, counters, and the status of services (docs/platform/rest.md#8).

Counters are as stale as on the platform: they show what was so when the simulated clock last passed a multiple of two
minutes. So they are computed when somebody asks, from the calls themselves.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from urllib.parse import parse_qs

from sinch_simulator.core.addresses import Address, AddressKind, read_identity
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.callbacks.bodies import domain_of
from sinch_simulator.products.voice.exchange import exchange_of

REFRESH_S = 120
LONGEST_RANGE = timedelta(days=30)
SERVICES = ("rtpproxy",)
"""The one service that the documentation names; here it is always up."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_A_TIME = "a date or time such as 2025-01-15 or 2025-01-15T10:30:00Z"


class _Domain(Enum):
    DATA = "data"
    PSTN = "pstn"


def get_user_calls(request: PlatformRequest) -> Answer:
    """Counts how many calls of a user succeeded and failed, of those that began in the range."""
    user = _user(request)
    domain = _domain(request)
    start, stop = _range(request)
    epoch_s = request.world.epoch_ms / 1000
    finished = [
        call
        for call in exchange_of(request.world).calls.values()
        if call.application is request.application
        and call.ending is not None
        and start.timestamp() <= epoch_s + call.setup.started_ms / 1000 < stop.timestamp()
        and _is_in(call, domain)
        and _is_of(call, user)
    ]
    # Which calls count as failed is undocumented: *assumed* all that were not answered.
    answered = [call for call in finished if call.ending is not None and call.ending.result == "ANSWERED"]
    report = {
        "success": len(answered),
        "duration": sum(call.duration_s(request.world.now) for call in answered),
        "failed": len(finished) - len(answered),
        "start": timestamp(int(start.timestamp())),
    }
    return json_answer(report)


def get_counter(request: PlatformRequest) -> Answer:
    """Shows a counter, as it was at the last refresh."""
    counter = request.parameters["id"]
    if counter.lower() != "currentcalls":
        raise ApiError.not_found(f"No such counter: {_short(counter)}")
    simulation = request.world
    modified_s = (simulation.epoch_ms + simulation.now) // 1000 // REFRESH_S * REFRESH_S
    refreshed_ms = modified_s * 1000 - simulation.epoch_ms
    value = sum(
        1
        for call in exchange_of(simulation).calls.values()
        if call.application is request.application
        and call.setup.started_ms < refreshed_ms
        and (call.ending is None or call.ending.at_ms >= refreshed_ms)
    )
    return json_answer({"value": value, "modified": timestamp(modified_s)})


def get_service(request: PlatformRequest) -> Answer:
    """Tells whether a service is up; nobody needs to say who they are to ask that."""
    service = request.parameters["id"]
    if service.lower() not in SERVICES:
        raise ApiError.not_found(f"No such service: {_short(service)}")
    return json_answer({"status": "up"})


def _user(request: PlatformRequest) -> Address:
    kind = next((each for each in AddressKind if each.value == request.parameters["type"].lower()), None)
    if kind is None or kind is AddressKind.WEBSOCKET:
        raise ApiError.invalid_parameter("type", request.parameters["type"], expected="username, number, did or sip")
    user = read_identity(kind, request.parameters["endpoint"])
    if user is None:
        raise ApiError.invalid_parameter("endpoint", request.parameters["endpoint"], expected=f"a {kind.value}")
    return user


def _domain(request: PlatformRequest) -> _Domain:
    written = request.parameters.get("domain", _Domain.DATA.value)
    for domain in _Domain:
        if domain.value == written.lower():
            return domain
    raise ApiError.invalid_parameter("domain", written, expected="data or pstn")


def _range(request: PlatformRequest) -> tuple[datetime, datetime]:
    """Reads at most 30 days; without ``_stop`` up to now, without ``_start`` the 30 days before (*assumed*)."""
    parameters = parse_qs(request.query, errors="backslashreplace")
    simulation = request.world
    now = datetime.fromtimestamp((simulation.epoch_ms + simulation.now) / 1000, UTC)
    stop = _time(parameters, "_stop")
    start = _time(parameters, "_start")
    if stop is None:
        stop = now + timedelta(milliseconds=1)
    if start is None:
        start = max(stop, _EARLIEST + LONGEST_RANGE) - LONGEST_RANGE
    if stop <= start:
        raise ApiError.invalid_parameter("_stop", parameters.get("_stop", [""])[-1], expected="a time after _start")
    if stop - start > LONGEST_RANGE:
        raise ApiError.invalid_parameter("_start", parameters.get("_start", [""])[-1], expected="at most 30 days")
    return start, stop


def _time(parameters: dict[str, list[str]], name: str) -> datetime | None:
    if name not in parameters:
        return None
    written = parameters[name][-1]
    try:
        # A plus sign in a query that nobody encoded arrives as a blank.
        read = datetime.fromisoformat(written.replace(" ", "+"))
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ApiError.invalid_parameter(name, written, expected=_A_TIME) from None


def _is_in(call: Call, domain: _Domain) -> bool:
    """Calls that stay within the data network, to in-app users and of such to rooms, are data calls; others pstn."""
    return (domain_of(call.to) == "mxp") == (domain is _Domain.DATA)


def _is_of(call: Call, user: Address) -> bool:
    return user in (call.caller.address, call.to, call.setup.dialled)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


_FOR_EVERYBODY = (Scheme.NOBODY, Scheme.BASIC, Scheme.SIGNED)

ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/users/{type}/{endpoint}/calls", get_user_calls, "what a user's data calls came to"),
    PlatformEndpoint("GET", "/users/{type}/{endpoint}/calls/{domain}", get_user_calls, "what a user's calls came to"),
    PlatformEndpoint("GET", "/counters/{id}", get_counter, "a counter, up to two minutes old"),
    PlatformEndpoint("GET", "/services/{id}", get_service, "whether a service is up", schemes=_FOR_EVERYBODY),
)
