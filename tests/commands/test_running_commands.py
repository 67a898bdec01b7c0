"""The commands for a simulator that runs already, as somebody at a keyboard uses them."""

import base64
import json
import socket
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sinch_simulator import blocking
from sinch_simulator.cli import main
from sinch_simulator.config import ApplicationConfig, ServerConfig
from sinch_simulator.embedded.loop_thread import LoopThread
from sinch_simulator.server.app import SimulatorServer
from support.app_that_verifies import start
from support.command_line import Typed

ANNA = "+46700000001"
BEN = "+14045550199"


def test_a_person_calls_hears_a_menu_presses_a_key_and_is_answered(typed: Typed, company: blocking.Application) -> None:
    dialled = typed("phone", ANNA, "dial")
    [call] = company.calls
    assert dialled.out == f"{ANNA} calls +14045550100: call {call.id[:8]}\n"
    typed("clock", "--advance", "2")
    pressed = typed("phone", ANNA, "press", "1")
    assert pressed.out == f'{ANNA} presses 1: call {call.id[:8]}\n  hears "Goodbye"\n'
    typed("clock", "--advance", "5")
    assert [callback.event for callback in company.callbacks] == ["ice", "pie", "dice"]
    assert call.ended


def test_the_numbers_are_listed_with_what_each_leads_to(typed: Typed, company: blocking.Application) -> None:
    plan = company.service_plan_id
    [line] = typed("numbers").out.splitlines()
    assert line.split("  ") == [
        "+14045550100", "US LOCAL", "SMS, VOICE", "calls to application commands", f"texts to service plan {plan}",
    ]  # fmt: skip
    wanted = {"regionCode": "SE", "type": "LOCAL", "voiceConfiguration": {"type": "EST", "trunkId": "T1"}}
    path = f"{company.url}/v1/projects/{company.project_id}/availableNumbers:rentAny"
    credentials = base64.b64encode(f"{company.key_id}:{company.key_secret}".encode()).decode()
    request = urllib.request.Request(path, json.dumps(wanted).encode(), {"Authorization": f"Basic {credentials}"})
    with urllib.request.urlopen(request) as response:
        number = json.load(response)["phoneNumber"]
    rented = typed("numbers").out.splitlines()[1]
    assert rented.startswith(number)
    assert "calls to nobody (waiting)" in rented
    assert rented.endswith("texts to nobody")
    company.advance(seconds=2)
    assert "calls to SIP trunk T1" in typed("numbers").out
    assert json.loads(typed("numbers", "--json").out)["numbers"][1]["voice"] == {"type": "EST", "id": "T1"}


@pytest.mark.parametrize("written", ["+46 70 000 00 01", "+46-70-000-00-01", "+46 (0)70 000 00 01", "46700000001"])
def test_a_number_may_be_written_as_people_write_it(written: str, typed: Typed, company: blocking.Application) -> None:
    assert typed("phone", written, "dial", "+1 404 555-0100").out.startswith(f"{ANNA} calls +14045550100: call ")
    [call] = company.calls
    assert typed("phone", written, "hang-up").out.startswith(f"{ANNA} hangs up: call {call.id[:8]}")


@pytest.mark.parametrize("name", ["anna", "user-4.b_2=", "anna@example.com"])
def test_users_and_sip_addresses_dial_as_they_are_called(
    name: str, typed: Typed, company: blocking.Application
) -> None:
    assert typed("phone", name, "dial", "+14045550100").out.startswith(f"{name} calls +14045550100: call ")


def test_every_number_of_a_pattern_may_be_somebody(typed: Typed, company: blocking.Application) -> None:
    assert typed("phone", "+1404*", "is", "busy").out.startswith("+1404* is ")


def test_a_key_that_does_nothing_is_told_with_why(typed: Typed, company: blocking.Application) -> None:
    typed("phone", ANNA, "dial")
    [call] = company.calls
    typed("clock", "--advance", "2")
    typed("phone", ANNA, "press", "1")  # the menu's; its answer is a message
    pressed = typed("phone", ANNA, "press", "7").out.splitlines()
    assert pressed[:2] == [f"{ANNA} presses 7: call {call.id[:8]}", "  the key 7 does nothing: no menu is open"]
    shown = typed("show", call.id).out
    assert "the key 7 does nothing: no menu is open" in shown
    assert "DigitPressed" not in shown
    assert "PROMPTING" not in [word.strip("()") for word in shown.split() if word.startswith("(")]


def test_a_person_speaks_and_hangs_up(typed: Typed, company: blocking.Application) -> None:
    typed("phone", ANNA, "dial", "+14045550100")
    [call] = company.calls
    assert "presses" not in typed("phone", ANNA, "say", "the", "sales", "please").out
    assert typed("phone", ANNA, "hang-up").out.startswith(f"{ANNA} hangs up: call {call.id[:8]}\n")
    assert call.reason == "CALLERHANGUP"
    assert "speech" in [entry["kind"] for entry in call.timeline]


def test_a_phone_texts_and_shows_what_has_arrived(typed: Typed, company: blocking.Application) -> None:
    assert typed("phone", ANNA, "inbox").out == f"nothing has arrived at {ANNA}\n"
    assert typed("phone", ANNA, "text", "JOIN").out.startswith(f"{ANNA} texts +14045550100: message ")
    [joined] = company.messages(direction="inbound")
    assert (joined.sender, joined.text) == (ANNA, "JOIN")
    client = company.sinch_client()
    client.sms.batches.send(to=[ANNA], from_=company.number, body="Welcome", delivery_report="none")
    client.configuration.transport.http_session.close()
    typed("clock", "--advance", "1")
    assert typed("phone", ANNA, "inbox").out.split()[-2:] == [company.number, "Welcome"]


def test_a_phone_in_the_hand_rings_until_it_is_answered_or_declined(
    typed: Typed, company: blocking.Application
) -> None:
    typed("phone", BEN, "is", "by-hand")
    call = company.callout(BEN, text="Hello", enableAce=True)
    typed("clock", "--advance", "20")
    assert call.state == "DIALING"
    assert typed("phone", BEN, "answer").out == f"{BEN} picks up: call {call.id[:8]}\n"
    assert call.answered
    other = company.callout(BEN, text="Hello")
    assert typed("phone", BEN, "decline", "--as", "busy", "--json").json["result"] == "BUSY"
    assert other.ended


def test_calls_are_listed_shown_and_written_as_a_page(
    typed: Typed, company: blocking.Application, tmp_path: Path
) -> None:
    call = company.dial(from_=ANNA)
    call.hang_up()
    short = call.id[:8]
    [row] = typed("calls").out.splitlines()
    assert row.split()[0] == short
    assert f"{ANNA}  -> +14045550100  ANSWERED, CALLERHANGUP" in row
    assert [each["callId"] for each in typed("calls", "--status", "FINAL", "--json").json["calls"]] == [call.id]
    assert typed("calls", "--status", "ONGOING").out == ""
    shown = typed("show", short).out
    assert "caller -> sinch   hangs up" in shown
    assert f"  {short}.1  ICE   200 in " in shown
    document = typed("show", call.id, "--json").json
    assert (document["call"]["callId"], len(document["callbacks"])) == (call.id, 2)
    typed("show", short, "--html", str(tmp_path / "call.html"))
    assert f"{ANNA}</span> →" in (tmp_path / "call.html").read_text()


def test_a_verification_is_shown_like_a_call(typed: Typed, company: blocking.Application, tmp_path: Path) -> None:
    verification_id = start(company)["id"]
    company.advance(seconds=301)
    short = verification_id[:8]
    shown = typed("show", short).out
    assert "the verification has ended: FAIL, Expired" in shown
    assert f"verification {verification_id}: FAIL, Expired" in shown
    assert f"  {short}.VerificationRequestEvent " in shown
    document = typed("show", verification_id, "--json").json
    assert len(document["callbacks"]) == 3
    typed("show", short, "--html", str(tmp_path / "verification.html"))
    assert "Your verification code is" in (tmp_path / "verification.html").read_text()


def test_what_has_arrived_at_a_phone_is_listed(typed: Typed, company: blocking.Application) -> None:
    assert typed("phone", ANNA, "inbox").out == f"nothing has arrived at {ANNA}\n"
    start(company)
    start(company, "flashcall")
    company.advance(seconds=10)
    text, missed = typed("phone", ANNA, "inbox").out.splitlines()
    assert text.split()[1:] == ["Sinch", "Your", "verification", "code", "is", company.verifications[0].code]
    assert missed.split()[1] == company.verifications[1].cli
    assert "(missed call, 10.0 s)" in missed


def test_a_callback_is_sent_again(typed: Typed, company: blocking.Application) -> None:
    call = company.dial(from_=ANNA)
    call.hang_up()
    sent = typed("resend", f"{call.id[:8]}.2")
    assert sent.code == 0
    assert sent.out.startswith("DiCE to ")
    assert [callback.event for callback in company.callbacks].count("dice") == 2
    company.callback_url = "http://127.0.0.1:9/"
    assert typed("resend", f"{call.id}.1", "--json").json["outcome"] == "answered"  # it goes where it went before


def test_the_clock_is_looked_at_changed_and_moved(typed: Typed, company: blocking.Application) -> None:
    began = company.now
    assert "manual" in typed("clock").out
    assert "stands still, waiting for an advance: the clock is manual" in typed("clock", "--advance", "90").out
    assert (company.now - began).total_seconds() == 90
    assert typed("clock", "auto", "--json").json["mode"] == "auto"
    assert ", 3 times as fast" in typed("clock", "realtime", "--speed", "3").out


@pytest.mark.parametrize(
    ("word", "persona"),
    [
        ("busy", {"busy": {"after": 1.0}}),
        ("no-answer", {"no_answer": {}}),
        ('{"reject": {"after": 3}}', {"reject": {"after": 3.0}}),
    ],
)
def test_a_phone_becomes_what_a_word_or_json_says(
    word: str, persona: dict[str, object], typed: Typed, company: blocking.Application
) -> None:
    assert typed("phone", BEN, "is", word, "--json").json == persona
    assert company.phone(BEN).persona == persona


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["phone", BEN, "press", "1"], f"{BEN} is in no call; `phone {BEN} dial` makes one"),
        (["phone", BEN, "answer"], f"{BEN} does not ring"),
        (["phone", "bogus!!", "dial"], '"bogus!!" is no address of a phone; expected a number (+46700000001), a user'),
        (["phone", "+46 70 00 x", "dial"], '"+46 70 00 x" is no address of a phone'),
        (["phone", "*", "dial"], '"*" is no address of a phone'),
        (["phone", BEN, "dial", "to whom?"], '"to whom?" is no address of a phone'),
        (["phone", "", "inbox"], '"" is no address of a phone'),
        (["phone", BEN, "is", "{}", "then"], "this JSON cannot be read"),
        (["phone", BEN, "press"], "KEYS is missing"),
        (["phone", BEN, "say"], "TEXT: what is said is missing"),
        (["phone", BEN, "hang-up", "now"], "hang-up takes nothing after it, got 'now'"),
        (["phone", BEN, "dial", "1", "2"], "dial takes one number"),
        (["phone", BEN, "is", "bussy"], '"bussy" is not known; did you mean "busy"?'),
        (["phone", BEN, "is", "{busy}"], "this JSON cannot be read"),
        (["phone", BEN, "is", '{"bussy": {}}'], "busy"),
        (["phone", BEN, "dial", "--to", "+1"], "--to is for text"),
        (["phone", BEN, "dial", "--as", "fax"], "--as is for answer and decline"),
        (["show", "nobody"], "no call's id begins with 'nobody'; `sinch-simulator calls` lists them"),
        (["show", ""], "no call's id begins with ''"),
        (["resend", "nothing"], "there is no callback 'nothing'"),
        (["clock", "--speed", "2", "manual"], "the manual clock has no speed"),
        (["clock", "--advance", "-1"], "seconds"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_what_would_be_right(words: list[str], told: str, typed: Typed) -> None:
    refused = typed(*words)
    assert (refused.code, refused.out) == (2, "")
    [line] = refused.err.splitlines()
    assert told in line


def test_two_calls_that_begin_alike_are_not_mistaken_for_each_other(
    typed: Typed, company: blocking.Application
) -> None:
    ids = [company.dial(from_=ANNA).id for _ in range(17)]  # of hexadecimal digits: two begin with the same
    first, count = Counter(each[0] for each in ids).most_common(1)[0]
    assert f"{count} calls begin with {first!r}; give more of the id" in typed("show", first).err


def test_a_session_is_shown_by_its_call_or_names_its_calls(typed: Typed, company: blocking.Application) -> None:
    def dialled(*numbers: str) -> list[dict[str, object]]:
        return [{"command": "dial", "to": {"type": "PHONE", "phone": {"number": number}}} for number in numbers]

    alone, both = company.start_call(dialled(ANNA)), company.start_call(dialled(ANNA, BEN))
    [only] = alone.calls.values()
    assert f"call {only.id}" in typed("show", alone.id).out
    ids = ", ".join(call.id for call in both.calls.values())
    assert f"is a session of 2 calls; show one of them: {ids}" in typed("show", both.id).err


@pytest.mark.parametrize("command", [["calls"], ["clock"], ["show", "x"], ["resend", "x"], ["phone", BEN, "dial"]])
def test_without_a_simulator_it_is_said_how_to_start_one(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert main([*command, "--url", url]) == 2
    assert capsys.readouterr().err == (
        f"sinch-simulator: no simulator runs at {url}; start one with `sinch-simulator start`, "
        "or say with --url where it runs\n"
    )


@pytest.mark.parametrize(
    ("typed_so_far", "completed"),
    [(["phone", BEN, ""], "hang-up"), (["phone", BEN, "is", "by"], "by-hand"), (["clock", "ma"], "manual")],
)
def test_a_shell_completes_what_is_typed(
    typed_so_far: list[str], completed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(typed_so_far, monkeypatch)
    assert f"plain,{completed}" in capsys.readouterr().out.splitlines()


def test_a_shell_completes_the_ids_of_calls(
    company: blocking.Application, simulator: blocking.Simulator, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    call = company.dial(from_=ANNA)
    complete(["show", "--url", simulator.url, "--application", company.key, call.id[:4]], monkeypatch)
    assert capsys.readouterr().out == f"plain,{call.id}\n"


@pytest.mark.parametrize("by", ["--control-token", "environment"])
def test_a_shell_completes_the_ids_of_calls_of_a_simulator_that_asks_for_its_token(
    by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with guarded("token-of-the-test") as (url, call_id):
        if by == "environment":
            monkeypatch.setenv("SINCH_SIMULATOR_CONTROL_TOKEN", "token-of-the-test")
        # What stands there is no proxy: nothing is asked of it.
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        given = ["--control-token", "token-of-the-test"] if by == "--control-token" else []
        complete(["show", "--url", url, *given, call_id[:4]], monkeypatch)
        assert capsys.readouterr().out == f"plain,{call_id}\n"
        monkeypatch.delenv("SINCH_SIMULATOR_CONTROL_TOKEN", raising=False)
        complete(["show", "--url", url, call_id[:4]], monkeypatch)
        assert capsys.readouterr().out.strip() == ""


@contextmanager
def guarded(token: str) -> Iterator[tuple[str, str]]:
    """A simulator that asks for this token, from a thread of its own; its URL, and the id of a call there."""
    thread = LoopThread("guarded")
    thread.start()
    numbered = ApplicationConfig(numbers=("+14045550100",))
    server = thread.submit(_made(ServerConfig(port=0, applications=(numbered,), control_token=token))).result()
    try:
        yield server.url, thread.submit(_dialled(server)).result()
    finally:
        thread.submit(server.stop()).result()
        thread.stop()


async def _made(config: ServerConfig) -> SimulatorServer:
    server = SimulatorServer(config)
    await server.start()
    return server


async def _dialled(server: SimulatorServer) -> str:
    answer = await server.answer("POST", "/_simulator/calls", {}, json.dumps({"from": ANNA}).encode())
    call_id: str = json.loads(answer.body)["callId"]
    return call_id


def complete(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks as bash does: the last word is the one under the cursor."""
    monkeypatch.setenv("_SINCH_SIMULATOR_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["sinch-simulator", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with pytest.raises(SystemExit):
        main([])
