"""Assigns numbers at once, as the older APIs do, and writes a line of the journal about each one that has moved."""

from sinch_simulator.core.application import Application
from sinch_simulator.core.numbers import Capability, NumberPool
from sinch_simulator.core.rest.worlds import SimulatedWorld


def assign(world: SimulatedWorld, pool: NumberPool, number: str, to: Application, capability: Capability) -> None:
    """Lets an application answer the calls to a number, or get its texts; no line tells what was so before."""
    before = pool.assigned(number, to, capability)
    pool.assign(number, to, capability)
    if not before:
        _tell(world, "number.assigned", number, {"to": _in_words(to, capability)}, to)


def unassign(world: SimulatedWorld, pool: NumberPool, number: str, of: Application, capability: Capability) -> None:
    """Takes a number away from the application that has it for calls, or for texts."""
    pool.unassign(number, capability)
    _tell(world, "number.unassigned", number, {"from": _in_words(of, capability)}, of)


def _in_words(application: Application, capability: Capability) -> str:
    if capability is Capability.VOICE:
        return f"application {application.key}"
    return f"service plan {application.service_plan_id}"


def _tell(world: SimulatedWorld, kind: str, number: str, fields: dict[str, str], application: Application) -> None:
    world.journal.add(world.now, kind, None, {"number": number, **fields, "applicationKey": application.key})
