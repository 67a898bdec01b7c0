"""Takes the steps about sessions of Voice v2, and about events that are not of one call of Voice v1."""

from collections.abc import Sequence

from sinch_scenarios.language import model as steps
from sinch_scenarios.language.expectations import Check, differences
from sinch_scenarios.playing.played_calls import PlayedCalls
from sinch_scenarios.playing.step_failures import StepFailed, compare, within_text
from sinch_scenarios.playing.timing import Timing
from sinch_simulator.client.control import Answer


async def start_call(calls: PlayedCalls, timing: Timing, step: steps.StartCall) -> None:
    """Starts calls as the app would, and waits for the first of them."""
    session_id = str((await calls.application.start_call(step.body))["sessionId"])

    async def look() -> str | None:
        return next(iter((await calls.application.session(session_id))["calls"]), None)

    first = await timing.until(look, steps.PATIENCE_MS)
    if first is None:
        raise StepFailed(f"the session made no call{within_text(steps.PATIENCE_MS)}")
    calls.begin(first, step.name)


async def act_as(calls: PlayedCalls, timing: Timing, step: steps.ActAs) -> None:
    """Finds the call of this name in the session, the newest one of it, as soon as it is there."""
    current = calls.call(None)

    async def look() -> Answer | None:
        session = await calls.session_of(current)
        shown = [await calls.application.call(call_id) for call_id in session["calls"]]
        return next((call for call in reversed(shown) if call["callName"] == step.name), None)

    found = await timing.until(look, steps.PATIENCE_MS)
    if found is None:
        raise StepFailed(f"no call of the session has the callName {step.name}{within_text(steps.PATIENCE_MS)}")
    calls.adopt(found["callId"], step.name)


async def expect_session(calls: PlayedCalls, timing: Timing, step: steps.ExpectSession) -> None:
    """Waits until the session is so; ``calls`` is how many it has."""
    call = calls.call(step.name)

    async def different() -> list[str]:
        session = await calls.session_of(call)
        return differences(step.checks, {**session, "calls": len(session["calls"])})

    async def look() -> bool | None:
        return None if await different() else True

    if await timing.until(look, step.within_ms) is None:
        compare(await different() or ["it was not so in time"], "the session")


async def expect_event(calls: PlayedCalls, timing: Timing, step: steps.ExpectCallback) -> None:
    """Waits for the next event of this name that is so, whatever it is about."""

    async def look() -> Answer | None:
        return _first_fit(await calls.unseen_callbacks(step.event), step.checks)

    found = await timing.until(look, step.within_ms)
    if found is None:
        others = await calls.unseen_callbacks(step.event)
        if others:
            compare(differences(step.checks, others[0]["request"]["body"]), f"callback {step.event}")
        instead = ", ".join(record["event"] for record in await calls.own_callbacks()) or "none at all"
        raise StepFailed(f"no callback {step.event} came{within_text(step.within_ms)}; callbacks so far: {instead}")
    calls.expected.add((found["id"], found["attempt"]))
    calls.expect_outcome(found, step.outcome or "answered")


async def expect_no_event(calls: PlayedCalls, timing: Timing, step: steps.ExpectNone) -> None:
    """Sees to it that no further event of this name is so, nor for a while where the step says so."""
    found = _first_fit(await calls.unseen_callbacks(step.event), step.checks)
    if found is None and step.within_ms:
        await timing.wait(step.within_ms)
        found = _first_fit(await calls.unseen_callbacks(step.event), step.checks)
    if found is not None:
        raise StepFailed(f"expected no callback {step.event}, and one came: {found['request']['body']}")


def _first_fit(records: Sequence[Answer], checks: tuple[Check, ...]) -> Answer | None:
    return next((each for each in records if not differences(checks, each["request"]["body"])), None)
