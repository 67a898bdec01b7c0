"""Reads populations: who calls or is called, in which shares, with chance in their habits.

A mapping of one of the keys ``lognormal``, ``uniform`` or ``one_of`` stands for a value that is drawn anew for each
person. The same seed draws the same people.
"""

import math
import random
import re

from sinch_scenarios.language.model import People, Population
from sinch_scenarios.language.reading import Reader
from sinch_scenarios.language.yaml_nodes import Fields, Items, Json, Node, Scalar, json_of, shown
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.phones.persona_json import PersonaError, read_persona

DISTRIBUTIONS = ("lognormal", "uniform", "one_of")
LONGEST_DRAWN_S = 3600.0

_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
_TRIALS = 20
"""How often a persona with chance in it is drawn and read before a file is believed."""


def read_population(reader: Reader, node: Node) -> Population | None:
    """Reads the population of a file; None when something was reported."""
    before = len(reader.problems)
    if not isinstance(node, Fields):
        reader.report(node.place, f"population: {shown(node)} is no mapping", "write `people:`, and `callout:` if any")
        return None
    for entry in node.entries:
        if entry.key not in ("people", "callout"):
            right = suggestion(entry.key, ("people", "callout"))
            reader.report(entry.place, f'population: unknown key "{entry.key}"', right)
    callout = node.get("callout")
    if callout is not None and not isinstance(callout, Fields):
        reader.report(callout.place, f"callout: {shown(callout)} is no request", "write the body of a callout")
    people = _read_people(reader, node)
    if len(reader.problems) > before:
        return None
    body = json_of(callout) if callout is not None else None
    assert body is None or isinstance(body, dict)
    return Population(people, body)


def _read_people(reader: Reader, node: Fields) -> tuple[People, ...]:
    people = node.get("people")
    if not isinstance(people, Items) or not people.items:
        place = node.place if people is None else people.place
        reader.report(place, "population: people is no list", "write one, like [{share: 20%, phone: {busy: {}}}]")
        return ()
    read = tuple(one for item in people.items if (one := _read_one(reader, item)) is not None)
    shares = [one.share for one in read if one.share is not None]
    if sum(shares) > 1 + 1e-9:
        reader.report(people.place, f"the shares come to {sum(shares):.0%}", "they come to 100% at most")
    elif len(shares) == len(read) and sum(shares) < 1 - 1e-9:
        reader.report(people.place, f"the shares come to {sum(shares):.0%}", "let one share be `rest`")
    return read


def _read_one(reader: Reader, node: Node) -> People | None:
    share, phone = (node.get("share"), node.get("phone")) if isinstance(node, Fields) else (None, None)
    if not isinstance(node, Fields) or share is None:
        reader.report(node.place, "people: a share is missing", "write {share: 20%, phone: {busy: {}}}")
        return None
    for entry in node.entries:
        if entry.key not in ("share", "phone"):
            reader.report(entry.place, f'people: unknown key "{entry.key}"', suggestion(entry.key, ("share", "phone")))
    document = {} if phone is None else json_of(phone)
    if phone is not None:
        _try_phone(reader, phone, document)
    read = _read_share(reader, share)
    return None if read is None else People(None if read < 0 else read, document)


def _read_share(reader: Reader, node: Node) -> float | None:
    """Reads a share of one, or -1 for the rest."""
    written = node.written.strip() if isinstance(node, Scalar) else ""
    found = _SHARE.fullmatch(written)
    if written == "rest":
        return -1.0
    if found is None or not 0 < float(found[1]) <= 100:
        reader.report(node.place, f"share: {shown(node)} is no share", "write one like 20%, or rest")
        return None
    return float(found[1]) / 100


def _try_phone(reader: Reader, node: Node, document: Json) -> None:
    chance = random.Random(0)
    for _ in range(_TRIALS):
        try:
            read_persona(drawn(document, chance), "")
        except PersonaError as error:
            message = f"{error.path.lstrip('.') or 'phone'}: {error.message}"
            reader.report(reader.place_at(node, error.path), message, error.hint)
            return
        except ValueError as why:
            reader.report(node.place, str(why), "write one like {lognormal: {median: 4, sigma: 0.5}}")
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
