"""Shows the journal: as a list, as findings, and live."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice

from aiohttp import hdrs, web

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import APPLICATION, CALL_ID, ControlEndpoint
from sinch_simulator.core.rest.control_shapes import DIAGNOSTIC, ENTRY, listed, words
from sinch_simulator.core.rest.journal_views import diagnostic_view, entry_view
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.server.control.serving import Conversation, ServerHandler, ServerRequest
from sinch_simulator.server.live_view import live_view
from sinch_simulator.server.worlds import World

_HEARTBEAT_S = 15.0

Wanted = Callable[[Entry], bool]


async def get_journal(request: ServerRequest) -> Answer:
    """Lists everything that happened, in order."""
    world, wanted = select_lines(request, request.query())
    entries = [entry_view(world.simulation, entry) for entry in world.simulation.journal.entries if wanted(entry)]
    return json_answer({"entries": entries})


async def get_diagnostics(request: ServerRequest) -> Answer:
    """Lists the findings about callbacks, requests and calls, in order."""
    query = request.query()
    severity = query["severity"]
    world, wanted = select_lines(request, query)
    newest = (
        entry
        for entry in reversed(world.simulation.journal.entries)
        if entry.kind == "diagnostic" and wanted(entry) and _is_of(entry, severity)
    )
    found = [diagnostic_view(world.simulation, entry) for entry in islice(newest, query["limit"])]
    return json_answer({"diagnostics": found[::-1]})


async def get_events(request: ServerRequest) -> Conversation:
    """Streams the lines of the journal as they are written, as server-sent events; comments keep the stream open.

    ``since``, or the header Last-Event-ID, is the id of the last event that was seen: what was written after it comes
    first, and all that there is when it is of another simulator.
    """
    query = request.query()
    world, wanted = select_lines(request, query)
    return partial(_converse, world, wanted, query["since"])


async def _converse(
    world: World, wanted: Wanted, since: str | None, http: web.BaseRequest
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8", hdrs.CACHE_CONTROL: "no-store"}
    )
    queue = world.follow()
    seen = _seen(world, since or http.headers.get("Last-Event-ID"))
    try:
        await response.prepare(http)
        await response.write(b": connected\nid: %s\n\n" % _id(world, seen))
        seen = await _catch_up(world, wanted, seen, response)
        await _stream(world, lambda entry: entry.seq > seen and wanted(entry), queue, response)
        await response.write_eof()
    except ConnectionError:
        response.force_close()
    finally:
        world.unfollow(queue)
    return response


async def _stream(
    world: World, wanted: Wanted, queue: "asyncio.Queue[Entry | None]", response: web.StreamResponse
) -> None:
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT_S):
                entry = await queue.get()
        except TimeoutError:
            await response.write(b": still there\n\n")
            continue
        if entry is None:
            return
        if wanted(entry):
            await response.write(_event(world, entry))


def _seen(world: World, since: str | None) -> int:
    """The number of the last line that was seen: of an event of this world, none of another one's; else the last."""
    if since is None:
        entries = world.simulation.journal.entries
        return entries[-1].seq if entries else 0
    run, _, number = since.partition("-")
    return int(number) if run == world.run and number.isdecimal() else 0


async def _catch_up(world: World, wanted: Wanted, seen: int, response: web.StreamResponse) -> int:
    """Writes what came after a line; returns the number of the last line that was looked at."""
    missed = [entry for entry in world.simulation.journal.entries if entry.seq > seen]
    for entry in missed:
        if wanted(entry):
            await response.write(_event(world, entry))
    return missed[-1].seq if missed else seen


def _event(world: World, entry: Entry) -> bytes:
    """A line as a server-sent event, with an id that no other simulator gives."""
    return b"id: %s\ndata: %s\n\n" % (_id(world, entry.seq), encode(live_view(world, entry)))


def _id(world: World, seq: int) -> bytes:
    return f"{world.run}-{seq}".encode()


def select_lines(request: ServerRequest, query: Values) -> tuple[World, Wanted]:
    """Tells which world is asked for, and which of its lines: those about nothing belong to everybody there."""
    application = request.application(query)
    ids = {name: text for name in _SUBJECTS if (text := query.text_or_none(name)) is not None}
    session_id = query.text_or_none("sessionId")
    world = request.worlds.present(application)
    if application is None:
        world = _holding(request, ids, session_id) or world

    def wanted(entry: Entry) -> bool:
        if ids or session_id is not None:
            of_session = session_id is None or _session_of(world, entry) == session_id
            return of_session and all(entry.subject == text for text in ids.values())
        return application is None or _concerns(world, application, entry)

    return world, wanted


def _holding(request: ServerRequest, ids: dict[str, str], session_id: str | None) -> World | None:
    """Returns the world in which what is looked for happens; None when that is nowhere, or nothing is looked for."""
    for subject in ids.values():
        return request.worlds.holding(subject)
    if session_id is None:
        return None
    return next((world for world in request.worlds if _has_session(world, session_id)), None)


def _has_session(world: World, session_id: str) -> bool:
    return any(_session_of(world, entry) == session_id for entry in world.simulation.journal.entries)


def _session_of(world: World, entry: Entry) -> str | None:
    about = None if entry.subject is None else world.simulation.about(entry.subject)
    return None if about is None else about.session_id


def _concerns(world: World, application: Application, entry: Entry) -> bool:
    if entry.subject is not None:
        return world.simulation.owner(entry.subject) == application.key
    return bool(entry.fields.get("applicationKey", application.key) == application.key)


def _is_of(entry: Entry, severity: str | None) -> bool:
    return severity is None or bool(entry.fields["severity"] == severity)


_SUBJECTS = ("callId", "verificationId")
"""The parameters that name what a line is written about."""
ABOUT = (
    CALL_ID,
    BoundedText("sessionId", "only what is about calls of this session"),
    BoundedText("verificationId", "only what is about this verification"),
)
SINCE = BoundedText("since", "the id of the last event that was seen: what came after it comes first")

ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/journal",
        get_journal,
        "Lists everything that has happened.",
        (APPLICATION, *ABOUT),
        answer=listed("entries", ENTRY),
    ),
    ControlEndpoint(
        "GET",
        "/diagnostics",
        get_diagnostics,
        "Lists the findings about callbacks, requests and calls.",
        (
            APPLICATION,
            *ABOUT,
            Choice("severity", "only findings that are so bad", choices=words(Severity)),
            Integer("limit", "how many, the newest ones; all when absent", minimum=1),
        ),
        query_example="severity=error",
        answer=listed("diagnostics", DIAGNOSTIC),
    ),
    ControlEndpoint(
        "GET",
        "/events",
        get_events,
        "Streams the journal, live, as server-sent events.",
        (APPLICATION, *ABOUT, SINCE),
        media_types=("text/event-stream",),
    ),
)
