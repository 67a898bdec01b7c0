"""Draws people from a population. The same seed draws the same people."""

import random

from sinch_scenarios.language.model import Population
from sinch_scenarios.language.population import drawn
from sinch_scenarios.language.yaml_nodes import Json
from sinch_simulator.core.values import frozen


@frozen
class DrawnPerson:
    """Somebody drawn from a population: the place of their kind in its list, and a persona."""

    kind: int
    persona: Json


def draw_person(population: Population, chance: random.Random) -> DrawnPerson:
    """Draws somebody, by the shares."""
    point = chance.random()
    rest = next((index for index, people in enumerate(population.people) if people.share is None), None)
    for index, people in enumerate(population.people):
        point -= people.share or 0.0
        if people.share is not None and point < 0:
            return DrawnPerson(index, drawn(people.phone, chance))
    index = len(population.people) - 1 if rest is None else rest
    return DrawnPerson(index, drawn(population.people[index].phone, chance))
