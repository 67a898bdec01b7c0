"""A browser for the whole session, and a simulator with a webhook and an open page for each test.

All share one event loop: Chromium takes longer to start than a test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest_asyncio

from support.browser import Visitor, chromium, playwright
from support.wired_world import Wired, wired

Visit = Callable[..., Awaitable[Visitor]]
Size = tuple[int, int]
WIDE: Size = (1480, 900)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Any]:
    """A window of Chromium, which is Playwright's in all but the download."""
    path = chromium()
    async with playwright().async_playwright() as started:
        flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        flags += ["--autoplay-policy=no-user-gesture-required"]
        browser = await started.chromium.launch(executable_path=path, args=flags)
        window = await browser.new_context(permissions=["microphone"])
        window.set_default_timeout(5000)
        yield window
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sim() -> AsyncIterator[Wired]:
    """A simulator whose clock stands, and a webhook."""
    async with wired() as world:
        yield world


_idle: list[Any] = []
"""Tabs that no test uses: to open one takes longer than most tests. What the page stores is kept by port, so apart."""


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Any) -> AsyncIterator[Visit]:
    """Opens the page of a simulator; at the end of the test nothing may have gone wrong in it."""
    visitors: list[Visitor] = []

    async def open_page(sim: Wired, address: str = "", *, size: Size = WIDE, theme: str = "light") -> Visitor:
        visitor = Visitor(_idle.pop() if _idle else await browser.new_page(), sim.server.url)
        visitors.append(visitor)
        await visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
        await visitor.page.emulate_media(color_scheme=theme)
        visitor.listen()
        await visitor.open(address)
        return visitor

    yield open_page
    for visitor in visitors:
        visitor.listen_no_more()
        await visitor.page.goto("about:blank")
        _idle.append(visitor.page)
    assert [error for visitor in visitors for error in visitor.errors] == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visit: Visit, sim: Wired) -> Visitor:
    """Somebody who looks at the page of ``sim``."""
    return await visit(sim)
