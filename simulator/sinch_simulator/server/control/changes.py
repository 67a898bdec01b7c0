"""Tells live what has changed: subjects in brief, counts, the clock, and of some subjects each line of the journal."""

from functools import partial

from aiohttp import hdrs, web

from sinch_simulator.core.application import Application
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.rest.control_error import ControlError, invalid
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint
from sinch_simulator.core.rest.journal_views import Json
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.values import define
from sinch_simulator.server.changes import Position
from sinch_simulator.server.control.clock import clock_view
from sinch_simulator.server.control.serving import Conversation, ServerHandler, ServerRequest
from sinch_simulator.server.control.views import application_view
from sinch_simulator.server.live_view import live_view
from sinch_simulator.server.worlds import World, Worlds

_HEARTBEAT_S = 10.0
_MOST_FOLLOWED = 20


async def get_changes(request: ServerRequest) -> Conversation:
    """Sends messages as server-sent events: at once where things stand, then whenever something has changed."""
    query = request.query()
    application = request.application(query) or _default_application(request)
    seen = query.text_or_none("since")
    watcher = _Watcher(
        request.worlds,
        request.worlds.present(application),
        application,
        _followed(query["lines"]),
        None if seen is None else Position.read(seen),
    )
    return partial(_converse, request.worlds, watcher)


async def _converse(worlds: Worlds, watcher: "_Watcher", http: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8", hdrs.CACHE_CONTROL: "no-store"}
    )
    changes = watcher.world.changes
    try:
        await response.prepare(http)
        while not changes.closed and worlds.application(watcher.application.key) is watcher.application:
            stamp = changes.stamp
            message = watcher.message()
            if message is not None:
                await response.write(message)
            if watcher.seen is not None and watcher.seen.seq == changes.until:
                await changes.wait(stamp, _HEARTBEAT_S)
            await changes.pause()
        await response.write_eof()
    except ConnectionError:
        response.force_close()
    return response


@define(eq=False)
class _Watcher:
    """Somebody who watches an application, and what they have seen."""

    _worlds: Worlds
    world: World
    application: Application
    _followed: tuple[str, ...]
    seen: Position | None

    def message(self) -> bytes | None:
        """Writes what is new as a server-sent event; None when it is too soon to gather that."""
        world, changes = self.world, self.world.changes
        world.runner.catch_up()
        fresh = self.seen is None or self.seen.run != changes.run or self.seen.seq > changes.until
        since = changes.until if fresh or self.seen is None else self.seen.seq
        batch = changes.batch(self.application, since)
        if batch is None:
            return None
        self.seen = Position(changes.run, batch.until)
        tally = changes.tally(self.application)
        about = {
            "position": str(self.seen),
            "fresh": fresh,
            "missed": batch.missed,
            "application": application_view(world, self.application),
            "clock": clock_view(world),
            "counts": {
                "applications": len(self._worlds.applications),
                "errors": tally.errors,
                "warnings": tally.warnings,
                "callbacks": tally.callbacks,
                "messages": world.simulation.messages.count_of(self.application.key),
                "begun": dict(tally.begun),
                "phones": len(world.simulation.phonebook.scripted()),
                "faults": len(world.faults.of(None)),
            },
            "lines": self._lines(since, batch.until),
        }
        data = b'%b,"changed":%b}' % (encode(about)[:-1], batch.changed)
        return b"id: %b\ndata: %b\n\n" % (str(self.seen).encode(), data)

    def _lines(self, since: int, until: int) -> list[Json]:
        journal = self.world.simulation.journal
        entries = [entry for subject in self._followed for entry in journal.of_after(subject, since)]
        entries.sort(key=lambda entry: entry.seq)
        return [{**live_view(self.world, each), "subject": each.subject} for each in entries if each.seq <= until]


def _default_application(request: ServerRequest) -> Application:
    applications = request.worlds.default.applications
    if not applications:
        raise ControlError(404, "not_found", "the default world has no application", "name one: ?application=KEY")
    return applications[0]


def _followed(lines: str | None) -> tuple[str, ...]:
    names = [name for name in (lines or "").split(",") if name]
    if len(names) > _MOST_FOLLOWED:
        raise invalid("lines", f"{len(names)} ids", f"at most {_MOST_FOLLOWED}")
    return tuple(dict.fromkeys(names))


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/changes",
        get_changes,
        "Streams what has changed, a few times a second, as server-sent events.",
        (
            APPLICATION,
            BoundedText("lines", "ids, with commas between them, of what is told line by line as well"),
            BoundedText("since", "the id of the last message that was seen: what has changed after it comes first"),
        ),
        media_types=("text/event-stream",),
    ),
)
