"""Begins sessions, batches and calls that come in, in a world; what is shown of them is elsewhere."""

from collections.abc import Sequence

from sinch_simulator.core.effects import Log
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.phones.signals import Dial
from sinch_simulator.products.voice.v2.addresses import ANONYMOUS, address_of, shown_as
from sinch_simulator.products.voice.v2.events import (
    BatchStarted,
    BatchStopped,
    CallArrived,
    CallUpdated,
    SessionStarted,
)
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.incoming import Incoming
from sinch_simulator.products.voice.v2.session import Batch, BatchEntry, Call, Session
from sinch_simulator.products.voice.v2.svaml.model import Commands


def start_session(world: SimulatedWorld, key: str, commands: Commands, *, base_url: str = "") -> Session:
    """Begins a session of the application with this key: it has an id, and runs when the world is used next."""
    exchange = exchange_of(world)
    session = exchange.new_session(world.applications[key], world.now, base_url=base_url)
    world.receive_soon(SessionStarted(session.id, commands))
    return session


def start_batch(
    world: SimulatedWorld,
    key: str,
    entries: Sequence[BatchEntry],
    *,
    max_cps: int,
    ttl_ms: int,
    base_url: str = "",
) -> Batch:
    """Begins a batch of sessions, one for each entry, of the application with this key."""
    batch = exchange_of(world).new_batch(
        world.applications[key], entries, world.now, max_cps=max_cps, ttl_ms=ttl_ms, base_url=base_url
    )
    world.receive_soon(BatchStarted(batch.id))
    return batch


def stop_batch(world: SimulatedWorld, batch_id: str) -> None:
    """Stops a batch: what has not begun never will; doing so twice changes nothing."""
    world.receive_soon(BatchStopped(batch_id))


def instruct(world: SimulatedWorld, call_id: str, commands: Commands) -> None:
    """Sends commands to a call that goes on; they run when the world is used next."""
    world.receive_soon(CallUpdated(call_id, commands))


def arrive(world: SimulatedWorld, key: str, incoming: Incoming, caller: object = None) -> Call:
    """Lets somebody outside call this application.

    ``caller`` is the ``Persona`` of ``phones/behaviour.py`` that they behave as; None: the phone book says.
    """
    exchange = exchange_of(world)
    call = exchange.new_arrival(world.applications[key], incoming, world.now)
    shown = ANONYMOUS if incoming.origin is None else shown_as(incoming.origin, incoming.to)
    fields = {"from": shown, "to": address_of(incoming.to).endpoint, "origin": "sip" if incoming.over_sip else "pstn"}
    world.carry_out(
        [
            Log(call.id, "call.arrived", fields),
            Dial(call.id, call.leg, shown, caller),
            *exchange.receive(CallArrived(call.id, incoming.assigned), world.now),
        ]
    )
    return call
