"""What a client wants, read from its first bytes, however they are cut."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.intercept.first_bytes import (
    RequestHead,
    TlsGreeting,
    Unknown,
    read_first_bytes,
    split_host,
)

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,10}){1,3}", fullmatch=True)


def greeting(name: str | None) -> bytes:
    """What OpenSSL sends first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname=name).do_handshake()
    return outgoing.read()


def in_small_records(data: bytes, size: int) -> bytes:
    """The same handshake, spread over records of so many bytes."""
    body = data[5:]
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(data[:3] + len(piece).to_bytes(2, "big") + piece for piece in pieces)


@given(NAMES, st.integers(1, 600))
def test_a_greeting_says_with_whom_the_client_wants_to_speak(name: str, size: int) -> None:
    data = greeting(name)
    assert read_first_bytes(data) == TlsGreeting(name)
    assert read_first_bytes(in_small_records(data, size)) == TlsGreeting(name)


@given(NAMES, st.data())
def test_a_part_of_a_greeting_is_not_enough(name: str, draw: st.DataObject) -> None:
    data = greeting(name)
    assert read_first_bytes(data[: draw.draw(st.integers(0, len(data) - 1))]) is None


def test_a_greeting_without_a_name_names_nobody() -> None:
    assert read_first_bytes(greeting(None)) == TlsGreeting("")


@pytest.mark.parametrize(
    ("head", "method", "target", "host"),
    [
        (b"CONNECT auth.sinch.com:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", "CONNECT", "auth.sinch.com:443", "x:443"),
        (b"GET http://a.example/b HTTP/1.0\r\n\r\n", "GET", "http://a.example/b", ""),
        (b"POST /c HTTP/1.1\r\nA: 1\r\nhOST:  a.example \r\n\r\n", "POST", "/c", "a.example"),
        (b"GET / HTTP/1.1\nHost: a.example\n\n", "GET", "/", "a.example"),
    ],
)  # fmt: skip
def test_a_request_says_what_it_asks_for(head: bytes, method: str, target: str, host: str) -> None:
    assert read_first_bytes(head + b"body") == RequestHead(method, target, host, len(head))
    assert read_first_bytes(head[:-1]) is None


def test_a_host_in_the_body_is_none() -> None:
    first = read_first_bytes(b"POST /c HTTP/1.1\r\nA: 1\r\n\r\nHost: calling.api.sinch.com\r\n\r\n")
    assert isinstance(first, RequestHead)
    assert first.host == ""


@pytest.mark.parametrize(
    "data", [b"SSH-2.0-x\r\n", b"\x05\x01\x00", b"get / HTTP/1.1\r\n\r\n", b"\x16\x02\x01\x00\x05abcde"]
)
def test_anything_else_is_unknown(data: bytes) -> None:
    assert read_first_bytes(data) == Unknown()


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x16\x03\x01", b"GET ", b"CONNECT "]))
def test_nothing_is_too_strange_to_be_read(data: bytes, beginning: bytes) -> None:
    read_first_bytes(beginning + data)


@given(NAMES, st.data())
def test_a_damaged_greeting_is_read_as_well(name: str, draw: st.DataObject) -> None:
    data = bytearray(greeting(name))
    for _ in range(3):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    read_first_bytes(bytes(data))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.example", ("a.example", 443)),
        ("a.example:8443", ("a.example", 8443)),
        ("[::1]:80", ("::1", 80)),
        ("[::1]", ("::1", 443)),
    ],
)
def test_an_authority_is_split(text: str, expected: tuple[str, int]) -> None:
    assert split_host(text, 443) == expected


@pytest.mark.parametrize("text", ["", ":443", "a:0", "a:70000", "a b:1", "::1", "user@a", "a:x"])
def test_what_is_no_authority_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        split_host(text, 443)
