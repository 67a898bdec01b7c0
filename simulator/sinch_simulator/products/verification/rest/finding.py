"""Finds the verification that the path of a request names; another application's is not found."""

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.shapes import Findings
from sinch_simulator.core.schema.words import shown
from sinch_simulator.products.verification.fields import Endpoint
from sinch_simulator.products.verification.machine import verifications_of
from sinch_simulator.products.verification.model import Method, Verification


def of_path(request: PlatformRequest) -> Verification:
    """Returns the verification of the id in the path."""
    wanted = request.parameters["id"]
    found = verifications_of(request.world).of_id(request.application, wanted)
    if found is None:
        raise _not_found(f"id: this application has no verification {shown(wanted)}")
    return found


def of_reference(request: PlatformRequest) -> Verification:
    """Returns the verification of the reference in the path."""
    wanted = request.parameters["reference"]
    if "rest" in request.parameters:  # a slash that an SDK has left as it is
        wanted = f"{wanted}/{request.parameters['rest']}"
    found = verifications_of(request.world).of_reference(request.application, wanted)
    if found is None:
        raise _not_found(f"reference: this application has started none with the reference {shown(wanted)}")
    return found


def newest_of_path(request: PlatformRequest) -> Verification:
    """Returns the newest verification of the number in the path, and of the method there, if one is there."""
    method = None if "method" not in request.parameters else _method(request.parameters["method"])
    number = _number(request.parameters["endpoint"])
    found = verifications_of(request.world).newest(request.application, number, method)
    if found is None:
        kind = "" if method is None else f" by {method.value}"
        raise _not_found(f"endpoint: this application has started no verification of {number}{kind}")
    return found


def _method(text: str) -> Method:
    found = next((method for method in Method if method.value == text.lower()), None)
    if found is None:
        known = ", ".join(method.value for method in Method)
        raise _not_found(f"method: {shown(text)} is none of {known}")
    return found


def _number(text: str) -> str:
    findings = Findings()
    number = Endpoint().read("endpoint", text.strip(), "", findings)
    if number is None:
        first = findings.found[0]
        raise ApiError(ErrorCode.INVALID_PARAMETER, first.message, hint=first.hint, path="endpoint")
    return number


def _not_found(hint: str) -> ApiError:
    return ApiError(ErrorCode.NOT_FOUND, "Not Found", hint=hint)
