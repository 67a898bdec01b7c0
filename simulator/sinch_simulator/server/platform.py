"""A request to the platform's own REST API: who sends it, where it leads, and the answer in the platform's words.

Handlers are plain functions from a request to an answer; whatever they refuse is an ``ApiError``. The answer is out
before any callback that the request has caused.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from aiohttp import hdrs, web
from attrs import define, frozen

from sinch_simulator.exchange.application import Application
from sinch_simulator.exchange.diagnostics import Diagnostic, Severity
from sinch_simulator.exchange.errors import ApiError, ErrorCode
from sinch_simulator.exchange.svaml_json import NotJsonError, parse_json
from sinch_simulator.server.auth import Refused, SignedRequest, authenticate
from sinch_simulator.server.claims import claimed_key
from sinch_simulator.server.http import Answer, BodyBroken, BodyTooLarge, json_answer, read_body, split_target, write
from sinch_simulator.server.routing import Endpoint, Found, Router, WrongMethod
from sinch_simulator.server.runner import WorldFailed
from sinch_simulator.server.worlds import World, Worlds

LARGEST_BODY = 262_144
"""Bytes (rest.md 11; *assumed*)."""
HINT_HEADER = "X-Sinch-Simulator-Hint"
DEFAULT_REGION = "euc1"

_REGION = re.compile(r"calling-([a-z0-9]+)\.", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9._~:\[\]-]+")
_PREFIXES = ("/calling/v1/", "/v1/")

_log = logging.getLogger("sinch_simulator")


@frozen
class PlatformRequest:
    """An authenticated request. ``base_url`` is this server as the caller knows it, region included."""

    application: Application
    world: World
    method: str
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    region: str

    @property
    def name(self) -> str:
        """``POST /calling/v1/callouts``, as diagnostics call it."""
        return f"{self.method} {self.path}"

    def json(self) -> object:
        """The body as JSON, whatever its content type says; 400/40003 when it is none."""
        try:
            return parse_json(self.body)
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
        """Every pattern of the table is served below ``/calling/v1`` and below ``/v1`` (rest.md 1.2)."""
        return cls(worlds, Router.of(endpoints, ignore_case=True))

    async def serve(self, http: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path, query = split_target(http.raw_path)
        try:
            found = self._find(http.method, path)
            body = await self._read(http)
        except ApiError as error:
            return await write(http, error_answer(error, str(uuid.uuid4())))
        try:
            application = self._authenticate(http, path, query, body)
        except Refused as refusal:
            self._tell_of_refusal(refusal, http, path)
            return await write(http, error_answer(refusal, str(uuid.uuid4())))
        world = self._worlds.home_of(application)
        base_url, region = self._where(http)
        request = PlatformRequest(
            application, world, http.method, path, found.parameters, http.headers, body, base_url, region
        )
        with world.runner.held():
            return await write(http, _answer(found.endpoint, request))

    def _find(self, method: str, path: str) -> Found[PlatformHandler]:
        lowered = path[:12].lower()
        prefix = next((prefix for prefix in _PREFIXES if lowered.startswith(prefix)), None)
        found = None if prefix is None else self._router.find(method, path[len(prefix) - 1 :])
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

    def _authenticate(self, http: web.BaseRequest, path: str, query: str, body: bytes) -> Application:
        headers = http.headers

        def values(name: str) -> Sequence[str]:
            return headers.getall(name, ())

        signed = SignedRequest(http.method, path, query, values, body)
        return authenticate(signed, self._worlds.applications, time.time())

    def _tell_of_refusal(self, refusal: Refused, http: web.BaseRequest, path: str) -> None:
        """In the world of the application that the request claims to be of, else in the default one."""
        key = claimed_key(http.headers.get(hdrs.AUTHORIZATION, ""))
        application = None if key is None else self._worlds.application(key)
        about = {"request": f"{http.method} {_shown(path)}"}
        world = self._worlds.default
        if application is not None:
            world = self._worlds.home_of(application)
            about["applicationKey"] = application.key
        for finding in refusal.diagnostics:
            world.simulation.diagnose(None, finding, **about)

    def _where(self, http: web.BaseRequest) -> tuple[str, str]:
        host = http.headers.get(hdrs.HOST, "")
        if not _HOST.fullmatch(host):
            return self._worlds.base_url, DEFAULT_REGION
        region = _REGION.match(host)
        return f"http://{host}", region[1].lower() if region else DEFAULT_REGION


def _answer(endpoint: PlatformEndpoint, request: PlatformRequest) -> Answer:
    if endpoint.remark is not None:
        request.diagnose([endpoint.remark])
    try:
        request.world.runner.raise_failure()
        return endpoint.handler(request)
    except ApiError as error:
        request.diagnose([Diagnostic(error.code.name, Severity.ERROR, "", error.message, error.hint)])
        return error_answer(error, str(uuid.uuid4()))
    except WorldFailed as failure:
        return error_answer(ApiError(ErrorCode.INTERNAL, "Internal error", hint=str(failure)), str(uuid.uuid4()))
    except Exception:
        # A mistake of ours: the caller gets the platform's words for it, the terminal gets the details.
        _log.exception("A mistake in the simulator, at %s", request.name)
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
