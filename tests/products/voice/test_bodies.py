"""The fields of every event and of GET call, in the situations that change them.

Source: docs/platform/callbacks.md#2 to #7, docs/platform/rest.md#4.1.
"""

import pytest

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.limits import Limits
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.callbacks.bodies import call_info
from sinch_simulator.products.voice.calling import dial
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.svaml.model import CallHeader
from support.pure_world import BEN, DID, EPOCH_MS, KEY, PureWorld, say, svaml, tts_callout

FREE = {"currencyId": "USD", "amount": 0.0}


def test_ice_of_a_phone_that_calls_a_rented_number() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    call = world.dial(from_="+46700000001", custom="order-42")
    assert world.body(call, "ice") == {
        "event": "ice",
        "callid": call.id,
        "timestamp": "2025-01-15T10:30:00Z",
        "version": 1,
        "custom": "order-42",
        "applicationKey": KEY,
        "callResourceUrl": f"http://sim.test/calling/v1/calls/id/{call.id}",
        "userRate": FREE,
        "cli": "46700000001",
        "to": {"type": "did", "endpoint": DID},
        "domain": "pstn",
        "originationType": "PSTN",
        "rdnis": "",
    }


def test_ice_of_an_app_user_who_calls_a_phone() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    to = Address(AddressKind.NUMBER, BEN)
    headers = (CallHeader("ticket", "7"),)
    call = dial(world.simulation, KEY, Incoming(Origin.MXP, "anna", to, call_headers=headers))
    world.settle()
    body = world.body(call, "ice")
    assert (body["originationType"], body["domain"], body["user"], body["cli"]) == ("MXP", "pstn", "anna", "private")
    assert body["to"] == {"type": "number", "endpoint": BEN}
    assert body["userRate"]["amount"] > 0
    assert body["callHeaders"] == [{"key": "ticket", "value": "7"}]


def test_a_conference_call_of_an_app_says_domain_mxp() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    call = world.dial(from_="anna", to="room", origin=Origin.MXP, kind=AddressKind.CONFERENCE)
    body = world.body(call, "ice")
    assert (body["to"]["type"], body["domain"]) == ("conference", "mxp")
    assert call_info(call, 0, 0)["domain"] == "mxp"


def test_dice_of_an_answered_callout() -> None:
    world = PureWorld()
    world.on("ace", svaml("hangup", say("A short message")))
    call = world.callout(tts_callout(custom="c-1"))
    world.advance(20)
    body = world.body(call, "dice")
    rate = body["userRate"]["amount"]
    assert rate > 0
    seconds = body["duration"]
    assert body == {
        "event": "dice",
        "callid": call.id,
        "timestamp": body["timestamp"],
        "version": 1,
        "custom": "c-1",
        "applicationKey": KEY,
        "reason": "MANAGERHANGUP",
        "result": "ANSWERED",
        "debit": {"currencyId": "USD", "amount": rate},
        "userRate": {"currencyId": "USD", "amount": rate},
        "to": {"type": "number", "endpoint": BEN.removeprefix("+")},
        "duration": seconds,
        "from": DID.removeprefix("+"),
    }


def test_dice_names_a_sip_address_as_it_was_dialled() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectSip", "destination": {"endpoint": "+14045001000@pbx.example.com"}}))
    call = world.dial()
    world.advance(3)
    world.hang_up(call)
    assert world.body(call, "dice")["to"] == {"type": "sip", "endpoint": "+14045001000@pbx.example.com"}


def test_dice_of_an_unanswered_call_has_no_duration_and_costs_nothing() -> None:
    world = PureWorld()
    world.phone(BEN, busy={})
    call = world.callout(tts_callout())
    world.advance(5)
    body = world.body(call, "dice")
    assert "duration" not in body
    assert body["debit"] == FREE


def test_every_started_minute_is_charged() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(2 + 61)
    world.hang_up(call)
    body = world.body(call, "dice")
    assert body["debit"]["amount"] == body["userRate"]["amount"] * 2


def test_get_call_while_it_rings_and_when_it_is_over() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    ringing = call_info(call, world.simulation.now, EPOCH_MS)
    assert [ringing[name] for name in ("status", "result", "reason", "duration")] == ["ONGOING", "N/A", "N/A", 0]
    assert ringing["from"] == {"type": "Number", "endpoint": "+46700000001"}
    assert ringing["to"] == {"type": "Number", "endpoint": BEN}
    world.advance(10)
    world.hang_up(call)
    over = call_info(call, world.simulation.now + 99_000, EPOCH_MS)
    assert [over[name] for name in ("status", "result", "reason")] == ["FINAL", "ANSWERED", "CALLERHANGUP"]
    assert over["duration"] == 8
    assert (over["callId"], over["domain"], over["timestamp"]) == (call.id, "pstn", "2025-01-15T10:30:00Z")


def test_get_call_of_a_callout_has_no_from() -> None:
    world = PureWorld()
    call = world.callout(tts_callout(custom="mine"))
    body = call_info(call, world.simulation.now, EPOCH_MS)
    assert "from" not in body
    assert body["custom"] == "mine"


def test_the_apps_view_of_a_call_is_kept() -> None:
    world = PureWorld()
    report = {"name": "ReportCallStatus", "value": "Success", "details": "sold"}
    world.on("dice", {"instructions": [report], "action": {"name": "hangup"}})
    world.on("ice", svaml("hangup"))
    call = world.dial()
    assert [line.fields for line in world.lines(call, "status.reported")] == [{"value": "success", "details": "sold"}]


def test_a_private_caller_stays_private() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    call = world.dial(from_="private")
    assert world.body(call, "ice")["cli"] == "private"
    assert world.body(call, "dice")["from"] == "private"


IN_APP = Incoming(Origin.MXP, "alice", Address(AddressKind.NUMBER, BEN), base_url="http://sim.test")


@pytest.mark.parametrize(
    ("own", "asked", "ice", "dice", "shown"),
    [
        (None, "private", "private", "private", "private"),
        (None, DID, "private", "private", DID),
        ("+46700000010", None, "46700000010", "46700000010", "+46700000010"),
        ("+46700000010", "incoming", "46700000010", "46700000010", "+46700000010"),
        ("+46700000010", DID, "46700000010", "46700000010", DID),
    ],
)
def test_an_in_app_user_shows_its_own_number_or_what_the_app_says(
    own: str | None, asked: str | None, ice: str, dice: str, shown: str
) -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "cli": asked}))
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER, own_cli=own)
    world.advance(5)
    world.hang_up(call)
    assert (world.body(call, "ice")["cli"], world.body(call, "dice")["from"]) == (ice, dice)
    assert world.lines(call, "leg.invited")[0].fields["cli"] == shown


def test_a_forwarded_call_says_from_which_number() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    assert world.body(world.dial(rdnis="+46700000011"), "ice")["rdnis"] == "+46700000011"


def test_a_sip_caller_shows_a_number_that_is_verified_or_the_apps_own() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.application.limits = Limits(caller_ids=("+46700000010",))
    shown = {}
    for number in ("+46700000010", DID, "+46700000012"):
        caller = f"{number}@pbx.example.com"
        call = world.dial(from_=caller, to="bob@example.com", origin=Origin.SIP, kind=AddressKind.SIP)
        world.advance(5)
        shown[number] = (world.body(call, "ice")["cli"], world.lines(call, "leg.invited")[0].fields["cli"])
    assert shown == {
        "+46700000010": ("46700000010", "+46700000010"),
        DID: (DID[1:], DID),
        "+46700000012": ("private", "private"),
    }


def test_an_in_app_user_who_is_hidden_shows_no_number_to_anybody() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "cli": "private"}))
    call = dial(world.simulation, KEY, IN_APP)
    world.advance(5)
    world.hang_up(call)
    assert (world.body(call, "ice")["cli"], world.body(call, "ice")["user"]) == ("private", "alice")
    assert (world.body(call, "dice")["from"], world.body(call, "dice")["user"]) == ("private", "alice")
    assert world.lines(call, "leg.invited")[0].fields["cli"] == "private"


def test_a_sip_caller_without_a_number_shows_none() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    call = world.dial(from_="alice@example.com", to="bob@example.com", origin=Origin.SIP, kind=AddressKind.SIP)
    world.advance(5)
    world.hang_up(call)
    assert (world.body(call, "ice")["cli"], world.body(call, "dice")["from"]) == ("private", "private")


def test_an_in_app_user_who_is_led_to_a_number_of_the_app_comes_back_without_a_name() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": DID, "cli": "private"}), svaml("hangup"))
    dial(world.simulation, KEY, IN_APP)
    world.settle()
    inner = [sent.body for sent in world.sent if sent.event == "ice"][1]
    assert (inner["originationType"], inner["cli"]) == ("PSTN", "private")


def test_dice_of_a_callout_without_cli_is_from_a_private_caller() -> None:
    world = PureWorld()
    call = world.callout(tts_callout(cli=None))
    assert world.body(call, "dice")["from"] == "private"


def test_a_user_is_named_in_the_notify_of_an_error_and_in_no_other() -> None:
    world = PureWorld()
    recording = {"name": "startRecording", "options": {"destinationUrl": "sdrive://a.wav"}}
    world.on("ice", svaml({"name": "connectPstn", "cli": DID}, recording))
    call = dial(world.simulation, KEY, IN_APP)
    world.advance(5)
    world.hang_up(call)
    world.advance(60)
    assert world.body(call, "notify")["type"] == "recording_available"
    assert "user" not in world.body(call, "notify")
    world.on("ice", svaml("dance"))
    failed = dial(world.simulation, KEY, IN_APP)
    world.settle()
    assert (world.body(failed, "notify")["type"], world.body(failed, "notify")["user"]) == ("callingerror", "alice")


def test_a_rented_number_is_a_did_in_ice_alone() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup"))
    call = world.dial()
    assert world.body(call, "ice")["to"] == {"type": "did", "endpoint": DID}
    assert world.body(call, "dice")["to"] == {"type": "number", "endpoint": DID.removeprefix("+")}
    assert call_info(call, world.simulation.now, EPOCH_MS)["to"] == {"type": "Number", "endpoint": DID}
