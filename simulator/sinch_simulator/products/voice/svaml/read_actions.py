"""Reads the actions of a document: one function for each, from what its table allowed to what the call obeys."""

from collections.abc import Callable
from typing import TypeAlias

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number, read_identity
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.products.voice.svaml.fields import (
    LONGEST_CONFERENCE_ID_EVER,
    SvamlFindings,
    tell_long_conference_id,
)
from sinch_simulator.products.voice.svaml.model import (
    Action,
    Amd,
    CallHeader,
    ConferenceDtmf,
    ConferenceDtmfMode,
    ConnectConf,
    ConnectMxp,
    ConnectPstn,
    ConnectSip,
    ConnectStream,
    Continue,
    Hangup,
    Park,
    Prompt,
)
from sinch_simulator.products.voice.svaml.prompts import prompts_of
from sinch_simulator.products.voice.svaml.read_instructions import recording_of_action
from sinch_simulator.products.voice.svaml.read_menus import run_menu
from sinch_simulator.products.voice.svaml.tables import STREAMING

LARGEST_HEADER_BYTES = 1024
_TRANSPORT_PARAMETER = ";transport="

# What the action says, the path of the action with its dot, where findings go.
Builder: TypeAlias = Callable[[Values, str, SvamlFindings], Action]


def _hangup(values: Values, prefix: str, findings: SvamlFindings) -> Hangup:
    return Hangup()


def _continue(values: Values, prefix: str, findings: SvamlFindings) -> Continue:
    return Continue()


def _connect_pstn(values: Values, prefix: str, findings: SvamlFindings) -> ConnectPstn:
    return ConnectPstn(
        number=_number_to_dial(values, prefix, findings),
        locale=values.text("locale"),
        max_duration_ms=values.seconds_as_ms("maxDuration"),
        dial_timeout_ms=values.seconds_as_ms("dialTimeout"),
        cli=_cli(values),
        suppress_callbacks=values.flag("suppressCallbacks"),
        dtmf=values.text("dtmf"),
        indications=values.text_or_none("indications"),
        amd=_amd(values.object("amd")),
        record=recording_of_action(values, prefix, findings),
    )


def _connect_mxp(values: Values, prefix: str, findings: SvamlFindings) -> ConnectMxp:
    if values.flag("record") or values.object("recordingOptions") is not None:
        message = "Recording is ignored together with connectMxp: nothing is recorded."
        findings.warn("RECORDING_IGNORED_MXP", f"{prefix}record", message)
    destination = _destination(values, AddressKind.USERNAME, prefix, findings)
    return ConnectMxp(
        destination.endpoint if destination else None, _cli(values), _call_headers(values, prefix, findings)
    )


def _connect_sip(values: Values, prefix: str, findings: SvamlFindings) -> ConnectSip:
    destination = _destination(values, AddressKind.SIP, prefix, findings)
    endpoint, _, parameter = (destination.endpoint if destination else "").partition(_TRANSPORT_PARAMETER)
    transport = values.text_or_none("transport") or parameter.partition(";")[0].upper()
    return ConnectSip(
        endpoint=endpoint,
        max_duration_ms=values.seconds_as_ms("maxDuration"),
        cli=_cli(values),
        transport=transport if transport in ("UDP", "TCP", "TLS") else "UDP",
        suppress_callbacks=values.flag("suppressCallbacks"),
        call_headers=_call_headers(values, prefix, findings),
        moh=values.text_or_none("moh"),
        record=recording_of_action(values, prefix, findings),
    )


def _connect_conf(values: Values, prefix: str, findings: SvamlFindings) -> ConnectConf:
    conference_id = values.text("conferenceId")
    path, length = f"{prefix}conferenceId", len(conference_id)
    if length > LONGEST_CONFERENCE_ID_EVER:
        message = f"{length} characters, the limit is {LONGEST_CONFERENCE_ID_EVER}."
        findings.error("CONFERENCE_ID_LENGTH", path, message, "a shorter id")
    else:
        tell_long_conference_id(conference_id, path, findings)
    options = values.object("conferenceDtmfOptions")
    return ConnectConf(
        conference_id,
        _conference_dtmf(options) if options is not None else ConferenceDtmf(),
        values.text_or_none("moh"),
        recording_of_action(values, prefix, findings),
        values.flag("suppressCallbacks"),
    )


def _conference_dtmf(options: Values) -> ConferenceDtmf:
    mode = ConferenceDtmfMode(options.text("mode"))
    return ConferenceDtmf(mode, options.integer("maxDigits"), options.integer("timeoutMills"))


def _connect_stream(values: Values, prefix: str, findings: SvamlFindings) -> ConnectStream:
    message = "Streams are in closed beta: on the real platform the account has to be enabled for them."
    findings.info("STREAM_CLOSED_BETA", prefix[:-1], message)
    destination = _destination(values, AddressKind.WEBSOCKET, prefix, findings)
    endpoint = destination.endpoint if destination else ""
    path = f"{prefix}destination.endpoint"
    if endpoint.lower().startswith("ws://"):
        message = "Without TLS: the simulator takes it, the real platform documents wss:// only."
        findings.info("STREAM_NOT_TLS", path, message, "wss:// outside of tests")
    elif endpoint and not endpoint.lower().startswith("wss://"):
        findings.error("INVALID_VALUE", path, f"{shown(endpoint)} is no WebSocket URL.", "wss://host/path")
    options = values.object("streamingOptions") or Values(STREAMING.defaults)
    return ConnectStream(
        endpoint,
        options.integer("version"),
        int(options.text("sampleRate")),
        values.seconds_as_ms("maxDuration"),
        _call_headers(values, prefix, findings),
    )


def _park(values: Values, prefix: str, findings: SvamlFindings) -> Park:
    locale = values.text("locale")

    def prompts(name: str) -> tuple[Prompt, ...]:
        text = values.text_or_none(name)
        return prompts_of(text, locale, prefix + name, findings) if text is not None else ()

    return Park(prompts("introPrompt"), prompts("holdPrompt"), values.integer("maxDuration") * 1000)


ACTION_BUILDERS: dict[str, Builder] = {
    "hangup": _hangup,
    "continue": _continue,
    "connectPstn": _connect_pstn,
    "connectMxp": _connect_mxp,
    "connectSip": _connect_sip,
    "connectConf": _connect_conf,
    "connectStream": _connect_stream,
    "runMenu": run_menu,
    "park": _park,
}
"""By the name of the action's table."""


# ---- what several actions have ----------------------------------------------------------------------------------

_KINDS = {
    AddressKind.NUMBER: ("number", "did"),
    AddressKind.USERNAME: ("username",),
    AddressKind.SIP: ("sip",),
    AddressKind.WEBSOCKET: ("websocket",),
}
_ENDPOINTS = {
    AddressKind.NUMBER: "E.164: + and country code, as +14045550100",
    AddressKind.USERNAME: "the id of an in-app user",
    AddressKind.SIP: "user@host",
    AddressKind.WEBSOCKET: "wss://host/path",
}


def _destination(values: Values, kind: AddressKind, prefix: str, findings: SvamlFindings) -> Address | None:
    """Reads the address of the only kind that this action can connect to; a missing type is taken for that kind."""
    identity = values.object("destination")
    if identity is None:
        return None
    written, endpoint = identity.text("type"), identity.text("endpoint")
    if written and written.lower() not in _KINDS[kind]:
        message = f"{shown(written)} is not what this action connects to."
        hint = did_you_mean(written, _KINDS[kind]) or f"type is {_KINDS[kind][0]!r}"
        findings.error("INVALID_VALUE", f"{prefix}destination.type", message, hint)
    address = read_identity(kind, endpoint)
    if address is None and endpoint:
        message = f"{shown(endpoint)} is no address of this kind."
        findings.error("INVALID_VALUE", f"{prefix}destination.endpoint", message, _ENDPOINTS[kind])
    return address


def _number_to_dial(values: Values, prefix: str, findings: SvamlFindings) -> str | None:
    number = values.text_or_none("number")
    if number is not None:
        return number
    older = _destination(values, AddressKind.NUMBER, prefix, findings)
    return older.endpoint if older is not None else None


def _cli(values: Values) -> str | None:
    """Reads the caller's number as ``+digits``; what is no number (``private``, ``incoming``, a name) stays."""
    cli = values.text_or_none("cli")
    return (normalise_number(cli) or cli) if cli else None


def _amd(values: Values | None) -> Amd | None:
    return Amd(asynchronous=values.flag("async")) if values is not None and values.flag("enabled") else None


def _call_headers(values: Values, prefix: str, findings: SvamlFindings) -> tuple[CallHeader, ...]:
    headers = []
    for index, pair in enumerate(values.objects("callHeaders")):
        header = CallHeader(pair.text("key"), pair.text("value"))
        size = len(header.key.encode()) + len(header.value.encode())
        if size > LARGEST_HEADER_BYTES:
            message = f"{size} bytes, the limit of a header is {LARGEST_HEADER_BYTES}: it is dropped."
            findings.warn("HEADER_TOO_BIG", f"{prefix}callHeaders[{index}]", message, "keep the value elsewhere")
        else:
            headers.append(header)
    return tuple(headers)
