"""``sinch-simulator run`` and ``scenario``: exit codes, reports, and one line for every mistake."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest
from aiohttp import web

from sinch_scenarios.catalogue import FOLDER
from sinch_scenarios.language.loader import load_file
from sinch_simulator.cli import main
from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER, DEFAULT_SECRET
from support.wired_world import Json, basic, wired

RunCommand = Callable[..., "CompletedProcess[str]"]
GOOD = 'name: Good\napp: ivr\nsteps:\n  - dial: {from: "+46700000001"}\n  - hear: Welcome\n'
BAD = 'name: Bad & <ugly>\napp: ivr\nsteps:\n  - dial: {from: "+46700000001"}\n  - hear: {text: Goodbye, within: 1}\n'


@pytest.fixture(autouse=True)
def without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """No application of this machine's environment."""
    for name in [name for name in os.environ if name.startswith("SINCH_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One scenario that passes, one that fails."""
    (tmp_path / "a_good.yaml").write_text(GOOD)
    (tmp_path / "b_bad.yaml").write_text(BAD)
    return tmp_path


def test_a_folder_is_played_and_a_failure_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "ok      Good" in out
    assert "FAILED  Bad & <ugly>" in out
    assert f'{folder}/b_bad.yaml:5:5: step 2: expected to hear "Goodbye" within 1 s, heard: "Welcome' in out
    assert "caller -> sinch   +46700000001 calls" in out
    assert out.rstrip().endswith("1 passed, 1 failed")


TYPO = """name: A typo
app: ivr
steps:
  - callout: {method: ttsCallout, ttsCallout: {destination: {type: number, endpoint: "+46700000001"},
              cli: "+14045550100", text: Hello, enableDice: true, enableAse: true, maxDuratoin: 9}}
  - expect: dice
"""


def test_warnings_of_a_scenario_that_passes_are_counted_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "typo.yaml").write_text(TYPO)
    report = tmp_path / "report.xml"
    assert main(["run", str(tmp_path), "--junit", str(report)]) == 0
    out = capsys.readouterr().out
    line = "warning UNKNOWN_PROPERTY in POST /calling/v1/callouts at ttsCallout.enableAse: "
    assert f"A typo:\n  {line}" in out
    assert '(did you mean "enableAce"?) (and 1 more)' in out
    assert out.rstrip().endswith("1 passed, 0 failed, 2 warnings")
    case = ElementTree.parse(report).getroot()[0]
    assert line in (case.findtext("system-out") or "")
    assert main(["run", str(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["warnings"], len(document["scenarios"][0]["warnings"])) == (2, 2)


@pytest.mark.parametrize(("flags", "key"), [(["--fail-on", "warning"], ""), ([], "fail_on: [warning]\n")])
def test_warnings_fail_a_scenario_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], key: str
) -> None:
    (tmp_path / "typo.yaml").write_text(key + TYPO)
    assert main(["run", str(tmp_path), *flags]) == 1
    out = capsys.readouterr().out
    assert "every step was as expected, but there were findings: warning UNKNOWN_PROPERTY in POST" in out


def test_a_scenarios_application_has_the_number_that_start_would_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file of the description of the language passes as it stands."""
    (tmp_path / "sales.yaml").write_text(
        """\
name: Caller picks sales
description: One line for reports.
app: ivr
phones:
  "+14045550199": {answer: {after: 3, as: machine}, greeting: 6, beep: true}
steps:
  - dial: {from: "+46700000001"}
  - expect: {callback: ice, to.endpoint: "+14045550100"}
  - hear: Welcome
  - press: "1"
  - expect: {callback: pie, menuResult.value: sales}
  - wait: 30
  - hang_up: caller
  - expect: {callback: dice, reason: CALLERHANGUP, result: ANSWERED}
  - expect_call: {status: FINAL, duration: ">= 30"}
"""
    )
    assert main(["run", str(tmp_path / "sales.yaml")]) == 0
    assert main(["run", str(tmp_path / "sales.yaml"), "--number", "+46850000001"]) == 1
    assert 'expected "+14045550100", came "+46850000001"' in capsys.readouterr().out


@pytest.mark.parametrize(("name", "copied"), [("ivr/sales", "sales.yaml"), ("outcomes", "busy.yaml")])
def test_the_name_of_a_bundled_scenario_is_told_how_to_copy_it(
    name: str, copied: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["run", name])
    told = capsys.readouterr().err
    assert f"`sinch-simulator scenario copy {name} .`" in told
    assert copied in told


def test_json_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(folder), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["passed"], document["failed"]) == (1, 1)
    good, bad = document["scenarios"]
    assert (good["file"], good["name"], good["passed"], good["failure"]) == (
        f"{folder}/a_good.yaml",
        "Good",
        True,
        None,
    )
    assert good["seconds"] >= 0
    assert (bad["failure"]["step"], bad["failure"]["line"]) == (2, 5)
    assert "Goodbye" in bad["failure"]["message"]


def test_junit_has_a_test_case_for_each_scenario(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert main(["run", str(folder), "--junit", str(report)]) == 1
    suite = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    good, bad = suite.findall("testcase")
    assert (good.get("name"), bad.get("name")) == ("Good", "Bad & <ugly>")
    failure = bad.find("failure")
    assert failure is not None
    assert "Goodbye" in (failure.get("message") or "")
    assert "ICE answered" in (failure.text or "")


def test_a_filter_chooses_by_name_and_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(folder), "--filter", "gOOd"]) == 0
    assert main(["run", str(folder), "--filter", "b_bad"]) == 1
    assert main(["run", str(folder), "--filter", "nothing"]) == 2
    assert "none of 2 scenarios has 'nothing' in its name" in capsys.readouterr().err


def test_the_first_failure_can_end_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        (tmp_path / f"{number}.yaml").write_text(BAD)
    assert main(["run", str(tmp_path), "--fail-fast", "--jobs", "1", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["scenarios"]) == 1


def test_repetitions_have_seeds_of_their_own_and_repeat_to_the_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)

    def ladders() -> list[str]:
        assert main(["run", str(tmp_path), "--repeat", "3", "--seed", "7", "--json"]) == 1
        scenarios = json.loads(capsys.readouterr().out)["scenarios"]
        return ["\n".join(each["failure"]["ladders"]).replace("http://", "")[:100] for each in scenarios]

    first = ladders()
    assert len(set(first)) == 3
    assert ladders() == first


def test_all_mistakes_of_files_are_told_and_nothing_is_played(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c.yaml").write_text("steps:\n  - dail: {}\n  - wait: soon\n")
    with pytest.raises(SystemExit, match="2"):
        main(["run", str(folder)])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f'{folder}/c.yaml:2:5: unknown step "dail"; did you mean "dial"?',
        f'{folder}/c.yaml:3:11: wait: seconds: "soon" is not a number; '
        "write seconds as a number from 0 to 604800, like 2.5",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name files or folders"),
        (["only_phones.yaml"], "it has phones but no steps"),
        (["no_app.yaml"], "who answers? Give --callback-url URL, or name a bundled `app:`"),
        (["good.yaml", "--callback-url", "nope"], '--callback-url: "nope" is not a URL'),
        (["good.yaml", "--application", "nope"], "--application: expected KEY:SECRET"),
        (["good.yaml", "--project", "a:b:c"], "--project: it is of the one application that the app knows"),
        (["good.yaml", "--service-plan", "a:b"], "--service-plan: it is of the one application that the app knows"),
        (["good.yaml", "--application", "k:c2VjcmV0", "--project", "a"], "--project: expected PROJECT:KEYID:KEYSECRET"),
        (["good.yaml", "--simulator", "http://127.0.0.1:9"], "no simulator answers at http://127.0.0.1:9"),
        (["good.yaml", "--junit", "nowhere/report.xml"], "--junit: nowhere/report.xml cannot be written"),
        (["good.yaml", "--record", "nowhere/out.yaml"], "--record: nowhere/out.yaml cannot be written"),
        ([".", "--filter", "go", "--repeat", "2", "--record", "out.yaml"], "--record: one scenario at a time"),
        (["--simulator", "http://127.0.0.1:9", "--record", "out.yaml"], "--record: no simulator answers"),
        (["population.yaml", "good.yaml"], "a file with a population is run alone"),
        (["population.yaml", "--fail-on", "warning"], "--fail-on is for scenarios with steps"),
        (["good.yaml", "--calls-on-stdin"], "--calls-on-stdin is for a file with a population"),
        (["population.yaml", "--junit", "report.xml"], "--junit is for scenarios with steps"),
    ],
)
def test_a_wrong_use_is_one_line(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "only_phones.yaml").write_text('phones: {"+14045550198": {busy: {}}}')
    (tmp_path / "no_app.yaml").write_text(GOOD.replace("app: ivr\n", ""))
    (tmp_path / "population.yaml").write_text("app: ivr\npopulation: {people: [{share: rest}]}")
    assert main(["run", *arguments]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line


def test_an_application_that_the_app_knows_is_played_in_one_after_the_other(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SINCH_APPLICATION_KEY", "my-key")
    monkeypatch.setenv("SINCH_APPLICATION_SECRET", "c2VjcmV0")
    assert main(["run", str(folder), "--repeat", "2", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] == 2


def test_an_app_that_knows_another_application_is_hinted_at(
    folder: Path, clean_environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    import socket
    import subprocess
    import sys

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sinch_simulator.samples.ivr", str(port)]
    good, url = str(folder / "a_good.yaml"), f"http://127.0.0.1:{port}/"
    with subprocess.Popen(command, env=clean_environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            assert main(["run", good, "--callback-url", url]) == 1
            out = capsys.readouterr().out
            assert "the app failed callback ice of call" in out
            assert "--application KEY:SECRET" in out
            known = f"{DEFAULT_KEY}:{DEFAULT_SECRET}"
            assert main(["run", good, "--callback-url", url, "--application", known]) == 0
        finally:
            process.terminate()


def test_a_recording_is_written_and_can_be_read(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "recorded.yaml"
    assert main(["run", str(folder / "a_good.yaml"), "--record", str(out)]) == 0
    assert load_file(out).name == "recorded"


def test_a_population_gives_a_report_and_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, page = tmp_path / "population.yaml", tmp_path / "page.html"
    file.write_text("app: ivr\npopulation: {people: [{share: rest, phone: {then: [{wait: 9}, {hang_up: true}]}}]}")
    assert main(["run", str(file), "--calls", "30", "--concurrency", "10", "--html", str(page), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["calls"] == 30
    assert "30 calls in" in page.read_text()
    assert main(["run", str(file), "--calls", "10", "--callback-url", "http://127.0.0.1:9/"]) == 1
    assert "ice unreachable" in capsys.readouterr().out


def test_a_simulator_that_runs_is_left_as_it_was(
    folder: Path, clean_environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    import subprocess
    import sys
    import urllib.request

    command = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--application", "k:c2VjcmV0"]
    with subprocess.Popen(command, env=clean_environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]

            def state() -> object:
                answers = []
                for path in ("applications", "calls"):
                    with urllib.request.urlopen(f"{url}/_simulator/{path}") as answer:
                        answers.append(json.load(answer))
                return answers

            before = state()
            good = str(folder / "a_good.yaml")
            assert main(["run", good, "--simulator", url, "--application", "k:c2VjcmV0"]) == 0
            assert main(["run", good, "--simulator", url]) == 0
            assert state() == before
        finally:
            process.terminate()


def test_the_catalogue_is_listed_shown_and_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "list"]) == 0
    assert "ivr/sales" in capsys.readouterr().out
    assert main(["scenario", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["scenarios"]
    assert {each["app"] for each in listed} >= {"ivr", "voicemail_drop", "call_centre", "call_back"}
    assert main(["scenario", "show", "ivr/sales"]) == 0
    assert capsys.readouterr().out == (FOLDER / "ivr" / "sales.yaml").read_text()
    assert main(["scenario", "copy", "ivr/sales", str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/mine/sales.yaml\n"
    assert (tmp_path / "mine" / "sales.yaml").read_text() == (FOLDER / "ivr" / "sales.yaml").read_text()
    assert main(["scenario", "copy", "ivr/sales", str(tmp_path / "mine")]) == 2
    assert main(["scenario", "copy", "ivr/sales", str(tmp_path / "mine"), "--force"]) == 0
    assert main(["scenario", "copy", "all", str(tmp_path / "everything")]) == 0
    assert len(list((tmp_path / "everything").rglob("*.yaml"))) == len(listed)


def test_a_scenario_that_is_not_bundled_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "show", "ivr/sale"]) == 2
    assert 'did you mean "ivr/sales"?' in capsys.readouterr().err


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "A scenario of sinch-simulator"


def test_the_phones_of_files_are_loaded_at_the_start(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "phones.yaml").write_text("""phones: {"+14045550198": {bussy: {}}}""")
    finished = run_command("start", "--port", "0", "--scenario", str(tmp_path / "phones.yaml"))
    assert finished.returncode == 2
    assert 'phones.yaml:1:27: phone: unknown key "bussy"' in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


async def test_an_application_that_is_borrowed_has_the_numbers_of_the_file_and_its_own_again(tmp_path: Path) -> None:
    file = tmp_path / "sales.yaml"
    file.write_text(
        'name: A number of its own\napp: ivr\nnumbers: ["+46850000001"]\nsteps:\n'
        '  - dial: {from: "+46700000001"}\n  - expect: {callback: ice, to.endpoint: "+46850000001"}\n'
    )
    async with wired(callback_url=None) as sim:
        known = f"{DEFAULT_KEY}:{DEFAULT_SECRET}"
        command = ["run", str(file), "--simulator", sim.server.url, "--application", known]
        assert await asyncio.to_thread(main, command) == 0
        [application] = (await sim.control("GET", "/applications"))["applications"]
        assert application["numbers"] == [DEFAULT_NUMBER]


CALLERS = "app: ivr\npopulation: {people: [{share: rest, phone: {then: [{wait_for: menu}, {hang_up: true}]}}]}"


def test_calls_are_played_as_they_are_ordered_on_stdin(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "population.yaml").write_text(CALLERS)
    finished = run_command("run", "population.yaml", "--calls-on-stdin", stdin="\n".join(map(str, range(23))))
    worlds = [json.loads(line) for line in finished.stdout.splitlines()]
    assert finished.returncode == 0, finished.stderr
    assert sorted(number for world in worlds for number in world["numbers"]) == list(range(23))
    assert max(len(world["numbers"]) for world in worlds) == 10
    for world in worlds:
        calls = len(world["numbers"])
        assert world["tally"]["calls"] == calls
        assert Counter(event for event, _, _ in world["callbacks"]) == {"ice": calls, "pie": calls, "dice": calls}
        assert {outcome for _, outcome, _ in world["callbacks"]} == {"answered"}


def test_an_order_that_is_no_number_ends_the_run_with_one_line(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "population.yaml").write_text(CALLERS)
    finished = run_command("run", "population.yaml", "--calls-on-stdin", stdin="1\ntwo\n")
    assert finished.returncode == 2
    assert finished.stderr == (
        "sinch-simulator: stdin: 'two' is no number of a call; expected a whole number in each line\n"
    )


async def test_an_app_sends_texts_with_the_credentials_that_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service plan is said by a flag, the project's access key by the environment."""
    file = tmp_path / "text.yaml"
    file.write_text(
        "steps:\n  - dial: {from: '+46700000001'}\n  - expect: ice\n"
        "  - expect_message: {to: '+46700000001', text: by plan}\n"
        "  - expect_message: {to: '+46700000001', text: by project}\n"
    )
    monkeypatch.setenv("SINCH_PROJECT_ID", "my-project")
    monkeypatch.setenv("SINCH_KEY_ID", "my-key")
    monkeypatch.setenv("SINCH_KEY_SECRET", "my-secret")
    async with wired(clock="auto") as sim:

        async def send(id_: str, token: str, text: str) -> None:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = {"to": ["+46700000001"], "from": "+14045550100", "body": text}
            assert (await sim.request("POST", f"/xms/v1/{id_}/batches", body, headers=headers)).status == 201

        async def answer(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            await send("my-plan", "my-token", "by plan")
            form = {**basic("my-key", "my-secret"), "Content-Type": "application/x-www-form-urlencoded"}
            issued = await sim.request("POST", "/oauth2/token", raw=b"grant_type=client_credentials", headers=form)
            await send("my-project", issued.json["access_token"], "by project")
            return web.json_response({"action": {"name": "hangup"}})

        sim.webhook.responders["ice"] = answer
        command = ["run", str(file), "--simulator", sim.server.url, "--callback-url", sim.webhook.url]
        command += ["--application", "own:c2VjcmV0", "--service-plan", "my-plan:my-token"]
        assert await asyncio.to_thread(main, command) == 0
