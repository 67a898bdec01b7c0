"""A product is loaded for the first request that may be its own, and no other product with it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import aiohttp
from attrs import field, frozen

from sinch_simulator.config import ServerConfig
from sinch_simulator.core.product import Machine, Product, WorldData
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme
from sinch_simulator.server.app import SimulatorServer


@frozen
class Shop:
    """Makes products whose one endpoint tells the product's name; knows which have been loaded."""

    loaded: list[str] = field(factory=list)

    def product(self, name: str, method: str, pattern: str, prefix: str, *, ignore_case: bool = False) -> Product:
        def tell(request: PlatformRequest) -> Answer:
            return json_answer({"product": name})

        def endpoints() -> tuple[PlatformEndpoint, ...]:
            self.loaded.append(name)
            return (PlatformEndpoint(method, pattern, tell, "Tells the name of a product."),)

        return Product(
            name,
            _no_machine,
            prefixes=(prefix,),
            endpoints=endpoints,
            schemes=(Scheme.NOBODY,),
            ignore_case=ignore_case,
        )


def _no_machine(data: WorldData) -> Machine:
    raise AssertionError("nothing of these tests needs a machine")


@asynccontextmanager
async def served(products: Iterable[Product]) -> AsyncIterator[aiohttp.ClientSession]:
    server = SimulatorServer(ServerConfig(port=0), products=tuple(products))
    await server.start()
    try:
        async with aiohttp.ClientSession(server.url) as client:
            yield client
    finally:
        await server.stop()


async def told(client: aiohttp.ClientSession, method: str, path: str) -> tuple[int, str]:
    async with client.request(method, path) as answer:
        return answer.status, (await answer.json()).get("product", "")


async def test_a_request_loads_the_product_whose_prefix_its_path_has_once() -> None:
    shop = Shop()
    products = [shop.product("trees", "GET", "/list", "/trees"), shop.product("birds", "GET", "/list", "/birds")]
    async with served(products) as client:
        assert shop.loaded == []
        assert [await told(client, "GET", "/birds/list") for _ in range(2)] == [(200, "birds")] * 2
        assert shop.loaded == ["birds"]
        assert await told(client, "GET", "/fish/list") == (404, "")
        assert await told(client, "GET", "/trees-and-more/list") == (404, "")
        # What nobody has is compared with what there is.
        assert shop.loaded == ["birds", "trees"]
        assert await told(client, "GET", "/trees/list") == (200, "trees")
        assert shop.loaded == ["birds", "trees"]


async def test_of_two_products_below_one_prefix_each_answers_its_own() -> None:
    shop = Shop()
    products = [shop.product("reader", "GET", "/list", "/v1"), shop.product("writer", "POST", "/list", "/v1")]
    async with served(products) as client:
        assert await told(client, "POST", "/v1/list") == (200, "writer")
        assert await told(client, "GET", "/v1/list") == (200, "reader")
        assert await told(client, "DELETE", "/v1/list") == (405, "")


async def test_a_fixed_path_comes_before_one_with_braces_whichever_product_was_asked_first() -> None:
    shop = Shop()
    products = [shop.product("any", "GET", "/{name}", "/v1"), shop.product("one", "GET", "/list", "/v1")]
    async with served(products) as client:
        assert await told(client, "GET", "/v1/other") == (200, "any")
        assert await told(client, "GET", "/v1/list") == (200, "one")


async def test_a_longer_prefix_may_begin_with_another_products_prefix() -> None:
    shop = Shop()
    products = [shop.product("short", "GET", "/{name}", "/v1"), shop.product("long", "GET", "/list", "/v1/projects")]
    async with served(products) as client:
        assert await told(client, "GET", "/v1/one") == (200, "short")
        assert shop.loaded == ["short"]
        assert await told(client, "GET", "/v1/projects/list") == (200, "long")


async def test_a_product_that_knows_its_paths_in_any_case_is_found_in_any_case() -> None:
    shop = Shop()
    products = [
        shop.product("any", "GET", "/list", "/any", ignore_case=True),
        shop.product("exact", "GET", "/list", "/exact"),
    ]
    async with served(products) as client:
        assert await told(client, "GET", "/ANY/List") == (200, "any")
        assert await told(client, "GET", "/EXACT/list") == (404, "")
