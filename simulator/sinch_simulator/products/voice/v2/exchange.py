"""Voice v2 in one world: its sessions, their calls, and batches. It routes each event to its call.

Pure: time and events go in, effects come out. Calls to the world's own numbers come back in as calls of their own.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import takewhile
from typing import Any

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, SendCallback
from sinch_simulator.core.effects import Finish, Log, TimerFired
from sinch_simulator.core.ids import next_ulid
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.own_numbers import OwnNumberDialled
from sinch_simulator.products.voice.v2 import NAME, batches
from sinch_simulator.products.voice.v2.batches import BatchTimer
from sinch_simulator.products.voice.v2.callbacks.replies import read_answer
from sinch_simulator.products.voice.v2.events import BatchStarted, BatchStopped, CallArrived, SessionStarted
from sinch_simulator.products.voice.v2.idempotency import RememberedAnswers
from sinch_simulator.products.voice.v2.incoming import Incoming
from sinch_simulator.products.voice.v2.outside_signals import CloseAudio, CloseRelay, SessionOrder
from sinch_simulator.products.voice.v2.run_commands import PAUSE, run
from sinch_simulator.products.voice.v2.session import (
    Batch,
    BatchEntry,
    Call,
    CallState,
    CallType,
    Direction,
    OriginationType,
    Session,
    SessionState,
)
from sinch_simulator.products.voice.v2.svaml.model import Document, PhoneAddress, name_of
from sinch_simulator.products.voice.v2.transitions import step
from sinch_simulator.products.voice.v2.turn import Turn
from sinch_simulator.products.voice.v2.webhook_health import WebhookHealth

_CLOSING: dict[CallType, Callable[[str], SessionOrder]] = {
    CallType.VOICE_RELAY: CloseRelay,
    CallType.STREAM: CloseAudio,
}
"""What takes down the connection of a call that is dropped."""


@define(eq=False)
class SessionExchange:
    """The machine of Voice v2. Calls, sessions and batches are kept in the order in which they began."""

    data: WorldData
    calls: dict[str, Call] = field(factory=dict)
    sessions: dict[str, Session] = field(factory=dict)
    batches: dict[str, Batch] = field(factory=dict)
    health: WebhookHealth = field(factory=WebhookHealth)
    answers: RememberedAnswers = field(factory=RememberedAnswers)
    """To requests with an ``Idempotency-Key``."""
    _subjects: dict[str, Call | Session | Batch] = field(factory=dict)
    subjects: Collection[str] = field(init=False)
    """The ids of all calls, sessions and batches, of those that are over too."""

    def __attrs_post_init__(self) -> None:
        self.subjects = self._subjects

    # ---- something new

    def new_session(self, application: Application, now: int, *, base_url: str) -> Session:
        """Returns a session of this service in which nothing has happened yet."""
        session = Session(self._next_ulid(application, now), application, now, base_url)
        self.sessions[session.id] = self._subjects[session.id] = session
        return session

    def new_batch(
        self,
        application: Application,
        entries: Sequence[BatchEntry],
        now: int,
        *,
        max_cps: int,
        ttl_ms: int,
        base_url: str,
    ) -> Batch:
        """Returns a batch whose sessions are queued; the world receives ``BatchStarted`` next."""
        batch = Batch(self._next_ulid(application, now), application, now, max_cps, ttl_ms)
        for entry in entries:
            session = self.new_session(application, now, base_url=base_url)
            session.batch, session.parameters, session.commands = batch, entry.parameters, entry.commands
            batch.sessions.append(session)
        self.batches[batch.id] = self._subjects[batch.id] = batch
        return batch

    def new_arrival(self, application: Application, incoming: Incoming, now: int) -> Call:
        """Makes a call, and its session, for somebody who has dialled; nothing happens until ``CallArrived``."""
        session = self.new_session(application, now, base_url=incoming.base_url)
        session.begun = True
        origination, kind = OriginationType.PHONE, CallType.PHONE
        if incoming.over_sip:
            origination, kind = OriginationType.SIP, CallType.SIP
        call = Call(
            self._next_ulid(application, now),
            session,
            Direction.INBOUND,
            kind,
            origination,
            now,
            incoming.to,
            incoming.origin,
            state=CallState.ARRIVED,
            hops=incoming.hops,
        )
        session.calls[call.id] = call
        self.calls[call.id] = self._subjects[call.id] = call
        return call

    def take_caller(self, dialled: OwnNumberDialled, now: int) -> tuple[str, LegName, list[Any]]:
        """Lets in a call that was made in this world to a number of one of the services."""
        origin = PhoneAddress(dialled.cli) if dialled.cli.startswith("+") else None
        incoming = Incoming(PhoneAddress(dialled.number), origin, base_url=dialled.base_url, hops=dialled.hops)
        call = self.new_arrival(dialled.owner, incoming, now)
        call.session.lineage = dialled.lineage
        fields = {"from": dialled.cli, "to": dialled.number, "through": dialled.call_id}
        arrived = Log(call.id, "call.arrived", fields)
        return call.id, call.leg, [arrived, *self.receive(CallArrived(call.id), now)]

    def _next_ulid(self, application: Application, now: int) -> str:
        return next_ulid(application, self.data.seed, self.data.epoch_ms + now)

    # ---- the machine

    def receive(self, event: Any, now: int) -> list[Any]:
        """Lets something happen, and everything that follows from it at once within the platform."""
        subject = self._subjects[event.subject]
        turn = Turn(now, self.data, self.health)
        if isinstance(subject, Call):
            step(turn, subject, event)
        elif isinstance(subject, Session):
            _step_session(turn, subject, event)
        else:
            _step_batch(turn, subject, event)
        while turn.ready:
            run(turn, turn.ready.popleft())
        for session in turn.sessions.values():
            self._look_after(turn, session)
        return turn.effects

    def _look_after(self, turn: Turn, session: Session) -> None:
        """Takes note of the calls that a session has made, and of its end."""
        new = [*takewhile(lambda call: call.id not in self.calls, reversed(session.calls.values()))]
        for call in reversed(new):
            self.calls[call.id] = self._subjects[call.id] = call
        if not session.state.final and session.idle:
            session.state = SessionState.COMPLETED
            session.ended_ms = session.updated_ms = turn.now
            turn.order(Log(session.id, "session.ended", {"calls": len(session.calls)}), Finish(session.id))
            if session.batch is not None:
                session.batch.over += 1
                batches.end_when_over(turn, session.batch)

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns what the commands in an answer say; what is none of SVAML counts as not delivered."""
        return read_answer(callback, response)

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        """Returns the names of the commands of an answer."""
        return {"commands": [name_of(each) for each in answer.commands]} if isinstance(answer, Document) else {}

    # ---- whose is what

    def about(self, subject: str) -> About:
        """Returns the ids by which a call, a session or a batch is shown."""
        found = self._subjects[subject]
        if isinstance(found, Batch):
            return About(batch_id=found.id)
        session = found.session if isinstance(found, Call) else found
        batch_id = None if session.batch is None else session.batch.id
        return About(found.id if isinstance(found, Call) else None, session.id, batch_id=batch_id)

    def owner(self, subject: str) -> str:
        """Returns the key of the application that a call, a session or a batch belongs to."""
        found = self._subjects[subject]
        session = found.session if isinstance(found, Call) else found
        return session.application.key

    def forget(self, application_key: str) -> Forgotten:
        """Drops what an application has, and whatever was still to come of it."""
        gone = {subject for subject in self._subjects if self.owner(subject) == application_key}
        dropped = [call for call in self.calls.values() if call.id in gone]
        gone |= {recording.id for call in dropped for recording in call.recordings}
        orders = [_CLOSING[call.type](call.id) for call in dropped if call.type in _CLOSING]
        for kept in (self.calls, self.sessions, self.batches, self._subjects):
            for subject in gone & kept.keys():
                del kept[subject]
        self.health.forget(application_key)
        self.answers.forget(application_key)
        return Forgotten(frozenset(gone), tuple(orders))

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops these subjects, which are over; a session with the last of its calls, a batch with its last session.

        A session that is not over yet, or still has calls, stays; so does a batch of which such a session is left.
        """
        gone: set[str] = set()
        for subject in subjects:
            found = self._subjects.get(subject)
            if isinstance(found, Call):
                del self.calls[found.id], self._subjects[found.id], found.session.calls[found.id]
                gone |= {found.id, *(recording.id for recording in found.recordings)}
                self._drop_session(found.session, gone)
            elif isinstance(found, Session):
                self._drop_session(found, gone)
            elif found is not None:
                self._drop_batch(found, gone)
        return Forgotten(frozenset(gone))

    def _drop_session(self, session: Session, gone: set[str]) -> None:
        if session.calls or not session.state.final:
            return
        del self.sessions[session.id], self._subjects[session.id]
        gone.add(session.id)
        if session.batch is not None:
            session.batch.dropped += 1
            self._drop_batch(session.batch, gone)

    def _drop_batch(self, batch: Batch, gone: set[str]) -> None:
        """Drops a batch that is over, with its sessions that have expired, when no other one of it is left."""
        if batch.ended_ms is None or batch.dropped < len(batch.sessions):
            return
        for session in batch.sessions:
            if session.state is SessionState.EXPIRED:
                del self.sessions[session.id], self._subjects[session.id]
                gone.add(session.id)
        del self.batches[batch.id], self._subjects[batch.id]
        gone.add(batch.id)


def _step_session(turn: Turn, session: Session, event: Any) -> None:
    """Begins a session, or lets a sequence go on whose pause is over."""
    if isinstance(event, SessionStarted):
        session.begun = True
        turn.begin(session, None, event.commands)
    elif isinstance(event, TimerFired):
        sequence = session.sequences.get(int(event.timer.removeprefix(PAUSE)))
        if sequence is not None:
            turn.go_on(sequence)


def _step_batch(turn: Turn, batch: Batch, event: Any) -> None:
    match event:
        case BatchStarted():
            batches.begin(turn, batch)
        case BatchStopped():
            batch.stopped = True
            batches.expire(turn, batch)
        case TimerFired(timer=BatchTimer.NEXT.value):
            batches.begin_due(turn, batch)
        case TimerFired():
            batches.expire(turn, batch)


def exchange_of(world: SimulatedWorld) -> SessionExchange:
    """Returns the machine of Voice v2 in a world."""
    exchange = world.machine(NAME)
    assert isinstance(exchange, SessionExchange)
    return exchange
