"""The wheel: what is in it, and that it lives beside a project that has folders named like ours."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml

from sinch_simulator import __version__

THEIR_FOLDERS = ("simulator", "scenarios", "client_fixtures")
OUR_PACKAGES = ("sinch_simulator", "sinch_scenarios", "locust_sinch", "pytest_sinch")


def run(*command: str, cwd: Path, environment: dict[str, str] | None = None) -> str:
    finished = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is published: made of a copy of the source tree, so that nothing is left behind in it."""
    source = tmp_path_factory.mktemp("source")
    for name in THEIR_FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", "out", ".", cwd=source)
    return source / "out"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel, which was built from the source archive."""
    [found] = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which only the wheel is installed."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    run(*pip, "--target", str(target), str(wheel), cwd=target)
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project with packages of its own that are named like our source roots."""
    for name in THEIR_FOLDERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("WHOSE = 'theirs'\n")
    return tmp_path


def test_what_is_built_can_be_published(built: Path) -> None:
    pytest.importorskip("twine", reason="twine is not installed: pip install twine")
    files = sorted(map(str, built.iterdir()))
    assert [Path(file).name for file in files] == [
        f"sinch_simulator-{__version__}-py3-none-any.whl",
        f"sinch_simulator-{__version__}.tar.gz",
    ]
    told = run(sys.executable, "-m", "twine", "check", "--strict", *files, cwd=built)
    assert told.count("PASSED") == 2


def test_a_release_is_tested_built_checked_and_published_without_a_password(built: Path) -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())
    jobs = workflow["jobs"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML takes the word "on" for true
    assert (jobs["build"]["needs"], jobs["publish"]["needs"]) == ("test", "build")
    assert commands["test"] == [".ci/run"]
    assert commands["build"][1:3] == ["python -m build", "python -m twine check --strict dist/*"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in jobs["publish"]["steps"]][-1] == "pypa/gh-action-pypi-publish"
    assert "secrets." not in str(workflow)
    (built.parent / "dist").symlink_to(built)
    compare = commands["build"][3]
    for tag, code in ((f"v{__version__}", 0), ("v99.0.0", 1)):
        environment = {**os.environ, "GITHUB_REF_NAME": tag}
        compared = subprocess.run(["bash", "-c", compare], cwd=built.parent, env=environment, check=False)
        assert compared.returncode == code


def test_the_wheel_holds_our_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == set(OUR_PACKAGES)
    assert [f"{package}/py.typed" for package in OUR_PACKAGES if f"{package}/py.typed" not in names] == []
    assert "sinch_simulator/samples/ivr.py" in names
    assert {"sinch_simulator/page/index.html", "sinch_simulator/page/vendor/LICENSES.txt"} <= set(names)
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []
    assert [name for name in names if "__pycache__" in name or name.startswith("tests/")] == []


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [path] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(archive.read(path).decode())
    required = metadata.get_all("Requires-Dist") or []
    assert metadata["Name"] == "sinch-simulator"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert {text.split(">")[0] for text in required if "extra ==" not in text} >= {"aiohttp", "attrs", "click"}


def test_it_lives_beside_a_project_with_folders_of_the_same_names(installed: Path, project: Path) -> None:
    program = (
        "import json, sys; sys.path.insert(0, '')\n"
        "from importlib import import_module\n"
        f"print(json.dumps({{name: import_module(name).__file__ for name in {(*OUR_PACKAGES, *THEIR_FOLDERS)!r}}}))"
    )
    found = json.loads(run(sys.executable, "-c", program, cwd=project, environment=only(installed)))
    ours = {name: str(installed / name / "__init__.py") for name in OUR_PACKAGES}
    theirs = {name: str(project / name / "__init__.py") for name in THEIR_FOLDERS}
    assert {name: os.path.realpath(path) for name, path in found.items()} == {
        name: os.path.realpath(path) for name, path in (ours | theirs).items()
    }


def test_the_installed_command_runs_beside_such_a_project(installed: Path, project: Path) -> None:
    assert "start" in run(sys.executable, "-m", "sinch_simulator", "--help", cwd=project, environment=only(installed))
    script = installed / "bin" / "sinch-simulator"
    assert run(str(script), "--version", cwd=project, environment=only(installed)).startswith("sinch-simulator ")


def test_the_installed_command_leads_a_program_to_the_simulator(installed: Path, project: Path) -> None:
    text = """
import urllib.error, urllib.request
try:
    urllib.request.urlopen("https://calling.api.sinch.com/x")
except urllib.error.HTTPError as error:
    print(error)
"""
    command = [sys.executable, "-m", "sinch_simulator", "exec", "--quiet", "--", sys.executable, "-c", text]
    assert run(*command, cwd=project, environment=only(installed)) == "HTTP Error 404: Not Found\n"


def only(installed: Path) -> dict[str, str]:
    """An environment in which ours can be imported from the installed wheel alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SINCH_", "PYTEST_"))}
    return {**kept, "PYTHONPATH": str(installed)}
