"""What pours without end costs little memory, and is given up."""

import tracemalloc
from pathlib import Path

import aiohttp
import pytest

from support.raw_apps import HELLO, OK, app, kept, post
from support.tls_servers import OwnAuthority

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def own(tmp_path: Path) -> OwnAuthority:
    return OwnAuthority(tmp_path)


HEADS: dict[str, list[bytes | None]] = {
    "100 Continue": [b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000] * 2000,
    "a line": [OK + b"X: ", *[b"x" * 65_536] * 2000],
    "lines": [OK, *[b"X: y\r\n" * 10_000] * 2000],
    "a size of a chunk": [CHUNKED + b"1;", *[b"x" * 65_536] * 2000],
    "trailers": [CHUNKED + b"1\r\nx\r\n0\r\n", *[b"X: y\r\n" * 10_000] * 2000],
}


@pytest.mark.parametrize("by_tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("answer", HEADS.values(), ids=HEADS)
async def test_a_head_without_end_is_given_up_before_it_is_large(
    answer: list[bytes | None], by_tls: bool, own: OwnAuthority
) -> None:
    tls = own.context() if by_tls else None
    async with app(answer, [HELLO], tls=tls) as to, kept(connect=own.connect) as connections:
        tracemalloc.start()
        try:
            with pytest.raises(aiohttp.ClientError, match=r"no HTTP|neither a head nor of a body|cannot be read"):
                await post(connections, to)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert most < 8_000_000
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"
