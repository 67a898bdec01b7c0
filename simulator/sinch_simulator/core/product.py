"""What a product of the platform is: a value that says all that the simulation and the server know of it.

A product's own page, ``products/NAME/product.py``, makes one. The page is light to import: it names the functions that
load the product's machine and its handlers when they are first needed. A machine is pure: events and the time go in,
effects come out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, SendCallback
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.effects import Order
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.message import MessageLog
from sinch_simulator.core.numbers import Inventory, NumberPool
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme, TokenScheme
from sinch_simulator.core.values import define, frozen

if TYPE_CHECKING:
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler
    from sinch_simulator.core.rest.worlds import SimulatedWorld


@define
class WorldData:
    """What all machines of one world share: its seed, its first moment, its applications and their numbers."""

    seed: int = 0
    epoch_ms: int = 0
    """Unix time of the world's first millisecond."""
    applications: dict[str, Application] = field(factory=dict)
    """By key, in the order in which they came."""
    pool: NumberPool = field(init=False)
    messages: MessageLog = field(factory=MessageLog)
    """The texts of all products, for whoever looks for them."""
    phone_calls: dict[str, PhoneCall] = field(factory=dict)
    """The calls of all products but Voice, by id, oldest first, for whoever looks for them."""
    outside: frozenset[str] = frozenset()
    """What whoever runs the world can really do outside, in the words of the products: ``s3``, ``streams``.

    Whoever carries out the orders of a product says so here when its machine is made.
    """

    def __attrs_post_init__(self) -> None:
        self.pool = NumberPool(self.applications, Inventory(self.seed, self.applications))


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

    def owner(self, subject: str) -> str:
        """Returns the key of the application that a subject belongs to."""

    def forget(self, application_key: str) -> Forgotten:
        """Drops everything that an application has, as if it had never been; nobody is told."""

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops those of these subjects that are its own, as ``forget`` does."""


@frozen
class HostName:
    """Hosts at which a product is reached on the platform.

    ``pattern`` is a regular expression, in any case, for the beginning of their names; its group ``region``, if it has
    one, reads the region. ``begins`` shows such a beginning to people. ``api`` names the part of the product that
    answers there.
    """

    begins: str
    pattern: str
    api: str = ""


def classic_error(error: ApiError, reference: str) -> Answer:
    """Writes an error as most of the platform's products do: ``{"errorCode", "message", "reference"}``."""
    body = {"errorCode": error.number, "message": error.message, "reference": reference}
    return json_answer(body, error.status)


def _nothing() -> tuple[()]:
    return ()


def _no_wrong_setting(application: Application) -> None:
    return None


def _no_subject(request: PlatformRequest) -> None:
    return None


@frozen(eq=False)
class Product:
    """One product of the platform."""

    name: str
    """As the control API shows it: ``voice``, ``verification``, ``sms``."""
    machine: Callable[[WorldData], Machine] | None
    """Makes the product's machine for a world; imports it when it is first called. None: it only answers requests."""
    brief: "Callable[[SimulatedWorld, str], Mapping[str, Any] | None] | None" = None
    """Shows one of its subjects, which is there, in a few fields for a list of thousands; None where no list has it."""
    first_line: str = ""
    """The kind of the journal's line with which each of its subjects begins, where they are counted for people."""
    over: tuple[str, ...] = ()
    """The kinds of the lines that say that one of its subjects is over; none where none ever is.

    A line with a field ``calls`` that is above 0 is about a subject that is dropped with the last of its calls.
    """
    events: Mapping[str, str] = MappingProxyType({})
    """The names of the events that it posts to apps, and how each reads in a message: ``{"dice": "DiCE"}``."""
    own_events: str = ""
    """How the names of those events begin that the app gives itself: ``call.webhook.``; empty where there are none."""
    slow_answer: str = ""
    """What it means to people when the answer to a callback is slow: ``the caller hears nothing``."""
    api_name: str = ""
    """As people call its API: ``Voice API``."""
    prefixes: tuple[str, ...] = ()
    """Below each of these paths all its endpoints are served. Paths there that nobody knows are refused by it."""
    endpoints: Callable[[], tuple[PlatformEndpoint, ...]] = _nothing
    """Loads its REST API."""
    schemes: tuple[Scheme | TokenScheme, ...] = (Scheme.BASIC, Scheme.SIGNED)
    """How the sender of a request may say who it is, at an endpoint that does not say otherwise."""
    write_error: Callable[[ApiError, str], Answer] = classic_error
    """Makes the answer to a refused request; the text is a unique reference."""
    hosts: tuple[HostName, ...] = ()
    default_region: str = ""
    """Where a request goes whose host names no region."""
    ignore_case: bool = False
    """Whether the fixed parts of its paths are known in any case."""
    largest_body: int = 262_144
    """Bytes of a request."""
    subject_of: Callable[[PlatformRequest], str | None] = _no_subject
    """Returns the id of the call, or of the like, that the path of a request names, if the application has it."""
    control_endpoints: "Callable[[], tuple[ControlEndpoint[ControlHandler], ...]]" = _nothing
    """Loads its part of the control API."""
    wrong_setting: Callable[[Application], Diagnostic | None] = _no_wrong_setting
    """Returns what is wrong with the settings that an application is to have, beyond their form."""
    known_names: Callable[[], Iterable[tuple[str, str]]] = _nothing
    """Kind and name of all that the fidelity table must have a row about, beside endpoints and events."""

    def machine_in(self, world: WorldData) -> Machine:
        """Makes the product's machine for a world in which something of it happens."""
        assert self.machine is not None, f"{self.name} only answers requests"
        return self.machine(world)

    def paths_of(self, endpoint: PlatformEndpoint) -> tuple[str, ...]:
        """Returns every path at which one of its endpoints is served, with what it has in braces."""
        prefixes = (endpoint.below,) if endpoint.below else self.prefixes
        return tuple([prefix + endpoint.pattern for prefix in prefixes])

    def sends(self, event: str) -> bool:
        """Returns whether the product posts events of this name."""
        own = self.own_events
        return event in self.events or (own != "" and event.startswith(own) and event != own)

    def title(self, event: str) -> str:
        """Returns how the name of an event reads in a message."""
        return self.events.get(event, event)
