"""Starts batches, shows how far they are, and stops them (docs/platform/voice-v2.md#2.4)."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Anything, Integer, Nested, Text
from sinch_simulator.core.schema.shapes import Shape, Values
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.products.voice.v2.calling import start_batch, stop_batch
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.placeholders import filled_in, placeholders_left
from sinch_simulator.products.voice.v2.rest.reading import object_of, read_query, refuse, same_project, service_of
from sinch_simulator.products.voice.v2.session import Batch, BatchEntry, SessionState
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings
from sinch_simulator.products.voice.v2.svaml.model import Commands
from sinch_simulator.products.voice.v2.svaml.reading import read_document

LONGEST_NAME = 32
MOST_PARAMETERS = 10_000
OPTIONS = Shape(
    "batch options",
    (
        Integer("maxCps", "sessions that begin in a second", minimum=1, maximum=1000, default=1000),
        Integer("ttlSeconds", "after how long the rest expires", minimum=1, maximum=10800, default=10800),
    ),
)
BATCH = Shape(
    "the body",
    (
        Anything("commands", "commands, in order", required=True),
        Anything("parameters", "what each session has in place of placeholders", required=True),
        Nested("batchOptions", "how fast, and for how long", shape=OPTIONS),
    ),
)
START = Shape("the query", (Text("serviceId", "the service"),))


def is_batch(body: bytes) -> bool:
    """Returns whether a request to start calls can be one for a batch: whether that is worth a closer look."""
    return b'"parameters"' in body or b'"batchOptions"' in body


def post_batch(request: PlatformRequest) -> Answer:
    """Starts a batch: a session for each set of parameters."""
    service = service_of(request, read_query(request, START).text_or_none("serviceId"))
    batch = start_batch_of(request, service, object_of(request))
    return json_answer({"projectId": service.project.id, "serviceId": service.key, "batchId": batch.id}, 201)


def start_batch_of(
    request: PlatformRequest,
    service: Application,
    document: dict[str, Any],
    *,
    admit: Callable[[Application, Commands], None] | None = None,
) -> Batch:
    """Starts the batch that the body of a request says; the commands of every session are checked before any begins.

    ``admit`` raises ``ApiError`` for commands that the service may not have run. Without it a call that the limits of
    the service forbid fails when its turn comes: 402 is listed for POST calls only (docs/platform/voice-v2.md#1.3).
    """
    findings = CommandFindings()
    body = BATCH.read(document, "", findings)
    entries = _parameters(body["parameters"], findings)
    if findings.first_error is not None:
        refuse(findings.first_error)
    read = [BatchEntry(_commands(body["commands"], entry, index), entry) for index, entry in enumerate(entries)]
    if admit is not None:
        for each in read:
            admit(service, each.commands)
    options = body.object("batchOptions") or Values(OPTIONS.defaults)
    batch = start_batch(
        request.world,
        service.key,
        read,
        max_cps=options.integer("maxCps"),
        ttl_ms=options.integer("ttlSeconds") * 1000,
        base_url=request.base_url,
    )
    left = sorted(set(placeholders_left(filled_in(body["commands"], entries[0]))))
    request.diagnose([*findings.found, *map(_unknown_placeholder, left)], batch.id)
    return batch


def _parameters(value: Any, findings: CommandFindings) -> list[dict[str, str]]:
    """Reads flat maps of texts; one object alone is taken for a list of one (docs/platform/voice-v2.md#2)."""
    entries = [value] if isinstance(value, dict) else value
    right = 'a list like [{"name": "Ann"}, {"name": "Bob"}]'
    if not isinstance(entries, list) or not entries:
        if value is not None:
            findings.error("WRONG_TYPE", "parameters", f"{shown(value)} is not a list of parameters", right)
        return []
    for index, entry in enumerate(entries):
        path = f"parameters[{index}]"
        if not isinstance(entry, dict):
            findings.error("WRONG_TYPE", path, f"{shown(entry)} is not an object", right)
            continue
        if len(entry) > MOST_PARAMETERS:
            findings.error("TOO_LONG", path, f"there are {len(entry)} parameters", f"at most {MOST_PARAMETERS}")
        for name, text in entry.items():
            if not 0 < len(name) <= LONGEST_NAME:
                findings.error("INVALID_VALUE", path, f"{shown(name)} is no name", f"1 to {LONGEST_NAME} characters")
            elif not isinstance(text, str):
                findings.error("WRONG_TYPE", f"{path}.{name}", f"{shown(text)} is not a text", "a text in quotes")
    return entries


def _commands(commands: Any, entry: dict[str, str], index: int) -> Commands:
    """Reads the commands of one session; limits hold for what stands in the place of placeholders."""
    reading = read_document({"commands": filled_in(commands, entry)})
    if reading.document is None:
        found = reading.errors[0]
        where = f" (with parameters[{index}])" if entry else ""
        message = f"{found.path}: {found.message}{where}; {found.hint}"
        raise ApiError(ErrorCode.INVALID_REQUEST, message, hint=found.hint, path=found.path)
    return reading.document.commands


def _unknown_placeholder(name: str) -> Diagnostic:
    message = f"{name} is no parameter of the first entry: it stays as it is"
    return Diagnostic("UNKNOWN_PLACEHOLDER", Severity.WARNING, "commands", message, "give it in every entry")


def get_batch(request: PlatformRequest) -> Answer:
    """Shows how many sessions of a batch are how far."""
    batch = _batch(request)
    states = Counter(session.state for session in batch.sessions)
    body: dict[str, Any] = {
        "batchId": batch.id,
        "sessionCount": len(batch.sessions),
        "queued": states[SessionState.QUEUED],
        "inProgress": states[SessionState.IN_PROGRESS],
        "completed": states[SessionState.COMPLETED],
        "expired": states[SessionState.EXPIRED],
        "requestedCps": batch.max_cps,
        "ttlSeconds": batch.ttl_ms // 1000,
    }
    if batch.ended_ms is not None:
        body["endTime"] = timestamp((request.world.epoch_ms + batch.ended_ms) // 1000)
    return json_answer(body)


def get_batch_details(request: PlatformRequest) -> Answer:
    """Lists the sessions of a batch; those that have expired are not shown."""
    sessions = [
        {"id": session.id, "state": session.state.value, "parameters": session.parameters}
        for session in _batch(request).sessions
        if session.state is not SessionState.EXPIRED
    ]
    return json_answer({"sessions": sessions})


def delete_batch(request: PlatformRequest) -> Answer:
    """Stops a batch: what waits never begins, what is under way goes on."""
    stop_batch(request.world, _batch(request).id)
    return json_answer({"result": "STOP_REQUESTED"}, 202)


def _batch(request: PlatformRequest) -> Batch:
    batch = exchange_of(request.world).batches.get(request.parameters["batchId"])
    if batch is None or not same_project(request, batch.application):
        raise ApiError(ErrorCode.NOT_FOUND, f"there is no batch {request.parameters['batchId'][:60]} in this project")
    return batch
