"""The HMAC of both directions, against every vector that is published or was recomputed (docs/platform/auth.md#6)."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.signing import (
    callback_headers,
    callback_path,
    content_md5,
    decode_secret,
    normalise_key,
    path_variants,
    read_timestamp,
    sign,
    string_to_sign,
    timestamp_text,
    verify,
)

KEY = "11111111-2222-4333-8444-555555555555"
SECRET = "AAECAwQFBgcICQoLDA0ODw=="
JSON = "application/json"
UTF8_JSON = "application/json; charset=utf-8"

TTS_BODY = (
    '{"method":"ttsCallout","ttsCallout":{"cli":"+14045001000","destination":{"type":"number",'
    '"endpoint":"+14045005000"},"locale":"en-US","text":"Hello from the simulator"}}'
)
PATCH_BODY = '{"instructions":[{"name":"say","text":"Goodbye","locale":"en-US"}],"action":{"name":"hangup"}}'
DELETE_BODY = f'{{"number":"+14151112223333","applicationkey":"{KEY}","capability":"voice"}}'
CALL = "/calling/v1/calls/id/4398599d1ba84ef3bde0a82dfb61abed"
ICE_BODY = (
    '{"event":"ice","callid":"4398599d1ba84ef3bde0a82dfb61abed","timestamp":"2025-01-15T10:30:00Z","version":1,'
    '"cli":"14045001000","to":{"type":"did","endpoint":"+14045005000"},"domain":"pstn",'
    f'"applicationKey":"{KEY}","originationType":"PSTN","rdnis":""}}'
)
NODE_BODY = '{"id":"018d2104-aaa-bbbb-1234","price":{"amount":0.0308},"rate":{"amount":0.0}}'
JAVA_CALLBACK_BODY = (
    '{"id":"018c25e1-7163-5677-b8fb-467d7b1cffa5","event":"VerificationResultEvent","method":"sms",'
    '"identity":{"verified":false,"type":"number","endpoint":"+33628254417"},"status":"FAIL","reason":"Expired"}'
)
DOTNET_BODY = '{"identity": {"type": "number", "endpoint": "+46700000000"}, "method": "sms"}'
DOTNET_SECRET = "BeIukql3pTKJ8RGL5zo0DA=="
JAVA_SECRET = base64.b64encode(b"my-key-secret").decode()
ACE_BODY = (
    '{"event":"ace","callid":"822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257",'
    '"timestamp":"2014-09-24T10:59:41Z","version":1}'
)

# Name: (secret, method, path, body, content type, x-timestamp, MD5 or None where it is not published, signature)
VECTORS: dict[str, tuple[str, str, str, str, str, str, str | None, str]] = {
    "P1": (
        "JViE5vDor0Sw3WllZka15Q==", "POST", "/v1/sms/+46700000000", '{"message":"Hello world"}', JSON,
        "2014-06-04T13:41:58Z", "jANzQ+rgAHyf1MWQFSwvYw==", "qDXMwzfaxCRS849c/2R0hg0nphgdHciTo7OdM6MsdnM=",
    ),
    "P2": (
        DOTNET_SECRET, "POST", "/sinch/callback/ace", ACE_BODY, JSON,
        "2014-09-24T10:59:41Z", "REWF+X220L4/Gw1spXOU7g==", "Tg6fMyo8mj9pYfWQ9ssbx3Tc1BNC87IEygAfLbJqZb4=",
    ),
    "P3": (
        DOTNET_SECRET, "POST", "/verification/v1/verifications", DOTNET_BODY, JSON,
        "2014-06-04T13:41:58Z", "c5jl2EZiU6BpQ2QiBOJ/gQ==", "h6rXrFayOoggyHW4ymnLlfSDkZZPg6j98lHzvOXVjvw=",
    ),
    "P4": (
        DOTNET_SECRET, "POST", "/verification/v1/verifications", "", JSON,
        "2014-06-04T13:41:58Z", "", "srx3SkKXw/ryFJLfwFFzZTigPxR/1+9Ae+eB3olDIjM=",
    ),
    "P5": (
        JAVA_SECRET, "POST", "/path/pathParamValue",
        '{"identity":{"type":"number","endpoint":"+33444555666"},"method":"sms"}', "application/json; charset=UTF-8",
        "2023-11-22T09:10:11.999Z", "RkD29EocJh6t7zr5QfKM4g==", "QP3OzQZVzRZAEev6DBLvJkgpiqyZPuXYsc7oyjUV0K8=",
    ),
    "P6": (
        "9876543210", "POST", "/VerificationRequestEvent", JAVA_CALLBACK_BODY, UTF8_JSON,
        "2023-12-01T15:01:20.0406449Z", None, "xfKhO0XvlRNJraahUBEJzzi1f3Fn3pYO41/ZzwOHPaQ=",
    ),
    "P7": (
        "app-secret", "POST", "/webhook", NODE_BODY, UTF8_JSON,
        "2024-01-19T09:19:28.9372196Z", None, "p7hUz20oz16Fhfogs4Z0X+VA/Nhuu505I1alXYqwlKw=",
    ),
    "P7b": (
        "app-secret", "POST", "/webhook", NODE_BODY, UTF8_JSON,
        "x-timestamp:2024-01-19T09:19:28.9372196Z", None, "wC8XcoLQ22cxrOsUqqbWk+LHJ82wtqR/IgeIp9NG8LY=",
    ),
    "A1": (
        SECRET, "POST", "/calling/v1/callouts", TTS_BODY, UTF8_JSON,
        "2025-01-15T10:30:00.1234567Z", "DBt2Z4YA24s/ifOXu6oD0A==", "BuKueS4je6vj4CSM5+vEUBz05Lvdy4PxrtNXYLnKc4A=",
    ),
    "A2": (
        SECRET, "POST", "/calling/v1/callouts", TTS_BODY, JSON,
        "2025-01-15T10:30:00.1234567Z", "DBt2Z4YA24s/ifOXu6oD0A==", "WYYvB7LeLICCQ+FDnjW+WtMIIVV9XvSV9oUMPnwcupw=",
    ),
    "A3": (
        SECRET, "GET", CALL, "", JSON,
        "2025-01-15T10:30:05Z", "", "rTiGw/zbqAaEztqyAWRaCu/9yu7lJVWKwQP0FcH/39k=",
    ),
    "A4": (
        SECRET, "GET", CALL, "", "",
        "2025-01-15T10:30:05Z", "", "iaTgnjK7jDVz5WzeDUYVOz+yw86+hy/pWQRJFT5xav0=",
    ),
    "A5": (
        SECRET, "PATCH", CALL, PATCH_BODY, JSON,
        "2025-01-15T10:31:00Z", "SxGeNxcLfBcie6NzwcZ0qA==", "50Rlrstmui3ZqvjqkXscHy/m6cflmMXpPDyxfibiA64=",
    ),
    "A6": (
        SECRET, "DELETE", "/v1/configuration/numbers", DELETE_BODY, JSON,
        "2025-01-15T10:32:00Z", "LAXJKQ0SFhPwjzhYjxhuuw==", "JHhlTI4hz4v23MS47by1rSOdGZNpspsbiuYfXi3XeXU=",
    ),
    "A7": (
        SECRET, "GET", "/v1/calling/query/number/+46730170101", "", JSON,
        "2025-01-15T10:33:00Z", "", "NAokLXVXlNRxcCkfsHMRAyigzt7qRvJVRgkDmZ43oVc=",
    ),
    "A8": (
        SECRET, "GET", "/v1/calling/query/number/%2B46730170101", "", JSON,
        "2025-01-15T10:33:00Z", "", "/YreHX+8N1tKwXbcTNn/Iryi2X6KlgsxdgNPk4aFzGk=",
    ),
    "A9": (
        SECRET, "GET", "/calling/v1/recording", "", JSON,
        "2025-01-15T10:34:00Z", "", "AOcNHCvPI14plflFHPgrEGnQz6wHzcWhW4qBoHP4CxY=",
    ),
    "A10": (
        SECRET, "GET", "/calling/v1/recording?page=1&pageSize=10", "", JSON,
        "2025-01-15T10:34:00Z", "", "QanuuO6K7wwSvA0ylE+RZup3kOTV0wEVKfGuihUF38Y=",
    ),
    "A11": (
        SECRET, "POST", "/calling/v1/callouts/", TTS_BODY, UTF8_JSON,
        "2025-01-15T10:30:00.1234567Z", "DBt2Z4YA24s/ifOXu6oD0A==", "CieO6xYQpcyz+MWoa59Nv9g1Xa6K6NQYy/Xiekr50TA=",
    ),
    "A12": (
        SECRET, "POST", "/v1/callouts/", TTS_BODY, JSON,
        "2025-01-15T10:30:00.1234567Z", "DBt2Z4YA24s/ifOXu6oD0A==", "Z1oqw2KdYslugEomSGpdz/Je/pb3SxOQgcu97mOYhZo=",
    ),
    "C1": (
        SECRET, "POST", "/sinch/callback", ICE_BODY, UTF8_JSON,
        "2025-01-15T10:30:00.0000000Z", "YFZFjtamHonq3RFc5LWIpQ==", "DNdjFV6ismZ+IzFQ3fOnMiFZslFdi/yu2L4ENc9BmsA=",
    ),
    "C2": (
        SECRET, "POST", "/hooks/voice", '{"event":"pie","callid":"abc","version":1,"custom":"smörgås ✓"}', UTF8_JSON,
        "2025-01-15T10:30:10Z", "f+5rEI8fd7nkJcvFYfo2+Q==", "TuNPOhvWZgibZ6o6q8vghD6taN6PpuddpQucHfQu0/Y=",
    ),
    "C3": (
        SECRET, "POST", "/", '{"event":"notify","callid":"abc","version":1,"type":"recording_finished"}', UTF8_JSON,
        "2025-01-15T10:35:00Z", "ikE3wHmn2n4DpJ2LZEVxkA==", "lyOnpe3S5l+OQ2XcGWgKTyTnLItX2RNRtnxf895Vhhw=",
    ),
    "C4": (
        SECRET, "POST", "/sinch/callback", "", JSON,
        "2025-01-15T10:36:00Z", "", "ELAIrGueZg8Q4ErOhvfUFcTwikH2ljNYhS1ynRhcd8s=",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_every_known_vector_is_reproduced(name: str) -> None:
    secret, method, path, text, content_type, timestamp, md5, signature = VECTORS[name]
    body = text.encode()
    given_signature = sign(
        decode_secret(secret), method=method, body=body, content_type=content_type, timestamp=timestamp, path=path
    )
    assert given_signature == signature
    assert md5 is None or content_md5(body) == md5


def test_the_string_to_sign_has_five_lines_also_when_body_and_content_type_are_missing() -> None:
    assert string_to_sign("GET", b"", "", "2025-01-15T10:30:05Z", CALL) == (
        f"GET\n\n\nx-timestamp:2025-01-15T10:30:05Z\n{CALL}"
    )


# ---- secrets and keys -------------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=100))
def test_a_secret_decodes_with_and_without_padding_and_in_both_alphabets(secret: bytes) -> None:
    standard, for_urls = base64.b64encode(secret).decode(), base64.urlsafe_b64encode(secret).decode()
    for text in (standard, for_urls, standard.rstrip("="), for_urls.rstrip("="), f" {standard}\n"):
        assert decode_secret(text) == secret


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("AAEC!wQF", "character 5"),
        ("AAECA", "cut off"),
        ("smörgås", "character 3"),
    ],
)
def test_a_bad_secret_is_refused_with_the_reason_and_without_the_secret(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        decode_secret(text)
    assert "application secret" in str(refused.value)
    assert not text.strip() or text not in str(refused.value)


@given(st.binary(min_size=1, max_size=200), st.text(alphabet=st.characters(codec="utf-8")))
def test_keys_of_any_length_sign_as_the_standard_library_does(secret: bytes, body: str) -> None:
    text = string_to_sign("POST", body.encode(), JSON, "2025-01-15T10:30:05Z", "/")
    wanted = base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()
    timestamp = "2025-01-15T10:30:05Z"
    assert wanted == sign(
        secret, method="POST", body=body.encode(), content_type=JSON, timestamp=timestamp, path="/"
    )


def test_keys_are_compared_as_guids() -> None:
    assert normalise_key("5F5C418A0F914BBC8234A9BF5EDDAD97") == normalise_key("5f5c418a-0f91-4bbc-8234-a9bf5eddad97")


# ---- paths and times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.com", "/"),
        ("https://example.com/", "/"),
        ("https://example.com?a=/b", "/"),
        ("http://127.0.0.1:8000/sinch/callback", "/sinch/callback"),
        ("http://h/a%2Fb/c%20d/?x=1#y", "/a%2Fb/c%20d/"),
        ("http://user:pw@h:1/hook/", "/hook/"),
        ("http://h/a//b;c=1", "/a//b;c=1"),
    ],
)
def test_the_callback_path_is_the_path_as_configured(url: str, path: str) -> None:
    assert callback_path(url) == path


def test_the_variants_of_a_path_are_those_of_the_official_clients() -> None:
    assert path_variants("/a%2Bb", "x=1") == ("/a%2Bb", "/a+b", "/a%2Bb?x=1")
    assert path_variants("/a+b", "") == ("/a+b",)


@given(st.integers(min_value=0, max_value=4_000_000_000), st.integers(min_value=0, max_value=999_999))
def test_a_written_timestamp_has_seven_decimals_and_reads_back(second: int, micros: int) -> None:
    text = timestamp_text(second + micros / 1_000_000)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", text)
    moment = read_timestamp(text)
    assert moment is not None
    assert abs(moment - (second + micros / 1_000_000)) < 0.00001


@pytest.mark.parametrize(
    "text",
    [
        "2014-06-02T15:39:31Z",
        "2014-06-02T15:39:31.000Z",
        "2014-06-02T15:39:31.0000000Z",
        "2014-06-02T15:39:31.000000+00:00",
        "2014-06-02T17:39:31+0200",
    ],
)
def test_the_forms_that_clients_send_are_read(text: str) -> None:
    assert read_timestamp(text) == datetime(2014, 6, 2, 15, 39, 31, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text",
    ["", "now", "2014-06-02", "2014-06-02T15:39:31", "2014-13-02T15:39:31Z", "1401723571", "٢٠١٤-06-02T15:39:31Z",
     "x-timestamp:2014-06-02T15:39:31Z", "2014-06-02T15:39:31+99:99"],
)  # fmt: skip
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert read_timestamp(text) is None


def test_a_time_at_the_edge_of_the_calendar_is_read_without_an_exception() -> None:
    for text in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        moment = read_timestamp(text)
        assert moment is None or abs(moment) > 1e10


@given(st.text())
def test_any_text_is_a_timestamp_or_none(text: str) -> None:
    moment = read_timestamp(text)
    assert moment is None or isinstance(moment, float)


# ---- callbacks --------------------------------------------------------------------------------------------------


def test_the_callback_headers_are_those_that_every_sdk_accepts() -> None:
    moment = datetime(2025, 1, 15, 10, 30, tzinfo=UTC).timestamp()
    headers = callback_headers(KEY, decode_secret(SECRET), "/sinch/callback", ICE_BODY.encode(), moment)
    assert headers == {
        "Content-Type": "application/json; charset=utf-8",
        "x-timestamp": "2025-01-15T10:30:00.0000000Z",
        "authorization": f"application {KEY}:DNdjFV6ismZ+IzFQ3fOnMiFZslFdi/yu2L4ENc9BmsA=",
    }


@settings(max_examples=50)
@given(st.binary(min_size=1), st.binary(max_size=200), st.floats(min_value=0, max_value=4e9))
def test_a_signed_callback_verifies_and_a_changed_one_does_not(secret: bytes, body: bytes, now: float) -> None:
    text = base64.b64encode(secret).decode()
    headers = callback_headers(KEY, secret, "/hook", body, now)
    assert verify(text, application_key=KEY.upper(), headers=headers, path="/hook", body=body, wall_time=now)
    assert not verify(text, application_key=KEY, headers=headers, path="/hook", body=body + b" ")
    assert not verify(text, application_key=KEY, headers=headers, path="/hook/", body=body)
    assert not verify(text, application_key="other", headers=headers, path="/hook", body=body)
    assert not verify(text, application_key=KEY, headers=headers, path="/hook", body=body, wall_time=now + 301)


@pytest.mark.parametrize("name", ["authorization", "x-timestamp", "Content-Type"])
def test_a_callback_without_one_of_its_three_headers_does_not_verify(name: str) -> None:
    headers = callback_headers(KEY, decode_secret(SECRET), "/hook", b"{}", 0.0)
    del headers[name]
    assert not verify(SECRET, application_key=KEY, headers=headers, path="/hook", body=b"{}")
