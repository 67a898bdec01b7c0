"""Lists callbacks with what came back, and sends one again."""

from collections.abc import Callable

from attrs import evolve

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.delivery import Record
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import not_found
from sinch_simulator.core.rest.control_request import APPLICATION, CALL_ID, ControlEndpoint, one_of
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.rest.journal_views import ids_view
from sinch_simulator.core.schema.fields import BoundedText, Integer, Number
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.server.callback_log import again, is_about
from sinch_simulator.server.control.event_names import known_event
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.shapes import CALLBACK, REDELIVERY
from sinch_simulator.server.control.views import callback_view
from sinch_simulator.server.forgeries import Forgery, forge
from sinch_simulator.server.worlds import World

SUBJECTS = {
    "sessionId": "session",
    "verificationId": "verification",
    "messageId": "message",
    "batchId": "batch",
    "number": "number",
}
"""What callbacks can be looked for by, beside ``callId``, and what each is the id of."""
LONGEST_WAIT_S = 600.0
_MOST = 1_000_000


async def get_callbacks(request: ServerRequest) -> Answer:
    """Lists those that match, once there are ``count`` of them (one, if not said) or ``wait`` seconds have passed."""
    query = request.query()
    application = request.application(query)
    wanted = _filter(application, query, request.worlds.products)
    count, seconds = query["count"], query["wait"]
    world = request.worlds.present(application)
    subject = query["callId"] or query["verificationId"]
    if application is None and subject is not None:
        world = request.worlds.holding(subject) or world
    records = world.callbacks.matching(wanted)
    if seconds:
        needed = 1 if count is None else count
        records = await world.callbacks.wait_for(wanted, count=needed, seconds=seconds)
    kept = records if query["limit"] is None else records[-query["limit"] :]
    return json_answer({"callbacks": [callback_view(world, record) for record in kept]})


async def get_callback(request: ServerRequest) -> Answer:
    """Shows one attempt to deliver a callback."""
    request.query()
    return json_answer(callback_view(*_named(request)))


async def redeliver(request: ServerRequest) -> Answer:
    """Sends the same body again, genuine or forged; no call hears of the reply.

    Of a forged callback the one that it was made from is sent.
    """
    request.query()
    forgery: str | None = request.read_body()["forge"]
    world, named = _named(request)
    record = world.callbacks.genuine(named)
    simulation, callback = world.simulation, record.callback
    sent_at_ms = simulation.now
    sent = callback if forgery is None else forge(callback, Forgery(forgery))
    attempt = await request.worlds.sender.post(sent, record.attempt.url)
    repeated = again(record, attempt, order=world.callbacks.next_order(), sent_at_ms=sent_at_ms)
    repeated = evolve(repeated, callback=sent, forgery=forgery)
    if attempt.outcome is Outcome.ANSWERED and attempt.response is not None:
        reading = simulation.machine(callback.product).read_answer(callback, attempt.response)
        shown = evolve(attempt, outcome=reading.outcome)
        repeated = evolve(repeated, attempt=shown, diagnostics=reading.diagnostics)
    world.keep(repeated)
    if simulation.knows(callback.subject):
        about = {"callbackId": repeated.id, "event": callback.event, "outcome": repeated.attempt.outcome.value}
        forged = {} if forgery is None else {"forged": forgery}
        status = {} if attempt.response is None else {"status": attempt.response.status}
        simulation.journal.add(simulation.now, "callback.redelivered", callback.subject, {**about, **status, **forged})
    await world.runner.settled()
    return json_answer(callback_view(world, repeated))


def _named(request: ServerRequest) -> tuple[World, Record]:
    record_id = request.parameters["id"]
    for world in request.worlds:
        record = world.callbacks.get(record_id)
        if record is not None:
            return world, record
    raise not_found("callback", record_id, "GET /_simulator/callbacks?application=KEY lists them")


def _filter(application: Application | None, query: Values, products: tuple[Product, ...]) -> Callable[[Record], bool]:
    key = None if application is None else application.key
    product = one_of("product", query["product"], dict.fromkeys(each.name for each in products))
    event = known_event("event", query["event"], products)
    call_id: str | None = query["callId"]
    ids = {name: text for name in SUBJECTS if (text := query[name]) is not None}
    if "number" in ids:  # with or without its plus sign, which a query reads as a space
        ids["number"] = "+" + ids["number"].lstrip(" +")

    def wanted(record: Record) -> bool:
        callback = record.callback
        if not is_about(record, application_key=key, call_id=call_id):
            return False
        if event not in (None, callback.event) or product not in (None, callback.product):
            return False
        shown = ids_view(callback.about) if ids else {}
        return all(shown[name] == text for name, text in ids.items())

    return wanted


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/callbacks",
        get_callbacks,
        "Lists the callbacks that were sent, and what came of each.",
        (
            APPLICATION,
            CALL_ID,
            *(BoundedText(name, f"only what is about this {word}") for name, word in SUBJECTS.items()),
            BoundedText("product", "only callbacks of this product, as voice"),
            BoundedText("event", "only callbacks of this event, as ice"),
            Integer("count", "with wait: how many there should be, one if not said", minimum=0, maximum=_MOST),
            Number("wait", "how many real seconds to wait for them", minimum=0, maximum=LONGEST_WAIT_S, default=0),
            Integer("limit", "how many, the newest ones; all when absent", minimum=1),
        ),
        query_example="event=ice&count=1&wait=5",
        answer=listed("callbacks", CALLBACK),
    ),
    ControlEndpoint("GET", "/callbacks/{id}", get_callback, "Shows a callback.", answer=CALLBACK),
    ControlEndpoint(
        "POST",
        "/callbacks/{id}/redeliver",
        redeliver,
        "Sends a callback again, with a new signature, or forged: an app must refuse that.",
        body=REDELIVERY,
        example={"forge": "signature"},
        answer=CALLBACK,
    ),
)
