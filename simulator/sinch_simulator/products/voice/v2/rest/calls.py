"""Starts calls, shows them and their sessions, and sends them commands (docs/platform/voice-v2.md#2)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Choice, Text
from sinch_simulator.core.schema.shapes import Findings, Shape
from sinch_simulator.products.voice.v2.bodies import call_body, session_body
from sinch_simulator.products.voice.v2.calling import instruct, start_session
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.rest.batches import is_batch, start_batch_of
from sinch_simulator.products.voice.v2.rest.paging import PAGE, PAGE_SIZE, page_answer
from sinch_simulator.products.voice.v2.rest.reading import object_of, read_query, refuse, same_project, service_of
from sinch_simulator.products.voice.v2.session import Call, CallReason, CallResult, CallType, Session
from sinch_simulator.products.voice.v2.svaml.model import (
    Commands,
    Destination,
    Dial,
    Origin,
    PhoneAddress,
)
from sinch_simulator.products.voice.v2.svaml.reading import read_request


class Moment(Text):
    """A date, which means its first moment in UTC, or a moment; it is read as Unix milliseconds."""

    phrase: str = "a moment"
    right: str = "a moment like 2025-02-10T09:00:00Z, or a date"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> int | None:
        """Reads the moment."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            findings.wrong(self, prefix + name, text)
            return None
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return int(aware.timestamp() * 1000)


SERVICE_ID = Text("serviceId", "the service")
START = Shape("the query", (SERVICE_ID,))
FILTERS = Shape(
    "the query",
    (
        SERVICE_ID,
        Text("from", "who called"),
        Text("to", "who was called"),
        Choice("callType", "what is at the far end", choices=tuple(each.value for each in CallType)),
        Moment("startTime", "calls that began then or later"),
        Moment("endTime", "calls that were over before"),
        Choice("callResult", "how far it is", choices=tuple(each.value for each in CallResult)),
        Choice("callReason", "why it ended", choices=tuple(each.value for each in CallReason)),
        PAGE,
        PAGE_SIZE,
    ),
)


def post_call(request: PlatformRequest) -> Answer:
    """Starts a session; with ``parameters`` a batch of them. The answer comes before anything is dialled."""
    query = read_query(request, START) if request.query else None
    service = service_of(request, None if query is None else query.text_or_none("serviceId"))
    if is_batch(request.body):
        document = object_of(request)
        if "parameters" in document or "batchOptions" in document:
            batch = start_batch_of(request, service, document, admit=admit)
            ids = {"sessionId": batch.sessions[0].id, "batchId": batch.id}
            return json_answer({"projectId": service.project.id, "serviceId": service.key, **ids}, 201)
    reading = read_request(request.body)
    if reading.document is None:
        refuse(reading.errors[0])
    admit(service, reading.document.commands)
    session = start_session(request.world, service.key, reading.document.commands, base_url=request.base_url)
    if reading.diagnostics:
        request.diagnose(reading.diagnostics, session.id)
    return json_answer({"projectId": service.project.id, "serviceId": service.key, "sessionId": session.id}, 201)


def admit(service: Application, commands: Commands) -> None:
    """Refuses calls that the application's limits forbid (docs/platform/voice-v2.md#1.3): 402, 403."""
    if service.limits is None:
        return
    for command in commands:
        if isinstance(command, Dial) and isinstance(command.to, PhoneAddress):
            service.limits.admit(Address(AddressKind.NUMBER, command.to.number))


def list_calls(request: PlatformRequest) -> Answer:
    """Lists the calls of the project, the newest first."""
    query = read_query(request, FILTERS)
    epoch_ms = request.world.epoch_ms
    tests = list(_tests(query, epoch_ms))
    calls = exchange_of(request.world).calls.values()
    found = [
        call
        for call in reversed(list(calls))
        if same_project(request, call.session.application) and all(test(call) for test in tests)
    ]
    return page_answer(request, query, "calls", found, lambda call: call_body(call, epoch_ms, request.base_url))


def _tests(query: dict[str, Any], epoch_ms: int) -> Iterator[Callable[[Call], bool]]:
    service, caller, callee = query["serviceId"], query["from"], query["to"]
    if service is not None:
        yield lambda call: call.session.application.key == service
    if caller is not None:
        yield lambda call: call.origin is not None and _is_at(call.origin, caller)
    if callee is not None:
        yield lambda call: call.to is not None and _is_at(call.to, callee)
    kind, result, reason = query["callType"], query["callResult"], query["callReason"]
    if kind is not None:
        yield lambda call: call.type.value == kind
    if result is not None:
        yield lambda call: call.result.value == result
    if reason is not None:
        yield lambda call: call.reason is not None and call.reason.value == reason
    since, until = query["startTime"], query["endTime"]
    if since is not None:
        yield lambda call: epoch_ms + call.started_ms >= since
    if until is not None:
        yield lambda call: call.ended_ms is not None and epoch_ms + call.ended_ms < until


def _is_at(place: Destination | Origin, text: str) -> bool:
    """Compares a number, with or without its plus sign, or an endpoint; an unescaped plus sign has become a blank."""
    if isinstance(place, PhoneAddress):
        return place.number.removeprefix("+") == text.strip().removeprefix("+")
    return place.endpoint == text


def get_call(request: PlatformRequest) -> Answer:
    """Shows a call, under way or over."""
    return json_answer(call_body(_call(request), request.world.epoch_ms, request.base_url))


def patch_call(request: PlatformRequest) -> Answer:
    """Sends commands to a call that is under way; 202 says that they are accepted."""
    return _instruct(request, _call(request))


def patch_named_call(request: PlatformRequest) -> Answer:
    """Sends commands to the call of this name in a session."""
    session, name = _session(request), request.parameters["callName"]
    call = next((each for each in session.calls.values() if each.name == name and not each.final), None)
    if call is None:
        raise ApiError(ErrorCode.NOT_FOUND, f"no call under way in the session has the name {name[:60]}")
    return _instruct(request, call)


def _instruct(request: PlatformRequest, call: Call) -> Answer:
    reading = read_request(request.body)
    if reading.document is None:
        refuse(reading.errors[0])
    if call.final:
        raise ApiError(ErrorCode.NOT_FOUND, f"the call {call.id} is over")
    admit(call.session.application, reading.document.commands)
    instruct(request.world, call.id, reading.document.commands)
    if reading.diagnostics:
        request.diagnose(reading.diagnostics, call.id)
    return Answer(202)


def get_session(request: PlatformRequest) -> Answer:
    """Shows a session with all its calls."""
    return json_answer(session_body(_session(request), request.world.epoch_ms, request.base_url))


def _call(request: PlatformRequest) -> Call:
    call = exchange_of(request.world).calls.get(request.parameters["callId"])
    if call is None or not same_project(request, call.session.application):
        raise ApiError(ErrorCode.NOT_FOUND, f"there is no call {request.parameters['callId'][:60]} in this project")
    return call


def _session(request: PlatformRequest) -> Session:
    session = exchange_of(request.world).sessions.get(request.parameters["sessionId"])
    if session is None or not same_project(request, session.application):
        message = f"there is no session {request.parameters['sessionId'][:60]} in this project"
        raise ApiError(ErrorCode.NOT_FOUND, message)
    return session
