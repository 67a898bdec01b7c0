"""Callbacks: what was sent, what came back, and sending one again."""

from collections.abc import Callable

from attrs import evolve

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import not_found
from sinch_simulator.core.rest.control_request import APPLICATION, CALL_ID, ControlEndpoint, QueryParameter
from sinch_simulator.products.voice.callbacks.replies import read_answer
from sinch_simulator.products.voice.events import CallbackEvent, Outcome
from sinch_simulator.server.callback_log import Record, again
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.views import callback_view
from sinch_simulator.server.worlds import World

LONGEST_WAIT_S = 600.0
_MOST = 1_000_000


async def get_callbacks(request: ServerRequest) -> Answer:
    """Those that match, once there are ``count`` of them (one, if not said) or ``wait`` seconds have passed."""
    query = request.query()
    application = request.application(query)
    call_id = query.text("callId")
    event = query.one_of("event", CallbackEvent)
    count = query.integer("count", least=0, most=_MOST)
    seconds = query.number("wait", least=0, most=LONGEST_WAIT_S) or 0
    world = request.worlds.present(application)
    if application is None and call_id is not None and (found := request.worlds.find_call(call_id)) is not None:
        world = found[0]
    wanted = _filter(None if application is None else application.key, call_id, event)
    records = world.callbacks.matching(wanted)
    if seconds:
        needed = 1 if count is None else count
        records = await world.callbacks.wait_for(wanted, count=needed, seconds=seconds)
    return json_answer({"callbacks": [callback_view(world, record) for record in records]})


async def redeliver(request: ServerRequest) -> Answer:
    """The same body again; no call hears of the reply."""
    request.query()
    request.fields()
    world, record = _named(request)
    application = world.simulation.exchange.applications[record.callback.application_key]
    sent_at_ms = world.simulation.now
    attempt = await request.worlds.courier.post(record.callback, application, record.attempt.url)
    repeated = again(record, attempt, order=world.callbacks.next_order(), sent_at_ms=sent_at_ms)
    if attempt.outcome is Outcome.ANSWERED:
        call = world.simulation.exchange.calls.get(record.callback.call_id)
        outcome, _, found = read_answer(record.callback, attempt, call)
        repeated = evolve(repeated, attempt=evolve(attempt, outcome=outcome), diagnostics=found)
    world.callbacks.add(repeated)
    await world.runner.settled()
    return json_answer(callback_view(world, repeated))


def _named(request: ServerRequest) -> tuple[World, Record]:
    record_id = request.parameters["id"]
    for world in request.worlds:
        record = world.callbacks.get(record_id)
        if record is not None:
            return world, record
    raise not_found("callback", record_id, "GET /_simulator/callbacks?application=KEY lists them")


def _filter(key: str | None, call_id: str | None, event: CallbackEvent | None) -> Callable[[Record], bool]:
    def wanted(record: Record) -> bool:
        callback = record.callback
        return (
            key in (None, callback.application_key)
            and call_id in (None, callback.call_id)
            and event in (None, callback.event)
        )

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
            QueryParameter("event", "only callbacks of this event", "ice"),
            QueryParameter("count", "with wait: how many there should be", "1"),
            QueryParameter("wait", "how many real seconds to wait for them", "5"),
        ),
    ),
    ControlEndpoint("POST", "/callbacks/{id}/redeliver", redeliver, "Sends a callback again, with a new signature."),
)
