"""The fields of every product as arguments of Python, and the credentials as properties."""

import json
import urllib.request
from typing import Any

import pytest

from sinch_simulator import Simulator, SimulatorError, blocking
from sinch_simulator.embedded.application_fields import FIELDS
from sinch_simulator.server.control.application_shapes import NEW_APPLICATION

CREDENTIALS = {
    "project_id": "projectId",
    "key_id": "keyId",
    "key_secret": "keySecret",
    "service_id": "serviceId",
    "service_secret": "serviceSecret",
    "service_plan_id": "servicePlanId",
    "api_token": "apiToken",
}


def shown(application: blocking.Application) -> Any:
    url = f"{application.url}/_simulator/applications/{application.key}"
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


def test_there_is_an_argument_for_every_field() -> None:
    names = {name.split("_")[0] + "".join(word.capitalize() for word in name.split("_")[1:]) for name in FIELDS}
    fields = {each.name for each in NEW_APPLICATION.fields}
    assert names - fields == {"webhookUrl", "webhookFallbackUrl"}
    assert fields - names == set()


def test_the_credentials_are_properties(simulator: blocking.Simulator) -> None:
    application = simulator.create_application(project_id="my-project", api_token="my-token")
    document = shown(application)
    assert {name: getattr(application, name) for name in CREDENTIALS} == {
        name: document[field] for name, field in CREDENTIALS.items()
    }
    assert (application.project_id, application.api_token) == ("my-project", "my-token")
    application.close()


def test_fields_are_given_and_changed(simulator: blocking.Simulator) -> None:
    application = simulator.create_application(
        webhook_url="http://127.0.0.1:9/v2",
        webhook_fallback_url="http://127.0.0.1:9/b",
        default_originator=None,
        verified_numbers=("+46700000001",),
        verification_auth="basic",
    )
    document = shown(application)
    webhook = {"url": "http://127.0.0.1:9/v2", "fallbackUrl": "http://127.0.0.1:9/b"}
    assert document["callBehavior"] == {"type": "WEBHOOK", "webhook": webhook}
    assert (document["defaultOriginator"], document["verifiedNumbers"]) == (None, ["+46700000001"])
    application.change(sms_callback_url="http://127.0.0.1:9/sms", default_originator="Shop", credit=1.5)
    changed = shown(application)
    assert (changed["smsCallbackUrl"], changed["defaultOriginator"]) == ("http://127.0.0.1:9/sms", "Shop")
    assert (changed["credit"], changed["verificationAuth"]) == (1.5, "basic")
    application.change(sms_callback_url=None)
    assert shown(application)["smsCallbackUrl"] is None
    application.close()


def test_a_webhook_gets_the_events_of_every_product(simulator: blocking.Simulator) -> None:
    application = simulator.create_application()
    url = application.webhook().url
    document = shown(application)
    names = ("callbackUrl", "verificationCallbackUrl", "smsCallbackUrl")
    assert [document[name] for name in names] == [url, url, url]
    assert document["callBehavior"] == {"type": "NONE"}
    url = application.webhook(v2=True).url
    document = shown(application)
    assert [document[name] for name in names] == [None, url, url]
    assert document["callBehavior"] == {"type": "WEBHOOK", "webhook": {"url": url}}
    application.close()


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"callback_ulr": "x"}, TypeError, "no argument 'callback_ulr'; did you mean \"callback_url\""),
        ({"webhook_fallback_url": "http://a.test/"}, SimulatorError, "webhook_url, which is missing"),
        ({"webhook_url": "http://a.test/", "call_behavior": {"type": "NONE"}}, SimulatorError, "one of the two"),
        ({"webhook_url": "there"}, SimulatorError, "callBehavior.webhook.url"),
        ({"token_lifetime": 0}, SimulatorError, "tokenLifetime"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    simulator: blocking.Simulator, fields: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        simulator.create_application(**fields)


async def test_the_awaited_api_takes_the_same() -> None:
    async with Simulator(clock="manual") as simulator:
        first = await simulator.create_application(token_lifetime=10)
        second = await simulator.create_application(project_id=first.project_id)
        assert (second.key_id, second.key_secret) == (first.key_id, first.key_secret)
        await second.change(key_secret="new")
        assert first.key_secret == "new"
