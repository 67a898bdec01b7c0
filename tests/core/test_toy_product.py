"""A test of the design: a product of a few lines is added to a server, and no product, no core, no server changes.

It has a prefix, Bearer tokens, errors in a form of its own, a timer, a callback that is sent again, an answer that
waits for an app, and its part of the control API.
"""

import asyncio
import select
import socket
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from aiohttp import web
from attrs import define, field

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, AppFailed, AppReplied, Reading, Response, Retry, SendCallback
from sinch_simulator.core.effects import SetTimer, TimerFired
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.product import Forgotten, HostName, Product, WorldData
from sinch_simulator.core.rest.answer import Answer, Pending, json_answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ProductRequest
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme, TokenScheme
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.fields import Integer, Number
from sinch_simulator.core.values import frozen
from sinch_simulator.server.products import PRODUCTS
from support.wired_world import Json, Reply, Wired, basic, tts_callout, wired

# ---- the product


@define
class Toy:
    id: str
    application: Application
    state: str = "winding"


@frozen
class Wound(Happened):
    journal_kind = "toy.wound"
    subject: str


@define
class ToyMachine:
    data: WorldData
    toys: dict[str, Toy] = field(factory=dict)

    @property
    def subjects(self) -> dict[str, Toy]:
        return self.toys

    def make(self, application: Application) -> Toy:
        return self.toys.setdefault(f"toy-{len(self.toys) + 1}", Toy(f"toy-{len(self.toys) + 1}", application))

    def receive(self, event: Any, now: int) -> list[Any]:
        toy = self.toys[event.subject]
        if isinstance(event, Wound):
            return [SetTimer(toy.id, "spring", 2000)]
        if isinstance(event, TimerFired):
            return [self.callback(toy, "toyRang", Retry((5000,)))]
        if isinstance(event, AppReplied) and toy.state == "winding":
            toy.state = "heard"
            return [self.callback(toy, "toyThanks", Retry())]
        if isinstance(event, AppFailed):
            toy.state = "unheard"
        return []

    def callback(self, toy: Toy, event: str, retry: Retry) -> SendCallback:
        url = toy.application.callback_url
        assert url is not None
        return SendCallback(
            f"{toy.id}-{event}", toy.id, TOYS.name, event, self.about(toy.id), self.owner(toy.id), url,
            fallback_url=None, body={"event": event, "toy": toy.id}, retry=retry,
        )  # fmt: skip

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        return Reading()

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        return {}

    def about(self, subject: str) -> About:
        return About(batch_id=subject)

    def owner(self, subject: str) -> str:
        return self.toys[subject].application.key

    def forget(self, application_key: str) -> Forgotten:
        return self.drop([toy.id for toy in self.toys.values() if toy.application.key == application_key])

    def drop(self, subjects: Collection[str]) -> Forgotten:
        dropped = frozenset(subjects) & self.toys.keys()
        self.toys = {toy.id: toy for toy in self.toys.values() if toy.id not in dropped}
        return Forgotten(frozenset(dropped))


def wind(request: PlatformRequest) -> Answer:
    words = request.json()
    toy = request.world.machine("toys").make(request.application)
    request.world.receive(Wound(toy.id))
    return json_answer({"toy": toy.id, "words": words}, 201)


def wind_and_wait(request: PlatformRequest) -> Pending:
    toy = request.world.machine("toys").make(request.application)
    request.world.receive(Wound(toy.id))
    return Pending(request.world, lambda: None if toy.state == "winding" else json_answer({"state": toy.state}))


def where(request: PlatformRequest) -> Answer:
    return json_answer({"region": request.region, "url": request.base_url, "key": request.application.key})


def get_toys(request: ProductRequest) -> Answer | Pending:
    query = request.query()
    world = request.worlds.simulation_of(request.application(query))
    count = query.integer("count")
    toys = world.machine("toys").toys

    def shown() -> Answer:
        return json_answer({"toys": [{"id": toy.id, "state": toy.state} for toy in toys.values()]})

    if count == 0:
        return shown()
    return Pending(world, lambda: shown() if len(toys) >= count else None, query["wait"], shown)


def owner_of_token(token: str, path: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    owner = worlds.application(token.removesuffix("-token"))
    if owner is None or not token.endswith("-token"):
        raise ApiError(ErrorCode.INVALID_CREDENTIALS, "no such token")
    return owner


TOYS = Product(
    name="toys",
    api_name="Toy API",
    machine=ToyMachine,
    prefixes=("/toys/v7",),
    schemes=(TokenScheme("bearer", owner_of_token),),
    hosts=(HostName("REGION.map.", r"(?P<region>[a-z]+)\.map\.", "map"), HostName("toys.", r"toys\.", "winding")),
    default_region="attic",
    write_error=lambda error, reference: json_answer({"oops": [error.status, error.message]}, error.status),
    endpoints=lambda: (
        PlatformEndpoint("POST", "/winds", wind, "winds a toy"),
        PlatformEndpoint("POST", "/winds/heard", wind_and_wait, "winds a toy, and waits for the app", at_length=True),
        PlatformEndpoint("GET", "/where", where, "where toys are", schemes=(Scheme.KEY_ONLY, Scheme.NOBODY), api="map"),
    ),
    control_endpoints=lambda: (
        ControlEndpoint(
            "GET",
            "/toys",
            get_toys,
            "Lists the toys.",
            (
                APPLICATION,
                Integer("count", "how many", minimum=0, maximum=9, default=0),
                Number("wait", "seconds", minimum=0, maximum=9),
            ),
        ),
    ),
    events={"toyRang": "the toy's ring", "toyThanks": "the toy's thanks"},
)
BEARER = {"Authorization": f"Bearer {DEFAULT_KEY}-token"}


# ---- the server that offers it


async def wound(sim: Wired) -> None:
    reply = await sim.request("POST", "/toys/v7/winds", {"turns": 3}, headers=BEARER)
    assert (reply.status, reply.json) == (201, {"toy": "toy-1", "words": {"turns": 3}})


async def test_a_toy_rings_again_until_the_app_has_heard_it() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:

        async def deaf_at_first(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=500 if sim.webhook.events == ["toyRang"] else 200)

        sim.webhook.responders["toyRang"] = deaf_at_first
        await wound(sim)
        await sim.advance(2)
        assert sim.webhook.events == ["toyRang"]
        assert (await sim.control("GET", "/toys"))["toys"] == [{"id": "toy-1", "state": "winding"}]
        await sim.advance(4.999)
        assert sim.webhook.events == ["toyRang"]
        await sim.advance(0.001)
        assert sim.webhook.events == ["toyRang", "toyRang", "toyThanks"]
        assert (await sim.control("GET", f"/toys?application={DEFAULT_KEY}"))["toys"][0]["state"] == "heard"
        shown = [(each["product"], each["event"], each["attempt"], each["outcome"]) for each in await sim.callbacks()]
        assert shown == [
            ("toys", "toyRang", 1, "bad-status"),
            ("toys", "toyRang", 2, "answered"),
            ("toys", "toyThanks", 1, "answered"),
        ]
        lines = [entry["kind"] for entry in (await sim.control("GET", "/journal"))["entries"]]
        assert lines[0] == "toy.wound"
        assert lines.count("callback.sent") == 3


@pytest.mark.parametrize(
    ("method", "path", "headers", "raw", "oops"),
    [
        ("POST", "/toys/v7/winds", {}, b"{}", 401),
        ("POST", "/toys/v7/winds", {"Authorization": "Bearer stolen"}, b"{}", 401),
        ("POST", "/toys/v7/winds", basic(DEFAULT_KEY, DEFAULT_SECRET), b"{}", 403),
        ("POST", "/toys/v7/winds", BEARER, b"{", 400),
        ("POST", "/toys/v7/winds", BEARER, b" " * 300_000, 413),
        ("GET", "/toys/v7/winds", BEARER, None, 405),
        ("GET", "/toys/v7/nothing", BEARER, None, 404),
    ],
)
async def test_what_is_refused_is_refused_in_the_words_of_the_product(
    method: str, path: str, headers: dict[str, str], raw: bytes | None, oops: int
) -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        reply = await sim.request(method, path, raw=raw, headers=headers)
        assert (reply.status, reply.json["oops"][0]) == (oops, oops)
        assert (await sim.control("GET", "/toys"))["toys"] == []


@pytest.mark.parametrize(
    ("headers", "shown", "codes"),
    [
        ({"Host": "cellar.map.localhost"}, {"region": "cellar", "url": "http://cellar.map.localhost", "key": ""}, []),
        ({"Host": "toys.localhost"}, {"region": "attic", "url": "http://toys.localhost", "key": ""}, ["WRONG_HOST"]),
        (
            {"Host": "x.localhost", "Authorization": f"Application {DEFAULT_KEY.upper()}"},
            {"region": "attic", "url": "http://x.localhost", "key": DEFAULT_KEY},
            [],
        ),
    ],
)
async def test_an_endpoint_may_take_other_credentials_and_have_hosts(
    headers: dict[str, str], shown: Json, codes: list[str]
) -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        reply = await sim.request("GET", "/toys/v7/where", headers=headers)
        assert (reply.status, reply.json) == (200, shown)
        assert await sim.codes() == codes


@pytest.mark.parametrize(
    ("authorization", "oops", "code"),
    [
        (BEARER["Authorization"], 403, "AUTH_PROJECT_KEY"),
        ("Application nobody", 401, "AUTH_UNKNOWN_KEY"),
        (f"Application {DEFAULT_KEY}:c2lnbmVk", 403, "AUTH_SCHEME"),
    ],
)
async def test_credentials_of_another_kind_are_refused_and_told(authorization: str, oops: int, code: str) -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        reply = await sim.request("GET", "/toys/v7/where", headers={"Authorization": authorization})
        assert (reply.status, reply.json["oops"][0]) == (oops, oops)
        assert "Toy API" in reply.headers["X-Sinch-Simulator-Hint"] or code == "AUTH_UNKNOWN_KEY"
        assert await sim.codes() == [code]


async def test_the_products_beside_it_are_as_they_were() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        await wound(sim)
        call = await sim.rest("POST", "/calling/v1/callouts", tts_callout())
        assert call.status == 200
        assert (await sim.rest("GET", "/v1/nothing")).error_code == 40400
        assert (await sim.rest("GET", "/toys/v7/winds", headers=BEARER)).status == 405
        listed = [(row["method"], row["path"]) for row in (await sim.control("GET", ""))["endpoints"]]
        assert ("GET", "/_simulator/toys") in listed
        assert ("GET", "/_simulator/calls") in listed


async def test_faults_answer_in_the_words_of_the_product() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        rule = {"on": "rest", "match": {"path": "/toys/*"}, "do": {"status": 503}, "times": 1}
        await sim.control("POST", "/faults", rule)
        reply = await sim.request("POST", "/toys/v7/winds", {}, headers=BEARER)
        assert (reply.status, reply.json) == (503, {"oops": [503, "Temporary Down"]})
        await sim.control("POST", "/faults", {"on": "callback", "match": {"event": "toyRang"}, "do": {"drop": True}})
        await sim.request("POST", "/toys/v7/winds", {}, headers=BEARER)
        await sim.advance(2)
        assert sim.webhook.events == []


async def test_callbacks_are_found_and_faults_met_by_product_and_by_what_they_are_about() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        await sim.control("POST", "/faults", {"on": "rest", "match": {"product": "voice"}, "do": {"status": 503}})
        await sim.control("POST", "/faults", {"on": "callback", "match": {"product": "voice"}, "do": {"drop": True}})
        assert (await sim.rest("POST", "/calling/v1/callouts", tts_callout())).status == 503
        await wound(sim)
        call = await sim.dial()
        await sim.advance(2)
        assert sim.webhook.events == ["toyRang", "toyThanks"]
        ice, dice, rang, thanks = await sim.callbacks()
        assert await sim.callbacks("?product=voice") == [ice, dice]
        assert await sim.callbacks("?product=toys&event=toyRang") == [rang]
        assert await sim.callbacks("?batchId=toy-1") == [rang, thanks]
        assert (ice["callId"], ice["batchId"], rang["callId"], rang["batchId"]) == (call["callId"], None, None, "toy-1")
        refused = await sim.request("GET", "/_simulator/callbacks?product=cars")
        names = ", ".join(dict.fromkeys(each.name for each in (*PRODUCTS, TOYS)))
        assert (refused.status, refused.json["error"]["hint"]) == (400, f"expected one of {names}")


async def test_an_answer_waits_for_the_app_and_goes_out_before_what_follows() -> None:
    async with wired(callback_url="http://app.test/toys", products=(*PRODUCTS, TOYS)) as sim:
        client = socket.create_connection(("127.0.0.1", int(sim.server.url.rpartition(":")[2])))
        answered: list[bool] = []

        async def app(url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response:
            answered.append(select.select([client], [], [], 0)[0] == [client])
            # Meanwhile everybody else is served.
            assert (await sim.rest("GET", "/v1/configuration/numbers")).status == 200
            return Response(200, {}, b"")

        sim.server.worlds.sender.direct[DEFAULT_KEY, "http://app.test"] = app
        head = f"POST /toys/v7/winds/heard HTTP/1.1\r\nHost: [::1]\r\nAuthorization: {BEARER['Authorization']}\r\n\r\n"
        client.sendall(head.encode())
        assert len((await sim.control("GET", "/toys?count=1&wait=9"))["toys"]) == 1
        await sim.advance(2)
        assert answered == [False, True]
        assert client.recv(65536).endswith(b'{"state":"heard"}')
        client.close()


async def test_an_answer_that_waits_ends_with_its_application() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        await sim.application(world="default")
        waiting = asyncio.ensure_future(sim.request("POST", "/toys/v7/winds/heard", headers=BEARER))
        assert len((await sim.control("GET", "/toys?count=1&wait=9"))["toys"]) == 1
        await sim.control("DELETE", f"/applications/{DEFAULT_KEY}")
        reply: Reply = await waiting
        assert (reply.status, list(reply.json)) == (500, ["oops"])


async def test_a_control_request_waits_no_longer_than_it_says() -> None:
    async with wired(products=(*PRODUCTS, TOYS)) as sim:
        assert (await sim.control("GET", "/toys?count=1&wait=0.01"))["toys"] == []
