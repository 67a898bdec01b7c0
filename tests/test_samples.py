"""The bundled webhook: what it answers is good SVAML, and it refuses what is not signed."""

import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.application import Application
from sinch_simulator.core.signing import verify
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import lint_document
from sinch_simulator.products.voice.v2.callbacks.events import ServiceSignature
from sinch_simulator.products.voice.v2.svaml.reading import read_reply
from sinch_simulator.samples import ivr_v2
from sinch_simulator.samples.ivr import SALES, Company, application


@pytest.fixture
def company() -> Company:
    return Company(DEFAULT_KEY, DEFAULT_SECRET)


def pie(value: str) -> dict[str, Any]:
    return {"event": "pie", "callid": "c1", "menuResult": {"menuId": "main", "type": "return", "value": value}}


@pytest.mark.parametrize(
    "event",
    [{"event": "ice", "callid": "c1"}, {"event": "ace", "callid": "c1"}, pie("sales"), pie("hours"), pie("")],
    ids=["ice", "ace", "sales", "hours", "nothing"],
)
def test_whatever_it_answers_nothing_can_be_said_against(company: Company, event: dict[str, Any]) -> None:
    reply = json.dumps(company.answer(event)).encode()
    assert lint_document(reply, SvamlContext(event["event"])) == []


def test_a_colleague_who_answers_is_connected(company: Company) -> None:
    assert company.answer(pie("sales"))["action"] == {"name": "connectPstn", "number": SALES}
    assert company.answer({"event": "ace", "callid": "c1"}) == {"action": {"name": "continue"}}


def test_somebody_whom_the_company_has_called_gets_the_menu(company: Company) -> None:
    assert company.answer({"event": "ace", "callid": "c2"})["action"]["name"] == "runMenu"


def test_nothing_is_remembered_of_a_call_that_is_over(company: Company) -> None:
    company.answer(pie("sales"))
    assert company.answer({"event": "dice", "callid": "c1"}) == {}
    assert company.connecting == set()


async def test_a_callback_without_a_signature_is_refused(company: Company) -> None:
    async with TestClient(TestServer(application(company))) as client:
        response = await client.post("/", json={"event": "ice", "callid": "c1"})
        assert response.status == 401


# ---- the same company by Voice v2 -------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["call.incoming", "call.hangup", "call.message.finished"])
def test_nothing_can_be_said_against_what_the_sample_of_v2_answers(event: str) -> None:
    reading = read_reply(json.dumps(ivr_v2.answer({"event": event})).encode())
    assert reading.document is not None
    assert reading.diagnostics == ()


async def test_an_event_of_v2_without_a_signature_is_refused() -> None:
    async with TestClient(TestServer(ivr_v2.application(DEFAULT_KEY, DEFAULT_SECRET))) as client:
        response = await client.post("/", json={"event": "call.incoming"})
        assert response.status == 401


def test_a_signature_is_of_the_scheme_that_is_asked_for() -> None:
    body = b"{}"
    headers = ServiceSignature(Application(DEFAULT_KEY, DEFAULT_SECRET)).headers("/", body, 0.0)

    def genuine(scheme: str) -> bool:
        return verify(
            DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=headers, path="/", body=body, scheme=scheme
        )

    assert (genuine("service"), genuine("application")) == (True, False)
