"""Configures which application answers a number, and where callbacks go (docs/platform/rest.md#6)."""

from collections.abc import Sequence

from attrs import evolve

from sinch_simulator.core.addresses import is_web_address, normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.numbers import Capability, RentedNumber
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.request_fields import Properties, PropertyNames, missing, refused, warning
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.products.voice.exchange import exchange_of

MOST_NUMBERS = 100

_Json = dict[str, str | None]
_NUMBERS = PropertyNames.of(("numbers", "number", "applicationkey", "capability"))
_CALLBACKS = PropertyNames.of(("url",))
_URLS = PropertyNames.of(("primary", "fallback"))
NUMBER_FIELDS = tuple(_NUMBERS.by_lower.values())
URL_FIELDS = tuple(_URLS.by_lower.values())

_E164 = "an E.164 number such as +14045001000"


# ---- numbers ----------------------------------------------------------------------------------------------------


def get_numbers(request: PlatformRequest) -> Answer:
    """Lists all numbers of the account, whichever application has them."""
    pool = exchange_of(request.world).pool
    return json_answer({"numbers": [_row(each) for each in pool.rented(_account(request))]})


def post_numbers(request: PlatformRequest) -> Answer:
    """Assigns numbers to an application; those that another one has move."""
    body, findings = _read_body(request, _NUMBERS)
    numbers = _numbers(body, plural=True)
    application = _application(request, body)
    capability = _capability(body)
    pool = exchange_of(request.world).pool
    for number in numbers:
        if not pool.owns(number, _account(request)):
            raise _not_updated(number, "the account does not rent it", _account(request))
    pool.assign(numbers, application, capability, _account(request))
    request.diagnose(findings)
    return Answer(204)


def delete_numbers(request: PlatformRequest) -> Answer:
    """Takes numbers away from an application; the account keeps them."""
    if not request.body.strip():
        hint = "DELETE takes a JSON body here; some HTTP clients and proxies drop it."
        request.diagnose([warning("DELETE_BODY_MISSING", "", "The request has no body.", hint)])
        raise missing("number", hint)
    body, findings = _read_body(request, _NUMBERS)
    numbers = _numbers(body, plural=False)
    application = _application(request, body)
    capability = _capability(body)
    pool = exchange_of(request.world).pool
    for number in numbers:
        if not pool.assigned(number, application, capability):
            raise _not_updated(number, f"it is not assigned to {application.key}", _account(request))
    for number in numbers:
        pool.release(number, application, capability)
    request.diagnose(findings)
    return Answer(204)


def _row(rented: RentedNumber) -> _Json:
    row: _Json = {"number": rented.number}
    if rented.application_key is not None:
        row["applicationkey"] = rented.application_key
    row["capability"] = rented.capability.value
    return row


def _numbers(body: Properties, *, plural: bool) -> list[str]:
    """Reads the numbers under either name, as one text or as a list: the documentation has all four.

    Source: docs/platform/rest.md#6.1.
    """
    usual, other = ("numbers", "number") if plural else ("number", "numbers")
    name = usual if body.has(usual) or not body.has(other) else other
    if name != usual:
        body.warn("NUMBER_PLURAL", name, f"'{name}' is taken for '{usual}'.", f"write '{usual}' here")
    written = body.values.get(name)
    if written is None:
        raise missing(body.within(usual), f'{{"{usual}": {["+14045001000"] if plural else "+14045001000"!r}}}')
    entries = written if isinstance(written, list) else [written]
    if not 1 <= len(entries) <= MOST_NUMBERS:
        raise refused(body.within(name), written, f"1 to {MOST_NUMBERS} numbers")
    paths = [f"{name}[{index}]" if isinstance(written, list) else name for index in range(len(entries))]
    return list(dict.fromkeys(_number(entry, path) for entry, path in zip(entries, paths, strict=True)))


def _number(value: object, path: str) -> str:
    number = normalise_number(value) if isinstance(value, str) else None
    if number is None:
        raise refused(path, value, _E164)
    return number


def _application(request: PlatformRequest, body: Properties) -> Application:
    """Returns whom the body names, else whoever sends the request; only applications of the same account are known."""
    key = body.text("applicationkey", "the key of an application")
    return request.application if not key else _of_the_account(request, key)


def _account(request: PlatformRequest) -> list[Application]:
    """Returns the applications of the account: those of the same world."""
    return list(request.world.applications.values())


def _of_the_account(request: PlatformRequest, key: str) -> Application:
    wanted = normalise_key(key)
    application = next((each for each in _account(request) if normalise_key(each.key) == wanted), None)
    if application is None:
        raise ApiError(
            ErrorCode.INVALID_REQUEST, "Invalid Application Key", hint="Name an application of the same account."
        )
    return application


def _capability(body: Properties) -> Capability:
    """Reads the capability: voice when nothing is said (*assumed*)."""
    return Capability(body.choice("capability", [each.value for each in Capability]) or "voice")


def _not_updated(number: str, why: str, applications: Sequence[Application]) -> ApiError:
    rented = ", ".join(number for application in applications for number in application.numbers[:3])
    return ApiError(
        ErrorCode.INVALID_PARAMETER,
        f"Unable to update numbers: {number}: {why}",
        hint=f"Numbers of this account: {rented or 'none'}; /_simulator/applications gives more.",
    )


# ---- callback URLs ----------------------------------------------------------------------------------------------


def get_callbacks(request: PlatformRequest) -> Answer:
    """Shows where the callbacks of an application go; what is not set is left out."""
    application = _of_the_account(request, request.parameters["applicationKey"])
    urls = {"primary": application.callback_url, "fallback": application.fallback_url}
    return json_answer({"url": {name: url for name, url in urls.items() if url is not None}})


def post_callbacks(request: PlatformRequest) -> Answer:
    """Changes them: what is absent stays, an empty text or null takes a URL away (*assumed*)."""
    application = _of_the_account(request, request.parameters["applicationKey"])
    body, findings = _read_body(request, _CALLBACKS)
    urls = _urls(body, findings)
    primary = _url(urls, "primary", application.callback_url)
    fallback = _url(urls, "fallback", application.fallback_url)
    application.callback_url, application.fallback_url = primary, fallback
    request.diagnose(findings)
    return Answer(204)


def _urls(body: Properties, findings: list[Diagnostic]) -> Properties:
    written = body.values.get("url")
    if written is None:
        raise missing("url", '{"url": {"primary": "https://..."}}')
    if isinstance(written, list) and all(isinstance(each, dict) for each in written):
        message = "'url' is an object; an older description shows an array, which is accepted."
        findings.append(warning("URL_ARRAY", "url", message))
        written = {name: value for each in written for name, value in each.items()}
    if not isinstance(written, dict):
        raise refused("url", written, "an object with primary and fallback")
    return Properties.read(written, "url", _URLS, findings)


def _url(urls: Properties, name: str, present: str | None) -> str | None:
    if name not in urls.values:
        return present
    text = urls.text(name, "an absolute http or https URL")
    if not text:
        return None
    if not is_web_address(text):
        raise refused(urls.within(name), text, "an absolute http or https URL")
    return text


# ---- both -------------------------------------------------------------------------------------------------------


def _read_body(request: PlatformRequest, names: PropertyNames) -> tuple[Properties, list[Diagnostic]]:
    document = request.json()
    if not isinstance(document, dict):
        raise ApiError.invalid_request("the body must be a JSON object")
    findings: list[Diagnostic] = []
    body = Properties.read(document, "", names, findings)
    findings[:] = [_key_case(found) for found in findings]
    return body, findings


def _key_case(found: Diagnostic) -> Diagnostic:
    """Gives a misspelt ``applicationkey`` the code of its own (docs/platform/gotchas.md#B8)."""
    if found.code == "CASE" and found.path.lower() == "applicationkey":
        return evolve(found, code="KEY_CASE", hint="here it is 'applicationkey'; events say 'applicationKey'")
    return found


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/configuration/numbers", get_numbers, "the numbers of the account"),
    PlatformEndpoint("POST", "/configuration/numbers", post_numbers, "assigns numbers to an application"),
    PlatformEndpoint("DELETE", "/configuration/numbers", delete_numbers, "takes a number away from an application"),
    PlatformEndpoint(
        "GET", "/configuration/callbacks/applications/{applicationKey}", get_callbacks, "where callbacks go"

    ),
    PlatformEndpoint(
        "POST", "/configuration/callbacks/applications/{applicationKey}", post_callbacks, "sets where callbacks go"

    ),
)
