"""JSON going out: the five events and the call as REST shows it.

Source: docs/platform/callbacks.md, docs/platform/rest.md#4.1.

The only place where our words become the platform's. Key order has no meaning on the wire, but the same input gives the
same bytes. Absent values are left out, never null (docs/platform/callbacks.md#2).
"""

from typing import Any

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.prices import debit, money, rate_to
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.phones.signals import AmdStatus, AmdVerdict
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.effects import Ask, MenuResult
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.svaml.model import CallHeader

# Capitalised as in the samples; OpenAPI 1.0.1 has sip in lower case only.
_REST_TYPES = {
    AddressKind.NUMBER: "Number",
    AddressKind.DID: "Number",
    AddressKind.USERNAME: "Username",
    AddressKind.SIP: "sip",
    AddressKind.CONFERENCE: "Conference",
    AddressKind.WEBSOCKET: "Websocket",
}
# That of an app's conference call is documented as pstn, and was seen as mxp (docs/platform/callbacks.md#3).
_DOMAINS = {
    AddressKind.NUMBER: "pstn",
    AddressKind.DID: "pstn",
    AddressKind.USERNAME: "mxp",
    AddressKind.SIP: "sip",
    AddressKind.CONFERENCE: "mxp",
    AddressKind.WEBSOCKET: "stream",
}
# What a customCallout's ICE says is undocumented (docs/platform/callbacks.md#3): *assumed* PSTN.
_ORIGINATION_TYPES = {Origin.PSTN: "PSTN", Origin.MXP: "MXP", Origin.SIP: "SIP", Origin.CALLOUT: "PSTN"}


def domain_of(address: Address | None) -> str:
    """Returns where a call to this address is headed."""
    return "pstn" if address is None else _DOMAINS[address.kind]


def callback_body(call: Call, ask: Ask, now: int, epoch_ms: int) -> dict[str, Any]:
    """Returns the body of one event."""
    body: dict[str, Any] = {"event": ask.event.value, "callid": call.id}
    if ask.event is CallbackEvent.NOTIFY:
        return _notify(call, ask, body)
    body["timestamp"] = timestamp((epoch_ms + now) // 1000)
    body["version"] = 1
    _add_common(call, body)
    if ask.event is not CallbackEvent.PIE:
        _add_user(call, body)
    body["applicationKey"] = call.application.key
    if call.cookies:
        body["cookies"] = [{"key": key, "value": value} for key, value in call.cookies.items()]
    match ask.event:
        case CallbackEvent.ICE:
            _add_ice(call, body)
        case CallbackEvent.ACE:
            if ask.verdict is not None:
                body["amd"] = _amd(ask.verdict)
        case CallbackEvent.PIE:
            assert ask.menu_result is not None
            body["menuResult"] = _menu_result(ask.menu_result)
            if call.reference is not None:
                body["reference"] = call.reference
        case CallbackEvent.DICE:
            _add_dice(call, body, now)
    return body


def _add_common(call: Call, body: dict[str, Any]) -> None:
    if call.setup.custom is not None:
        body["custom"] = call.setup.custom
    if call.conference_id is not None:
        body["conferenceId"] = call.conference_id


def _add_user(call: Call, body: dict[str, Any]) -> None:
    """The in-app user who calls: not in PIE, and in no Notify but callingerror (docs/platform/callbacks.md#2)."""
    if call.setup.origin is Origin.MXP and call.caller.address is not None:
        body["user"] = call.caller.address.endpoint


def _add_ice(call: Call, body: dict[str, Any]) -> None:
    setup = call.setup
    body["callResourceUrl"] = resource_url(call)
    # Priced for what was dialled, wherever the app sends the call (docs/platform/callbacks.md#3); a rented number costs
    # nothing.
    dialled = setup.dialled
    charged = dialled is not None and dialled.kind is AddressKind.NUMBER
    body["userRate"] = money(rate_to(dialled) if charged and dialled is not None else 0)
    body["cli"] = shown_number(setup.number)
    if dialled is not None:
        body["to"] = {"type": dialled.kind.value, "endpoint": dialled.endpoint}
    body["domain"] = domain_of(dialled)
    body["originationType"] = _ORIGINATION_TYPES[setup.origin]
    body["rdnis"] = setup.rdnis
    if setup.call_headers:
        body["callHeaders"] = _headers(setup.call_headers)


def _add_dice(call: Call, body: dict[str, Any], now: int) -> None:
    assert call.ending is not None
    body["reason"] = call.ending.reason
    body["result"] = call.ending.result
    rate = rate_to(call.to) if call.to is not None else 0
    body["debit"] = money(debit(_charged_s(call, now), rate))
    body["userRate"] = money(rate)
    if call.to is not None:
        # Only ICE tells a rented number from any other: the samples of DiCE say number of both
        # (docs/platform/callbacks.md#2.1).
        kind = AddressKind.NUMBER if call.to.kind is AddressKind.DID else call.to.kind
        endpoint = bare(call.to.endpoint) if kind is AddressKind.NUMBER else call.to.endpoint
        body["to"] = {"type": kind.value, "endpoint": endpoint}
    if call.ending.result == "ANSWERED":
        body["duration"] = call.duration_s(now)
    body["from"] = shown_number(call.setup.number if call.setup.cli else call.cli)
    headers = call.outgoing.call_headers if call.outgoing is not None else ()
    if headers or call.setup.call_headers:
        body["callHeaders"] = _headers(headers or call.setup.call_headers)


def _notify(call: Call, ask: Ask, body: dict[str, Any]) -> dict[str, Any]:
    # Samples of Notify carry neither a timestamp nor the application key (docs/platform/callbacks.md#7).
    assert ask.notice is not None
    body["version"] = 1
    body["type"] = ask.notice.type
    _add_common(call, body)
    if ask.notice.destination is not None:
        body["destination"] = ask.notice.destination
    if ask.verdict is not None:
        body["amd"] = _amd(ask.verdict)
    if ask.notice.error_code is not None:
        body["errorCode"] = ask.notice.error_code
        body["errorMsg"] = ask.notice.error_message
        _add_user(call, body)
    return body


def call_info(call: Call, now: int, epoch_ms: int) -> dict[str, Any]:
    """Shows a call as GET does. ``from`` is only there for calls that came in: else the platform is the caller."""
    body: dict[str, Any] = {}
    if call.setup.callout is None and call.caller.address is not None:
        caller = call.caller.address
        body["from"] = {"type": _REST_TYPES[caller.kind], "endpoint": caller.endpoint}
    if call.to is not None:
        body["to"] = {"type": _REST_TYPES[call.to.kind], "endpoint": call.to.endpoint}
    rate = rate_to(call.to) if call.to is not None else 0
    ending = call.ending
    body |= {
        "domain": domain_of(call.to),
        "callId": call.id,
        "duration": call.duration_s(now),
        "status": "ONGOING" if ending is None else "FINAL",
        "result": "N/A" if ending is None else ending.result,
        "reason": "N/A" if ending is None else ending.rest_reason,
        "timestamp": timestamp((epoch_ms + call.setup.started_ms) // 1000),
    }
    if call.setup.custom is not None:
        body["custom"] = call.setup.custom
    body["userRate"] = money(rate)
    body["debit"] = money(debit(_charged_s(call, now), rate))
    return body


def resource_url(call: Call) -> str:
    """Returns where the app reaches this call by REST."""
    return f"{call.setup.base_url}/calling/v1/calls/id/{call.id}"


def bare(endpoint: str) -> str:
    """Returns a number as the platform prints it where it leaves out the ``+`` (docs/platform/callbacks.md#10)."""
    return endpoint[1:] if endpoint.startswith("+") else endpoint


def shown_number(cli: str | None) -> str:
    """Returns a caller as events name it: the bare number; who shows none, as most in-app users do, is private.

    Source: docs/platform/callbacks.md#3.
    """
    return cli[1:] if cli is not None and cli.startswith("+") else "private"


def _charged_s(call: Call, now: int) -> int:
    if call.ending is not None and call.ending.result != "ANSWERED":
        return 0
    return call.duration_s(now)


def _menu_result(result: MenuResult) -> dict[str, Any]:
    return {
        "type": result.type,
        "value": result.value,
        "menuId": result.menu_id,
        "inputMethod": "voice" if result.by_voice else "dtmf",
    }


def _amd(verdict: AmdVerdict) -> dict[str, Any]:
    if verdict.status is AmdStatus.INPROGRESS:
        return {"status": verdict.status.value}
    return {
        "status": verdict.status.value,
        "reason": verdict.reason.value,
        "duration": -(-verdict.duration_ms // 1000),
    }


def _headers(headers: tuple[CallHeader, ...]) -> list[dict[str, str]]:
    return [{"key": header.key, "value": header.value} for header in headers]
