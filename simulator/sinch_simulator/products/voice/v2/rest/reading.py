"""Reads requests of Voice v2: bodies and queries by their shapes, and whose project they are about.

What cannot be is refused with 400, whose detail names the value; an unknown property is ignored, and told.
"""

from typing import NoReturn
from urllib.parse import parse_qsl

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.shapes import Shape, Values
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings

_MOST_PARAMETERS = 100


@define
class QueryFindings(CommandFindings):
    """What was found in a query, where every value is a text."""

    numerals = True
    coerces = True


def refuse(found: Diagnostic) -> NoReturn:
    """Refuses a request for something that was found in it."""
    place = f"{found.path}: " if found.path else ""
    hint = f"; {found.hint}" if found.hint else ""
    raise ApiError(ErrorCode.INVALID_REQUEST, f"{place}{found.message}{hint}", hint=found.hint, path=found.path)


def object_of(request: PlatformRequest) -> dict[str, object]:
    """Returns the JSON object in a request; 400 when there is none."""
    document = request.json()
    if not isinstance(document, dict):
        raise ApiError(ErrorCode.INVALID_REQUEST, "the body must be a JSON object")
    return document


def read_body(request: PlatformRequest, shape: Shape) -> Values:
    """Reads the body by its shape."""
    findings = CommandFindings()
    values = shape.read(object_of(request), "", findings)
    if findings.first_error is not None:
        refuse(findings.first_error)
    request.diagnose(findings.found)
    return values


def read_query(request: PlatformRequest, shape: Shape) -> Values:
    """Reads the query by its shape; of a name that stands there twice the last value counts."""
    findings = QueryFindings()
    try:
        pairs = parse_qsl(
            request.query, keep_blank_values=True, errors="backslashreplace", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        message = f"the query has more than {_MOST_PARAMETERS} parameters"
        raise ApiError(ErrorCode.INVALID_REQUEST, message, hint="give each once") from None
    values = shape.read(dict(pairs), "", findings)
    if findings.first_error is not None:
        refuse(findings.first_error)
    request.diagnose(found for found in findings.found if found.code != "TYPE_COERCED")
    return values


def service_of(request: PlatformRequest, service_id: str | None) -> Application:
    """Returns the service of the project with this id, or without one its default service; 404 for no such service."""
    if service_id is None:
        return request.world.applications[request.application.project.default_key]
    service = request.world.applications.get(service_id)
    if service is None or service.project is not request.application.project:
        raise ApiError(ErrorCode.NOT_FOUND, f"there is no service {service_id[:60]} in this project")
    return service


def same_project(request: PlatformRequest, application: Application) -> bool:
    """Returns whether an application belongs to the project of the request."""
    return application.project is request.application.project
