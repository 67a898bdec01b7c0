"""Lists the call detail records of verifications as files, and gives one once its day is over."""

import re
from collections import Counter

from sinch_simulator.core.rest.answer import CONTENT_TYPE, Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import answer, listed
from sinch_simulator.core.schema.fields import BoundedText, Integer, Text
from sinch_simulator.products.verification.call_detail_records import day_at, day_of, record_file
from sinch_simulator.products.verification.machine import verifications_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FILES = listed(
    "files",
    answer("a file of verification records", Text("day", "the UTC day"), Integer("records", "how many lines it has")),
)


def get_records(request: ProductRequest) -> Answer:
    """Gives the file of a day, or lists which files there are."""
    query = request.query()
    application = request.application(query)
    day = query.text_or_none("day")
    world = request.worlds.simulation_of(application)
    found = [each for each in verifications_of(world).verifications.values() if application in (None, each.application)]
    today = day_at(world.epoch_ms + world.now)
    if day is None:
        counts = Counter(ended for each in found if (ended := day_of(each, world.epoch_ms)) is not None)
        return json_answer(
            {"files": [{"day": each, "records": counts[each]} for each in sorted(counts) if each < today]}
        )
    if day >= today:
        hint = "a day's file appears when the simulated day is over: POST /_simulator/clock/advance"
        raise ControlError(404, "not_yet", f"day: {day} is not over", hint)
    name = f"attachment; filename={day}-verification.csv"
    headers = {CONTENT_TYPE: "text/csv; charset=utf-8", "Content-Disposition": name}
    return Answer(200, record_file(found, day, world.epoch_ms).encode(), headers)


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/verifications/cdr",
        get_records,
        "Lists the files of verification records, or gives one of them as CSV.",
        (
            APPLICATION,
            BoundedText("day", "the UTC day of the file", pattern=_DAY, right="a UTC day such as 2025-01-15"),
        ),
        query_example="day=2025-01-15",
        answer=_FILES,
        media_types=("text/csv",),
    ),
)
