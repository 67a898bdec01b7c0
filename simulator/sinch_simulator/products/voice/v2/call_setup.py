"""From a dial command, or somebody who calls in, to the answer, or to none."""

from sinch_simulator.core.addresses import Address
from sinch_simulator.core.effects import CancelTimer, Log, SetTimer, TimerFired
from sinch_simulator.core.ids import next_ulid
from sinch_simulator.phones.signals import Accept, Answered, Cause, ComeIn, Declined, HungUp, Invite
from sinch_simulator.products.voice import DEFAULT_REGION
from sinch_simulator.products.voice.own_numbers import (
    MOST_CALLS,
    MOST_HOPS,
    Lineage,
    OwnNumberDialled,
    owner_of,
    product_of,
)
from sinch_simulator.products.voice.v2 import relays, streams
from sinch_simulator.products.voice.v2.addresses import address_of, shown_as, type_of
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.call_end import (
    DECLINED,
    INVALID_DIAL,
    NOT_SET_UP,
    RANG_OUT,
    TOO_LONG,
    Outcomes,
    end,
    hang_up_by_person,
)
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.session import (
    Call,
    CallResult,
    CallState,
    CallType,
    Direction,
    OriginationType,
    Session,
    SessionState,
    Timer,
)
from sinch_simulator.products.voice.v2.svaml.model import Dial, HandlerName, PhoneAddress, RelayDestination
from sinch_simulator.products.voice.v2.turn import Turn

_NEEDED_OUTSIDE = {CallType.STREAM: streams.OUTSIDE, CallType.VOICE_RELAY: relays.OUTSIDE}
"""What whoever runs the world must be able to do for a call of this type."""


def dial(turn: Turn, session: Session, command: Dial, *, hops: int) -> Call:
    """Makes a call in a session, and rings its far end."""
    call = _new_outgoing(turn, session, command, hops)
    address = address_of(command.to)
    cli = shown_as(command.origin, command.to)
    turn.order(Log(call.id, "call.placed", {"method": "dial", "to": address.endpoint, "cli": cli}))
    refusal = _refusal(turn, call, command, address, cli)
    if refusal is not None:
        end(turn, call, refusal, gone=True)
        return call
    call.name = command.call_name
    turn.order(SetTimer(call.id, Timer.DIAL.value, command.dial_timeout_ms))
    _ring(turn, call, Invite(call.id, call.leg, address, cli))
    return call


def _ring(turn: Turn, call: Call, invite: Invite) -> None:
    """Rings a phone; at one of the world's own numbers the call comes in instead, and whoever serves it answers."""
    if isinstance(call.to, RelayDestination):
        relays.open_relay(turn, call, call.to, invite.journal_fields())
        return
    if call.type is CallType.STREAM:
        streams.open_stream(turn, call, invite.journal_fields())
        return
    number = invite.address.endpoint
    owner = owner_of(turn.data.applications, number) if call.type is CallType.PHONE else None
    if owner is None:
        turn.order(invite)
        return
    turn.order(Log(call.id, "leg.invited", invite.journal_fields()))
    session = call.session
    session.lineage = lineage = session.lineage or Lineage()
    if call.hops >= MOST_HOPS or lineage.calls >= MOST_CALLS:
        end(turn, call, DECLINED[Cause.CONGESTION], gone=True)
        return
    lineage.calls += 1
    dialled = OwnNumberDialled(
        call.id, owner, number, invite.cli, session.base_url, DEFAULT_REGION, call.hops + 1, lineage
    )
    turn.order(ComeIn(call.id, call.leg, product_of(owner), dialled))


def _new_outgoing(turn: Turn, session: Session, command: Dial, hops: int) -> Call:
    call = Call(
        next_ulid(session.application, turn.data.seed, turn.data.epoch_ms + turn.now),
        session,
        Direction.OUTBOUND,
        type_of(command.to),
        OriginationType.SERVER,
        turn.now,
        command.to,
        command.origin,
        events=command.events,
        longest_ms=command.longest_ms,
        hops=hops,
    )
    session.calls[call.id] = call
    note_call_of(turn, session)
    return call


def note_call_of(turn: Turn, session: Session) -> None:
    """Notes that a session has a call."""
    turn.sessions[session.id] = session
    session.updated_ms = turn.now
    if session.state is SessionState.QUEUED:
        session.state = SessionState.IN_PROGRESS


def _refusal(turn: Turn, call: Call, command: Dial, address: Address, cli: str) -> Outcomes | None:
    """Returns what becomes of a call that never rings; None for every other."""
    limits = call.session.application.limits
    if command.call_name is not None and not name_is_free(turn, call, command.call_name):
        return INVALID_DIAL
    needed = _NEEDED_OUTSIDE.get(call.type)
    if needed is not None and needed not in turn.data.outside:
        message = f"Nobody connects this world to the servers of {call.type.value}: the call fails."
        turn.warn(call.id, "NOT_SUPPORTED", message, hint="Run the simulator as a server.")
        return NOT_SET_UP
    if limits is None:
        return None
    if limits.bars(address) or not limits.affords(address):
        return NOT_SET_UP
    shows_number = isinstance(command.origin, PhoneAddress)
    if shows_number and not limits.may_show(cli, call.session.application.numbers):
        message = f"{cli} is neither verified nor one of the application's numbers: the call never reaches anybody."
        hint = "Show a rented number, or allow this one: callerIds at /_simulator/applications."
        turn.warn(call.id, "CLI_UNVERIFIED", message, hint=hint)
        return NOT_SET_UP
    return None


def name_is_free(turn: Turn, call: Call, name: str) -> bool:
    """Tells of a name that another call of the session has or had; one that is over leaves it free."""
    namesakes = [other for other in call.session.calls.values() if other.name == name]
    live = any(not other.final for other in namesakes)
    if live:
        message = f"Another call of the session has the name {name!r} and goes on: this one fails."
        turn.warn(call.id, "NAME_IN_USE", message, hint="Give every dial a callName of its own.")
    elif namesakes:
        message = f"An earlier call of the session had the name {name!r}: the platform may refuse that."
        turn.warn(call.id, "NAME_IN_USE", message, hint="Give every dial of a session a callName of its own.")
    return not live


# ---- what happens to a call ------------------------------------------------------------------------------------------


def be_answered(turn: Turn, call: Call, event: Answered) -> None:
    """Runs what follows the answer; the time that the call may last begins."""
    call.manner = event.manner
    turn.order(CancelTimer(call.id, Timer.DIAL.value))
    _connect(turn, call)
    streams.begin_sound(turn, call)
    tell(turn, call, EventName.ANSWERED, call.events, HandlerName.ANSWER)


def answer(turn: Turn, call: Call) -> None:
    """Answers a call that has come in; only this command does."""
    if call.state is CallState.ARRIVED:
        turn.order(Accept(call.id, call.leg))
        _connect(turn, call)
        return
    message = "answer does nothing: the current call did not come in, or is answered already."
    turn.warn(call.id, "ACTION_NOT_ALLOWED", message, hint="answer is for the call of call.incoming, once.")


def _connect(turn: Turn, call: Call) -> None:
    call.state = CallState.IN_PROGRESS
    call.result = CallResult.IN_PROGRESS
    call.answered_ms = call.updated_ms = turn.now
    turn.order(SetTimer(call.id, Timer.LONGEST.value, call.longest_ms))


def be_declined(turn: Turn, call: Call, event: Declined) -> None:
    """Ends a call because its far end, or the network, has refused it."""
    end(turn, call, DECLINED[event.cause], gone=True)


def give_up(turn: Turn, call: Call, event: TimerFired) -> None:
    """Ends a call because it has rung for as long as it may."""
    end(turn, call, RANG_OUT)


def be_too_long(turn: Turn, call: Call, event: TimerFired) -> None:
    """Ends a call because it has lasted for as long as it may."""
    end(turn, call, TOO_LONG)


def be_hung_up(turn: Turn, call: Call, event: HungUp) -> None:
    """Ends a call because the person has hung up, or has turned it down while it rang."""
    hang_up_by_person(turn, call)
