"""Writes the control API down as an OpenAPI 3.1 document, from the same declarations that read its requests."""

import re
from collections.abc import Iterable
from typing import Any

from sinch_simulator import __version__
from sinch_simulator.core.rest.control_shapes import ERROR
from sinch_simulator.core.schema.json_schema import Schema, SchemaWriter
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.server.control.serving import AnyEndpoint
from sinch_simulator.server.guard import CONTROL_PREFIX

_PARAMETER = re.compile(r"\{(\w+)\}")
_JSON = "application/json"
_DESCRIPTION = (
    "Moves the simulated world, and looks into it. Durations are seconds, times are ISO 8601 in UTC of the simulated"
    " clock. Under the clocks manual and auto a request that changes something is answered when the world is settled."
)
_PATH_PARAMETERS = {
    "key": "the key of an application",
    "callId": "the id of a call",
    "sessionId": "the id of a session of Voice API v2",
    "id": "the id of a callback",
    "address": "a number, a pattern with *, a user name or a SIP address",
}


def openapi_document(endpoints: Iterable[AnyEndpoint], *, strict: bool = False) -> dict[str, Any]:
    """Returns the document of these endpoints; a strict one takes no field in an answer that it does not declare."""
    writer = SchemaWriter("#/components/schemas/", strict=strict)
    writer.of_shape(ERROR)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        item = paths.setdefault(CONTROL_PREFIX + endpoint.pattern, {})
        item[endpoint.method.lower()] = _operation(endpoint, writer)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Control API of sinch-simulator",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:7462"}],
        "paths": paths,
        "components": {"schemas": dict(sorted(writer.titled.items()))},
    }


def _operation(endpoint: AnyEndpoint, writer: SchemaWriter) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "tags": [endpoint.pattern.split("/")[1] if endpoint.pattern else "index"],
        "summary": endpoint.summary,
    }
    parameters = [_in_path(name) for name in _PARAMETER.findall(endpoint.pattern)]
    parameters += [_in_query(item, writer) for item in endpoint.query]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {"content": {_JSON: _content(endpoint.body, endpoint.example, writer)}}
        if endpoint.body.required:
            operation["requestBody"]["required"] = True
    operation["responses"] = {
        str(endpoint.status): _success(endpoint, writer),
        "default": {"description": "Why it is refused.", "content": {_JSON: {"schema": writer.of_shape(ERROR)}}},
    }
    return operation


def _operation_id(endpoint: AnyEndpoint) -> str:
    """Returns a name such as ``postCallsByCallIdPress``."""
    named = _PARAMETER.sub(r"by-\1", endpoint.pattern or "/index")
    return endpoint.method.lower() + "".join(word[:1].upper() + word[1:] for word in re.split(r"\W+", named))


def _in_path(name: str) -> Schema:
    meaning = _PATH_PARAMETERS.get(name, "")
    return {"name": name, "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}


def _in_query(item: Field, writer: SchemaWriter) -> Schema:
    schema = writer.of_field(item)
    meaning = schema.pop("description", "")
    return {"name": item.name, "in": "query", "required": item.required, "description": meaning, "schema": schema}


def _content(shape: Shape, example: object, writer: SchemaWriter) -> dict[str, Any]:
    content = {"schema": writer.of_shape(shape)}
    return content if example is None else {**content, "example": example}


def _success(endpoint: AnyEndpoint, writer: SchemaWriter) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if endpoint.answer is not None:
        content[_JSON] = {"schema": writer.of_shape(endpoint.answer)}
    for media_type in endpoint.media_types:
        content[media_type] = {"schema": {"type": "string"}}
    described: dict[str, Any] = {"description": "Done." if endpoint.status == 204 else "The answer."}
    return {**described, "content": content} if content else described
