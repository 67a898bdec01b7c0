"""``check-signature`` against apps that check well, not at all, or wrongly; and what a refused callback says."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request

from sinch_simulator import Simulator, verify
from sinch_simulator.cli import main
from sinch_simulator.core.signing import string_to_sign
from support.served_apps import served_wsgi

KEY, SECRET = "11111111-2222-4333-8444-555555555555", base64.b64encode(b"a secret of this app").decode()
PAIR = f"{KEY}:{SECRET}"

Check = Callable[[], tuple[bool, str]]
"""Whether the present request is taken, and what is said when it is not."""


def app_that(check: Check) -> Flask:
    """A webhook with this check of signatures."""
    app = Flask("voice")

    @app.post("/voice")
    def voice() -> Any:
        taken, said = check()
        return Response("{}", mimetype="application/json") if taken else Response(said, 401)

    return app


def right() -> tuple[bool, str]:
    return verify(
        SECRET, application_key=KEY, headers=dict(request.headers), path=request.path, body=request.get_data(),
        wall_time=time.time(),
    ), "no"  # fmt: skip


def right_for_v2() -> tuple[bool, str]:
    assert request.headers["ce-type"] == "com.sinch.voice.call.control.v1"
    assert request.get_json()["event"] == "call.incoming"
    return verify(
        SECRET, application_key=KEY, headers=dict(request.headers), path=request.path, body=request.get_data(),
        wall_time=time.time(), scheme="service",
    ), "no"  # fmt: skip


def careless() -> tuple[bool, str]:
    return True, ""


def own(key: bytes, body: bytes) -> tuple[bool, str]:
    timestamp = request.headers.get("x-timestamp", "")
    text = string_to_sign("POST", body, request.headers["Content-Type"], timestamp, "/voice")
    computed = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    given = request.headers.get("Authorization", "").rpartition(":")[2]
    return given == computed, f"computed {computed}"


def undecoded() -> tuple[bool, str]:
    return own(SECRET.encode(), request.get_data())


def dumped_again() -> tuple[bool, str]:
    return own(base64.b64decode(SECRET), json.dumps(request.get_json()).encode())


def of_another() -> tuple[bool, str]:
    return own(b"quite another secret", request.get_data())


@pytest.mark.parametrize(
    ("check", "code", "told"),
    [
        (right, 0, ["ok     genuine      200", "ok     unsigned     401"]),
        (careless, 1, ["ok     genuine", "WRONG  forged       200: expected 401 or 403", "WRONG  stale"]),
        (undecoded, 1, ["WRONG  genuine      401: expected a 2xx status", "base64-decode the application secret"]),
        (dumped_again, 1, ["The app's mistake: Line 2 (Content-MD5) of the string-to-sign differs"]),
        (of_another, 1, ["It may know another application or secret than"]),
    ],
)
def test_the_command_says_what_an_app_takes_and_its_mistake(
    check: Check, code: int, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with served_wsgi(app_that(check)) as url:
        assert main(["check-signature", "--callback-url", f"{url}/voice", "--application", PAIR]) == code
    out = capsys.readouterr().out
    assert [text for text in told if text not in out] == [], out


@pytest.mark.parametrize(
    ("check", "code", "told"),
    [
        (right_for_v2, 0, ["ok     genuine      200", "ok     changed body 401", "ok     unsigned     401"]),
        (right, 1, ["WRONG  genuine      401", "The app takes the scheme Application, not Service"]),
        (undecoded, 1, ["WRONG  genuine      401: expected a 2xx status", "base64-decode the application secret"]),
    ],
)
def test_an_app_of_v2_is_checked_with_events_of_v2(
    check: Check, code: int, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with served_wsgi(app_that(check)) as url:
        assert main(["check-signature", "--v2", "--callback-url", f"{url}/voice", "--application", PAIR]) == code
    out = capsys.readouterr().out
    assert [text for text in told if text not in out] == [], out


def test_the_credentials_may_be_those_of_a_simulator_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with Simulator.in_thread() as simulator, served_wsgi(app_that(right)) as url:
        simulator.create_application(key=KEY, secret=SECRET)
        arguments = ["check-signature", "--callback-url", f"{url}/voice", "--url", simulator.url, "--json"]
        assert main([*arguments, "--application", KEY]) == 0
        assert json.loads(capsys.readouterr().out)["passed"] is True
        assert main([*arguments, "--application", "nobody"]) != 0


@pytest.mark.parametrize(
    ("check", "hint"),
    [
        (undecoded, "The answer shows what the app computed: The HMAC key is wrong"),
        (dumped_again, "The answer shows what the app computed: Line 2 (Content-MD5)"),
        (of_another, "Usual mistakes: the secret is not base64-decoded"),
        (lambda: (False, "<p>CSRF verification failed.</p>"), "csrf_exempt"),
    ],
)
def test_a_callback_that_an_app_refuses_says_what_was_signed_and_the_likely_mistake(check: Check, hint: str) -> None:
    with Simulator.in_thread() as simulator:
        application = simulator.create_application(key=KEY, secret=SECRET)
        application.mount(app_that(check), at="/voice")
        ice = application.dial(from_="+46700000001").callbacks[0]
    [finding] = [one for one in ice.diagnostics if one["code"] == "CALLBACK_REFUSED"]
    assert 'Signed was "POST\\n' in finding["message"]
    assert "\\n/voice" in finding["message"]
    assert ice.headers["authorization"] in finding["message"]
    assert '"event":"ice"' in finding["message"]
    assert SECRET not in finding["message"]
    assert hint in finding["hint"]
