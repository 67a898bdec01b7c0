"""What the pytest fixture costs: loaded and unused, asked for and unused, with a call, and when the server stops.

    python benchmarks/fixture.py [TESTS]

The first two are whole ``pytest`` processes that take turns; a test's cost is measured inside one, from fixture set-up
to teardown. Targets: 5 ms at the start, 2 ms for a fresh ``sinch``, 8 ms with a call through a mounted WSGI application
and three callbacks, 50 ms to stop.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# As after an installation: modules have been compiled. What is compiled here is left in a folder of its own.
COMPILED = Path(tempfile.gettempdir()) / "sinch-simulator-benchmark"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": str(COMPILED),
    "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("simulator", "scenarios", "client_fixtures")),
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
ROUNDS = 40

TIMED = """
import json
import time

import pytest

TAKEN = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    began = time.perf_counter()
    result = yield
    TAKEN.append((time.perf_counter() - began) * 1000)
    return result


def pytest_sessionfinish(session):
    TAKEN.pop(0)  # the first starts the server, the last stops it
    TAKEN.pop()
    TAKEN.sort()
    print("MEDIAN", TAKEN[len(TAKEN) // 2])
"""
NOTHING = "import pytest\n@pytest.mark.parametrize('n', range(COUNT))\ndef test_nothing(n): pass\n"
EMPTY = NOTHING.replace("(n)", "(sinch, n)")
CALL = '''
import json

import pytest

MENU = {
    "instructions": [{"name": "say", "text": "Welcome", "locale": "en-US"}],
    "action": {
        "name": "runMenu",
        "menus": [
            {"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(sales)"}]}
        ],
    },
}
ANSWERS = {"ice": MENU, "pie": {"action": {"name": "hangup"}}, "dice": {}}


def app(environ, start_response):
    event = json.loads(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(ANSWERS[event["event"]]).encode()]


@pytest.mark.parametrize("n", range(COUNT))
def test_call(sinch, n):
    sinch.mount(app, at="/voice")
    call = sinch.dial(from_="+46700000001")
    call.expect("Press one").press("1")
    assert call.result == "ANSWERED"
    assert [callback.event for callback in call.callbacks] == ["ice", "pie", "dice"]
'''


def collecting_ms(folder: Path, plugin: str) -> float:
    """One ``pytest --collect-only`` of an empty test: processor time, which a busy machine disturbs least."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, "--collect-only", "-p", plugin)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def test_ms(folder: Path, source: str, count: int) -> float:
    """The median of such tests, set-up and teardown included."""
    (folder / "conftest.py").write_text(TIMED)
    (folder / "test_it.py").write_text(source.replace("COUNT", str(count)))
    printed = run(folder, "-s", "-p", "pytest_sinch")
    return float(printed.split("MEDIAN")[1].split()[0])


def run(folder: Path, *arguments: str) -> str:
    """One pytest in a process of its own; what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    finished = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(finished.stdout + finished.stderr)
    return finished.stdout


def stopping_ms() -> float:
    """One stop of a server with an application in it."""
    from sinch_simulator import Simulator

    simulator = Simulator.in_thread().start()
    simulator.create_application().dial(from_="+46700000001")
    began = time.perf_counter()
    simulator.stop()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rows: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_it.py").write_text(NOTHING.replace("COUNT", "1"))
        # ``-p`` itself costs more than a plugin does: it looks through everything that is installed.
        (folder / "empty_plugin.py").touch()
        pairs = [(collecting_ms(folder, "pytest_sinch"), collecting_ms(folder, "empty_plugin")) for _ in range(ROUNDS)]
        with_it, without = (min(taken) for taken in zip(*pairs, strict=True))
        rows.append(("plugin loaded, unused", with_it - without, 5))
        nothing = test_ms(folder, NOTHING, count)
        rows.append(("fresh sinch", test_ms(folder, EMPTY, count) - nothing, 2))
        rows.append(("a call, three callbacks", test_ms(folder, CALL, count) - nothing, 8))
    rows.append(("server stop", statistics.median(stopping_ms() for _ in range(ROUNDS)), 50))
    print(f"{'what':<26}{'ms':>8}{'target':>8}")
    for what, milliseconds, target in rows:
        print(f"{what:<26}{milliseconds:>8.2f}{target:>8}{'' if milliseconds < target else '  MISSED'}")


if __name__ == "__main__":
    main()
