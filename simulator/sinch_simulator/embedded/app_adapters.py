"""Hands callbacks without a socket to ASGI applications, WSGI applications and plain functions.

What an app raises becomes an answer with status 500 whose body is the traceback, as a development server would show it.
An answer is given as soon as its last byte is there; what the app does after that is given along, and not begun.
"""

import asyncio
import inspect
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from attrs import field, frozen

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.callback import Response
from sinch_simulator.core.values import define
from sinch_simulator.embedded.answering_tasks import answering, has_answered
from sinch_simulator.server.callback_sender import LONGEST_REPLY, LONGEST_SEARCH

# What frameworks hand about is theirs: ASGI and WSGI define these as mappings of anything.
Scope = dict[str, Any]
Event = dict[str, Any]  # a callback's body as JSON
Reply = Any  # what a webhook function gives: see ``read_reply``
App = Callable[..., Any]

_LONGEST_TRACEBACK = 8000
_MOST_CHUNKS = 10_000
_OF_THE_APP = (Exception, asyncio.CancelledError, SystemExit, GeneratorExit)
"""What an app that is called raises of itself; Ctrl-C is somebody else's."""


class Kind(Enum):
    """Names the ways in which an app is called."""

    ASGI = "asgi"
    WSGI = "wsgi"
    FUNCTION = "function"


@frozen
class Posted:
    """A callback, as it is handed to an app."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def kind_of(app: object, named: str | None = None) -> Kind:
    """Finds what sort of app this is: ``named`` says so, else its parameters do. Raises ``SimulatorError``."""
    if named is not None:
        known = [kind.value for kind in Kind]
        if named not in known:
            raise SimulatorError(f"kind: {named!r} is not known; expected one of {', '.join(known)}")
        return Kind(named)
    if type(app).__module__.startswith("aiohttp."):
        raise SimulatorError(
            "an aiohttp application is neither ASGI nor WSGI: serve it, as with aiohttp.test_utils.TestServer, and set "
            "callback_url"
        )
    if not callable(app):
        raise SimulatorError(f"{app!r} can't be mounted: expected an ASGI or WSGI application, or a function")
    needed = _parameters(app)
    kind = {1: Kind.FUNCTION, 2: Kind.WSGI, 3: Kind.ASGI}.get(needed)
    if kind is None:
        raise SimulatorError(
            f"{app!r} takes {needed} arguments: a function takes the event, WSGI 2, ASGI 3; else say kind="
        )
    return kind


def is_async(app: App) -> bool:
    """Tells whether calling it gives something to await."""
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(type(app).__call__)


def _parameters(app: App) -> int:
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError) as error:
        raise SimulatorError(f"{app!r} does not tell its arguments: say kind='asgi', 'wsgi' or 'function'") from error
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in positional and each.default is each.empty for each in parameters)


# ---- plain functions --------------------------------------------------------------------------------------------


def call_function(app: App, posted: Posted) -> Response:
    """Lets a synchronous function answer an event."""
    try:
        return read_reply(app(json.loads(posted.body)))
    except _OF_THE_APP:
        return _crashed()


async def call_async_function(app: App, posted: Posted) -> Response:
    """Lets a coroutine function answer an event."""
    try:
        with answering():
            return read_reply(await app(json.loads(posted.body)))
    except asyncio.CancelledError:
        if _is_being_cancelled():
            raise
        return _crashed()
    except (Exception, SystemExit):
        return _crashed()


def read_reply(reply: Reply) -> Response:
    """Reads a reply: SVAML as a dict, None for an empty one, a status, a text, bytes, or ``(status, any of these)``."""
    status = 200
    if isinstance(reply, tuple):
        status, reply = reply
    if isinstance(reply, int) and not isinstance(reply, bool):
        status, reply = reply, None
    _check_head(status, {})
    if reply is None:
        return Response(status, {}, b"")
    if isinstance(reply, bytes):
        return Response(status, {}, reply)
    if isinstance(reply, str):
        return Response(status, {"Content-Type": "text/plain; charset=utf-8"}, reply.encode())
    return Response(status, {"Content-Type": "application/json"}, json.dumps(reply).encode())


@define(eq=False)
class _Chunks:
    """The parts of an answer that have come so far."""

    _parts: list[bytes] = field(init=False, factory=list)
    _size: int = field(init=False, default=0)

    def append(self, chunk: object) -> None:
        """Takes a part; raises TypeError for what no server could send."""
        if not isinstance(chunk, bytes | bytearray | memoryview):
            raise TypeError(f"a part of the answer is a {type(chunk).__name__}, and must be bytes: {str(chunk)[:80]!r}")
        self._parts.append(bytes(chunk))
        self._size += len(self._parts[-1])

    def joined(self) -> bytes:
        """Returns what has come."""
        return b"".join(self._parts)

    def are_all_of(self, headers: Mapping[str, str]) -> bool:
        """Tells whether who reads an answer with these headers has all of it: the last byte that it announces."""
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
        return length.isdecimal() and self._size >= int(length)

    def are_endless(self) -> bool:
        """Tells whether so much has come that nobody looks for the end."""
        return self._size > LONGEST_SEARCH or len(self._parts) > _MOST_CHUNKS

    def without_end(self, status: int, headers: Mapping[str, str]) -> Response:
        """Returns an answer that has no end."""
        return Response(status, headers, self.joined()[:LONGEST_REPLY], cut=True, endless=True)


# ---- WSGI (PEP 3333) --------------------------------------------------------------------------------------------


def call_wsgi(app: App, posted: Posted) -> tuple[Response, Callable[[], str] | None]:
    """Lets a WSGI application answer; also gives what it does after that, in which it may say what has gone wrong."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    chunks = _Chunks()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return chunks.append

    try:
        result: Iterable[bytes] = app(_environ(posted), start_response)
        parts = iter(result)
        try:
            for chunk in parts:
                chunks.append(chunk)
                if chunks.are_endless():
                    _close(result)
                    return chunks.without_end(int(started[-1][0].split()[0]), dict(started[-1][1])), None
                if chunks.are_all_of(dict(started[-1][1])):
                    break
            status, headers = started[-1]
            response = Response(int(status.split()[0]), dict(headers), chunks.joined())
            _check_head(response.status, response.headers)
        except BaseException:
            _close(result)
            raise
    except _OF_THE_APP:
        return _crashed(), None
    if isinstance(result, list | tuple):
        return response, None
    return response, partial(_finish_wsgi, parts, result)


def _finish_wsgi(parts: Iterator[bytes], result: Iterable[bytes]) -> str:
    """Does what a server does once the last byte is out; gives the traceback of what fails then, else nothing."""
    try:
        for _ in parts:
            pass
        _close(result)
    except _OF_THE_APP:
        return _traceback()
    return ""


def _close(result: Iterable[bytes]) -> None:
    close = getattr(result, "close", None)
    if close is not None:
        close()


def _environ(posted: Posted) -> Scope:
    parts = urlsplit(posted.url)
    environ: Scope = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "RAW_URI": parts.path or "/",
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(posted.body)),
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(posted.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in posted.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


# ---- ASGI 3.0 ---------------------------------------------------------------------------------------------------


async def call_asgi(app: App, posted: Posted) -> "tuple[Response, AfterReply | None]":
    """Lets an ASGI application answer; also gives what it does after that, which waits until it is let go on."""
    inbox = [{"type": "http.request", "body": posted.body, "more_body": False}]
    answer = _Answer()

    async def receive() -> Scope:
        if inbox:
            return inbox.pop()
        await answer.ended.wait()
        return {"type": "http.disconnect"}

    async def answer_it() -> None:
        try:
            with answering() as answer.task:
                await app(_scope(posted), receive, answer.send)
        except SystemExit as error:
            # An event loop ends with a task that raises it, and everything else that runs there.
            raise RuntimeError("the app has called exit()") from error

    work = asyncio.create_task(answer_it())
    replied = asyncio.create_task(answer.complete.wait())
    try:
        await asyncio.wait((work, replied), return_when=asyncio.FIRST_COMPLETED)
        if not answer.complete.is_set():
            work.result()
    except asyncio.CancelledError:
        if work.cancelled() and not _is_being_cancelled():
            # The app itself has raised it: nobody has cancelled this delivery.
            return _crashed(), None
        work.cancel()
        raise
    except Exception:
        return _crashed(), None
    finally:
        replied.cancel()
    if answer.endless:
        work.cancel()
        return answer.chunks.without_end(answer.status, answer.headers), None
    if answer.started and not answer.complete.is_set():
        raise OSError("the app has returned before its answer was complete")
    response = Response(answer.status, answer.headers, answer.chunks.joined())
    return response, None if work.done() else AfterReply(work, answer.goes_on)


@define(eq=False)
class _Answer:
    """What an application has sent of its answer. Whoever sends the last part waits until the answer counts."""

    status: int = 500
    headers: dict[str, str] = field(factory=dict)
    started: bool = False
    chunks: _Chunks = field(factory=_Chunks)
    complete: asyncio.Event = field(factory=asyncio.Event)
    """Set once the last byte is there."""
    ended: asyncio.Event = field(factory=asyncio.Event)
    """Set once the app has said that nothing more comes."""
    goes_on: asyncio.Event = field(factory=asyncio.Event)
    endless: bool = False
    """Whether more has come than anybody reads, and no end."""
    task: "asyncio.Task[Any] | None" = None
    """The application's."""

    async def send(self, message: Scope) -> None:
        if message["type"] == "http.response.start":
            _check_head(message["status"], {})
            self.started, self.status = True, message["status"]
            self.headers = {
                name.decode("latin-1"): value.decode("latin-1") for name, value in message.get("headers", ())
            }
        elif message["type"] == "http.response.body":
            self.chunks.append(message.get("body", b""))
            if self.chunks.are_endless():
                self.endless = True
                self.complete.set()
                await self.goes_on.wait()
            if not message.get("more_body", False):
                self.ended.set()
            if self.ended.is_set() or self.chunks.are_all_of(self.headers):
                self.complete.set()
                has_answered(self.task)
                await self.goes_on.wait()


@frozen(eq=False)
class AfterReply:
    """What an ASGI application does after the last part of its answer: background tasks, the rest of a generator."""

    work: "asyncio.Task[None]"
    _goes_on: asyncio.Event

    async def finish(self) -> str:
        """Lets it go on, in its own event loop; gives the traceback of what fails then, else nothing."""
        self._goes_on.set()
        try:
            await asyncio.shield(self.work)
        except Exception:
            return _traceback()
        return ""

    async def end(self) -> None:
        """Ends it, wherever it is."""
        self.work.cancel()
        await asyncio.wait((self.work,))


def _scope(posted: Posted) -> Scope:
    parts = urlsplit(posted.url)
    path = parts.path or "/"
    headers = [(b"host", parts.netloc.encode()), (b"content-length", str(len(posted.body)).encode())]
    headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in posted.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname, parts.port),
    }


def _check_head(status: object, headers: Mapping[str, str]) -> None:
    """Raises TypeError or ValueError for a status or a header that no server could send."""
    if not isinstance(status, int) or isinstance(status, bool):
        raise TypeError(f"the status is {status!r}, and must be a number such as 200")
    if not 100 <= status <= 999:
        raise ValueError(f"the status is {status}, and must be from 100 to 999")
    if not all(isinstance(text, str) for pair in headers.items() for text in pair):
        raise TypeError("a header is no text")


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _crashed() -> Response:
    text = _traceback().encode("utf-8", "backslashreplace")
    return Response(500, {"Content-Type": "text/plain; charset=utf-8"}, text)


def _traceback() -> str:
    return traceback.format_exc()[-_LONGEST_TRACEBACK:]
