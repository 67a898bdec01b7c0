"""Voice in one world: its calls and rooms. It routes each event to its call, and turns what a call wants into
effects.

Pure: time and events go in, effects come out. What a call wants to ask becomes a callback, or is answered from an
inline document; calls to the world's own numbers come back in as new calls.
"""

from collections.abc import Callable, Collection
from typing import Any

from attrs import evolve, field

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import (
    About,
    AppFailed,
    ApplicationSignature,
    AppReplied,
    Outcome,
    Reading,
    Response,
    SendCallback,
)
from sinch_simulator.core.effects import Diagnose, Finish, Log, SetTimer, TimerFired
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import (
    Accept,
    Cause,
    ComeIn,
    Connect,
    Declined,
    Invite,
    LegName,
    Play,
    Release,
    SendDigits,
)
from sinch_simulator.products.voice import NAME
from sinch_simulator.products.voice.call import Call, Leg, LegState, Origin, Setup
from sinch_simulator.products.voice.callbacks.bodies import callback_body
from sinch_simulator.products.voice.callbacks.replies import NOTIFY_LOST, read_answer, svaml_fields
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.conferences.conference import Rooms
from sinch_simulator.products.voice.conferences.room_recording import RoomRecorders
from sinch_simulator.products.voice.effects import (
    Ask,
    CallEffect,
    ComeBack,
    Command,
    Join,
    Leave,
    PassTone,
    RecordRoom,
    RoomOrder,
    StepAside,
    StopRecordingRoom,
    StoreFile,
)
from sinch_simulator.products.voice.events import Arrived, CallbackEvent, Event, RecordingDelivered
from sinch_simulator.products.voice.incoming import Incoming, caller_address, e164, number_of
from sinch_simulator.products.voice.internal_calls import InternalCalls
from sinch_simulator.products.voice.own_numbers import MOST_HOPS, OwnNumberDialled, owner_of, product_of
from sinch_simulator.products.voice.recording import DUE
from sinch_simulator.products.voice.streams import FRAMES, StreamLegs
from sinch_simulator.products.voice.transitions import step

MOST_LOOPS = 100
"""How often a call may be answered from its inline documents (docs/platform/rest.md#3.4; *assumed*)."""

# A tuple, because a union is made anew each time that it is written.
_REPLIES = (AppReplied, AppFailed)


@define(eq=False)
class _Turn:
    """What one event leads to within the platform at once: further events, and effects in order."""

    now: int
    events: list[Event]
    effects: list[CallEffect]
    documents: dict[str, str] | None = None
    """By call, the event that was last answered from an inline document."""


@define(eq=False)
class Exchange:
    """The machine of Voice. Calls are kept in the order in which they began."""

    data: WorldData
    calls: dict[str, Call] = field(factory=dict)
    rooms: Rooms = field(factory=Rooms)
    sounds: dict[str, list[tuple[int, bytes]]] = field(factory=dict)
    """By call, what a stream has let the caller hear while it was recorded: from when, and the samples at 8 kHz."""
    _streams: StreamLegs = field(factory=StreamLegs)
    _internal: InternalCalls = field(factory=InternalCalls)
    _recorders: RoomRecorders = field(factory=RoomRecorders)
    subjects: Collection[str] = field(init=False)
    """The ids of all calls, of those that are over too."""

    def __attrs_post_init__(self) -> None:
        self.subjects = self.calls

    @property
    def applications(self) -> dict[str, Application]:
        """Returns the applications of the world, by key."""
        return self.data.applications

    def owner_of(self, number: str) -> Application | None:
        """Returns the application that a number is assigned to."""
        return owner_of(self.applications, number)

    # ---- calls begin

    def new_callout(self, application: Application, callout: Callout, now: int, *, base_url: str, region: str) -> Call:
        """Makes a call for a callout; nothing happens until ``Placed`` is received."""
        setup = Setup(
            Origin.CALLOUT,
            now,
            callout.cli or "",
            e164(callout.cli),
            callout.destination,
            callout.custom,
            callout=callout,
            base_url=base_url,
            region=region,
            epoch_ms=self.data.epoch_ms,
        )
        return self._new_call(application, setup, caller=None, callee=callout.destination)

    def new_arrival(self, application: Application, incoming: Incoming, now: int) -> Call:
        """Makes a call for somebody who has dialled; nothing happens until ``Arrived`` is received."""
        setup = Setup(
            incoming.origin,
            now,
            incoming.cli,
            number_of(application, incoming),
            incoming.to,
            incoming.custom,
            incoming.call_headers,
            base_url=incoming.base_url,
            region=incoming.region,
            epoch_ms=self.data.epoch_ms,
            assigned=incoming.to.kind is not AddressKind.DID or incoming.to.endpoint in application.numbers,
            rdnis=incoming.rdnis,
            hops=incoming.hops,
        )
        return self._new_call(application, setup, caller=caller_address(incoming), callee=None)

    def _new_call(
        self, application: Application, setup: Setup, *, caller: Address | None, callee: Address | None
    ) -> Call:
        call = Call(
            next_id(application, self.data.seed),
            application,
            setup,
            Leg(LegName.CALLER, caller, LegState.ABSENT if caller is None else LegState.RINGING),
            Leg(LegName.CALLEE, callee),
            setup.dialled,
            setup.cli,
        )
        self.calls[call.id] = call
        return call

    # ---- the machine

    def receive(self, event: Event, now: int) -> list[CallEffect]:
        """Lets something happen, and everything that follows from it at once within the platform."""
        if self._streams.legs and isinstance(event, TimerFired) and event.timer == FRAMES:
            return self._streams.send_frames(event.subject)
        effects: list[Any] = []
        events = [event]
        turn = _Turn(now, events, effects)
        for happened in events:  # it grows meanwhile
            call = self.calls.get(happened.subject)
            if call is None or (isinstance(happened, _REPLIES) and not _concerns(call, happened)):
                continue
            for effect in step(call, happened, now):
                carry = _CARRIERS.get(type(effect))
                if carry is None:
                    effects.append(effect)
                else:
                    carry(self, call, effect, turn)
        return effects

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns what the SVAML in an answer says to its call as that is now."""
        return read_answer(callback, response, self.calls.get(callback.subject))

    def answer_fields(self, answer: Any) -> dict[str, Any]:  # SVAML, or None where nobody reads an answer
        """Returns the names of the action and the instructions of an answer."""
        return svaml_fields(answer)

    def about(self, subject: str) -> About:
        """Returns the ids by which a call is shown."""
        return About(subject)

    def owner(self, subject: str) -> str:
        """Returns the key of the application that a call belongs to."""
        return self.calls[subject].application.key

    def forget(self, application_key: str) -> Forgotten:
        """Drops the calls of an application, and whatever was still to come of them."""
        return self.drop([call.id for call in self.calls.values() if call.application.key == application_key])

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops these calls, and whatever was still to come of them."""
        dropped = {call_id: self.calls[call_id] for call_id in subjects if call_id in self.calls}
        gone = {*dropped, *(recording.id for call in dropped.values() for recording in call.recordings)}
        for call_id in dropped:
            del self.calls[call_id]
            self.sounds.pop(call_id, None)
            self._internal.forget(call_id)
        self.rooms.forget(dropped.keys())
        self._recorders.forget(dropped.keys())
        return Forgotten(frozenset(gone), self._streams.forget(dropped.keys()))

    # ---- what becomes of the effects of a call

    def _ask(self, call: Call, ask: Ask, turn: _Turn) -> None:
        """Sends a callback, or answers it from the document that the callout brought."""
        callout = call.setup.callout
        if callout is not None and ask.awaited and ask.event in callout.documents:
            self._use_document(call, ask, callout, turn)
            return
        addressed = call.address_for(ask.event)
        assert addressed is not None
        url, fallback_url = addressed
        application = call.application
        turn.effects.append(
            SendCallback(
                ask.id,
                call.id,
                "voice",
                ask.event.value,
                About(call.id),
                application.key,
                url,
                fallback_url,
                callback_body(call, ask, turn.now, self.data.epoch_ms),
                callout.headers if callout is not None else (),
                ApplicationSignature(application),
                ask.awaited,
                if_lost=NOTIFY_LOST if ask.event is CallbackEvent.NOTIFY else None,
            )
        )

    def _use_document(self, call: Call, ask: Ask, callout: Callout, turn: _Turn) -> None:
        call.loops += 1
        if call.loops > MOST_LOOPS:
            turn.events.append(AppFailed(call.id, ask.id, Outcome.BAD_SVAML))
            return
        turn.events.append(AppReplied(call.id, ask.id, callout.documents[ask.event]))
        turn.effects.append(Log(call.id, "document.used", {"event": ask.event.value}))
        turn.documents = {**(turn.documents or {}), call.id: ask.event.value}

    def _diagnose(self, call: Call, finding: Diagnose, turn: _Turn) -> None:
        """Says of which document a finding came."""
        event = turn.documents.get(finding.subject) if turn.documents else None
        turn.effects.append(finding if event is None else evolve(finding, event=event))

    def _order_room(self, call: Call, order: RoomOrder, turn: _Turn) -> None:
        """Brings an order to its room, and what comes of it to the participants' calls."""
        for effect in self.rooms.obey(order, turn.now):
            turn.effects.append(effect)
            if isinstance(effect, Play):
                self.calls[effect.call_id].leg(effect.leg).hear(effect.text)
            elif isinstance(effect, SendDigits):
                # Not through internal calls: two of them between the same rooms would pass a tone back and forth for
                # ever.
                self.calls[effect.call_id].leg(effect.leg).dtmf += effect.digits
                continue
            if self._internal.ends and isinstance(effect, Accept | Release | Play):
                self._pass_through(self.calls[effect.call_id], effect, turn)
        if self._recorders and order.room not in self.rooms:
            over = self._recorders.room_over(order.room)
            turn.events.extend(() if over is None else (over,))

    def _record_room(self, call: Call, order: RecordRoom, turn: _Turn) -> None:
        turn.effects += self._recorders.begin(order, call, turn.now)

    def _stop_recording_room(self, call: Call, order: StopRecordingRoom, turn: _Turn) -> None:
        stopped = self._recorders.stop(order)
        if isinstance(stopped, Diagnose):
            turn.effects.append(stopped)
        else:
            turn.events.append(stopped)

    def _invite(self, call: Call, invite: Invite, turn: _Turn) -> None:
        """Rings a phone; a stream is opened, and one of the world's own numbers gets a call of its own."""
        address = invite.address
        if address.kind is AddressKind.WEBSOCKET and "streams" in self.data.outside:
            turn.effects += self._streams.open(invite)
            return
        owner = self.owner_of(address.endpoint) if address.kind is AddressKind.NUMBER else None
        if owner is None:
            turn.effects.append(invite)
        else:
            # Nobody's phone rings: the call that comes in there answers, or does not.
            turn.effects.append(Log(call.id, "leg.invited", invite.journal_fields()))
            self._call_back_in(call, invite, owner, turn)

    def _tell_leg(self, call: Call, effect: Accept | Connect | Play | Release | SendDigits, turn: _Turn) -> None:
        """Tells whoever is on a leg: a phone, another call's caller, a stream."""
        turn.effects.append(effect)
        if self._internal.ends and not isinstance(effect, Connect):
            self._pass_through(call, effect, turn)
        if self._streams.legs and isinstance(effect, Connect | Release):
            turn.effects += self._streams.follow(effect)

    def _finish(self, call: Call, effect: Finish, turn: _Turn) -> None:
        turn.effects.append(effect)
        if self._streams.legs:
            turn.effects += self._streams.end(call.id)

    def _store(self, call: Call, order: StoreFile, turn: _Turn) -> None:
        """Has a file put into a store; without such a store outside its delivery is simulated."""
        if order.store in self.data.outside:
            turn.effects.append(order)
        else:
            delivered = RecordingDelivered(order.subject, order.recording_id, simulated=True)
            turn.effects.append(SetTimer(order.recording_id, DUE, 0, delivered))

    def _call_back_in(self, call: Call, invite: Invite, owner: Application, turn: _Turn) -> None:
        """The dialled number is one of the world's own: the leg comes back in as a call with an ICE of its own."""
        setup = call.setup
        if setup.hops >= MOST_HOPS:
            turn.events.append(Declined(call.id, invite.leg, Cause.CONGESTION))
            return
        number, cli = invite.address.endpoint, invite.cli or "private"
        dialled = OwnNumberDialled(call.id, owner, number, cli, setup.base_url, setup.region, setup.hops + 1)
        product = product_of(owner)
        if product != NAME:
            turn.effects.append(ComeIn(call.id, invite.leg, product, dialled))
            return
        inner, arrived = self._let_in(dialled, turn.now)
        self._internal.join(call.id, invite.leg, inner.id)
        turn.events.append(Arrived(inner.id))
        turn.effects.append(arrived)

    def _let_in(self, dialled: OwnNumberDialled, now: int) -> tuple[Call, Log]:
        to = Address(AddressKind.DID, dialled.number)
        incoming = Incoming(
            Origin.PSTN,
            dialled.cli,
            to,
            base_url=dialled.base_url,
            region=dialled.region,
            hops=dialled.hops,
        )
        inner = self.new_arrival(dialled.owner, incoming, now)
        fields = {"from": inner.cli, "to": dialled.number, "through": dialled.call_id}
        return inner, Log(inner.id, "call.arrived", fields)

    def take_caller(self, dialled: OwnNumberDialled, now: int) -> tuple[str, LegName, list[CallEffect]]:
        """Lets in a call that another product has made to a number of one of its applications."""
        inner, arrived = self._let_in(dialled, now)
        return inner.id, LegName.CALLER, [arrived, *self.receive(Arrived(inner.id), now)]

    def _pass_through(self, call: Call, effect: Accept | Play | Release | SendDigits, turn: _Turn) -> None:
        carried = self._internal.carry(call, effect, self.calls)
        turn.events.extend(carried.events)
        turn.effects.extend(carried.effects)


# Whatever else a call orders goes to the world as it is. The table pairs effects with who takes them, which one
# signature can't say.
_CARRIERS: dict[type, Callable[[Exchange, Call, Any, _Turn], None]] = {
    Ask: Exchange._ask,
    Diagnose: Exchange._diagnose,
    Invite: Exchange._invite,
    **dict.fromkeys((Accept, Connect, Play, Release, SendDigits), Exchange._tell_leg),
    Finish: Exchange._finish,
    StoreFile: Exchange._store,
    RecordRoom: Exchange._record_room,
    StopRecordingRoom: Exchange._stop_recording_room,
    **dict.fromkeys((Join, StepAside, ComeBack, Leave, PassTone, Command), Exchange._order_room),
}


def _concerns(call: Call, event: AppReplied | AppFailed) -> bool:
    """Returns whether a call has any use for a reply: it waits for this one, or it has ended and DiCE was answered."""
    if call.final:
        return isinstance(event, AppReplied) and event.answer is not None
    return call.awaited == event.callback_id


def exchange_of(world: SimulatedWorld) -> Exchange:
    """Returns the machine of the Voice API in a world."""
    exchange = world.machine("voice")
    assert isinstance(exchange, Exchange)
    return exchange
