"""The recipes for TypeScript, Java and several simulators at once: what the pages say is run as it is written."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.node_packages import PATH, installed, node
from support.recipes import command, write_files

JUNIT = "/usr/share/java/junit-platform-console-standalone.jar"
JUNIT_API = ("junit-jupiter-api", "junit-platform-commons", "apiguardian-api", "opentest4j")

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, clean_environment: dict[str, str]) -> Run:
    """Runs a command of a page where ``sinch-simulator`` is on the path; gives what it prints. It has to succeed."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "sinch-simulator"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m sinch_simulator "$@"\n')
    script.chmod(0o755)
    environment = {**clean_environment, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{PATH}", "CI": "true"}

    def run_command(text: str, **variables: str) -> str:
        finished = subprocess.run(
            ["bash", "-ec", text], cwd=tmp_path, env={**environment, **variables}, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout + finished.stderr

    return run_command


def with_packages(folder: Path, *packages: str) -> None:
    """Gives a folder the packages of npm that a page installs; without Node or npm the test is skipped."""
    node()
    (folder / "node_modules").symlink_to(installed(*packages) / "node_modules")


def packages_of(text: str) -> list[str]:
    return re.findall(r"\S+@[\d.]+", text)


@pytest.fixture
def typescript(tmp_path: Path, run: Run, simulator_url: str) -> Path:
    """A folder with the files of the page, its packages, and the types that are written of a simulator that runs."""
    with_packages(tmp_path, *packages_of(command("recipes/node.md", "npm")))
    write_files("recipes/node.md", tmp_path)
    run(command("recipes/node.md", "types").replace("http://127.0.0.1:7462", simulator_url))
    return tmp_path


def test_an_express_app_is_tested_from_vitest_with_the_generated_client(typescript: Path, run: Run) -> None:
    assert re.search(r"Tests\s+2 passed", run(command("recipes/node.md", "vitest"), NO_COLOR="1"))
    assert run("npx tsc") == ""


def test_a_test_in_vitest_that_fails_shows_the_ladder_and_the_compiler_knows_personas(
    typescript: Path, run: Run
) -> None:
    story = typescript / "voice.test.ts"
    story.write_text(story.read_text().replace("nine to five.", "nine to six."))
    told = run(command("recipes/node.md", "vitest").strip() + " || true", NO_COLOR="1")
    assert "1 failed" in told
    assert 'plays "We are open from nine to five."' in told
    assert "DiCE answered" in told
    story.write_text(story.read_text().replace("busy:", "bussy:"))
    assert "Did you mean to write 'busy'?" in run("npx tsc || true")


def test_a_java_app_is_tested_from_junit(tmp_path: Path, run: Run) -> None:
    javac = shutil.which("javac", path=PATH)
    if javac is None or not Path(JUNIT).exists():
        pytest.skip("there is no JDK with JUnit on this machine (Debian: openjdk-17-jdk-headless, junit5)")
    write_files("recipes/java.md", tmp_path)
    api = os.pathsep.join(f"/usr/share/java/{name}.jar" for name in JUNIT_API)
    run(f"{javac} -cp {api} -d classes *.java")
    told = run(f"java -jar {JUNIT} --class-path classes --scan-class-path --disable-banner")
    assert "2 tests successful" in told


# ---- several at once ----------------------------------------------------------------------------------------------


def test_several_simulators_run_at_once_from_a_shell(tmp_path: Path, run: Run) -> None:
    write_files("recipes/several.md", tmp_path, suffix=".sh")
    run("bash several.sh")
    started = [json.loads((tmp_path / f"simulator-{worker}.json").read_text()) for worker in (1, 2, 3)]
    calls = [json.loads((tmp_path / f"call-{worker}.json").read_text()) for worker in (1, 2, 3)]
    assert len({each["url"] for each in started}) == 3
    assert [each["seed"] for each in started] == [1, 2, 3]
    assert len({each["callId"] for each in calls}) == 3


def test_each_worker_of_jest_has_a_simulator_of_its_own(tmp_path: Path, run: Run) -> None:
    with_packages(tmp_path, "jest@30")
    write_files("recipes/several.md", tmp_path, suffix=".js")
    write_files("recipes/several.md", tmp_path, suffix=".json")
    story = (tmp_path / "callers.test.js").read_text()
    for name in ("more", "most"):
        (tmp_path / f"{name}.test.js").write_text(story)
    assert "Tests:       3 passed" in run("npx jest")


def test_a_process_of_java_has_a_simulator_that_ends_with_it(tmp_path: Path, run: Run) -> None:
    javac = shutil.which("javac", path=PATH)
    if javac is None:
        pytest.skip("there is no JDK on this machine (Debian: openjdk-17-jdk-headless)")
    write_files("recipes/several.md", tmp_path, suffix=".java")
    (tmp_path / "Ask.java").write_text(
        "class Ask { public static void main(String[] none) throws Exception {\n"
        ' System.out.println(Simulator.URL + " " + new String(new java.net.URL(Simulator.URL + "/_simulator/health")'
        ".openStream().readAllBytes())); } }\n"
    )
    run(f"{javac} *.java")
    told = run("java Ask > one & java Ask > two & wait; cat one two")
    urls = re.findall(r"(http://127\.0\.0\.1:\d+) .*ok", told)
    assert len(set(urls)) == 2
    assert run(f"! curl -s {urls[0]} && ! curl -s {urls[1]}") == ""
