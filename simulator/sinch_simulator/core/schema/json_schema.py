"""Writes shapes as JSON Schema (draft 2020-12, which OpenAPI 3.1 takes as it is), for tools that check and complete."""

from typing import Any

from attrs import field

from sinch_simulator.core.schema.fields import (
    BoundedText,
    Choice,
    Entries,
    Flag,
    Integer,
    Mapping,
    Nested,
    Number,
    Text,
)
from sinch_simulator.core.schema.shapes import Field, Others, Shape
from sinch_simulator.core.values import define

Schema = dict[str, Any]


@define
class SchemaWriter:
    """Writes the schemas of one document; shapes with a title are kept apart, and referred to."""

    prefix: str
    """Of a reference, as ``#/components/schemas/``."""
    strict: bool = False
    """Whether objects that may get more fields in later versions are held to those of today."""
    titled: dict[str, Schema] = field(factory=dict)
    """The schemas of the shapes that have a title."""

    def of_shape(self, shape: Shape) -> Schema:
        """Returns the schema of an object, or the reference to it."""
        if not shape.title:
            return self._object(shape)
        if shape.title not in self.titled:
            self.titled[shape.title] = {}
            self.titled[shape.title] = self._object(shape)
        return {"$ref": self.prefix + shape.title}

    def of_field(self, item: Field) -> Schema:
        """Returns the schema of a value, with its description and its default."""
        schema = dict(item.described) if item.described is not None else self._value(item)
        if item.nullable:
            schema = _or_null(schema)
        if item.meaning:
            schema["description"] = item.meaning
        if isinstance(item.default, str | int | float) and not item.required and not item.nullable:
            schema["default"] = item.shown_default
        return schema

    def _object(self, shape: Shape) -> Schema:
        schema: Schema = {"type": "object"}
        if shape.meaning:
            schema["description"] = shape.meaning
        schema["properties"] = {item.name: self.of_field(item) for item in shape.fields}
        if shape.required:
            schema["required"] = [item.name for item in shape.required]
        if shape.single:
            schema |= {"minProperties": 1, "maxProperties": 1}
        if shape.others is Others.NONE or (self.strict and shape.others is Others.LATER):
            schema["additionalProperties"] = False
        return schema

    def _value(self, item: Field) -> Schema:
        match item:
            case Choice():
                return {"type": "string", "enum": list(item.choices)}
            case BoundedText():
                return {"type": "string", **_limits(item)}
            case Text():
                return {"type": "string"}
            case Integer():
                return {"type": "integer", **_bounds(item)}
            case Number():
                return {"type": "number", **_bounds(item)}
            case Flag():
                return {"type": "boolean"}
            case Nested():
                return self.of_shape(item.shape)
            case Entries():
                return {"type": "array", "items": self.of_field(item.of)}
            case Mapping():
                return {"type": "object", "additionalProperties": self.of_field(item.of)}
            case _:
                return {}


def _limits(item: BoundedText) -> Schema:
    limits: Schema = {"minLength": 1} if item.filled else {}
    if item.longest is not None:
        limits["maxLength"] = item.longest
    if item.pattern is not None:
        limits["pattern"] = f"^(?:{item.pattern.pattern})$"
    return limits


def _bounds(item: Number) -> Schema:
    bounds = {"minimum": item.minimum, "maximum": item.maximum}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
