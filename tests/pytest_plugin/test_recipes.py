"""What the recipes say is run: files are written, commands are executed, documents for other programs are checked."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.pytest_plugin_runs import INI
from support.recipes import DOCS, blocks, write_files

PAGES = ["fixture.md", "voice-v2.md", *sorted(f"recipes/{path.name}" for path in (DOCS / "recipes").glob("*.md"))]


def documents(kind: str) -> list[Any]:
    found = [block for page in PAGES for block in blocks(page) if (block.use, block.name) == ("lint", kind)]
    return [yaml.safe_load(block.text) for block in found]


@pytest.mark.parametrize("page", PAGES)
def test_every_block_says_what_it_is_for(page: str) -> None:
    fences = re.findall(r"^```", (DOCS / page).read_text(), re.MULTILINE)
    assert len(fences) == 2 * len(blocks(page))


def has_commands(page: str) -> bool:
    """Whether it has any that are run here: those with a name are run by tests of other programs."""
    return any((block.use, block.name) == ("run", None) for block in blocks(page))


@pytest.mark.parametrize("page", [page for page in PAGES if has_commands(page)])
def test_a_recipe_works_as_it_is_written(page: str, clean_environment: dict[str, str], tmp_path: Path) -> None:
    if page == "recipes/node.md" and shutil.which("node") is None:
        pytest.skip("there is no Node on this machine")
    tests = "".join(block.text for block in blocks(page) if (block.name or "").startswith("test_"))
    (tmp_path / "pytest.ini").write_text(INI)
    environment = {
        **clean_environment,
        "PYTEST_ADDOPTS": "-p pytest_sinch -p no:cacheprovider",
        # Hypothesis keeps tables of all characters there; to make them anew takes longer than it lets a test take.
        "HYPOTHESIS_STORAGE_DIRECTORY": str(DOCS.parent / ".hypothesis"),
        "CI": "true",  # and in CI it has no deadline for one example, which a busy machine would miss
    }
    write_files(page, tmp_path)
    expected = len(re.findall(r"^ *(?:async )?def test_", tests, re.MULTILINE))
    for block in blocks(page):
        if block.use == "run" and block.name is None:
            said = run(block.text, tmp_path, environment)
            if "pytest" in block.text:
                assert f"{expected} passed" in said
            elif "test" in block.text:
                assert f"Ran {expected} test" in said


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    command = re.sub(r"\bpython\b", sys.executable, command)
    finished = subprocess.run(
        ["bash", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


# ---- documents for programs that are not here ---------------------------------------------------------------------


def test_a_workflow_has_steps_that_either_use_or_run_something() -> None:
    workflows = documents("workflow")
    assert len(workflows) == 3
    for workflow in workflows:
        # YAML 1.1 reads the key "on" as true.
        assert set(workflow) == {"name", True, "jobs"}
        for job in workflow["jobs"].values():
            assert set(job) <= {"runs-on", "services", "env", "steps"}
            for service in job.get("services", {}).values():
                assert set(service) <= {"image", "env", "ports", "options"}
            for step in job["steps"]:
                assert len({"uses", "run"} & set(step)) == 1
                assert set(step) <= {"uses", "with", "run"}


def test_a_compose_file_names_only_services_that_it_has() -> None:
    [compose] = documents("compose")
    assert set(compose) == {"services"}
    services = compose["services"]
    for service in services.values():
        assert set(service) <= {"build", "image", "environment", "command", "network_mode", "healthcheck", "depends_on"}
        assert ("build" in service) != ("image" in service)
        assert service.get("network_mode", "service:app") == "service:app"
        for other, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert services[other]["image"] == "sinch-simulator", "the image that brings a health check"


def test_every_command_of_ours_in_them_takes_its_flags(clean_environment: dict[str, str]) -> None:
    help_text = run("python -m sinch_simulator start --help", Path.cwd(), clean_environment)
    texts = [block.text for page in PAGES for block in blocks(page) if block.use == "lint"]
    commands = [line for text in texts for line in text.splitlines() if "sinch-simulator start" in line]
    assert len(commands) == 1
    flags = {flag for line in commands for flag in re.findall(r"--[\w-]+", line.partition("sinch-simulator start")[2])}
    assert flags == {"--clock", "--callback-url"}
    assert [flag for flag in flags if flag not in help_text] == []
