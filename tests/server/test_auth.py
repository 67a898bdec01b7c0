"""Who sends a request: every way in, every refusal with its code, and the explanation of each wrong signature."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ErrorCode, SenderRefused
from sinch_simulator.core.signing import decode_secret, normalise_key, sign
from sinch_simulator.server.security.auth import (
    SignedRequest,
    authenticate,
    claimed_key,
    known_by_password,
)

KEY = "11111111-2222-4333-8444-555555555555"
SECRET = "AAECAwQFBgcICQoLDA0ODw=="
BASIC = "Basic MTExMTExMTEtMjIyMi00MzMzLTg0NDQtNTU1NTU1NTU1NTU1OkFBRUNBd1FGQmdjSUNRb0xEQTBPRHc9PQ=="
STAMP = "2025-01-15T10:30:00.1234567Z"
NOW = datetime(2025, 1, 15, 10, 30, 0, 123456, tzinfo=UTC).timestamp()
UTF8_JSON = "application/json; charset=utf-8"
CALLOUTS = "/calling/v1/callouts"
CALL = "/calling/v1/calls/id/4398599d1ba84ef3bde0a82dfb61abed"
BODY = (
    b'{"method":"ttsCallout","ttsCallout":{"cli":"+14045001000","destination":{"type":"number",'
    b'"endpoint":"+14045005000"},"locale":"en-US","text":"Hello from the simulator"}}'
)
A1 = "BuKueS4je6vj4CSM5+vEUBz05Lvdy4PxrtNXYLnKc4A="
A2 = "WYYvB7LeLICCQ+FDnjW+WtMIIVV9XvSV9oUMPnwcupw="

APPLICATION = Application(key=KEY, secret=SECRET)
APPLICATIONS = {normalise_key(KEY): APPLICATION}


def request(
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    *,
    method: str = "POST",
    path: str = CALLOUTS,
    query: str = "",
    body: bytes = BODY,
) -> SignedRequest:
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)

    def header_values(name: str) -> Sequence[str]:
        return [value for header, value in pairs if header.lower() == name]

    return SignedRequest(method=method, raw_path=path, query=query, header_values=header_values, body=body)


def signed_headers(signature: str, *, content_type: str | None = UTF8_JSON, stamp: str = STAMP) -> dict[str, str]:
    headers = {"Authorization": f"Application {KEY}:{signature}", "x-timestamp": stamp}
    if content_type is not None:
        headers["Content-Type"] = content_type
    return headers


def refusal(
    sent: SignedRequest, *, now: float = NOW, strict: bool = False, skew_s: float | None = 300.0
) -> SenderRefused:
    with pytest.raises(SenderRefused) as refused:
        authenticate(sent, APPLICATIONS, now, skew_s=skew_s, strict=strict)
    error = refused.value
    assert error.hint.isascii()
    assert error.hint.isprintable()
    assert error.hint.startswith(error.diagnostics[0].code)
    told = repr(error.diagnostics) + error.hint + error.message
    assert SECRET not in told
    assert SECRET.rstrip("=") not in told
    return error


# ---- Basic ------------------------------------------------------------------------------------------------------


def test_basic_credentials_are_the_key_and_the_text_of_the_secret() -> None:
    assert authenticate(request({"Authorization": BASIC}), APPLICATIONS, NOW) is APPLICATION
    assert authenticate(request({"authorization": BASIC.replace("Basic", "bASIC")}), APPLICATIONS, NOW) is APPLICATION


def test_basic_wins_over_a_timestamp() -> None:
    assert authenticate(request({"Authorization": BASIC, "x-timestamp": "old"}), APPLICATIONS, NOW) is APPLICATION


@pytest.mark.parametrize("key", [KEY.upper(), KEY.replace("-", "")])
def test_case_and_dashes_of_a_key_do_not_matter(key: str) -> None:
    basic = "Basic " + base64.b64encode(f"{key}:{SECRET}".encode()).decode()
    assert authenticate(request({"Authorization": basic}), APPLICATIONS, NOW) is APPLICATION
    signed = {**signed_headers(A1), "Authorization": f"application {key}:{A1}"}
    assert authenticate(request(signed), APPLICATIONS, NOW) is APPLICATION


@pytest.mark.parametrize("word", ["application:", "application\\", "Application:", "APPLICATION\\"])
def test_the_user_name_may_say_that_it_is_an_application(word: str) -> None:
    credentials = base64.b64encode(f"{word}{KEY}:{SECRET}".encode()).decode()
    assert authenticate(request({"Authorization": f"Basic {credentials}"}), APPLICATIONS, NOW) is APPLICATION
    assert known_by_password((f"Basic {credentials}",), APPLICATIONS) is APPLICATION
    assert claimed_key(f"Basic {credentials}") == KEY


@pytest.mark.parametrize("credentials", ["application:", f"application:{KEY}", f"app:{KEY}:{SECRET}"])
def test_only_that_word_may_stand_before_the_key(credentials: str) -> None:
    header = "Basic " + base64.b64encode(credentials.encode()).decode()
    assert refusal(request({"Authorization": header})).code is ErrorCode.INVALID_CREDENTIALS


def test_a_changed_secret_and_a_removed_application_are_noticed_at_once() -> None:
    application = Application(key=KEY, secret=SECRET)
    applications = {normalise_key(KEY): application}
    assert authenticate(request({"Authorization": BASIC}), applications, NOW) is application
    application.secret = "b3RoZXI="
    with pytest.raises(SenderRefused):
        authenticate(request({"Authorization": BASIC}), applications, NOW)
    application.secret = SECRET
    assert authenticate(request({"Authorization": BASIC}), applications, NOW) is application
    applications.clear()
    with pytest.raises(SenderRefused):
        authenticate(request({"Authorization": BASIC}), applications, NOW)


@pytest.mark.parametrize("credentials", [f"{KEY}:wrong", f"{KEY}:", f"unknown:{SECRET}", f"{KEY}:{SECRET} ", "a\nb:c"])
def test_well_formed_basic_credentials_that_are_wrong_are_40108(credentials: str) -> None:
    header = "Basic " + base64.b64encode(credentials.encode()).decode()
    assert refusal(request({"Authorization": header})).code is ErrorCode.INVALID_CREDENTIALS


# ---- malformed and foreign headers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "",
        "   ",
        "Basic",
        "Basic ",
        "Application",
        BASIC.replace("Basic ", "Basic: "),
        "Basic %%%%",
        "Basic YQ",
        "Basic bm9jb2xvbg==",
        "Basic OnNlY3JldA==",
        "Basic /////w==",
        "Basic é",
        "Basic \udcff",
        f"Application {KEY}:",
        f"Application :{A1}",
        f"Application {KEY}: {A1}",
        f"Application {KEY} {A1}",
        "Basic " + "A" * 5000,
        "nonsense",
        "{} []",
        "Basic a\tb",
    ],
)
def test_an_authorization_header_that_cannot_be_read_is_40100(header: str) -> None:
    assert refusal(request({"Authorization": header})).code is ErrorCode.NO_AUTHORIZATION


def test_no_authorization_header_is_40100() -> None:
    error = refusal(request({}))
    assert (error.code, error.message, error.status) == (ErrorCode.NO_AUTHORIZATION, "Authorization Header", 401)


def test_two_authorization_headers_are_40100() -> None:
    assert refusal(request([("Authorization", BASIC), ("authorization", BASIC)])).code is ErrorCode.NO_AUTHORIZATION


def test_the_colon_after_basic_is_pointed_out() -> None:
    assert "without a colon" in refusal(request({"Authorization": BASIC.replace("Basic", "Basic:")})).hint


@pytest.mark.parametrize(
    "header", ["Bearer abc", "User x", f"Instance a:{A1}", "Session x", "Digest a=b", f"Application {KEY}"]
)
def test_a_scheme_of_another_product_is_40301(header: str) -> None:
    error = refusal(request({"Authorization": header}))
    assert (error.code, error.status) == (ErrorCode.INVALID_SCHEME, 403)


def test_a_bearer_token_is_explained_by_the_kind_of_its_key() -> None:
    assert refusal(request({"Authorization": "Bearer abc"})).diagnostics[0].code == "AUTH_PROJECT_KEY"


# ---- signed requests that are right -----------------------------------------------------------------------------

RIGHT = {
    "A1": ("POST", CALLOUTS, "", BODY, UTF8_JSON, STAMP, A1),
    "A2": ("POST", CALLOUTS, "", BODY, "application/json", STAMP, A2),
    "A3": ("GET", CALL, "", b"", "application/json", "2025-01-15T10:30:05Z",
           "rTiGw/zbqAaEztqyAWRaCu/9yu7lJVWKwQP0FcH/39k="),
    "A4 without a content type": ("GET", CALL, "", b"", None, "2025-01-15T10:30:05Z",
           "iaTgnjK7jDVz5WzeDUYVOz+yw86+hy/pWQRJFT5xav0="),
    "A7": ("GET", "/v1/calling/query/number/+46730170101", "", b"", "application/json", "2025-01-15T10:33:00Z",
           "NAokLXVXlNRxcCkfsHMRAyigzt7qRvJVRgkDmZ43oVc="),
    "A8": ("GET", "/v1/calling/query/number/%2B46730170101", "", b"", "application/json", "2025-01-15T10:33:00Z",
           "/YreHX+8N1tKwXbcTNn/Iryi2X6KlgsxdgNPk4aFzGk="),
    "A9 query not signed": ("GET", "/calling/v1/recording", "page=1&pageSize=10", b"", "application/json",
           "2025-01-15T10:34:00Z", "AOcNHCvPI14plflFHPgrEGnQz6wHzcWhW4qBoHP4CxY="),
    "A11": ("POST", CALLOUTS + "/", "", BODY, UTF8_JSON, STAMP, "CieO6xYQpcyz+MWoa59Nv9g1Xa6K6NQYy/Xiekr50TA="),
    "A12": ("POST", "/v1/callouts/", "", BODY, "application/json", STAMP,
           "Z1oqw2KdYslugEomSGpdz/Je/pb3SxOQgcu97mOYhZo="),
}  # fmt: skip
DIALECTS = {
    "Java: A7 signed, A8 sent": ("GET", "/v1/calling/query/number/%2B46730170101", "", b"", "application/json",
           "2025-01-15T10:33:00Z", "NAokLXVXlNRxcCkfsHMRAyigzt7qRvJVRgkDmZ43oVc="),
    ".NET: A10, query signed": ("GET", "/calling/v1/recording", "page=1&pageSize=10", b"", "application/json",
           "2025-01-15T10:34:00Z", "QanuuO6K7wwSvA0ylE+RZup3kOTV0wEVKfGuihUF38Y="),
}  # fmt: skip
Vector = tuple[str, str, str, bytes, str | None, str, str]


def from_vector(vector: Vector) -> SignedRequest:
    method, path, query, body, content_type, stamp, signature = vector
    headers = signed_headers(signature, content_type=content_type, stamp=stamp)
    return request(headers, method=method, path=path, query=query, body=body)


@pytest.mark.parametrize("name", RIGHT)
def test_a_rightly_signed_request_is_taken_also_when_strict(name: str) -> None:
    for strict in (False, True):
        assert authenticate(from_vector(RIGHT[name]), APPLICATIONS, NOW, strict=strict) is APPLICATION


@pytest.mark.parametrize("name", DIALECTS)
def test_what_an_official_client_signs_differently_is_taken_unless_strict(name: str) -> None:
    assert authenticate(from_vector(DIALECTS[name]), APPLICATIONS, NOW) is APPLICATION
    error = refusal(from_vector(DIALECTS[name]), strict=True)
    wanted = "AUTH_QUERY_SIGNED" if "query" in name else "AUTH_PATH_MISMATCH"
    assert (error.code, error.diagnostics[0].code) == (ErrorCode.INVALID_SIGNATURE, wanted)


def test_an_unknown_key_is_40108_before_anything_else_is_looked_at() -> None:
    error = refusal(request({"Authorization": f"Application nobody:{A1}"}))
    assert (error.code, error.diagnostics[0].code) == (ErrorCode.INVALID_CREDENTIALS, "AUTH_UNKNOWN_KEY")


@pytest.mark.parametrize(
    ("stamp", "diagnostic"),
    [
        (None, "AUTH_TIMESTAMP_MISSING"),
        ("yesterday", "AUTH_TIMESTAMP_UNREADABLE"),
        ("\udcff", "AUTH_TIMESTAMP_UNREADABLE"),
        ("2025-01-15T10:30:00", "AUTH_TIMESTAMP_UNREADABLE"),
        ("2025-01-15T10:24:59Z", "AUTH_CLOCK_SKEW"),
        ("2025-01-15T10:35:01Z", "AUTH_CLOCK_SKEW"),
    ],
)
def test_a_timestamp_that_is_missing_unreadable_or_far_away_is_40101(stamp: str | None, diagnostic: str) -> None:
    headers = signed_headers(A1)
    del headers["x-timestamp"]
    error = refusal(request(headers if stamp is None else {**headers, "x-timestamp": stamp}))
    assert (error.code, error.diagnostics[0].code) == (ErrorCode.BAD_TIMESTAMP, diagnostic)


def test_two_timestamps_are_40101() -> None:
    pairs = [*signed_headers(A1).items(), ("X-Timestamp", STAMP)]
    assert refusal(request(pairs)).code is ErrorCode.BAD_TIMESTAMP


def test_the_window_is_five_minutes_both_ways_and_can_be_moved_or_switched_off() -> None:
    sent = request(signed_headers(A1))
    for off_s in (-299.0, 299.0):
        assert authenticate(sent, APPLICATIONS, NOW + off_s) is APPLICATION
    assert refusal(sent, now=NOW + 2, skew_s=1.0).code is ErrorCode.BAD_TIMESTAMP
    assert authenticate(sent, APPLICATIONS, NOW + 1e9, skew_s=None) is APPLICATION


def test_local_time_written_as_utc_is_recognised() -> None:
    assert "local time" in refusal(request(signed_headers(A1)), now=NOW - 7200).hint


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("cknYD3HjE7lT+OJbIuNloD61+h4vCTwMZCc5qwEhe8g=", "AUTH_SECRET_NOT_DECODED"),
        ("qzaSl3Mu6QwRWr7IAC2zZ68YBbscTmWJpEwTwEoj4Fc=", "AUTH_MD5_HEX"),
        ("bm90IGEgc2lnbmF0dXJl", "AUTH_SIGNATURE_ENCODING"),
        ("not:base64", "AUTH_SIGNATURE_ENCODING"),
    ],
)
def test_a_wrong_signature_is_40102_with_its_cause(signature: str, code: str) -> None:
    error = refusal(request(signed_headers(signature)))
    assert (error.code, error.message) == (ErrorCode.INVALID_SIGNATURE, "Invalid Signature")
    assert [finding.code for finding in error.diagnostics] == [code, "AUTH_STRING_TO_SIGN"]


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def signed_with(*, body: bytes = BODY, path: str = CALLOUTS) -> str:
    return sign(
        decode_secret(SECRET), method="POST", body=body, content_type=UTF8_JSON, timestamp=STAMP, path=path
    )


def test_a_signed_query_is_explained_when_strict() -> None:
    sent = request(signed_headers(signed_with(path=f"{CALLOUTS}?a=1")), query="a=1")
    finding = refusal(sent, strict=True).diagnostics[0]
    assert finding.code == "AUTH_QUERY_SIGNED"
    assert f'"{CALLOUTS}?a=1" was signed, "{CALLOUTS}" is right' in finding.message


def test_an_unknown_mistake_shows_the_expected_string_to_sign() -> None:
    error = refusal(request(signed_headers(encoded(b"x" * 32))))
    expected = f"POST\\nDBt2Z4YA24s/ifOXu6oD0A==\\n{UTF8_JSON}\\nx-timestamp:{STAMP}\\n{CALLOUTS}"
    assert expected in error.hint
    assert expected in error.diagnostics[-1].message


def test_text_that_is_not_ascii_is_escaped_in_the_header_and_kept_in_the_diagnostic() -> None:
    body = '{"text":"smörgås"}'.encode()
    escaped = json.dumps(json.loads(body), separators=(",", ":")).encode()
    sent = request(signed_headers(signed_with(body=escaped)), body=body)
    error = refusal(sent)
    assert error.diagnostics[0].code == "AUTH_BODY_RESERIALISED"
    assert "smörgås" in error.diagnostics[0].message
    assert "sm\\xf6rg" in error.hint


def test_an_application_whose_secret_is_not_base64_can_use_basic_only() -> None:
    application = Application(key=KEY, secret="not base64!")
    applications = {normalise_key(KEY): application}
    basic = "Basic " + base64.b64encode(f"{KEY}:not base64!".encode()).decode()
    assert authenticate(request({"Authorization": basic}), applications, NOW) is application
    with pytest.raises(SenderRefused) as refused:
        authenticate(request(signed_headers(A1)), applications, NOW)
    assert refused.value.code is ErrorCode.INVALID_SIGNATURE
    assert "not base64!" not in repr(refused.value.diagnostics)


# ---- anything at all --------------------------------------------------------------------------------------------

# As a web server hands them on: bytes that are not UTF-8 become surrogates.
header_text: st.SearchStrategy[str] = st.binary(max_size=80).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
authorization = st.one_of(
    header_text,
    st.tuples(
        st.sampled_from(["Basic", "Application", "application", "Bearer", "", "Basic:"]),
        st.sampled_from([" ", "  ", ""]),
        st.one_of(
            header_text,
            st.binary(max_size=60).map(encoded),
            st.one_of(header_text, st.binary(min_size=32, max_size=32).map(encoded)).map(lambda text: f"{KEY}:{text}"),
        ),
    ).map("".join),
)
stamps = st.one_of(header_text, st.just(STAMP))
any_headers = st.lists(
    st.one_of(
        st.tuples(st.just("Authorization"), authorization),
        st.tuples(st.just("x-timestamp"), stamps),
        st.tuples(st.just("Content-Type"), header_text),
        st.tuples(st.just("Host"), header_text),
    ),
    max_size=5,
)


paths = st.binary(max_size=20).map(lambda raw: "/" + raw.decode("utf-8", "surrogateescape"))
any_json = st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps).map(str.encode)


def _is_refused_as_documented(sent: SignedRequest, strict: bool) -> None:
    try:
        answer: Application | SenderRefused = authenticate(sent, APPLICATIONS, NOW, strict=strict)
    except SenderRefused as refused:
        answer = refused
    if isinstance(answer, Application):
        assert answer is APPLICATION
        return
    assert answer.status in (401, 403)
    assert answer.hint.isascii()
    assert answer.hint.isprintable()
    # What a diagnostic says goes into JSON in UTF-8.
    assert "".join(finding.message + finding.hint for finding in answer.diagnostics).encode()


@settings(max_examples=300, deadline=None)
@given(any_headers, paths, header_text, st.binary(max_size=60), st.booleans())
def test_any_request_is_taken_or_refused_with_401_or_403(
    headers: list[tuple[str, str]], path: str, query: str, body: bytes, strict: bool
) -> None:
    _is_refused_as_documented(request(headers, path=path, query=query, body=body), strict)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.binary(max_size=60), any_json),
    header_text,
    st.sampled_from([STAMP, "2025-01-15T10:30:00Z", "2025-01-15T10:30:00.5+00:00"]),
    paths,
    header_text,
    st.sampled_from([encoded(b"x" * 32), (b"x" * 32).hex(), "x", "é"]),
)
def test_any_signed_request_is_explained_without_an_exception(
    body: bytes, content_type: str, stamp: str, path: str, query: str, signature: str
) -> None:
    headers = signed_headers(signature, content_type=content_type, stamp=stamp)
    _is_refused_as_documented(request(headers, path=path, query=query, body=body), strict=False)


@settings(max_examples=60, deadline=None)
@given(header_text, st.binary(max_size=60), st.sampled_from(["GET", "POST", "PATCH", "DELETE"]))
def test_whatever_is_signed_rightly_is_taken(content_type: str, body: bytes, method: str) -> None:
    signature = sign(
        decode_secret(SECRET), method=method, body=body, content_type=content_type, timestamp=STAMP, path="/a%20b"
    )
    sent = request(signed_headers(signature, content_type=content_type), method=method, path="/a%20b", body=body)
    assert authenticate(sent, APPLICATIONS, NOW, strict=True) is APPLICATION
