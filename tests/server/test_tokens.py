"""OAuth2 tokens: how programs get them, what is refused and why, and how long they are good."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PROJECT, DEFAULT_SERVICE_PLAN
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.rest.project_access import PLAN_OR_PROJECT_TOKEN, PROJECT_ACCESS
from sinch_simulator.server.products import PRODUCTS
from support.wired_world import Json, Reply, Wired, basic, wired

PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
PLAN, API_TOKEN = DEFAULT_SERVICE_PLAN
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = b"grant_type=client_credentials"


def who(request: PlatformRequest) -> Answer:
    return json_answer({"key": request.application.key})


SHELVES = Product(
    name="shelves",
    machine=None,
    api_name="Shelves API",
    prefixes=("/shelves",),
    schemes=PROJECT_ACCESS,
    endpoints=lambda: (
        PlatformEndpoint("GET", "/{projectId}", who, "who asks"),
        PlatformEndpoint("GET", "/plans/{servicePlanId}", who, "who asks", schemes=(PLAN_OR_PROJECT_TOKEN,)),
    ),
)
WITH_SHELVES = (*PRODUCTS, SHELVES)


async def post(
    sim: Wired,
    body: bytes = GRANT,
    *,
    path: str = "/oauth2/token",
    key_id: str = KEY_ID,
    secret: str = KEY_SECRET,
    headers: dict[str, str] | None = None,
) -> Reply:
    sent = {**FORM, **basic(key_id, secret)} if headers is None else headers
    return await sim.request("POST", path, raw=body, headers=sent)


async def token(sim: Wired, key_id: str = KEY_ID, secret: str = KEY_SECRET) -> str:
    reply = await post(sim, key_id=key_id, secret=secret)
    assert reply.status == 200, reply.raw
    return str(reply.json["access_token"])


async def ask(sim: Wired, bearer: str, path: str = f"/shelves/{PROJECT}") -> Reply:
    return await sim.request("GET", path, headers={"Authorization": f"Bearer {bearer}"})


def claims(text: str) -> Any:
    part = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def test_a_client_gets_a_token_in_the_form_that_sdks_read() -> None:
    async with wired() as sim:
        before = int(time.time())
        reply = await post(sim)
        issued = reply.json
        assert reply.status == 200
        assert (reply.headers["cache-control"], issued["token_type"]) == ("no-store", "bearer")
        assert (issued["expires_in"], issued["scope"]) == (3600, "")
        read = claims(issued["access_token"])
        assert (read["sub"], read["client_id"], read["project_id"], read["iss"]) == (
            KEY_ID, KEY_ID, PROJECT, sim.server.url,
        )  # fmt: skip
        assert before <= read["iat"] <= time.time()
        assert read["exp"] == read["iat"] + 3600  # wall time, although the world's clock stands in another year
        assert (await post(sim, path="/oauth2/token/")).status == 200


async def test_a_client_may_say_who_it_is_in_the_form() -> None:
    async with wired() as sim:
        body = GRANT + f"&client_id={KEY_ID}&client_secret={KEY_SECRET}&scope=all".encode()
        assert (await post(sim, body, headers=FORM)).status == 200
        reply = await post(sim, GRANT + f"&client_id={KEY_ID}&client_secret=wrong".encode(), headers=FORM)
        assert (reply.status, reply.json["error"]) == (401, "invalid_client")
        assert "AUTH_WRONG_KEY_SECRET" in await sim.codes()


REFUSED: list[tuple[bytes, dict[str, str] | None, int, str]] = [
    (GRANT, FORM, 401, "invalid_client"),
    (GRANT, {**FORM, **basic(KEY_ID, "wrong")}, 401, "invalid_client"),
    (GRANT, {**FORM, **basic("nobody", KEY_SECRET)}, 401, "invalid_client"),
    (GRANT, {**FORM, **basic()}, 401, "invalid_client"),
    (GRANT, {**FORM, "Authorization": "Basic %%%"}, 401, "invalid_client"),
    (GRANT, {**FORM, "Authorization": "Bearer abc"}, 401, "invalid_client"),
    (b"", None, 400, "invalid_request"),
    (b"grant_type=password", None, 400, "unsupported_grant_type"),
    (GRANT + b"&" + GRANT, None, 400, "invalid_request"),
    (b"\xff=\xff", None, 400, "invalid_request"),
    (b'{"grant_type": "client_credentials"}', {**basic(KEY_ID, KEY_SECRET), "Content-Type": "application/json"}, 400,
     "invalid_request"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "headers", "status", "error"), REFUSED, ids=str)
async def test_what_is_wrong_with_a_request_for_a_token_is_said(
    body: bytes, headers: dict[str, str] | None, status: int, error: str
) -> None:
    async with wired() as sim:
        reply = await post(sim, body, headers=headers)
        assert (reply.status, reply.json["error"], set(reply.json)) == (status, error, {"error", "error_description"})
        assert ("www-authenticate" in reply.headers) == (status == 401)
        assert reply.headers["x-sinch-simulator-hint"]
        assert b"wrong" not in reply.raw
        assert len(await sim.codes()) == 1


async def test_other_verbs_and_paths_are_refused_in_the_form_of_tokens() -> None:
    async with wired() as sim:
        reply = await sim.request("GET", "/oauth2/token")
        assert (reply.status, reply.json["error"]) == (405, "invalid_request")
        reply = await sim.request("POST", "/oauth2/introspect")
        assert (reply.status, set(reply.json)) == (404, {"error", "error_description"})


async def test_a_token_is_good_for_its_project_until_its_time_has_passed() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        first = await token(sim)
        await sim.advance(1800)
        second = await token(sim)
        assert (await ask(sim, first)).json == {"key": DEFAULT_KEY}
        await sim.advance(1800)
        reply = await ask(sim, first)
        assert (reply.status, "expired" in reply.headers["www-authenticate"]) == (401, True)
        assert (await ask(sim, second)).status == 200
        assert (await sim.request("GET", f"/shelves/{PROJECT}", headers=basic(KEY_ID, KEY_SECRET))).status == 200


async def test_the_lifetime_is_a_setting() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"tokenLifetime": 5})
        short = (await post(sim)).json
        assert short["expires_in"] == 5
        await sim.advance(4.9)
        assert (await ask(sim, short["access_token"])).status == 200
        await sim.advance(0.1)
        assert (await ask(sim, short["access_token"])).status == 401


async def test_tokens_can_be_ended_revoked_and_reset() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        other = await sim.application()
        ended, theirs = await token(sim), await token(sim, other["keyId"], other["keySecret"])
        await sim.control("POST", f"/tokens/expire?application={DEFAULT_KEY}")
        assert "expired" in (await ask(sim, ended)).headers["www-authenticate"]
        assert (await ask(sim, theirs, f"/shelves/{other['projectId']}")).status == 200
        await sim.control("POST", "/tokens/expire")
        assert "expired" in (await ask(sim, theirs, f"/shelves/{other['projectId']}")).headers["www-authenticate"]
        revoked = await token(sim)
        reply = await post(sim, f"token={revoked}".encode(), path="/oauth2/revoke")
        assert (reply.status, reply.raw) == (200, b"")
        assert (await post(sim, b"token=unknown", path="/oauth2/revoke")).status == 200
        assert (await post(sim, b"", path="/oauth2/revoke")).status == 400
        dropped = await token(sim)
        await sim.control("POST", "/reset")
        for bad in (revoked, dropped):
            reply = await ask(sim, bad)
            assert (reply.status, "expired" in reply.headers["www-authenticate"]) == (401, False)
        gone = await token(sim, other["keyId"], other["keySecret"])
        await sim.control("DELETE", f"/applications/{other['key']}")
        assert (await ask(sim, gone, f"/shelves/{other['projectId']}")).status == 401


async def test_the_reset_of_one_service_keeps_the_tokens_of_a_project_that_has_others() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        other = await sim.application(projectId=PROJECT)
        kept = await token(sim)
        await sim.control("POST", f"/reset?application={other['key']}")
        assert (await ask(sim, kept)).status == 200
        await sim.control("POST", "/reset")
        assert (await ask(sim, kept)).status == 401


async def test_credentials_of_another_project_are_forbidden() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        other = await sim.application()
        for path in (f"/shelves/{other['projectId']}", "/shelves/nowhere"):
            assert (await ask(sim, await token(sim), path)).status == 403
            assert (await sim.request("GET", path, headers=basic(KEY_ID, KEY_SECRET))).status == 403
        assert set(await sim.codes()) == {"AUTH_OTHER_PROJECT"}


async def test_the_default_service_acts_for_a_project() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        first = await sim.application(projectId="shared")
        second = await sim.application(projectId="shared")
        path = "/shelves/shared"
        bearer = await token(sim, first["keyId"], first["keySecret"])
        assert (await ask(sim, bearer, path)).json == {"key": first["key"]}
        await sim.control("DELETE", f"/applications/{first['key']}")
        bearer = await token(sim, first["keyId"], first["keySecret"])
        assert (await ask(sim, bearer, path)).json == {"key": second["key"]}


async def test_a_service_plan_takes_its_api_token_and_a_project_id_in_its_place_a_token() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        bearer = await token(sim)
        assert (await ask(sim, API_TOKEN, f"/shelves/plans/{PLAN}")).json == {"key": DEFAULT_KEY}
        assert (await ask(sim, bearer, f"/shelves/plans/{PROJECT}")).json == {"key": DEFAULT_KEY}
        assert (await ask(sim, bearer, f"/shelves/plans/{PLAN}")).status == 401
        assert (await ask(sim, API_TOKEN, f"/shelves/plans/{PROJECT}")).status == 401
        assert (await ask(sim, "wrong", f"/shelves/plans/{PLAN}")).status == 401
        assert (await ask(sim, "theirs", "/shelves/plans/elsewhere")).status == 401
        refused = await sim.request("GET", f"/shelves/plans/{PROJECT}", headers=basic(KEY_ID, KEY_SECRET))
        assert refused.status == 401
        assert "'Authorization: Bearer API_TOKEN' with" in refused.headers["x-sinch-simulator-hint"]
        assert await sim.codes() == [
            "AUTH_TOKEN_FOR_PLAN", "AUTH_TOKEN_UNREADABLE", "AUTH_WRONG_API_TOKEN", "AUTH_UNKNOWN_PLAN",
            "AUTH_MALFORMED",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "AUTH_MISSING"),
        ("Bearer", "AUTH_TOKEN_UNREADABLE"),
        ("Bearer a.b.c", "AUTH_TOKEN_UNREADABLE"),
        ("Bearer " + "a" * 4000, "AUTH_TOKEN_UNREADABLE"),
        ("Application key:signature", "AUTH_APPLICATION_KEY"),
        (basic()["Authorization"], "AUTH_APPLICATION_KEY"),
        (basic("nobody", "x")["Authorization"], "AUTH_UNKNOWN_KEY_ID"),
        (basic(KEY_ID, "x")["Authorization"], "AUTH_WRONG_KEY_SECRET"),
        ("Basic !", "AUTH_MALFORMED"),
        ("Digest x", "AUTH_MALFORMED"),
    ],
)
async def test_a_refused_sender_is_told_which_part_was_wrong(authorization: str | None, code: str) -> None:
    async with wired(products=WITH_SHELVES) as sim:
        headers = {} if authorization is None else {"Authorization": authorization}
        reply = await sim.request("GET", f"/shelves/{PROJECT}", headers=headers)
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith("Bearer")
        assert "expired" not in reply.headers["www-authenticate"]
        assert reply.headers["x-sinch-simulator-hint"].startswith(code)
        assert await sim.codes() == [code]


async def test_a_finding_is_told_in_the_world_of_the_project() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        other = await sim.application()
        assert (await post(sim, key_id=other["keyId"], secret="wrong")).status == 401
        assert await sim.codes() == []
        assert await sim.codes(f"?application={other['key']}") == ["AUTH_WRONG_KEY_SECRET"]


async def test_a_token_that_was_changed_is_not_good() -> None:
    async with wired(products=WITH_SHELVES) as sim:
        bearer = await token(sim)
        head, body, signature = bearer.split(".")
        forged = base64.urlsafe_b64encode(json.dumps({**claims(bearer), "exp": 2**40}).encode()).decode().rstrip("=")
        for bad in (f"{head}.{forged}.{signature}", f"{head}.{body}.x", bearer + "x"):
            assert (await ask(sim, bad)).status == 401
        assert set(await sim.codes()) == {"AUTH_TOKEN_UNKNOWN"}


@pytest.mark.parametrize(("status", "error"), [(429, "too_many_requests"), (503, "temporarily_unavailable")])
async def test_faults_meet_the_token_endpoint_in_its_own_form(status: int, error: str) -> None:
    async with wired() as sim:
        rule: Json = {"on": "rest", "match": {"path": "/oauth2/token"}, "do": {"status": status}, "times": 1}
        await sim.control("POST", "/faults", rule)
        reply = await post(sim)
        assert (reply.status, reply.json["error"], "retry-after" in reply.headers) == (status, error, False)
        assert (await post(sim)).status == 200


async def _send(bodies: list[tuple[bytes, str]]) -> None:
    async with wired(products=WITH_SHELVES) as sim:
        for body, bearer in bodies:
            reply = await post(sim, body)
            assert reply.status in (200, 400), reply.raw
            assert (await ask(sim, bearer)).status in (400, 401), bearer


PARTS = st.lists(st.text("abcXYZ019-_=", max_size=12), min_size=1, max_size=5).map(".".join)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.binary(max_size=60), PARTS), max_size=8))
def test_whatever_is_sent_is_refused_in_words(bodies: list[tuple[bytes, str]]) -> None:
    asyncio.run(_send(bodies))
