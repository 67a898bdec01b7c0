"""What a mounted app does wrong is its own failure, told at the callback; the world and the next call go on."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sinch_simulator import Simulator, blocking
from support.pure_world import say, svaml

ANNA = "+46700000001"
HANGUP = svaml("hangup", say("Goodbye"))


def asgi(status: Any, *parts: Any, headers: Any = ()) -> Callable[..., Any]:
    """An ASGI application that sends these parts."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan")
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": part is not parts[-1]})

    return app


async def asgi_endless(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 10_000, "more_body": True})


async def asgi_cancelled(scope: Any, receive: Any, send: Any) -> None:
    raise asyncio.CancelledError


async def cancelled(event: Any) -> Any:
    raise asyncio.CancelledError


def cancelled_at_once(event: Any) -> Any:
    raise asyncio.CancelledError


def asgi_sends(*messages: Any) -> Callable[..., Any]:
    """An ASGI application that sends these messages, whatever they are."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


def raises(error: BaseException) -> Callable[[Any], Any]:
    """A function that fails in this way."""

    def app(event: Any) -> Any:
        raise error

    return app


def asgi_raises(error: BaseException) -> Callable[..., Any]:
    """An ASGI application that fails in this way."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("no lifespan")
        raise error

    return app


def wsgi_raises(environ: Any, start_response: Any) -> Any:
    raise SystemExit(1)


async def exits(event: Any) -> Any:
    raise SystemExit(1)


async def never_returns(event: Any) -> Any:
    await asyncio.Event().wait()


async def asgi_never_ends(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.Event().wait()


def recurses(event: Any) -> Any:
    return recurses(event)


def wsgi(status: Any, parts: Any, headers: Any = ()) -> Callable[..., Any]:
    """A WSGI application that sends these parts."""

    def app(environ: Any, start_response: Any) -> Any:
        start_response(status, list(headers))
        return parts() if callable(parts) else parts

    return app


def poured(part: bytes) -> Callable[[], Iterator[bytes]]:
    """Gives this part without end."""

    def pour() -> Iterator[bytes]:
        while True:
            yield part

    return pour


APPS: dict[str, tuple[Callable[..., Any], str]] = {
    "asgi: text for bytes": (asgi(200, "text"), "bad-status"),
    "asgi: nothing for bytes": (asgi(200, None), "bad-status"),
    "asgi: a status of text": (asgi("200", b"{}"), "bad-status"),
    "asgi: a status that is none": (asgi(7, b"{}"), "bad-status"),
    "asgi: headers of text": (asgi(200, b"{}", headers=[("a", "b")]), "bad-status"),
    "asgi: cancelled": (asgi_cancelled, "bad-status"),
    "asgi: without end": (asgi_endless, "timeout"),
    "wsgi: text for bytes": (wsgi("200 OK", ["text"]), "bad-status"),
    "wsgi: numbers for bytes": (wsgi("200 OK", [1, 2]), "bad-status"),
    "wsgi: nothing": (wsgi("200 OK", None), "bad-status"),
    "wsgi: a status that is none": (wsgi("OK", [b"{}"]), "bad-status"),
    "wsgi: headers of numbers": (wsgi("200 OK", [b"{}"], headers=[(1, 2)]), "bad-status"),
    "wsgi: without end": (wsgi("200 OK", poured(b"x" * 10_000)), "timeout"),
    "wsgi: empty parts without end": (wsgi("200 OK", poured(b"")), "timeout"),
    "function: a status of text": (lambda event: ("200", {}), "bad-status"),
    "function: a status that is none": (lambda event: 99, "bad-status"),
    "function: a set": (lambda event: {1, 2}, "bad-status"),
    "function: cancelled": (cancelled_at_once, "bad-status"),
    "function: a status and too much": (lambda event: (200, {}, {}), "bad-status"),
    "function: an object": (lambda event: object(), "bad-status"),
    "function: recursion": (recurses, "bad-status"),
    "function: exits": (raises(SystemExit(1)), "bad-status"),
    "function: ends a generator": (raises(GeneratorExit()), "bad-status"),
    "function: stops an iteration": (raises(StopIteration()), "bad-status"),
    "function: has no memory": (raises(MemoryError()), "bad-status"),
    "coroutine: cancelled": (cancelled, "bad-status"),
    "coroutine: exits": (exits, "bad-status"),
    "coroutine: never returns": (never_returns, "timeout"),
    "asgi: exits": (asgi_raises(SystemExit(1)), "bad-status"),
    "asgi: stops an iteration": (asgi_raises(StopAsyncIteration()), "bad-status"),
    "asgi: nothing": (asgi_sends(), "bad-status"),
    "asgi: no messages": (asgi_sends(1, 2), "bad-status"),
    "asgi: messages without a type": (asgi_sends({}), "bad-status"),
    "asgi: a body without a start": (asgi_sends({"type": "http.response.body", "body": b"{}"}), "bad-status"),
    "asgi: a start without a body": (asgi_sends({"type": "http.response.start", "status": 200}), "unreachable"),
    "asgi: never ends": (asgi_never_ends, "timeout"),
    "wsgi: exits": (wsgi_raises, "bad-status"),
}


@pytest.fixture(scope="module")
def impatient() -> Iterator[blocking.Simulator]:
    with Simulator.in_thread(callback_timeout=0.2) as running:
        yield running


@pytest.mark.parametrize(("misbehaving", "outcome"), APPS.values(), ids=APPS)
def test_what_a_mounted_app_does_wrong_is_told_at_the_callback_and_the_next_call_goes_on(
    simulator: blocking.Simulator, impatient: blocking.Simulator, misbehaving: Callable[..., Any], outcome: str
) -> None:
    app = (impatient if outcome == "timeout" else simulator).create_application(numbers=["+14045550100"])
    app.mount(misbehaving)
    call = app.dial(from_=ANNA).wait_for("ended")
    assert {callback.outcome for callback in call.callbacks} == {outcome}
    assert call.reason == "CALLBACKERROR"
    app.mount(lambda event: HANGUP if event["event"] == "ice" else None)
    assert app.dial(from_=ANNA).wait_for("ended").heard == ["Goodbye"]
    app.close()
