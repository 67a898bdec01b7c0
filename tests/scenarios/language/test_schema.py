"""The JSON Schema says the same as the loader about every bundled file, and about mistakes that editors should show."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from sinch_scenarios.catalogue import Entry, entries
from sinch_scenarios.language.schema import schema
from sinch_scenarios.language.table import STEPS

VALIDATOR = Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_bundled_file_fits(entry: Entry) -> None:
    document = yaml.safe_load(entry.path.read_text())
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize(
    "document",
    [
        {"nme": "x"},
        {"steps": []},
        {"steps": [{"dail": {"from": "1"}}]},
        {"steps": [{"dial": {}}]},
        {"steps": [{"dial": {"from": "1", "too": "2"}}]},
        {"steps": [{"wait": "soon"}]},
        {"steps": [{"press": "1a"}]},
        {"steps": [{"expect": "aced"}]},
        {"phones": {"1": {"bussy": {}}}},
        {"phones": {"1": {"then": [{"press": "1", "wait": 1}]}}},
        {"population": {"people": [{"share": 3}]}},
    ],
)
def test_mistakes_do_not_fit(document: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(document)


def test_every_step_is_described() -> None:
    described = json.dumps(schema())
    assert [rule.key for rule in STEPS if json.dumps(rule.help) not in described] == []
