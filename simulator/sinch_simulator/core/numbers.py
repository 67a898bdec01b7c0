"""Says who has which number: what an account rents, which application answers its calls and gets its texts.

One inventory serves Voice, SMS and every way to administer numbers (docs/platform/numbers.md#1). The account is the
world: its applications share the numbers. Which numbers there are to be rented is in ``numbering_plan``.
"""

from collections.abc import Mapping

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import Word, define, frozen


class Capability(Word):
    """What a number can do, and what it is assigned for."""

    VOICE = "voice"
    SMS = "sms"


@frozen
class RentedNumber:
    """A row of the account's list; ``application_key`` is None when the number is assigned to nobody."""

    number: str
    application_key: str | None
    capability: Capability


@frozen
class Rental:
    """A number that was rented while the simulator ran: by which application, and when (simulated milliseconds)."""

    number: str
    application_key: str
    at_ms: int


@define
class Inventory:
    """Which numbers nobody else can have: one for all worlds of a simulator, so that a number leads to one application.

    ``applications`` are those of all these worlds.
    """

    seed: int = 0
    applications: Mapping[str, Application] = field(factory=dict)
    _kept: set[str] = field(factory=set)

    def keep(self, number: str) -> None:
        """Withdraws a number that is rented or reserved."""
        self._kept.add(number)

    def give_back(self, number: str) -> None:
        """Lets a number be rented again."""
        self._kept.discard(number)

    def keeps(self, number: str) -> bool:
        """Returns whether somebody has rented or reserved this number."""
        return number in self._kept

    def taken(self) -> frozenset[str]:
        """Returns every number that cannot be rented now, those that applications were made with included."""
        applications = self.applications.values()
        moved = [each.own_numbers for each in applications if each.made_with is not None]
        return frozenset(self._kept).union(*(each.numbers for each in applications), *moved)


@define
class NumberPool:
    """The numbers of one world: those that its applications were made with, and those that were rented since.

    Calls look for a number in ``Application.numbers``, so voice assignments live there. Whatever changes them by way of
    the platform goes through here, which is how ``renew`` knows what an application was made with.
    """

    applications: Mapping[str, Application] = field(factory=dict)
    """Those of the world, by key."""
    inventory: Inventory = field(factory=Inventory)
    rentals: dict[str, Rental] = field(factory=dict)
    """By number, in the order of renting."""
    _sms: dict[str, str | None] = field(factory=dict)
    """By number, who gets its texts; None: nobody. A number that is not here serves whoever was made with it."""

    # ---- who has what

    def holder(self, number: str) -> Application | None:
        """Returns the application that was made with a number, or has rented it; None when nobody here has it."""
        rental = self.rentals.get(number)
        if rental is not None:
            return self.applications.get(rental.application_key)
        return next((each for each in self.applications.values() if number in each.own_numbers), None)

    def voice_owner(self, number: str) -> Application | None:
        """Returns the application that answers calls to a number."""
        return next((each for each in self.applications.values() if number in each.numbers), None)

    def sms_owner(self, number: str) -> Application | None:
        """Returns the application that gets the texts to a number, and may send from it."""
        if number in self._sms:
            key = self._sms[number]
            return None if key is None else self.applications.get(key)
        return None if number in self.rentals else self.holder(number)

    def owns(self, number: str) -> bool:
        """Returns whether the account has this number."""
        return self.holder(number) is not None or self.voice_owner(number) is not None

    def rented(self) -> list[RentedNumber]:
        """Returns every number of the account, those of other applications included (docs/platform/gotchas.md#B22).

        Texts to a number that an application was made with are not listed until they are assigned.
        """
        voice = [
            RentedNumber(number, application.key, Capability.VOICE)
            for application in self.applications.values()
            for number in application.numbers
        ]
        sms = [RentedNumber(number, key, Capability.SMS) for number, key in self._sms.items() if key is not None]
        used = {each.number for each in (*voice, *sms)}
        own = [number for application in self.applications.values() for number in application.own_numbers]
        spare = [number for number in (*own, *self.rentals) if number not in used]
        return [*voice, *sms, *(RentedNumber(number, None, Capability.VOICE) for number in spare)]

    def assigned(self, number: str, to: Application, capability: Capability) -> bool:
        """Returns whether this application has this number for this purpose."""
        return number in to.numbers if capability is Capability.VOICE else self.sms_owner(number) is to

    # ---- what changes it

    def rent(self, rental: Rental) -> None:
        """Gives the account a number that is free; it is assigned to nobody."""
        self.rentals[rental.number] = rental
        self.inventory.keep(rental.number)

    def give_back(self, number: str) -> None:
        """Takes a number away from the account, and from whoever it is assigned to."""
        self._remember()
        self._unassign_voice(number)
        self._sms.pop(number, None)
        if self.rentals.pop(number, None) is not None:
            self.inventory.give_back(number)
            return
        for application in self.applications.values():
            if number in application.own_numbers:
                application.given_back.add(number)

    def assign(self, number: str, to: Application, capability: Capability) -> None:
        """Lets an application answer the calls to a number, or get its texts, and nobody else."""
        self._remember()
        if capability is Capability.SMS:
            self._sms[number] = to.key
        elif number not in to.numbers:
            self._unassign_voice(number)
            to.numbers.append(number)

    def unassign(self, number: str, capability: Capability) -> None:
        """Takes a number away from the application that it is assigned to; the account keeps it."""
        self._remember()
        if capability is Capability.SMS:
            self._sms[number] = None
        else:
            self._unassign_voice(number)

    def made_with(self, application: Application, numbers: list[str]) -> None:
        """Notes that an application has been given these numbers by its maker, in place of its own so far."""
        own = [number for number in numbers if self.holder(number) in (None, application)]
        own = [number for number in own if number not in self.rentals]
        if application.made_with is not None:
            application.made_with = own
        application.given_back.difference_update(own)

    def renew(self, key: str) -> None:
        """Gives back what an application has rented, and gives it again the numbers that it was made with."""
        self._drop_rentals(key)
        application = self.applications[key]
        for number in [number for number in application.numbers if number in self.rentals]:
            application.numbers.remove(number)
        own, application.made_with = application.made_with, None
        application.given_back.clear()
        if own is None:
            return
        for number in own:
            self._sms.pop(number, None)
            self._unassign_voice(number)
        strangers, application.numbers = application.numbers, own
        for number in strangers:
            home = self.holder(number)
            if home is not None:
                home.numbers.append(number)

    def forget(self, key: str) -> None:
        """Drops all that an application has, which is no more; its own numbers lead nowhere from then on."""
        self._drop_rentals(key)
        for number in self.applications[key].own_numbers:
            self._unassign_voice(number)
            self._sms.pop(number, None)

    def _drop_rentals(self, key: str) -> None:
        for number in [rental.number for rental in self.rentals.values() if rental.application_key == key]:
            self.give_back(number)
        self._sms = {number: owner for number, owner in self._sms.items() if owner != key}

    def _remember(self) -> None:
        for application in self.applications.values():
            if application.made_with is None:
                application.made_with = list(application.numbers)

    def _unassign_voice(self, number: str) -> None:
        for application in self.applications.values():
            if number in application.numbers:
                application.numbers.remove(number)
