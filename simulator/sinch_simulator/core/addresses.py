"""Addresses as the platform takes them: telephone numbers in any usual spelling, user names, SIP addresses.

Numbers are normalised by their spelling alone: whether a number exists, and in which country, is not known here,
because this runs for every request.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from sinch_simulator.core.values import Word, frozen

# E.164 allows 15 digits and no leading zero; the minimum of three is *assumed*, so that short service numbers pass.
_E164 = re.compile(r"\+?[1-9][0-9]{2,14}")
_TRUNK_ZERO = re.compile(r"(?<=[0-9])\s*\(0\)")
_DECORATION = re.compile(r"[\s().\-]")
_LONGEST_REMEMBERED = 32
_SIP = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SIP_SCHEME = re.compile(r"^sips?:", re.IGNORECASE)


class AddressKind(Word):
    """Identity types of the platform (docs/platform/rest.md#1.5); a stream's far end is a WebSocket."""

    NUMBER = "number"
    DID = "did"
    USERNAME = "username"
    SIP = "sip"
    CONFERENCE = "conference"
    WEBSOCKET = "websocket"


@frozen
class Address:
    """Who is at the far end: ``+E.164`` for numbers, a user name, ``user@host``, a room or a WebSocket URL."""

    kind: AddressKind
    endpoint: str


def normalise_number(text: str) -> str | None:
    """Returns the number as ``+digits``, or None for what can't be an E.164 number.

    The ``+`` may be missing (docs/platform/rest.md#1.5); spaces, dashes, dots, brackets and a trunk zero in brackets,
    as in ``+46 (0)73-017-0101``, are dropped (docs/platform/rest.md#6.3). A leading zero is national or a dialling
    prefix, and refused (*assumed*).
    """
    # The same few numbers come again and again; what is long is no number, and not worth keeping.
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _normalised(text)


def _normalised(text: str) -> str | None:
    if _E164.fullmatch(text) is None:
        text = _DECORATION.sub("", _TRUNK_ZERO.sub("", text))
        if _E164.fullmatch(text) is None:
            return None
    return text if text[0] == "+" else "+" + text


_remembered = lru_cache(maxsize=1024)(_normalised)


def read_identity(kind: AddressKind, endpoint: str) -> Address | None:
    """Returns the address of this kind, in the spelling used inside, or None when the endpoint can't be one.

    Numbers become ``+digits``; SIP addresses lose a leading ``sip:`` and must be ``user@host``
    (docs/platform/svaml.md#3.6); anything else only has to be more than blanks.
    """
    if kind is AddressKind.NUMBER or kind is AddressKind.DID:
        number = normalise_number(endpoint)
        return Address(kind, number) if number is not None else None
    if kind is AddressKind.SIP:
        bare = _SIP_SCHEME.sub("", endpoint.strip(), count=1)
        return Address(kind, bare) if _SIP.fullmatch(bare) else None
    return Address(kind, endpoint) if endpoint and not endpoint.isspace() else None


def is_web_address(text: str) -> bool:
    """Tells whether a text is an absolute http or https URL with a host."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return usable and not any(character.isspace() for character in text)
