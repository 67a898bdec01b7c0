"""Reads the name of an event in a request to the control API."""

from collections.abc import Sequence

from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.control_request import one_of


def known_event(name: str, value: str | None, products: Sequence[Product]) -> str | None:
    """Returns the name of an event that one of these products sends; None for None. Raises ``ControlError``.

    ``name`` is that of the field, for the refusal.
    """
    if value is not None and any(product.sends(value) for product in products):
        return value
    return one_of(name, value, (event for product in products for event in product.events))
