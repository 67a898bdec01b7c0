"""What carries out the orders of one product in one world: who stores files, who opens sockets.

``products.py`` says which product has such a thing.
"""

from collections.abc import Callable
from typing import Protocol

from sinch_simulator.core.effects import Order
from sinch_simulator.core.values import frozen
from sinch_simulator.server.background_tasks import BackgroundTasks
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.simulation import Simulation


@frozen(eq=False)
class Surroundings:
    """What there is to carry orders out with. ``pace`` gives the speed of a clock that runs by itself, else None."""

    simulation: Simulation
    sender: CallbackSender
    tasks: BackgroundTasks
    pace: Callable[[], float | None]


class Outside(Protocol):
    """Carries out the orders of one product in one world."""

    def carry_out(self, order: Order) -> None:
        """Begins what is ordered; what comes of it is an event of the product."""

    def file_for(self, order: Order) -> MadeFile:
        """Returns how to make the file that an answer to a request consists of."""

    def forget(self, application_key: str) -> None:
        """Drops what is kept for this application."""

    def close(self) -> None:
        """Ends everything; nothing is made of what still comes."""

    async def closed(self) -> None:
        """Returns when everything has had its short moment to end well."""
