"""Reads the instructions of a document, and what their order gives away (docs/platform/svaml.md#4 and #5)."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sinch_simulator.core.locales import TRANSCRIPTION_LOCALES
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.products.voice.svaml.fields import SvamlFindings
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
from sinch_simulator.products.voice.svaml.prompts import prompts_of, spoken_text

COOKIES_BYTES = 1024
"""All keys and values of a call's cookies together; a document is checked for itself (docs/platform/svaml.md#4)."""

_STORES = ("s3://", "azure://", "sdrive://")
_STORES_WITH_KEYS = ("s3://", "azure://")

# What the instruction says, its path with a dot, where findings go; None when there is nothing to obey.
Builder: TypeAlias = Callable[[Values, str, SvamlFindings], Instruction | None]
Placed: TypeAlias = tuple[int, Instruction]
"""An instruction and its place in the document."""


def _play_files(values: Values, prefix: str, findings: SvamlFindings) -> PlayFiles:
    locale = values.text("locale")
    prompts: list[Prompt] = []
    for index, text in enumerate(values.texts("ids")):
        prompts.extend(prompts_of(text, locale, f"{prefix}ids[{index}]", findings))
    return PlayFiles(tuple(prompts))


def _say(values: Values, prefix: str, findings: SvamlFindings) -> Say | None:
    prompts = spoken_text(values.text("text"), values.text("locale"), f"{prefix}text", findings)
    return Say(prompts[0]) if prompts else None


def _send_dtmf(values: Values, prefix: str, findings: SvamlFindings) -> SendDtmf:
    return SendDtmf(values.text("value"))


def _set_cookie(values: Values, prefix: str, findings: SvamlFindings) -> SetCookie:
    return SetCookie(values.text("key"), values.text("value"))


def _answer(values: Values, prefix: str, findings: SvamlFindings) -> Answer:
    return Answer()


def _start_recording(values: Values, prefix: str, findings: SvamlFindings) -> StartRecording:
    return recording_of(values.object("options"), f"{prefix}options.", findings)


def _stop_recording(values: Values, prefix: str, findings: SvamlFindings) -> StopRecording:
    return StopRecording()


def _report_call_status(values: Values, prefix: str, findings: SvamlFindings) -> ReportCallStatus:
    return ReportCallStatus(values.text("value"), values.text("details"))


INSTRUCTION_BUILDERS: dict[str, Builder] = {
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


# ---- recording ------------------------------------------------------------------------------------------------


def recording_of(options: Values | None, prefix: str, findings: SvamlFindings) -> StartRecording:
    """Reads what recording options ask for. ``prefix`` is the path of the options and a dot."""
    if options is None:
        return StartRecording()
    url, credentials = options.text("destinationUrl"), options.text("credentials")
    if url and not url.lower().startswith(_STORES):
        message = f"{shown(url)} is no place that recordings can go to."
        findings.warn("RECORDING_DESTINATION", f"{prefix}destinationUrl", message, "s3://, azure:// or sdrive://")
    if url.lower().startswith(_STORES_WITH_KEYS) and not credentials:
        message = "Without credentials the recording cannot be stored there."
        findings.warn("RECORDING_CREDENTIALS", f"{prefix}credentials", message, "accessKey:secretKey:region for S3")
    transcription = options.object("transcriptionOptions")
    enabled = transcription is not None and transcription.flag("enabled")
    locale = transcription.text_or_none("locale") if transcription is not None else None
    if locale is not None and locale not in TRANSCRIPTION_LOCALES:
        message = f"{shown(locale)} is no locale that can be transcribed."
        path = f"{prefix}transcriptionOptions.locale"
        findings.warn("LOCALE_UNKNOWN", path, message, did_you_mean(locale, TRANSCRIPTION_LOCALES))
    return StartRecording(url, credentials, options.text("format"), options.flag("notificationEvents"), enabled, locale)


def recording_of_action(values: Values, prefix: str, findings: SvamlFindings) -> StartRecording | None:
    """Reads what the older ``record`` and ``recordingOptions`` of an action ask for; None when nothing is recorded."""
    options = values.object("recordingOptions")
    if values.flag("record"):
        return recording_of(options, f"{prefix}recordingOptions.", findings)
    if options is not None:
        message = "Nothing is recorded: recordingOptions take effect with record: true only."
        findings.warn("RECORDING_OFF", f"{prefix}recordingOptions", message, 'add "record": true')
    return None


# ---- what the order gives away ----------------------------------------------------------------------------------


def obeyed(placed: Sequence[Placed], action: Action, findings: SvamlFindings) -> tuple[Instruction, ...]:
    """Returns the instructions that take effect together with this action; what does not is told."""
    if isinstance(action, ConnectMxp):
        placed = _without_recording(placed, findings)
    _check_order(placed, action, findings)
    return _within_cookie_limit(placed, findings)


def _without_recording(placed: Sequence[Placed], findings: SvamlFindings) -> list[Placed]:
    kept: list[Placed] = []
    for index, instruction in placed:
        if isinstance(instruction, StartRecording | StopRecording):
            message = "Recording is ignored together with connectMxp: nothing is recorded."
            findings.warn("RECORDING_IGNORED_MXP", f"instructions[{index}]", message)
        else:
            kept.append((index, instruction))
    return kept


def _check_order(placed: Sequence[Placed], action: Action, findings: SvamlFindings) -> None:
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


def _within_cookie_limit(placed: Sequence[Placed], findings: SvamlFindings) -> tuple[Instruction, ...]:
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
