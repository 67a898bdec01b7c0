"""Connections to apps: every answer that an app may give, in every piece, and every way of giving none."""

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
import pytest
import uvloop
from yarl import URL

from sinch_simulator.server.callback_sender import LONGEST_REPLY
from sinch_simulator.server.connection_pool import KEPT_S
from sinch_simulator.server.outbound import Outbound
from support.aiohttp_parser import IS_OF_3_14
from support.raw_apps import BODY, HELLO, OK, App, app, kept, post
from support.tls_servers import OwnAuthority
from support.virtual_time import in_virtual_time


@pytest.fixture
def own(tmp_path: Path) -> OwnAuthority:
    return OwnAuthority(tmp_path)


def in_chunks(body: bytes, size: int) -> bytes:
    """The body as chunks of so many bytes."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"hello")

ANSWERS: dict[str, tuple[list[bytes | None], int, bytes, bool]] = {
    "whole": ([HELLO], 200, b"hello", True),
    "byte by byte": ([bytes([byte]) for byte in HELLO], 200, b"hello", True),
    "head and body": ([HELLO[:-5], HELLO[-5:]], 200, b"hello", True),
    "nothing in it": ([OK + b"Content-Length: 0\r\n\r\n"], 200, b"", True),
    "in chunks": ([CHUNKED + in_chunks(b"hello", 2)], 200, b"hello", True),
    "in chunks, in pieces": ([CHUNKED, b"5\r\nhe", b"llo\r\n0\r", b"\n\r\n"], 200, b"hello", True),
    "in chunks of a byte": ([CHUNKED + in_chunks(b"x" * 65_536, 1)], 200, b"x" * 65_536, True),
    "compressed": (
        [OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED],
        200,
        b"hello",
        True,
    ),
    "deflated, in chunks": (
        [
            OK
            + b"Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n"
            + in_chunks(zlib.compress(b"hello"), 3)
        ],
        200,
        b"hello",
        True,
    ),
    "until its end": ([OK + b"\r\n", b"hel", b"lo", None], 200, b"hello", False),
    "until its end, empty": ([OK + b"\r\n", None], 200, b"", False),
    "no content": ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, b"", True),
    "not modified": ([b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"], 304, b"", True),
    "continue": ([b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO], 200, b"hello", True),
    "continue, earlier": (
        [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\n\r\n", HELLO],
        200,
        b"hello",
        True,
    ),
    "another protocol": (
        [b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nx"],
        101,
        b"",
        False,
    ),
    "another protocol, unnamed": ([b"HTTP/1.1 101 Switching\r\n\r\n"], 101, b"", False),
    "elsewhere": ([b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"], 302, b"", True),
    "the last": ([OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello"], 200, b"hello", False),
    "HTTP/1.0": ([b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"], 200, b"hello", False),
    "twice": ([HELLO + OK + b"Content-Length: 3\r\n\r\nbye"], 200, b"hello", False),
    "an empty line too many": ([HELLO + b"\r\n"], 200, b"hello", True),
    "as long as may be": ([OK + b"Content-Length: 65536\r\n\r\n" + b"x" * 65_536], 200, b"x" * 65_536, True),
}


@pytest.mark.parametrize(("answer", "status", "body", "goes_on"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_is_read_and_its_connection_used_again_if_it_may_be(
    answer: list[bytes | None], status: int, body: bytes, goes_on: bool
) -> None:
    async with app(answer, [HELLO]) as to, kept() as connections:
        response = await post(connections, to)
        assert (response.status, response.body, response.cut) == (status, body, False)
        assert (await post(connections, to)).body == b"hello"
        assert to.connections == (1 if goes_on else 2)


async def test_bytes_after_the_answer_end_its_connection() -> None:
    async with app([HELLO]) as to, kept() as connections:
        assert (await post(connections, to)).body == b"hello"
        to.writers[0].write(b"more")
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"
        assert to.connections == 2


LONG: dict[str, tuple[bytes, bool]] = {
    "by a byte": (OK + b"Content-Length: 65537\r\n\r\n" + b"x" * 65_537, False),
    "by far": (OK + b"Content-Length: 10000000\r\n\r\n" + b"x" * 10_000_000, False),
    "in chunks": (CHUNKED + in_chunks(b"x" * 1_000_000, 10), False),
    "without a length": (OK + b"\r\n" + b"x" * 10_000_000, True),
    "in chunks without end": (CHUNKED + in_chunks(b"x" * 2_000_000, 1000).removesuffix(b"0\r\n\r\n"), True),
}


@pytest.mark.parametrize(("answer", "endless"), LONG.values(), ids=LONG)
async def test_an_answer_that_is_too_long_is_cut_and_its_connection_closed(answer: bytes, endless: bool) -> None:
    async with app([answer], [HELLO]) as to, kept() as connections:
        response = await post(connections, to)
        assert (response.status, response.body, response.cut) == (200, b"x" * LONGEST_REPLY, True)
        assert response.endless is endless
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"


@pytest.mark.parametrize("head", [b"Content-Length: %d\r\n\r\n", b"X-Length: %d\r\n\r\n"])
async def test_an_answer_that_is_gigabytes_once_decompressed_is_cut_before_it_is(head: bytes) -> None:
    bomb = gzip.compress(bytes(100_000_000), 9)
    async with app([OK + b"Content-Encoding: gzip\r\n" + head % len(bomb) + bomb, None]) as to, kept() as connections:
        tracemalloc.start()
        try:
            if IS_OF_3_14:
                response = await post(connections, to)
                assert (response.body, response.cut) == (bytes(LONGEST_REPLY), True)
            else:
                with pytest.raises(aiohttp.ClientPayloadError, match="far too long"):
                    await post(connections, to)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert most < (10_000_000 if IS_OF_3_14 else 60_000_000)


GARBAGE = {
    "no HTTP": ([b"SSH-2.0-OpenSSH\r\n"], "the answer is no HTTP: .*Expected HTTP/"),
    "a status that is no number": ([b"HTTP/1.1 OK\r\n\r\n"], "the answer is no HTTP"),
    "a length that is no number": ([OK + b"Content-Length: x\r\n\r\n"], "the answer is no HTTP"),
    "a bad chunk": ([CHUNKED, b"zz\r\n"], "the answer is no HTTP"),
    "nothing": ([None], "the app closed the connection without an answer"),
    "half a head": ([b"HTTP/1.1 200 OK\r\nContent-", None], "the app closed the connection without an answer"),
    "nothing but 100": ([b"HTTP/1.1 100 Continue\r\n\r\n", None], "the app closed the connection without an answer"),
    "half a body": ([HELLO[:-2], None], "the answer breaks off: .*(received 3 of 5 bytes|Not enough data)"),
    "half a chunk": ([CHUNKED + b"5\r\nhe", None], "the answer breaks off"),
    "no gzip": ([OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"], "cannot be read: .*gzip"),
}


@pytest.mark.parametrize(("answer", "why"), GARBAGE.values(), ids=GARBAGE)
async def test_what_is_no_answer_is_told_in_one_line_and_its_connection_is_closed(
    answer: list[bytes | None], why: str
) -> None:
    async with app(answer, [HELLO]) as to, kept() as connections:
        with pytest.raises(aiohttp.ClientError, match=why) as failure:
            await post(connections, to)
        assert "\n" not in str(failure.value)
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"


@pytest.mark.parametrize("begun", [b"", OK, OK + b"\r\nhel"])
async def test_an_app_that_resets_its_connection_gave_no_answer(begun: bytes) -> None:
    async with app([begun]) as to, kept() as connections:
        posting = asyncio.ensure_future(post(connections, to))
        await to.asked.wait()
        to.writers[0].get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1" + bytes(7))
        to.writers[0].transport.abort()
        with pytest.raises((aiohttp.ClientError, OSError), match="reset"):
            await posting


# ---- connections that are kept -----------------------------------------------------------------------------------


async def test_one_connection_does_for_one_callback_after_the_other() -> None:
    async with app([HELLO]) as to, kept() as connections:
        for _ in range(100):
            assert (await post(connections, to)).status == 200
        assert (to.connections, len(to.requests)) == (1, 100)


async def test_callbacks_at_one_time_have_a_connection_each_and_those_are_used_again() -> None:
    async with app([HELLO]) as to, kept() as connections:
        for _ in range(3):
            await asyncio.gather(*(post(connections, to) for _ in range(20)))
        assert (to.connections, len(to.requests)) == (20, 60)


async def test_a_connection_that_the_app_has_closed_is_not_used_again() -> None:
    async with app([HELLO]) as to, kept() as connections:
        for number in range(20):
            assert (await post(connections, to)).body == b"hello"
            to.writers[number].close()
            await to.writers[number].wait_closed()
            await asyncio.sleep(0)
        assert to.connections == 20


by_both = pytest.mark.parametrize("by_tls", [False, True], ids=["http", "https"])


@by_both
async def test_a_kept_connection_that_breaks_before_the_answer_is_replaced_once(
    by_tls: bool, own: OwnAuthority
) -> None:
    """The app closes as the second request comes in: only a fresh connection shows whether it still lives."""
    async with (
        app([HELLO], [None], [HELLO], tls=own.context() if by_tls else None) as to,
        kept(connect=own.connect) as connections,
    ):
        assert (await post(connections, to)).body == b"hello"
        assert (await post(connections, to)).body == b"hello"
        assert (to.connections, len(to.requests)) == (2, 3)


@by_both
async def test_a_fresh_connection_that_breaks_is_not_replaced(by_tls: bool, own: OwnAuthority) -> None:
    async with app([None], tls=own.context() if by_tls else None) as to, kept(connect=own.connect) as connections:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await post(connections, to)
        assert (to.connections, len(to.requests)) == (1, 1)


@by_both
async def test_a_replacement_that_breaks_as_well_is_the_failure(by_tls: bool, own: OwnAuthority) -> None:
    async with (
        app([HELLO], [None], tls=own.context() if by_tls else None) as to,
        kept(connect=own.connect) as connections,
    ):
        await post(connections, to)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await post(connections, to)
        assert (to.connections, len(to.requests)) == (2, 3)


@by_both
async def test_a_kept_connection_that_breaks_within_the_answer_is_not_replaced(by_tls: bool, own: OwnAuthority) -> None:
    async with (
        app([HELLO], [OK, None], [HELLO], tls=own.context() if by_tls else None) as to,
        kept(connect=own.connect) as connections,
    ):
        await post(connections, to)
        with pytest.raises(aiohttp.ClientError):
            await post(connections, to)
        assert (to.connections, len(to.requests)) == (1, 2)


@in_virtual_time
async def test_a_connection_that_nobody_uses_is_closed_after_a_while() -> None:
    loop = asyncio.get_running_loop()
    async with app([HELLO]) as to, kept() as connections:
        await asyncio.gather(*(post(connections, to) for _ in range(3)))
        began_s = loop.time()
        for number in range(3):
            await to.ended(number)
        assert loop.time() - began_s == pytest.approx(KEPT_S)
        assert (await post(connections, to)).body == b"hello"
        assert to.connections == 4


async def test_connections_to_one_app_are_not_those_to_another() -> None:
    async with app([HELLO]) as one, app([OK + b"Content-Length: 3\r\n\r\nbye"]) as other, kept() as connections:
        for _ in range(3):
            assert (await post(connections, one)).body == b"hello"
            assert (await post(connections, other)).body == b"bye"
        assert (one.connections, other.connections) == (1, 1)


# ---- time --------------------------------------------------------------------------------------------------------


SILENCES: dict[str, list[bytes | None]] = {
    "before the head": [b""],
    "in the head": [OK],
    "in the body": [HELLO[:-1]],
    "after 100": [b"HTTP/1.1 100 Continue\r\n\r\n"],
}


@pytest.mark.parametrize("answer", SILENCES.values(), ids=SILENCES)
@in_virtual_time
async def test_an_app_that_falls_silent_is_given_up_in_time(answer: list[bytes | None]) -> None:
    loop = asyncio.get_running_loop()
    async with app(answer) as to, kept(4) as connections:
        began_s = loop.time()
        with pytest.raises(TimeoutError):
            await post(connections, to)
        assert loop.time() - began_s == pytest.approx(4)
        await to.ended(0)


async def some_that_connect_and_some_that_wait() -> list[float]:
    """Gives the seconds after which each of five is given up; two of them never come so far as to ask."""
    loop = asyncio.get_running_loop()

    async def timed(after_s: float, port: int) -> float:
        await asyncio.sleep(after_s)
        began_s = loop.time()
        with pytest.raises(TimeoutError):
            await connections.post(URL(f"http://127.0.0.1:{port}/"), {}, BODY)
        return loop.time() - began_s

    async with app([HELLO], [HELLO], [b""]) as to, kept(0.2) as connections:
        await asyncio.gather(post(connections, to), post(connections, to))
        with nobody_accepts() as full:
            waits = [timed(0.03 * turn, port) for turn, port in enumerate((full, to.port, full, to.port, to.port))]
            return await asyncio.gather(*waits)


@in_virtual_time
async def test_connecting_counts_too() -> None:
    assert await some_that_connect_and_some_that_wait() == [pytest.approx(0.2)] * 5


@contextmanager
def nobody_accepts() -> Iterator[int]:
    """A port where connecting takes for ever: somebody listens, and nobody more may wait there."""
    with ExitStack() as sockets:
        listening = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


@in_virtual_time
async def test_who_takes_long_to_connect_is_not_given_up_later_for_that() -> None:
    loop = asyncio.get_running_loop()

    async def timed(to: App) -> float:
        began_s = loop.time()
        with pytest.raises(TimeoutError):
            await post(connections, to)
        return loop.time() - began_s

    async with app([HELLO], [b""]) as known, app([b""]) as new, kept(0.2, connect=_slowly) as connections:
        await post(connections, known)
        first = asyncio.ensure_future(timed(new))
        await asyncio.sleep(0.09)
        assert await timed(known) == pytest.approx(0.2)
        assert await first == pytest.approx(0.2)


async def _slowly(make: Callable[[], asyncio.Protocol], host: str, port: int, *, tls: bool) -> None:
    await asyncio.sleep(0.1)
    await Outbound().connect(make, host, port, tls=tls)


async def test_whoever_is_given_up_does_not_disturb_the_others() -> None:
    async with app([HELLO]) as to, kept() as connections:
        first, second = (asyncio.ensure_future(post(connections, to)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).body == b"hello"
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await post(connections, to)).body == b"hello"


async def test_a_callback_that_is_cancelled_closes_its_connection() -> None:
    async with app([b""], [HELLO]) as to, kept() as connections:
        posting = asyncio.ensure_future(post(connections, to))
        await to.asked.wait()
        posting.cancel()
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"


STORIES: list[Callable[[], Awaitable[object]]] = [
    test_bytes_after_the_answer_end_its_connection,
    test_callbacks_at_one_time_have_a_connection_each_and_those_are_used_again,
    test_a_connection_that_the_app_has_closed_is_not_used_again,
    test_a_callback_that_is_cancelled_closes_its_connection,
]


@pytest.mark.parametrize("story", [*STORIES, some_that_connect_and_some_that_wait])
def test_answers_are_read_with_uvloop_too(story: Callable[[], Awaitable[object]]) -> None:
    async def told() -> None:
        await story()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
