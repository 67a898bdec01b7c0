"""The ways in which a webhook can misbehave, or behave strangely and still be right, and what becomes of its callback.

Each is what a webhook sends for an ICE, byte by byte, and the consequence that docs/platform/callbacks.md#2 documents.
"""

import gzip
import json
import zlib

from attrs import frozen

from support.aiohttp_parser import IS_OF_3_14


@frozen
class Consequence:
    """What the journal says: the outcome of the callback, what it is told as, and how the call ends."""

    outcome: str
    code: str
    reason: str


OBEYED = Consequence("answered", "", "MANAGERHANGUP")
"""Nothing is told."""
TIMEOUT = Consequence("timeout", "CALLBACK_TIMEOUT", "CALLBACKERROR")
UNREACHABLE = Consequence("unreachable", "CALLBACK_UNREACHABLE", "CALLBACKERROR")
BAD_STATUS = Consequence("bad-status", "CALLBACK_BAD_STATUS", "CALLBACKERROR")


def obeyed(code: str) -> Consequence:
    """An answer is obeyed; what is odd about it is told."""
    return Consequence("answered", code, "MANAGERHANGUP")


def illegal(code: str) -> Consequence:
    """An answer that is none of SVAML is an answer all the same."""
    return Consequence("bad-svaml", code, "GENERALERROR")


FAR_TOO_LONG = illegal("TOO_LONG") if IS_OF_3_14 else UNREACHABLE


@frozen
class Pause:
    """A webhook does nothing for so many seconds."""

    seconds: float


CLOSE, RESET = "close", "reset"
Piece = bytes | Pause | str
"""What comes next on the wire; ``CLOSE`` and ``RESET`` end the connection, and without them it stays open."""


@frozen
class Case:
    """One way. ``whole`` is an answer that needs no wire: status, headers and body."""

    name: str
    consequence: Consequence
    pieces: tuple[Piece, ...] = ()
    whole: tuple[int, dict[str, str], bytes] | None = None


HANG_UP = b'{"action":{"name":"hangup"}}'
ANSWERS = b",".join([b'{"name":"answer"}'] * 1000)
OK = b"HTTP/1.1 200 OK\r\n"
TYPED = OK + b"Content-Type: application/json\r\n"
CHUNKED = TYPED + b"Transfer-Encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"
TIME_ALLOWED_S = 5.0


def sized(body: bytes, *more: bytes, head: bytes = TYPED) -> bytes:
    """An answer that says how long it is."""
    lines = b"".join(line + b"\r\n" for line in more)
    return head + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunk(body: bytes, extension: bytes = b"") -> bytes:
    """One chunk."""
    return b"%x%b\r\n%b\r\n" % (len(body), extension, body)


def wire(name: str, consequence: Consequence, *pieces: Piece) -> Case:
    """A way that is about the wire."""
    return Case(name, consequence, pieces)


def slowly(piece: bytes) -> list[Piece]:
    """The same, again and again, longer than anybody waits."""
    return [each for _ in range(20) for each in (piece, Pause(0.5))]


def whole(name: str, consequence: Consequence, status: int, body: bytes = b"", **headers: str) -> Case:
    """A way that is about what is said, and not about how."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    lines = [f"{key}: {value}".encode() for key, value in named.items()]
    head = b"HTTP/1.1 %d X\r\n" % status
    return Case(name, consequence, (sized(body, *lines, head=head),), (status, named, body))


def packed(name: str, consequence: Consequence, encoding: bytes, body: bytes) -> Case:
    """A body that says that it is compressed."""
    return wire(name, consequence, sized(body, b"Content-Encoding: " + encoding))


def nested(depth: int) -> bytes:
    """A document in a document, so deep."""
    return b'{"action":{"name":"hangup"},"x":' + b"[" * depth + b"]" * depth + b"}"


STATUSES = (
    *(whole(f"status {status}", OBEYED, status, HANG_UP) for status in (200, 201, 202, 203, 206, 226, 299)),
    whole("status 200, empty", illegal("NO_ACTION"), 200),
    wire("status 204", illegal("NO_ACTION"), b"HTTP/1.1 204 No Content\r\n\r\n"),
    wire("status 205", illegal("NO_ACTION"), b"HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n"),
    *(
        whole(f"status {status}", BAD_STATUS, status, HANG_UP, Location="/elsewhere")
        for status in (300, 301, 302, 303, 307, 308)
    ),
    wire("status 304", BAD_STATUS, b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    whole("a redirect to a host of Sinch's", BAD_STATUS, 302, Location="https://calling.api.sinch.com/"),
    *(
        whole(f"status {status}", BAD_STATUS, status, HANG_UP)
        for status in (400, 401, 403, 404, 405, 408, 413, 418, 421, 426, 429, 451)
    ),
    *(whole(f"status {status}", BAD_STATUS, status, HANG_UP) for status in (500, 501, 502, 503, 504, 511, 599)),
    whole("a status nobody knows", BAD_STATUS, 777, HANG_UP),
    whole("the greatest status", BAD_STATUS, 999, HANG_UP),
    whole("an error page", BAD_STATUS, 500, b"<h1>Oops</h1>" * 1000, Content_Type="text/html"),
    wire("status 101", BAD_STATUS, b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
)

HEADS = (
    wire("no HTTP", UNREACHABLE, b"SSH-2.0-OpenSSH_9.6\r\n"),
    wire("HTTP/0.9", UNREACHABLE, HANG_UP, CLOSE),
    wire("HTTP/1.0", OBEYED, b"HTTP/1.0 200 OK\r\n\r\n" + HANG_UP, CLOSE),
    wire("HTTP/1.0 that stays open", TIMEOUT, b"HTTP/1.0 200 OK\r\n\r\n" + HANG_UP),
    wire("HTTP/2", UNREACHABLE, b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64", CLOSE),
    wire("HTTP/3.0 in the line", UNREACHABLE, b"HTTP/x 200 OK\r\nContent-Length: 0\r\n\r\n"),
    wire("a status of letters", UNREACHABLE, b"HTTP/1.1 OK\r\n\r\n"),
    wire("a status of two digits", UNREACHABLE, b"HTTP/1.1 20 OK\r\n\r\n"),
    wire("a status of four digits", UNREACHABLE, b"HTTP/1.1 2000 OK\r\n\r\n"),
    wire("a negative status", UNREACHABLE, b"HTTP/1.1 -200 OK\r\n\r\n"),
    wire("no reason", OBEYED, sized(HANG_UP, head=b"HTTP/1.1 200\r\n")),
    wire("a reason of other letters", OBEYED, sized(HANG_UP, head="HTTP/1.1 200 Größe\r\n".encode())),
    wire("lines that end in LF", OBEYED, b"HTTP/1.1 200 OK\nContent-Length: 28\n\n" + HANG_UP),
    wire("a header without a colon", UNREACHABLE, OK + b"Nonsense\r\n\r\n"),
    wire("a header without a name", UNREACHABLE, OK + b": x\r\n\r\n"),
    wire("a header with a space in its name", UNREACHABLE, OK + b"A B: x\r\n\r\n"),
    wire("a header with a zero byte", UNREACHABLE if IS_OF_3_14 else TIMEOUT, OK + b"A: x\0y\r\n\r\n"),
    wire("a header of other letters", OBEYED, sized(HANG_UP, "X-Name: Zoë".encode())),
    wire("a header in several lines", OBEYED, sized(HANG_UP, b"X-Long: a\r\n b")),
    wire("a header of 9 KB", UNREACHABLE, sized(HANG_UP, b"X: " + b"x" * 9000)),
    wire("a header of 100 KB", UNREACHABLE, OK + b"X: " + b"x" * 100_000),
    wire("fifty headers", OBEYED, sized(HANG_UP, *(b"X-%d: y" % number for number in range(50)))),
    wire("ten thousand headers", UNREACHABLE, sized(HANG_UP, *(b"X-%d: y" % number for number in range(10_000)))),
    wire("no type", OBEYED, sized(HANG_UP, head=OK)),
    wire("cookies", OBEYED, sized(HANG_UP, b"Set-Cookie: a=b; Domain=.com", b"Set-Cookie: a=c")),
    wire("100 Continue before it", OBEYED, b"HTTP/1.1 100 Continue\r\n\r\n" + sized(HANG_UP)),
    wire("103 Early Hints before it", OBEYED, b"HTTP/1.1 103 Hints\r\nLink: </x>\r\n\r\n", sized(HANG_UP)),
    wire("nothing but 100 Continue", TIMEOUT, b"HTTP/1.1 100 Continue\r\n\r\n"),
    wire("100 Continue without end", UNREACHABLE, *[b"HTTP/1.1 100 Continue\r\n\r\n" * 500] * 20),
    wire("the end of a head never comes", TIMEOUT, OK + b"Content-Length: 2\r\n"),
    wire("an empty line before it", OBEYED, b"\r\n" + sized(HANG_UP)),
)

LENGTHS = (
    wire("no length, to the end", OBEYED, TYPED + b"\r\n" + HANG_UP, CLOSE),
    wire("no length, and no end", TIMEOUT, TYPED + b"\r\n" + HANG_UP),
    wire("a length too great", UNREACHABLE, TYPED + b"Content-Length: 99\r\n\r\n" + HANG_UP, CLOSE),
    wire("a length too great, and no end", TIMEOUT, TYPED + b"Content-Length: 99\r\n\r\n" + HANG_UP),
    wire("a length too small", illegal("NOT_JSON"), TYPED + b"Content-Length: 9\r\n\r\n" + HANG_UP),
    wire("a length of nothing", illegal("NO_ACTION"), TYPED + b"Content-Length: 0\r\n\r\n" + HANG_UP),
    wire("a negative length", UNREACHABLE, TYPED + b"Content-Length: -1\r\n\r\n" + HANG_UP),
    wire("a length of letters", UNREACHABLE, TYPED + b"Content-Length: long\r\n\r\n" + HANG_UP),
    wire("a length beyond all numbers", UNREACHABLE, TYPED + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n"),
    wire("two lengths", UNREACHABLE, sized(HANG_UP, b"Content-Length: 5")),
    wire("a length and chunks", UNREACHABLE, sized(chunk(HANG_UP) + LAST, b"Transfer-Encoding: chunked")),
    wire("chunks", OBEYED, CHUNKED + chunk(HANG_UP[:9]) + chunk(HANG_UP[9:]) + LAST),
    wire("a byte in each chunk", OBEYED, CHUNKED, *[chunk(bytes([each])) for each in HANG_UP], LAST),
    wire("extensions of chunks", OBEYED, CHUNKED + chunk(HANG_UP, b";name=value") + LAST),
    wire("trailers", OBEYED, CHUNKED + chunk(HANG_UP) + b"0\r\nX-Sum: 1\r\n\r\n"),
    wire("trailers without end", UNREACHABLE, CHUNKED + chunk(HANG_UP) + b"0\r\n", *[b"X: y\r\n" * 2000] * 20),
    wire("no last chunk", UNREACHABLE, CHUNKED + chunk(HANG_UP), CLOSE),
    wire("a chunk never ends", TIMEOUT, CHUNKED + b"ff\r\n" + HANG_UP),
    wire("a size that is no number", UNREACHABLE, CHUNKED + b"zz\r\n" + HANG_UP),
    wire("a negative size", UNREACHABLE, CHUNKED + b"-1\r\n" + HANG_UP),
    wire("a size beyond all numbers", UNREACHABLE, CHUNKED + b"f" * 40 + b"\r\n" + HANG_UP),
    wire("a chunk longer than it says", UNREACHABLE, CHUNKED + b"2\r\n" + HANG_UP + b"\r\n" + LAST),
    wire("chunks of nothing known", OBEYED, TYPED + b"Transfer-Encoding: fog\r\n\r\n" + HANG_UP, CLOSE),
    wire("two answers", OBEYED, sized(HANG_UP) + sized(b"{}")),
    wire("noise after it", OBEYED, sized(HANG_UP) + b"noise"),
    wire("noise after it, later", OBEYED, sized(HANG_UP), Pause(0.01), b"noise"),
    wire("noise after the last chunk", OBEYED, CHUNKED + chunk(HANG_UP) + LAST + b"noise"),
    wire("noise after a head without a body", illegal("NO_ACTION"), b"HTTP/1.1 204 No Content\r\n\r\nnoise"),
    wire("noise after 100 Continue", UNREACHABLE, b"HTTP/1.1 100 Continue\r\n\r\nnoise\r\n\r\n"),
)

ENDS = (
    wire("nothing, and closes", UNREACHABLE, CLOSE),
    wire("nothing, and resets", UNREACHABLE, RESET),
    wire("nothing at all", TIMEOUT),
    wire("closes in the head", UNREACHABLE, OK, CLOSE),
    wire("resets in the head", UNREACHABLE, OK, RESET),
    wire("resets in the body", UNREACHABLE, TYPED + b"Content-Length: 28\r\n\r\n" + HANG_UP[:9], RESET),
    wire("falls silent in the body", TIMEOUT, TYPED + b"Content-Length: 28\r\n\r\n" + HANG_UP[:9]),
    wire("closes after it", OBEYED, sized(HANG_UP), CLOSE),
    wire("says that it closes, and does not", OBEYED, sized(HANG_UP, b"Connection: close")),
    wire("says that it stays, and closes", OBEYED, sized(HANG_UP, b"Connection: keep-alive"), CLOSE),
    wire("late", OBEYED, Pause(TIME_ALLOWED_S * 0.8), sized(HANG_UP)),
    wire("too late", TIMEOUT, Pause(TIME_ALLOWED_S * 1.2), sized(HANG_UP)),
    wire("drips its body", TIMEOUT, TYPED + b"Content-Length: 99\r\n\r\n", *slowly(b"x")),
    wire("drips its head", TIMEOUT, OK, *slowly(b"X: y\r\n")),
    wire("drips, and is in time", OBEYED, sized(HANG_UP)[:9], Pause(1), sized(HANG_UP)[9:-9], Pause(1), HANG_UP[-9:]),
    wire("drips chunks without end", TIMEOUT, CHUNKED, *slowly(chunk(b" "))),
)

CODINGS = (
    packed("gzip", OBEYED, b"gzip", gzip.compress(HANG_UP)),
    packed("deflate", OBEYED, b"deflate", zlib.compress(HANG_UP)),
    packed("identity", OBEYED, b"identity", HANG_UP),
    packed("no gzip", UNREACHABLE, b"gzip", HANG_UP),
    packed("no deflate", UNREACHABLE, b"deflate", b"\xff" * 40),
    packed("half a gzip", illegal("NOT_JSON"), b"gzip", gzip.compress(HANG_UP)[:20]),
    packed("a coding nobody knows", illegal("NOT_JSON"), b"fog", b"\x01\x02fog"),
    packed("a bomb of gzip", FAR_TOO_LONG, b"gzip", gzip.compress(bytes(20_000_000))),
    packed("a bomb of deflate", FAR_TOO_LONG, b"deflate", zlib.compress(bytes(20_000_000))),
    packed("gzip twice", illegal("NOT_JSON"), b"gzip", gzip.compress(gzip.compress(HANG_UP))),
)

BODIES = (
    whole("spaces around it", OBEYED, 200, b" \r\n" + HANG_UP + b"\n"),
    whole("a mark of byte order", OBEYED, 200, b"\xef\xbb\xbf" + HANG_UP),
    whole("the wrong type", OBEYED, 200, HANG_UP, Content_Type="text/html"),
    whole("a type of nonsense", OBEYED, 200, HANG_UP, Content_Type="=;;/"),
    whole("an empty object", illegal("NO_ACTION"), 200, b"{}"),
    whole("spaces", illegal("NO_ACTION"), 200, b"   "),
    whole("a page", illegal("NOT_JSON"), 200, b"<html>Welcome to nginx</html>", Content_Type="text/html"),
    whole("a form", illegal("NOT_JSON"), 200, b"action=hangup"),
    whole("XML", illegal("NOT_JSON"), 200, b"<Response><Hangup/></Response>"),
    whole("half a document", illegal("NOT_JSON"), 200, HANG_UP[:-5]),
    whole("two documents", illegal("NOT_JSON"), 200, HANG_UP * 2),
    whole("a comma too many", illegal("NOT_JSON"), 200, b'{"action":{"name":"hangup"},}'),
    whole("single quotes", illegal("NOT_JSON"), 200, b"{'action':{'name':'hangup'}}"),
    whole("NaN", illegal("NOT_JSON"), 200, b'{"action":{"name":"hangup"},"x":NaN}'),
    whole("a comment", illegal("NOT_JSON"), 200, b"/* hang up */ " + HANG_UP),
    whole("Latin-1", illegal("NOT_JSON"), 200, '{"action":{"name":"hangup"},"x":"é"}'.encode("latin-1")),
    whole("UTF-16", illegal("NOT_JSON"), 200, HANG_UP.decode().encode("utf-16")),
    whole("bytes of nothing", illegal("NOT_JSON"), 200, bytes(100)),
    whole("half a surrogate", obeyed("UNKNOWN_PROPERTY"), 200, HANG_UP[:-1] + b',"x":"\\ud800"}'),
    whole("null", illegal("NO_ACTION"), 200, b"null"),
    whole("a list", illegal("WRONG_TYPE"), 200, b"[" + HANG_UP + b"]"),
    whole("a text", illegal("WRONG_TYPE"), 200, json.dumps(HANG_UP.decode()).encode()),
    whole("a number", illegal("WRONG_TYPE"), 200, b"1"),
    whole("true", illegal("WRONG_TYPE"), 200, b"true"),
    whole("no action", illegal("NO_ACTION"), 200, b'{"instructions":[]}'),
    whole("an action that is null", illegal("NO_ACTION"), 200, b'{"action":null}'),
    whole("an action that is a text", illegal("WRONG_TYPE"), 200, b'{"action":"hangup"}'),
    whole("an action nobody knows", illegal("UNKNOWN_ACTION"), 200, b'{"action":{"name":"dance"}}'),
    whole("a name that is a number", illegal("WRONG_TYPE"), 200, b'{"action":{"name":5}}'),
    whole("instructions that are a text", illegal("WRONG_TYPE"), 200, b'{"instructions":"x",' + HANG_UP[1:]),
    whole("a key twice", obeyed("DUPLICATE_KEY"), 200, b'{"action":{"name":"park"},"action":{"name":"hangup"}}'),
    whole("5,000 digits", illegal("NOT_JSON"), 200, HANG_UP[:-1] + b',"x":' + b"9" * 5000 + b"}"),
    whole("400 deep", obeyed("UNKNOWN_PROPERTY"), 200, nested(400)),
    whole("600 deep", illegal("NOT_JSON"), 200, nested(600)),
    whole("30,000 deep", illegal("NOT_JSON"), 200, nested(30_000)),
    whole("64 KB", OBEYED, 200, HANG_UP + b" " * (65_536 - 28)),
    whole("more than 64 KB", illegal("TOO_LONG"), 200, HANG_UP + b" " * 65_536),
    whole("a thousand instructions", OBEYED, 200, b'{"instructions":[%b],%b' % (ANSWERS, HANG_UP[1:])),
)

POURS = (
    wire(
        "pours with a length", illegal("TOO_LONG"), TYPED + b"Content-Length: 90000000\r\n\r\n", *[b" " * 65_536] * 20
    ),
    wire("pours without a length", TIMEOUT, TYPED + b"\r\n", *[b" " * 65_536] * 40),
    wire("pours chunks", TIMEOUT, CHUNKED, *[chunk(b" " * 65_536)] * 40),
    wire("pours an extension", UNREACHABLE, CHUNKED + b"1;", *[b"x" * 65_536] * 20),
    wire("pours a reason", UNREACHABLE, b"HTTP/1.1 200 ", *[b"x" * 65_536] * 20),
    wire("pours noise", UNREACHABLE, *[b"\xff" * 65_536] * 20),
)

CASES = (*STATUSES, *HEADS, *LENGTHS, *ENDS, *CODINGS, *BODIES, *POURS)
