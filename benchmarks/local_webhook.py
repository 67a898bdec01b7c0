"""A webhook in a process of its own, for benchmarks: answers the IVR journey of ``ivr.py`` and the long menu.

    python benchmarks/local_webhook.py      prints its URL and serves until it is ended

It looks up a ready answer and speaks just enough HTTP for that: what is measured is not the app.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

AGENT = "+14045550199"


def _menu(menu_id: str, **properties: Any) -> dict[str, Any]:
    menu = {"id": "main", "mainPrompt": f"#tts[This is menu {menu_id}, press a key.]", **properties}
    return {"name": "runMenu", "locale": "en-US", "reference": menu_id, "menus": [menu]}


def _chooses(menu_id: str) -> dict[str, Any]:
    return _menu(menu_id, options=[{"dtmf": key, "action": f"return({key})"} for key in "123"])


# Three menus, passed five times with six keys: ice, five times pie, ace, dice.
JOURNEY: dict[str, Any] = {
    "": _chooses("language"),
    "language": _chooses("topic"),
    "topic": _chooses("detail"),
    "detail": _chooses("again"),
    "again": _menu("code", maxDigits=2),
    "code": {"name": "connectPstn", "number": AGENT},
}
LONG_MENU = _menu("long", timeoutMills=30_000, repeats=6)
LONG_CALLER = "46700009999"


def answer_to(event: dict[str, Any]) -> dict[str, Any]:
    """SVAML for an event."""
    match event["event"]:
        case "ice" if event["cli"] == LONG_CALLER:
            return {"action": LONG_MENU}
        case "pie" if event.get("reference") == "long":
            return {"action": LONG_MENU}
        case "ice" | "pie":
            return {"action": JOURNEY[event.get("reference", "")]}
        case "ace":
            return {"action": {"name": "continue"}}
        case _:
            return {}


class _Webhook(asyncio.Protocol):
    """One kept-alive connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) < length:
            return
        self._received = rest[length:]
        body = json.dumps(answer_to(json.loads(rest[:length]))).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Webhook, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/voice", flush=True)
    await asyncio.Event().wait()


@contextmanager
def running() -> Iterator[str]:
    """The webhook, in a process of its own; gives its URL."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve())
