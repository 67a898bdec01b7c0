"""Events of Voice v2: their bodies, their headers, and a signature that the published vector has too."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import Outcome, Response, SendCallback
from sinch_simulator.core.signing import fold_headers
from sinch_simulator.products.voice.v2.bodies import call_body, session_body
from sinch_simulator.products.voice.v2.callbacks.events import ServiceSignature, event_callback
from sinch_simulator.products.voice.v2.callbacks.replies import read_answer
from sinch_simulator.products.voice.v2.events import MenuInput
from sinch_simulator.products.voice.v2.session import (
    Batch,
    Call,
    CallReason,
    CallResult,
    CallType,
    Direction,
    OriginationType,
    Session,
    SessionState,
)
from sinch_simulator.products.voice.v2.svaml.model import (
    Destination,
    Document,
    HangUp,
    PhoneAddress,
    RelayDestination,
    SipDestination,
    SipOrigin,
    StreamDestination,
)

SERVICE = Application("a74b1566-0f18-4f8e-9c23-8e6b5df8fd3e", "F5wrP9SKYU6w8sbZXkp7GA==")
EPOCH_MS = int(datetime(2026, 4, 1, 12, tzinfo=UTC).timestamp()) * 1000
PROJECT = SERVICE.project.id
AGENT = PhoneAddress("+46700000001")


def a_call(to: Destination = AGENT, **fields: Any) -> Call:
    session = Session("01AN4Z07BY79KA1307SR9X4MV2", SERVICE, 0, "http://eu1.voice.localhost:5600")
    call = Call(
        "01AN4Z07BY79KA1307SR9X4MV3", session, Direction.OUTBOUND, CallType.PHONE, OriginationType.SERVER, 1000, to,
        **fields,
    )  # fmt: skip
    session.calls[call.id] = call
    return call


def an_event(call: Call, event: str = "call.answered", **more: Any) -> SendCallback:
    return event_callback(
        call, event, callback_id="11111111-2222-4333-8444-555555555555", url="http://app.test/voice", now=61_500,
        fallback_url=None, epoch_ms=EPOCH_MS, awaited=False, **more,
    )  # fmt: skip


def test_the_signature_is_that_of_the_published_vector() -> None:
    body = b'{"event":"call.incoming","call":{"callId":"01AN4Z07BY79KA1307SR9X4MV3"}}'
    signature = ServiceSignature(SERVICE)
    headers = fold_headers(signature.headers("/voice-webhooks", body, EPOCH_MS / 1000))
    assert headers["x-timestamp"] == "2026-04-01T12:00:00.0000000Z"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["authorization"] == f"service {SERVICE.key}:EWFtVTrykdhMTdyYSbn40GBJpf5UBeggO9T99sdwLyY="
    assert signature.signed("/voice-webhooks", body, headers).splitlines() == [
        "POST",
        "CH5/FnzqzRJ81QlTLGAhAw==",
        "application/json; charset=utf-8",
        "x-timestamp:2026-04-01T12:00:00.0000000Z",
        "/voice-webhooks",
    ]
    forged = fold_headers(signature.forged().headers("/voice-webhooks", body, EPOCH_MS / 1000))
    assert forged["authorization"] != headers["authorization"]


def test_an_event_is_a_cloud_event_about_the_call_as_it_is() -> None:
    call = a_call(name="agent", result=CallResult.IN_PROGRESS, answered_ms=61_500, updated_ms=61_500)
    call.origin = PhoneAddress("+14045550100")
    sent = an_event(call)
    assert dict(sent.headers) == {
        "ce-specversion": "1.0",
        "ce-type": "com.sinch.voice.call.control.v1",
        "ce-source": f"projects/{PROJECT}/services/{SERVICE.key}",
        "ce-id": "11111111-2222-4333-8444-555555555555",
        "ce-time": "2026-04-01T12:01:01.500+00:00",
    }
    assert sent.body == {
        "event": "call.answered",
        "call": {
            "callId": call.id,
            "projectId": PROJECT,
            "serviceId": SERVICE.key,
            "sessionId": call.session.id,
            "callName": "agent",
            "direction": "OUTBOUND",
            "originationType": "SERVER",
            "callType": "PHONE",
            "from": {"type": "PHONE", "phone": {"number": "+14045550100"}},
            "to": {"type": "PHONE", "phone": {"number": "+46700000001"}},
            "startTime": "2026-04-01T12:00:01Z",
            "updateTime": "2026-04-01T12:01:01Z",
            "answerTime": "2026-04-01T12:01:01Z",
            "callResult": "IN_PROGRESS",
            "callRate": {"currencyCode": "USD", "amount": "0.0412"},
            "callResourceUrl": f"http://eu1.voice.localhost:5600/v2/projects/{PROJECT}/calls/{call.id}",
        },
    }
    assert (sent.about.call_id, sent.about.session_id, sent.subject) == (call.id, call.session.id, call.id)


def test_an_event_in_a_menu_tells_the_input() -> None:
    assert an_event(a_call(), "call.menu", menu=MenuInput("main", "12#")).body["menu"] == {
        "menuName": "main",
        "input": "12#",
    }


@pytest.mark.parametrize(
    ("answered_ms", "ended_ms", "in_api", "in_event"),
    [(5000, 106_999, 101, 101), (None, 30_000, 0, None), (5000, None, None, None), (None, None, None, None)],
)
def test_a_duration_is_whole_seconds_from_the_answer_to_the_end(
    answered_ms: int | None, ended_ms: int | None, in_api: int | None, in_event: int | None
) -> None:
    call = a_call(answered_ms=answered_ms, ended_ms=ended_ms)
    assert call_body(call, EPOCH_MS, "").get("callDurationSeconds") == in_api
    assert call_body(call, EPOCH_MS, "", event=True).get("callDurationSeconds") == in_event


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        (
            SipDestination("sip:a@b", headers=(("X-A", "1"),)),
            {
                "type": "SIP",
                "sip": {"endpoint": "sip:a@b", "transport": "UDP", "callHeaders": [{"key": "X-A", "value": "1"}]},
            },
        ),
        (
            StreamDestination("wss://a"),
            {
                "type": "STREAM",
                "stream": {
                    "endpoint": "wss://a",
                    "streamOptions": {"version": 1, "codec": "PCM", "sampleRate": 8000},
                },
            },
        ),
        (
            RelayDestination("wss://a", "Emma", "en-US"),
            {
                "type": "VOICE_RELAY",
                "voiceRelay": {
                    "endpoint": "wss://a",
                    "enableInterruptions": True,
                    "ttsVoice": "Emma",
                    "sttLanguage": "en-US",
                },
            },
        ),
    ],
)
def test_a_destination_is_shown_as_it_is_dialled_and_costs_nothing_beside_the_telephone(
    to: Destination, shown: Any
) -> None:
    body = call_body(a_call(to, origin=SipOrigin("sip:me@home", "Me")), EPOCH_MS, "")
    assert body["to"] == shown
    assert body["from"] == {"type": "SIP", "sip": {"endpoint": "sip:me@home", "displayName": "Me"}}
    assert body["callRate"]["amount"] == "0.0000"


def test_a_session_shows_its_calls() -> None:
    call = a_call(result=CallResult.COMPLETED, reason=CallReason.CALLEE_HANGUP, answered_ms=2000, ended_ms=9000)
    call.bridge_name = "main"
    session = call.session
    session.batch = Batch("01AN4Z07BY79KA1307SR9X4MV9", SERVICE, 0)
    session.state, session.updated_ms, session.ended_ms = SessionState.COMPLETED, 9000, 9000
    shown = session_body(session, EPOCH_MS, "http://here")
    (shown_call,) = shown.pop("calls")
    assert shown == {
        "sessionId": session.id,
        "projectId": PROJECT,
        "serviceId": SERVICE.key,
        "createTime": "2026-04-01T12:00:00Z",
        "updateTime": "2026-04-01T12:00:09Z",
        "endTime": "2026-04-01T12:00:09Z",
        "state": "COMPLETED",
    }
    assert (shown_call["callReason"], shown_call["bridgeName"]) == ("CALLEE_HANGUP", "main")
    assert shown_call["batchId"] == "01AN4Z07BY79KA1307SR9X4MV9"
    assert an_event(call).about.batch_id == "01AN4Z07BY79KA1307SR9X4MV9"


# ---- replies ----------------------------------------------------------------------------------------------------


def reply(body: bytes, event: str = "call.answered", status: int = 200, *, cut: bool = False) -> Any:
    return read_answer(an_event(a_call(), event), Response(status, {}, body, cut))


def test_a_reply_with_commands_is_what_they_say() -> None:
    read = reply(json.dumps({"commands": [{"command": "hangup"}]}).encode())
    assert (read.outcome, read.answer, read.delivered) == (Outcome.ANSWERED, Document((HangUp(),)), True)


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b""), (204, b"OK"), (201, b'{"commands": []}')])
def test_a_reply_may_ask_for_nothing(status: int, body: bytes) -> None:
    assert reply(body, status=status).answer == Document()


@pytest.mark.parametrize("body", [b"OK", b"{}", b"[]", b'{"commands": [{"command": "fly"}]}'])
def test_a_reply_that_is_no_svaml_is_no_delivery(body: bytes) -> None:
    read = reply(body)
    assert (read.outcome, read.answer, read.delivered) == (Outcome.BAD_SVAML, None, False)
    assert read.diagnostics


def test_a_reply_without_end_is_no_delivery() -> None:
    assert [found.code for found in reply(b'{"commands": []}', cut=True).diagnostics] == ["TOO_LONG"]


def test_a_name_for_a_call_counts_only_where_it_comes_in() -> None:
    body = json.dumps({"commands": [], "callName": "customer", "events": {"onHangup": []}}).encode()
    assert [found.path for found in reply(body).diagnostics] == ["callName", "events"]
    assert reply(body, "call.incoming").diagnostics == ()
