"""Opens the small worlds that a population is played in, over the control API, and says what happened in them.

A world of a simulator in this very process is reached without HTTP, so that the app is all that is pressed on. What the
app sees is the same: signed callbacks over its socket, calls that come in, callouts by REST.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve

from sinch_scenarios.language.model import Population, Scenario
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.texts import TEXT_EVENTS, Person, endings, let_pass, send_batch, texts_of
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.player import webhook_settings
from sinch_scenarios.playing.session import Session, made_up
from sinch_simulator.client.control import Answer, ApplicationClient
from sinch_simulator.client.ended_calls import result_of
from sinch_simulator.client.errors import Refused
from sinch_simulator.core.values import frozen

if TYPE_CHECKING:
    from sinch_simulator.embedded.host import Host

LONGEST_CALL_MS = 14_400_000
"""Four hours: no call lasts longer (docs/platform/lifecycle.md#1)."""
MOST_ADVANCES = 5
"""After so many times four hours a call that is still there is stuck."""


@frozen
class ToldCallback:
    """A callback: how it went, and, of a DiCE, the result and reason that it told."""

    event: str
    outcome: str
    latency_ms: int
    call_id: str
    ending: tuple[str, str] | None = None


@frozen
class WorldResult:
    """What happened in a world. ``untold`` are the endings that no DiCE told."""

    callbacks: tuple[ToldCallback, ...]
    diagnostics: tuple[tuple[str, str], ...] = ()
    """Code and severity."""
    untold: tuple[tuple[str, str], ...] = ()
    stuck_calls: tuple[str, ...] = ()
    """The ids of the calls that have not ended."""

    def failures(self) -> dict[str, str]:
        """Names each kind of failure that there was, with the id of the first call that had it."""
        found: dict[str, str] = {}
        for told in self.callbacks:
            if told.outcome != "answered" and told.event not in TEXT_EVENTS:
                found.setdefault(f"callback {told.event}: {told.outcome}", told.call_id)
        for call_id in self.stuck_calls:
            found.setdefault("a call that never ends", call_id)
        known = {told.call_id for told in self.callbacks if told.outcome != "answered"}
        for told in self.callbacks:
            if told.ending is not None and told.ending[0] == "FAILED" and told.call_id not in known:
                found.setdefault(f"a call that failed: {told.ending[1]}", told.call_id)
        return found


@frozen
class Sample:
    """A call of one kind of failure, and its callbacks, as the control API shows them."""

    call: Answer
    callbacks: tuple[Answer, ...]


class LoadWorld(Protocol):
    """A world for some calls of a load test."""

    async def begin(self, people: Sequence[Person]) -> list[Refused]:
        """Begins a call with each of them; gives the refusals of those that could not be begun."""

    async def let_pass(self) -> None:
        """Lets time pass until nothing is due any more, or the calls must be stuck."""

    async def result(self, begun: int) -> WorldResult:
        """Says what happened to the ``begun`` calls."""

    async def sample(self, call_id: str) -> Sample:
        """Shows one call whole."""


@frozen
class RemoteWorld:
    """A world that is reached over the control API alone; ``population`` says what people do, or is done to them."""

    application: ApplicationClient
    population: Population

    async def begin(self, people: Sequence[Person]) -> list[Refused]:
        """Begins a call with each of them, one after the other, or sends their texts; gives the refusals."""
        if self.population.batch is not None:
            return await send_batch(self.application, self.population.batch, people)
        refusals: list[Refused] = []
        for person in people:
            try:
                await self.begin_one(person)
            except Refused as error:
                refusals.append(error)
        return refusals

    async def begin_one(self, person: Person) -> None:
        """Lets somebody call, or text, or calls them. Raises ``Refused``."""
        callout = self.population.callout
        if self.population.text is not None:
            await self.application.script(person.address, _persona(person))
            await self.application.text_in({"from": person.address, "text": self.population.text})
            return
        if callout is None:
            await self.application.dial({"from": person.address, "caller": person.persona})
            return
        await self.application.script(person.address, _persona(person))
        await self.application.call_out(addressed(callout, person.address))

    async def let_pass(self) -> None:
        """Lets time pass until nothing is due any more, or the calls must be stuck."""
        if texts_of(self.population):
            await let_pass(self.application)
            return
        for _ in range(MOST_ADVANCES):
            await self.application.advance(LONGEST_CALL_MS)
            if await self.application.next_due_ms() is None:
                return

    async def result(self, begun: int) -> WorldResult:
        """Says what happened to the ``begun`` calls."""
        callbacks = await self.told_callbacks()
        found = (await self.application.control("GET", "/diagnostics"))["diagnostics"]
        diagnostics = tuple((finding["code"], finding["severity"]) for finding in found)
        if texts_of(self.population):
            return WorldResult(callbacks, diagnostics, await endings(self.application))
        if sum(told.ending is not None for told in callbacks) >= begun:
            return WorldResult(callbacks, diagnostics)
        told_of = {told.call_id for told in callbacks if told.ending is not None}
        calls = [call for call in await self.application.calls(timeline="false") if call["callId"] not in told_of]
        over = tuple(result_of(call) for call in calls if call["status"] == "FINAL")
        stuck = tuple(str(call["callId"]) for call in calls if call["status"] != "FINAL")
        return WorldResult(callbacks, diagnostics, over, stuck)

    async def sample(self, call_id: str) -> Sample:
        """Shows one call whole."""
        return Sample(await self.application.call(call_id), tuple(await self.application.callbacks(call_id)))

    async def told_callbacks(self) -> tuple[ToldCallback, ...]:
        """Tells what became of every callback, in the order of sending."""
        return tuple(
            ToldCallback(
                record["event"],
                record["outcome"],
                record["latencyMs"],
                record["callId"] or "",
                _ending_told(record["event"], record["request"]["body"]),
            )
            for record in await self.application.callbacks()
        )


@frozen
class LocalWorld(RemoteWorld):
    """A world of a simulator in this process: callbacks are counted where they are kept.

    Its calls begin at one instant, before any callback goes out: ``application`` is of a client that goes on.
    """

    host: "Host | None" = None

    async def told_callbacks(self) -> tuple[ToldCallback, ...]:
        """Tells what became of every callback, in the order of sending."""
        assert self.host is not None
        return tuple(
            ToldCallback(each.event, each.outcome, each.latency_ms, each.call_id, _ending_told(each.event, each.body))
            for each in self.host.callback_outcomes(self.application.key)
        )


@frozen
class LoadWorlds:
    """Opens worlds for a load test. An app that knows one application only gets it anew for each world, in turn."""

    session: Session
    scenario: Scenario
    seed: int

    @asynccontextmanager
    async def open(self, number: int) -> AsyncIterator[LoadWorld]:
        """Opens a world for calls from this number on, and drops it at the end."""
        own = self.session.application or made_up(self.scenario, ScenarioRun(self.scenario, self.seed, number))
        async with self.session.webhook(self.scenario.sample, own) as url:
            application = await self.session.client.create_application(
                {
                    **webhook_settings(self.scenario, url),
                    "clock": "manual",
                    "seed": self.seed + number,
                    "key": own.key,
                    "secret": own.secret,
                    "numbers": list(self.scenario.numbers or self.session.settings.numbers),
                }
            )
            try:
                yield self._world(application)
            finally:
                await application.delete()

    def _world(self, application: ApplicationClient) -> LoadWorld:
        population = self.scenario.population
        assert population is not None, "a load test has a population"
        if self.session.host is None:
            return RemoteWorld(application, population)
        goes_on = evolve(application, client=self.session.host.client_that_goes_on)
        return LocalWorld(goes_on, population, self.session.host)


_ENDINGS_OF_V2 = frozenset({"call.hangup", "call.busy", "call.rejected", "call.timeout", "call.failed"})


def _ending_told(event: str, body: Mapping[str, Json]) -> tuple[str, str] | None:
    """Reads result and reason of an event that tells the end of a call, in either protocol."""
    if event == "dice":
        return str(body["result"]), str(body["reason"])
    if event not in _ENDINGS_OF_V2:
        return None
    call: Any = body["call"]
    return str(call["callResult"]), str(call["callReason"])


def _persona(person: Person) -> Mapping[str, Json]:
    assert isinstance(person.persona, Mapping), "people who are called are put at their address by a persona"
    return person.persona


def addressed(callout: dict[str, Json], address: str) -> dict[str, Json]:
    """Gives the callout this destination, and writes ``{address}`` out in its texts."""
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
