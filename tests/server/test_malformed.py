"""What is no HTTP, or too deep a document, is refused in the error form of the side that it was for."""

import json
import subprocess
import sys

import pytest

from support.raw_connections import line, request
from support.wired_world import wired

BROKEN_HEADER = b" HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n"


@pytest.mark.parametrize("path", ["/calling/v1/callouts", "/", "/v1/strange"])
async def test_malformed_http_is_a_platform_error(path: str) -> None:
    async with wired() as sim, line(sim) as client:
        got = await client.ask(b"POST " + path.encode() + BROKEN_HEADER)
        assert (got.status, json.loads(got.body)["errorCode"]) == (400, 40003)
        assert "Python" not in dict(got.headers)["Server"]


async def test_malformed_http_for_the_control_api_is_a_control_error() -> None:
    async with wired() as sim, line(sim) as client:
        got = await client.ask(b"GET /_simulator/calls" + BROKEN_HEADER)
        assert (got.status, json.loads(got.body)["error"]["code"]) == (400, "malformed_request")


async def test_the_refusal_of_a_malformed_head_has_no_body() -> None:
    async with wired() as sim, line(sim) as client:
        client.send(b"HEAD /_simulator/calls" + BROKEN_HEADER)
        head, _, body = (await client.rest()).partition(b"\r\n\r\n")
        assert (head.split()[1], body) == (b"400", b"")


@pytest.mark.parametrize("speed", [True, False], ids=["speed", "plain"])
def test_documents_may_be_nested_equally_deep_with_every_reader(speed: bool) -> None:
    code = f"""if True:
        import sys
        if not {speed}: sys.modules["orjson"] = None
        from sinch_simulator.core.json_codec import decode
        def fits(depth, opened, closed):
            try: decode((opened * depth + "1" + closed * depth).encode())
            except ValueError as error: return str(error)
            return "fits"
        for pair in (("[", "]"), ('{{"a":', "}}")):
            print([fits(depth, *pair) for depth in (500, 501, 100_000)])
        print(decode(b'["' + b"[" * 5000 + b'"]') == ["[" * 5000])
        """
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    deep = "it is nested too deeply"
    assert printed == f"{['fits', deep, deep]}\n" * 2 + "True\n"


async def test_a_document_that_is_nested_too_deeply_is_refused_by_both_apis() -> None:
    deep = b"[" * 600 + b"]" * 600
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request("POST", "/calling/v1/callouts", deep))).status == 400
        assert (await client.ask(request("POST", "/_simulator/calls", deep))).status == 400
