"""Nobody waits for what is not needed yet: which modules are not loaded by an import, by a help text, by a first call.

Every module on these lists was seen to cost time of every start; ``benchmarks/startup.py`` measures it.
"""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

FIRST_CALLOUT = """
import json, sys
import sinch_simulator
print(json.dumps([*sys.modules]))

from sinch_simulator.server.app import SimulatorServer
print(json.dumps([*sys.modules]))

import asyncio, base64, urllib.request
from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET, ServerConfig

def place_a_call(url):
    destination = {"type": "number", "endpoint": "+14045550123"}
    body = {"method": "ttsCallout", "ttsCallout": {"destination": destination, "text": "Hello"}}
    credentials = base64.b64encode(f"{DEFAULT_KEY}:{DEFAULT_SECRET}".encode()).decode()
    request = urllib.request.Request(url + "/calling/v1/callouts", json.dumps(body).encode())
    request.add_header("Authorization", "Basic " + credentials)
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["callId"]
    print(json.dumps([*sys.modules]))

async def main():
    server = SimulatorServer(ServerConfig(port=0))
    await server.start()
    await asyncio.to_thread(place_a_call, server.url)
    await server.stop()

asyncio.run(main())
"""
NOT_FOR_THE_PACKAGE = ("aiohttp", "asyncio", "attr", "attrs", "click", "yaml")
# A start listens, and tells that it is there, before anything else is loaded.
NOT_FOR_LISTENING = (
    "click",
    "sinch_simulator.client",
    "sinch_simulator.embedded",
    "sinch_simulator.phones",
    "sinch_simulator.products",
    "sinch_simulator.server.control.endpoints",
    "sinch_simulator.server.wiring",
    "sinch_simulator.simulation",
    "yaml",
)
NOT_FOR_A_CALLOUT = (
    "azure",
    "boto3",
    "click",
    "hypothesis",
    "sinch_scenarios",
    "sinch_simulator.client",
    "sinch_simulator.commands",
    "sinch_simulator.embedded",
    "sinch_simulator.ladder",
    "sinch_simulator.core.numbering_plan",
    "sinch_simulator.products.number_administration.machine",
    "sinch_simulator.products.number_administration.rest",
    "sinch_simulator.products.numbers.machine",
    "sinch_simulator.products.numbers.rest",
    "sinch_simulator.products.verification.machine",
    "sinch_simulator.products.verification.rest",
    "sinch_simulator.products.voice.audio",
    "sinch_simulator.products.voice.control",
    "sinch_simulator.server.control.endpoints",
    "sinch_simulator.server.control.serving",
    "sinch_simulator.server.fidelity",
    "sinch_simulator.server.security.explain_signature",
    "sinch_simulator.server.security.signature_mistakes",
    "sinch_simulator.server.voice_io.recording_files.make",
    "sinch_simulator.server.voice_io.streams.socket",
    "yaml",
)
# The fidelity table is a file of the package, and what reads such files takes long to load.
NOT_FOR_THE_CONTROL_API = ("importlib.resources", "sinch_scenarios", "sinch_simulator.embedded", "yaml")
NOT_FOR_HELP = (
    "aiohttp",
    "asyncio",
    "attrs",
    "sinch_simulator.products",
    "sinch_simulator.server",
    "sinch_simulator.phones",
)


def among(loaded: list[str], names: tuple[str, ...]) -> list[str]:
    """Those of these modules that are on the list, or below one of it."""
    return [module for module in loaded if any(module == name or module.startswith(name + ".") for name in names)]


def said_by(program: str, environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", program]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def test_a_first_callout_is_answered_before_anything_is_loaded_that_it_does_not_need(
    clean_environment: dict[str, str],
) -> None:
    package, listening, answered = map(json.loads, said_by(FIRST_CALLOUT, clean_environment))
    assert among(package, ("sinch_simulator",)) == ["sinch_simulator"]
    assert among(package, NOT_FOR_THE_PACKAGE) == []
    assert among(listening, NOT_FOR_LISTENING) == []
    assert among(answered, ("sinch_simulator.simulation",)) == ["sinch_simulator.simulation"]
    assert among(answered, NOT_FOR_A_CALLOUT) == []


def test_the_control_api_loads_nothing_that_few_of_its_endpoints_need(clean_environment: dict[str, str]) -> None:
    program = """if True:
        import sys
        from sinch_simulator.server.control.endpoints import control_endpoints
        from sinch_simulator.server.products import PRODUCTS
        control_endpoints(PRODUCTS)
        print(*sys.modules, sep="\\n")
    """
    assert among(said_by(program, clean_environment), NOT_FOR_THE_CONTROL_API) == []


@pytest.mark.parametrize("name", sorted({*NOT_FOR_LISTENING, *NOT_FOR_A_CALLOUT, *NOT_FOR_HELP}))
def test_a_module_that_nobody_waits_for_exists(name: str) -> None:
    """A module that was renamed would be waited for unnoticed."""
    assert find_spec(name) is not None


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], *([command, "--help"] for command in ("start", "call", "lint", "exec"))],
)
def test_help_loads_neither_the_web_server_nor_the_core(
    arguments: list[str], clean_environment: dict[str, str]
) -> None:
    program = f"import sys; from sinch_simulator.cli import main; main({arguments!r}); print(*sys.modules, sep='\\n')"
    said = said_by(program, clean_environment)
    assert "sinch_simulator.cli" in said
    assert among(said, NOT_FOR_HELP) == []
