"""How verifications are told: in a ladder, and line by line while they happen."""

from typing import Any

from sinch_simulator.core.rest.journal_views import entry_view
from sinch_simulator.ladder import render
from sinch_simulator.ladder.live import LiveLines
from sinch_simulator.products.verification.events import DeviceFetched
from sinch_simulator.products.verification.model import Method, Verification
from support.verification_world import ANNA, VerificationWorld


def entries(world: VerificationWorld, verification: Verification) -> list[dict[str, Any]]:
    return [entry_view(world.simulation, line) for line in world.simulation.journal.of(verification.id)]


def test_a_verification_by_text_reads_from_top_to_bottom() -> None:
    world = VerificationWorld()
    verification = world.start(reference="order 1")
    world.advance(1)
    world.report(verification, "wrong")
    world.report(verification, source="manual")
    lines = render(entries(world, verification)).splitlines()
    assert [line[13:] for line in lines] == [
        "  app -> sinch   verifies +46700000001 by sms (order 1)",
        "sinch -> app     VerificationRequestEvent to http://app.test/verification",
        "  app -> sinch   VerificationRequestEvent answered: allow",
        f'sinch -> phone   texts "Your verification code is {verification.code}" to +46700000001 (Sinch)',
        "sinch -> phone   the text has arrived at +46700000001",
        "sinch -> app     VerificationSmsDeliveredEvent to http://app.test/verification",
        "  app -> sinch   VerificationSmsDeliveredEvent answered",
        "  app -> sinch   reports wrong",
        "sinch            info VERIFICATION_WRONG_CODE at sms: The code 'wrong' is wrong: 2 of 3 attempts are left. "
        f"(It would be {verification.code}. A wrong one is answered with 400/40003, and may be tried again.)",
        f"  app -> sinch   reports {verification.code} (manual)",
        "sinch            the verification has ended: SUCCESSFUL",
        "sinch -> app     VerificationResultEvent to http://app.test/verification",
        "  app -> sinch   VerificationResultEvent answered",
    ]


def test_a_flash_call_is_told_while_it_happens() -> None:
    world = VerificationWorld(url=None)
    world.phone(ANNA, app={"source": "intercepted", "after": 1})
    verification = world.start(Method.FLASHCALL)
    world.advance(100)
    lines = [line.plain() for line in LiveLines().of(entries(world, verification))]
    assert lines == [
        "10:30:00.000   1  your app verifies +46700000001 by flashcall",
        "10:30:00.000   1    rings +46700000001",
        "10:30:00.000   1    callee does not pick up: rejected",
        "10:30:00.000   1    disconnects callee",
        f"10:30:00.000   1    the phone has missed a call from {verification.cli} (0.0 s)",
        f"10:30:01.000   1    the app on the phone reports {verification.cli} (intercepted)",
        f"10:30:01.000   1  over: SUCCESSFUL; more: sinch-simulator show {verification.id[:8]}",
    ]


def test_every_way_in_which_a_verification_ends_is_told_in_words() -> None:
    world = VerificationWorld(reply={"action": "allow", "callout": {"pin": "1"}})
    told = []
    for method in Method:
        verification = world.start(method)
        world.advance(400)
        told += render(entries(world, verification)).splitlines()
    assert not [line for line in told if "=" in line]
    assert sum("the verification has ended: FAIL, Expired" in line for line in told) == 4
    assert sum("Hung up without entering valid code" in line for line in told) == 1


def test_an_unreachable_phone_has_missed_no_call() -> None:
    world = VerificationWorld(url=None)
    world.phone(ANNA, unreachable={})
    verification = world.start(Method.FLASHCALL)
    world.advance(100)
    assert "missed" not in render(entries(world, verification))


def test_a_phone_on_wi_fi_is_told_as_such() -> None:
    world = VerificationWorld(url=None)
    world.phone(ANNA, data="wifi")
    verification = world.start(Method.SEAMLESS)
    world.simulation.receive(DeviceFetched(verification.id))
    world.advance(0)
    assert "the phone is on Wi-Fi: no mobile data" in render(entries(world, verification))


def test_what_comes_too_late_is_told_without_names_of_the_code() -> None:
    world = VerificationWorld(url=None)
    verification = world.start()
    world.report(verification)
    world.advance(1)
    assert "text delivered is ignored: the verification has ended" in render(entries(world, verification))
