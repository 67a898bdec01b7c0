"""What an app does after its reply: the reply counts first, mounted as over a socket, and what fails later is told."""

import asyncio
import json
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import StreamingResponse
from flask import Flask, Response, request

from sinch_simulator import Simulator, blocking
from support.pure_world import menu, say, svaml
from support.served_apps import served_asgi, served_wsgi

ANNA = "+46700000001"
MENU = svaml(menu({"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(1)"}]}))

Later = Callable[[str], None]
"""What an app does after its reply to ICE, given the id of the call."""


def fastapi_app(later: Later) -> FastAPI:
    """Replies, and then works in a background task."""
    app = FastAPI()

    @app.post("/voice")
    async def voice(event: Request, tasks: BackgroundTasks) -> Any:
        body = await event.json()
        if body["event"] != "ice":
            return {}
        tasks.add_task(later, body["callid"])
        return MENU

    return app


def flask_app(later: Later) -> Flask:
    """Replies, and then works when the response is closed."""
    app = Flask("voice")

    @app.post("/voice")
    def voice() -> Any:
        body = request.get_json()
        response = Response(json.dumps(MENU if body["event"] == "ice" else {}), mimetype="application/json")
        if body["event"] == "ice":
            response.call_on_close(lambda: later(body["callid"]))
        return response

    return app


@contextmanager
def answering(application: blocking.Application, app: Any, way: str) -> Iterator[None]:
    """Has the app answer, mounted or over a socket."""
    if way == "mounted":
        application.mount(app, at="/voice")
        yield
        return
    serve = served_wsgi if isinstance(app, Flask) else served_asgi
    with serve(app) as url:
        application.callback_url = f"{url}/voice"
        yield


def patch(application: blocking.Application, call_id: str) -> None:
    """Has the app change the call by REST."""
    body = json.dumps(svaml("hangup", say("Changed"))).encode()
    pair = b64encode(f"{application.key}:{application.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
    url = f"{application.url}/calling/v1/calls/id/{call_id}"
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PATCH")):
        pass


@pytest.mark.parametrize("way", ["mounted", "socket"])
@pytest.mark.parametrize("make", [fastapi_app, flask_app])
def test_what_an_app_does_after_its_reply_comes_after_it(app: blocking.Application, make: Any, way: str) -> None:
    done = threading.Event()

    def later(call_id: str) -> None:
        try:
            patch(app, call_id)
        finally:
            done.set()

    with answering(app, make(later), way):
        call = app.dial(from_=ANNA)
        assert done.wait(10)
        call.wait_for("ended")
    kinds = [line["kind"] for line in call.timeline]
    assert kinds.index("callback.answered") < kinds.index("menu.opened") < kinds.index("rest.update")
    assert call.heard[-1] == "Changed"
    assert call.callbacks[0].answered


@pytest.mark.parametrize("make", [fastapi_app, flask_app])
def test_work_after_the_reply_may_take_longer_than_the_reply(make: Any) -> None:
    with Simulator.in_thread(callback_timeout=0.2) as simulator:
        app = simulator.create_application()
        app.mount(make(lambda call_id: time.sleep(0.3)), at="/voice")
        call = app.dial(from_=ANNA).wait_for("menu")
        assert call.callbacks[0].answered


@pytest.mark.parametrize("make", [fastapi_app, flask_app])
def test_what_fails_after_the_reply_is_told_and_the_reply_counts(app: blocking.Application, make: Any) -> None:
    def later(call_id: str) -> None:
        raise LookupError("no such customer")

    app.mount(make(later), at="/voice")
    call = app.dial(from_=ANNA).wait_for("menu")
    assert call.callbacks[0].answered
    [finding] = [one for one in call.diagnostics if one["code"] == "APP_FAILED_AFTER_REPLY"]
    assert "LookupError: no such customer" in finding["message"]
    assert "in later" in finding["traceback"]


def test_an_answer_whose_length_is_announced_counts_with_its_last_byte(app: blocking.Application) -> None:
    seen: list[str] = []
    body = json.dumps(MENU).encode()

    def parts(event: str) -> Iterator[bytes]:
        yield body
        seen.extend(line["kind"] for line in app.calls[0].timeline if line["kind"] == "callback.answered")
        yield b""

    fastapi = FastAPI()

    @fastapi.post("/voice")
    async def voice(event: Request) -> Any:
        return StreamingResponse(parts((await event.json())["event"]), headers={"Content-Length": str(len(body))})

    app.mount(fastapi, at="/voice")
    app.dial(from_=ANNA).wait_for("menu")
    assert seen == ["callback.answered"]


def test_an_app_that_is_at_work_ends_with_its_application(simulator: blocking.Simulator) -> None:
    ended: list[str] = []

    async def forever(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise ValueError("none")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(svaml("hangup")).encode()})
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(scope["path"])

    application = simulator.create_application(clock="realtime")
    application.mount(forever, at="/voice")
    application.dial(from_=ANNA).wait_for("ended")
    application.close()
    assert ended[0] == "/voice"
