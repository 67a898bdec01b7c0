"""Follows the journal of a simulator over HTTP, as server-sent events."""

import json
from collections.abc import AsyncIterator, Mapping

import aiohttp
from attrs import frozen

from sinch_simulator.client.control import CONTROL, Answer, Reply, answer_of
from sinch_simulator.client.errors import Refused
from sinch_simulator.client.http import no_answer, token_headers

LONGEST_SILENCE_S = 45.0
"""Real seconds after which a stream that says nothing is taken for lost: a simulator says something every 15 s."""


@frozen
class Batch:
    """Lines of the journal that came together; ``position`` says where to go on after them, also once reconnected."""

    position: str
    entries: tuple[Answer, ...]


async def batches(
    url: str, query: Mapping[str, str], since: str | None, token: str | None = None
) -> AsyncIterator[Batch]:
    """Gives the lines of the journal as they come, until the simulator ends the stream.

    The first batch comes with the connection, and may be empty. ``query`` may hold ``application`` and ``callId``; with
    ``since``, a position, what was missed since then comes first. Raises ``Refused`` when the simulator refuses, cannot
    be reached, or is lost. ``token`` is the control token, for a simulator that asks for one.
    """
    asked = {**query, "since": since} if since is not None else dict(query)
    limit = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=LONGEST_SILENCE_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, headers=token_headers(token)) as session,
            session.get(f"{url}{CONTROL}/events", params=asked) as response,
        ):
            if response.status != 200:
                answer_of(Reply(response.status, await response.read()), f"GET {CONTROL}/events")
                raise Refused(f"GET {CONTROL}/events answered {response.status}", response.status)
            waiting = b""
            async for chunk in response.content.iter_any():
                *whole, waiting = (waiting + chunk).split(b"\n\n")
                found = [fields for block in whole if b"id" in (fields := _fields(block))]
                if found:
                    entries = (json.loads(fields[b"data"]) for fields in found if b"data" in fields)
                    yield Batch(found[-1][b"id"].decode(), tuple(entries))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(no_answer(url, error)) from None


def _fields(block: bytes) -> dict[bytes, bytes]:
    """The fields of one block of the stream; comments are left out."""
    lines = (line.partition(b": ") for line in block.split(b"\n") if not line.startswith(b":"))
    return {name: value for name, _, value in lines}
