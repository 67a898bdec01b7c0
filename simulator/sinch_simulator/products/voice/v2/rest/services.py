"""Services of a project: each is an application (docs/platform/voice-v2.md#2.5)."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from sinch_simulator.core.application import Application
from sinch_simulator.core.application_settings import BehaviorKind, CallBehavior
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.project import generated_digits
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Anything, BoundedText, Choice, Flag, Nested, Text
from sinch_simulator.core.schema.shapes import ABSENT, Shape, Values
from sinch_simulator.core.schema.texts import Url
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.rest.paging import PAGE, PAGE_SIZE, page_answer
from sinch_simulator.products.voice.v2.rest.reading import read_body, read_query, refuse, service_of
from sinch_simulator.products.voice.v2.svaml.fields import Typed, kind_shape
from sinch_simulator.products.voice.v2.svaml.reading import read_document

_WORDS = re.compile(r"\S+(\s+\S+)*")
_RIGHT = "a text without blanks at its ends"
_WEBHOOK = Shape(
    "a webhook", (Url("url", "where events go", required=True), Url("fallbackUrl", "where they go when that fails"))
)
CALL_BEHAVIOR = Typed(
    "callBehavior",
    "what is done with a call that comes in",
    kinds={
        "NONE": kind_shape("a call behavior of NONE", "NONE"),
        "WEBHOOK": kind_shape(
            "a call behavior of WEBHOOK", "WEBHOOK", Nested("webhook", "who decides", required=True, shape=_WEBHOOK)
        ),
        "STATIC": kind_shape("a call behavior of STATIC", "STATIC", Anything("static", "SVAML", required=True)),
    },
)


def _service(*, new: bool) -> Shape:
    name = BoundedText("name", "what it is called", required=new, longest=64, pattern=_WORDS, right=_RIGHT)
    description = BoundedText(
        "description", "what it is for", longest=255, filled=False, pattern=re.compile(r"(\S+(\s+\S+)*)?"),
        right=_RIGHT, nullable=True,
    )  # fmt: skip
    return Shape("a service", (name, description, Flag("isDefault", "whether it is the default"), CALL_BEHAVIOR))


SERVICE = _service(new=True)
CHANGED_SERVICE = _service(new=False)
FILTERS = Shape(
    "the query",
    (
        Text("filter", "part of the name or the description"),
        Choice("isDefault", "whether it is the default", choices=("true", "false"), any_case=True),
        PAGE,
        PAGE_SIZE,
    ),
)


def list_services(request: PlatformRequest) -> Answer:
    """Lists the services of the project, the newest first, without their secrets."""
    query = read_query(request, FILTERS)
    part = (query["filter"] or "").lower()
    found = [
        service
        for service in reversed(_services(request))
        if part in f"{service.service.name}\n{service.service.description}".lower()
        and (query["isDefault"] is None or (query["isDefault"] == "true") is _is_default(service))
    ]
    return page_answer(request, query, "services", found, lambda service: _brief(request, service))


def post_service(request: PlatformRequest) -> Answer:
    """Makes a service: an application without a number, in the same world."""
    body = read_body(request, SERVICE)
    maker, exchange, now = request.application, exchange_of(request.world), request.world.now
    _refuse_name_in_use(request, body.text("name"), None)
    behavior = _behavior(body.object("callBehavior"))
    key = next_id(maker, exchange.data.seed)
    secret = base64.b64encode(bytes.fromhex(generated_digits(key, exchange.data.seed, "service")[:32])).decode()
    service = Application.generated(key, secret, exchange.data.seed)
    service.project = maker.project
    service.service = evolve(
        service.service,
        name=body.text("name"),
        description=_description(body, ""),
        call_behavior=behavior or CallBehavior(),
        made_by_rest=True,
    )
    request.worlds.join(service, maker)
    if body["isDefault"]:
        maker.project.default_key = key
    request.world.journal.add(now, "service.made", None, {"serviceId": key, "name": service.service.name})
    return json_answer(_whole(request, service), 201)


def get_service(request: PlatformRequest) -> Answer:
    """Shows a service."""
    return json_answer(_whole(request, _named(request)))


def patch_service(request: PlatformRequest) -> Answer:
    """Changes what the body names of a service."""
    service = _named(request)
    body = read_body(request, CHANGED_SERVICE)
    if body["isDefault"] is False:
        message = "isDefault: a service cannot be made not the default; make another one the default"
        raise ApiError(ErrorCode.INVALID_REQUEST, message, path="isDefault")
    name = body.text_or_none("name") or service.service.name
    if name != service.service.name:
        _refuse_name_in_use(request, name, service)
    behavior = _behavior(body.object("callBehavior"))
    service.service = evolve(
        service.service,
        name=name,
        description=_description(body, service.service.description),
        call_behavior=behavior or service.service.call_behavior,
        updated_ms=request.world.now,
    )
    if body["isDefault"]:
        service.project.default_key = service.key
    return json_answer(_whole(request, service))


def delete_service(request: PlatformRequest) -> Answer:
    """Deletes a service with all that it had; the default one stays."""
    service = _named(request)
    if _is_default(service):
        message = "the default service cannot be deleted; make another one the default before"
        raise ApiError(ErrorCode.INVALID_REQUEST, message)
    request.worlds.remove(service)
    return Answer(204)


def _named(request: PlatformRequest) -> Application:
    return service_of(request, request.parameters["serviceId"])


def _services(request: PlatformRequest) -> list[Application]:
    project = request.application.project
    return [each for each in request.world.applications.values() if each.project is project]


def _is_default(service: Application) -> bool:
    return service.project.default_key == service.key


def _refuse_name_in_use(request: PlatformRequest, name: str, service: Application | None) -> None:
    if any(each.service.name == name and each is not service for each in _services(request)):
        raise ApiError(40900, f"name: there is a service {name} in this project already")


def _description(body: Values, present: str) -> str:
    """Returns the description; null clears it (docs/platform/voice-v2.md#2.5)."""
    given = body["description"]
    return present if given is ABSENT else given or ""


def _behavior(values: Values | None) -> CallBehavior | None:
    if values is None:
        return None
    match BehaviorKind(values["type"]):
        case BehaviorKind.NONE:
            return CallBehavior()
        case BehaviorKind.WEBHOOK:
            webhook: Values = values["webhook"]
            return CallBehavior(BehaviorKind.WEBHOOK, webhook.text("url"), webhook.text_or_none("fallbackUrl"))
        case BehaviorKind.STATIC:
            found = error_in_static(values["static"])
            if found is not None:
                refuse(found)
            return CallBehavior(BehaviorKind.STATIC, svaml=values["static"])


def error_in_static(svaml: Mapping[str, Any]) -> Diagnostic | None:
    """Returns the first error in the document of a static call behavior; its path begins at the service."""
    reading = read_document(svaml)
    if reading.document is not None:
        return None
    found = reading.errors[0]
    return evolve(found, path=f"callBehavior.static.{found.path}".removesuffix("."))


def _brief(request: PlatformRequest, service: Application) -> dict[str, Any]:
    settings, epoch_ms = service.service, request.world.epoch_ms
    return {
        "serviceId": service.key,
        "projectId": service.project.id,
        "name": settings.name,
        "description": settings.description,
        "isDefault": _is_default(service),
        "createTime": timestamp((epoch_ms + settings.created_ms) // 1000),
        "updateTime": timestamp((epoch_ms + max(settings.created_ms, settings.updated_ms)) // 1000),
    }


def _whole(request: PlatformRequest, service: Application) -> dict[str, Any]:
    behavior = service.service.call_behavior.as_json()
    return {**_brief(request, service), "serviceSecret": service.secret, "callBehavior": behavior}
