"""Every endpoint of the Verification API in one table, and the name of everything else that it knows."""

from collections.abc import Iterator, Mapping

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.verification.errors import OWN_CODES
from sinch_simulator.products.verification.replies import REPLIES
from sinch_simulator.products.verification.rest.reporting import patch_interception, report_by_id, report_by_number
from sinch_simulator.products.verification.rest.shapes import REPORT, START
from sinch_simulator.products.verification.rest.starting import post_verification
from sinch_simulator.products.verification.rest.status import (
    get_by_id,
    get_by_number,
    get_by_reference,
    get_confirmation,
    get_target,
    get_without_method,
)


def _owner(parameters: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns whose verification a device confirms: the key is in the path, and the id is hard to guess."""
    application = worlds.application(parameters["applicationKey"])
    if application is None:
        raise ApiError(ErrorCode.NOT_FOUND, "Not Found", hint="There is no application with the key in this targetUri.")
    return application


PLATFORM_ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("POST", "/verifications", post_verification, "starts a verification", at_length=True),
    PlatformEndpoint("PUT", "/verifications/id/{id}", report_by_id, "reports by id"),
    PlatformEndpoint("PUT", "/verifications/number/{endpoint}", report_by_number, "reports by number"),
    PlatformEndpoint("GET", "/verifications/id/{id}", get_by_id, "a verification, by id"),
    PlatformEndpoint(
        "GET", "/verifications/reference/{reference}", get_by_reference, "a verification, by the app's reference"
    ),
    PlatformEndpoint(
        "GET", "/verifications/reference/{reference}/{rest}", get_by_reference, "a verification, by a reference with /"
    ),
    PlatformEndpoint(
        "GET", "/verifications/{method}/number/{endpoint}", get_by_number, "the newest verification of a number"
    ),
    PlatformEndpoint("GET", "/verifications/number/{endpoint}", get_without_method, "a path of a legacy SDK: 404"),
    PlatformEndpoint(
        "PATCH", "/verifications/number/{endpoint}", patch_interception, "how an app's interception of a call went"
    ),
    PlatformEndpoint("GET", "/data/{applicationKey}/{id}", get_target, "targetUri: sends the device on", owner=_owner),
    PlatformEndpoint(
        "GET",
        "/data/{applicationKey}/{id}/confirm",
        get_confirmation,
        "where the device ends by mobile data",
        owner=_owner,
        at_length=True,
    ),
)


def known_names() -> Iterator[tuple[str, str]]:
    """Gives kind and name of each field that is read, each once."""
    yield from (("field", f"verification.{name}") for name in field_paths(START))
    yield from (("field", f"verificationReport.{name}") for name in field_paths(REPORT))
    names = {name: None for shape in REPLIES.values() for name in field_paths(shape)}
    yield from (("field", f"VerificationRequestEvent.reply.{name}") for name in names)
    yield from (("error", str(code)) for code in OWN_CODES)
