"""Lists groups of numbers that can be bought, and says to which group any number belongs.

A group is what can be done with the numbers of one type in one region: ``Voice`` or ``Sms``.
"""

from typing import Any

from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.numbering_plan import KINDS, NumberKind, kind_of
from sinch_simulator.core.numbers import Capability
from sinch_simulator.core.values import frozen

AVAILABILITY = 100
"""How many numbers a group has. The inventory never runs dry, so it is always as many."""


@frozen
class Group:
    """Numbers to be bought together."""

    id: int
    kind: NumberKind
    capability: Capability


GROUPS = tuple(
    Group(index, kind, capability)
    for index, (kind, capability) in enumerate(
        ((kind, capability) for kind in KINDS for capability in reversed(kind.capabilities)), start=1
    )
)


def group_of(number: str) -> Group | None:
    """Returns the group that a number is shown in; None for one that nobody can buy."""
    kind = kind_of(number)
    return next((group for group in GROUPS if group.kind is kind), None)


def where(number: str) -> tuple[str, str]:
    """Returns the country of a number, as a name and as a code; the code for both where it has no group."""
    kind = kind_of(number)
    if kind is not None:
        return kind.region_name, kind.region_code
    code = describe(number).country
    return code, code


def cost_of(kind: NumberKind | None) -> dict[str, Any]:
    """Returns what a number costs each month."""
    return {"currencyId": "EUR", "amount": 0.0 if kind is None else kind.monthly_price / 100}


def group_view(group: Group) -> dict[str, Any]:
    """Shows a group. The inventory knows no cities."""
    return {
        "groupId": group.id,
        "country": group.kind.region_name,
        "countryId": group.kind.region_code,
        "city": "",
        "type": group.capability.value.capitalize(),
        "availability": AVAILABILITY,
        "areaCode": "",
        "cost": cost_of(group.kind),
        "capabilities": [each.value for each in reversed(group.kind.capabilities)],
    }
