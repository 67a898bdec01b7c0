"""Each way in which a webhook can misbehave, by http, by https and mounted: journalled, with what is documented."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from attack.webhook_cases import CASES, TIMEOUT, UNREACHABLE, Case, Consequence, Pause
from attack.webhooks import differs, misbehaving, mistakes
from sinch_simulator import Simulator, blocking
from support.tls_servers import OwnAuthority
from support.virtual_time import VirtualLoop
from support.wired_world import ANNA, wired

AT_ONCE = [case for case in CASES if case.consequence != TIMEOUT and not any(isinstance(p, Pause) for p in case.pieces)]
LOOPS: dict[str, tuple[Callable[[], asyncio.AbstractEventLoop], list[Case]]] = {
    "asyncio": (VirtualLoop, [*CASES]),
    "uvloop": (uvloop.new_event_loop, AT_ONCE),
}


@pytest.fixture
def own(tmp_path: Path) -> OwnAuthority:
    return OwnAuthority(tmp_path)


def run(make_loop: Callable[[], asyncio.AbstractEventLoop], story: Callable[[], Awaitable[None]]) -> None:
    """Runs a story on such a loop; nothing that went wrong there may have gone unnoticed."""
    unnoticed: list[dict[str, Any]] = []

    async def told() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: unnoticed.append(context))
        await story()
        gc.collect()
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(told())
    assert unnoticed == []


@pytest.mark.parametrize("by_tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(("make_loop", "cases"), LOOPS.values(), ids=LOOPS)
def test_what_a_webhook_sends_has_the_documented_consequence(
    make_loop: Callable[[], asyncio.AbstractEventLoop], cases: list[Case], by_tls: bool, own: OwnAuthority
) -> None:
    async def meet_them_all() -> None:
        tls = own.context() if by_tls else None
        async with misbehaving(tls) as webhook, wired(callback_url=webhook.url, ca_file=own.file) as sim:
            assert await mistakes(sim, webhook, cases) == []

    run(make_loop, meet_them_all)


# ---- TLS that fails --------------------------------------------------------------------------------------------------

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Server = Callable[[OwnAuthority], AbstractAsyncContextManager[int]]


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server of bytes; its port."""
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]


async def never_serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Nobody comes so far."""
    writer.close()


def shows(make: Callable[[OwnAuthority], ssl.SSLContext]) -> Server:
    """A server that shows who it is in this way."""
    return lambda own: listening(never_serve, make(own))


def says(answer: bytes | None) -> Server:
    """A server that answers the first words of TLS with this, and leaves, or with nothing, and stays."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    return lambda own: listening(serve)


def of_another_authority(own: OwnAuthority) -> ssl.SSLContext:
    """Nobody trusts it."""
    return OwnAuthority(Path(own.file).parent, "other.pem").context()


def asks_for_a_certificate(own: OwnAuthority) -> ssl.SSLContext:
    """The simulator has none to show."""
    context = own.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(own.file)
    return context


def speaks_one_cipher_only(own: OwnAuthority) -> ssl.SSLContext:
    """It is one that nobody should speak any more."""
    context = own.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA@SECLEVEL=0")
    return context


TLS_FAILURES: dict[str, tuple[Server, Consequence]] = {
    "an authority that nobody trusts": (shows(of_another_authority), UNREACHABLE),
    "a certificate for another name": (shows(lambda own: own.context("app.example")), UNREACHABLE),
    "asks for a certificate": (shows(asks_for_a_certificate), UNREACHABLE),
    "a cipher of old": (shows(speaks_one_cipher_only), UNREACHABLE),
    "no TLS": (says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), UNREACHABLE),
    "an alert": (says(b"\x15\x03\x03\0\x02\x02\x28"), UNREACHABLE),
    "noise": (says(b"\xff" * 100), UNREACHABLE),
    "leaves": (says(b""), UNREACHABLE),
    "never goes on": (says(None), TIMEOUT),
}


@pytest.mark.parametrize(("server", "consequence"), TLS_FAILURES.values(), ids=TLS_FAILURES)
def test_tls_that_fails_is_an_app_that_cannot_be_reached(
    server: Server, consequence: Consequence, own: OwnAuthority
) -> None:
    async def call() -> None:
        async with server(own) as port, wired(callback_url=f"https://127.0.0.1:{port}/", ca_file=own.file) as sim:
            call_id = (await sim.dial())["callId"]
            [ice] = await sim.callbacks(f"?callId={call_id}&event=ice")
            call = await sim.call(call_id)
            codes = [finding["code"] for finding in ice["diagnostics"]]
            assert differs(consequence, ice["outcome"], codes, call["status"], call["reason"]) == ""

    run(VirtualLoop, call)


# ---- mounted ---------------------------------------------------------------------------------------------------------

App = Callable[..., Any]


def asgi(case: Case) -> App:
    """An ASGI application that answers an ICE so."""
    assert case.whole is not None
    status, headers, body = case.whole

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        ice = b'"ice"' in (await receive())["body"]
        listed = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status if ice else 200, "headers": listed})
        await send({"type": "http.response.body", "body": body if ice else b""})

    return app


def wsgi(case: Case) -> App:
    """The same as a WSGI application."""
    assert case.whole is not None
    status, headers, body = case.whole

    def app(environ: Any, start_response: Any) -> list[bytes]:
        ice = b'"ice"' in environ["wsgi.input"].read()
        start_response(f"{status if ice else 200} X", [*headers.items()])
        return [body if ice else b""]

    return app


def function(case: Case) -> App:
    """The same as a function."""
    assert case.whole is not None
    status, _, body = case.whole
    return lambda event: (status, body) if event["event"] == "ice" else None


@pytest.fixture(scope="module")
def simulator() -> Iterator[blocking.Simulator]:
    with Simulator.in_thread() as running:
        yield running


@pytest.mark.parametrize("kind", [asgi, wsgi, function])
def test_what_a_mounted_app_answers_has_the_same_consequence(
    kind: Callable[[Case], App], simulator: blocking.Simulator
) -> None:
    app = simulator.create_application(numbers=["+14045550100"])
    wrong = []
    for case in (case for case in CASES if case.whole is not None):
        app.mount(kind(case))
        call = app.dial(from_=ANNA).wait_for("ended")
        [ice] = [callback for callback in call.callbacks if callback.event == "ice"]
        codes = [finding["code"] for finding in ice.diagnostics]
        difference = differs(case.consequence, ice.outcome, codes, "FINAL", call.reason)
        wrong += [f"{case.name}: {difference}"] if difference else []
    app.close()
    assert wrong == []
