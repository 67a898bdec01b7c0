"""The Verification API as a product: proving numbers by text, flash call, phone call, WhatsApp and mobile data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.product import HostName, Machine, Product, WorldData
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme
from sinch_simulator.products.verification import NAME

if TYPE_CHECKING:
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.verification.machine import Verifications

    return Verifications(data)


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.verification.rest.endpoints import PLATFORM_ENDPOINTS

    return PLATFORM_ENDPOINTS


def _control_endpoints() -> "tuple[ControlEndpoint[ControlHandler], ...]":
    from sinch_simulator.products.verification.control.verifications import ENDPOINTS

    return ENDPOINTS


def _write_error(error: ApiError, reference: str) -> Answer:
    from sinch_simulator.products.verification.errors import write_error

    return write_error(error, reference)


def _known_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.verification.rest.endpoints import known_names

    return known_names()


def _verification_of(request: PlatformRequest) -> str | None:
    from sinch_simulator.products.verification.machine import verifications_of

    verification = verifications_of(request.world).of_id(request.application, request.parameters.get("id", ""))
    return None if verification is None else verification.id


VERIFICATION = Product(
    name=NAME,
    machine=_machine,
    first_line="verification.started",
    api_name="Verification API",
    prefixes=("/verification/v1",),
    endpoints=_endpoints,
    schemes=(Scheme.BASIC, Scheme.SIGNED, Scheme.KEY_ONLY),
    write_error=_write_error,
    hosts=(HostName("verification.", r"(?:dc-[a-z0-9-]+\.)?verification(?:api-v1)?\."),),
    ignore_case=True,
    subject_of=_verification_of,
    control_endpoints=_control_endpoints,
    over=("verification.ended",),
    events={
        "VerificationRequestEvent": "VerificationRequestEvent",
        "VerificationResultEvent": "VerificationResultEvent",
        "VerificationSmsDeliveredEvent": "VerificationSmsDeliveredEvent",
    },
    slow_answer="whoever starts the verification waits",
    known_names=_known_names,
)
