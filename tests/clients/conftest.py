"""A simulator in a process of its own, applications in it, and the SDKs that speak to it.

``sinch`` 1.1.4 is in the environment of the tests. Programs with ``sinch`` 2 are run by ``run_sinch_2``, those with the
Node SDK by ``run_node``; ``account.environment`` tells them where the simulator is, and who they are:

    def test_numbers_are_rented(run_sinch_2, account):
        printed = run_sinch_2(PROGRAM, account.environment)
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from support.node_packages import installed, node
from support.python_packages import SINCH_2, run_with
from support.sdk_world import Account

NODE_SDK = "@sinch/sdk-core@1.4.0"
RunProgram = Callable[[str, Mapping[str, str]], str]


@pytest.fixture(scope="session")
def simulator_url(clean_environment: dict[str, str]) -> Iterator[str]:
    """Where a simulator serves, until the tests are over."""
    command = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--clock", "manual"]
    with subprocess.Popen(
        command, env=clean_environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


@pytest.fixture
def account(simulator_url: str) -> Iterator[Account]:
    """A fresh application."""
    request = urllib.request.Request(f"{simulator_url}/_simulator/applications", b"{}", method="POST")
    with urllib.request.urlopen(request) as response:
        made = json.load(response)
    account = Account.of(simulator_url, made)
    yield account
    account.control("DELETE", f"/applications/{account.key}")


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """A folder in which the Node SDK is installed; it is kept between runs."""
    return installed(NODE_SDK)


@pytest.fixture
def run_node(node_folder: Path) -> RunProgram:
    """Runs a program with the Node SDK at hand, and these variables; gives what it prints."""

    def run(program: str, environment: Mapping[str, str]) -> str:
        command = [node(), "--input-type=module", "--eval", program]
        variables = {**os.environ, **environment}
        finished = subprocess.run(
            command, cwd=node_folder, env=variables, capture_output=True, text=True, check=False, timeout=60
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    return run


@pytest.fixture
def run_sinch_2() -> RunProgram:
    """Runs a program in Python with ``sinch`` 2 at hand, and these variables; gives what it prints."""
    return lambda program, environment: run_with([SINCH_2], program, environment)
