"""Batches: when their sessions begin, and what becomes of those that do not."""

from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.products.voice.v2.calling import stop_batch
from sinch_simulator.products.voice.v2.session import Batch
from support.session_world import BEN, SessionWorld, command, dial


def states(batch: Batch) -> list[str]:
    return [session.state.value for session in batch.sessions]


def test_sessions_begin_one_after_the_other_at_their_pace() -> None:
    world = SessionWorld()
    batch = world.batch(dial(BEN), entries=3, max_cps=2)
    assert states(batch) == ["IN_PROGRESS", "QUEUED", "QUEUED"]
    world.advance(0.5)
    assert states(batch) == ["IN_PROGRESS", "IN_PROGRESS", "QUEUED"]
    world.advance(0.5)

    assert states(batch) == ["IN_PROGRESS"] * 3
    assert [next(iter(session.calls.values())).started_ms for session in batch.sessions] == [0, 500, 1000]


@given(st.integers(1, 40), st.integers(1, 50))
def test_session_number_k_begins_after_k_times_the_pace(entries: int, max_cps: int) -> None:
    world = SessionWorld()
    batch = world.batch(dial(BEN), entries=entries, max_cps=max_cps)
    world.advance(entries)
    begun = [next(iter(session.calls.values())).started_ms for session in batch.sessions]

    assert begun == [1000 * number // max_cps for number in range(entries)]


def test_a_batch_that_is_stopped_lets_go_on_what_has_begun() -> None:
    world = SessionWorld()
    batch = world.batch(dial(BEN, events={"onAnswer": [command("hangup")]}), entries=3, max_cps=1)
    stop_batch(world.simulation, batch.id)
    stop_batch(world.simulation, batch.id)
    world.advance(5)

    assert states(batch) == ["COMPLETED", "EXPIRED", "EXPIRED"]
    assert (batch.stopped, batch.ended_ms) == (True, 2000)


def test_what_has_not_begun_in_time_expires() -> None:
    world = SessionWorld()
    batch = world.batch(dial(BEN, events={"onAnswer": [command("hangup")]}), entries=4, max_cps=2, ttl_s=1)
    world.advance(60)

    assert states(batch) == ["COMPLETED", "COMPLETED", "EXPIRED", "EXPIRED"]
    assert (batch.ended_ms, batch.over) == (2500, 4)


def test_events_of_a_batch_name_it() -> None:
    world = SessionWorld()
    batch = world.batch(dial(BEN))
    world.advance(2)

    assert world.body("call.answered")["call"]["batchId"] == batch.id
    (callback,) = world.sent
    assert (callback.about.batch_id, callback.about.session_id) == (batch.id, batch.sessions[0].id)
