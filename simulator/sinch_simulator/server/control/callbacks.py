"""Callbacks: what was sent, what came back, and sending one again."""

from collections.abc import Callable

from attrs import evolve

from sinch_simulator.core.rest.control_error import not_found
from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlRequest
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.products.voice.callbacks.replies import read_answer
from sinch_simulator.products.voice.control.views import callback_view
from sinch_simulator.products.voice.events import CallbackEvent, Outcome
from sinch_simulator.server.callback_log import Record, again
from sinch_simulator.server.http_messages import Answer, json_answer
from sinch_simulator.server.worlds import World

LONGEST_WAIT_S = 600.0
_MOST = 1_000_000


async def get_callbacks(request: ControlRequest) -> Answer:
    """Those that match, once there are ``count`` of them (one, if not said) or ``wait`` seconds have passed."""
    query = request.query("application", "callId", "event", "count", "wait")
    application = request.application(query)
    call_id = query.text("callId")
    event = query.one_of("event", CallbackEvent)
    count = query.integer("count", least=0, most=_MOST)
    seconds = query.number("wait", least=0, most=LONGEST_WAIT_S) or 0
    world = request.world_of(application)
    if application is None and call_id is not None and (found := request.worlds.find_call(call_id)) is not None:
        world = found[0]
    wanted = _filter(None if application is None else application.key, call_id, event)
    records = world.callbacks.matching(wanted)
    if seconds:
        needed = 1 if count is None else count
        records = await world.callbacks.wait_for(wanted, count=needed, seconds=seconds)
    return json_answer({"callbacks": [callback_view(world, record) for record in records]})


async def redeliver(request: ControlRequest) -> Answer:
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


def _named(request: ControlRequest) -> tuple[World, Record]:
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


ENDPOINTS: tuple[ControlEndpoint, ...] = (
    Endpoint("GET", "/callbacks", get_callbacks, "callbacks, with what came of them"),
    Endpoint("POST", "/callbacks/{id}/redeliver", redeliver, "sends a callback again"),
)
