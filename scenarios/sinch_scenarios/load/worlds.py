"""The small worlds that a population is played in: what one can do, and one that is reached over the control API."""

from typing import Protocol

from attrs import frozen

from sinch_scenarios.language.yaml_nodes import Json
from sinch_simulator.client.control import Lodger

LONGEST_CALL_MS = 14_400_000
"""Four hours: no call lasts longer (docs/platform/lifecycle.md#1)."""
MOST_ADVANCES = 5
"""After so many times four hours a call that is still there is stuck."""


@frozen
class Told:
    """A callback: how it went, and, of a DiCE, the result and reason that it told."""

    event: str
    outcome: str
    latency_ms: int
    ending: tuple[str, str] | None = None


@frozen
class Findings:
    """What happened in a world. ``untold`` are the endings that no DiCE told."""

    callbacks: tuple[Told, ...]
    diagnostics: tuple[tuple[str, str], ...] = ()
    """Code and severity."""
    untold: tuple[tuple[str, str], ...] = ()
    stuck: int = 0


class Room(Protocol):
    """A world for some calls."""

    async def begin(self, persona: Json, address: str) -> None:
        """Somebody calls, or is called. Raises ``Refused``."""

    async def let_pass(self) -> None:
        """Let time pass until nothing is due any more, or the calls must be stuck."""

    async def findings(self, begun: int) -> Findings:
        """What happened to the ``begun`` calls."""


@frozen
class LodgerRoom:
    """A world in a simulator elsewhere. Without ``callout`` people call in."""

    lodger: Lodger
    callout: dict[str, Json] | None = None

    async def begin(self, persona: Json, address: str) -> None:
        """Somebody calls, or is called. Raises ``Refused``."""
        if self.callout is None:
            await self.lodger.dial({"from": address, "caller": persona})
            return
        await self.lodger.script(address, persona)
        await self.lodger.call_out(addressed(self.callout, address))

    async def let_pass(self) -> None:
        """Let time pass until nothing is due any more, or the calls must be stuck."""
        for _ in range(MOST_ADVANCES):
            await self.lodger.advance(LONGEST_CALL_MS)
            if await self.lodger.next_due() is None:
                return

    async def findings(self, begun: int) -> Findings:
        """What happened to the ``begun`` calls."""
        records = await self.lodger.callbacks()
        callbacks = tuple(
            Told(record["event"], record["outcome"], record["latencyMs"], ending_told(record["request"]["body"]))
            for record in records
        )
        found = (await self.lodger.control("GET", "/diagnostics"))["diagnostics"]
        diagnostics = tuple((finding["code"], finding["severity"]) for finding in found)
        if sum(told.ending is not None for told in callbacks) >= begun:
            return Findings(callbacks, diagnostics)
        enders = {record["callId"] for record in records if record["event"] == "dice"}
        calls = [call for call in await self.lodger.calls() if call["callId"] not in enders]
        over = tuple((call["result"], call["reason"]) for call in calls if call["status"] == "FINAL")
        return Findings(callbacks, diagnostics, over, stuck=len(calls) - len(over))


def ending_told(body: dict[str, Json]) -> tuple[str, str] | None:
    """Result and reason, of a DiCE."""
    return (str(body["result"]), str(body["reason"])) if body["event"] == "dice" else None


def addressed(callout: dict[str, Json], address: str) -> dict[str, Json]:
    """The callout with this destination, and with ``{address}`` written out in its texts."""
    method = callout.get("method")
    body = {key: _written_out(value, address) for key, value in callout.items()}
    details = body.get(method) if isinstance(method, str) else None
    if isinstance(details, dict) and "{address}" not in str(callout):
        details.setdefault("destination", {"type": "number", "endpoint": address})
    return body


def _written_out(value: Json, address: str) -> Json:
    match value:
        case str():
            return value.replace("{address}", address)
        case list():
            return [_written_out(one, address) for one in value]
        case dict():
            return {key: _written_out(one, address) for key, one in value.items()}
        case _:
            return value
