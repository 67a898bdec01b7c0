"""What an application may do in calls: its credit, where it may not call, the numbers that it may show.

An application has no such limits until they are switched on. Credit is taken when a call ends; a call under way is cut
when it has used up what there was when somebody answered, so calls at the same time can overdraw it (*assumed*).
"""

from fnmatch import fnmatchcase

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.prices import UNITS_PER_DOLLAR, rate_to
from sinch_simulator.core.values import define

_CENT = UNITS_PER_DOLLAR // 100


@define
class Limits:
    """Holds the limits of one application. ``credit`` is ten-thousandths of a US dollar; None is no limit."""

    credit: int | None = None
    barred: tuple[str, ...] = ()
    """Phone numbers with a plus sign, in which ``*`` stands for any digits."""
    caller_ids: tuple[str, ...] | None = None
    """Numbers that may be shown to others beside the application's own; None is any."""

    def bars(self, address: Address) -> bool:
        """Returns whether calls to this address are forbidden. Only phone numbers can be."""
        if address.kind is not AddressKind.NUMBER:
            return False
        return any(fnmatchcase(address.endpoint, pattern) for pattern in self.barred)

    def affords(self, address: Address) -> bool:
        """Returns whether there is credit for one minute to this address; free calls always work (*assumed*)."""
        rate = rate_to(address)
        return self.credit is None or rate == 0 or self.credit >= rate

    def may_show(self, cli: str, own_numbers: list[str]) -> bool:
        """Returns whether a caller id is verified, or the application's own number (docs/platform/rest.md#3.1)."""
        return self.caller_ids is None or cli == "private" or cli in own_numbers or cli in self.caller_ids

    def admit(self, destination: Address) -> None:
        """Refuses a call up-front: 402/40200 without credit, 403/40300 to a barred destination.

        Source: docs/platform/rest.md#3.
        """
        if self.bars(destination):
            raise ApiError.forbidden_destination(destination.endpoint)
        if not self.affords(destination):
            raise ApiError.no_credit()

    def pay_price(self, cents: int) -> bool:
        """Takes a price, in which a euro counts as a dollar; returns False where there is less credit than that."""
        if self.credit is not None and self.credit < cents * _CENT:
            return False
        self.pay(cents * _CENT)
        return True

    def pay(self, amount: int) -> None:
        """Takes what a call has cost, in ten-thousandths of a US dollar."""
        if self.credit is not None:
            self.credit -= amount
