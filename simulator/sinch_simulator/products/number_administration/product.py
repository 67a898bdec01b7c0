"""The number administration of 2015 as a product."""

from collections.abc import Iterable

from sinch_simulator.core.product import HostName, Machine, Product, WorldData
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.products.number_administration import NAME


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.number_administration.machine import AdministrationMachine

    return AdministrationMachine(data)


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.number_administration.rest.endpoints import ENDPOINTS

    return ENDPOINTS


def _known_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.number_administration.rest.endpoints import known_names

    return known_names()


NUMBER_ADMINISTRATION = Product(
    name=NAME,
    machine=_machine,
    api_name="number administration of 2015",
    prefixes=("/v1/users", "/v1/instance", "/v1/organisations", "/v1/applications"),
    endpoints=_endpoints,
    hosts=(
        HostName("userapi.", r"userapi\."),
        HostName("portalapi.", r"portalapi\."),
        HostName("api.", r"api\.sinch\."),
    ),
    ignore_case=True,
    known_names=_known_names,
)
