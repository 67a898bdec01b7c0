"""How calls end: the rows of the platform's outcome table, each played by people on phones.

Source: docs/platform/lifecycle.md#2.
"""

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.callback import Outcome
from sinch_simulator.phones.signals import HungUp, LegName
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.callbacks.bodies import call_info
from support.pure_world import ANNA, BEN, DID, PureWorld, custom_callout, say, svaml, tts_callout

CONNECT_BEN = {"name": "connectPstn", "number": BEN}
TALK = {"ice": svaml(CONNECT_BEN), "ace": svaml("continue")}


@pytest.fixture
def world() -> PureWorld:
    """A world whose app connects every caller to Ben."""
    world = PureWorld()
    for event, reply in TALK.items():
        world.on(event, reply)
    return world


def outcome(world: PureWorld, call: Call) -> tuple[str, str, int | None]:
    """Result, reason and duration as DiCE tells them; exactly one DiCE has come, and it came last."""
    assert world.events(call).count("dice") == 1
    assert world.events(call)[-1] == "dice"
    body = world.body(call, "dice")
    return body["result"], body["reason"], body.get("duration")


def test_row_1_the_callee_hangs_up(world: PureWorld) -> None:
    world.phone(BEN, answer={"after": 2}, then=[{"wait": 12}, {"hang_up": True}])
    call = world.dial()
    world.advance(60)
    assert outcome(world, call) == ("ANSWERED", "CALLEEHANGUP", 12)


def test_row_2_the_caller_hangs_up(world: PureWorld) -> None:
    call = world.dial()
    world.advance(10)
    world.hang_up(call)
    assert outcome(world, call) == ("ANSWERED", "CALLERHANGUP", 8)


def test_row_3_the_app_hangs_up_by_svaml(world: PureWorld) -> None:
    world.on("ace", svaml("hangup", say("Nobody is here")))
    call = world.dial()
    world.advance(10)
    result, reason, duration = outcome(world, call)
    assert (result, reason) == ("ANSWERED", "MANAGERHANGUP")
    assert duration is not None
    assert duration > 0


def test_row_3_the_app_hangs_up_by_rest(world: PureWorld) -> None:
    call = world.dial()
    world.advance(7)
    world.patch(call, svaml("hangup"))
    assert outcome(world, call) == ("ANSWERED", "MANAGERHANGUP", 5)


def test_row_4_a_tts_callout_has_said_its_text() -> None:
    world = PureWorld()
    call = world.callout(tts_callout(enableAce=False))
    world.advance(60)
    assert world.events(call) == ["dice"]
    assert call.callee.heard == ["Hello from the bank"]
    assert outcome(world, call)[:2] == ("ANSWERED", "MANAGERHANGUP")


@pytest.mark.parametrize(
    ("persona", "result", "reason"),
    [
        pytest.param({"busy": {}}, "BUSY", "N/A", id="row 5: busy"),
        pytest.param({"reject": {}}, "BUSY", "CANCEL", id="row 6: rejected"),
        pytest.param({"no_answer": {}}, "NOANSWER", "TIMEOUT", id="row 7: rings in vain"),
        pytest.param({"no_answer": {"after": 45}}, "NOANSWER", "N/A", id="row 7c: the network gives up"),
        pytest.param({"congestion": {}}, "FAILED", "CONGESTION", id="row 9: congestion"),
        pytest.param({"unreachable": {}}, "FAILED", "GENERALERROR", id="row 10: unreachable"),
    ],
)
def test_nobody_answers(world: PureWorld, persona: dict[str, object], result: str, reason: str) -> None:
    world.phone(BEN, **persona)
    for call in (world.dial(), world.callout(tts_callout())):
        world.advance(100)
        assert outcome(world, call) == (result, reason, None)
        assert "ace" not in world.events(call)


def test_a_dial_timeout_limits_the_ringing(world: PureWorld) -> None:
    world.on("ice", svaml({**CONNECT_BEN, "dialTimeout": 20}))
    world.phone(BEN, no_answer={})
    call = world.dial()
    world.advance(19.9)
    assert not call.final
    world.advance(0.1)
    assert outcome(world, call) == ("NOANSWER", "TIMEOUT", None)


@pytest.mark.parametrize("before", [[], [{"name": "answer"}]], ids=["caller unanswered", "caller answered"])
def test_row_6_whoever_hangs_up_while_it_rings_has_turned_the_call_down(
    world: PureWorld, before: list[dict[str, str]]
) -> None:
    world.on("ice", svaml(CONNECT_BEN, *before))
    call = world.dial()
    world.advance(1)
    world.hang_up(call, LegName.CALLEE)
    assert outcome(world, call) == ("BUSY", "CANCEL", None)


def test_row_6_a_callout_that_is_turned_down_while_it_rings(world: PureWorld) -> None:
    call = world.callout(tts_callout())
    world.advance(1)
    world.hang_up(call)
    assert outcome(world, call) == ("BUSY", "CANCEL", None)


def test_row_8_the_caller_gives_up_before_the_answer(world: PureWorld) -> None:
    call = world.dial()
    world.advance(1)
    world.hang_up(call)
    world.advance(60)
    assert outcome(world, call) == ("NOANSWER", "CANCEL", None)


def test_row_13_a_user_whom_nobody_knows(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectMxp", "destination": {"type": "username", "endpoint": "carla"}}))
    world.phone("carla", unreachable={})
    call = world.dial()
    world.advance(10)
    assert outcome(world, call) == ("FAILED", "USERNOTFOUND", None)
    assert call_info(call, world.simulation.now, 0)["reason"] == "GENERALERROR"


@pytest.mark.parametrize("failure", [Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.BAD_STATUS])
def test_row_15_ice_gets_no_answer(world: PureWorld, failure: Outcome) -> None:
    world.on("ice", failure)
    call = world.dial()
    assert outcome(world, call) == ("FAILED", "CALLBACKERROR", None)
    assert call.caller.heard == ["error"]


@pytest.mark.parametrize("reply", [{}, {"action": {"name": "dance"}}, svaml("continue"), svaml("runMenu")])
def test_row_16_ice_gets_illegal_svaml(world: PureWorld, reply: dict[str, object]) -> None:
    world.on("ice", reply)
    call = world.dial()
    assert world.events(call) == ["ice", "notify", "dice"]
    assert world.body(call, "notify")["type"] == "callingerror"
    assert world.body(call, "notify")["errorCode"] == 40001
    assert outcome(world, call) == ("FAILED", "GENERALERROR", None)
    assert call_info(call, world.simulation.now, 0)["reason"] == "INVALIDSVAMLACTION"


def test_row_16_illegal_svaml_after_the_answer(world: PureWorld) -> None:
    world.on("ace", {"action": {"name": "dance"}})
    call = world.dial()
    world.advance(5)
    assert outcome(world, call)[:2] == ("ANSWERED", "GENERALERROR")


def test_row_17_the_maximum_duration(world: PureWorld) -> None:
    world.on("ice", svaml({**CONNECT_BEN, "maxDuration": 90}))
    call = world.dial()
    world.advance(3600)
    assert outcome(world, call) == ("ANSWERED", "TIMEOUT", 90)


def test_row_17_every_call_is_cut_after_four_hours(world: PureWorld) -> None:
    call = world.dial()
    world.advance(14_401)
    assert not call.final
    world.advance(2)
    assert outcome(world, call) == ("ANSWERED", "TIMEOUT", 14_400)


def test_row_18_parked_for_too_long(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "park", "maxDuration": 30}))
    call = world.dial()
    world.advance(31)
    assert outcome(world, call) == ("ANSWERED", "TIMEOUT", 30)


def test_row_20_the_caller_is_turned_away(world: PureWorld) -> None:
    world.on("ice", svaml("hangup"))
    call = world.dial()
    assert outcome(world, call) == ("N/A", "MANAGERHANGUP", None)


def test_row_20_the_caller_is_answered_and_sent_away(world: PureWorld) -> None:
    world.on("ice", svaml("hangup", {"name": "answer"}, say("We are closed")))
    call = world.dial()
    world.advance(10)
    assert outcome(world, call)[:2] == ("ANSWERED", "MANAGERHANGUP")
    assert call.caller.heard == ["We are closed"]


def test_row_21_a_tts_callout_without_cli_never_arrives() -> None:
    world = PureWorld()
    body = tts_callout()
    del body["ttsCallout"]["cli"]
    call = world.callout(body)
    assert outcome(world, call) == ("FAILED", "GENERALERROR", None)
    assert call.callee.heard == []


@pytest.mark.parametrize("asked", [{}, {"cli": "incoming"}, {"cli": ""}])
def test_row_21_an_app_user_without_a_number_reaches_no_phone(world: PureWorld, asked: dict[str, str]) -> None:
    world.on("ice", svaml({"name": "connectPstn", **asked}))
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER)
    assert outcome(world, call) == ("FAILED", "GENERALERROR", None)
    assert world.lines(call, "leg.invited") == []
    assert world.codes(call) == ["CLI_MISSING"]


def test_row_21_holds_without_a_callback_url_too(world: PureWorld) -> None:
    world.application.callback_url = None
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER)
    assert (call.ending and call.ending.reason, world.lines(call, "leg.invited")) == ("GENERALERROR", [])
    assert world.codes(call) == ["NO_CALLBACK_DIRECT", "CLI_MISSING"]


def test_row_7b_a_phone_that_an_app_user_calls_in_vain_is_busy(world: PureWorld) -> None:
    world.phone(BEN, answer={"after": 90})
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER, own_cli=DID)
    world.advance(70)
    assert outcome(world, call) == ("BUSY", "N/A", None)


@pytest.mark.parametrize("enabled", [True, False])
def test_dice_that_is_asked_for_and_never_sent_is_remarked_upon(enabled: bool) -> None:
    world = PureWorld()
    body = tts_callout("anna", enableAce=False, enableDice=enabled)
    body["ttsCallout"]["destination"]["type"] = "username"
    call = world.callout(body)
    world.advance(20)
    assert (call.final, world.events(call)) == (True, [])
    assert world.codes(call) == (["ACE_SUPPRESSED_INAPP"] if enabled else [])


def test_row_22_a_client_loses_its_network(world: PureWorld) -> None:
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER, own_cli=DID)
    world.advance(10)
    world.simulation.receive(HungUp(call.id, LegName.CALLER, lost_network=True))
    world.settle()
    assert outcome(world, call) == ("ANSWERED", "CLIENTNETWORK", 8)


def test_row_24_a_number_whose_app_has_no_callback_url(world: PureWorld) -> None:
    world.application.callback_url = None
    call = world.dial()
    assert (call.ending and (call.ending.result, call.ending.reason)) == ("FAILED", "GENERALERROR")
    assert world.codes(call) == ["NO_CALLBACK_URL"]


def test_a_callout_hung_up_by_rest_while_it_rings() -> None:
    world = PureWorld()
    call = world.callout(tts_callout())
    world.patch(call, svaml("hangup"))
    assert outcome(world, call) == ("NOANSWER", "MANAGERHANGUP", None)


def test_ace_without_an_answer_connects_the_call(world: PureWorld) -> None:
    world.on("ace", Outcome.TIMEOUT)
    call = world.dial()
    world.advance(5)
    assert call.state.value == "CONNECTED"
    assert "ACE_TIMEOUT" in world.codes(call)


def test_suppressed_callbacks_leave_ice_alone(world: PureWorld) -> None:
    world.on("ice", svaml({**CONNECT_BEN, "suppressCallbacks": True}))
    call = world.dial()
    world.advance(5)
    assert call.state.value == "CONNECTED"
    world.hang_up(call)
    assert world.events(call) == ["ice"]


def test_a_call_from_app_to_app_has_ice_alone(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectMxp"}))
    call = world.dial(from_="anna", to="ben", origin=Origin.MXP, kind=AddressKind.USERNAME)
    world.advance(5)
    assert call.state.value == "CONNECTED"
    world.hang_up(call)
    assert world.events(call) == ["ice"]


def test_a_phone_that_calls_an_app_user_gets_dice_but_no_ace(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectMxp", "destination": {"type": "username", "endpoint": "ben"}}))
    call = world.dial()
    world.advance(5)
    world.hang_up(call)
    assert world.events(call) == ["ice", "dice"]


@pytest.mark.parametrize(
    ("origin", "to", "kind", "reached"),
    [
        (Origin.MXP, BEN, AddressKind.NUMBER, BEN),
        (Origin.MXP, "ben", AddressKind.USERNAME, "ben"),
        (Origin.SIP, "14045550199@pbx.test", AddressKind.SIP, BEN),
    ],
)
def test_without_a_callback_url_an_app_or_sip_call_goes_where_it_was_dialled_to(
    world: PureWorld, origin: Origin, to: str, kind: AddressKind, reached: str
) -> None:
    world.application.callback_url = None
    call = world.dial(from_="anna", to=to, origin=origin, kind=kind, own_cli=DID)
    world.advance(5)
    assert call.state.value == "CONNECTED"
    assert call.callee.address is not None
    assert call.callee.address.endpoint == reached
    assert world.codes(call) == ["NO_CALLBACK_DIRECT"]


def test_a_callout_to_an_app_user_tells_the_app_nothing() -> None:
    world = PureWorld()
    call = world.callout(tts_callout(destination={"type": "username", "endpoint": "anna"}))
    world.advance(60)
    assert call.final
    assert world.events(call) == []
    assert "ACE_SUPPRESSED_INAPP" in world.codes(call)


def test_a_custom_callout_that_nobody_can_answer_for_is_hung_up(world: PureWorld) -> None:
    world.application.callback_url = None
    call = world.callout(custom_callout())
    world.advance(5)
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason) == ("ANSWERED", "MANAGERHANGUP")


def test_a_number_of_ones_own_comes_back_in_as_a_new_call(world: PureWorld) -> None:
    inner_number = "+14045550101"
    world.application.numbers.append(inner_number)
    to_inner = svaml({"name": "connectPstn", "number": inner_number})
    world.on("ice", lambda body: to_inner if body["to"]["endpoint"] == DID else svaml(CONNECT_BEN))
    outer = world.dial()
    world.advance(5)
    inner = list(world.exchange.calls.values())[-1]
    assert inner is not outer
    assert (outer.state.value, inner.state.value) == ("CONNECTED", "CONNECTED")
    assert world.body(inner, "ice")["cli"] == ANNA.removeprefix("+")
    world.hang_up(outer)
    assert inner.ending is not None
    assert inner.ending.reason == "CALLERHANGUP"
    assert world.events(inner)[-1] == "dice"


def test_a_chain_through_ones_own_numbers_ends(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectPstn", "number": DID}))
    call = world.dial()
    world.advance(100)
    assert call.final
    assert len(world.exchange.calls) == 11


def test_an_update_that_hangs_up_while_ice_is_awaited_finds_nobody_answered() -> None:
    world = PureWorld()

    def hang_up_meanwhile(body: dict[str, str]) -> dict[str, object]:
        world.patch(world.exchange.calls[body["callid"]], svaml("hangup"))
        return svaml("hangup")

    world.on("ice", hang_up_meanwhile)
    assert outcome(world, world.dial()) == ("NOANSWER", "MANAGERHANGUP", None)


def test_a_sip_call_that_nobody_is_asked_about_and_that_names_no_number_fails() -> None:
    world = PureWorld()
    world.application.callback_url = None
    call = world.dial(from_="anna@example.com", to="bob@example.com", origin=Origin.SIP, kind=AddressKind.SIP)
    assert (call.ending and (call.ending.result, call.ending.reason)) == ("FAILED", "GENERALERROR")
    assert world.lines(call, "leg.invited") == []
    assert world.codes(call) == ["NO_CALLBACK_URL"]
