"""Keeps who is logged in to the number administration of one world, and which numbers are reserved."""

import base64
from collections.abc import Collection
from hashlib import blake2b
from typing import Any, ClassVar

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, SendCallback
from sinch_simulator.core.effects import Finish, SetTimer, TimerFired
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.numbers import NumberPool, Rental
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import define, frozen
from sinch_simulator.products.number_administration import NAME

RESERVED_MS = 600_000
"""How long a reservation holds; undocumented, ten minutes are a choice of ours (docs/platform/numbers.md#8)."""
INSTANCE_S = 172_800
"""For how many seconds an instance may sign requests."""
_MOST = 1000
"""How many logins, and how many instances, are known; each further one makes the oldest unknown."""


@frozen
class Instance:
    """Who may sign requests for an account: ``secret`` is base64 text. Good until ``expires_ms``, simulated."""

    id: str
    secret: str
    application_key: str
    expires_ms: int


@frozen
class Reservation:
    """Numbers that an account has reserved, and has not bought yet."""

    id: str
    application_key: str
    numbers: tuple[str, ...]


@frozen
class Reserved(Happened):
    """Numbers were reserved."""

    journal_kind: ClassVar[str | None] = "numbers.reserved"
    subject: str
    numbers: tuple[str, ...]

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"reservationId": self.subject, "numbers": list(self.numbers)}


@frozen
class Bought(Happened):
    """The numbers of a reservation were bought."""

    journal_kind: ClassVar[str | None] = "numbers.bought"
    subject: str
    numbers: tuple[str, ...]

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"reservationId": self.subject, "numbers": list(self.numbers)}


@define
class AdministrationMachine:
    """The number administration of a world. Its subjects are reservations, which end by themselves."""

    data: WorldData
    logins: dict[str, str] = field(factory=dict)
    """By the text that a login has been given, the key of the application that acts for the account."""
    instances: dict[str, Instance] = field(factory=dict)
    reservations: dict[str, Reservation] = field(factory=dict)

    @property
    def subjects(self) -> Collection[str]:
        """Returns the ids of the reservations."""
        return self.reservations

    @property
    def pool(self) -> NumberPool:
        """Returns who has which number."""
        return self.data.pool

    def log_in(self, application: Application) -> str:
        """Returns the authorization of a user who has just logged in: base64 of JSON, a colon and a signature."""
        login = next_id(application, self.data.seed)
        text = base64.b64encode(f'{{"userId":"{application.project.id}","login":"{login}"}}'.encode()).decode()
        authorization = f"{text}:{base64.b64encode(self._bytes_for(login)).decode()}"
        self.logins[authorization] = application.key
        if len(self.logins) > _MOST:
            del self.logins[next(iter(self.logins))]
        return authorization

    def open_instance(self, application: Application, now: int) -> Instance:
        """Makes an instance, with which a program signs its requests."""
        instance_id = next_id(application, self.data.seed)
        secret = base64.b64encode(self._bytes_for(instance_id)).decode()
        instance = Instance(instance_id, secret, application.key, now + INSTANCE_S * 1000)
        self.instances[instance_id] = instance
        if len(self.instances) > _MOST:
            del self.instances[next(iter(self.instances))]
        return instance

    def reserve(self, application: Application, numbers: Collection[str]) -> Reservation:
        """Keeps free numbers for an account; ``Reserved`` begins the time for which."""
        reservation = Reservation(next_id(application, self.data.seed), application.key, tuple(numbers))
        self.reservations[reservation.id] = reservation
        for number in numbers:
            self.pool.inventory.keep(number)
        return reservation

    def _buy(self, reservation: Reservation, now: int) -> list[Finish]:
        """Lets an account rent what it has reserved."""
        for number in reservation.numbers:
            self.pool.rent(Rental(number, reservation.application_key, now))
        return [Finish(reservation.id)]

    def _bytes_for(self, id_: str) -> bytes:
        return blake2b(f"{self.data.seed}:{id_}:secret".encode(), digest_size=32).digest()

    # ---- what the world asks

    def receive(self, event: Any, now: int) -> list[Any]:
        """Begins the time of a reservation, or ends it."""
        if isinstance(event, Reserved):
            return [SetTimer(event.subject, "reservation", RESERVED_MS)]
        reservation = self.reservations.pop(event.subject)
        if isinstance(event, Bought):
            return self._buy(reservation, now)
        assert isinstance(event, TimerFired), event
        self._let_go(reservation)
        return []

    def _let_go(self, reservation: Reservation) -> None:
        for number in reservation.numbers:
            self.pool.inventory.give_back(number)

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns nothing: there are no callbacks."""
        return Reading()

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        """Returns nothing: there are no callbacks."""
        return {}

    def about(self, subject: str) -> About:
        """Returns nothing: a reservation is looked for by no id."""
        return About()

    def owner(self, subject: str) -> str:
        """Returns the key of the application that acts for the account of a reservation."""
        return self.reservations[subject].application_key

    def forget(self, application_key: str) -> Forgotten:
        """Logs an account out, and drops what it has reserved."""
        self.logins = {text: key for text, key in self.logins.items() if key != application_key}
        self.instances = {
            each.id: each for each in self.instances.values() if each.application_key != application_key
        }
        return self.drop([each.id for each in self.reservations.values() if each.application_key == application_key])

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops these reservations."""
        dropped = frozenset(subjects) & self.reservations.keys()
        for reservation_id in dropped:
            self._let_go(self.reservations.pop(reservation_id))
        return Forgotten(dropped)


def machine_of(world: SimulatedWorld) -> AdministrationMachine:
    """Returns the number administration of a world."""
    machine = world.machine(NAME)
    assert isinstance(machine, AdministrationMachine)
    return machine
