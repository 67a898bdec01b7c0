"""Reads what an app asks for when it posts a callout: one of three request bodies (docs/platform/rest.md#3).

``read_callout`` refuses what the platform refuses, with the platform's code; what it accepts can be placed as it is.
The shapes say what each body may hold, ``fields.py`` what a property may; here is what properties mean together.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.schema.request_findings import RequestFindings, missing, read_body, refused
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import printable
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.callouts.headers import forwarded_headers
from sinch_simulator.products.voice.callouts.shapes import BODIES, CLI, REQUEST, CalloutMethod
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.svaml.fields import LONGEST_CONFERENCE_ID_EVER, tell_long_conference_id
from sinch_simulator.products.voice.svaml.model import (
    ConferenceDtmf,
    ConferenceDtmfMode,
    Prompt,
    PromptKind,
    Svaml,
)
from sinch_simulator.products.voice.svaml.prompts import (
    SPEECH_LIMIT,
    PromptSyntaxError,
    read_prompt_list,
    spoken_characters,
    spoken_prompt,
)

_NONE_INLINE: Mapping[CallbackEvent, Svaml] = MappingProxyType({})
_NO_URLS: Mapping[CallbackEvent, str] = MappingProxyType({})


@frozen
class Callout:
    """A callout that can be placed.

    ``documents`` and ``urls`` say, per event, what a customCallout brought inline or as a URL; an event in neither goes
    to the application's callback URL. ``destination`` is None only for a customCallout whose ``ice`` decides.
    """

    method: CalloutMethod
    destination: Address | None
    cli: str | None = None
    dtmf: str = ""
    custom: str | None = None
    locale: str = "en-US"
    max_duration_ms: int | None = None
    enable_ace: bool = False
    enable_dice: bool = False
    enable_pie: bool = False
    prompts: tuple[Prompt, ...] = ()
    """What a ttsCallout says."""
    conference_id: str | None = None
    greeting: tuple[Prompt, ...] = ()
    moh: str | None = None
    conference_dtmf: ConferenceDtmf = ConferenceDtmf()
    documents: Mapping[CallbackEvent, Svaml] = _NONE_INLINE
    urls: Mapping[CallbackEvent, str] = _NO_URLS
    headers: tuple[tuple[str, str], ...] = ()
    """The ``X-CB-*`` headers that are repeated on this call's callbacks, at most five."""


@frozen
class ReadCallout:
    """A callout as it was read, and what there is to tell about the request. Paths begin with the method's name."""

    callout: Callout
    diagnostics: tuple[Diagnostic, ...] = ()


_Headers: TypeAlias = tuple[tuple[str, str], ...]
_ONE_METHOD = REQUEST.exact["method"].right
_METHODS = {method.value: method for method in CalloutMethod}
_METHODS_IN_ANY_CASE = {name.lower(): method for name, method in _METHODS.items()}


def read_callout(document: object, headers: Iterable[tuple[str, str]]) -> ReadCallout:
    """Reads the callout that a request body asks for.

    Raises ``ApiError``: 40002 for what is missing, 40001 for a value that can't be, an unknown method among them
    (docs/platform/rest.md#10). ``headers`` are those of the request; only ``X-CB-*`` are looked at.
    """
    findings = RequestFindings()
    request = read_body(REQUEST, document, findings)
    method = _method(request["method"], findings)
    name = method.value
    body = request[name]
    if body is None:
        raise missing(name, f"method says {name}: put its properties under that name")
    if not isinstance(body, dict):
        raise refused(name, body, "an object")
    values = BODIES[method].read(body, name + ".", findings)
    CLI.check(values["cli"], values["destination"], f"{name}.cli", findings)
    callout = _BUILDERS[method](method, values, forwarded_headers(headers, findings), findings)
    if findings.refusal is not None:
        raise findings.refusal
    return ReadCallout(callout, tuple(findings.found))


def _method(written: object, findings: RequestFindings) -> CalloutMethod:
    method = _METHODS.get(written) if isinstance(written, str) else None
    if method is not None:
        return method
    method = _METHODS_IN_ANY_CASE.get(written.lower()) if isinstance(written, str) else None
    if method is None:
        raise refused("method", written, _ONE_METHOD)
    findings.unusual_case("method", method.value)
    return method


def _tts(method: CalloutMethod, values: Values, headers: _Headers, findings: RequestFindings) -> Callout:
    destination = values["destination"]
    if values["cli"] is None and destination is not None and destination.kind is not AddressKind.USERNAME:
        message = "A ttsCallout without cli is accepted, but the call never reaches its destination."
        hint = "set cli to a number that is verified for, or rented by, your account"
        findings.warn("CLI_MISSING", "ttsCallout.cli", message, hint)
    prompts = _spoken(values, findings)
    if not (prompts or values["dtmf"] or values["enableAce"]):
        right = "give text or prompts, or tones in dtmf, or let the app decide with enableAce"
        findings.refuse(missing("ttsCallout.text", right))
    return Callout(*_shared(method, values), prompts=prompts, headers=headers)


def _conference(method: CalloutMethod, values: Values, headers: _Headers, findings: RequestFindings) -> Callout:
    conference_id = values["conferenceId"]
    if not conference_id or conference_id.isspace():
        findings.refuse(missing("conferenceCallout.conferenceId", "the name of the room"))
    elif len(conference_id) > LONGEST_CONFERENCE_ID_EVER:
        expected = f"at most {LONGEST_CONFERENCE_ID_EVER} characters"
        findings.refuse(refused("conferenceCallout.conferenceId", conference_id, expected))
    else:
        tell_long_conference_id(conference_id, "conferenceCallout.conferenceId", findings)
    options = values["conferenceDtmfOptions"]
    return Callout(
        *_shared(method, values),
        conference_id=conference_id,
        greeting=_plain(values, "greeting", "conferenceCallout.greeting", findings),
        moh=values["mohClass"],
        conference_dtmf=ConferenceDtmf() if options is None else _conference_dtmf(options),
        headers=headers,
    )


def _conference_dtmf(options: Values) -> ConferenceDtmf:
    mode = ConferenceDtmfMode(options["mode"])
    return ConferenceDtmf(mode, options["maxDigits"], options["timeoutMills"])


_INLINE = {
    "ice": CallbackEvent.ICE,
    "ace": CallbackEvent.ACE,
    "pie": CallbackEvent.PIE,
    "dice": CallbackEvent.DICE,
}


def _custom(method: CalloutMethod, values: Values, headers: _Headers, findings: RequestFindings) -> Callout:
    replies = [(event, values[name]) for name, event in _INLINE.items()]
    documents = {event: reply for event, reply in replies if isinstance(reply, Svaml)}
    if CallbackEvent.ICE in documents:
        for name in ("destination", "cli"):
            if values[name] is not None:
                message = f"The {name} is ignored: the inline ice says whom to call, and as whom."
                findings.warn("ICE_DECIDES", f"customCallout.{name}", message)
                values[name] = None
    urls = {event: reply for event, reply in replies if isinstance(reply, str)}
    return Callout(*_shared(method, values), documents=documents, urls=urls, headers=headers)


_Shared: TypeAlias = tuple[
    CalloutMethod, Address | None, str | None, str, str | None, str, int | None, bool, bool, bool
]


def _shared(method: CalloutMethod, values: Values) -> _Shared:
    """Returns what all methods have, in the order of a ``Callout``: by position, because that takes half the time."""
    seconds = values.get("maxDuration")
    return (
        method,
        values["destination"],
        values["cli"],
        values["dtmf"],
        values["custom"],
        values["locale"],
        None if seconds is None else seconds * 1000,
        values["enableAce"],
        values["enableDice"],
        values["enablePie"],
    )


_BUILDERS = {CalloutMethod.TTS: _tts, CalloutMethod.CONFERENCE: _conference, CalloutMethod.CUSTOM: _custom}


# ---- what is said -----------------------------------------------------------------------------------------------

_TOO_LONG = f"at most {SPEECH_LIMIT} characters of speech"
# No file is known to be uploaded, so a name has to look like one (*assumed*).
_FILE_NAME = re.compile(r"\S+\.(wav|mp3|ogg|opus|gsm|aac|aiff?|aifc)", re.IGNORECASE)


def _spoken(values: Values, findings: RequestFindings) -> tuple[Prompt, ...]:
    """Returns what a ttsCallout says: ``prompts``, which win (*assumed*), or ``text``."""
    written = values["prompts"]
    if not written or written.isspace():
        return _plain(values, "text", "ttsCallout.text", findings)
    if values["text"] is not None:
        findings.warn("TEXT_IGNORED", "ttsCallout.text", "The text is ignored beside prompts.", "give one of the two")
    path, locale = "ttsCallout.prompts", values["locale"]
    try:
        listed = read_prompt_list(written, locale)
    except PromptSyntaxError as error:
        findings.refuse(refused(path, written, f"prompts joined by ; ({error})"))
        return ()
    for fault in listed.faults:
        findings.warn("SSML_MALFORMED", path, fault)
    prompts = tuple([_spoken_prose(prompt, path, locale, findings) for prompt in listed.prompts])
    if not prompts:
        findings.refuse(refused(path, written, "at least one prompt"))
    if spoken_characters(prompts) > SPEECH_LIMIT:
        findings.refuse(refused(path, written, _TOO_LONG))
    return prompts


def _plain(values: Values, name: str, path: str, findings: RequestFindings) -> tuple[Prompt, ...]:
    """Returns a text that is read out as it is; nothing when it is absent or blank."""
    text = values[name]
    if not text or text.isspace():
        return ()
    if len(text) > SPEECH_LIMIT:
        findings.refuse(refused(path, text, _TOO_LONG))
        return ()
    return (spoken_prompt(text, values["locale"]),)


def _spoken_prose(prompt: Prompt, path: str, locale: str, findings: RequestFindings) -> Prompt:
    """Reads bare words out: to the platform they are the name of an uploaded file.

    Source: docs/platform/gotchas.md#B20.
    """
    if prompt.kind is not PromptKind.FILE or _FILE_NAME.fullmatch(prompt.text):
        return prompt
    words = printable(prompt.text)
    message = f"'{words}' is the name of a file to the platform; it is not known and read out here."
    findings.warn("PROMPT_NOT_FILE", path, message, f"write #tts[{words}]")
    return spoken_prompt(prompt.text, locale)


# ---- what there is to say about a callout that the platform accepts without a word ------------------------------

_SILENT = "CALLOUT_EVENTS_DISABLED"


def advise(callout: Callout, callback_url: str | None, told_once: set[str]) -> tuple[Diagnostic, ...]:
    """Tells about the events of a callout; that there will be none is told once per application.

    ``told_once`` is what has been told to the application. Source: docs/platform/gotchas.md#B3 and #B4.
    """
    if callout.method is CalloutMethod.CUSTOM:
        return ()
    name = callout.method.value
    if callout.enable_ace or callout.enable_dice or callout.enable_pie:
        if callback_url is not None:
            return ()
        message = "Events are asked for, but the application has no callback URL: none will be sent."
        hint = "Configure a callback URL for the application."
        return (Diagnostic("NO_CALLBACK_URL", Severity.WARNING, name, message, hint),)
    if callback_url is None or _SILENT in told_once:
        return ()
    told_once.add(_SILENT)
    message = f"A {name} sends no events unless it asks for them."
    hint = "Set enableAce, enableDice or enablePie. This is said only once."
    return (Diagnostic(_SILENT, Severity.WARNING, name, message, hint),)
