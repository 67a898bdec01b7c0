"""Writes the control API down as a page.

``python -m sinch_simulator.server.control.reference_page > docs/control-api.md``. The page says what the OpenAPI
document says, in the order of the table of endpoints.
"""

import json
from collections.abc import Iterator
from typing import Any

from sinch_simulator.server.control.endpoints import control_endpoints
from sinch_simulator.server.control.openapi import openapi_document
from sinch_simulator.server.control.serving import AnyEndpoint
from sinch_simulator.server.products import PRODUCTS

_HEAD = """# The control API

Everything that a test, a script or the page does to a simulator, it does here: below `/_simulator` on the simulator's
own port. JSON in, JSON out. `GET /_simulator/openapi.json` gives the same as an OpenAPI 3.1 document. This page is
generated, and a test compares it with the code:
`python -m sinch_simulator.server.control.reference_page > docs/control-api.md`.

- Times are ISO 8601 in UTC, of the simulated clock. Durations are seconds.
- `?application=KEY` acts on the world of that application, or only on what is its; without it on the world `default`.
- Under the clocks `manual` and `auto` a request that changes something is answered when the world is settled: no
  callback is under way, and nothing is due at the present simulated moment. Under `realtime` it is answered at once.
  A webhook that awaits such a request before it replies would wait for itself. Nobody can tell such a request from one
  of a test that rightly waits for a slow app; so it is refused (409, `callback_under_way`) when half of
  `--callback-timeout` is over and the webhook still has the time to reply. A mounted app is known, and told at once.
- What is refused has a 4xx status and an [Error](#error): a code for programs, what was wrong, what would be right.
- Requests with an `Origin` of another site, or a `Host` that is neither loopback nor the bound address nor named by
  `--allow-host`, are refused with 403. Where other machines can reach the simulator, or with `--control-token`,
  requests need `Authorization: Bearer TOKEN`, else 401; `health` needs none. See [security.md](security.md).

"""
_PLACES = {"callId": "CALL_ID", "sessionId": "SESSION_ID", "key": "KEY", "id": "CALLBACK_ID", "address": "+14045550199"}


def reference_page() -> str:
    """Returns the page as Markdown."""
    endpoints = control_endpoints(PRODUCTS)
    document = openapi_document(endpoints)
    lines = [_HEAD, "| endpoint | what it does |\n| --- | --- |\n"]
    for endpoint in endpoints:
        title = _title(endpoint)
        lines.append(f"| [`{title}`](#{_anchor(title)}) | {endpoint.summary} |\n")
    lines.append("\n")
    for endpoint in endpoints:
        lines += _endpoint(endpoint, document["paths"][f"/_simulator{endpoint.pattern}"][endpoint.method.lower()])
    lines.append("## What they speak of\n")
    for name, schema in document["components"]["schemas"].items():
        lines.append(f"\n### {name}\n\n{schema.get('description', '')}\n\n")
        lines += _table(schema)
    return "".join(lines)


def _title(endpoint: AnyEndpoint) -> str:
    return f"{endpoint.method} /_simulator{endpoint.pattern}"


def _anchor(title: str) -> str:
    kept = "".join(character for character in title.lower() if character.isalnum() or character in " -_")
    return kept.replace(" ", "-")


def _endpoint(endpoint: AnyEndpoint, operation: dict[str, Any]) -> Iterator[str]:
    yield f"## {_title(endpoint)}\n\n{endpoint.summary}\n\n"
    queries = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    if queries:
        yield "| in the query | | what it means |\n| --- | --- | --- |\n"
        yield from (_row(each["name"], each["schema"], each["description"], "") for each in queries)
        yield "\n"
    if endpoint.body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        if "$ref" in schema:
            yield f"The body is {_article(schema)} {_kind(schema)}.\n\n"
        else:
            yield from _table(schema, "in the body")
            yield "\n"
    yield f"```\n{_example(endpoint)}\n```\n\n"
    [status] = [status for status in operation["responses"] if status != "default"]
    yield from _answer(status, operation["responses"][status])


def _example(endpoint: AnyEndpoint) -> str:
    path = endpoint.pattern
    for name, place in _PLACES.items():
        path = path.replace("{" + name + "}", place)
    query = f"?{endpoint.query_example}" if endpoint.query_example else ""
    method = "" if endpoint.method == "GET" else f"-X {endpoint.method} "
    body = "" if endpoint.example is None else f" -d '{json.dumps(endpoint.example)}'"
    return f"curl {method}'http://127.0.0.1:7462/_simulator{path}{query}'{body}"


def _answer(status: str, response: dict[str, Any]) -> Iterator[str]:
    content = response.get("content")
    if not content:
        yield f"Answers {status}.\n\n"
        return
    others = [name for name in content if name != "application/json"]
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        yield f"Answers {status} with `{'`, `'.join(others)}`.\n\n"
        return
    told = f", or with `{'`, `'.join(others)}`" if others else ""
    if "$ref" in schema:
        yield f"Answers {status} with {_article(schema)} {_kind(schema)}{told}.\n\n"
        return
    yield f"Answers {status}{told}:\n\n"
    yield from _table(schema)
    yield "\n"


def _table(schema: dict[str, Any], title: str = "field") -> Iterator[str]:
    yield f"| {title} | | what it means |\n| --- | --- | --- |\n"
    yield from _rows(schema, "")


def _rows(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    """Writes the fields of an object; of one that is taken those that are needed, of an answer those that may lack."""
    taken = schema.get("additionalProperties") is False
    required = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        remark = "" if taken is not (name in required) else "needed" if taken else "not always there"
        yield _row(prefix + name, each, each.get("description", ""), remark)
        inner, suffix = _objects_in(each)
        yield from _rows(inner, f"{prefix}{name}{suffix}.")


def _objects_in(schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Returns the schema of the object, or of the objects of the list, that is described where it is used."""
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if "items" in schema:
        return schema["items"], "[]"
    return schema, ""


def _row(name: str, schema: dict[str, Any], meaning: str, remark: str) -> str:
    kind = ", ".join(each for each in (_kind(schema), remark) if each)
    if schema.get("default", "") != "":
        default = schema["default"]
        kind += f", `{default if isinstance(default, str) else json.dumps(default)}` when absent"
    return f"| `{name}` | {kind} | {meaning} |\n"


def _article(schema: dict[str, Any]) -> str:
    return "an" if schema["$ref"].rpartition("/")[2][0] in "AEIOU" else "a"


def _kind(schema: dict[str, Any]) -> str:
    """Returns in words what a value may be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{word}`" for word in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    kinds = schema.get("type", "anything")
    first, *others = kinds if isinstance(kinds, list) else [kinds]
    kind = str(schema.get("format", first))
    if first == "array":
        kind = f"list of {_kind(schema['items'])}"
    limits = [f"from {_number(schema['minimum'])}"] if "minimum" in schema else []
    limits += [f"to {_number(schema['maximum'])}"] if "maximum" in schema else []
    limits += [f"of at most {schema['maxLength']} characters"] if "maxLength" in schema else []
    return " or ".join([" ".join([kind, *limits]), *map(str, others)])


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


if __name__ == "__main__":
    print(reference_page(), end="")
