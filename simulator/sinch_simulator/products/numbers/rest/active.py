"""Lists, shows, changes and releases the numbers of a project (docs/platform/numbers.md#3)."""

import base64
import binascii
from typing import Any

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import decode, encode
from sinch_simulator.core.numbering_plan import SearchPattern, kind_of, matches
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import shown
from sinch_simulator.products.numbers.machine import NumbersMachine, machine_of
from sinch_simulator.products.numbers.records import Configured, NumberRecord, Released
from sinch_simulator.products.numbers.rest.errors import ACTIVE, invalid, not_found
from sinch_simulator.products.numbers.rest.reading import (
    CHANGING,
    LISTING,
    read_json,
    read_number,
    read_query,
    read_settings,
)
from sinch_simulator.products.numbers.rest.views import active_view, region_and_type

_BY_NAME = ("displayName", "display_name")
_Key = tuple[str, str]
"""By what numbers are sorted: their name, where that is asked for, and then the number."""


def get_active(request: PlatformRequest) -> Answer:
    """Lists the numbers of a project, a page of them."""
    query, machine = read_query(request, LISTING), machine_of(request.world)
    after = _after(query)
    if query["type"] is None:
        message = "Numbers of all types are listed; without a type the platform lists MOBILE numbers only."
        request.diagnose([Diagnostic("NUMBER_TYPE_DEFAULT", Severity.WARNING, "type", message, "Name the type.")])
    found = [each for each in machine.numbers_of(request.parameters["projectId"]) if _is_wanted(machine, each, query)]
    found.sort(key=lambda record: _key(record, query))
    following = [each for each in found if _key(each, query) > after]
    page = following[: query["pageSize"]]
    more = len(following) > len(page)
    return json_answer(
        {
            "activeNumbers": [active_view(machine, each) for each in page],
            "nextPageToken": _token(query, page[-1]) if more else "",
            "totalSize": len(found),
        }
    )


def get_active_number(request: PlatformRequest) -> Answer:
    """Shows a number of a project."""
    return json_answer(active_view(machine_of(request.world), _active(request)))


def patch_active_number(request: PlatformRequest) -> Answer:
    """Changes what is given; an assignment comes into force after a while."""
    record = _active(request)
    settings = read_settings(read_json(request, CHANGING))
    machine_of(request.world).keep(record)
    request.world.receive(Configured(record.number, settings))
    return json_answer(active_view(machine_of(request.world), record))


def release(request: PlatformRequest) -> Answer:
    """Gives a number back: at once it leads nowhere, and can be rented again."""
    record, machine = _active(request), machine_of(request.world)
    view = active_view(machine, record, expires=True)
    machine.keep(record)
    request.world.receive(Released(record.number))
    return json_answer(view)


def _active(request: PlatformRequest) -> NumberRecord:
    """Returns the record of the number in the path, which must be one of the project."""
    number, machine = read_number(request), machine_of(request.world)
    record = machine.active(number)
    project_id = request.parameters["projectId"]
    if record is None or machine.data.applications[record.application_key].project.id != project_id:
        why = f"{number} is no active number of the project {project_id}"
        raise not_found(ACTIVE, number, why, "GET activeNumbers lists them.")
    return record


def _is_wanted(machine: NumbersMachine, record: NumberRecord, query: Values) -> bool:
    region, type_ = region_and_type(record.number)
    pattern, where = query["numberPattern.pattern"], SearchPattern(query["numberPattern.searchPattern"])
    kind = kind_of(record.number)
    capabilities = {each.name for each in machine.capabilities_of(record.number)}
    return (
        query["regionCode"] in (None, region)
        and query["type"] in (None, type_.value)
        and capabilities.issuperset(query.texts("capabilities"))
        and (pattern is None or matches(record.number, pattern, where, "" if kind is None else kind.country_code))
    )


# ---- pages ------------------------------------------------------------------------------------------------------


def _key(record: NumberRecord, query: Values) -> _Key:
    return (record.display_name if query["orderBy"] in _BY_NAME else "", record.number)


def _token(query: Values, last: NumberRecord) -> str:
    """Returns the text by which the page after this number is asked for."""
    text = encode([query["orderBy"] in _BY_NAME, *_key(last, query)])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _after(query: Values) -> _Key:
    """Returns the key of the last number of the page before; an empty one for the first page."""
    token = query["pageToken"]
    if not token:
        return ("", "")
    try:
        document: Any = decode(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
        by_name, name, number = document
    except (binascii.Error, ValueError, TypeError):
        raise _bad_token(token) from None
    if by_name is not (query["orderBy"] in _BY_NAME) or not (isinstance(name, str) and isinstance(number, str)):
        raise _bad_token(token)
    return name, number


def _bad_token(token: str) -> Exception:
    return invalid("pageToken", f"{shown(token)} is no token of this list", "nextPageToken of a page in the same order")


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/{projectId}/activeNumbers", get_active, "the numbers of a project"),
    PlatformEndpoint(
        "GET", "/{projectId}/activeNumbers/{phoneNumber}", get_active_number, "a number of a project"
    ),
    PlatformEndpoint(
        "PATCH", "/{projectId}/activeNumbers/{phoneNumber}", patch_active_number, "changes a number"
    ),
    PlatformEndpoint("POST", "/{projectId}/activeNumbers/{phoneNumber}:release", release, "gives a number back"),
)
