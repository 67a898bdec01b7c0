"""Looks at the files that prompts name by URL: on this machine, and where the user allows it.

A look never holds up a call. One task comes after the other, so that findings come in the order of the prompts.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence

import aiohttp
from attrs import field
from yarl import URL

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import Play
from sinch_simulator.products.voice.events import Event
from sinch_simulator.products.voice.prompt_files import LARGEST_FILE, Download, MediaShelf
from sinch_simulator.server.background_tasks import BackgroundTasks
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.outbound import HostRefused
from sinch_simulator.server.unreachable import why_unreachable
from sinch_simulator.simulation import Simulation

_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


@define(eq=False)
class PromptFiles:
    """Looks at the files of the prompts of one product's calls in a world."""

    _simulation: Simulation
    _owner: Callable[[str], Application | None]
    """Returns whose call this is; None for what is no call of the product (any more)."""
    _sender: CallbackSender
    _tasks: BackgroundTasks
    _shelves: dict[str, MediaShelf] = field(init=False, factory=dict)
    _one_by_one: asyncio.Lock = field(init=False, factory=asyncio.Lock)

    def notice(self, entry: Entry) -> None:
        """Looks at the file of a prompt that has begun, if it may be contacted."""
        prompt = entry.about
        if not isinstance(prompt, Play) or (prompt.spoken and not prompt.looping):
            return
        application = self._owner(prompt.call_id)
        if application is None or not prompt.text.lower().startswith(("http://", "https://")):
            return
        try:
            self._sender.outbound.admit(URL(prompt.text))
        except ValueError:
            return
        except HostRefused as refusal:
            self._tell_of_refusal(prompt.call_id, application, prompt.text, refusal)
            return
        work = self._look(prompt.call_id, application.key, prompt.text)
        self._tasks.begin(application.key, f"a look at {prompt.text}", work)

    def _tell_of_refusal(self, call_id: str, application: Application, url: str, refusal: HostRefused) -> None:
        """Tells, once for each host, that its files are not looked at; the prompt takes its time all the same."""
        code = "MEDIA_NOT_FETCHED"
        told = f"{code} {refusal}"
        if told not in application.told_once:
            application.told_once.add(told)
            message = f"{url} is not looked at: {refusal}."
            self._simulation.diagnose(call_id, Diagnostic(code, Severity.INFO, "", message, refusal.hint))

    def forget(self, application_key: str) -> None:
        """Drops what was fetched for this application."""
        self._shelves.pop(application_key, None)

    async def _look(self, call_id: str, application_key: str, url: str) -> Sequence[Event]:
        async with self._one_by_one:
            download = await self._download(url)
            shelf = self._shelves.setdefault(application_key, MediaShelf())
            finding = shelf.play(url, download, self._simulation.now)
            if finding is not None and self._owner(call_id) is not None:
                self._simulation.diagnose(call_id, finding)
        return []

    async def _download(self, url: str) -> Download:
        try:
            reply = await self._sender.fetch(url, LARGEST_FILE)
        except TimeoutError:
            return Download("it does not come in time")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Download(why_unreachable(error, url))
        if not 200 <= reply.status < 300:
            return Download(f"HTTP status {reply.status}")
        headers = {name.lower(): value for name, value in reply.headers.items()}
        max_age = _MAX_AGE.search(headers.get("cache-control", ""))
        return Download(
            content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            size=LARGEST_FILE + 1 if reply.cut else len(reply.body),
            digest=hashlib.sha256(reply.body).hexdigest(),
            max_age_s=int(max_age[1]) if max_age else None,
        )
