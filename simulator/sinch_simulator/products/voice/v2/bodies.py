"""JSON going out: a call and a session as events and the REST API show them (docs/platform/voice-v2.md#2.1).

Absent values are left out, never null. Times are whole seconds, durations whole seconds rounded down.
"""

from functools import lru_cache
from typing import Any

from sinch_simulator.core.prices import CURRENCY, UNITS_PER_DOLLAR
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.products.voice.v2.addresses import rate_of
from sinch_simulator.products.voice.v2.session import Call, Session
from sinch_simulator.products.voice.v2.svaml.model import (
    Destination,
    Headers,
    Origin,
    PhoneAddress,
    SipDestination,
    StreamDestination,
)

Json = dict[str, Any]  # what goes out as JSON and is never read again


def call_body(call: Call, epoch_ms: int, base_url: str, *, event: bool = False) -> Json:
    """Shows a call. ``base_url`` is where whoever reads this reaches the simulator.

    An ``event`` about a call that was not answered has no duration, where the REST API says 0.
    """
    session = call.session
    project_id = session.application.project.id
    body: Json = {
        "callId": call.id,
        "projectId": project_id,
        "serviceId": session.application.key,
        "sessionId": session.id,
        "direction": call.direction.value,
        "originationType": call.origination.value,
        "callType": call.type.value,
        "startTime": _time(epoch_ms, call.started_ms),
        "callResult": call.result.value,
        "callRate": _rate(call),
        "callResourceUrl": f"{base_url}/v2/projects/{project_id}/calls/{call.id}",
    }
    for name, value in (
        ("callName", call.name),
        ("bridgeName", call.bridge_name),
        ("batchId", None if session.batch is None else session.batch.id),
        ("from", None if call.origin is None else _origin(call.origin)),
        ("to", None if call.to is None else destination_body(call.to)),
        ("callReason", None if call.reason is None else call.reason.value),
        ("callDurationSeconds", _duration_s(call, event)),
    ):
        if value is not None:
            body[name] = value
    for name, at_ms in (
        ("updateTime", call.updated_ms),
        ("answerTime", call.answered_ms),
        ("endTime", call.ended_ms),
    ):
        if at_ms is not None:
            body[name] = _time(epoch_ms, at_ms)
    return body


def session_body(session: Session, epoch_ms: int, base_url: str) -> Json:
    """Shows a session with all its calls (docs/platform/voice-v2.md#2.3)."""
    body: Json = {
        "sessionId": session.id,
        "projectId": session.application.project.id,
        "serviceId": session.application.key,
        "calls": [call_body(call, epoch_ms, base_url) for call in session.calls.values()],
        "createTime": _time(epoch_ms, session.created_ms),
        "state": session.state.value,
    }
    if session.updated_ms is not None:
        body["updateTime"] = _time(epoch_ms, session.updated_ms)
    if session.ended_ms is not None:
        body["endTime"] = _time(epoch_ms, session.ended_ms)
    return body


# Thousands of calls are to and from the same few addresses, and nobody changes a body.
@lru_cache(maxsize=1024)
def destination_body(to: Destination) -> Json:
    """Shows who is called, as a ``dial`` says it."""
    if isinstance(to, PhoneAddress):
        return {"type": "PHONE", "phone": {"number": to.number}}
    headers = _headers(to.headers)
    if isinstance(to, SipDestination):
        return {"type": "SIP", "sip": {"endpoint": to.endpoint, "transport": to.transport.value, **headers}}
    if isinstance(to, StreamDestination):
        options = {"version": 1, "codec": "PCM", "sampleRate": to.sample_rate}
        return {"type": "STREAM", "stream": {"endpoint": to.endpoint, "streamOptions": options, **headers}}
    relay = {"endpoint": to.endpoint, "enableInterruptions": to.interruptions}
    return {
        "type": "VOICE_RELAY",
        "voiceRelay": {**relay, "ttsVoice": to.voice, "sttLanguage": to.language, **headers},
    }


@lru_cache(maxsize=1024)
def _origin(origin: Origin) -> Json:
    if isinstance(origin, PhoneAddress):
        return {"type": "PHONE", "phone": {"number": origin.number}}
    name = {} if origin.display_name is None else {"displayName": origin.display_name}
    return {"type": "SIP", "sip": {"endpoint": origin.endpoint, **name}}


def _headers(headers: Headers) -> Json:
    return {"callHeaders": [{"key": key, "value": value} for key, value in headers]} if headers else {}


def _rate(call: Call) -> Json:
    """Shows what a minute costs; what comes in costs nothing."""
    return _money(rate_of(call))


@lru_cache(maxsize=64)
def _money(rate: int) -> Json:
    """Shows an amount, which is a text (docs/platform/voice-v2.md#1.4)."""
    return {"currencyCode": CURRENCY, "amount": f"{rate / UNITS_PER_DOLLAR:.4f}"}


def _duration_s(call: Call, event: bool) -> int | None:
    if call.ended_ms is None:
        return None
    if call.answered_ms is None:
        return None if event else 0
    return (call.ended_ms - call.answered_ms) // 1000


def _time(epoch_ms: int, at_ms: int) -> str:
    return _second((epoch_ms + at_ms) // 1000)


# Of thousands of calls many begin, or are answered, in the same second.
_second = lru_cache(maxsize=256)(timestamp)
