"""Which of two URLs an event goes to, when the first fails again and again."""

from sinch_simulator.core.application import Application
from sinch_simulator.products.voice.v2.session import CallReason
from support.session_world import BEN, FALLBACK_URL, URL, SessionWorld, calls_of, dial, webhook_service


def world_with_fallback() -> SessionWorld:
    world = SessionWorld()
    world.application.service = webhook_service(FALLBACK_URL)
    return world


def answered(world: SessionWorld) -> list[str]:
    """One call is answered: the URLs that were tried."""
    before = len(world.attempts)
    world.start(dial(BEN))
    world.advance(2)
    return world.attempts[before:]


def test_the_fallback_gets_the_same_event_at_once_and_the_first_stays_first() -> None:
    world = world_with_fallback()
    world.dead.add(URL)
    assert answered(world) == [URL, FALLBACK_URL]
    assert answered(world) == [URL, FALLBACK_URL]
    world.dead.clear()
    assert answered(world) == [URL]


def test_after_three_failures_the_first_is_passed_over_and_tried_every_minute() -> None:
    world = world_with_fallback()
    world.dead.add(URL)
    for _ in range(3):
        answered(world)
    assert answered(world) == [FALLBACK_URL]
    assert world.sent[-1].bypassed
    assert "WEBHOOK_BYPASSED" in world.codes()
    world.advance(58)
    assert answered(world) == [URL, FALLBACK_URL]
    assert answered(world) == [FALLBACK_URL]
    world.dead.clear()
    world.advance(60)
    assert answered(world) == [URL]
    assert answered(world) == [URL]


def test_a_success_in_between_begins_the_count_anew() -> None:
    world = world_with_fallback()
    for dead in (True, True, False, True, True):
        world.dead = {URL} if dead else set()
        answered(world)
    assert answered(world) == [URL, FALLBACK_URL]


def test_when_both_fail_the_call_is_disconnected() -> None:
    world = world_with_fallback()
    world.dead = {URL, FALLBACK_URL}
    session = world.start(dial(BEN))
    world.advance(2)

    assert calls_of(session)[0].reason is CallReason.ERROR


def test_a_reply_that_is_no_svaml_goes_to_the_fallback() -> None:
    world = world_with_fallback()
    world.on("call.answered", {"instructions": []}, [])
    session = world.start(dial(BEN))
    world.advance(2)

    assert world.attempts == [URL, FALLBACK_URL]
    assert not calls_of(session)[0].final


def test_what_is_remembered_stays_when_another_service_is_reset_and_goes_with_its_own() -> None:
    world = world_with_fallback()
    other = Application("00000000-0000-4000-8000-000000000002", "c2VjcmV0")
    world.simulation.add_application(other)
    world.dead.add(URL)
    for _ in range(3):
        answered(world)
    world.simulation.renew(other.key)
    assert answered(world) == [FALLBACK_URL]
    world.simulation.renew(world.application.key)
    assert answered(world) == [URL, FALLBACK_URL]
