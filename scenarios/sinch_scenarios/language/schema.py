"""The JSON Schema of scenario files, for editors that complete and check: written from the table of the language."""

from sinch_scenarios.language.model import Event, Leg, Sample
from sinch_scenarios.language.population import DISTRIBUTIONS
from sinch_scenarios.language.table import STEPS, FieldRule, Kind, StepRule
from sinch_scenarios.language.yaml_nodes import Json
from sinch_simulator.phones.behaviour import Awaited

Schema = dict[str, Json]

_TEXT: Schema = {"type": ["string", "number"]}
_SECONDS: Schema = {"type": "number", "minimum": 0}


def schema() -> Schema:
    """The schema of a file (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://sinch-simulator.invalid/scenario.schema.json",
        "title": "A scenario of sinch-simulator",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {**_TEXT, "description": "What reports call it."},
            "description": {**_TEXT, "description": "One line for reports."},
            "app": {"enum": [sample.value for sample in Sample], "description": "The bundled app it is written for."},
            "numbers": {"type": "array", "items": _TEXT, "description": "The application's numbers."},
            "phones": {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/persona"},
                "description": "Who is at which address; * stands for anything.",
            },
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            "population": {"$ref": "#/$defs/population"},
        },
        "$defs": {
            "step": {"oneOf": [_step(rule) for rule in STEPS]},
            "persona": _persona(chance=False),
            "population": _population(),
        },
    }


def _step(rule: StepRule) -> Schema:
    properties: Schema = {one.key: _field(one) for one in rule.fields}
    required: list[Json] = [one.key for one in rule.fields if one.required]
    long_form: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": rule.expects or rule.free,
        "required": required,
    }
    forms: list[Json] = [long_form]
    if rule.short is not None:
        forms.append(_field(next(one for one in rule.fields if one.key == rule.short)))
    if not required and not rule.free:
        forms.append({"type": "null"})
    value: Schema = {"description": rule.help, "anyOf": forms}
    keyed: Schema = {
        "type": "object",
        "properties": {rule.key: value},
        "required": [rule.key],
        "additionalProperties": False,
        "description": rule.help,
    }
    return {"anyOf": [keyed, {"const": rule.key}]} if not required and not rule.free else keyed


def _field(rule: FieldRule) -> Schema:
    return {"description": rule.help, **_OF_KIND[rule.kind]}


_OF_KIND: dict[Kind, Schema] = {
    Kind.TEXT: _TEXT,
    Kind.HEARD: _TEXT,
    Kind.NEW_NAME: _TEXT,
    Kind.NAME: _TEXT,
    Kind.LEG: {"enum": [leg.value for leg in Leg]},
    Kind.WHO: {"type": ["string", "number", "boolean"]},
    Kind.EVENT: {"enum": [event.value for event in Event]},
    Kind.DIGITS: {"type": ["string", "integer"], "pattern": "^[0-9*#w]+$"},
    Kind.SECONDS: _SECONDS,
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.OBJECT: {"type": "object"},
    Kind.HEADERS: {"type": "object"},
    Kind.DESTINATION: {"type": ["string", "number", "object"]},
}


def _persona(*, chance: bool) -> Schema:
    def number() -> Schema:
        return {"anyOf": [_SECONDS, _chance()]} if chance else _SECONDS

    after: Schema = {"type": "object", "properties": {"after": number()}, "additionalProperties": False}
    kinds: list[Json] = ["human", "machine", "fax", "silence"]
    answer: Schema = {
        "type": "object",
        "properties": {"after": number(), "as": {"anyOf": [{"enum": kinds}, _chance()]} if chance else {"enum": kinds}},
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "answer": answer,
            "by_hand": {"type": "object", "additionalProperties": False},
            **dict.fromkeys(("busy", "reject", "no_answer", "unreachable", "congestion"), after),
            "greeting": number(),
            "beep": {"type": "boolean"},
            "amd": {
                "type": "object",
                "required": ["status"],
                "additionalProperties": False,
                "properties": {
                    "status": {"enum": ["human", "machine", "notsure", "hangup", "inprogress"]},
                    "reason": {"enum": ["longgreeting", "initialsilence", "beep", "n/a"]},
                    "duration": number(),
                },
            },
            "then": {"type": "array", "items": _habit(chance=chance)},
        },
    }


def _habit(*, chance: bool) -> Schema:
    awaited = ", ".join(awaited.value for awaited in Awaited)
    properties: dict[str, Schema] = {
        "wait": _SECONDS,
        "press": {"type": "string"},
        "speak": {"type": "string"},
        "wait_for": {"type": "string", "description": f"{awaited}, a text or a /regex/"},
        "hang_up": {"const": True},
    }
    if chance:
        properties = {key: {"anyOf": [value, _chance()]} for key, value in properties.items()}
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": {**properties},
    }


def _chance() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "propertyNames": {"enum": [*DISTRIBUTIONS]},
        "description": "Drawn anew for each person.",
    }


def _population() -> Schema:
    people: Schema = {
        "type": "object",
        "required": ["share"],
        "additionalProperties": False,
        "properties": {
            "share": {"type": "string", "pattern": "^([0-9.]+ *%|rest)$"},
            "phone": _persona(chance=True),
        },
    }
    return {
        "type": "object",
        "required": ["people"],
        "additionalProperties": False,
        "properties": {
            "callout": {"type": "object", "description": "What the app would post; destinations are filled in."},
            "people": {"type": "array", "minItems": 1, "items": people},
        },
    }
