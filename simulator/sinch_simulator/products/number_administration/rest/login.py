"""Logs an account in, and opens instances, whose secret signs all other requests (docs/platform/numbers.md#8)."""

from collections.abc import Callable, Mapping

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, TokenScheme
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.fields import BoundedText, Nested, Text
from sinch_simulator.core.schema.request_findings import RequestFindings, read_body
from sinch_simulator.core.schema.shapes import Shape, Values
from sinch_simulator.core.signing import decode_secret, fits_a_path, path_variants, read_timestamp, same_text
from sinch_simulator.products.number_administration.machine import INSTANCE_S, machine_of

PUBLIC_KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
"""The key with which everybody may log in."""
BELOW = "/v1"
"""Where all endpoints are; others have this prefix too, so the product's own are longer."""
LOGIN = Shape("a login", (Text("password", "of the account", required=True, right="the password"),))
INSTANCE = Shape(
    "an instance",
    (
        BoundedText("authorization", "what the login has answered", right="the authorization of the login"),
        Nested(
            "version",
            "who asks",
            required=True,
            right='{"os": "...", "platform": "..."}',
            shape=Shape("version", (Text("os", "any text"), Text("platform", "any text"))),
        ),
    ),
)


def read(request: PlatformRequest, shape: Shape) -> Values:
    """Reads the body of a request, and tells what was found in it."""
    findings = RequestFindings()
    values = read_body(shape, request.json(), findings)
    request.diagnose(findings.found)
    return values


# ---- who sends a request ----------------------------------------------------------------------------------------


def _refused(why: str) -> ApiError:
    return ApiError(ErrorCode.INVALID_CREDENTIALS, "Invalid credentials", hint=why, path="Authorization")


def _by_public_key(token: str, parameters: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns who acts for the account whose e-mail address is in the path."""
    if token.strip().upper() != PUBLIC_KEY:
        raise _refused(f"Log in with Application {PUBLIC_KEY}, the key that all accounts share.")
    for project in worlds.directory.projects.values():
        if project.account.email.lower() == parameters["identity"].lower():
            return worlds.directory.acting_for(project)
    raise _refused(f"There is no account {parameters['identity'][:60]!r}: see the field account of an application.")


def _by_login(token: str, parameters: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns who acts for the account that has logged in with this answer."""
    for world in worlds.simulations():
        key = machine_of(world).logins.get(token.strip())
        if key is not None:
            return world.applications[key]
    raise _refused("It is not the authorization that a login has answered, as it is.")


def _by_instance(token: str, parameters: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns who acts for the account of an instance; whether the signature is right is found by ``signed``."""
    instance_id, _, signature = token.strip().partition(":")
    for world in worlds.simulations():
        instance = machine_of(world).instances.get(instance_id)
        if instance is not None and signature:
            return world.applications[instance.application_key]
    raise _refused("There is no such instance; expected 'Instance ID:SIGNATURE'.")


def _instance_required(authorization: str) -> ApiError:
    if not authorization.strip():
        return ApiError(ErrorCode.NO_AUTHORIZATION, "Authorization Header", hint="Expected 'Instance ID:SIGNATURE'.")
    message, hint = "The authorization scheme 'instance' is required.", "POST /v1/instance gives an instance."
    return ApiError(ErrorCode.INVALID_SCHEME, message, hint=hint, path="Authorization")


_INSTANCE = TokenScheme("instance", _by_instance, _instance_required)


def signed_endpoint(
    method: str, path: str, handler: Callable[[PlatformRequest], Answer], what: str
) -> PlatformEndpoint:
    """Returns an endpoint for requests that an instance has signed."""

    def checked(request: PlatformRequest) -> Answer:
        _check_signature(request)
        return handler(request)

    return PlatformEndpoint(method, path, checked, what, schemes=(_INSTANCE,), below=BELOW)


def _check_signature(request: PlatformRequest) -> None:
    instance_id, _, signature = request.headers["Authorization"].strip().partition(" ")[2].strip().partition(":")
    instance = machine_of(request.world).instances[instance_id]
    if instance.expires_ms <= request.world.now:
        raise ApiError(
            ErrorCode.NO_AUTHORIZATION,
            "Authorization Header",
            hint=f"The instance was good for {INSTANCE_S} seconds of the simulated clock: open another one.",
            path="Authorization",
        )
    timestamp = request.headers.get("x-timestamp", "")
    if read_timestamp(timestamp) is None:
        hint = "Send x-timestamp, as 2025-01-15T10:30:00Z; here one of any age will do."
        raise ApiError(ErrorCode.BAD_TIMESTAMP, "Timestamp Header", hint=hint, path="x-timestamp")
    secret, content_type = decode_secret(instance.secret), request.headers.get("content-type", "")
    if fits_a_path(
        signature,
        secret,
        path_variants(request.path, request.query),
        method=request.method,
        body=request.body,
        content_type=content_type,
        timestamp=timestamp,
    ):
        return
    hint = "What is signed is as in an application's requests; the key is the secret of the instance, base64 decoded."
    raise ApiError(ErrorCode.INVALID_SIGNATURE, "Invalid Signature", hint=hint, path="Authorization")


# ---- handlers ---------------------------------------------------------------------------------------------------


def authenticate(request: PlatformRequest) -> Answer:
    """Logs an account in by its e-mail address and password."""
    password, account = read(request, LOGIN).text("password"), request.application.project.account
    if request.parameters["type"].lower() != "email":
        raise ApiError.invalid_parameter("type", request.parameters["type"], expected="email")
    if not same_text(account.password, password):
        raise _refused("The password is not that of the account; the field account of an application has it.")
    authorization = machine_of(request.world).log_in(request.application)
    user = {
        "id": request.application.project.id,
        "identities": [{"type": "email", "endpoint": account.email}],
        "profile": {"email": account.email},
    }
    return json_answer({"authorization": authorization, "user": user})


def post_instance(request: PlatformRequest) -> Answer:
    """Opens an instance for a user who has logged in."""
    read(request, INSTANCE)
    instance = machine_of(request.world).open_instance(request.application, request.world.now)
    return json_answer({"id": instance.id, "secret": instance.secret, "expiresIn": INSTANCE_S})


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint(
        "POST",
        "/users/{type}/{identity}/authentication",
        authenticate,
        "logs an account in",
        schemes=(TokenScheme("application", _by_public_key),),
        below=BELOW,
    ),
    PlatformEndpoint(
        "POST",
        "/instance",
        post_instance,
        "opens an instance",
        schemes=(TokenScheme("user", _by_login),),
        below=BELOW,
    ),
)
