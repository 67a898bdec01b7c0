"""Gives a REST request that meets a fault what it gets instead of an answer."""

import asyncio
from http import HTTPStatus

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.server.faults.rules import FaultKind, FaultRules, FaultSide, Occasion, Trouble
from sinch_simulator.server.refusals import refusal_of

HELD_S = 600.0
"""Real seconds for which a request that is never answered is kept open."""

# What the platform says with its own codes (docs/platform/rest.md#2); any other status is its hundredfold and its usual
# name.
_TEXTS: dict[int, tuple[ErrorCode | int, str]] = {
    400: (ErrorCode.INVALID_REQUEST, "Invalid request"),
    401: (ErrorCode.INVALID_CREDENTIALS, "Invalid credentials"),
    402: (ErrorCode.NO_CREDIT, "Not enough credit"),
    403: (ErrorCode.FORBIDDEN_DESTINATION, "Destination is forbidden"),
    404: (ErrorCode.NOT_FOUND, "Not Found"),
    405: (ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed"),
    413: (ErrorCode.TOO_LARGE, "Request Entity Too Large"),
    415: (ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"),
    429: (ErrorCode.TOO_MANY_REQUESTS, "Too Many Requests"),
    500: (ErrorCode.INTERNAL, "Internal error"),
    501: (ErrorCode.NOT_SUPPORTED, "Not Implemented"),
    503: (ErrorCode.TEMPORARILY_DOWN, "Temporary Down"),
}
_TEXTS_OF_CODES = {code: text for code, text in _TEXTS.values() if isinstance(code, ErrorCode)} | {
    ErrorCode.INVALID_PARAMETER: "Illegal parameters",
    ErrorCode.MISSING_PARAMETER: "Missing parameter",
    ErrorCode.INVALID_APPLICATION_KEY: "Bad request: Application key is invalid",
    ErrorCode.NO_PLUS: "Bad request: the number has no leading plus",
    ErrorCode.NO_AUTHORIZATION: "Authorization Header",
    ErrorCode.BAD_TIMESTAMP: "Timestamp Header",
    ErrorCode.INVALID_SIGNATURE: "Invalid Signature",
    ErrorCode.INVALID_SCHEME: "Invalid authorization scheme for calling the method",
}


class ConnectionCut(ConnectionError):
    """A fault ends the connection of a request, which gets no answer."""


async def suffer(rules: FaultRules, world: SimulatedWorld, occasion: Occasion, product: Product) -> Answer | None:
    """Lets a request meet the faults of its world; None when it is to be answered after all, late perhaps.

    Raises ``ConnectionCut`` where it gets no answer.
    """
    assert occasion.side is FaultSide.REST
    trouble = rules.meet(occasion)
    if not trouble.faults:
        return None
    _note(world, occasion, trouble)
    if trouble.delay_s:
        await asyncio.sleep(trouble.delay_s)
    fault = trouble.decisive
    if fault is None:
        return None
    if fault.kind is FaultKind.STATUS:
        return refusal_of(product, _error(int(fault.number)), occasion.path)
    if fault.kind is FaultKind.ERROR_CODE:
        return refusal_of(product, _error_of_code(int(fault.number)), occasion.path)
    if fault.kind is FaultKind.TIMEOUT:
        await asyncio.sleep(HELD_S)
    raise ConnectionCut(f"a fault cut the connection of {occasion.method} {occasion.path}")


def _note(world: SimulatedWorld, occasion: Occasion, trouble: Trouble) -> None:
    for fault in trouble.faults:
        about = {"request": f"{occasion.method} {occasion.path}", "applicationKey": occasion.application_key}
        line = {"faultId": fault.id, "do": fault.order, **about}
        world.journal.add(world.now, "fault.met", None, line)


def _error(status: int) -> ApiError:
    code, message = _TEXTS.get(status, (status * 100, _phrase(status)))
    return ApiError(code, message)


def _error_of_code(number: int) -> ApiError:
    code = next((known for known in ErrorCode if known.value == number), None)
    if code is None:
        return ApiError(number, _phrase(number // 100))
    return ApiError(code, _TEXTS_OF_CODES[code])


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
