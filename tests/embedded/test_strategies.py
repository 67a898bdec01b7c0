"""The strategies for users' own property tests give what the platform could send, and what it takes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator import blocking, explain, sign, strategies, verify
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_svaml
from sinch_simulator.server.fidelity.table import Kind, rows

modestly = settings(deadline=None, max_examples=60)


@modestly
@given(strategies.callback_events())
def test_an_event_is_json_with_what_every_event_has(event: dict[str, Any]) -> None:
    assert json.loads(json.dumps(event)) == event
    assert event["event"] in ("ice", "ace", "pie", "dice", "notify")
    assert event["callid"]
    assert event["version"] == 1


@modestly
@given(strategies.dice())
def test_only_an_answered_call_has_a_duration_and_a_price(dice: dict[str, Any]) -> None:
    assert ("duration" in dice) == (dice["result"] == "ANSWERED")
    assert dice["debit"]["amount"] == 0 or dice["result"] == "ANSWERED"


@modestly
@given(strategies.voice_v2_events())
def test_an_event_of_v2_has_no_field_that_the_simulator_does_not_send(event: dict[str, Any]) -> None:
    assert json.loads(json.dumps(event)) == event
    known = {row.name.removeprefix("v2 event.") for row in rows() if row.kind is Kind.FIELD}
    assert {*event, *(f"{part}.{name}" for part in event if part != "event" for name in event[part])} <= known
    assert ("menu" in event) == (event["event"] == "call.menu")


@modestly
@given(strategies.voice_v2_events())
def test_only_a_call_of_v2_that_is_over_has_a_reason_and_an_end(event: dict[str, Any]) -> None:
    call = event["call"]
    assert ("callReason" in call) == ("endTime" in call) == (call["callResult"] not in ("INITIATED", "IN_PROGRESS"))
    assert ("callDurationSeconds" in call) == (call["callResult"] == "COMPLETED")


@modestly
@given(strategies.voice_v2_events())
def test_an_event_of_v2_is_signed_by_its_service(event: dict[str, Any]) -> None:
    body = json.dumps(event).encode()
    headers = sign("c2VjcmV0", application_key="my-service", url="/voice", body=body, wall_time=5.0, scheme="service")
    about: dict[str, Any] = {"application_key": "my-service", "headers": headers, "path": "/voice", "wall_time": 6.0}
    assert verify("c2VjcmV0", body=body, scheme="service", **about)
    assert explain("c2VjcmV0", body=body, scheme="service", **about) == ()
    assert not verify("c2VjcmV0", body=body, **about)
    assert [finding.code for finding in explain("c2VjcmV0", body=body, **about)] == ["AUTH_NOT_SIGNED"]
    assert explain("c2VjcmV0", body=body + b" ", scheme="service", **about)[0].code.startswith("AUTH_")


@pytest.mark.parametrize("event", ["ice", "ace", "pie"])
@modestly
@given(data=st.data())
def test_a_document_is_taken_by_the_platform(event: str, data: st.DataObject) -> None:
    document = data.draw(strategies.svaml(event))
    assert read_svaml(document, SvamlContext(event)).legal


def test_an_event_that_takes_no_document_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of ice, ace, pie"):
        strategies.svaml("dice")


@modestly
@given(strategies.personas())
def test_a_persona_can_be(persona: dict[str, Any]) -> None:
    read_persona(persona)


@given(reply=strategies.svaml("ice"), persona=strategies.personas(), journey=strategies.journeys())
@settings(deadline=None, max_examples=40)
def test_whatever_an_app_and_people_do_the_call_ends(
    simulator: blocking.Simulator, reply: dict[str, Any], persona: dict[str, Any], journey: list[dict[str, Any]]
) -> None:
    app = simulator.create_application()
    hangup = {"action": {"name": "hangup"}}
    app.mount(lambda event: reply if event["event"] == "ice" else hangup if event["event"] == "pie" else {})
    call = app.dial(from_="+46700000001", caller={**persona, "then": journey} if "answer" in persona else persona)
    app.advance(hours=5)
    assert call.ended
    assert {callback.outcome for callback in call.callbacks} == {"answered"}
    app.close()
