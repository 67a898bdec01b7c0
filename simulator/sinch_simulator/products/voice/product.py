"""The Voice API as a product: calls, conferences, recordings, number and callback configuration, reports."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sinch_simulator.core.product import HostName, Machine, Product, WorldData
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.voice import DEFAULT_REGION, NAME

if TYPE_CHECKING:
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler
    from sinch_simulator.core.rest.worlds import SimulatedWorld


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.voice.exchange import Exchange

    return Exchange(data)


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.voice.rest.endpoints import PLATFORM_ENDPOINTS

    return PLATFORM_ENDPOINTS


def _control_endpoints() -> "tuple[ControlEndpoint[ControlHandler], ...]":
    from sinch_simulator.products.voice.control import call_detail_records, calls, conferences

    return (*calls.ENDPOINTS, *conferences.ENDPOINTS, *call_detail_records.ENDPOINTS)


def _brief(world: "SimulatedWorld", call_id: str) -> dict[str, Any]:
    from sinch_simulator.products.voice.control.views import brief_call_view

    return brief_call_view(world, call_id)


def _known_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.voice.rest.endpoints import known_names

    return known_names()


def _call_of(request: PlatformRequest) -> str | None:
    calls: dict[str, Any] = request.world.machine(NAME).calls  # the type of a call is not worth loading here
    call = calls.get(request.parameters.get("callId", ""))
    return call.id if call is not None and call.application is request.application else None


VOICE = Product(
    name=NAME,
    machine=_machine,
    api_name="Voice API",
    # Every path is served below both (docs/platform/rest.md#1.2).
    prefixes=("/calling/v1", "/v1"),
    endpoints=_endpoints,
    # The parts of the product have hosts of their own (docs/platform/rest.md#1.1).
    hosts=(
        HostName("calling.", r"calling\.", "calling"),
        HostName("calling-", r"calling-(?:(?P<region>[a-z0-9]+)\.)?", "calling"),
        HostName("callingapi.", r"callingapi\.", "configuration"),
        HostName("reportingapi.", r"reportingapi\.", "reporting"),
    ),
    default_region=DEFAULT_REGION,
    ignore_case=True,
    subject_of=_call_of,
    control_endpoints=_control_endpoints,
    brief=_brief,
    over=("call.ended",),
    events={"ice": "ICE", "ace": "ACE", "pie": "PIE", "dice": "DiCE", "notify": "NOTIFY"},
    slow_answer="the caller hears nothing",
    known_names=_known_names,
)
