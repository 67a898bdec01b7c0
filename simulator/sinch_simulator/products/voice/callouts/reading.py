"""What an app asks for when it posts a callout: the three request bodies, read into one value.

Source: docs/platform/rest.md#3.

``read_callout`` refuses what the platform refuses, with the platform's code; what it accepts can be placed as it is.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import assert_never

from sinch_simulator.core.addresses import normalise_number, read_identity
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.schema.request_fields import Properties, PropertyNames, missing, printable, refused
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.products.voice.callouts.headers import forwarded_headers
from sinch_simulator.products.voice.callouts.inline_svaml import read_replies
from sinch_simulator.products.voice.callouts.prompts import read_locale, read_plain_speech, read_speech
from sinch_simulator.products.voice.events import Address, AddressKind, CallbackEvent
from sinch_simulator.products.voice.svaml.model import ConferenceDtmf, ConferenceDtmfMode, Prompt, Svaml


class CalloutMethod(Word):
    """The ``method`` of a callout."""

    TTS = "ttsCallout"
    CONFERENCE = "conferenceCallout"
    CUSTOM = "customCallout"


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


LONGEST_CALL_S = 14_400
LONGEST_CUSTOM_BYTES = 1024
LONGEST_CONFERENCE_ID = 64

_METHODS = {method.value.lower(): method for method in CalloutMethod}
_ONE_METHOD = "one of " + ", ".join(method.value for method in CalloutMethod)
_FLAGS = ("enableAce", "enableDice", "enablePie")
_SHARED = ("cli", "destination", "dtmf", "domain", "custom", "locale")
_ROOM = ("conferenceId", "greeting", "mohClass", "conferenceDtmfOptions")
_OWN = {
    CalloutMethod.TTS: (*_SHARED, *_FLAGS, "text", "prompts"),
    CalloutMethod.CONFERENCE: (*_SHARED, *_FLAGS, "maxDuration", *_ROOM),
    CalloutMethod.CUSTOM: (*_SHARED, *_FLAGS, "maxDuration", "ice", "ace", "pie", "dice"),
}
_MUSIC = ("ring", "music1", "music2", "music3")
_CLI = "an E.164 number such as +14045001000, or private"
_DTMF = "only the characters 0-9 # w"
_DTMF_CHARACTERS = frozenset("0123456789#w*")
# The platform's samples capitalise these too (docs/platform/rest.md#1.5), so that is no unusual spelling.
_KINDS = {
    spelling: kind
    for kind in (AddressKind.NUMBER, AddressKind.USERNAME, AddressKind.SIP)
    for spelling in (kind.value, kind.value.capitalize())
}
_ENDPOINTS = {
    AddressKind.NUMBER: "an E.164 number such as +14045005000",
    AddressKind.USERNAME: "a user name",
    AddressKind.SIP: "a SIP address such as user@host",
}


def _owners(method: CalloutMethod) -> dict[str, str]:
    """For each property that only other methods have, which ones."""
    names = {name for other in CalloutMethod for name in _OWN[other] if name not in _OWN[method]}
    return {name.lower(): " and ".join(other.value for other in CalloutMethod if name in _OWN[other]) for name in names}


_REQUEST_NAMES = PropertyNames.of(("method", *(method.value for method in CalloutMethod)))
_BODY_NAMES = {method: PropertyNames.of(_OWN[method], _owners(method)) for method in CalloutMethod}
_DESTINATION_NAMES = PropertyNames.of(("type", "endpoint", "number", "verified"))
_CONFERENCE_DTMF_NAMES = PropertyNames.of(("mode", "maxDigits", "timeoutMills"))


def field_names() -> tuple[str, ...]:
    """Every property that a callout may have, as ``ttsCallout.cli``."""
    inside = {"destination": _DESTINATION_NAMES, "conferenceDtmfOptions": _CONFERENCE_DTMF_NAMES}
    names = ["method"]
    for method, own in _OWN.items():
        for name in own:
            names.append(f"{method.value}.{name}")
            if name in inside:
                names += [f"{method.value}.{name}.{inner}" for inner in inside[name].by_lower.values()]
    return tuple(names)


def read_callout(document: object, headers: Iterable[tuple[str, str]]) -> ReadCallout:
    """The callout that a request body asks for.

    Raises ``ApiError``: 40002 for what is missing, 40001 for a value that can't be, 40003 when no known method is named
    (docs/platform/rest.md#10). ``headers`` are those of the request; only ``X-CB-*`` are looked at.
    """
    if not isinstance(document, dict):
        raise ApiError.invalid_request("the body must be a JSON object")
    diagnostics: list[Diagnostic] = []
    request = Properties.read(document, "", _REQUEST_NAMES, diagnostics)
    method = _method(request)
    body = request.nested(method.value, _BODY_NAMES[method])
    if body is None:
        raise missing(method.value, f"method says {method.value}: put its properties under that name")
    forwarded = forwarded_headers(headers, diagnostics)
    match method:
        case CalloutMethod.TTS:
            callout = _tts(body, forwarded)
        case CalloutMethod.CONFERENCE:
            callout = _conference(body, forwarded)
        case CalloutMethod.CUSTOM:
            callout = _custom(body, forwarded)
        case _:
            assert_never(method)
    return ReadCallout(callout, tuple(diagnostics))


def _method(request: Properties) -> CalloutMethod:
    written = request.values.get("method")
    if written is None:
        raise missing("method", _ONE_METHOD)
    method = _METHODS.get(written.lower()) if isinstance(written, str) else None
    if method is None:
        shown = f"'{printable(written)}'" if isinstance(written, str) else "something that is no string"
        raise ApiError.invalid_request(f"unknown method {shown}: expected {_ONE_METHOD}")
    if written != method.value:
        request.warn("CASE", "method", f"'{written}' is taken for '{method.value}'; its case is unusual.")
    return method


# ---- the three methods ------------------------------------------------------------------------------------------


def _tts(body: Properties, headers: tuple[tuple[str, str], ...]) -> Callout:
    locale, cli, enable_ace = read_locale(body), _cli(body), body.flag("enableAce")
    destination = _required_destination(body)
    if cli is None and destination.kind is not AddressKind.USERNAME:
        body.warn(
            "CLI_MISSING",
            "cli",
            "A ttsCallout without cli is accepted, but the call never reaches its destination.",
            "set cli to a number that is verified for, or rented by, your account",
        )
    _check_domain(body)
    return Callout(
        CalloutMethod.TTS,
        destination,
        cli=cli,
        dtmf=_dtmf(body),
        custom=_custom_text(body),
        locale=locale,
        enable_ace=enable_ace,
        enable_dice=body.flag("enableDice"),
        enable_pie=body.flag("enablePie"),
        prompts=read_speech(body, locale, needed=not enable_ace),
        headers=headers,
    )


def _conference(body: Properties, headers: tuple[tuple[str, str], ...]) -> Callout:
    locale = read_locale(body)
    _check_domain(body)
    return Callout(
        CalloutMethod.CONFERENCE,
        _required_destination(body),
        cli=_cli(body),
        dtmf=_dtmf(body),
        custom=_custom_text(body),
        locale=locale,
        max_duration_ms=_max_duration_ms(body),
        enable_ace=body.flag("enableAce"),
        enable_dice=body.flag("enableDice"),
        enable_pie=body.flag("enablePie"),
        conference_id=_conference_id(body),
        greeting=read_plain_speech(body, "greeting", locale),
        moh=body.choice("mohClass", _MUSIC),
        conference_dtmf=_conference_dtmf(body),
        headers=headers,
    )


def _custom(body: Properties, headers: tuple[tuple[str, str], ...]) -> Callout:
    for flag in _FLAGS:
        if body.has(flag):
            body.warn(
                "FLAG_IGNORED",
                flag,
                f"A customCallout has no {flag}: events go to the URLs that it or the app has.",
                f"leave {flag} out",
            )
    _check_domain(body)
    replies = read_replies(body)
    destination, cli = _destination(body), _cli(body)
    if CallbackEvent.ICE in replies.documents:
        for name in ("destination", "cli"):
            if body.has(name):
                body.warn("ICE_DECIDES", name, f"The {name} is ignored: the inline ice says whom to call, and as whom.")
        destination, cli = None, None
    return Callout(
        CalloutMethod.CUSTOM,
        destination,
        cli=cli,
        dtmf=_dtmf(body),
        custom=_custom_text(body),
        locale=read_locale(body),
        max_duration_ms=_max_duration_ms(body),
        documents=replies.documents,
        urls=replies.urls,
        headers=headers,
    )


# ---- what they share --------------------------------------------------------------------------------------------


def _required_destination(body: Properties) -> Address:
    destination = _destination(body)
    if destination is None:
        raise missing(body.within("destination"), '{"type": "number", "endpoint": "+14045005000"}')
    return destination


def _destination(body: Properties) -> Address | None:
    written = body.nested("destination", _DESTINATION_NAMES)
    if written is None:
        return None
    kind = _kind(written)
    name = "endpoint"
    endpoint = written.text(name, _ENDPOINTS[kind])
    if written.has("number"):
        name = "endpoint" if endpoint is not None else "number"
        endpoint = written.text(name, _ENDPOINTS[kind])
        fate = "is ignored beside endpoint." if name == "endpoint" else "is taken for endpoint."
        written.warn("DESTINATION_NUMBER", "number", f"'number' {fate}", "write 'endpoint'")
    if endpoint is None:
        raise missing(written.within("endpoint"), _ENDPOINTS[kind])
    address = read_identity(kind, endpoint)
    if address is None:
        raise refused(written.within(name), endpoint, _ENDPOINTS[kind])
    return address


def _kind(destination: Properties) -> AddressKind:
    written = destination.text("type")
    if written is None:
        raise missing(destination.within("type"), "number, username or sip")
    kind = _KINDS.get(written)
    if kind is None:
        kind = _KINDS.get(written.lower())
        if kind is None:
            raise refused(destination.within("type"), written, "number, username or sip")
        destination.warn("CASE", "type", f"'{written}' is taken for '{kind.value}'; its case is unusual.")
    return kind


def _cli(body: Properties) -> str | None:
    written = body.text("cli", _CLI)
    if not written or written.isspace():
        return None
    if written.lower() == "private":
        return "private"
    number = normalise_number(written)
    if number is None:
        raise refused(body.within("cli"), written, _CLI)
    return number


def _dtmf(body: Properties) -> str:
    digits = body.text("dtmf", _DTMF) or ""
    if not _DTMF_CHARACTERS.issuperset(digits):
        raise refused(body.within("dtmf"), digits, _DTMF)
    if "*" in digits:
        body.warn("DTMF_CHAR", "dtmf", "'*' is sent, but the platform lists only 0-9 # w.")
    return digits


def _custom_text(body: Properties) -> str | None:
    custom = body.text("custom")
    if custom is not None and len(custom.encode()) > LONGEST_CUSTOM_BYTES:
        raise refused(body.within("custom"), custom, f"at most {LONGEST_CUSTOM_BYTES} bytes")
    return custom


def _check_domain(body: Properties) -> None:
    """The domain only informs: the type of the destination decides (docs/platform/rest.md#3.1)."""
    body.choice("domain", ("pstn", "mxp"))


def _max_duration_ms(body: Properties) -> int | None:
    seconds = body.positive("maxDuration", f"whole seconds from 1 to {LONGEST_CALL_S}")
    if seconds is None:
        return None
    if seconds > LONGEST_CALL_S:
        body.warn("MAX_DURATION", "maxDuration", f"No call is longer than {LONGEST_CALL_S} s: that is taken instead.")
    return min(seconds, LONGEST_CALL_S) * 1000


def _conference_id(body: Properties) -> str:
    conference_id = body.text("conferenceId")
    if not conference_id or conference_id.isspace():
        raise missing(body.within("conferenceId"), "the name of the room")
    if len(conference_id) > LONGEST_CONFERENCE_ID:
        raise refused(body.within("conferenceId"), conference_id, f"at most {LONGEST_CONFERENCE_ID} characters")
    return conference_id


def _conference_dtmf(body: Properties) -> ConferenceDtmf:
    options = body.nested("conferenceDtmfOptions", _CONFERENCE_DTMF_NAMES)
    if options is None:
        return ConferenceDtmf()
    mode = options.choice("mode", tuple(mode.value for mode in ConferenceDtmfMode))
    return ConferenceDtmf(
        ConferenceDtmfMode(mode or "ignore"),
        options.positive("maxDigits", "a whole number above 0") or 1,
        options.positive("timeoutMills", "whole milliseconds above 0") or 3000,
    )
