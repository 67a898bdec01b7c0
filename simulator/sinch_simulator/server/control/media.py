"""Hands on the file of a prompt that was played, so that a page can play it: the page itself asks nobody else.

Only files of this machine and of hosts that the user allows are fetched, and only those that the call has played.
"""

from http import HTTPStatus

import aiohttp

from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.control_error import ControlError, not_found
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.outbound import HostRefused
from sinch_simulator.server.unreachable import why_unreachable

LARGEST_FILE = 10_000_000
_WHAT_IT_PLAYS = ("audio/", "application/octet-stream", "video/mp4")


async def get_media(request: ServerRequest) -> Answer:
    """Fetches the file. What is no sound is refused: it would be served as if it were the simulator's own."""
    call_id, url = request.parameters["callId"], request.query().text("url")
    world = request.worlds.holding(call_id)
    if world is None:
        raise not_found("call", call_id, "GET /_simulator/calls lists those that are kept (--keep-calls)")
    lines = (line.fields for line in world.simulation.journal.of(call_id) if line.kind == "prompt.started")
    if all(fields["text"] != url for fields in lines):
        message = f"url: the call has not played {url[:200]}"
        raise ControlError(404, "not_found", message, "its timeline lists the prompts")
    try:
        reply = await request.worlds.sender.fetch(url, LARGEST_FILE)
    except HostRefused as refusal:
        raise ControlError(409, "not_here", f"url: {url[:200]} is not fetched: {refusal}", refusal.hint) from None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise _no_sound(url, why_unreachable(error, url)) from None
    media_type = {name.lower(): value for name, value in reply.headers.items()}.get("content-type", "")
    if reply.status != HTTPStatus.OK or reply.cut:
        raise _no_sound(url, f"HTTP status {reply.status}" if not reply.cut else "it is too large")
    if not media_type.startswith(_WHAT_IT_PLAYS):
        raise _no_sound(url, f"it is {media_type[:100] or 'of no type'}, and no sound")
    headers = {"Content-Type": media_type, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Answer(200, reply.body, {**headers, "Content-Security-Policy": "default-src 'none'; sandbox"})


def _no_sound(url: str, why: str) -> ControlError:
    hint = "the platform could not play it either"
    return ControlError(409, "no_sound", f"{url[:200]} cannot be played: {why}", hint)


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/calls/{callId}/media",
        get_media,
        "Hands on a file of this machine that the call has played as a prompt.",
        (BoundedText("url", "the URL of the file, as the prompt has it", required=True),),
        query_example="url=http://127.0.0.1:8080/welcome.wav",
        media_types=("audio/*",),
    ),
)
