"""Chromium on the page of a simulator: what a person sees and does there, in few words."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from support.node_packages import installed

AXE = "axe-core@4.11.0"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SERIOUS = ("serious", "critical")


def playwright() -> Any:
    """Playwright's module; without it the test is skipped, which in CI is a failure."""
    return pytest.importorskip("playwright.async_api", reason="the page's tests need playwright, of the extra dev")


def expect(locator: Any) -> Any:
    """What is expected of an element, in time."""
    return playwright().expect(locator)


def chromium() -> str:
    """Where a Chromium is; without one the test is skipped, which in CI is a failure."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("the page's tests need Chromium: apt-get install chromium, or CHROMIUM=/path/to/it")
    return found


def axe() -> str:
    """The source of axe-core."""
    return (installed(AXE) / "node_modules" / "axe-core" / "axe.min.js").read_text()


@define(eq=False, slots=False)  # Playwright marks whose methods it calls
class Visitor:
    """Somebody with the page open. ``page`` is Playwright's; what goes wrong in it is kept in ``errors``."""

    page: Any  # playwright.async_api.Page, where it is installed
    url: str
    errors: list[str] = field(factory=list)

    def listen(self) -> None:
        """Keep what the browser complains of."""
        self.page.on("pageerror", self._note_error)
        self.page.on("console", self._note)

    def listen_no_more(self) -> None:
        """Leave the tab to somebody else."""
        self.page.remove_listener("pageerror", self._note_error)
        self.page.remove_listener("console", self._note)

    def _note_error(self, error: object) -> None:
        self.errors.append(f"error: {error}")

    def _note(self, message: Any) -> None:
        # That a request fails is what some tests are about; the page tells it in words of its own.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(f"console: {message.text}")

    async def open(self, address: str = "") -> None:
        """Goes to an address of the page, as ``#/calls/ID``, and waits until it is live."""
        await self.page.goto(f"{self.url}/{address}")
        await self.see("live", exact=True)

    def part(self, name: str) -> Any:
        """A part of the page by its label."""
        return self.page.get_by_label(name, exact=True)

    @property
    def phone(self) -> Any:
        """The soft phone."""
        return self.page.get_by_role("region", name="Your phone")

    @property
    def caption(self) -> Any:
        """What is heard."""
        return self.part("What is heard")

    @property
    def ladder(self) -> Any:
        """The rows of the ladder."""
        return self.page.get_by_role("list", name="What happened").get_by_role("listitem")

    @property
    def detail(self) -> Any:
        """The callback that is shown."""
        return self.page.get_by_role("region", name="Callback", exact=True)

    def button(self, name: str | re.Pattern[str], within: Any = None) -> Any:
        """A button by its name."""
        exact = isinstance(name, str)
        return (within or self.page).get_by_role("button", name=name, exact=exact)

    def option(self, text: str | re.Pattern[str]) -> Any:
        """An entry of the list."""
        return self.page.get_by_role("option").filter(has_text=text)

    async def click(self, name: str | re.Pattern[str], within: Any = None) -> None:
        """Clicks a button."""
        await self.button(name, within).click()

    async def see(self, text: str | re.Pattern[str], within: Any = None, *, exact: bool = False) -> None:
        """Waits until a text can be seen."""
        found = (within or self.page).get_by_text(text, exact=exact)
        await expect(found.first).to_be_visible()

    async def hear(self, text: str) -> None:
        """Waits until the phone says that this is heard."""
        await expect(self.caption).to_contain_text(text)

    async def complaints(self, *rules: str) -> list[str]:
        """What axe-core finds serious, one line each; by all of its rules, or by those that are named."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(axe())
        options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = await self.page.evaluate("async (options) => (await axe.run(options)).violations", options)
        return [
            f"{each['id']} ({each['impact']}): {json.dumps([node['html'][:120] for node in each['nodes']][:3])}"
            for each in found
            if each["impact"] in _SERIOUS
        ]

    async def picture(self, path: Path) -> None:
        """Writes a screenshot."""
        await self.page.screenshot(path=path)
