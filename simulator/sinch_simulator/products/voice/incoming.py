"""A call from outside as it reaches the platform, and by which number its caller is known."""

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.svaml.model import CallHeader


@frozen
class Incoming:
    """A call from outside, as it reaches the platform.

    ``own_cli`` is the number that an in-app user's client has set for itself, ``rdnis`` that of a phone which has
    forwarded the call.
    """

    origin: Origin
    cli: str
    to: Address
    custom: str | None = None
    call_headers: tuple[CallHeader, ...] = ()
    base_url: str = ""
    region: str = "euc1"
    hops: int = 0
    own_cli: str | None = None
    rdnis: str = ""


def number_of(application: Application, incoming: Incoming) -> str | None:
    """Returns by which number a caller is known.

    That of a SIP caller has to be verified, or the application's own (docs/platform/lifecycle.md#3.8).
    """
    if incoming.origin is Origin.MXP:
        return incoming.own_cli
    if incoming.origin is not Origin.SIP:
        return e164(incoming.cli)
    number = normalise_number(incoming.cli.partition("@")[0])
    limits = application.limits
    shown = number is not None and (limits is None or limits.may_show(number, application.numbers))
    return number if shown else None


def caller_address(incoming: Incoming) -> Address:
    """Returns the address at the caller's end of the call."""
    match incoming.origin:
        case Origin.MXP:
            return Address(AddressKind.USERNAME, incoming.cli)
        case Origin.SIP:
            return Address(AddressKind.SIP, incoming.cli)
        case _:
            return Address(AddressKind.NUMBER, incoming.cli)


def e164(cli: str | None) -> str | None:
    """Returns a caller id that is a number; None for a name, for ``private`` and for none."""
    return cli if cli is not None and cli.startswith("+") else None
