"""Every endpoint of Voice v2 in one table: 17 operations (docs/platform/voice-v2.md#2), and a batch's second way."""

from collections.abc import Callable, Iterator
from functools import partial

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.voice.v2.callbacks.events import HEADERS
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.idempotency import LONGEST_KEY, SHORTEST_KEY
from sinch_simulator.products.voice.v2.rest import batches, calls, services, svaml
from sinch_simulator.products.voice.v2.svaml.fields import Typed
from sinch_simulator.products.voice.v2.svaml.shapes import COMMANDS, DESTINATION, DOCUMENT, MENU_ITEM, MESSAGE, ORIGIN

Handler = Callable[[PlatformRequest], Answer]


def _once(handler: Handler, request: PlatformRequest) -> Answer:
    """Answers a request that comes again with its ``Idempotency-Key`` as the first time."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return handler(request)
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        message = f"Idempotency-Key: it has {len(key)} characters; {SHORTEST_KEY} to {LONGEST_KEY} would be right"
        raise ApiError(ErrorCode.INVALID_REQUEST, message, path="headers.Idempotency-Key")
    application = request.application
    scope = (application.project.id, request.method, f"{request.path}?{request.query}", key)
    answers = exchange_of(request.world).answers
    return answers.once(scope, request.world.now, application.key, lambda: handler(request))


def _endpoint(method: str, pattern: str, handler: Handler, what: str, *, once: bool = False) -> PlatformEndpoint:
    return PlatformEndpoint(method, f"/{{projectId}}{pattern}", partial(_once, handler) if once else handler, what)


PLATFORM_ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    _endpoint("POST", "/calls", calls.post_call, "starts calls", once=True),
    _endpoint("GET", "/calls", calls.list_calls, "calls of a project"),
    _endpoint("GET", "/calls/{callId}", calls.get_call, "a call of a session"),
    _endpoint("PATCH", "/calls/{callId}", calls.patch_call, "sends commands to a call", once=True),
    _endpoint(
        "PATCH", "/sessions/{sessionId}/calls/{callName}", calls.patch_named_call, "sends commands to a named call",
        once=True,
    ),
    _endpoint("GET", "/sessions/{sessionId}", calls.get_session, "a session"),
    _endpoint("POST", "/batches", batches.post_batch, "starts a batch of calls", once=True),
    _endpoint("GET", "/batches/{batchId}", batches.get_batch, "a batch of calls"),
    _endpoint("GET", "/batches/{batchId}/details", batches.get_batch_details, "the sessions of a batch"),
    _endpoint("DELETE", "/batches/{batchId}", batches.delete_batch, "stops a batch of calls"),
    _endpoint("GET", "/services", services.list_services, "services of a project"),
    _endpoint("POST", "/services", services.post_service, "makes a service", once=True),
    _endpoint("GET", "/services/{serviceId}", services.get_service, "a service"),
    _endpoint("PATCH", "/services/{serviceId}", services.patch_service, "changes a service", once=True),
    _endpoint("DELETE", "/services/{serviceId}", services.delete_service, "deletes a service"),
    _endpoint("POST", "/svaml/validate", svaml.post_validate, "checks SVAML v2"),
    _endpoint("POST", "/svaml/describe", svaml.post_describe, "describes SVAML v2"),
)  # fmt: skip


def known_names() -> Iterator[tuple[str, str]]:
    """Gives kind and name of each command, field and property that is read, and of each header, each once."""
    yield "header", "request Idempotency-Key"
    yield from (("header", f"event {name}") for name in HEADERS)
    yield from (("field", f"callBatch.{name}") for name in field_paths(batches.BATCH))
    yield from (("field", f"service.{name}") for name in field_paths(services.SERVICE))
    yield from (("field", f"service.callBehavior.{name}") for name in _paths_of_kinds(services.CALL_BEHAVIOR))
    for shape in COMMANDS.values():
        yield "command", shape.name
        yield from (("property", f"{shape.name}.{name}") for name in field_paths(shape) if name != "command")
    for prefix, typed in (("dial.from", ORIGIN), ("dial.to", DESTINATION), ("messages.messages", MESSAGE)):
        yield from (("property", f"{prefix}.{name}") for name in _paths_of_kinds(typed))
    yield from (("property", f"menu.menus.{name}") for name in field_paths(MENU_ITEM))
    yield from (("property", name) for name in field_paths(DOCUMENT))


def _paths_of_kinds(typed: Typed) -> Iterator[str]:
    """Gives each property that an object of any of its types may have, ``type`` first."""
    yield from dict.fromkeys(name for shape in typed.kinds.values() for name in field_paths(shape))
