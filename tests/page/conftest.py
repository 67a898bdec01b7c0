"""A browser for the whole session, and a simulator with a webhook and an open page for each test.

All share one event loop: Chromium takes longer to start than a test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest_asyncio

from support.browser import Visitor, chromium, playwright
from support.wired_world import Wired, wired

Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Any]:
    """Chromium, which is Playwright's in all but the download."""
    path = chromium()
    async with playwright().async_playwright() as started:
        flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        flags += ["--autoplay-policy=no-user-gesture-required"]
        browser = await started.chromium.launch(executable_path=path, args=flags)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sim() -> AsyncIterator[Wired]:
    """A simulator whose clock stands, and a webhook."""
    async with wired() as world:
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Any) -> AsyncIterator[Visit]:
    """Opens the page of a simulator; at the end of the test nothing may have gone wrong in it."""
    visitors: list[Visitor] = []

    async def open_page(sim: Wired, address: str = "", **options: object) -> Visitor:
        settings = {"viewport": {"width": 1480, "height": 900}, "permissions": ["microphone"], **options}
        context = await browser.new_context(**settings)
        context.set_default_timeout(5000)
        visitor = Visitor(await context.new_page(), sim.server.url)
        visitor.listen()
        visitors.append(visitor)
        await visitor.open(address)
        return visitor

    yield open_page
    for visitor in visitors:
        await visitor.page.context.close()
    assert [error for visitor in visitors for error in visitor.errors] == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visit: Visit, sim: Wired) -> Visitor:
    """Somebody who looks at the page of ``sim``."""
    return await visit(sim)
