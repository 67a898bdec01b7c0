"""What the simulator tells about a call beside what goes over the wire: the gotchas that only a call can show."""

import json
from typing import Any

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.callback import Outcome
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.callbacks.bodies import call_info
from support.pure_world import BEN, DID, PureWorld, custom_callout, menu, svaml, tts_callout

MENU = menu({"id": "main", "options": [{"dtmf": "1", "action": "return(x)"}]})


def findings(world: PureWorld) -> list[dict[str, Any]]:
    """All that has been told, in order."""
    return [entry.fields for entry in world.simulation.journal.entries if entry.kind == "diagnostic"]


@pytest.mark.parametrize(
    ("action", "path"), [("connectPstn", "action.number"), ("connectMxp", "action.destination")]
)
def test_nothing_stands_in_for_a_destination_when_a_rented_number_was_dialled(action: str, path: str) -> None:
    world = PureWorld()
    world.on("ice", svaml(action))
    call = world.dial()
    (finding,) = findings(world)
    assert (finding["code"], finding["severity"], finding["path"]) == ("MISSING_PROPERTY", "error", path)
    assert finding["hint"]
    assert world.events(call) == ["ice", "notify", "dice"]
    assert world.body(call, "dice")["result"] == "FAILED"


def test_the_number_that_an_app_user_dialled_stands_in_for_the_number() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "cli": DID}))
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER)
    assert call.callee.address is not None
    assert call.callee.address.endpoint == BEN
    assert findings(world) == []


def test_a_call_to_a_user_that_goes_elsewhere_is_remarked_upon() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "cli": DID}))
    world.dial(from_="anna", to="ben", origin=Origin.MXP, kind=AddressKind.USERNAME)
    assert [finding["code"] for finding in findings(world)] == ["ICE_NO_MXP"]


def test_cookies_beyond_the_limit_are_dropped_and_told() -> None:
    world = PureWorld()
    big = {"name": "setCookie", "key": "a", "value": "x" * 1000}
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}, big))
    world.on("ace", svaml("continue", {"name": "setCookie", "key": "b", "value": "y" * 100}))
    call = world.dial()
    world.advance(3)
    assert list(call.cookies) == ["a"]
    assert [finding["code"] for finding in findings(world)] == ["COOKIE_TOO_BIG"]


def test_a_callout_that_goes_well_has_no_findings() -> None:
    world = PureWorld()
    world.on("ace", svaml("continue"))
    world.callout(tts_callout())
    world.advance(60)
    assert findings(world) == []


def test_a_finding_about_a_reply_names_its_event() -> None:
    world = PureWorld()
    first, second = ({"name": "setCookie", "key": key, "value": "v" * 600} for key in ("a", "b"))
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}, first))
    world.on("ace", svaml("continue", second), Outcome.TIMEOUT)
    for _ in range(2):
        world.dial()
        world.advance(3)
    assert [(each["code"], each["event"]) for each in findings(world)] == [
        ("COOKIE_TOO_BIG", "ace"),
        ("ACE_TIMEOUT", "ace"),
    ]


def test_a_finding_of_which_no_reply_is_the_cause_names_no_event() -> None:
    world = PureWorld()
    world.application.callback_url = None
    world.dial()
    (finding,) = findings(world)
    assert finding["code"] == "NO_CALLBACK_URL"
    assert "event" not in finding


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("action", [MENU, {"name": "park"}, {"name": "connectConf", "conferenceId": "room"}])
def test_the_ice_of_a_callout_has_to_call_somebody(action: dict[str, Any], inline: bool) -> None:
    world = PureWorld()
    world.on("ice", svaml(action))
    call = world.callout(custom_callout(None, **({"ice": json.dumps(svaml(action))} if inline else {})))
    finding = findings(world)[0]
    assert (finding["code"], finding["path"], finding["event"]) == ("ACTION_NOT_ALLOWED", "action.name", "ice")
    assert world.events(call)[-2:] == ["notify", "dice"]
    assert (world.body(call, "dice")["result"], world.body(call, "dice")["reason"]) == ("FAILED", "GENERALERROR")
    assert call_info(call, world.simulation.now, 0)["reason"] == "INVALIDSVAMLACTION"
