"""Configures which application answers a number, and where callbacks go (docs/platform/rest.md#6)."""

from collections.abc import Sequence

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.numbers import Capability, RentedNumber
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.assigning import assign, unassign
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import Anything, Choice, Text
from sinch_simulator.core.schema.request_findings import RequestFindings, missing, read_body, refused
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.core.schema.texts import PhoneNumber, Url
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.exchange import exchange_of

MOST_NUMBERS = 100

_Json = dict[str, str | None]


class _UrlOrNone(Url):
    """A URL, or a text that is empty where there shall be none."""

    right: str = "an absolute http or https URL"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        return "" if value is None or value == "" else Url.read(self, name, value, prefix, findings)


_NUMBER = PhoneNumber(right="an E.164 number such as +14045001000")
NUMBERS = Shape(
    "an assignment of numbers",
    (
        Anything("numbers", "the numbers, as a list or as one text"),
        Anything("number", "the same"),
        Text("applicationkey", "the application; the one that asks when absent", right="the key of an application"),
        # Voice when nothing is said (*assumed*).
        Choice("capability", "what for", choices=tuple(each.value for each in Capability), default="voice"),
    ),
)
CALLBACKS = Shape("where callbacks go", (Anything("url", required=True, right='{"url": {"primary": "https://..."}}'),))
URLS = Shape(
    "url",
    (
        _UrlOrNone("primary", "where callbacks go"),
        _UrlOrNone("fallback", "where they go when that fails"),
    ),
)


# ---- numbers ----------------------------------------------------------------------------------------------------


def get_numbers(request: PlatformRequest) -> Answer:
    """Lists all numbers of the account, whichever application has them."""
    pool = exchange_of(request.world).data.pool
    return json_answer({"numbers": [_row(each) for each in pool.rented()]})


def post_numbers(request: PlatformRequest) -> Answer:
    """Assigns numbers to an application; those that another one has move."""
    body, findings = _read_numbers(request)
    numbers = _numbers(body, findings, plural=True)
    application = _application(request, body)
    capability = Capability(body["capability"])
    pool = exchange_of(request.world).data.pool
    for number in numbers:
        if not pool.owns(number):
            raise _not_updated(number, "the account does not rent it", _account(request))
    for number in numbers:
        assign(request.world, pool, number, application, capability)
    request.diagnose(findings.found)
    return Answer(204)


def delete_numbers(request: PlatformRequest) -> Answer:
    """Takes numbers away from an application; the account keeps them."""
    if not request.body.strip():
        hint = "DELETE takes a JSON body here; some HTTP clients and proxies drop it."
        request.diagnose([Diagnostic("DELETE_BODY_MISSING", Severity.WARNING, "", "The request has no body.", hint)])
        raise missing("number", hint)
    body, findings = _read_numbers(request)
    numbers = _numbers(body, findings, plural=False)
    application = _application(request, body)
    capability = Capability(body["capability"])
    pool = exchange_of(request.world).data.pool
    for number in numbers:
        if not pool.assigned(number, application, capability):
            raise _not_updated(number, f"it is not assigned to {application.key}", _account(request))
    for number in numbers:
        unassign(request.world, pool, number, application, capability)
    request.diagnose(findings.found)
    return Answer(204)


def _row(rented: RentedNumber) -> _Json:
    row: _Json = {"number": rented.number}
    if rented.application_key is not None:
        row["applicationkey"] = rented.application_key
    row["capability"] = rented.capability.value
    return row


def _read_numbers(request: PlatformRequest) -> tuple[Values, RequestFindings]:
    findings = _NumberFindings()
    return read_body(NUMBERS, request.json(), findings), findings


@define
class _NumberFindings(RequestFindings):
    """What was found in an assignment; ``applicationKey`` has a code of its own (docs/platform/gotchas.md#B8)."""

    def unusual_case(self, path: str, right: str) -> None:
        if right != "applicationkey":
            super().unusual_case(path, right)
            return
        message = 'The platform calls it "applicationkey" and takes any case.'
        self.warn("KEY_CASE", path, message, "here it is 'applicationkey'; events say 'applicationKey'")


def _numbers(body: Values, findings: RequestFindings, *, plural: bool) -> list[str]:
    """Reads the numbers under either name, as one text or as a list: the documentation has all four.

    Source: docs/platform/rest.md#6.1.
    """
    usual, other = ("numbers", "number") if plural else ("number", "numbers")
    name = usual if body[usual] is not None or body[other] is None else other
    if name != usual:
        findings.warn("NUMBER_PLURAL", name, f"'{name}' is taken for '{usual}'.", f"write '{usual}' here")
    written = body[name]
    if written is None:
        raise missing(usual, f'{{"{usual}": {["+14045001000"] if plural else "+14045001000"!r}}}')
    entries = written if isinstance(written, list) else [written]
    if not 1 <= len(entries) <= MOST_NUMBERS:
        raise refused(name, written, f"1 to {MOST_NUMBERS} numbers")
    paths = [f"{name}[{index}]" if isinstance(written, list) else name for index in range(len(entries))]
    numbers = [_NUMBER.read(path, entry, "", findings) for entry, path in zip(entries, paths, strict=True)]
    if findings.refusal is not None:
        raise findings.refusal
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _application(request: PlatformRequest, body: Values) -> Application:
    """Returns whom the body names, else whoever sends the request; only applications of the same account are known."""
    key = body["applicationkey"]
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
    findings, inner = RequestFindings(), _UrlFindings()
    urls = _urls(read_body(CALLBACKS, request.json(), findings)["url"], inner)
    primary, fallback = urls["primary"], urls["fallback"]
    application.callback_url = application.callback_url if primary is None else primary or None
    application.fallback_url = application.fallback_url if fallback is None else fallback or None
    request.diagnose(findings.found + inner.found)
    return Answer(204)


@define
class _UrlFindings(RequestFindings):
    """What was found in a change of URLs, where null takes one away."""

    null_is_absent = False


def _urls(written: object, findings: RequestFindings) -> Values:
    if isinstance(written, list) and all(isinstance(each, dict) for each in written):
        message = "'url' is an object; an older description shows an array, which is accepted."
        findings.warn("URL_ARRAY", "url", message)
        written = {name: value for each in written for name, value in each.items()}
    if not isinstance(written, dict):
        raise refused("url", written, "an object with primary and fallback")
    urls = URLS.read(written, "url.", findings)
    if findings.refusal is not None:
        raise findings.refusal
    return urls


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
