"""A call from outside comes to whichever protocol the application speaks (docs/platform/voice-v2.md#2.5)."""

from typing import TYPE_CHECKING

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.calling import dial
from sinch_simulator.products.voice.incoming import Incoming

if TYPE_CHECKING:
    from sinch_simulator.products.voice.v2.session import Call as SessionCall
    from sinch_simulator.products.voice.v2.svaml.model import PhoneAddress, SipOrigin


def arrive(
    world: SimulatedWorld, application: Application, incoming: Incoming, caller: object = None
) -> "Call | SessionCall":
    """Lets somebody outside dial this application; calls from in-app users are always calls of Voice v1.

    ``caller`` is the ``Persona`` of ``phones/behaviour.py`` that they behave as; None: the phone book says.
    """
    if incoming.origin is Origin.MXP or not application.service.speaks_v2:
        return dial(world, application.key, incoming, caller)
    from sinch_simulator.products.voice.v2 import calling
    from sinch_simulator.products.voice.v2.incoming import Incoming as SessionIncoming
    from sinch_simulator.products.voice.v2.svaml.model import PhoneAddress, SipDestination

    dialled = incoming.to.endpoint
    over_sip = incoming.origin is Origin.SIP
    by_number = incoming.to.kind is not AddressKind.SIP
    session_incoming = SessionIncoming(
        PhoneAddress(dialled) if by_number else SipDestination(f"sip:{dialled}"),
        _origin(incoming.cli),
        over_sip=over_sip,
        assigned=not by_number or dialled in application.numbers,
        base_url=incoming.base_url,
        hops=incoming.hops,
    )
    return calling.arrive(world, application.key, session_incoming, caller)


def _origin(cli: str) -> "PhoneAddress | SipOrigin | None":
    """Returns whom Voice v2 shows as the caller; None: nobody."""
    from sinch_simulator.products.voice.v2.svaml.model import PhoneAddress, SipOrigin

    if cli == "private":
        return None
    return SipOrigin(f"sip:{cli}") if "@" in cli else PhoneAddress(cli)
