"""Destinations and origins of calls as addresses that phones and prices know (docs/platform/voice-v2.md#3.2)."""

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number
from sinch_simulator.core.prices import rate_for
from sinch_simulator.products.voice.v2.session import Call, CallType, Direction
from sinch_simulator.products.voice.v2.svaml.model import (
    Destination,
    Origin,
    PhoneAddress,
    RelayDestination,
    SipDestination,
    StreamDestination,
)

ANONYMOUS = "private"
"""What a phone is shown of a caller who is not to be known."""


def type_of(destination: Destination) -> CallType:
    """Returns which kind of far end a destination is."""
    match destination:
        case PhoneAddress():
            return CallType.PHONE
        case SipDestination():
            return CallType.SIP
        case StreamDestination():
            return CallType.STREAM
        case RelayDestination():
            return CallType.VOICE_RELAY


def address_of(destination: Destination) -> Address:
    """Returns the address of a destination; a SIP address has no ``sip:``."""
    match destination:
        case PhoneAddress(number=number):
            return Address(AddressKind.NUMBER, number)
        case SipDestination(endpoint=endpoint):
            return Address(AddressKind.SIP, _without_scheme(endpoint))
        case StreamDestination(endpoint=endpoint) | RelayDestination(endpoint=endpoint):
            return Address(AddressKind.WEBSOCKET, endpoint)


def shown_as(origin: Origin | None, destination: Destination) -> str:
    """Returns what the far end sees of the caller: a phone sees the digits of a SIP user, or nobody."""
    if origin is None:
        return ANONYMOUS
    if isinstance(origin, PhoneAddress):
        return origin.number
    endpoint = _without_scheme(origin.endpoint)
    if not isinstance(destination, PhoneAddress):
        return endpoint
    return normalise_number(endpoint.partition("@")[0]) or ANONYMOUS


def rate_of(call: Call) -> int:
    """Returns what a minute costs, in ten-thousandths of a US dollar; only calls to phones cost anything."""
    if call.direction is Direction.OUTBOUND and isinstance(call.to, PhoneAddress):
        return rate_for(call.to.number)
    return 0


def _without_scheme(endpoint: str) -> str:
    scheme, _, rest = endpoint.partition(":")
    return rest if scheme.lower() in ("sip", "sips") else endpoint
