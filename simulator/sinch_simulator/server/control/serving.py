"""Lets a request into the control API and answers it; a refusal is always ``{"error": {...}}``."""

import logging
from collections.abc import Iterable

from aiohttp import web
from attrs import define

from sinch_simulator.core.rest.control_error import ControlError, shown
from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler, ControlRequest
from sinch_simulator.core.rest.routing import Found, Router, WrongMethod
from sinch_simulator.server.control.guard import let_in
from sinch_simulator.server.http_messages import (
    Answer,
    BodyBroken,
    BodyTooLarge,
    json_answer,
    read_body,
    split_target,
    write,
)
from sinch_simulator.server.runner import WorldFailed
from sinch_simulator.server.worlds import Worlds

LARGEST_BODY = 16_777_216

_log = logging.getLogger("sinch_simulator")


@define(eq=False)
class Control:
    """Our own side of the port."""

    _worlds: Worlds
    _router: Router[ControlHandler]

    @classmethod
    def of(cls, worlds: Worlds, endpoints: Iterable[ControlEndpoint]) -> "Control":
        """The control API of these worlds."""
        return cls(worlds, Router.of(endpoints))

    async def serve(self, http: web.BaseRequest, path: str) -> web.StreamResponse:
        """Answer one request; ``path`` is what follows the prefix."""
        try:
            let_in(http, self._worlds.config.host)
            found = self._find(http.method, path)
            body = await _read(http)
            request = ControlRequest(
                self._worlds, http, found.parameters, split_target(http.raw_path)[1], body
            )
            answer = await found.endpoint.handler(request)
        except ControlError as error:
            answer = json_answer(error.document(), error.status)
        except WorldFailed as failure:
            answer = json_answer(ControlError(500, "internal", str(failure)).document(), 500)
        except ConnectionError:
            raise
        except Exception as error:
            # A mistake of ours: the caller gets one line, the terminal gets the details.
            _log.exception("A mistake in the simulator, at %s %s", http.method, path)
            answer = json_answer(ControlError(500, "internal", f"the simulator failed: {error!r}").document(), 500)
        return await write(http, answer) if isinstance(answer, Answer) else answer

    def _find(self, method: str, path: str) -> Found[ControlHandler]:
        found = self._router.find(method, path)
        if found is None:
            raise ControlError(
                404, "unknown_path", f"/_simulator has no {shown(path)}", "GET /_simulator/health is one that it has"
            )
        if isinstance(found, WrongMethod):
            right = " or ".join(found.allowed)
            raise ControlError(405, "method_not_allowed", f"{shown(path)} does not take {method}", f"use {right}")
        return found


async def _read(http: web.BaseRequest) -> bytes:
    if not http.body_exists:
        return b""
    try:
        return await read_body(http, LARGEST_BODY)
    except BodyTooLarge:
        raise ControlError(413, "too_large", f"the body has more than {LARGEST_BODY} bytes") from None
    except BodyBroken as error:
        raise ControlError(400, "invalid_body", f"the body cannot be read: {shown(str(error))}") from None
