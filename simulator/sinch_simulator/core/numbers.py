"""The numbers that an account rents: which application answers a number, and which number nobody answers.

Source: docs/platform/rest.md#6.1.

The account is the world: its applications share the numbers. Voice assignments live with the applications, because
calls look there; here is what calls never look at.
"""

from collections.abc import Iterable

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import Word, define, frozen


class Capability(Word):
    """What a number is assigned for; only voice has consequences here."""

    VOICE = "voice"
    SMS = "sms"


@frozen
class RentedNumber:
    """A row of the list; ``application_key`` is None when the number is assigned to nobody."""

    number: str
    application_key: str | None
    capability: Capability


@define
class NumberPool:
    """What the account has beside the voice numbers of its applications."""

    _spare: list[str] = field(factory=list)
    _sms: dict[str, str] = field(factory=dict)

    def rented(self, applications: Iterable[Application]) -> list[RentedNumber]:
        """Returns every number of the account, those of other applications included (docs/platform/gotchas.md#B22)."""
        voice = [
            RentedNumber(number, application.key, Capability.VOICE)
            for application in applications
            for number in application.numbers
        ]
        sms = [RentedNumber(number, key, Capability.SMS) for number, key in self._sms.items()]
        used = {each.number for each in (*voice, *sms)}
        spare = [RentedNumber(number, None, Capability.VOICE) for number in self._spare if number not in used]
        return [*voice, *sms, *spare]

    def owns(self, number: str, applications: Iterable[Application]) -> bool:
        """Returns whether the account rents this number."""
        return any(each.number == number for each in self.rented(applications))

    def assign(
        self, numbers: Iterable[str], to: Application, capability: Capability, applications: list[Application]
    ) -> None:
        """Lets an application answer these numbers, and nobody else."""
        for number in numbers:
            if capability is Capability.SMS:
                self._keep(number)
                self._sms[number] = to.key
                continue
            for application in applications:
                if application is not to and number in application.numbers:
                    application.numbers.remove(number)
            if number not in to.numbers:
                to.numbers.append(number)

    def assigned(self, number: str, to: Application, capability: Capability) -> bool:
        """Returns whether this application has this number for this purpose."""
        if capability is Capability.SMS:
            return self._sms.get(number) == to.key
        return number in to.numbers

    def release(self, number: str, of: Application, capability: Capability) -> None:
        """Takes a number away from the application that it is assigned to; the account keeps it."""
        if capability is Capability.SMS:
            del self._sms[number]
        else:
            of.numbers.remove(number)
        self._keep(number)

    def forget(self, application_key: str) -> None:
        """Drops the assignments of an application that is no more."""
        self._sms = {number: key for number, key in self._sms.items() if key != application_key}

    def _keep(self, number: str) -> None:
        if number not in self._spare:
            self._spare.append(number)
