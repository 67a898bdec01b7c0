"""A simulator that runs in a thread, an application in it, and the command line spoken to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from sinch_simulator import Simulator, blocking
from sinch_simulator.cli import main
from support.command_line import Told, Typed
from support.pure_world import menu, say, svaml

MAIN = {
    "id": "main",
    "mainPrompt": "#tts[Press one for sales]",
    "options": [{"dtmf": "1", "action": "return(sales)"}],
}


@pytest.fixture(scope="session")
def simulator() -> Iterator[blocking.Simulator]:
    """One for all tests; each makes an application of its own."""
    with Simulator.in_thread(callback_timeout=1.0) as running:
        yield running


@pytest.fixture
def company(simulator: blocking.Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[blocking.Application]:
    """An application with a menu, in a world of its own under the manual clock."""
    monkeypatch.delenv("SINCH_SIMULATOR_PHONE_URL", raising=False)
    answers: dict[str, dict[str, Any]] = {
        "ice": svaml(menu(MAIN), say("Welcome")),
        "pie": svaml({"name": "hangup"}, say("Goodbye")),
        "VerificationRequestEvent": {"action": "allow"},
    }
    application = simulator.create_application(key="commands", numbers=["+14045550100"])

    # A coroutine: a plain function would wait for this thread, which waits for a command.
    async def answer(event: dict[str, Any]) -> dict[str, Any]:
        return answers.get(event["event"], {})

    application.mount(answer)
    application.change(verification_callback_url=application.callback_url)
    yield application
    application.close()


@pytest.fixture
def typed(
    simulator: blocking.Simulator, company: blocking.Application, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """Runs a command against the company's simulator."""

    def run(*words: str) -> Told:
        capsys.readouterr()
        code = main([*words, "--url", simulator.url, "--application", company.key])
        out, err = capsys.readouterr()
        return Told(code, out, err)

    return run
