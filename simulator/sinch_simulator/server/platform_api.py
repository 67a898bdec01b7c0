"""A request to the platform's own REST API: who sends it, where it leads, and the answer in the platform's words.

Handlers are plain functions from a request to an answer; whatever they refuse is an ``ApiError``. The answer is out
before any callback that the request has caused.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import unquote

from aiohttp import hdrs, web
from attrs import define
from multidict import CIMultiDictProxy

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.rest.routing import Endpoint, Found, Router, WrongMethod
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.values import frozen
from sinch_simulator.server.faults.requests import suffer
from sinch_simulator.server.faults.rules import FaultSide, Occasion
from sinch_simulator.server.hosts import Where, remark_on_host, where_is
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
from sinch_simulator.server.security.auth import Refused, SignedRequest, authenticate, known_by_password
from sinch_simulator.server.security.claims import claimed_key
from sinch_simulator.server.worlds import World, Worlds

LARGEST_BODY = 262_144
"""Bytes (docs/platform/rest.md#11; *assumed*)."""
HINT_HEADER = "X-Sinch-Simulator-Hint"

# Who sends a request to a public endpoint without saying so.
_NOBODY = Application("", "")

_log = logging.getLogger("sinch_simulator")


@frozen
class PlatformRequest:
    """An authenticated request."""

    application: Application
    world: World
    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    where: Where
    query: str = ""
    """What stood after the question mark, as sent."""

    @property
    def base_url(self) -> str:
        """This server as the caller knows it, region included."""
        return self.where.base_url

    @property
    def region(self) -> str:
        """Where calls and rooms of this request live."""
        return self.where.region

    @property
    def name(self) -> str:
        """``POST /calling/v1/callouts``, as diagnostics call it."""
        return f"{self.method} {self.path}"

    @property
    def known_call(self) -> str | None:
        """The id of the call that the path names; None when this application has no such call."""
        call = self.world.simulation.exchange.calls.get(self.parameters.get("callId", ""))
        return call.id if call is not None and call.application is self.application else None

    def json(self) -> object:
        """The body as JSON, whatever its content type says; 400/40003 when it is none."""
        try:
            return decode(self.body)
        except NotJsonError as error:
            raise ApiError.invalid_request(f"the body is not JSON: {error}", hint=error.hint) from None

    def diagnose(self, findings: Iterable[Diagnostic], call_id: str | None = None) -> None:
        """Tell the developer about this request."""
        for finding in findings:
            self.world.simulation.diagnose(
                call_id, finding, request=self.name, applicationKey=self.application.key
            )


PlatformHandler = Callable[[PlatformRequest], Answer]
PlatformEndpoint = Endpoint[PlatformHandler]


@define(eq=False)
class Platform:
    """The platform's side of the port."""

    _worlds: Worlds
    _router: Router[PlatformHandler]

    @classmethod
    def of(cls, worlds: Worlds, endpoints: Iterable[PlatformEndpoint]) -> "Platform":
        """Every pattern of the table is served below ``/calling/v1`` and below ``/v1`` (docs/platform/rest.md#1.2)."""
        return cls(worlds, Router.of(endpoints, prefixes=("/calling/v1", "/v1"), ignore_case=True))

    async def serve(self, http: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        """Answer one request; ``path`` and ``query`` as they stood in the request line."""
        try:
            found = self._find(http.method, path)
            body = await self._read(http)
            request = self._admit(found, http.method, path, query, http.headers, body)
        except ApiError as error:
            return await write(http, error_answer(error, str(uuid.uuid4())))
        world = request.world
        if world.faults:
            response = await suffer(http, world, _occasion(request))
            if response is not None:
                return response
            if self._worlds.application(request.application.key) is not request.application:
                deleted = ApiError(ErrorCode.INVALID_CREDENTIALS, "Invalid credentials", hint="It was just deleted.")
                return await write(http, error_answer(deleted, str(uuid.uuid4())))
        world.runner.hold()
        try:
            answer = _answer(found.endpoint, request)
            response = await write(http, answer)
            if answer.if_lost is not None and _is_gone(http):
                answer.if_lost()
        finally:
            world.runner.let_go()
        return response

    def serve_at_once(
        self, method: str, target: str, headers: CIMultiDictProxy[str], body: bytes, send: Callable[[Answer], bool]
    ) -> bool:
        """Answer one request that is all here. False, and nothing has happened, when the answer takes its time."""
        path, query = split_target(target)
        try:
            found = self._find(method, path)
            if found.endpoint.at_length or len(body) > LARGEST_BODY:
                return False
            request = self._admit(found, method, path, query, headers, body)
        except ApiError as error:
            send(error_answer(error, str(uuid.uuid4())))
            return True
        except Exception:
            send(_answer_to_a_mistake(f"{method} {_shown(path)}"))
            return True
        world = request.world
        if world.faults:
            return False
        world.runner.hold()
        try:
            answer = _answer(found.endpoint, request)
            if not send(answer) and answer.if_lost is not None:
                answer.if_lost()
        finally:
            world.runner.let_go()
        return True

    def _find(self, method: str, path: str) -> Found[PlatformHandler]:
        found = self._router.find(method, path)
        if found is None:
            raise ApiError(ErrorCode.NOT_FOUND, "Not Found", hint=f"{_shown(path)} is no endpoint of the Voice API.")
        if isinstance(found, WrongMethod):
            right = " or ".join(sorted(found.allowed))
            raise ApiError(
                ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed", hint=f"{_shown(path)} takes {right}, not {method}."
            )
        return found

    async def _read(self, http: web.BaseRequest) -> bytes:
        if not http.body_exists:
            return b""
        try:
            return await read_body(http, LARGEST_BODY)
        except BodyTooLarge:
            hint = f"A body may have up to {LARGEST_BODY} bytes."
            raise ApiError(ErrorCode.TOO_LARGE, "Request Entity Too Large", hint=hint) from None
        except BodyBroken as error:
            raise ApiError.invalid_request(f"the body cannot be read: {_shown(str(error))}") from None

    def _admit(
        self,
        found: Found[PlatformHandler],
        method: str,
        path: str,
        query: str,
        headers: CIMultiDictProxy[str],
        body: bytes,
    ) -> PlatformRequest:
        """The request of an application; ``Refused``, and told, when it cannot be who it says."""
        authorization = headers.getall(hdrs.AUTHORIZATION, ())
        if found.endpoint.public and not authorization:
            application, world = _NOBODY, self._worlds.default
        else:
            application = known_by_password(authorization, self._worlds.applications) or self._authenticate(
                SignedRequest(method, path, query, partial(_values, headers), body)
            )
            world = self._worlds.home_of(application)
        where = where_is(headers.get(hdrs.HOST, "")) or Where(self._worlds.base_url)
        return PlatformRequest(application, world, method, path, found.parameters, headers, body, where, query)

    def _authenticate(self, request: SignedRequest) -> Application:
        try:
            return authenticate(request, self._worlds.applications, time.time())
        except Refused as refusal:
            self._tell_of_refusal(refusal, request)
            raise

    def _tell_of_refusal(self, refusal: Refused, request: SignedRequest) -> None:
        """In the world of the application that the request claims to be of, else in the default one."""
        key = claimed_key(request.header(hdrs.AUTHORIZATION))
        application = None if key is None else self._worlds.application(key)
        about = {"request": f"{request.method} {_shown(request.raw_path)}"}
        world = self._worlds.default
        if application is not None:
            world = self._worlds.home_of(application)
            about["applicationKey"] = application.key
        for finding in refusal.diagnostics:
            world.simulation.diagnose(None, finding, **about)


def _occasion(request: PlatformRequest) -> Occasion:
    path = request.path.rstrip("/") or "/"
    call_id = request.parameters.get("callId")
    return Occasion(FaultSide.REST, request.application.key, request.method, path, call_id=call_id)


def _values(headers: CIMultiDictProxy[str], name: str) -> Sequence[str]:
    return headers.getall(name, ())


def _is_gone(http: web.BaseRequest) -> bool:
    """Whether the client closed its connection before the answer was written."""
    return http.transport is None or http.transport.is_closing()


def _answer(endpoint: PlatformEndpoint, request: PlatformRequest) -> Answer:
    if request.where.product:
        request.diagnose(remark_on_host(request.where, endpoint.pattern))
    if endpoint.remark is not None:
        request.diagnose([endpoint.remark])
    try:
        request.world.runner.raise_failure()
        return endpoint.handler(request)
    except ApiError as error:
        refusal = Diagnostic(error.code.name, Severity.ERROR, error.path, error.message, error.hint)
        request.diagnose([refusal], request.known_call)
        return error_answer(error, str(uuid.uuid4()))
    except WorldFailed as failure:
        return error_answer(ApiError(ErrorCode.INTERNAL, "Internal error", hint=str(failure)), str(uuid.uuid4()))
    except Exception:
        return _answer_to_a_mistake(request.name)


def _answer_to_a_mistake(request: str) -> Answer:
    """A mistake of ours, being handled: the caller gets the platform's words for it, the terminal gets the details."""
    _log.exception("A mistake in the simulator, at %s", request)
    return error_answer(ApiError(ErrorCode.INTERNAL, "Internal error"), str(uuid.uuid4()))


def error_answer(error: ApiError, reference: str) -> Answer:
    """An error as the platform writes it; our own remark goes into a header."""
    body = {"errorCode": error.code.value, "message": error.message, "reference": reference}
    headers = {HINT_HEADER: _header_text(error.hint)} if error.hint else None
    return json_answer(body, error.code.status, headers)


def _header_text(text: str) -> str:
    line = "".join(each if each.isprintable() else " " for each in text)
    return line.encode("ascii", "backslashreplace").decode("ascii")[:1000]


def _shown(text: str) -> str:
    text = unquote(text, errors="backslashreplace")
    return text if len(text) <= 80 else text[:77] + "..."
