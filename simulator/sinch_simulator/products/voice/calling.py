"""How calls begin, and what the people on them do, in a world that has Voice.

Everything here goes through the world's own doors: the journal, ``receive``, ``carry_out``.
"""

from typing import TYPE_CHECKING

from sinch_simulator.core.effects import Log
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.phones.signals import Dial, DigitPressed, LegName
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.events import Arrived, Placed
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.incoming import Incoming

if TYPE_CHECKING:
    from sinch_simulator.core.phone_call import PhoneCall
    from sinch_simulator.products.voice.v2.session import Call as SessionCall

PAUSE_MS = 500
"""How long a ``w`` among digits lasts (docs/platform/svaml.md)."""


def accept(world: SimulatedWorld, key: str, callout: Callout, *, base_url: str = "", region: str = "euc1") -> Call:
    """Accepts a callout of this application: the call has an id, and begins when the world is used next."""
    exchange = exchange_of(world)
    call = exchange.new_callout(exchange.applications[key], callout, world.now, base_url=base_url, region=region)
    world.journal.add(world.now, "call.placed", call.id, call.setup)
    world.receive_soon(Placed(call.id))
    return call


def dial(world: SimulatedWorld, key: str, incoming: Incoming, caller: object = None) -> Call:
    """Lets somebody outside dial this application.

    ``caller`` is the ``Persona`` of ``phones/behaviour.py`` that they behave as; None: the phone book says.
    """
    exchange = exchange_of(world)
    call = exchange.new_arrival(exchange.applications[key], incoming, world.now)
    fields = {"from": incoming.cli, "to": incoming.to.endpoint, "origin": incoming.origin.value}
    if incoming.own_cli:
        fields["cli"] = incoming.own_cli
    if incoming.rdnis:
        fields["rdnis"] = incoming.rdnis
    world.carry_out(
        [
            Log(call.id, "call.arrived", fields),
            Dial(call.id, LegName.CALLER, incoming.cli, caller),
            *exchange.receive(Arrived(call.id), world.now),
        ]
    )
    return call


def press(world: SimulatedWorld, call: "Call | SessionCall | PhoneCall", leg: LegName, digits: str) -> None:
    """Lets somebody press keys: at once, but for the 500 ms of each ``w``."""
    after_ms = 0
    for digit in digits:
        event = DigitPressed(call.id, leg, digit)
        if digit == "w":
            after_ms += PAUSE_MS
        elif after_ms == 0 or call.final:
            world.receive(event)
        else:
            world.schedule(event, after_ms)
