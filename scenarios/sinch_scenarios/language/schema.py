"""The JSON Schema of scenario files, for editors that complete and check: written from the shapes that read them."""

from sinch_scenarios.language.loader import FILE
from sinch_scenarios.language.population import DISTRIBUTIONS, POPULATION
from sinch_scenarios.language.table import STEPS, StepRule
from sinch_simulator.core.schema.fields import Entries, Nested
from sinch_simulator.core.schema.json_schema import Schema, SchemaWriter
from sinch_simulator.core.schema.shapes import Field
from sinch_simulator.core.values import define
from sinch_simulator.phones.persona_json import PERSONA

_REFERENCE = "#/$defs/"


def schema() -> Schema:
    """Returns the schema of a file (draft 2020-12)."""
    writer = SchemaWriter(_REFERENCE)
    persona = writer.of_shape(PERSONA)
    drawn = _DrawnWriter(_REFERENCE + "Drawn")
    properties = writer.of_shape(FILE)["properties"]
    properties["phones"] |= {"additionalProperties": persona}
    properties["steps"] |= {"type": "array", "minItems": 1, "items": {"$ref": f"{_REFERENCE}step"}}
    properties["population"] |= {"$ref": f"{_REFERENCE}population"}
    population = writer.of_shape(POPULATION)
    people = population["properties"]["people"]
    people["minItems"] = 1
    people["items"]["properties"]["phone"] |= drawn.of_shape(PERSONA)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://sinch-simulator.invalid/scenario.schema.json",
        "title": "A scenario of sinch-simulator",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {
            "step": {"oneOf": [_step(rule, writer) for rule in STEPS]},
            "population": population,
            **writer.titled,
            **{f"Drawn{name}": each for name, each in drawn.titled.items()},
        },
    }


def _step(rule: StepRule, writer: SchemaWriter) -> Schema:
    long_form = writer.of_shape(rule.shape)
    long_form["additionalProperties"] = rule.expects or rule.free
    forms = [long_form]
    if rule.short is not None:
        forms.append(writer.of_field(rule.shape.exact[rule.short]))
    bare = not rule.shape.required and not rule.free
    if bare:
        forms.append({"type": "null"})
    keyed: Schema = {
        "type": "object",
        "properties": {rule.key: {"description": rule.help, "anyOf": forms}},
        "required": [rule.key],
        "additionalProperties": False,
        "description": rule.help,
    }
    return {"anyOf": [keyed, {"const": rule.key}]} if bare else keyed


@define
class _DrawnWriter(SchemaWriter):
    """Writes the schema of objects in which a single value may be left to chance."""

    def of_field(self, item: Field) -> Schema:
        """Returns the schema of a value, or of a distribution that it is drawn from."""
        schema = SchemaWriter.of_field(self, item)
        return schema if isinstance(item, Nested | Entries) else {"anyOf": [schema, _CHANCE]}


_CHANCE: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"enum": [*DISTRIBUTIONS]},
    "description": "Drawn anew for each person.",
}
