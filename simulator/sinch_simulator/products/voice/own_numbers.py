"""Calls to the world's own numbers: a leg that is dialled comes in as a call at the application that has the number."""

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import define, frozen
from sinch_simulator.products.voice import NAME, NAME_OF_V2

MOST_HOPS = 10
"""A chain of more calls than this through a world's own numbers ends with CONGESTION.

Source: docs/platform/lifecycle.md#3.4; *assumed*.
"""


MOST_CALLS = 100
"""So many calls to own numbers can come of one: dialling it twice would double them at each hop (*assumed*)."""


@define(eq=False)
class Lineage:
    """All calls to own numbers that have come of one; ``calls`` counts them."""

    calls: int = 0


@frozen
class OwnNumberDialled:
    """Says that a call of this world has dialled a number of this world. ``cli``: ``+digits``, or ``private``."""

    call_id: str
    """Of the call that has dialled."""
    owner: Application
    number: str
    cli: str
    base_url: str
    region: str
    hops: int
    """How many calls through own numbers there are by now, this one included."""
    lineage: Lineage = field(factory=Lineage)


def product_of(owner: Application) -> str:
    """Returns the name of the product in which a call to a number of this application comes in."""
    return NAME_OF_V2 if owner.service.speaks_v2 else NAME


def owner_of(applications: dict[str, Application], number: str) -> Application | None:
    """Returns the application that a number is assigned to."""
    for application in applications.values():
        if number in application.numbers:
            return application
    return None
