"""Lets a request into the control API and answers it; a refusal is always ``{"error": {...}}``."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from sinch_simulator.core.rest.answer import Answer, Pending, Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler, ControlRequest
from sinch_simulator.core.rest.routing import Found, Router
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.values import define
from sinch_simulator.server.control.patience import patiently
from sinch_simulator.server.descriptors import OutOfDescriptors, as_ours
from sinch_simulator.server.http_messages import BodyBroken, BodyTooLarge, read_body, split_target, write
from sinch_simulator.server.runner import WorldFailed
from sinch_simulator.server.waiting import WaitedInVain
from sinch_simulator.server.worlds import Worlds

LARGEST_BODY = 16_777_216

_ACCEPTED = Answer(202, b"")

_log = logging.getLogger("sinch_simulator")

ServerRequest = ControlRequest[Worlds]
"""A request to an endpoint of the server's own, which can do more than those of a product: wait, and run the worlds."""
Conversation = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
"""Answers a request by itself, at length, as a stream does."""
ServerHandler = Callable[[ServerRequest], Awaitable[Answer | Conversation]]
AnyHandler = ControlHandler | ServerHandler
AnyEndpoint = ControlEndpoint[ControlHandler] | ControlEndpoint[ServerHandler]


async def answer_of(handler: AnyHandler, request: ServerRequest, *, settle: bool = True) -> Answer | Conversation:
    """Lets a handler answer; what waits for a world waits here. Raises ``ControlError`` for what is refused.

    Without ``settle`` nobody waits for the world to settle: the answer to what changes something has no body then.
    """
    answer = handler(request)
    if isinstance(answer, Answer):
        return answer
    if isinstance(answer, Settled):
        if not settle:
            request.worlds.world_of(answer.world).runner.wake()
            return _ACCEPTED
        await request.worlds.world_of(answer.world).runner.settled()
        return answer.answer()
    if isinstance(answer, Pending):
        runner = request.worlds.world_of(answer.world).runner
        runner.hold()
        try:
            return await runner.completed(answer)
        finally:
            runner.let_go()
    return await answer


@define(eq=False)
class Control:
    """Our own side of the port."""

    _worlds: Worlds
    _router: Router[AnyEndpoint]

    @classmethod
    def of(cls, worlds: Worlds, endpoints: Iterable[AnyEndpoint]) -> "Control":
        """Makes the control API of these worlds."""
        router: Router[AnyEndpoint] = Router()
        for endpoint in endpoints:
            router.add(endpoint.method, endpoint.pattern, endpoint)
        return cls(worlds, router)

    async def serve(self, http: web.BaseRequest, path: str) -> web.StreamResponse:
        """Answers one request; ``path`` is what follows the prefix."""
        try:
            found = self._find(http.method, path)
            answer = await self._ask(found, split_target(http.raw_path)[1], await _read(http))
            if not isinstance(answer, Answer):
                return await answer(http)
        except ConnectionError:
            raise
        except Exception as error:
            answer = _refusal(error, http.method, path)
        return await write(http, answer)

    async def answer(self, method: str, path: str, query: str, body: bytes, *, settle: bool = True) -> Answer:
        """Answers a request that is made in this process, whoever makes it; ``path`` is what follows the prefix.

        ``settle`` is as in ``answer_of``.
        """
        try:
            answer = await self._ask(self._find(method, path), query, body, settle=settle)
            if not isinstance(answer, Answer):
                message = "a stream is sent over a connection, and there is none"
                raise ControlError(400, "needs_connection", message, "GET /_simulator/journal gives the lines so far")
        except ConnectionError:
            raise
        except Exception as error:
            answer = _refusal(error, method, path)
        return answer

    async def _ask(
        self, found: Found[AnyEndpoint], query: str, body: bytes, *, settle: bool = True
    ) -> Answer | Conversation:
        endpoint = found.target
        request = ControlRequest(self._worlds, endpoint, found.parameters, query, body)
        work = answer_of(endpoint.handler, request, settle=settle)
        if endpoint.method == "GET":
            return await work
        answer = await patiently(self._worlds, work)
        self._worlds.tell_watchers()
        return answer

    def _find(self, method: str, path: str) -> Found[AnyEndpoint]:
        found = self._router.find(method, path)
        if isinstance(found, Found):
            return found
        if found is None:
            hint = "GET /_simulator lists what it has"
            raise ControlError(404, "unknown_path", f"/_simulator has no {shown(path)}", hint)
        right = " or ".join(found.allowed)
        raise ControlError(405, "method_not_allowed", f"{shown(path)} does not take {method}", f"use {right}")


def _refusal(error: Exception, method: str, path: str) -> Answer:
    """Answers for what was raised, and is being handled."""
    if isinstance(error, ControlError):
        return json_answer(error.document(), error.status)
    error = as_ours(error)
    if isinstance(error, WorldFailed | WaitedInVain | OutOfDescriptors):
        return json_answer(ControlError(500, "internal", str(error)).document(), 500)
    # A mistake of ours: the caller gets one line, the terminal gets the details.
    _log.exception("A mistake in the simulator, at %s %s", method, path)
    return json_answer(ControlError(500, "internal", f"the simulator failed: {error!r}").document(), 500)


async def _read(http: web.BaseRequest) -> bytes:
    if not http.body_exists:
        return b""
    try:
        return await read_body(http, LARGEST_BODY)
    except BodyTooLarge:
        raise ControlError(413, "too_large", f"the body has more than {LARGEST_BODY} bytes") from None
    except BodyBroken as error:
        raise ControlError(400, "invalid_body", f"the body cannot be read: {shown(str(error))}") from None
