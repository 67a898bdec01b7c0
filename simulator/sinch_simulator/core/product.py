"""What a product of the platform is to the rest of the simulator: its name, and its machine in each world.

The simulation and the server know products only by this page. A product's machine is pure: events and the time go in,
effects come out. It is imported and made when a world first needs it.
"""

from collections.abc import Callable, Collection
from typing import Any, Protocol

from attrs import define, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, SendCallback
from sinch_simulator.core.effects import Order
from sinch_simulator.core.numbers import NumberPool
from sinch_simulator.core.values import frozen


@define
class WorldData:
    """What all machines of one world share: its seed, its first moment, its applications and their numbers."""

    seed: int = 0
    epoch_ms: int = 0
    """Unix time of the world's first millisecond."""
    applications: dict[str, Application] = field(factory=dict)
    """By key, in the order in which they came."""
    pool: NumberPool = field(factory=NumberPool)
    outside: frozenset[str] = frozenset()
    """What whoever runs the world can really do outside, in the words of the products: ``s3``, ``streams``."""


@frozen
class Forgotten:
    """What a machine has dropped: its subjects, and what must be done outside because of that."""

    subjects: frozenset[str] = frozenset()
    orders: tuple[Order, ...] = ()


class Machine(Protocol):
    """A product in one world."""

    @property
    def subjects(self) -> Collection[str]:
        """Returns the ids of what there is; what happens to one of them is handed to ``receive``."""

    def receive(self, event: Any, now: int) -> list[Any]:  # each product has events and orders of its own
        """Lets an event happen at this simulated time and returns what follows from it, in order.

        The world hands over what phones say (``phones/signals``), ``TimerFired``, ``AppReplied``, ``AppFailed``, and
        the product's own events.
        """

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns what a 2xx answer to one of the product's callbacks says. Nothing changes yet."""

    def answer_fields(self, answer: Any) -> dict[str, Any]:  # what ``read_answer`` has read
        """Returns what the journal's line about an answer tells beside the callback's id and event, JSON-ready."""

    def about(self, subject: str) -> About:
        """Returns the ids by which a subject is shown and looked for."""

    def forget(self, application_key: str) -> Forgotten:
        """Drops everything that an application has, as if it had never been; nobody is told."""


@frozen
class Product:
    """One product of the platform."""

    name: str
    """As the control API shows it: ``voice``, ``verification``, ``sms``."""
    machine: Callable[[WorldData], Machine]
    """Makes the product's machine for a world; imports it when it is first called."""
    title: Callable[[str], str] = str
    """How the name of a callback's event reads in messages to people."""

    # The REST half (hosts, paths, authentication, errors, endpoints) joins here.
