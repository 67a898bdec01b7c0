"""Counts the parts that the text of a message takes on the radio, and finds which alphabet it needs.

A text whose characters are all in the GSM alphabet (3GPP TS 23.038) is sent in seven bits each; one character beside it
makes the whole text UCS-2. Source: docs/platform/sms.md#10.
"""

import re

from sinch_simulator.core.values import Word

GSM_LONGEST = 160
"""Septets of a text in one part."""
GSM_PART = 153
"""Septets of each of several parts; the rest is taken by the header that joins them."""
UNICODE_LONGEST = 70
"""UTF-16 units of a text in one part."""
UNICODE_PART = 67
"""UTF-16 units of each of several parts."""
BINARY_LONGEST = 140
"""Bytes of a binary message, its user data header included."""

_BASIC_CHARACTERS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED_CHARACTERS = "|^€{}[]~\\\f"
_BASIC = re.compile(f"[{re.escape(_BASIC_CHARACTERS)}]*")
_GSM = re.compile(f"[{re.escape(_BASIC_CHARACTERS + _EXTENDED_CHARACTERS)}]*")
_EXTENDED = re.compile(f"[{re.escape(_EXTENDED_CHARACTERS)}]")
_NOT_GSM = re.compile(f"[^{re.escape(_BASIC_CHARACTERS + _EXTENDED_CHARACTERS)}]")


class Encoding(Word):
    """How the characters of a message are written on the radio."""

    GSM = "GSM"
    UNICODE = "UNICODE"
    BINARY = "BINARY"


def encoding_of(text: str) -> Encoding:
    """Returns the alphabet that a text needs."""
    return Encoding.GSM if _GSM.fullmatch(text) else Encoding.UNICODE


def foreign_character(text: str) -> str | None:
    """Returns the first character for which a text needs UCS-2; None when GSM has all of them."""
    found = _NOT_GSM.search(text)
    return None if found is None else found.group()


def units(text: str) -> int:
    """Returns the length of a text: septets in the GSM alphabet, where some characters take two, or UTF-16 units."""
    if _GSM.fullmatch(text):
        return len(text) + len(_EXTENDED.findall(text))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str) -> tuple[str, ...]:
    """Returns the parts that a text is sent in; what takes two units is never divided."""
    gsm = encoding_of(text) is Encoding.GSM
    if units(text) <= (GSM_LONGEST if gsm else UNICODE_LONGEST):
        return (text,)
    return _pieces(text, gsm=gsm, longest=GSM_PART if gsm else UNICODE_PART)


def number_of_parts(text: str) -> int:
    """Returns how many parts a text is sent in."""
    if len(text) <= UNICODE_LONGEST // 2 or (len(text) <= GSM_LONGEST and _BASIC.fullmatch(text)):
        return 1
    return len(split_text(text))


def cut_to_one_part(text: str) -> str:
    """Returns as much of the beginning of a text as fits into one part."""
    gsm = encoding_of(text) is Encoding.GSM
    return _pieces(text, gsm=gsm, longest=GSM_LONGEST if gsm else UNICODE_LONGEST)[0]


def _pieces(text: str, *, gsm: bool, longest: int) -> tuple[str, ...]:
    pieces: list[str] = []
    begin = used = 0
    for index, character in enumerate(text):
        width = 2 if (character in _EXTENDED_CHARACTERS if gsm else character > "\uffff") else 1
        if used + width > longest:
            pieces.append(text[begin:index])
            begin, used = index, 0
        used += width
    return (*pieces, text[begin:])
