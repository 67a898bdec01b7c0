"""Writes a page for each failed test, when ``--sinch-report DIR`` asks for it: all its calls, in one file."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_sinch.settings import option

if TYPE_CHECKING:
    from sinch_simulator.client.control import ApplicationClient, Client

Json = dict[str, Any]  # what the control API answers; shown, never kept
Calls = list[tuple[Json, list[Json]]]
"""Calls, each with its callbacks, as the control API shows them."""

_LONGEST_NAME = 120


def folder_of(config: pytest.Config) -> Path | None:
    """Where pages are written; None when nobody asks for them."""
    folder = option(config, "report", "")
    return config.invocation_params.dir / folder if folder else None


async def calls_of_key(client: "Client", key: str) -> Calls:
    """Reads the calls of the application with this key."""
    return await calls_of(await client.application(key))


async def calls_of(application: "ApplicationClient") -> Calls:
    """Reads the calls of an application, oldest first, then its verifications that did not ring."""
    from sinch_simulator.client.as_call import verification_as_call

    callbacks: dict[str, list[Json]] = {}
    for callback in await application.callbacks():
        callbacks.setdefault(callback["verificationId"] or callback["callId"], []).append(callback)
    calls = await application.calls()
    calls += [verification_as_call(each) for each in await application.verifications() if each["callId"] is None]
    return [(call, callbacks.get(call["callId"], [])) for call in calls]


def write_page(folder: Path, node: str, calls: Calls, *, failure: str, again: str) -> str:
    """Writes the page of a failed test; gives its address, or says why it could not be written."""
    from sinch_simulator.ladder.page import call_part, heading, page, quotation

    count = f"{len(calls)} call{'s' * (len(calls) != 1)}"
    parts = [heading(node, f"failed; {count}"), quotation("The same again", again), quotation("Failure", failure)]
    parts += [call_part(call, callbacks) for call, callbacks in calls]
    file = folder / _name_of(node)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(page(node, parts), encoding="utf-8")
    except OSError as error:
        return f"--sinch-report: cannot write {file}: {error.strerror}"
    return file.resolve().as_uri()


def _name_of(node: str) -> str:
    """A file name that people recognise; the end of it tells tests apart whose names differ in signs only."""
    readable = re.sub(r"[^\w.-]+", "-", node).strip("-")[:_LONGEST_NAME]
    return f"{readable}-{hashlib.sha256(node.encode()).hexdigest()[:8]}.html"
