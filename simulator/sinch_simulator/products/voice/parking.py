"""A parked call: the intro once, the hold prompt over and over, until the app or the clock ends it.

Source: docs/platform/svaml.md#3.9.
"""

from sinch_simulator.core.effects import CancelTimer, SetTimer
from sinch_simulator.phones.signals import Hush
from sinch_simulator.products.voice.call import Call, CallState, ParkRun, Timer
from sinch_simulator.products.voice.call_end import end
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.run_instructions import answer, play
from sinch_simulator.products.voice.svaml.model import Park


def park(call: Call, action: Park, now: int) -> list[Effect]:
    """Answers the caller, if need be, and holds."""
    call.program = None
    call.state = CallState.PARKED
    call.parking = ParkRun(action, list(action.intro_prompt))
    return [
        *answer(call, now),
        SetTimer(call.id, Timer.PARK, action.max_duration_ms),
        *play_on(call, call.parking),
    ]


def play_on(call: Call, run: ParkRun) -> list[Effect]:
    """Plays the next prompt, beginning the hold prompt again when it has ended."""
    if not run.prompts:
        run.prompts = list(run.action.hold_prompt)
    if not run.prompts:
        run.prompting = False
        return []
    prompt = run.prompts.pop(0)
    run.prompting = True
    return [*play(call, [call.party], prompt), SetTimer(call.id, Timer.PROMPT, prompt.duration_ms)]


def prompt_over(call: Call, run: ParkRun, now: int) -> list[Effect]:
    """Goes on when a prompt has ended."""
    if run.expired:
        return end(call, now, result="ANSWERED", reason="TIMEOUT")
    return play_on(call, run)


def expire(call: Call, run: ParkRun, now: int) -> list[Effect]:
    """Ends the waiting when the time is up; the prompt that plays is finished first."""
    if run.prompting:
        run.expired = True
        return []
    return end(call, now, result="ANSWERED", reason="TIMEOUT")


def unpark(call: Call) -> list[Effect]:
    """Stops prompts at once, because the app has sent SVAML."""
    run = call.parking
    call.parking = None
    effects: list[Effect] = [CancelTimer(call.id, Timer.PARK), CancelTimer(call.id, Timer.PROMPT)]
    if run is not None and run.prompting:
        effects.append(Hush(call.id, call.party.name))
    return effects
