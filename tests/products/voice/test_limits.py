"""Accounts without credit, with barred destinations, with verified numbers (docs/platform/lifecycle.md#2 and #5)."""

import pytest

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.limits import Limits
from sinch_simulator.products.voice.callouts.reading import read_callout
from support.pure_world import ANNA, BEN, DID, PureWorld, custom_callout, svaml, tts_callout

RATE = 100  # to a number of the United States, in ten-thousandths of a dollar


def world_with(**limits: object) -> PureWorld:
    world = PureWorld()
    world.application.limits = Limits(**limits)  # type: ignore[arg-type]  # each test names what it limits
    return world


def admit(limits: Limits, to: str) -> None:
    destination = read_callout(tts_callout(to), ()).callout.destination
    assert destination is not None
    limits.admit(destination)


def test_a_callout_without_credit_is_refused_with_40200() -> None:
    with pytest.raises(ApiError) as refusal:
        admit(Limits(credit=RATE - 1), BEN)
    assert refusal.value.code is ErrorCode.NO_CREDIT


def test_a_callout_to_a_barred_destination_is_refused_with_40300_and_names_it() -> None:
    with pytest.raises(ApiError, match=r"forbidden: '\+46700000001'") as refusal:
        admit(Limits(barred=("+46*",)), ANNA)
    assert refusal.value.code is ErrorCode.FORBIDDEN_DESTINATION


def test_what_costs_nothing_needs_no_credit_and_can_not_be_barred() -> None:
    limits = Limits(credit=0, barred=("*",))
    user = Address(AddressKind.USERNAME, "alice")
    assert limits.affords(user)
    assert not limits.bars(user)


def test_an_account_without_limits_admits_everything() -> None:
    admit(Limits(), BEN)


def test_a_call_takes_its_cost_from_the_credit() -> None:
    world = world_with(credit=1000)
    world.on("ace", svaml("continue"))
    call = world.callout(custom_callout())
    world.advance(2 + 61)
    world.hang_up(call)
    assert (call.ending and call.ending.reason) == "CALLEEHANGUP"
    assert world.application.limits == Limits(credit=1000 - 2 * RATE)


def test_an_unanswered_call_costs_nothing() -> None:
    world = world_with(credit=1000)
    world.phone(BEN, busy={})
    world.callout(tts_callout())
    world.advance(5)
    assert world.application.limits == Limits(credit=1000)


def test_a_call_is_cut_when_the_credit_is_used_up() -> None:
    world = world_with(credit=2 * RATE + 50)
    world.on("ace", svaml("continue"))
    call = world.callout(custom_callout())
    world.advance(600)
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason) == ("ANSWERED", "NOCREDITPARTNER")
    assert call.duration_s(world.simulation.now) == 120
    assert world.application.limits == Limits(credit=50)
    assert world.body(call, "dice")["reason"] == "NOCREDITPARTNER"


def test_connecting_without_credit_ends_the_call() -> None:
    world = world_with(credit=0)
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    call = world.dial()
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason, call.ending.rest_reason) == (
        "FAILED",
        "NOCREDITPARTNER",
        "NOCREDITPARTNER",
    )


def test_connecting_to_a_barred_destination_ends_the_call_as_blocked() -> None:
    world = world_with(barred=("+1404*",))
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    call = world.dial()
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason) == ("FAILED", "BLOCKED")


def test_a_callout_with_an_unverified_cli_never_reaches_anybody() -> None:
    world = world_with(caller_ids=("+14045559999",))
    call = world.callout(tts_callout(cli="+14045550123"))
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason) == ("FAILED", "GENERALERROR")
    assert world.codes(call) == ["CLI_UNVERIFIED"]
    assert not world.lines(call, "leg.invited")


@pytest.mark.parametrize("cli", [DID, "+14045559999", "private"])
def test_a_verified_or_rented_cli_is_shown(cli: str) -> None:
    world = world_with(caller_ids=("+14045559999",))
    call = world.callout(tts_callout(cli=cli))
    assert world.lines(call, "leg.invited")[0].fields["cli"] == cli


def test_an_unverified_cli_of_connect_pstn_is_shown_as_private() -> None:
    world = world_with(caller_ids=())
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550123"}))
    call = world.dial()
    assert world.lines(call, "leg.invited")[0].fields["cli"] == "private"
    assert "CLI_UNVERIFIED" in world.codes(call)
