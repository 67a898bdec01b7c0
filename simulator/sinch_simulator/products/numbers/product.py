"""The Numbers API as a product: numbers to be rented, configured and released by a project."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.product import Machine, Product, WorldData
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.rest.project_access import PROJECT_ACCESS
from sinch_simulator.products.numbers import NAME
from sinch_simulator.products.numbers.callbacks import EVENTS

if TYPE_CHECKING:
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.numbers.machine import NumbersMachine

    return NumbersMachine(data)


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.numbers.rest.endpoints import ENDPOINTS

    return ENDPOINTS


def _control_endpoints() -> "tuple[ControlEndpoint[ControlHandler], ...]":
    from sinch_simulator.products.numbers import control

    return control.ENDPOINTS


def _write_error(error: ApiError, reference: str) -> Answer:
    from sinch_simulator.products.numbers.rest.errors import write_error

    return write_error(error, reference)


def _known_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.numbers.rest.endpoints import known_names

    return known_names()


NUMBERS = Product(
    name=NAME,
    machine=_machine,
    over=("number.released",),
    events=EVENTS,
    api_name="Numbers API",
    # Programs of 2021 still say v1beta1 (docs/platform/numbers.md#1).
    prefixes=("/v1/projects", "/v1beta1/projects"),
    endpoints=_endpoints,
    schemes=PROJECT_ACCESS,
    write_error=_write_error,
    control_endpoints=_control_endpoints,
    known_names=_known_names,
)
