"""A simulator in a thread, and an app that answers with a menu."""

from collections.abc import Iterator
from typing import Any

import pytest

from sinch_simulator import Simulator, blocking
from support.pure_world import menu, say, svaml

Event = dict[str, Any]

MAIN = {
    "id": "main",
    "mainPrompt": "#tts[Press one for sales]",
    "repeats": 1,
    "options": [{"dtmf": "1", "action": "return(sales)"}, {"dtmf": "2", "action": "return(hours)"}],
}


@pytest.fixture(scope="session")
def simulator() -> Iterator[blocking.Simulator]:
    """One for all tests; each makes an application of its own."""
    with Simulator.in_thread(callback_timeout=1.0) as running:
        yield running


@pytest.fixture
def app(simulator: blocking.Simulator) -> Iterator[blocking.Application]:
    """An application in a world of its own, under the manual clock."""
    application = simulator.create_application(key="company", numbers=["+14045550100"])
    yield application
    application.close()


@pytest.fixture
def ivr() -> dict[str, Any]:
    """What a small company answers, by event; tests change it."""
    return {
        "ice": svaml(menu(MAIN), say("Welcome")),
        "ace": svaml("continue"),
        "pie": svaml("hangup", say("Goodbye")),
        "dice": None,
        "notify": None,
    }


@pytest.fixture
def company(app: blocking.Application, ivr: dict[str, Any]) -> blocking.Application:
    """The application, its app mounted as a function."""
    app.mount(lambda event: ivr[event["event"]])
    return app
