"""Webhooks without a socket: functions, WSGI and ASGI applications get signed callbacks, and fail like served ones."""

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from flask import Flask, request

from sinch_simulator import Simulator, SimulatorError, blocking, explain, sign, verify
from sinch_simulator.server import app_work
from support.pure_world import say, svaml

ANNA = "+46700000001"
HANGUP = svaml("hangup", say("Goodbye"))


class Asgi:
    """An ASGI application that remembers what it was handed."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.headers: dict[str, str] = {}
        self.body = b""
        self.threads: set[str] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.threads.add(threading.current_thread().name)
        if scope["type"] == "lifespan":
            for phase in ("startup", "shutdown"):
                assert (await receive())["type"] == f"lifespan.{phase}"
                self.seen.append(phase)
                await send({"type": f"lifespan.{phase}.complete"})
            return
        self.seen.append(f"{scope['method']} {scope['path']}")
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(HANGUP).encode()})


def wsgi_app() -> Flask:
    flask = Flask("voice")

    @flask.post("/voice/in")
    def voice() -> Any:
        assert request.headers["Host"] == "app.test"
        return HANGUP if request.get_json()["event"] == "ice" else {}

    return flask


def test_a_wsgi_application_is_handed_its_callbacks(app: blocking.Application) -> None:
    app.mount(wsgi_app(), at="/voice/in")
    call = app.dial(from_=ANNA).wait_for("ended")
    assert call.heard == ["Goodbye"]
    assert [(callback.url, callback.status) for callback in call.callbacks] == [("http://app.test/voice/in", 200)] * 2


def test_an_asgi_application_starts_up_gets_its_callbacks_and_shuts_down(simulator: blocking.Simulator) -> None:
    asgi = Asgi()
    application = simulator.create_application()
    application.mount(asgi, at="https://voice.example/in")
    application.dial(from_=ANNA).wait_for("ended")
    application.close()
    assert asgi.seen == ["startup", "POST /in", "POST /in", "shutdown"]
    assert asgi.threads == {"sinch-apps"}
    assert asgi.headers["host"] == "voice.example"


async def test_in_an_event_loop_an_asgi_application_runs_in_that_loop() -> None:
    asgi = Asgi()
    async with Simulator() as simulator:
        application = await simulator.create_application()
        await application.mount(asgi)
        call = await application.dial(from_=ANNA)
        await call.wait_for("ended")
    assert asgi.threads == {threading.current_thread().name}
    assert asgi.seen[-1] == "shutdown"


def test_what_is_handed_over_is_signed_as_ever(app: blocking.Application) -> None:
    asgi = Asgi()
    app.mount(asgi, at="/voice")
    app.dial(from_=ANNA)
    about: dict[str, Any] = {
        "application_key": app.key,
        "headers": asgi.headers,
        "path": "/voice",
        "body": asgi.body,
        "wall_time": time.time(),
    }
    assert verify(app.secret, **about)
    assert explain(app.secret, **about) == ()
    assert explain(app.secret, **{**about, "body": b"{}"}) != ()


def test_a_function_answers_in_the_thread_of_the_test(app: blocking.Application) -> None:
    threads: list[str] = []

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        threads.append(threading.current_thread().name)
        return HANGUP

    app.mount(answer)
    app.dial(from_=ANNA).wait_for("ended")
    assert threads == [threading.current_thread().name] * 2


def test_a_callback_that_nobody_waits_for_waits_for_the_next_who_does(app: blocking.Application) -> None:
    threads: list[str] = []

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        threads.append(threading.current_thread().name)
        return HANGUP

    app.mount(answer)
    body = json.dumps({"method": "customCallout", "customCallout": {"cli": "+14045550100"}}).encode()
    post = urllib.request.Request(f"{app.url}/calling/v1/callouts", body, sign_request(app, body), method="POST")
    with urllib.request.urlopen(post) as response:
        call = app.call(json.load(response)["callId"])
    assert threads == []
    call.wait_for("ended")
    assert set(threads) == {threading.current_thread().name}


def test_under_the_realtime_clock_a_callback_waits_for_nobody(simulator: blocking.Simulator) -> None:
    answered = threading.Event()
    threads: list[str] = []

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        threads.append(threading.current_thread().name)
        answered.set()
        return HANGUP

    application = simulator.create_application(clock="realtime")
    application.mount(answer)
    body = json.dumps({"method": "customCallout", "customCallout": {"cli": "+14045550100"}}).encode()
    headers = sign_request(application, body)
    post = urllib.request.Request(f"{application.url}/calling/v1/callouts", body, headers, method="POST")
    with urllib.request.urlopen(post):
        assert answered.wait(10)
    assert threads[0] == "sinch-webhook"
    application.close()


def sign_request(app: blocking.Application, body: bytes) -> dict[str, str]:
    return sign(app.secret, application_key=app.key, url="/calling/v1/callouts", body=body)


def test_a_coroutine_function_answers_too(app: blocking.Application) -> None:
    async def answer(event: dict[str, Any]) -> dict[str, Any]:
        return HANGUP

    app.mount(answer)
    assert app.dial(from_=ANNA).wait_for("ended").heard == ["Goodbye"]


@pytest.mark.parametrize(
    ("reply", "status", "outcome"),
    [
        (HANGUP, 200, "answered"),
        (json.dumps(HANGUP), 200, "answered"),
        (json.dumps(HANGUP).encode(), 200, "answered"),
        ((201, HANGUP), 201, "answered"),
        (503, 503, "bad-status"),
        ((302, None), 302, "bad-status"),
        (None, 200, "bad-svaml"),
        ("hello", 200, "bad-svaml"),
    ],
)
def test_a_function_may_reply_in_many_ways(app: blocking.Application, reply: Any, status: int, outcome: str) -> None:
    app.mount(lambda event: reply)
    ice = app.dial(from_=ANNA).callbacks[0]
    assert (ice.status, ice.outcome) == (status, outcome)


def crash(event: dict[str, Any]) -> None:
    raise ValueError("no such caller")


async def crash_later(event: dict[str, Any]) -> None:
    raise ValueError("no such caller")


def crash_wsgi(environ: Any, start_response: Any) -> None:
    raise ValueError("no such caller")


async def crash_asgi(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("no such caller")


@pytest.mark.parametrize("broken", [crash, crash_later, crash_wsgi, crash_asgi])
def test_an_app_that_crashes_has_answered_with_500_and_its_traceback(app: blocking.Application, broken: Any) -> None:
    app.mount(broken)
    ice = app.dial(from_=ANNA).callbacks[0]
    assert (ice.status, ice.outcome) == (500, "bad-status")
    assert "ValueError: no such caller" in ice.reply


@pytest.mark.parametrize("clock", ["manual", "realtime"])
def test_an_app_that_takes_too_long_is_given_up(clock: str) -> None:
    never = threading.Event()
    with Simulator.in_thread(clock=clock, callback_timeout=0.1) as simulator:
        application = simulator.create_application()
        application.mount(lambda event: never.wait(0.3) if event["event"] == "ice" else None)
        call = application.dial(from_=ANNA).wait_for("ended")
        assert call.callbacks[0].outcome == "timeout"
        assert call.reason == "CALLBACKERROR"


def test_an_app_may_answer_when_the_simulator_is_gone() -> None:
    released = threading.Event()
    webhooks: list[threading.Thread] = []
    asked = threading.Event()

    def answer(event: dict[str, Any]) -> None:
        webhooks.append(threading.current_thread())
        asked.set()
        released.wait(10)

    with Simulator.in_thread(clock="realtime", callback_timeout=0.05) as simulator:
        application = simulator.create_application()
        application.mount(answer)
        body = json.dumps({"method": "customCallout", "customCallout": {"cli": "+14045550100"}}).encode()
        headers = sign_request(application, body)
        post = urllib.request.Request(f"{application.url}/calling/v1/callouts", body, headers, method="POST")
        with urllib.request.urlopen(post):
            assert asked.wait(10)
    released.set()
    for webhook in webhooks:
        webhook.join(10)


async def test_in_an_event_loop_too_an_app_that_takes_too_long_is_given_up() -> None:
    async def never(event: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    async with Simulator(callback_timeout=0.1) as simulator:
        application = await simulator.create_application()
        await application.mount(never)
        call = await application.dial(from_=ANNA)
        assert [callback.outcome for callback in call.callbacks] == ["timeout", "timeout"]


def test_a_webhook_cannot_wait_for_the_simulator_that_waits_for_it(app: blocking.Application) -> None:
    app.mount(lambda event: app.advance(seconds=1))
    ice = app.dial(from_=ANNA).callbacks[0]
    assert "this runs inside a webhook, which the simulator waits for" in ice.reply


@pytest.mark.parametrize("kind", ["function", "asgi"])
@pytest.mark.parametrize(
    "wait", [lambda app: app.advance(seconds=1), lambda app: app.settle(), lambda app: app.dial(from_=ANNA)]
)
async def test_nor_can_one_that_awaits_it(wait: Callable[[Any], Awaitable[object]], kind: str) -> None:
    async def answers(event: dict[str, Any]) -> None:
        if event["event"] == "ice" and len(application.calls) == 1:
            await wait(application)

    async def application_of_asgi(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await answers(json.loads((await receive())["body"]))

    async with Simulator() as simulator:
        application = await simulator.create_application(numbers=["+14045550100"])
        await application.mount(answers if kind == "function" else application_of_asgi)
        call = await application.dial(from_=ANNA)
        ice = next(callback for callback in application.callbacks if callback.call_id == call.id)
        assert "this runs inside a webhook, which the simulator waits for" in ice.reply
        assert len(application.calls) == 1


async def test_under_the_realtime_clock_it_may() -> None:
    async def answers(event: dict[str, Any]) -> None:
        if event["event"] == "ice" and len(application.calls) == 1:
            await application.dial(from_=ANNA)

    async with Simulator(clock="realtime") as simulator:
        application = await simulator.create_application(numbers=["+14045550100"])
        await application.mount(answers)
        await (await application.dial(from_=ANNA)).wait_for("ended", within=5)
        assert len(application.calls) == 2


async def test_once_it_has_replied_it_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_work, "LONGEST_S", 0.2)
    waited = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        event = json.loads((await receive())["body"])["event"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"action":{"name":"park"}}' if event == "ice" else b""})
        if event == "ice":
            await application.advance(seconds=0)
            waited.set()

    async with Simulator() as simulator:
        application = await simulator.create_application(numbers=["+14045550100"])
        await application.mount(app)
        await application.dial(from_=ANNA)
        await asyncio.wait_for(waited.wait(), 5)


def test_what_pytest_raises_in_a_webhook_ends_the_test(app: blocking.Application) -> None:
    app.mount(lambda event: pytest.fail("not this caller"))
    with pytest.raises(pytest.fail.Exception, match="not this caller"):
        app.dial(from_=ANNA)


async def test_where_there_is_no_test_to_end_the_callback_has_failed() -> None:
    async with Simulator() as simulator:
        application = await simulator.create_application()
        await application.mount(lambda event: pytest.fail("not this caller"))
        call = await application.dial(from_=ANNA)
        assert [callback.outcome for callback in call.callbacks] == ["unreachable", "unreachable"]
        assert "not this caller" in call.ladder()


def test_the_last_that_is_mounted_counts(app: blocking.Application) -> None:
    first = Asgi()
    app.mount(first)
    app.mount(lambda event: svaml("hangup", say("Second")))
    assert app.dial(from_=ANNA).wait_for("ended").heard == ["Second"]
    assert first.seen == ["startup", "shutdown"]


def test_an_asgi_application_that_cannot_start_is_refused(app: blocking.Application) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(SimulatorError, match=r"failed at lifespan\.startup: no database"):
        app.mount(broken)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("app", "can't be mounted"),
        (lambda: None, "takes 0 arguments"),
        (lambda a, b, c, d: None, "takes 4 arguments"),
    ],
)
def test_what_is_no_app_is_not_mounted(app: blocking.Application, what: Any, message: str) -> None:
    with pytest.raises(SimulatorError, match=message):
        app.mount(what)


def test_an_aiohttp_application_is_to_be_served(app: blocking.Application) -> None:
    from aiohttp import web

    with pytest.raises(SimulatorError, match="TestServer"):
        app.mount(web.Application())


@pytest.mark.parametrize(("at", "kind", "message"), [("voice", None, "or a path like /voice"), ("/", "cgi", "kind: ")])
def test_where_and_how_must_be_possible(app: blocking.Application, at: str, kind: str | None, message: str) -> None:
    with pytest.raises(SimulatorError, match=message):
        app.mount(lambda event: None, at=at, kind=kind)


def test_what_cannot_be_signed_is_refused() -> None:
    with pytest.raises(SimulatorError, match="expected the bytes"):
        sign("c2VjcmV0", application_key="key", url="/", body="text")  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(SimulatorError, match="not base64"):
        sign("?", application_key="key", url="/", body=b"")
