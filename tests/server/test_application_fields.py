"""The fields of an application that the products beside Voice v1 need: made up, given, changed, refused."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY
from support.wired_world import Json, wired

CREDENTIALS = ("projectId", "keyId", "keySecret", "servicePlanId", "apiToken", "serviceName")
WEBHOOK = {"type": "WEBHOOK", "webhook": {"url": "http://127.0.0.1:9/v2", "fallbackUrl": "http://127.0.0.1:9/b"}}
STATIC = {"type": "STATIC", "static": {"commands": [{"command": "hangup"}]}}
GIVEN: Json = {
    "callBehavior": WEBHOOK,
    "protocol": "v2",
    "serviceName": "My service",
    "verificationCallbackUrl": "http://127.0.0.1:9/verify",
    "verificationAuth": "application",
    "verificationLanguage": "sv-SE",
    "smsCallbackUrl": "http://127.0.0.1:9/sms",
    "classicSmsCallbackUrl": "http://127.0.0.1:9/classic",
    "smsWebhookSecret": "callback-secret",
    "defaultOriginator": "Company",
    "sandbox": True,
    "verifiedNumbers": ["+46700000001"],
    "tokenLifetime": 60,
    "provisioning": {"after": 0.5, "sms": "CAMPAIGN_EXPIRED", "voice": None},
    "account": {"email": "a@example.com", "password": "word", "organisationId": "8888"},
    "apiToken": "token",
    "keySecret": "key-secret",
}


async def test_the_default_application_has_every_field_from_the_start() -> None:
    async with wired() as sim:
        shown = await sim.control("GET", f"/applications/{DEFAULT_KEY}")
        expected = {
            "projectId": "00000000-0000-4000-8000-000000007463",
            "keyId": "00000000-0000-4000-8000-000000007464",
            "keySecret": "sinch-simulator-key-secret",
            "servicePlanId": "51630000000000000000000000007462",
            "apiToken": "51630000000000000000000000000001",
            "serviceId": shown["key"],
            "serviceSecret": shown["secret"],
            "isDefault": True,
            "callBehavior": {"type": "NONE"},
            "protocol": "auto",
            "verificationCallbackUrl": None,
            "verificationAuth": "public",
            "verificationLanguage": "en-US",
            "smsCallbackUrl": None,
            "classicSmsCallbackUrl": None,
            "smsWebhookSecret": None,
            "defaultOriginator": "+14045550100",
            "sandbox": False,
            "verifiedNumbers": ["+46700000009"],
            "tokenLifetime": 3600,
            "provisioning": {"after": 2.0, "sms": None, "voice": None},
            "account": {"email": "simulator@example.com", "password": "sinch-simulator", "organisationId": "7462"},
        }
        assert {name: shown[name] for name in expected} == expected


async def test_what_is_not_given_follows_from_seed_and_key() -> None:
    made = []
    for seed in (1, 1, 2):
        async with wired() as sim:
            made.append(await sim.application(key="mine", seed=seed))
            other = await sim.application(seed=seed)
            assert not {str(other[name]) for name in CREDENTIALS} & {str(made[-1][name]) for name in CREDENTIALS}
    first, again, another = ([each[name] for name in (*CREDENTIALS, "account")] for each in made)
    assert first == again
    assert not any(one == two for one, two in zip(first, another, strict=True))


async def test_every_field_is_taken_shown_and_changed() -> None:
    async with wired() as sim:
        made = await sim.application(**GIVEN, projectId="project", keyId="key-id", servicePlanId="plan")
        assert {name: made[name] for name in GIVEN} == GIVEN
        assert (made["projectId"], made["keyId"], made["servicePlanId"]) == ("project", "key-id", "plan")
        assert await sim.control("GET", f"/applications/{made['key']}") == made
        changed = await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {**GIVEN, "account": {"password": "new"}})
        assert {name: changed[name] for name in GIVEN if name != "account"} == {
            name: value for name, value in GIVEN.items() if name != "account"
        }
        assert changed["account"] == {
            "email": "simulator@example.com", "password": "new", "organisationId": "7462",
        }  # fmt: skip


async def test_null_takes_away_what_can_be_away() -> None:
    async with wired() as sim:
        path = f"/applications/{DEFAULT_KEY}"
        await sim.control("PATCH", path, GIVEN)
        nullable = [
            "verificationCallbackUrl", "smsCallbackUrl", "classicSmsCallbackUrl", "smsWebhookSecret",
            "defaultOriginator",
        ]  # fmt: skip
        changed = await sim.control("PATCH", path, {**dict.fromkeys(nullable), "callBehavior": STATIC})
        assert [changed[name] for name in nullable] == [None] * len(nullable)
        assert changed["callBehavior"] == STATIC
        assert changed["provisioning"] == GIVEN["provisioning"]
        again = await sim.control("PATCH", path, {"provisioning": {"sms": None}, "callBehavior": {"type": "NONE"}})
        assert again["provisioning"] == {"after": 0.5, "sms": None, "voice": None}
        assert again["callBehavior"] == {"type": "NONE"}


async def test_an_application_joins_a_project_with_its_world_and_its_access_key() -> None:
    async with wired() as sim:
        first = await sim.application(world="shared", projectId="together", tokenLifetime=7)
        second = await sim.application(projectId="together", keyId=first["keyId"])
        for name in ("projectId", "keyId", "keySecret", "tokenLifetime", "account", "world", "clock", "seed"):
            assert second[name] == first[name]
        for name in ("key", "servicePlanId", "apiToken", "numbers", "serviceName"):
            assert second[name] != first[name]
        assert (first["isDefault"], second["isDefault"]) == (True, False)
        await sim.control("PATCH", f"/applications/{second['key']}", {"keySecret": "new"})
        assert (await sim.control("GET", f"/applications/{first['key']}"))["keySecret"] == "new"
        await sim.control("DELETE", f"/applications/{first['key']}")
        assert (await sim.control("GET", f"/applications/{second['key']}"))["isDefault"] is True
        await sim.control("DELETE", f"/applications/{second['key']}")
        assert (await sim.application(projectId="together"))["keyId"] != first["keyId"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"projectId": "there", "keyId": "another"}, "keyId"),
        ({"projectId": "there", "keySecret": "another"}, "keySecret"),
        ({"projectId": "there", "world": "another"}, "world"),
        ({"projectId": "there", "tokenLifetime": 5}, "tokenLifetime"),
        ({"projectId": "there", "account": {"email": "b@example.com"}}, "account"),
        ({"projectId": "there", "clock": "auto"}, "clock"),
        ({"projectId": "there", "serviceName": "My service"}, "serviceName"),
        ({"keyId": "key-id"}, "keyId"),
        ({"servicePlanId": "plan"}, "servicePlanId"),
        ({"servicePlanId": "there"}, "servicePlanId"),
        ({"projectId": "plan"}, "projectId"),
        ({"account": {"email": "SIMULATOR@example.com"}}, "account.email"),
        ({"account": {"organisationId": "7462"}}, "account.organisationId"),
    ],
    ids=str,
)
async def test_what_is_somebody_elses_is_refused(fields: Json, named: str) -> None:
    async with wired() as sim:
        await sim.application(projectId="there", keyId="key-id", servicePlanId="plan", serviceName="My service")
        before = await sim.control("GET", "/applications")
        reply = await sim.request("POST", "/_simulator/applications", fields)
        assert (reply.status, named in reply.error["message"]) == (409, True)
        assert await sim.control("GET", "/applications") == before


BAD: list[tuple[Json, str]] = [
    ({"callBehavior": {"type": "WEBHOOK"}}, "callBehavior.webhook"),
    ({"callBehavior": {"type": "WEBHOOK", "webhook": {}}}, "callBehavior.webhook.url"),
    ({"callBehavior": {"type": "STATIC", "static": []}}, "callBehavior.static"),
    ({"callBehavior": {"type": "STATIC"}}, "callBehavior.static"),
    ({"callBehavior": {"type": "NONE", "webhook": WEBHOOK["webhook"]}}, "callBehavior.webhook"),
    ({"callBehavior": {}}, "callBehavior.type"),
    ({"callBehavior": {"type": "STATIC", "static": {"commands": []}}}, "callBehavior.static.commands"),
    ({"callBehavior": {"type": "STATIC", "static": {"commands": [{"command": "hangpu"}]}}}, "callBehavior.static"),
    ({"protocol": "v3"}, "protocol"),
    ({"serviceName": " x"}, "serviceName"),
    ({"serviceName": "x" * 65}, "serviceName"),
    ({"verificationAuth": "Basic"}, "verificationAuth"),
    ({"verificationLanguage": "e"}, "verificationLanguage"),
    ({"smsCallbackUrl": "here"}, "smsCallbackUrl"),
    ({"classicSmsCallbackUrl": 7}, "classicSmsCallbackUrl"),
    ({"smsWebhookSecret": "with space"}, "smsWebhookSecret"),
    ({"defaultOriginator": "a name that is too long"}, "defaultOriginator"),
    ({"sandbox": "yes"}, "sandbox"),
    ({"verifiedNumbers": ["12"]}, "verifiedNumbers[0]"),
    ({"tokenLifetime": 0}, "tokenLifetime"),
    ({"tokenLifetime": 1.5}, "tokenLifetime"),
    ({"provisioning": {"after": -1}}, "provisioning.after"),
    ({"provisioning": {"sms": "BAD_LUCK"}}, "provisioning.sms"),
    ({"account": {"email": "nobody"}}, "account.email"),
    ({"account": {"organisationId": "x"}}, "account.organisationId"),
    ({"apiToken": "a b"}, "apiToken"),
    ({"keySecret": ""}, "keySecret"),
    ({"isDefault": True}, "isDefault"),
    ({"serviceId": "x"}, "serviceId"),
]
ONLY_AT_FIRST: list[tuple[Json, str]] = [
    ({"projectId": "p"}, "projectId"),
    ({"keyId": "k"}, "keyId"),
    ({"servicePlanId": "s"}, "servicePlanId"),
]


@pytest.mark.parametrize(("fields", "named"), [*BAD, *ONLY_AT_FIRST], ids=str)
async def test_a_value_that_a_field_does_not_take_is_refused_by_its_name(fields: Json, named: str) -> None:
    async with wired() as sim:
        path = f"/_simulator/applications/{DEFAULT_KEY}"
        before = await sim.control("GET", f"/applications/{DEFAULT_KEY}")
        reply = await sim.request("PATCH", path, {"smsWebhookSecret": "half", **fields})
        assert (reply.status, named in reply.error["message"]) == (400, True), reply.raw
        assert await sim.control("GET", f"/applications/{DEFAULT_KEY}") == before
        if (fields, named) in BAD:
            assert (await sim.request("POST", "/_simulator/applications", fields)).status == 400
            assert len((await sim.control("GET", "/applications"))["applications"]) == 1


async def test_an_error_shows_no_secret() -> None:
    async with wired() as sim:
        for name in ("keySecret", "apiToken", "smsWebhookSecret"):
            reply = await sim.request("POST", "/_simulator/applications", {name: "very secret"})
            assert reply.status == 400
            assert b"very secret" not in reply.raw


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.just(value) for name, value in GIVEN.items()},
        "tokenLifetime": st.integers(1, 100_000),
        "defaultOriginator": st.none() | st.sampled_from(["Shop", "+46700000001", "12345"]),
        "callBehavior": st.sampled_from([WEBHOOK, STATIC, {"type": "NONE"}]),
        "provisioning": st.fixed_dictionaries(
            {"after": st.integers(0, 1000).map(float), "sms": st.none(), "voice": st.none()}
        ),
        "serviceName": st.from_regex(r"[a-z]{1,30}( [a-z]{1,30})?", fullmatch=True),
    },
)


async def _change_twice(first: Json, second: Json) -> Any:
    async with wired() as sim:
        path = f"/applications/{DEFAULT_KEY}"
        before = await sim.control("GET", path)
        await sim.control("PATCH", path, first)
        assert await sim.control("PATCH", path, second) == {**before, **first, **second}
        made = await sim.application(**{**first, "account": {"email": "c@example.com"}})
        assert {name: made[name] for name in first if name != "account"} == {
            name: value for name, value in first.items() if name != "account"
        }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=SETTINGS, second=SETTINGS)
def test_a_change_touches_what_it_names_and_nothing_else(first: Json, second: Json) -> None:
    asyncio.run(_change_twice(first, second))
