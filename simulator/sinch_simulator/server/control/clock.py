"""Shows, changes and advances the clock of a world."""

import re
from datetime import UTC, datetime, timedelta

from sinch_simulator.config import ClockMode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint
from sinch_simulator.core.rest.control_shapes import Moment, answer, texts, words
from sinch_simulator.core.rest.journal_views import Json, time_text
from sinch_simulator.core.schema.fields import BoundedText, Choice, Nested, Number, Seconds, Text
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.runner import LAST_UNIX_MS
from sinch_simulator.server.worlds import World

_BEYOND = "leads beyond the year 9999"
_FASTEST = 1_000_000.0
_SLOWEST = 0.001
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})")
_CHANGE = Shape(
    "a change of the clock",
    (
        Choice("mode", "who moves the time", choices=words(ClockMode)),
        Number("speed", "simulated seconds in a real one, of the realtime clock", minimum=_SLOWEST, maximum=_FASTEST),
        BoundedText("now", "a moment that is still to come: time passes up to it", right="an ISO 8601 time"),
    ),
)
_ADVANCE = Shape(
    "an advance",
    (
        Seconds(
            "seconds",
            "how much time passes; 0 settles what is due now",
            required=True,
            maximum=LAST_UNIX_MS // 1000,
            beyond=_BEYOND,
            right="a number from 0, 0 to settle, up to the end of the year 9999",
        ),
    ),
)
_NOW = answer("the present", Moment("now", "the time of the world"))
_NEXT = answer(
    "what happens next",
    Text("what", "a timer, as menu or prompt, or phone, text, callback, event"),
    Text("subject", "the id of what it is about, as of a call"),
)
_CLOCK = answer(
    "the clock",
    Choice("mode", "who moves the time", choices=words(ClockMode)),
    Moment("now", "the time of the world"),
    Number("speed", "simulated seconds in a real one"),
    texts("waitingFor", "why time stands still"),
    Moment("nextDue", "when something falls due next", nullable=True),
    Nested("next", "what that is", shape=_NEXT, nullable=True),
    title="Clock",
    meaning="The clock of a world.",
)
_START_OF_UNIX_TIME = datetime(1970, 1, 1, tzinfo=UTC)


async def get_clock(request: ServerRequest) -> Answer:
    """Tells the time, and why it stands still."""
    return json_answer(clock_view(request.worlds.present(request.application(request.query()))))


async def put_clock(request: ServerRequest) -> Answer:
    """Changes how time passes, and lets it pass up to ``now``."""
    world = request.worlds.present(request.application(request.query()))
    body = request.read_body()
    runner = world.runner
    mode = runner.mode if body["mode"] is None else ClockMode(body["mode"])
    speed = body["speed"]
    if speed not in (None, 1) and mode is not ClockMode.REALTIME:
        hint = "leave it out, or set the mode to realtime"
        raise ControlError(400, "invalid_value", f"speed: the {mode.value} clock has no speed", hint)
    now_ms = _read_now(body["now"], world)
    kept = runner.speed if mode is ClockMode.REALTIME else 1.0
    runner.set_clock(mode, kept if speed is None else speed)
    if now_ms is None:
        await runner.settled()
    else:
        await runner.advance(max(0, now_ms - world.simulation.now))
    return json_answer(clock_view(world))


async def advance(request: ServerRequest) -> Answer:
    """Lets time pass; whatever falls due happens, in order."""
    world = request.worlds.present(request.application(request.query()))
    ms = request.read_body()["seconds"]
    left_ms = world.runner.time_left_ms()
    if ms > left_ms:
        raise invalid("seconds", ms / 1000, f"at most {left_ms // 1000}: the year 9999 ends then")
    now_ms = await world.runner.advance(ms)
    return json_answer({"now": time_text(world.simulation, now_ms)})


def _read_now(text: str | None, world: World) -> int | None:
    """Reads a moment that is not over, as milliseconds since the start of the world."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise invalid("now", text, "an ISO 8601 time with zone, like 2025-01-15T10:30:00Z")
    unix_ms = (moment - _START_OF_UNIX_TIME) // timedelta(milliseconds=1)
    since_start_ms = unix_ms - world.simulation.epoch_ms
    if since_start_ms < world.simulation.now:
        present = time_text(world.simulation, world.simulation.now)
        expected = f"no earlier time than the present, {present}: time never goes back"
        raise invalid("now", text, expected)
    if since_start_ms - world.simulation.now > world.runner.time_left_ms():
        raise invalid("now", text, "a time before the end of the year 9999")
    return since_start_ms


def clock_view(world: World) -> Json:
    """Shows the clock of a world."""
    runner = world.runner
    due = world.simulation.next_due()
    happening = world.simulation.next_happening()
    return {
        "mode": runner.mode.value,
        "now": time_text(world.simulation, world.simulation.now),
        "speed": runner.speed,
        "waitingFor": runner.waiting_for(),
        "nextDue": None if due is None else time_text(world.simulation, due),
        "next": None if happening is None else {"what": happening[0], "subject": happening[1]},
    }


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET", "/clock", get_clock, "Tells the time, and why it stands still.", (APPLICATION,), answer=_CLOCK
    ),
    ControlEndpoint(
        "PUT",
        "/clock",
        put_clock,
        "Changes how time passes.",
        (APPLICATION,),
        body=_CHANGE,
        example={"mode": "auto"},
        answer=_CLOCK,
    ),
    ControlEndpoint(
        "POST",
        "/clock/advance",
        advance,
        "Lets simulated time pass.",
        (APPLICATION,),
        body=_ADVANCE,
        example={"seconds": 30},
        answer=_NOW,
    ),
)
