"""Keeps the calls of a scenario that is being played: which step began which, and how far each has been looked at.

It finds callbacks, texts and calls. Whether they are as expected is for the player to say.
"""

from attrs import field

from sinch_scenarios.language.model import Leg
from sinch_scenarios.playing.step_failures import StepFailed, outcome_text
from sinch_simulator.client.control import Answer, ApplicationClient
from sinch_simulator.client.ended_calls import refuse_when_over
from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.behaviour import text_pattern

_CALLED = ("callout", "verification")
"""The origins of calls in which the platform talks to who was called."""


@define
class PlayedCall:
    """A call, or a verification, that a step has begun. ``seen`` counts its callbacks up to the one expected last.

    The call of a verification has the id of the verification.
    """

    call_id: str
    seen: int = 0
    marks: dict[str, int] = field(factory=dict)
    """By leg, how many of the things heard came before what was done or heard last."""


@frozen
class FoundCallback:
    """A callback, and its position among those of its call."""

    position: int
    record: Answer


@define
class PlayedCalls:
    """The calls of one scenario, by name; ``last`` is the one begun last."""

    application: ApplicationClient
    earlier: frozenset[str] = frozenset()
    """The ids of calls that were there before; they are none of the scenario's business."""
    calls: list[PlayedCall] = field(factory=list)
    last: PlayedCall | None = None
    expected_failures: set[tuple[str, int]] = field(factory=set)
    """Id and attempt of the failed callbacks that the scenario said would fail."""
    expected: set[tuple[str, int]] = field(factory=set)
    """Id and attempt of the callbacks that are not of Voice v1, and that a step has expected."""
    _named: dict[str, PlayedCall] = field(factory=dict)

    def begin(self, call_id: str, name: str | None) -> PlayedCall:
        """Takes this call for the one that the next steps are about, and keeps it by its name."""
        call = PlayedCall(call_id)
        self.calls.append(call)
        self.last = call
        if name is not None:
            self._named[name] = call
        return call

    def call(self, name: str | None) -> PlayedCall:
        """Finds the call that a step is about; the loader has seen to it that there is one."""
        call = self.last if name is None else self._named[name]
        assert call is not None
        return call

    async def next_callback(self, call: PlayedCall, event: str, notify_type: str | None = None) -> FoundCallback | None:
        """Finds the next callback of this event after the one expected last."""
        records = await self.application.callbacks(call.call_id)
        for position, record in enumerate(records[call.seen :], start=call.seen):
            body = record["request"]["body"]
            if record["event"] == event and notify_type in (None, body.get("type")):
                return FoundCallback(position, record)
        return None

    def adopt(self, call_id: str, name: str) -> None:
        """Takes this call for the one that the next steps are about, whether or not a step has begun it."""
        known = next((each for each in self.calls if each.call_id == call_id), None)
        if known is None:
            known = PlayedCall(call_id)
            self.calls.append(known)
        self.last = self._named[name] = known

    async def session_of(self, call: PlayedCall) -> Answer:
        """Reads the session of a call. Raises ``SimulatorError`` for a call of Voice v1, which has none."""
        session_id = (await self.application.call(call.call_id)).get("sessionId")
        if session_id is None:
            raise SimulatorError("the call is one of Voice API v1: it has no session")
        return await self.application.session(session_id)

    async def unseen_callbacks(self, event: str) -> list[Answer]:
        """Lists the callbacks of this event, of whichever call or product, that no step has expected so far."""
        return [
            record
            for record in await self.own_callbacks()
            if record["event"] == event and (record["id"], record["attempt"]) not in self.expected
        ]

    def expect_outcome(self, record: Answer, wanted: str) -> None:
        """Sees to it that this is what came of a callback that a step has expected. Raises ``StepFailed``."""
        if record["outcome"] != wanted:
            message = f"callback {record['event']}: expected the outcome {wanted}, came {outcome_text(record)}"
            raise StepFailed(message)
        if wanted != "answered":
            self.expected_failures.add((record["id"], record["attempt"]))

    async def later_events(self, call: PlayedCall) -> list[str]:
        """Lists the events after the one expected last: what came instead."""
        records = await self.application.callbacks(call.call_id)
        return [record["event"] for record in records[call.seen :]]

    async def next_heard(self, call: PlayedCall, leg: Leg | None, text: str, *, earlier: bool) -> int | None:
        """Finds the position of the next text that is heard and fits; ``earlier`` counts what was heard before too."""
        pattern = text_pattern(text)
        name, heard = await self.heard_by(call, leg)
        since = 0 if earlier else call.marks.get(name, 0)
        return next((at for at in range(since, len(heard)) if pattern.search(heard[at])), None)

    async def heard_by(self, call: PlayedCall, leg: Leg | None) -> tuple[str, list[str]]:
        """Gives the name of a leg (None: of the person whom the platform talks to) and everything heard there."""
        answer = await self.application.call(call.call_id)
        name = leg.value if leg is not None else "callee" if answer["origin"] in _CALLED else "caller"
        return name, [text for end in answer["legs"] if end["leg"] == name for text in end["heard"]]

    async def about_to_act(self, call: PlayedCall, what: str, *, even_when_over: bool = False) -> None:
        """Takes note that a person does something: what was heard by now was heard before.

        Raises ``SimulatorError`` when the call is over, unless that is what the step is about.
        """
        answer = await self.application.call(call.call_id)
        if not even_when_over:
            refuse_when_over(answer, what)
        call.marks |= {end["leg"]: len(end["heard"]) for end in answer["legs"]}

    async def new_call(self) -> Answer | None:
        """Finds the oldest call that no step has begun."""
        known = {call.call_id for call in self.calls}
        return next((call for call in await self.own_calls() if call["callId"] not in known), None)

    async def own_calls(self) -> list[Answer]:
        """Lists the calls since the scenario began, oldest first."""
        return [call for call in await self.application.calls() if call["callId"] not in self.earlier]

    async def own_callbacks(self) -> list[Answer]:
        """Lists their callbacks, in the order sent."""
        return [record for record in await self.application.callbacks() if record["callId"] not in self.earlier]
