"""Answers requests to the products' own REST APIs: which endpoint, who sends it, and the answer in the product's words.

Handlers are plain functions from a request to an answer; whatever they refuse is an ``ApiError``. The answer is out
before any callback that the request has caused.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from aiohttp import hdrs, web
from attrs import define, evolve, field
from multidict import CIMultiDict, CIMultiDictProxy

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode, SenderRefused
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import CONTENT_TYPE, Answer, Pending
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme, TokenScheme
from sinch_simulator.core.rest.routing import Found, Router, WrongMethod
from sinch_simulator.core.values import frozen
from sinch_simulator.server.descriptors import is_for_want_of_descriptors
from sinch_simulator.server.faults.requests import ConnectionCut, suffer
from sinch_simulator.server.faults.rules import FaultSide, Occasion
from sinch_simulator.server.hosts import Where, host_reader, remark_on_host
from sinch_simulator.server.http_messages import (
    BodyBroken,
    BodyTooLarge,
    MadeFile,
    read_body,
    shown_path,
    split_target,
    write,
)
from sinch_simulator.server.long_requests import cut, has_left, is_cut
from sinch_simulator.server.refusals import answer_to_a_mistake, findings_of, refusal_of
from sinch_simulator.server.runner import WorldFailed
from sinch_simulator.server.security.auth import (
    SignedRequest,
    authenticate,
    claimed_key,
    known_by_password,
    known_by_token,
)
from sinch_simulator.server.waiting import WaitedInVain
from sinch_simulator.server.worlds import World, Worlds

# Who sends a request to an endpoint for everybody without saying so.
_NOBODY = Application("", "")


Result = TypeVar("Result")


@frozen(eq=False)
class _Route:
    """An endpoint, and what is the same for every request to it."""

    product: Product
    endpoint: PlatformEndpoint
    schemes: tuple[Scheme | TokenScheme, ...]
    tokens: Mapping[str, TokenScheme]
    """The product's own schemes, by their names."""
    missing: Callable[[str], ApiError] | None
    """Refuses a request of none of its schemes, where they are all the product's own."""
    takes_passwords: bool
    where_is: Callable[[str], Where | None]


@define(eq=False)
class Platform:
    """The platform's side of the port: every product that this server offers."""

    _worlds: Worlds
    _products: tuple[Product, ...]
    _router: Router[_Route] = field(init=False, factory=Router)
    _unloaded: list[Product] = field(init=False)
    """Those whose endpoints nobody has asked for yet."""
    _beginnings: tuple[str, ...] = field(init=False)
    """What the paths of those begin with, in lower case."""

    def __attrs_post_init__(self) -> None:
        self._unloaded = list(self._products)
        self._beginnings = _beginnings(self._unloaded)

    async def serve(self, http: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        """Answers one request; ``path`` and ``query`` as they stood in the request line."""
        found = self._find(http.method, path)
        if not isinstance(found, Found):
            return await write(http, self._no_endpoint(found, http.method, path, http.headers))

        async def send(answer: Answer, file: MadeFile | None, waited: bool) -> web.StreamResponse:
            if waited and has_left(http):
                cut(http)
            response = await write(http, answer, None if file is None else file.make)
            if answer.if_lost is not None and is_cut(http):
                answer.if_lost()
            return response

        try:
            body = await _read(http, found.target.product.largest_body)
            return await self._reply(found, http.method, path, query, http.headers, body, send)
        except ApiError as error:
            return await write(http, refusal_of(found.target.product, error, path))
        except ConnectionCut:
            cut(http)
            return web.Response()
        except OSError as error:
            if not is_for_want_of_descriptors(error):
                raise
            return await write(http, answer_to_a_mistake(found.target.product, http.method, path))

    def refuse(self, path: str, message: str, hint: str) -> Answer:
        """Refuses a request below this path that may not come in, in the words of the product that it is for."""
        error = ApiError(ErrorCode.FORBIDDEN_DESTINATION, message, hint=hint)
        return refusal_of(self._product_below(path), error, path)

    async def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answers a request that is made in this process; raises ``ConnectionCut`` where a fault leaves it without.

        ``target`` is the path and the query, percent-encoded. The body of the answer is all there.
        """
        path, query = split_target(target)
        found = self._find(method, path)
        if not isinstance(found, Found):
            return self._no_endpoint(found, method, path, headers)
        try:
            if len(body) > found.target.product.largest_body:
                raise _too_large(found.target.product.largest_body)
            read = CIMultiDictProxy(CIMultiDict(headers))
            return await self._reply(found, method, path, query, read, body, _with_content)
        except ApiError as error:
            return refusal_of(found.target.product, error, path)

    async def _reply(
        self,
        found: Found[_Route],
        method: str,
        path: str,
        query: str,
        headers: CIMultiDictProxy[str],
        body: bytes,
        send: Callable[[Answer, MadeFile | None, bool], Awaitable[Result]],
    ) -> Result:
        """Answers a request that may take its time: what it causes goes out when ``send`` has sent the answer.

        ``send`` is told whether it had to wait. Raises ``ApiError`` for a refused sender, ``ConnectionCut`` by a fault.
        """
        route = found.target
        request, world, where = self._admit(found, method, path, query, headers, body)
        if world.faults:
            fault = await suffer(world.faults, request.world, _occasion(request, route.product.name), route.product)
            if fault is not None:
                return await send(fault, None, True)
            if self._is_deleted(request.application):
                raise ApiError(ErrorCode.INVALID_CREDENTIALS, "Invalid credentials", hint="It was just deleted.")
        world.runner.hold()
        try:
            answer = _answer(route, request, world, where)
            waited = bool(world.faults) or isinstance(answer, Pending)
            if isinstance(answer, Pending):
                answer = await _completed(answer, route, request, world)
            if answer.file is None:
                return await send(answer, None, waited)
            made = world.file_for(answer.file)
            request.diagnose(made.findings, answer.file.subject)
            headed = evolve(answer, headers={**answer.headers, CONTENT_TYPE: made.content_type})
            return await send(headed, made, waited)
        finally:
            world.runner.let_go()

    def serve_at_once(
        self, method: str, target: str, headers: CIMultiDictProxy[str], body: bytes, send: Callable[[Answer], bool]
    ) -> bool:
        """Answers one request that is all here. False, and nothing has happened, when the answer takes its time."""
        path, query = split_target(target)
        found = self._find(method, path)
        if not isinstance(found, Found):
            send(self._no_endpoint(found, method, path, headers))
            return True
        route = found.target
        if route.endpoint.at_length or len(body) > route.product.largest_body:
            return False
        try:
            request, world, where = self._admit(found, method, path, query, headers, body)
        except ApiError as error:
            send(refusal_of(route.product, error, path))
            return True
        except Exception:
            send(answer_to_a_mistake(route.product, method, path))
            return True
        if world.faults:
            return False
        world.runner.hold()
        try:
            answer = _answer(route, request, world, where)
            assert isinstance(answer, Answer), "an endpoint whose answer may wait answers at length"
            if not send(answer) and answer.if_lost is not None:
                answer.if_lost()
        finally:
            world.runner.let_go()
        return True

    def _find(self, method: str, path: str) -> Found[_Route] | WrongMethod[_Route] | None:
        """Returns where a request line leads; a product is loaded for the first that may be its own."""
        found = self._router.find(method, path)
        # A path without braces is nobody else's; one with braces may fit another product's better.
        if isinstance(found, Found) and not found.parameters:
            return found
        if not path.lower().startswith(self._beginnings):
            return found
        asked = [product for product in self._unloaded if _prefix_of(product, path) is not None]
        for product in asked:
            self._load(product)
            self._unloaded.remove(product)
        self._beginnings = _beginnings(self._unloaded)
        return self._router.find(method, path) if asked else found

    def _load(self, product: Product) -> None:
        where_is = host_reader(product)
        for endpoint in product.endpoints():
            schemes = product.schemes if endpoint.schemes is None else endpoint.schemes
            tokens = {each.name: each for each in schemes if isinstance(each, TokenScheme)}
            route = _Route(product, endpoint, schemes, tokens, _missing(schemes), Scheme.BASIC in schemes, where_is)
            for pattern in product.paths_of(endpoint):
                self._router.add(endpoint.method, pattern, route, ignore_case=product.ignore_case)

    def _no_endpoint(
        self, found: WrongMethod[_Route] | None, method: str, path: str, headers: Mapping[str, str]
    ) -> Answer:
        """Refuses, and tells of, a path that no product knows, or a method that it does not take there."""
        from sinch_simulator.server.unknown_paths import explain, wrong_method

        if found is not None:
            product: Product | None = found.target.product
            error = wrong_method(method, path, found.allowed)
        else:
            while self._unloaded:  # what was meant may be an endpoint of any of them
                self._load(self._unloaded.pop(0))
            product = self._product_below(path)
            endpoints = [(route.product, route.endpoint) for route in self._router.targets()]
            error = explain(path, headers.get(hdrs.USER_AGENT, ""), product, endpoints)
        self._tell_of_refusal(error, method, path, headers.get(hdrs.AUTHORIZATION, ""))
        return refusal_of(product, error, path)

    def _product_below(self, path: str) -> Product | None:
        """Returns the product whose prefix is the longest that a path begins with; of two alike, the first."""
        below = [(prefix, product) for product in self._products if (prefix := _prefix_of(product, path)) is not None]
        return max(below, key=lambda each: len(each[0]))[1] if below else None

    def _is_deleted(self, application: Application) -> bool:
        return application is not _NOBODY and self._worlds.application(application.key) is not application

    def _admit(
        self, found: Found[_Route], method: str, path: str, query: str, headers: CIMultiDictProxy[str], body: bytes
    ) -> tuple[PlatformRequest, World, Where]:
        """Returns the request of an application; raises ``ApiError``, and tells, when it cannot be who it says."""
        route = found.target
        authorization = headers.getall(hdrs.AUTHORIZATION, ())
        if route.endpoint.owner is not None:
            application: Application | None = route.endpoint.owner(found.parameters, self._worlds)
        else:
            application = known_by_password(authorization, self._worlds.applications) if route.takes_passwords else None
        if application is None and not authorization and Scheme.NOBODY in route.schemes:
            application, world = _NOBODY, self._worlds.default
        else:
            if application is None:
                signed = SignedRequest(method, path, query, partial(_values, headers), body)
                application = self._authenticate(signed, route, found.parameters)
            world = self._worlds.home_of(application)
        where = route.where_is(headers.get(hdrs.HOST, ""))
        if where is None:
            where = Where(self._worlds.base_url, route.product.default_region)
        request = PlatformRequest(
            application, world.simulation, method, path, found.parameters, headers, body, where.base_url, where.region,
            query, self._worlds,
        )  # fmt: skip
        return request, world, where

    def _authenticate(self, request: SignedRequest, route: _Route, parameters: Mapping[str, str]) -> Application:
        try:
            authorization = request.header_values(hdrs.AUTHORIZATION)
            known = known_by_token(authorization, route.tokens, parameters, self._worlds)
            if known is not None:
                return known
            if route.missing is not None:
                raise route.missing(", ".join(authorization))
            return authenticate(
                request, self._worlds.applications, time.time(), schemes=route.schemes, api_name=route.product.api_name
            )
        except ApiError as refusal:
            self._tell_of_refusal(refusal, request.method, request.raw_path, request.header(hdrs.AUTHORIZATION))
            raise

    def _tell_of_refusal(self, refusal: ApiError, method: str, path: str, authorization: str) -> None:
        """Writes findings in the world of the application that the request claims to be of, else in the default one."""
        application = refusal.claimed if isinstance(refusal, SenderRefused) else None
        if application is None and (key := claimed_key(authorization)) is not None:
            application = self._worlds.application(key)
        about = {"request": f"{method} {shown_path(path)}"}
        world = self._worlds.default
        if application is not None:
            world = self._worlds.home_of(application)
            about["applicationKey"] = application.key
        for finding in findings_of(refusal):
            world.simulation.diagnose(None, finding, **about)


async def _read(http: web.BaseRequest, largest: int) -> bytes:
    """Reads the body; refused when it has more bytes than ``largest``, or is broken."""
    if not http.body_exists:
        return b""
    try:
        return await read_body(http, largest)
    except BodyTooLarge:
        raise _too_large(largest) from None
    except BodyBroken as error:
        raise ApiError.invalid_request(f"the body cannot be read: {shown_path(str(error))}") from None


def _too_large(largest: int) -> ApiError:
    return ApiError(
        ErrorCode.TOO_LARGE, "Request Entity Too Large", hint=f"A body may have up to {largest} bytes."
    )


async def _with_content(answer: Answer, file: MadeFile | None, waited: bool) -> Answer:
    """Returns an answer whose body is the content of its file, where it has one."""
    return answer if file is None else evolve(answer, body=await asyncio.to_thread(_content, file), file=None)


def _content(made: MadeFile) -> bytes:
    with made.make() as file:
        return file.read()


def _beginnings(products: Iterable[Product]) -> tuple[str, ...]:
    return tuple(prefix.lower() for product in products for prefix in product.prefixes)


def _prefix_of(product: Product, path: str) -> str | None:
    """Returns the longest prefix of a product that a path is below; None when the path can't be one of its own."""
    path = path.lower() if product.ignore_case else path
    fitting = [prefix for prefix in product.prefixes if path == prefix or path.startswith(prefix + "/")]
    return max(fitting, key=len, default=None)


def _occasion(request: PlatformRequest, product: str) -> Occasion:
    path = request.path.rstrip("/") or "/"
    call_id = request.parameters.get("callId")
    return Occasion(FaultSide.REST, request.application.key, request.method, path, product, call_id=call_id)


def _values(headers: CIMultiDictProxy[str], name: str) -> Sequence[str]:
    return headers.getall(name, ())


def _answer(route: _Route, request: PlatformRequest, world: World, where: Where) -> Answer | Pending:
    """Lets the handler answer; what it refuses is answered in the product's words, and told as a finding."""
    if where.api:
        request.diagnose(remark_on_host(where, route.product, route.endpoint))
    if route.endpoint.remark is not None:
        request.diagnose([route.endpoint.remark])
    try:
        world.runner.raise_failure()
        return route.endpoint.handler(request)
    except Exception as error:
        return _refused(error, route, request)


async def _completed(pending: Pending, route: _Route, request: PlatformRequest, world: World) -> Answer:
    """Returns an answer that had to wait, or what is answered instead when it waited in vain."""
    try:
        return await world.runner.completed(pending, request.application.key)
    except Exception as error:
        return _refused(error, route, request)


def _refused(error: Exception, route: _Route, request: PlatformRequest) -> Answer:
    """Answers for what was raised by a handler, and is being handled."""
    if isinstance(error, ApiError):
        if not error.finding or isinstance(error, SenderRefused):
            request.diagnose(findings_of(error), route.product.subject_of(request))
        return refusal_of(route.product, error, request.path)
    if isinstance(error, WorldFailed | WaitedInVain):
        failed = ApiError(ErrorCode.INTERNAL, "Internal error", hint=str(error))
        return refusal_of(route.product, failed, request.path)
    return answer_to_a_mistake(route.product, request.method, request.path)


def _missing(schemes: Sequence[Scheme | TokenScheme]) -> Callable[[str], ApiError] | None:
    first = schemes[0] if schemes else None
    return first.missing if isinstance(first, TokenScheme) else None
