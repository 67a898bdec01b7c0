"""Says how it stands with verifications (docs/platform/verification.md#5), and takes devices by mobile data (#3.6)."""

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, Pending, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.products.verification.events import DeviceFetched
from sinch_simulator.products.verification.model import Method, State, Verification
from sinch_simulator.products.verification.rest.authorization import require_secret
from sinch_simulator.products.verification.rest.bodies import report_body, status_body, target_uri
from sinch_simulator.products.verification.rest.finding import newest_of_path, of_path, of_reference


def get_by_id(request: PlatformRequest) -> Answer:
    """Shows the verification of this id."""
    require_secret(request)
    return _status(request, of_path(request))


def get_by_reference(request: PlatformRequest) -> Answer:
    """Shows the verification with this reference."""
    require_secret(request)
    return _status(request, of_reference(request))


def get_by_number(request: PlatformRequest) -> Answer:
    """Shows the newest verification of this method and number; a device may ask too."""
    return _status(request, newest_of_path(request))


def get_without_method(request: PlatformRequest) -> Answer:
    """Refuses what a legacy SDK asks (docs/platform/verification.md#1.2)."""
    number = request.parameters["endpoint"]
    hint = f"The path needs a method: GET /verification/v1/verifications/sms/number/{number}"
    raise ApiError(ErrorCode.NOT_FOUND, "Not Found", hint=hint)


def _status(request: PlatformRequest, verification: Verification) -> Answer:
    return json_answer(status_body(verification, request.world.epoch_ms))


# ---- mobile data


def get_target(request: PlatformRequest) -> Answer:
    """Sends the device on, as a mobile network does that adds who it is."""
    verification = _by_data(request)
    return Answer(302, headers={"Location": f"{target_uri(verification)}/confirm"})


def get_confirmation(request: PlatformRequest) -> Pending:
    """Takes the device: the network says whose SIM it has."""
    verification = _by_data(request)
    if verification.state is State.AWAITING_DEVICE:
        request.world.receive(DeviceFetched(verification.id))

    def answer() -> Answer | None:
        return None if verification.state is State.AWAITING_DEVICE else json_answer(report_body(verification))

    return Pending(request.world, answer)


def _by_data(request: PlatformRequest) -> Verification:
    verification = of_path(request)
    if verification.method is not Method.SEAMLESS:
        hint = f"id: it is a {verification.method.value}, not a seamless one"
        raise ApiError(ErrorCode.NOT_FOUND, "Not Found", hint=hint)
    return verification
