"""Batches: sessions that begin one after the other (docs/platform/voice-v2.md#2.4).

Session number k begins ``1000 * k / max_cps`` milliseconds after the batch, counted from 0. What has not begun when the
batch is stopped, or when its time is up, expires.
"""

from sinch_simulator.core.effects import CancelTimer, Finish, Log, SetTimer
from sinch_simulator.core.values import Word
from sinch_simulator.products.voice.v2.session import Batch, Session, SessionState
from sinch_simulator.products.voice.v2.turn import Turn


class BatchTimer(Word):
    """What a batch waits for."""

    NEXT = "next"
    TIME_TO_LIVE = "time to live"


def begin(turn: Turn, batch: Batch) -> None:
    """Begins a batch: the first session at once."""
    turn.order(SetTimer(batch.id, BatchTimer.TIME_TO_LIVE.value, batch.ttl_ms))
    begin_due(turn, batch)


def begin_due(turn: Turn, batch: Batch) -> None:
    """Begins the sessions whose moment has come, and waits for the next one's."""
    while batch.begun < len(batch.sessions):
        due_ms = batch.created_ms + 1000 * batch.begun // batch.max_cps
        if due_ms > turn.now:
            turn.order(SetTimer(batch.id, BatchTimer.NEXT.value, due_ms - turn.now))
            return
        session = batch.sessions[batch.begun]
        batch.begun += 1
        begin_session(turn, session)


def begin_session(turn: Turn, session: Session) -> None:
    """Runs the commands of a session, with no current call."""
    session.begun = True
    turn.begin(session, None, session.commands)


def expire(turn: Turn, batch: Batch) -> None:
    """Lets what has not begun expire: it never will."""
    left = batch.sessions[batch.begun :]
    batch.begun = len(batch.sessions)
    batch.over += len(left)
    batch.dropped += len(left)
    for session in left:
        session.state = SessionState.EXPIRED
        session.ended_ms = session.updated_ms = turn.now
    turn.order(CancelTimer(batch.id, BatchTimer.NEXT.value))
    if left:
        turn.order(Log(batch.id, "batch.expired", {"sessions": len(left)}))
    end_when_over(turn, batch)


def end_when_over(turn: Turn, batch: Batch) -> None:
    """Notes that every session of a batch is over, when that is so."""
    if batch.ended_ms is None and batch.over == len(batch.sessions):
        batch.ended_ms = turn.now
        turn.order(Log(batch.id, "batch.ended", {"sessions": len(batch.sessions)}), Finish(batch.id))
