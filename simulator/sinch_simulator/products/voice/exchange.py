"""The platform's side of a world: applications, their numbers, their calls. It routes each signal to its call.

Pure: time and events go in, effects come out. It turns what a call wants to ask into callbacks, answers from inline
documents, and leads calls to the world's own numbers back in as new calls.
"""

from attrs import define, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.numbers import NumberPool
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.call import Call, Leg, LegState, Origin, Setup
from sinch_simulator.products.voice.callbacks.bodies import callback_body
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.conferences.room_recording import RoomRecorders
from sinch_simulator.products.voice.conferences.rooms import Rooms
from sinch_simulator.products.voice.effects import (
    Ask,
    CallEffect,
    CancelTimer,
    Diagnose,
    Invite,
    Log,
    Play,
    RecordRoom,
    RoomOrder,
    SendCallback,
    SendDigits,
    SetTimer,
    StopRecordingRoom,
)
from sinch_simulator.products.voice.events import (
    Address,
    AddressKind,
    AppFailed,
    AppReplied,
    Arrived,
    Cause,
    Declined,
    Event,
    LegName,
    Outcome,
)
from sinch_simulator.products.voice.internal_calls import Trunks
from sinch_simulator.products.voice.svaml.model import CallHeader, name_of
from sinch_simulator.products.voice.transitions import step

MOST_HOPS = 10
"""A chain of more calls than this through a world's own numbers ends with CONGESTION.

Source: docs/platform/lifecycle.md#3.4; *assumed*.
"""
MOST_LOOPS = 100
"""How often a call may be answered from its inline documents (docs/platform/rest.md#3.4; *assumed*)."""


# Tuples, because a union is made anew each time that it is written.
_REPLIES = (AppReplied, AppFailed)
_FOR_CLOCK_AND_JOURNAL = (SetTimer, CancelTimer, Log)


@frozen
class Incoming:
    """A call from outside, as it reaches the platform."""

    origin: Origin
    cli: str
    to: Address
    custom: str | None = None
    call_headers: tuple[CallHeader, ...] = ()
    base_url: str = ""
    region: str = "euc1"
    hops: int = 0


@define
class Exchange:
    """Owns what the platform owns. Calls are kept in the order in which they began."""

    seed: int
    epoch_ms: int
    applications: dict[str, Application] = field(factory=dict)
    calls: dict[str, Call] = field(factory=dict)
    rooms: Rooms = field(factory=Rooms)
    pool: NumberPool = field(factory=NumberPool)
    _open: dict[str, SendCallback] = field(factory=dict)
    _trunks: Trunks = field(factory=Trunks)
    _recorders: RoomRecorders = field(factory=RoomRecorders)

    def owner_of(self, number: str) -> Application | None:
        """The application that a number is assigned to."""
        for application in self.applications.values():
            if number in application.numbers:
                return application
        return None

    def new_callout(self, application: Application, callout: Callout, now: int, *, base_url: str, region: str) -> Call:
        """A call for a callout; nothing happens until ``Placed`` is received."""
        setup = Setup(
            Origin.CALLOUT,
            now,
            callout.cli or "",
            callout.destination,
            callout.custom,
            callout=callout,
            base_url=base_url,
            region=region,
            epoch_ms=self.epoch_ms,
        )
        return self._new_call(application, setup, caller=None, callee=callout.destination)

    def new_arrival(self, application: Application, incoming: Incoming, now: int) -> Call:
        """A call for somebody who has dialled; nothing happens until ``Arrived`` is received."""
        setup = Setup(
            incoming.origin,
            now,
            incoming.cli,
            incoming.to,
            incoming.custom,
            incoming.call_headers,
            base_url=incoming.base_url,
            region=incoming.region,
            epoch_ms=self.epoch_ms,
            hops=incoming.hops,
        )
        return self._new_call(application, setup, caller=_caller_address(incoming), callee=None)

    def _new_call(
        self, application: Application, setup: Setup, *, caller: Address | None, callee: Address | None
    ) -> Call:
        call = Call(
            next_id(application, self.seed),
            application,
            setup,
            Leg(LegName.CALLER, caller, LegState.ABSENT if caller is None else LegState.RINGING),
            Leg(LegName.CALLEE, callee),
            setup.dialled,
            setup.cli,
        )
        self.calls[call.id] = call
        return call

    def receive(self, event: Event, now: int) -> list[CallEffect]:
        """Let something happen, and everything that follows from it at once within the platform."""
        effects: list[CallEffect] = []
        events = [event]
        for happened in events:  # it grows meanwhile
            call = self.calls.get(happened.call_id)
            if call is None:
                continue
            if isinstance(happened, _REPLIES):
                effects += self._close_callback(call, happened)
                if not self._concerns(call, happened):
                    continue
            for effect in step(call, happened, now):
                if isinstance(effect, _FOR_CLOCK_AND_JOURNAL):
                    effects.append(effect)
                    continue
                if isinstance(effect, Ask):
                    effects += self._ask(call, effect, now, events)
                    continue
                if isinstance(effect, RoomOrder):
                    effects += self._order_room(effect, now, events)
                    continue
                effects.append(effect)
                if isinstance(effect, Invite) and (owner := self._owner_dialled(effect)) is not None:
                    effects += self._loop_back(call, effect, owner, now, events)
                elif self._trunks.ends:
                    carried = self._trunks.carry(call, effect, self.calls)
                    events.extend(carried.events)
                    effects.extend(carried.effects)
        return effects

    def _owner_dialled(self, invite: Invite) -> Application | None:
        """The application of this world that is called when this leg is rung."""
        return self.owner_of(invite.address.endpoint) if invite.address.kind is AddressKind.NUMBER else None

    def _ask(self, call: Call, ask: Ask, now: int, events: list[Event]) -> list[CallEffect]:
        """Send a callback, or answer it from the document that the callout brought."""
        callout = call.setup.callout
        if callout is not None and ask.awaited and ask.event in callout.documents:
            call.loops += 1
            if call.loops > MOST_LOOPS:
                events.append(AppFailed(call.id, ask.id, Outcome.BAD_SVAML))
                return []
            events.append(AppReplied(call.id, ask.id, callout.documents[ask.event]))
            return [Log(call.id, "document.used", {"event": ask.event.value})]
        addressed = call.address_for(ask.event)
        assert addressed is not None
        url, fallback_url = addressed
        callback = SendCallback(
            ask.id,
            call.id,
            call.application.key,
            ask.event,
            url,
            fallback_url,
            callback_body(call, ask, now, self.epoch_ms),
            callout.headers if callout is not None else (),
            ask.awaited,
        )
        self._open[ask.id] = callback
        return [callback]

    def _order_room(self, order: RoomOrder, now: int, events: list[Event]) -> list[CallEffect]:
        """Bring an order to its room, and what comes of it to the participants' calls."""
        if isinstance(order, RecordRoom):
            return [*self._recorders.begin(order, self.calls[order.call_id], now)]
        if isinstance(order, StopRecordingRoom):
            return self._stop_recording(order, events)
        effects: list[CallEffect] = []
        for effect in self.rooms.obey(order, now):
            effects.append(effect)
            call = self.calls[effect.call_id]
            if isinstance(effect, Play):
                call.leg(effect.leg).hear(effect.text)
            elif isinstance(effect, SendDigits):
                # Not through trunks: two of them between the same rooms would pass a tone back and forth for ever.
                call.leg(effect.leg).dtmf += effect.digits
                continue
            if self._trunks.ends:
                carried = self._trunks.carry(call, effect, self.calls)
                events.extend(carried.events)
                effects.extend(carried.effects)
        if self._recorders and order.room not in self.rooms:
            over = self._recorders.room_over(order.room)
            events.extend(() if over is None else (over,))
        return effects

    def _stop_recording(self, order: StopRecordingRoom, events: list[Event]) -> list[CallEffect]:
        stopped = self._recorders.stop(order)
        if isinstance(stopped, Diagnose):
            return [stopped]
        events.append(stopped)
        return []

    def _close_callback(self, call: Call, event: AppReplied | AppFailed) -> list[CallEffect]:
        callback = self._open.pop(event.callback_id, None)
        if callback is None:
            return []
        fields: dict[str, object] = {"callbackId": callback.id, "event": callback.event.value}
        if isinstance(event, AppFailed):
            return [Log(call.id, "callback.failed", {**fields, "outcome": event.outcome.value})]
        if event.svaml is not None:
            fields["action"] = name_of(event.svaml.action)
            fields["instructions"] = [name_of(instruction) for instruction in event.svaml.instructions]
        return [Log(call.id, "callback.answered", fields)]

    @staticmethod
    def _concerns(call: Call, event: AppReplied | AppFailed) -> bool:
        """Whether a call has any use for a reply: it waits for this one, or it has ended and DiCE was answered."""
        if call.final:
            return isinstance(event, AppReplied) and event.svaml is not None
        return call.awaited == event.callback_id

    def _loop_back(
        self, call: Call, invite: Invite, owner: Application, now: int, events: list[Event]
    ) -> list[CallEffect]:
        """The dialled number is one of the world's own: the leg comes back in as a call with an ICE of its own."""
        if call.setup.hops >= MOST_HOPS:
            events.append(Declined(call.id, invite.leg, Cause.CONGESTION))
            return []
        to = Address(AddressKind.DID, invite.address.endpoint)
        incoming = Incoming(
            Origin.PSTN,
            invite.cli or "private",
            to,
            base_url=call.setup.base_url,
            region=call.setup.region,
            hops=call.setup.hops + 1,
        )
        inner = self.new_arrival(owner, incoming, now)
        self._trunks.join(call.id, invite.leg, inner.id)
        events.append(Arrived(inner.id))
        return [Log(inner.id, "call.arrived", {"from": inner.cli, "to": to.endpoint, "through": call.id})]

    def forget(self, call_ids: set[str]) -> None:
        """Drop calls, and whatever was still to come of their callbacks."""
        for call_id in call_ids:
            self.calls.pop(call_id, None)
            self._trunks.forget(call_id)
        self.rooms.forget(call_ids)
        self._recorders.forget(call_ids)
        self._open = {key: callback for key, callback in self._open.items() if callback.call_id not in call_ids}


def _caller_address(incoming: Incoming) -> Address:
    match incoming.origin:
        case Origin.MXP:
            return Address(AddressKind.USERNAME, incoming.cli)
        case Origin.SIP:
            return Address(AddressKind.SIP, incoming.cli)
        case _:
            return Address(AddressKind.NUMBER, incoming.cli)


def exchange_of(world: SimulatedWorld) -> Exchange:
    """Returns the machine of the Voice API in a world."""
    exchange = world.machine("voice")
    assert isinstance(exchange, Exchange)
    return exchange
