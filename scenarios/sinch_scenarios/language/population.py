"""Reads populations: who calls or is called, in which shares, with chance in their habits.

A mapping of one of the keys ``lognormal``, ``uniform`` or ``one_of`` stands for a value that is drawn anew for each
person. The same seed draws the same people.
"""

import math
import random
import re
from typing import Any

from sinch_scenarios.language.fields import Object, Written
from sinch_scenarios.language.findings import NodeFindings, Problems, place_at
from sinch_scenarios.language.model import People, Population
from sinch_scenarios.language.yaml_nodes import Fields, Items, Json, Node, plain, shown, value_of
from sinch_simulator.core.schema.fields import Anything, Entries, Nested
from sinch_simulator.core.schema.shapes import Field, Findings, Shape
from sinch_simulator.phones.persona_json import PersonaError, read_persona

_RIGHT = {
    "lognormal": "{lognormal: {median: 4, sigma: 0.5}}",
    "uniform": "{uniform: [1, 5]}, the smaller number first",
    "one_of": '{one_of: ["1", "2"]}',
}
DISTRIBUTIONS = tuple(_RIGHT)
LONGEST_DRAWN_S = 3600.0

_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
_PERCENTAGE = {"type": "string", "pattern": "^([0-9.]+ *%|rest)$"}
_WAYS = ("callout", "batch", "text")
"""What may be done to people, or by them, in place of calling in."""
REST = -1.0
"""The share of those who make up what is left."""
_TRIALS = 20
"""How often a persona with chance in it is drawn and read before a file is believed."""


class _Share(Field):
    """A part of all people: a percentage, or the rest."""

    phrase: str = "a share"
    right: str = "one like 20%, or rest"
    described: "dict[str, Any] | None" = _PERCENTAGE

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> float | None:
        """Reads a share of one, or ``REST``."""
        text = value.strip() if isinstance(value, str) else ""
        found = _SHARE.fullmatch(text)
        if text == "rest":
            return REST
        if found is not None and 0 < float(found[1]) <= 100:
            return float(found[1]) / 100
        findings.wrong(self, prefix + name, value)
        return None


PEOPLE = Shape(
    "people",
    (
        _Share("share", "which part of all: write {share: 20%, phone: {busy: {}}}", required=True),
        Anything("phone", "how they behave, with chance in it"),
    ),
)
POPULATION = Shape(
    "population",
    (
        Object("callout", "What the app would post; destinations are filled in."),
        Object("batch", "The batch of texts that the app would post; recipients are filled in."),
        Written("text", "What people text the app."),
        Entries(
            "people",
            "who there is: write a list like [{share: 20%, phone: {busy: {}}}]",
            of=Nested(shape=PEOPLE),
            required=True,
            right="a list, like [{share: 20%, phone: {busy: {}}}]",
        ),
    ),
)


def read_population(problems: Problems, node: Node) -> Population | None:
    """Reads the population of a file; None when something was reported."""
    before = len(problems.found)
    if not isinstance(node, Fields):
        message = f"population: {shown(node)} is no mapping"
        problems.report(node.place, message, "write `people:`, and `callout:` if any")
        return None
    findings = NodeFindings(problems, node, node.place, "population")
    document = value_of(node)
    assert isinstance(document, dict)
    values = POPULATION.read(document, "", findings)
    people = tuple(
        People(None if one["share"] == REST else one["share"], plain(one["phone"] or {}))
        for one in values["people"]
        if one is not None and one["share"] is not None
    )
    ways = [name for name in _WAYS if values[name] is not None]
    if len(ways) > 1:
        problems.report(node.place, f"population: {' and '.join(ways)} exclude each other", "keep one of them")
    listed = node.get("people")
    if isinstance(listed, Items) and len(problems.found) == before:
        _check_shares(problems, listed, people)
        for item, one in zip(listed.items, people, strict=True):
            phone = item.get("phone") if isinstance(item, Fields) else None
            if phone is not None:
                _try_phone(problems, phone, one.phone)
    if len(problems.found) > before:
        return None
    return Population(people, values["callout"], values["batch"], values["text"])


def _check_shares(problems: Problems, listed: Items, people: tuple[People, ...]) -> None:
    shares = [one.share for one in people if one.share is not None]
    if not people:
        problems.report(listed.place, "population: people is an empty list", "write one, like [{share: 100%}]")
    elif sum(shares) > 1 + 1e-9:
        problems.report(listed.place, f"the shares come to {sum(shares):.0%}", "they come to 100% at most")
    elif len(shares) == len(people) and sum(shares) < 1 - 1e-9:
        problems.report(listed.place, f"the shares come to {sum(shares):.0%}", "let one share be `rest`")


def _try_phone(problems: Problems, node: Node, document: Json) -> None:
    chance = random.Random(0)
    for _ in range(_TRIALS):
        try:
            read_persona(drawn(document, chance), "")
        except PersonaError as error:
            message = f"{error.path.lstrip('.') or 'phone'}: {error.message}"
            problems.report(place_at(node, error.path), message, error.hint)
            return
        except ValueError as why:
            problems.report(node.place, str(why), f"write one like {_RIGHT[str(why).partition(':')[0]]}")
            return


def drawn(value: Json, chance: random.Random) -> Json:
    """Replaces every distribution in a value by what is drawn. Raises ``ValueError`` for one that is not possible."""
    if isinstance(value, list):
        return [drawn(one, chance) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in DISTRIBUTIONS:
        [(kind, settings)] = value.items()
        return _draw(kind, settings, chance)
    return {key: drawn(one, chance) for key, one in value.items()}


def _draw(kind: str, settings: Json, chance: random.Random) -> Json:
    if kind == "one_of":
        if not isinstance(settings, list) or not settings:
            raise ValueError("one_of: needs a list of values")
        return chance.choice(settings)
    if kind == "uniform":
        low, high = _two_numbers(kind, settings if isinstance(settings, list) else [])
        if low > high:
            raise ValueError(f"uniform: from {low:g} to {high:g} there is nothing to draw")
        return round(chance.uniform(low, high), 3)
    members = settings if isinstance(settings, dict) else {}
    median, sigma = _two_numbers(kind, [members.get("median"), members.get("sigma")])
    if not 0 < median <= LONGEST_DRAWN_S or not 0 <= sigma <= 5:
        raise ValueError("lognormal: the median is seconds above 0, sigma is from 0 to 5")
    return round(min(chance.lognormvariate(math.log(median), sigma), LONGEST_DRAWN_S), 3)


def _two_numbers(kind: str, values: list[Json]) -> tuple[float, float]:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) != 2 or len(values) != 2:
        form = "[1, 5]" if kind == "uniform" else "{median: 4, sigma: 0.5}"
        raise ValueError(f"{kind}: needs two numbers, like {form}")
    return float(numbers[0]), float(numbers[1])
