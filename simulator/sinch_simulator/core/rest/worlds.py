"""What the handler of a request can see and do in the simulated worlds, whoever runs them.

``Simulation`` is such a world, and the server keeps all of them; a handler needs to know neither.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.directory import Directory
from sinch_simulator.core.journal import Journal
from sinch_simulator.core.message import MessageLog
from sinch_simulator.core.phone_call import PhoneCall


class SimulatedWorld(Protocol):
    """One world: its time in milliseconds, its journal, its applications by their keys, and a machine per product."""

    @property
    def now(self) -> int:
        """Returns the simulated milliseconds since the world began."""

    @property
    def epoch_ms(self) -> int:
        """Returns the Unix time, in milliseconds, at which the world began."""

    @property
    def journal(self) -> Journal:
        """Returns the list of everything that has happened."""

    @property
    def applications(self) -> Mapping[str, Application]:
        """Returns the applications that live here, by key, in the order in which they came."""

    @property
    def messages(self) -> MessageLog:
        """Returns the texts of all products."""

    @property
    def phone_calls(self) -> Mapping[str, PhoneCall]:
        """Returns the calls of all products but Voice, by id, oldest first."""

    @property
    def machines(self) -> Mapping[str, Any]:
        """Returns the machines that have been needed so far, by the names of their products."""

    def about(self, subject: str) -> About | None:
        """Returns the ids by which a subject of any product is shown; None when there is no such subject (any more)."""

    def machine(self, product: str) -> Any:  # each product knows the type of its own machine
        """Returns the machine of the product of this name."""

    def receive(self, event: Any) -> None:  # each product has events of its own
        """Lets an event happen now."""

    def receive_soon(self, event: Any) -> None:
        """Lets an event happen as soon as anything is asked of the world."""

    def schedule(self, event: Any, after_ms: int) -> None:
        """Lets a phone do something after so long, unless its leg is released before."""

    def meet(self, call_id: str, leg: Any, persona: Any) -> None:  # of phones/, which is above this
        """Lets a phone that rings meet the call like this persona, now and in place of all that it was going to do."""

    def carry_out(self, effects: Iterable[Any]) -> None:
        """Does what a machine has ordered, in order."""

    def diagnose(self, subject: str | None, finding: Diagnostic, /, **about: str) -> None:
        """Writes a finding into the journal; ``about`` names the request or the event that it came of."""


class SimulatedWorlds(Protocol):
    """All worlds of a simulator."""

    @property
    def base_url(self) -> str:
        """Returns the URL of this simulator, without a trailing slash."""

    @property
    def directory(self) -> Directory:
        """Returns who finds projects and service plans."""

    def application(self, key: str) -> Application | None:
        """Returns the application of this key; case and dashes make no difference."""

    def join(self, application: Application, other: Application) -> None:
        """Lets a new application live in the world of another one; its key is not in use."""

    def remove(self, application: Application) -> None:
        """Drops an application and what it had."""

    def simulation_of(self, application: Application | None) -> SimulatedWorld:
        """Returns the world of an application, or the default world for None, with its clock brought up to date."""

    def simulations(self) -> Iterable[SimulatedWorld]:
        """Returns every world, with its clock brought up to date."""
