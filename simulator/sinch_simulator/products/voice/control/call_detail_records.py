"""Lists call detail records as files, and gives them once their day is over (docs/platform/lifecycle.md#7)."""

import re
from collections import Counter

from sinch_simulator.core.application import Application
from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.rest.answer import CONTENT_TYPE, Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import (
    APPLICATION,
    ControlEndpoint,
    ControlHandler,
    ProductRequest,
)
from sinch_simulator.core.rest.control_shapes import words
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.schema.fields import BoundedText, Choice
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.call_detail_records import (
    RecordKind,
    RecordSource,
    Report,
    day_at,
    day_of,
    kinds_of,
    record_file,
)
from sinch_simulator.products.voice.control.shapes import RECORD_FILES
from sinch_simulator.products.voice.exchange import exchange_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def get_call_records(request: ProductRequest) -> Answer:
    """Gives a file, with ``day`` and ``type``; else lists which files there are."""
    query = request.query()
    application = request.application(query)
    day = query.text_or_none("day")
    kind = None if query["type"] is None else RecordKind(query["type"])
    world = request.worlds.simulation_of(application)
    calls = _calls(world, application)
    if day is None and kind is None:
        return json_answer({"files": _files(world, calls)})
    if day is None or kind is None:
        missing = "day" if day is None else "type"
        raise ControlError(400, "missing_field", f"{missing} is missing", "a file has a day and a type")
    if day >= _today(world):
        hint = "a day's files appear when the simulated day is over: POST /_simulator/clock/advance"
        raise ControlError(404, "not_yet", f"day: {day} is not over", hint)
    text = record_file(calls, kind, day, _source(world), with_reports=query["reports"] == "true")
    name = f"attachment; filename={day}-{kind.value}.csv"
    headers = {CONTENT_TYPE: "text/csv; charset=utf-8", "Content-Disposition": name}
    return Answer(200, text.encode(), headers)


def _calls(world: SimulatedWorld, application: Application | None) -> list[Call]:
    calls = exchange_of(world).calls.values()
    return [call for call in calls if application in (None, call.application)]


def _files(world: SimulatedWorld, calls: list[Call]) -> list[dict[str, object]]:
    """Lists the files that have a record; others can be had too, and are empty."""
    epoch_ms, today = world.epoch_ms, _today(world)
    counts = Counter(
        (day, kind) for call in calls if (day := day_of(call, epoch_ms)) is not None for kind in kinds_of(call)
    )
    order = list(RecordKind)
    rows = sorted(counts.items(), key=lambda row: (row[0][0], order.index(row[0][1])))
    return [{"day": day, "type": kind.value, "records": count} for (day, kind), count in rows if day < today]


def _today(world: SimulatedWorld) -> str:
    return day_at(world.epoch_ms + world.now)


def _source(world: SimulatedWorld) -> RecordSource:
    def report_of(call_id: str) -> Report | None:
        lines = [line for line in world.journal.of(call_id) if line.kind == "status.reported"]
        return Report(str(lines[-1].fields["value"]), str(lines[-1].fields["details"])) if lines else None

    return RecordSource(world.epoch_ms, lambda number: describe(number).country, report_of)


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/cdr",
        get_call_records,
        "Lists the files of call detail records, or gives one of them as CSV.",
        (
            APPLICATION,
            BoundedText("day", "the UTC day of the file", pattern=_DAY, right="a UTC day such as 2025-01-15"),
            Choice("type", "which file of that day", choices=words(RecordKind)),
            Choice("reports", "true: with the app's own reports", choices=("true", "false"), default="false"),
        ),
        query_example="day=2025-01-15&type=phone-terminated",
        answer=RECORD_FILES,
        media_types=("text/csv",),
    ),
)
