"""What a request is answered with: a whole response, or one that waits for something first."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import field

from sinch_simulator.core.effects import Order
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.values import frozen

if TYPE_CHECKING:
    from sinch_simulator.core.rest.worlds import SimulatedWorld

CONTENT_TYPE = "Content-Type"
HINT_HEADER = "X-Sinch-Simulator-Hint"
"""Where an error of the platform says beside its body what would be right."""
JSON_TYPE = "application/json; charset=utf-8"
JSON_HEADERS: Mapping[str, str] = {CONTENT_TYPE: JSON_TYPE}
"""The headers of most answers: one object, so that the server recognises it."""


@frozen
class Answer:
    """A whole response. An empty body goes out with ``Content-Length: 0``.

    ``if_lost`` is done when the client has closed its connection before the answer was out.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=dict)
    if_lost: Callable[[], None] | None = None
    file: Order | None = None
    """The order for the file that is the body in place of ``body``. Whoever runs the world makes it, and says what type
    of content it is."""


@frozen
class Settled:
    """An answer to a control request that is made when the world is settled: see ``docs/ARCHITECTURE.md``, *Time*."""

    world: "SimulatedWorld"
    answer: Callable[[], Answer]


@frozen
class Pending:
    """An answer that waits for something to happen in a world.

    ``answer`` gives it, or None while it is too early. It is asked again after each thing that happens in ``world``,
    and the answer is out before any callback goes out that is caused later. After ``within_s`` real seconds, where
    they are given, the answer is what ``otherwise`` makes.
    """

    world: "SimulatedWorld"
    answer: Callable[[], Answer | None]
    within_s: float | None = None
    otherwise: Callable[[], Answer] | None = None


def json_answer(
    document: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    if_lost: Callable[[], None] | None = None,
) -> Answer:
    """Makes a response of a JSON document."""
    return Answer(status, encode(document), {**JSON_HEADERS, **headers} if headers else JSON_HEADERS, if_lost)


def json_text_answer(text: bytes, if_lost: Callable[[], None]) -> Answer:
    """Makes a response with status 200 of what is JSON already."""
    return Answer(200, text, JSON_HEADERS, if_lost)
