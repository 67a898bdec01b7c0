"""Who is at which address: scripted addresses and patterns, the built-in numbers, and a human at every other.

It only looks up. Whether an address is one that the platform could dial is not its business.
"""

import re

from attrs import field

from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import HUMAN, Persona
from sinch_simulator.phones.test_numbers import PERSONAS

_SIP_SCHEME = re.compile(r"^\s*(?:sips?:\s*)+", re.IGNORECASE)
_NUMBER = re.compile(r"[ (]*\+?(?=[^0-9]*[0-9])[0-9* ().-]*")
_PUNCTUATION = re.compile(r"[ ().-]")


def normalised_address(address: str) -> str:
    """Returns the address as the book keeps it.

    Numbers lose their punctuation and ``(0)``, and get their ``+``: ``+46 (0)70-123`` is ``+4670123``. Patterns keep
    their ``*``. User names and SIP addresses stay as they are, but for a leading ``sip:`` or ``sips:``.
    """
    if address[:1] == "+" and address[1:].isdigit() and address.isascii():
        return address
    address = _SIP_SCHEME.sub("", address)
    if not _NUMBER.fullmatch(address):
        return address
    digits = _PUNCTUATION.sub("", address.replace("(0)", ""))
    return digits if digits.startswith(("+", "*")) else f"+{digits}"


@define
class Phonebook:
    """The phones of one world. An exact address wins over a pattern, the longer pattern over the shorter.

    Of two patterns of the same length the alphabetically first wins (*assumed*). A ``*`` stands for any run of
    characters, none included. Anything scripted wins over what is built in.
    """

    _exact: dict[str, Persona] = field(init=False, factory=dict)
    _patterns: dict[str, tuple[re.Pattern[str], Persona]] = field(init=False, factory=dict)

    def script(self, address: str, persona: Persona) -> None:
        """Puts this persona at this address from now on, or at every address of this pattern."""
        address = normalised_address(address)
        if "*" not in address:
            self._exact[address] = persona
            return
        self._patterns[address] = (_matcher(address), persona)
        self._patterns = dict(sorted(self._patterns.items(), key=lambda item: (-len(item[0]), item[0])))

    def forget(self, address: str) -> None:
        """Drops what was scripted for exactly this address or pattern; it is no error if nothing was."""
        address = normalised_address(address)
        self._exact.pop(address, None)
        self._patterns.pop(address, None)

    def forget_all(self) -> None:
        """Drops everything scripted. The built-in numbers stay."""
        self._exact.clear()
        self._patterns.clear()

    def scripted(self) -> dict[str, Persona]:
        """Who was scripted where: addresses, then patterns."""
        return self._exact | {pattern: persona for pattern, (_, persona) in self._patterns.items()}

    def persona_for(self, address: str) -> Persona:
        """Returns who is there. A pattern given as the address is looked up as it was scripted."""
        address = normalised_address(address)
        if self._exact and (exact := self._exact.get(address)) is not None:
            return exact
        if self._patterns:
            if same := self._patterns.get(address):
                return same[1]
            for matcher, persona in self._patterns.values():
                if matcher.fullmatch(address):
                    return persona
        return PERSONAS.get(address, HUMAN)


def _matcher(pattern: str) -> re.Pattern[str]:
    first, *middle, last = (re.escape(part) for part in pattern.split("*"))
    # Atomic groups keep a pattern of many stars from trying every way to share out the text among them.
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + ".*" + last, re.DOTALL)
