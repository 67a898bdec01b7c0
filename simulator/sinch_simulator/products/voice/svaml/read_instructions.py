"""The instructions of a document as values, and what their order gives away (docs/platform/svaml.md#4 and #5)."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sinch_simulator.core.schema.findings import Findings
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.products.voice.svaml.model import (
    Action,
    Answer,
    ConnectConf,
    ConnectMxp,
    Instruction,
    Park,
    PlayFiles,
    Prompt,
    ReportCallStatus,
    RunMenu,
    Say,
    SendDtmf,
    SetCookie,
    StartRecording,
    StopRecording,
    SvamlContext,
)
from sinch_simulator.products.voice.svaml.speech import prompts_of, recording_of, spoken_text

COOKIES_BYTES = 1024
"""All keys and values of a call's cookies together; a document is checked for itself (docs/platform/svaml.md#4)."""

# What the instruction says, its path with a dot, where findings go; None when there is nothing to obey.
Builder: TypeAlias = Callable[[Values, str, Findings], Instruction | None]
Placed: TypeAlias = tuple[int, Instruction]
"""An instruction and its place in the document."""


def _play_files(values: Values, prefix: str, findings: Findings) -> PlayFiles:
    locale = values.text("locale")
    prompts: list[Prompt] = []
    for index, text in enumerate(values.texts("ids")):
        prompts.extend(prompts_of(text, locale, f"{prefix}ids[{index}]", findings))
    return PlayFiles(tuple(prompts))


def _say(values: Values, prefix: str, findings: Findings) -> Say | None:
    prompts = spoken_text(values.text("text"), values.text("locale"), f"{prefix}text", findings)
    return Say(prompts[0]) if prompts else None


def _send_dtmf(values: Values, prefix: str, findings: Findings) -> SendDtmf:
    return SendDtmf(values.text("value"))


def _set_cookie(values: Values, prefix: str, findings: Findings) -> SetCookie:
    return SetCookie(values.text("key"), values.text("value"))


def _answer(values: Values, prefix: str, findings: Findings) -> Answer:
    return Answer()


def _start_recording(values: Values, prefix: str, findings: Findings) -> StartRecording:
    return recording_of(values.object("options"), f"{prefix}options.", findings)


def _stop_recording(values: Values, prefix: str, findings: Findings) -> StopRecording:
    return StopRecording()


def _report_call_status(values: Values, prefix: str, findings: Findings) -> ReportCallStatus:
    return ReportCallStatus(values.text("value"), values.text("details"))


BUILDERS: dict[str, Builder] = {
    "playFiles": _play_files,
    "say": _say,
    "sendDtmf": _send_dtmf,
    "setCookie": _set_cookie,
    "answer": _answer,
    "startRecording": _start_recording,
    "stopRecording": _stop_recording,
    "ReportCallStatus": _report_call_status,
}
"""By the name of the instruction's table."""


# ---- what the order gives away ----------------------------------------------------------------------------------


def obeyed(placed: Sequence[Placed], action: Action, findings: Findings) -> tuple[Instruction, ...]:
    """The instructions that take effect together with this action; what does not is told."""
    if isinstance(action, ConnectMxp):
        placed = _without_recording(placed, findings)
    _check_order(placed, action, findings)
    return _within_cookie_limit(placed, findings)


def _without_recording(placed: Sequence[Placed], findings: Findings) -> list[Placed]:
    kept: list[Placed] = []
    for index, instruction in placed:
        if isinstance(instruction, StartRecording | StopRecording):
            message = "Recording is ignored together with connectMxp: nothing is recorded."
            findings.warn("RECORDING_IGNORED_MXP", f"instructions[{index}]", message)
        else:
            kept.append((index, instruction))
    return kept


def _check_order(placed: Sequence[Placed], action: Action, findings: Findings) -> None:
    # These answer the incoming call at once (docs/platform/svaml.md#3.8; park and conferences *assumed*).
    heard = findings.context is not SvamlContext.ICE or isinstance(action, RunMenu | Park | ConnectConf)
    prompted = False
    for index, instruction in placed:
        if isinstance(instruction, Answer):
            heard = True
        elif isinstance(instruction, StartRecording) and prompted:
            message = "Recording starts here: what was played before it is not recorded."
            findings.warn("RECORDING_LATE", f"instructions[{index}]", message, "to record it, put startRecording first")
        elif isinstance(instruction, Say | PlayFiles):
            prompted = True
            if not heard:
                message = "The call is not answered yet: this is early media, which the caller may not hear."
                hint = 'put {"name": "answer"} before it'
                findings.warn("PROMPT_BEFORE_ANSWER", f"instructions[{index}]", message, hint)


def _within_cookie_limit(placed: Sequence[Placed], findings: Findings) -> tuple[Instruction, ...]:
    cookies: dict[str, str] = {}
    kept: list[Instruction] = []
    used = 0
    for index, instruction in placed:
        if isinstance(instruction, SetCookie):
            key, value = instruction.key, instruction.value
            added = len(value.encode()) - len(cookies[key].encode()) if key in cookies else len((key + value).encode())
            if used + added > COOKIES_BYTES:
                message = f"{used + added} bytes of cookies, the limit is {COOKIES_BYTES}: this one is dropped."
                findings.warn("COOKIE_TOO_BIG", f"instructions[{index}]", message, "keep the value elsewhere")
                continue
            used += added
            cookies[key] = value
        kept.append(instruction)
    return tuple(kept)
