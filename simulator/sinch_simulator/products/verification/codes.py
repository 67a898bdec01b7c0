"""Codes, and the numbers that flash calls come from: they follow from the id, and so from the seed of the world."""

from hashlib import blake2b

from sinch_simulator.core.number_facts import country_code_digits
from sinch_simulator.products.verification.model import CodeType

CODE_LENGTH = 4
"""Characters of a code (docs/platform/verification.md#9)."""
FILTER_DIGITS = 4
"""So many digits after the country code are in a filter (docs/platform/verification.md#3.4)."""
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABETS = {
    CodeType.NUMERIC: _DIGITS,
    CodeType.ALPHA: _LETTERS,
    CodeType.ALPHANUMERIC: _LETTERS + _DIGITS,
}
# Numbers for fiction exist in every area of North America: 555-0100 to 555-0199.
_AREAS = (
    "201",
    "212",
    "303",
    "312",
    "404",
    "415",
    "503",
    "512",
    "602",
    "617",
    "702",
    "713",
    "808",
    "815",
    "904",
    "919",
)


def make_code(verification_id: str, code_type: CodeType) -> str:
    """Returns the code of a verification, in upper case."""
    alphabet = _ALPHABETS[code_type]
    number = _number(verification_id, code_type.value)
    code = ""
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(alphabet))
        code += alphabet[index]
    return code


def make_cli(verification_id: str) -> str:
    """Returns the number that a flash call comes from; ``+1`` and ten digits."""
    number = _number(verification_id, "cli")
    return f"+1{_AREAS[number % len(_AREAS)]}55501{number // len(_AREAS) % 100:02}"


def cli_filter(cli: str) -> str:
    """Returns what SDKs find the number of a flash call with: ``(.*)8156(.*)``."""
    begins = 1 + (1 if cli.startswith("+1") else country_code_digits(cli))
    return f"(.*){cli[begins : begins + FILTER_DIGITS]}(.*)"


def _number(verification_id: str, purpose: str) -> int:
    digest = blake2b(f"{purpose}:{verification_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest)
