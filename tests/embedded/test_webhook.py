"""The recording webhook: answers as it is told, at a URL that is real."""

import json
import urllib.error
import urllib.request

import pytest

from sinch_simulator import SimulatorError, blocking
from support.pure_world import say, svaml

ANNA = "+46700000001"


def post(url: str, event: str) -> object:
    body = json.dumps({"event": event, "callid": "x"}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=10) as response:
        return json.load(response)


def test_it_records_what_comes_and_answers_as_it_is_told(app: blocking.Application) -> None:
    webhook = app.webhook().on("ice", svaml("hangup", say("One")), lambda event: svaml("hangup", say(event["cli"])))
    assert app.callback_url == webhook.url
    heard = [app.dial(from_=ANNA).wait_for("ended").heard for _ in range(3)]
    assert heard == [["One"], ["46700000001"], ["46700000001"]]
    assert webhook.events() == ["ice", "dice"] * 3
    assert webhook.received[0]["cli"] == "46700000001"


def test_of_its_own_accord_it_rejects_callers_and_lets_callouts_go_on(app: blocking.Application) -> None:
    app.webhook()
    assert app.dial(from_=ANNA).ended
    called = app.callout("+14045550199", text="Hello", enableAce=True, enableDice=True).wait_for("ended")
    assert (called.result, called.heard) == ("ANSWERED", ["Hello"])


def test_its_url_is_real_as_long_as_it_is_there(simulator: blocking.Simulator) -> None:
    application = simulator.create_application(clock="realtime")
    webhook = application.webhook().on("ace", {"action": {"name": "hangup"}})
    assert post(webhook.url, "ace") == {"action": {"name": "hangup"}}
    assert post(webhook.url + "ice", "ice") == {"action": {"name": "hangup"}}
    application.close()
    with pytest.raises(urllib.error.HTTPError, match="404") as gone:
        post(webhook.url, "ace")
    gone.value.close()


async def later(event: object) -> None:
    """A coroutine function."""


@pytest.mark.parametrize(
    ("event", "replies", "message"),
    [
        ("ring", [None], "'ring' is no event; expected one of ice, ace, pie, dice, notify"),
        ("ice", [], "there is no reply"),
        ("ice", [later], "can't be a coroutine function"),
    ],
)
def test_what_it_cannot_be_told_is_refused(
    app: blocking.Application, event: str, replies: list[object], message: str
) -> None:
    with pytest.raises(SimulatorError, match=message):
        app.webhook().on(event, *replies)


def test_it_answers_the_events_of_every_product(app: blocking.Application) -> None:
    webhook = app.webhook(v2=True)
    to = {"type": "PHONE", "phone": {"number": "+14045550199"}}
    app.start_call([{"command": "dial", "to": to}])
    app.text(from_=ANNA, text="JOIN")
    app.advance(seconds=3)
    assert {"call.answered", "mo_text"} <= set(webhook.events())
    assert app.failed_callbacks == []


def test_an_event_that_an_app_has_named_can_be_answered_found_and_broken(app: blocking.Application) -> None:
    webhook = app.webhook(v2=True).on("call.webhook.next", {"commands": [{"command": "hangup"}]})
    to = {"type": "PHONE", "phone": {"number": "+14045550199"}}
    ask = {"command": "webhook", "webhookName": "next", "url": webhook.url}
    app.start_call([{"command": "dial", "to": to, "events": {"onAnswer": [ask]}}])
    app.advance(seconds=3)
    assert [callback.event for callback in app.callbacks] == ["call.webhook.next"]
    assert webhook.unasked() == []
    url = f"{app.url}/_simulator/callbacks?application={app.key}&event="
    with urllib.request.urlopen(f"{url}call.webhook.next", timeout=10) as response:
        assert len(json.load(response)["callbacks"]) == 1
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        urllib.request.urlopen(f"{url}call.webhook.", timeout=10)
    refused.value.close()
    app.fault(on="callback", event="call.webhook.next", status=503)
    app.start_call([{"command": "dial", "to": to, "events": {"onAnswer": [ask]}}])
    app.advance(seconds=3)
    assert [callback.outcome for callback in app.failed_callbacks] == ["bad-status"]
