"""Serves ASGI and WSGI applications on sockets, so that a test can ask the same app with and without one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from sinch_simulator.embedded.loop_thread import LoopThread


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Prints nothing."""


@contextmanager
def served_wsgi(app: Any) -> Iterator[str]:
    """Serves a WSGI application with werkzeug's own server, and gives its base URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served_asgi(app: Any) -> Iterator[str]:
    """Serves an ASGI application in a thread of its own, and gives its base URL."""
    thread = LoopThread("served-asgi")
    thread.start()
    serving = _serving(app)
    try:
        yield thread.submit(serving.__aenter__()).result()
    finally:
        thread.submit(serving.__aexit__(None, None, None)).result()
        thread.stop()


@asynccontextmanager
async def _serving(app: Any) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer_one(app, reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _answer_one(app: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one request as an ASGI server does: each part is written as the app sends it."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split()
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in head[1:] if line]
    length = int({name.lower(): value for name, value in headers}.get("content-length", "0"))
    parts = [{"type": "http.request", "body": await reader.readexactly(length), "more_body": False}]

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            writer.write(b"HTTP/1.1 %d OK\r\nConnection: close\r\n" % message["status"])
            writer.writelines(b"%s: %s\r\n" % pair for pair in message["headers"])
            writer.write(b"\r\n")
        else:
            writer.write(message["body"])
            if not message.get("more_body", False):
                writer.write_eof()
        await writer.drain()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    await app(scope, receive, send)
