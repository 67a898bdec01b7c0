"""What each SVAML instruction makes a call do, and how long that takes (docs/platform/svaml.md#4)."""

from typing import assert_never

from sinch_simulator.core.effects import Log, SetTimer
from sinch_simulator.phones.signals import Accept, Play, SendDigits
from sinch_simulator.products.voice.call import LONGEST_CALL_MS, Call, Leg, LegState, Program, Timer
from sinch_simulator.products.voice.callbacks.rules import warn
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.recording_transitions import start, stop
from sinch_simulator.products.voice.svaml.model import (
    Answer,
    Instruction,
    PlayFiles,
    Prompt,
    ReportCallStatus,
    Say,
    SendDtmf,
    SetCookie,
    StartRecording,
    StopRecording,
)

TONE_MS = 200
"""One DTMF tone with its gap (*assumed*)."""
PAUSE_MS = 500
"""One ``w`` (docs/platform/rest.md#3.1)."""
LONGEST_COOKIES = 1024
"""Bytes of all keys and values together (docs/platform/svaml.md#4)."""


def begin(call: Call, program: Program, step: Instruction | Prompt, now: int) -> tuple[list[Effect], int]:
    """Begins one step; returns its effects and the milliseconds until the next step may begin."""
    match step:
        case Prompt():
            heard = play(call, [call.leg(name) for name in program.listeners], step)
            return heard, step.duration_ms if heard else 0
        case Say():
            program.todo.insert(0, step.prompt)
            return [], 0
        case PlayFiles():
            program.todo[:0] = step.prompts
            return [], 0
        case SendDtmf():
            return send_digits(call, step.digits)
        case SetCookie():
            return set_cookie(call, step), 0
        case Answer():
            return answer(call, now), 0
        case StartRecording():
            return [*start(call, step, now)], 0
        case StopRecording():
            return stop(call, now), 0
        case ReportCallStatus():
            return [Log(call.id, "status.reported", {"value": step.value, "details": step.details})], 0
        case _:
            assert_never(step)


def play(call: Call, legs: list[Leg], prompt: Prompt) -> list[Effect]:
    """Lets these legs hear a prompt; a leg where nobody is hears nothing."""
    effects: list[Effect] = []
    for leg in legs:
        if leg.present:
            leg.hear(prompt.text)
            effects.append(Play(call.id, leg.name, prompt.text, prompt.duration_ms, prompt.locale, prompt.spoken))
    return effects


def send_digits(call: Call, digits: str) -> tuple[list[Effect], int]:
    """Sends tones to the second party, or to the person on the line while there is no second one."""
    leg = call.other if call.other.state is LegState.ANSWERED else call.party
    if not leg.present:
        return [], 0
    leg.dtmf += digits.replace("w", "")
    takes_ms = sum(PAUSE_MS if digit == "w" else TONE_MS for digit in digits)
    return [SendDigits(call.id, leg.name, digits)], takes_ms


def answer(call: Call, now: int) -> list[Effect]:
    """Answers the incoming leg, if it is not answered yet: the call costs from here on."""
    if call.caller.state is not LegState.RINGING or call.setup.callout is not None:
        return []
    call.caller.state = LegState.ANSWERED
    effects: list[Effect] = [Accept(call.id, call.caller.name)]
    if call.answered_ms is None:
        call.answered_ms = now
        effects.append(limit(call, now))
    return effects


def limit(call: Call, now: int) -> SetTimer:
    """Cuts the call when it has lasted as long as it may.

    What was asked for a dialled leg counts from now, when it answers (docs/platform/lifecycle.md#3.9; *assumed*); the
    four hours that no call is longer than count from when the call itself was answered.
    """
    assert call.answered_ms is not None
    left_ms = LONGEST_CALL_MS - (now - call.answered_ms)
    asked_ms = call.outgoing.max_duration_ms if call.outgoing is not None else LONGEST_CALL_MS
    return SetTimer(call.id, Timer.MAX_DURATION, min(asked_ms, left_ms))


def set_cookie(call: Call, cookie: SetCookie) -> list[Effect]:
    """Keeps a pair; one that would pass the limit is dropped with a warning."""
    kept = {**call.cookies, cookie.key: cookie.value}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in kept.items())
    if size > LONGEST_COOKIES:
        message = f"Cookies hold {LONGEST_COOKIES} bytes; with {cookie.key!r} they would hold {size}: dropped."
        return [warn(call, "COOKIE_TOO_BIG", message, hint="Keep an id here and the rest on your side.")]
    call.cookies = kept
    return [Log(call.id, "cookie.set", {"key": cookie.key, "value": cookie.value})]
