"""SMS as a product. It has two pages, because its two APIs refuse requests, and ask who sends them, in unlike ways."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.product import HostName, Machine, Product, WorldData
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.rest.project_access import PLAN_OR_PROJECT_TOKEN
from sinch_simulator.products.sms import FINISHED, NAME, RECEIVED

if TYPE_CHECKING:
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.sms.machine import SmsMachine

    return SmsMachine(data)


def _xms_endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.sms.rest.endpoints import XMS_ENDPOINTS

    return XMS_ENDPOINTS


def _classic_endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.sms.rest.endpoints import CLASSIC_ENDPOINTS

    return CLASSIC_ENDPOINTS


def _control_endpoints() -> "tuple[ControlEndpoint[ControlHandler], ...]":
    from sinch_simulator.products.sms.control.messages import ENDPOINTS

    return ENDPOINTS


def _write_error(error: ApiError, reference: str) -> Answer:
    from sinch_simulator.products.sms.errors import write_error

    return write_error(error, reference)


def _xms_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.sms.rest.endpoints import known_names

    return known_names()


def _classic_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.sms.rest.endpoints import classic_names

    return classic_names()


def _batch_of(request: PlatformRequest) -> str | None:
    from sinch_simulator.products.sms.machine import sms_of

    batch = sms_of(request.world).batches.get(request.parameters.get("batch_id", ""))
    return batch.id if batch is not None and batch.application is request.application else None


EVENTS = {
    "delivery_report_sms": "the delivery report",
    "recipient_delivery_report_sms": "the recipient's delivery report",
    "mo_text": "the inbound text",
    "mo_binary": "the inbound binary message",
    "incomingSms": "incomingSms",
}

XMS = Product(
    name=NAME,
    machine=_machine,
    api_name="SMS API",
    prefixes=("/xms/v1",),
    endpoints=_xms_endpoints,
    schemes=(PLAN_OR_PROJECT_TOKEN,),
    write_error=_write_error,
    # docs/platform/sms.md#1 and #13.
    hosts=(
        HostName("zt.REGION.sms.", r"(?:zt\.)?(?P<region>[a-z]{2})\.sms\.api\."),
        HostName("sms.", r"sms\.api\."),
        HostName("api.", r"api\.(?:clxcommunications|mblox)\."),
    ),
    default_region="us",
    subject_of=_batch_of,
    control_endpoints=_control_endpoints,
    events=EVENTS,
    over=(FINISHED, RECEIVED),
    known_names=_xms_names,
)
CLASSIC_SMS = Product(
    name=NAME,
    machine=_machine,
    api_name="classic SMS API",
    prefixes=("/v1/sms", "/v1/message/status"),
    endpoints=_classic_endpoints,
    hosts=(HostName("messagingapi.", r"messagingapi\."),),
    ignore_case=True,
    known_names=_classic_names,
)
