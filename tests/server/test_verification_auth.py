"""Who may do what at the Verification API: signed, Basic and with the key alone, for each endpoint and each minimum."""

import base64
import json
from datetime import UTC, datetime

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import decode_secret, sign
from support.verifying import ANNA, BASIC, NONE, PUBLIC, SIGNED, VERIFICATIONS, ask, identity, report, start, started
from support.wired_world import Wired, wired

HINT = "X-Sinch-Simulator-Hint"
VECTOR_KEY, VECTOR_SECRET = "11111111-2222-4333-8444-555555555555", "AAECAwQFBgcICQoLDA0ODw=="


async def ready(sim: Wired, **settings: object) -> None:
    url = {"verificationCallbackUrl": sim.webhook.url, **settings}
    await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", url)
    sim.webhook.on("VerificationRequestEvent", {"action": "allow"})


@pytest.mark.parametrize("level", [SIGNED, BASIC, PUBLIC])
@pytest.mark.parametrize(
    ("method", "path", "for_devices"),
    [
        ("PUT", "/id/{id}", True),
        ("PUT", f"/number/{ANNA}", True),
        ("GET", "/id/{id}", False),
        ("GET", "/reference/r", False),
        ("GET", f"/sms/number/{ANNA}", True),
        ("PATCH", f"/number/{ANNA}", True),
    ],
)
async def test_each_endpoint_takes_what_it_should(level: str, method: str, path: str, for_devices: bool) -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, reference="r")
        body = None if method == "GET" else {"method": "sms", "sms": {"code": verification["code"]}}
        reply = await ask(sim, method, path.format(id=verification["id"]), body, level=level)
        if level != PUBLIC or for_devices:
            assert reply.status == 200, reply.raw
            return
        assert (reply.status, reply.json["errorCode"]) == (403, 40303)
        assert reply.json["message"] == "Authorization requirement not met."
        assert reply.headers[HINT]


@pytest.mark.parametrize(
    ("least", "taken"),
    [
        ("deny", ()),
        ("public", (PUBLIC, BASIC, SIGNED)),
        ("basic", (BASIC, SIGNED)),
        ("application", (SIGNED,)),
    ],
)
async def test_the_minimum_of_the_application_is_for_starts(least: str, taken: tuple[str, ...]) -> None:
    async with wired() as sim:
        await ready(sim, verificationAuth=least)
        for level in (PUBLIC, BASIC, SIGNED):
            reply = await start(sim, level=level)
            if level in taken:
                assert reply.status == 200
            else:
                assert (reply.status, reply.json["errorCode"]) == (403, 40303)
                assert least in reply.headers[HINT]
        shown = (await sim.control("GET", "/verifications"))["verifications"]
        assert len(shown) == len(taken)


async def test_a_device_alone_needs_somebody_to_allow_it() -> None:
    async with wired(callback_url=None) as sim:
        reply = await start(sim, level=PUBLIC)
        assert (reply.status, reply.json["errorCode"]) == (403, 40303)
        assert reply.json["message"] == "Callback URL must be set when using public authorization method."
        assert await sim.codes() == ["VERIFICATION_NO_CALLBACK_URL"]


async def test_options_of_a_device_are_not_read_and_those_of_basic_are_told() -> None:
    async with wired() as sim:
        await ready(sim)
        reply = await start(sim, level=PUBLIC, smsOptions={"codeType": "Alpha", "expiry": "?"})
        assert reply.json["sms"]["codeType"] == "Numeric"
        reply = await start(sim, level=BASIC, smsOptions={"codeType": "Alpha"})
        assert reply.json["sms"]["codeType"] == "Alpha"
        reply = await start(sim, level=SIGNED, smsOptions={"codeType": "Alpha"})
        assert await sim.codes() == ["VERIFICATION_OPTIONS_IGNORED"] * 2
        assert (await start(sim, level=PUBLIC, smsOptions=None, metadata={"os": "Android"})).status == 200
        assert await sim.codes() == ["VERIFICATION_OPTIONS_IGNORED"] * 2


@pytest.mark.parametrize(
    ("headers", "code", "found"),
    [
        ({}, 40104, "AUTH_MISSING"),
        ({"Authorization": "Basic !"}, 40100, "AUTH_MALFORMED"),
        ({"Authorization": "Basic: " + base64.b64encode(b"a:b").decode()}, 40100, "AUTH_MALFORMED"),
        ({"Authorization": f"Application {DEFAULT_KEY}:c2ln"}, 40101, "AUTH_TIMESTAMP_MISSING"),
        ({"Authorization": "Application nobody"}, 40107, "AUTH_UNKNOWN_KEY"),
        (
            {"Authorization": "Basic " + base64.b64encode(f"{DEFAULT_KEY}:wrong".encode()).decode()},
            40107,
            "AUTH_WRONG_SECRET",
        ),
        ({"Authorization": "Bearer token"}, 40301, "AUTH_PROJECT_KEY"),
    ],
)
async def test_credentials_that_are_no_good_are_refused_in_the_words_of_this_api(
    headers: dict[str, str], code: int, found: str
) -> None:
    async with wired(callback_url=None) as sim:
        for method, path in (("POST", ""), ("PUT", "/id/x"), ("GET", "/id/x"), ("GET", f"/sms/number/{ANNA}")):
            reply = await ask(sim, method, path, {} if method != "GET" else None, level=NONE, **headers)
            assert (reply.status, reply.json["errorCode"]) == (code // 100, code)
            assert reply.headers[HINT].startswith(found)
        assert set(await sim.codes()) == {found}


async def test_a_wrong_signature_is_refused_and_explained() -> None:
    async with wired(callback_url=None) as sim:
        reply = await ask(sim, "GET", "/id/x", signed="/verification/v1/verifications/id/y")
        assert (reply.status, reply.json["errorCode"], reply.json["message"]) == (401, 40102, "Invalid signature")
        assert reply.headers[HINT]


def now(decimals: int, zone: str) -> str:
    moment = datetime.now(UTC)
    fraction = f".{moment.microsecond:06}000"[: decimals + 1] if decimals else ""
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + zone


@pytest.mark.parametrize(
    ("sdk", "content_type", "of_get", "decimals", "zone", "decoded"),
    [
        ("Node 1.4", "application/json", "application/json", 3, "Z", True),
        ("Node 1.1", "application/json; charset=UTF-8", "application/json", 3, "Z", True),
        ("Python 1.1", "application/json; charset=UTF-8", "application/json; charset=UTF-8", 6, "+00:00", True),
        ("Java 2.2", "application/json", "", 9, "Z", True),
        (".NET 1", "application/json; charset=utf-8", "", 7, "Z", False),
        ("by hand", "application/json", "", 0, "Z", False),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "/" not in value else "",
)
async def test_signatures_are_taken_as_each_sdk_makes_them(
    sdk: str, content_type: str, of_get: str, decimals: int, zone: str, decoded: bool
) -> None:
    async with wired(callback_url=None) as sim:
        body = json.dumps({"identity": identity(), "method": "sms", "reference": "r 1/ä"}).encode()
        for method, sent, path, raw, kind in (
            ("POST", VERIFICATIONS, VERIFICATIONS, body, content_type),
            (
                "GET",
                f"{VERIFICATIONS}/reference/r%201%2F%C3%A4",
                f"{VERIFICATIONS}/reference/" + ("r 1/ä" if decoded else "r%201%2F%C3%A4"),
                b"",
                of_get,
            ),
        ):
            timestamp = now(decimals, zone)
            signature = sign(
                decode_secret(DEFAULT_SECRET),
                method=method, body=raw, content_type=kind, timestamp=timestamp, path=path,
            )  # fmt: skip
            headers = {"Authorization": f"Application {DEFAULT_KEY}:{signature}", "x-timestamp": timestamp}
            headers |= {"Content-Type": kind} if kind else {}
            reply = await sim.request(method, sent, raw=raw or None, headers=headers)
            assert reply.status == 200, (sdk, reply.raw)


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "timestamp", "signature"),
    [
        (
            "POST",
            "/verification/v1/verifications",
            b'{"identity":{"type":"number","endpoint":"+46700000001"},"method":"flashcall",'
            b'"flashCallOptions":{"dialTimeout":10}}',
            "application/json",
            "2025-01-15T10:30:00.123Z",
            "qalvQJVdt1csMCRBCi7+DGlt0c0rB77ZoxiHwCA86Wo=",
        ),
        (
            "GET",
            "/verification/v1/verifications/reference/order 42",
            b"",
            "application/json",
            "2025-01-15T10:30:05Z",
            "wzPXFDvdoCR8IipcAwyWZ4Fgg70rhJwE3UnWwzOsWA4=",
        ),
        (
            "GET",
            "/verification/v1/verifications/callout/number/+46700000001",
            b"",
            "application/json; charset=UTF-8",
            "2025-01-15T10:30:06.000001+00:00",
            "rPhIwoJC5zC1W6wuuR1gk8/S8zCw019wRxvkOEjL8eU=",
        ),
        (
            "POST",
            "/hooks/verification",
            b'{"id":"018f0000-0000-7000-8000-000000000001","event":"VerificationRequestEvent","method":"sms",'
            b'"identity":{"type":"number","endpoint":"+46700000001"},"price":{"amount":0.0453,"currencyId":"EUR"},'
            b'"rate":{"amount":0.0,"currencyId":"EUR"},"acceptLanguage":["es-ES"]}',
            "application/json; charset=utf-8",
            "2025-01-15T10:30:00.0000000Z",
            "vhNfMX/VPr31rpj86crlPGHWvr4tWw9JKH7fI2k9R1E=",
        ),
    ],
)
def test_the_vectors_of_the_page_are_signed_so(
    method: str, path: str, body: bytes, content_type: str, timestamp: str, signature: str
) -> None:
    secret = decode_secret(VECTOR_SECRET)
    assert (
        sign(secret, method=method, body=body, content_type=content_type, timestamp=timestamp, path=path) == signature
    )


async def test_a_device_may_report_what_it_has_started() -> None:
    async with wired() as sim:
        await ready(sim)
        reply = await start(sim, level=PUBLIC)
        verification = await sim.control("GET", f"/verifications/{reply.json['id']}")
        assert (await report(sim, verification, level=PUBLIC)).json["status"] == "SUCCESSFUL"
