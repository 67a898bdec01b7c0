"""Decides which request or callback meets a fault that somebody has ordered, and how often.

Rules are asked in the order in which they were made. A delay goes on to the next rule, anything else decides. Chance
comes from the world's seed, so a run repeats: for a callback from the seed and its id, whatever else is under way.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import assert_never

from attrs import field

from sinch_simulator.core.values import define, frozen


class FaultSide(Enum):
    """Where a rule applies: to what the app asks of the platform, or to what the platform tells the app."""

    REST = "rest"
    CALLBACK = "callback"


class FaultKind(Enum):
    """What goes wrong."""

    STATUS = "status"
    ERROR_CODE = "errorCode"
    DELAY = "delay"
    TIMEOUT = "timeout"
    DISCONNECT = "disconnect"
    DUPLICATE = "duplicate"
    BAD_SIGNATURE = "badSignature"
    DROP = "drop"


ONLY_FOR_REQUESTS = frozenset({FaultKind.ERROR_CODE})
ONLY_FOR_CALLBACKS = frozenset({FaultKind.DUPLICATE, FaultKind.BAD_SIGNATURE, FaultKind.DROP})


@frozen
class FaultMatch:
    """What a rule is about; None is anything. In ``path``, ``*`` stands for any text."""

    path: str | None = None
    method: str | None = None
    event: str | None = None
    call_id: str | None = None
    product: str | None = None

    def fits(self, occasion: "Occasion") -> bool:
        """Tells whether it is about this request or callback."""
        return (
            (self.path is None or _pattern(self.path).fullmatch(occasion.path) is not None)
            and self.method in (None, occasion.method)
            and self.event in (None, occasion.event)
            and self.call_id in (None, occasion.call_id)
            and self.product in (None, occasion.product)
        )


@frozen
class Occasion:
    """A request to the platform, or an attempt to deliver a callback. ``path`` is without query and trailing slash."""

    side: FaultSide
    application_key: str
    method: str
    path: str
    product: str
    event: str | None = None
    call_id: str | None = None
    attempt_id: str | None = None
    """What no other attempt to deliver a callback has; None for a request."""


@define
class Fault:
    """A rule. ``number`` is the status of a STATUS, the code of an ERROR_CODE, the real seconds of a DELAY."""

    id: str
    side: FaultSide
    kind: FaultKind
    number: float = 0
    match: FaultMatch = field(factory=FaultMatch)
    application_key: str | None = None
    """Whose requests and callbacks; None for everybody's in the world."""
    times: int | None = None
    probability: float | None = None
    used: int = 0

    @property
    def order(self) -> Mapping[str, object]:
        """Returns what the rule does, as it was ordered: ``{"status": 503}``."""
        match self.kind:
            case FaultKind.STATUS:
                return {"status": int(self.number)}
            case FaultKind.ERROR_CODE:
                return {"errorCode": int(self.number)}
            case FaultKind.DELAY:
                return {"delay": self.number}
            case (
                FaultKind.TIMEOUT
                | FaultKind.DISCONNECT
                | FaultKind.DUPLICATE
                | FaultKind.BAD_SIGNATURE
                | FaultKind.DROP
            ):
                return {self.kind.value: True}
            case _:
                assert_never(self.kind)


@frozen
class Trouble:
    """What a request or a callback meets: a delay, and at most one fault beside it."""

    faults: tuple[Fault, ...] = ()

    @property
    def delay_s(self) -> float:
        """Returns real seconds."""
        return sum(fault.number for fault in self.faults if fault.kind is FaultKind.DELAY)

    @property
    def decisive(self) -> Fault | None:
        """Returns the fault that is more than a delay."""
        return next((fault for fault in self.faults if fault.kind is not FaultKind.DELAY), None)


@define
class FaultRules:
    """The rules of one world."""

    seed: int
    _rules: list[Fault] = field(factory=list)
    _given: int = 0
    _chance: Random = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._chance = Random(self.seed)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def next_id(self) -> str:
        """Returns the id of the next rule."""
        self._given += 1
        return f"fault-{self._given}"

    def add(self, fault: Fault) -> None:
        """Adds a rule, after those that are there."""
        self._rules.append(fault)

    def of(self, application_key: str | None) -> list[Fault]:
        """Returns the rules for one application, or all of them."""
        return [rule for rule in self._rules if application_key in (None, rule.application_key)]

    def drop(self, application_key: str | None, fault_id: str | None = None) -> bool:
        """Drops rules; tells whether there were any."""
        dropped = [rule for rule in self.of(application_key) if fault_id in (None, rule.id)]
        self._rules = [rule for rule in self._rules if rule not in dropped]
        return bool(dropped)

    def restart(self) -> None:
        """Forgets everything, chance included: the world begins anew."""
        self._rules.clear()
        self._given = 0
        self._chance = Random(self.seed)

    def spare(self, fault_ids: Iterable[str]) -> None:
        """Takes back that these rules applied: what they were counted for did not happen."""
        for fault_id in fault_ids:
            for rule in self._rules:
                rule.used -= rule.id == fault_id

    def meet(self, occasion: Occasion) -> Trouble:
        """Returns what this request or callback meets; rules that apply are counted."""
        met: list[Fault] = []
        for rule in self._rules:
            if not self._applies(rule, occasion):
                continue
            rule.used += 1
            met.append(rule)
            if rule.kind is not FaultKind.DELAY:
                break
        return Trouble(tuple(met))

    def _applies(self, rule: Fault, occasion: Occasion) -> bool:
        if rule.side is not occasion.side or rule.application_key not in (None, occasion.application_key):
            return False
        if rule.times is not None and rule.used >= rule.times:
            return False
        if not rule.match.fits(occasion):
            return False
        return rule.probability is None or self._drawn(rule, occasion) < rule.probability

    def _drawn(self, rule: Fault, occasion: Occasion) -> float:
        """Returns a number from 0 up to 1: for requests the next one, for a callback the one that is its own."""
        if occasion.attempt_id is None:
            return self._chance.random()
        text = f"{self.seed} {rule.id} {occasion.attempt_id}"
        bits = int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 11
        return bits / 2**53


@lru_cache(maxsize=256)
def _pattern(path: str) -> "re.Pattern[str]":
    """Runs of stars are one star: they would be tried one by one."""
    parts = re.sub(r"\*+", "*", path.rstrip("/") or "/").split("*")
    first, *middle = (re.escape(part) for part in parts)
    if not middle:
        return re.compile(first)
    *between, last = middle
    return re.compile(first + "".join(f"(?>.*?{part})" for part in between) + ".*" + last, re.DOTALL)
