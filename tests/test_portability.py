"""Nothing but ``exec``, which says so, needs what only POSIX systems have: read in the source, and tried without it."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOTS = [ROOT / name for name in ("simulator", "scenarios", "client_fixtures")]
OF_EXEC = ROOT / "simulator/sinch_simulator/intercept"
"""What ``exec`` loads once it has seen that this is no Windows."""

MODULES = {"curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty", "uvloop"}
OF_OS = {"chown", "fork", "geteuid", "getgid", "getpgid", "getpgrp", "getuid", "kill", "killpg", "mkfifo", "setpgid"}
OF_OS |= {"setsid", "statvfs", "sysconf", "tcgetpgrp", "uname", "waitpid"}
OF_SIGNAL = {"SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGUSR1"}
OF_SIGNAL |= {"SIGALRM", "SIGUSR2", "SIGWINCH", "pthread_kill", "pthread_sigmask", "sigwait", "sigwaitinfo"}
OF_OTHERS = {"AF_UNIX", "SO_REUSEPORT", "add_signal_handler", "start_unix_server"}
NAMES = OF_OS | OF_SIGNAL | OF_OTHERS
OF_THE_SYSTEM = frozenset({"asyncio", "loop", "os", "signal", "socket"})


def posix_only(tree: ast.Module) -> Iterator[str]:
    """Names what is POSIX's alone: modules that are imported with the file, and attributes of the system's modules."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from [node.module] if node.module.partition(".")[0] in MODULES else []
    for each in ast.walk(tree):
        if isinstance(each, ast.Attribute) and each.attr in NAMES and isinstance(each.value, ast.Name):
            yield from [f"{each.value.id}.{each.attr}"] if each.value.id in OF_THE_SYSTEM else []


def opened_as_the_system_likes(tree: ast.Module) -> Iterator[int]:
    """Gives the lines in which text is read or written in an encoding that differs from one system to the next."""
    for each in ast.walk(tree):
        if not isinstance(each, ast.Call) or any(word.arg == "encoding" for word in each.keywords):
            continue
        texts = [str(mode.value) for mode in each.args if isinstance(mode, ast.Constant)]
        texts += [str(word.value.value) for word in each.keywords if isinstance(word.value, ast.Constant)]
        named = each.func.id if isinstance(each.func, ast.Name) else ""
        method = each.func.attr if isinstance(each.func, ast.Attribute) else ""
        if (named == "open" and not any("b" in text for text in texts)) or method in ("read_text", "write_text"):
            yield each.lineno


def found(look: Callable[[ast.Module], Iterator[object]]) -> list[str]:
    """What is found in our source but for what is of ``exec``."""
    files = [file for root in ROOTS for file in sorted(root.rglob("*.py")) if OF_EXEC not in file.parents]
    return [f"{file.relative_to(ROOT)}: {each}" for file in files for each in look(ast.parse(file.read_bytes()))]


def test_what_only_posix_has_is_used_by_exec_alone() -> None:
    assert found(posix_only) == []


def test_text_is_read_and_written_in_the_same_encoding_on_every_system() -> None:
    assert found(opened_as_the_system_likes) == []


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("import fcntl", ["fcntl"]),
        ("from resource import getrlimit", ["resource"]),
        ("import os\nos.kill(1, 2)", ["os.kill"]),
        ("def limit():\n    import resource", []),
        ("import signal\nsignal.SIGTERM", []),
    ],
)
def test_what_is_looked_for_is_found(source: str, named: list[str]) -> None:
    assert list(posix_only(ast.parse(source))) == named


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("open('x')", [1]),
        ("open('x', 'rb')", []),
        ("open('x', encoding='utf-8')", []),
        ("path.read_text()", [1]),
        ("path.read_text(encoding='utf-8')", []),
    ],
)
def test_what_is_opened_is_found(source: str, lines: list[int]) -> None:
    assert list(opened_as_the_system_likes(ast.parse(source))) == lines


WITHOUT_POSIX = f"""
import asyncio, os, signal, ssl, subprocess, sys
import aiohttp, click  # these know how to do without
for module in {sorted(MODULES)}:
    sys.modules[module] = None
for owner, names in ((os, {sorted(OF_OS - {"waitpid", "uname"})}), (signal, {sorted(OF_SIGNAL)})):
    for name in names:
        if hasattr(owner, name):
            delattr(owner, name)
"""
A_CALL = """
from sinch_simulator import Simulator
with Simulator.in_thread() as simulator:
    app = simulator.create_application()
    app.mount(lambda event: {"action": {"name": "hangup"}} if event["event"] == "ice" else None)
    print(app.dial(from_="+46700000001").wait_for("ended").reason)
"""
A_COMMAND = """
import sys
sys.argv = ["sinch-simulator", "call"]
from sinch_simulator.__main__ import run
run()
"""


@pytest.mark.parametrize(("program", "said"), [(A_CALL, "MANAGERHANGUP"), (A_COMMAND, "Verdict: all went well.")])
def test_a_system_without_it_is_served(program: str, said: str, clean_environment: dict[str, str]) -> None:
    command = [sys.executable, "-X", "utf8=0", "-c", WITHOUT_POSIX + program]
    made = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60, check=False)
    assert (said in made.stdout, made.stderr) == (True, "")
