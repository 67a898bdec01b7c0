"""Lists the numbers that can be rented, and searches among them: the same ones for the same seed, without an end.

All of it is a choice of ours (docs/platform/numbers.md#7). The first numbers of a kind are out of ranges that their
regulators keep for fiction; behind them is a range so large that it never runs dry. Prices are invented.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

from sinch_simulator.core.numbers import Capability, Inventory
from sinch_simulator.core.values import Word, frozen


class NumberType(Word):
    """What sort of number it is (docs/platform/numbers.md#3)."""

    MOBILE = "MOBILE"
    LOCAL = "LOCAL"
    TOLL_FREE = "TOLL_FREE"


class SearchPattern(Word):
    """Where in a number the digits of a pattern stand (docs/platform/numbers.md#3)."""

    START = "START"
    """The digits with or without the country code."""
    CONTAINS = "CONTAINS"
    END = "END"


@frozen
class NumberKind:
    """The numbers of one type in one region. Prices are cents of a euro; ``#`` in a range stands for any digit."""

    region_code: str
    region_name: str
    type: NumberType
    country_code: str
    ranges: tuple[str, ...]
    capabilities: tuple[Capability, ...] = (Capability.SMS, Capability.VOICE)
    setup_price: int = 0
    monthly_price: int = 100


_VOICE_ONLY = (Capability.VOICE,)
_OWN = "+140455501"
"""How the simulator's own phones begin (``phones/test_numbers``); nobody can rent them."""
# Area codes whose 555-0100 to 555-0199 are kept for fiction.
_AREA_CODES = ("201", "206", "212", "213", "303", "305", "312", "415", "503", "512", "602", "617", "702", "713", "773")

KINDS = (
    NumberKind("AU", "Australia", NumberType.MOBILE, "61", ("6149157####", "6148#######"), monthly_price=650),
    NumberKind(
        "GB",
        "United Kingdom",
        NumberType.LOCAL,
        "44",
        ("442079460###", "441134960###", "441614960###", "44203#######"),
    ),
    NumberKind("GB", "United Kingdom", NumberType.MOBILE, "44", ("447700900###", "4474########"), monthly_price=250),
    NumberKind(
        "SE",
        "Sweden",
        NumberType.LOCAL,
        "46",
        ("468465004##", "463139006##", "464062804##", "4685#######"),
        _VOICE_ONLY,
    ),
    NumberKind("SE", "Sweden", NumberType.MOBILE, "46", ("467017406##", "4676#######"), monthly_price=300),
    NumberKind(
        "US",
        "United States",
        NumberType.TOLL_FREE,
        "1",
        (*(f"1{code}55501##" for code in ("800", "833", "844", "855", "866", "877", "888")), "1888#######"),
        _VOICE_ONLY,
        monthly_price=200,
    ),
    NumberKind(
        "US",
        "United States",
        NumberType.LOCAL,
        "1",
        (*(f"1{code}55501##" for code in _AREA_CODES), *(f"1{digit}#########" for digit in "2345679")),
        monthly_price=80,
    ),
)
"""Every kind there is; regions in the order of their codes."""


@lru_cache(maxsize=4096)
def kind_of(number: str) -> NumberKind | None:
    """Returns the kind of a number that is written as ``+digits``; None for one that can't be rented."""
    digits = number[1:]
    if number.startswith(_OWN):
        return None
    for kind in KINDS:
        for template in kind.ranges:
            if len(template) == len(digits) and _overlaid(template, digits, 0) is not None:
                return kind
    return None


def free_numbers(
    inventory: Inventory, kind: NumberKind, most: int, pattern: str = "", where: SearchPattern = SearchPattern.START
) -> list[str]:
    """Returns up to so many numbers of a kind that nobody has; ``pattern`` is digits that stand in each of them."""
    taken = inventory.taken()
    found = (number for number in _numbers(kind, inventory.seed, pattern, where) if number not in taken)
    return list(islice(found, most))


def is_free(inventory: Inventory, number: str) -> bool:
    """Returns whether a number can be rented now."""
    return kind_of(number) is not None and number not in inventory.taken()


def matches(number: str, pattern: str, where: SearchPattern, country_code: str) -> bool:
    """Returns whether the digits of a pattern, which may begin with a plus sign, stand in a number where they must."""
    digits, wanted = number[1:], pattern.removeprefix("+")
    offsets = _offsets(digits, pattern, where, country_code)
    return any(digits.startswith(wanted, offset) for offset in offsets)


def _numbers(kind: NumberKind, seed: int, pattern: str, where: SearchPattern) -> Iterator[str]:
    seen: set[str] = set()
    wanted = pattern.removeprefix("+")
    for template in kind.ranges:
        for offset in _offsets(template, pattern, where, kind.country_code):
            narrowed = _overlaid(template, wanted, offset)
            for number in () if narrowed is None else _filled(narrowed, seed):
                if number not in seen and not number.startswith(_OWN):
                    seen.add(number)
                    yield number


def _offsets(digits: str, pattern: str, where: SearchPattern, country_code: str) -> tuple[int, ...]:
    """Returns where in the digits of a number, or in a range of them, those of a pattern may begin."""
    last = len(digits) - len(pattern.removeprefix("+"))
    if last < 0:
        return ()
    if pattern.startswith("+"):
        return (0,) if where is not SearchPattern.END or last == 0 else ()
    match where:
        case SearchPattern.START:
            return tuple(dict.fromkeys(offset for offset in (0, len(country_code)) if offset <= last))
        case SearchPattern.END:
            return (last,)
        case SearchPattern.CONTAINS:
            return tuple(range(last + 1))


def _overlaid(template: str, wanted: str, offset: int) -> str | None:
    """Returns the part of a range that has these digits there; None when no number of the range has."""
    end = offset + len(wanted)
    for known, digit in zip(template[offset:end], wanted, strict=True):
        if known not in ("#", digit):
            return None
    return template[:offset] + wanted + template[end:]


def _filled(template: str, seed: int) -> Iterator[str]:
    """Gives every number of a range, in an order that follows from the seed."""
    size: int = 10 ** template.count("#")
    digest = int.from_bytes(blake2b(f"{seed}:{template}".encode(), digest_size=8).digest(), "big")
    # A step that has no divisor in common with a power of ten leads to every number once.
    step, first = digest // 4 * 10 + (1, 3, 7, 9)[digest % 4], digest
    pattern = template.replace("#", "{}")
    for index in range(size):
        digits = f"{(first + index * step) % size:0{template.count('#')}}" if size > 1 else ""
        yield "+" + pattern.format(*digits)
