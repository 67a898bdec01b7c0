"""What is on a phone beside its calls: an app, a SIM, missed calls; and how a persona says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.phones.app_signals import AppReported, MissCall, MobileDataUsed, ShowToApp, UseMobileData
from sinch_simulator.phones.behaviour import HUMAN, LETS_RING, AppOnPhone, Persona
from sinch_simulator.phones.handset import obey, wrong_secret
from sinch_simulator.phones.inbox import Inboxes
from sinch_simulator.phones.persona_document import persona_document
from sinch_simulator.phones.persona_json import PersonaError, read_persona
from sinch_simulator.phones.signals import Cause, Declined, LegName

ANNA, BEN = "+46700000001", "+14045550199"


@pytest.mark.parametrize(
    ("app", "reported", "after_ms"),
    [
        ({}, "1234", 3000),
        ({"reports": "right", "after": 0}, "1234", 0),
        ({"reports": "wrong", "after": 1.5}, "1230", 1500),
        ({"reports": "9"}, "9", 3000),
    ],
)
def test_an_app_reports_what_it_is_shown(app: dict[str, object], reported: str, after_ms: int) -> None:
    acts = obey(ShowToApp("v", ANNA, "1234"), read_persona({"app": app}), Inboxes(), 0)
    assert list(acts) == [(after_ms, AppReported("v", reported, "manual"))]


def test_an_app_that_intercepts_declines_what_rings_and_only_that() -> None:
    persona = read_persona({"app": {"source": "intercepted"}})
    ringing = [*obey(ShowToApp("v", ANNA, BEN, rings=True), persona, Inboxes(), 0)]
    assert ringing[0] == (0, Declined("v", LegName.CALLEE, Cause.REJECTED))
    text = [*obey(ShowToApp("v", ANNA, "1234"), persona, Inboxes(), 0)]
    assert text == [(3000, AppReported("v", "1234", "intercepted"))]


def test_nobody_reports_without_an_app() -> None:
    assert list(obey(ShowToApp("v", ANNA, "1234"), HUMAN, Inboxes(), 0)) == []


@pytest.mark.parametrize(("data", "sim"), [("carrier", ANNA), ("wifi", None), (BEN, BEN)])
def test_mobile_data_goes_by_the_sim_that_is_said(data: str, sim: str | None) -> None:
    acts = obey(UseMobileData("v", ANNA), read_persona({"data": data}), Inboxes(), 0)
    assert list(acts) == [(0, MobileDataUsed("v", sim))]


def test_a_missed_call_lies_at_the_phone_until_it_is_forgotten() -> None:
    inboxes = Inboxes()
    obey(MissCall("v", ANNA, BEN, 7000), HUMAN, inboxes, 9000)
    [missed] = inboxes.missed_calls(ANNA)
    assert (missed.cli, missed.at_ms, missed.rang_ms, missed.verification_id) == (BEN, 9000, 7000, "v")
    inboxes.forget(frozenset({"v"}))
    assert inboxes.missed_calls(ANNA) == []


@pytest.mark.parametrize(
    ("persona", "rings_on"),
    [
        ({}, True),
        ({"app": {}}, True),
        ({"then": [{"wait": 1}]}, True),
        ({"answer": {}}, False),
        ({"busy": {}}, False),
        ({"by_hand": {}}, False),
    ],
)
def test_who_was_not_told_to_answer_lets_a_flash_call_ring(persona: dict[str, object], rings_on: bool) -> None:
    assert (read_persona(persona).to_flash_calls is LETS_RING) is rings_on


@pytest.mark.parametrize(
    ("persona", "path"),
    [
        ({"app": True}, "persona.app"),
        ({"app": {"reports": ""}}, "persona.app.reports"),
        ({"app": {"reports": "a b"}}, "persona.app.reports"),
        ({"app": {"after": -1}}, "persona.app.after"),
        ({"app": {"source": "log"}}, "persona.app.source"),
        ({"app": {"report": "right"}}, "persona.app"),
        ({"data": "4g"}, "persona.data"),
        ({"data": "46700000001"}, "persona.data"),
        ({"data": None}, "persona.data"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(persona: dict[str, object], path: str) -> None:
    with pytest.raises(PersonaError) as refused:
        read_persona(persona)
    assert refused.value.path == path
    assert refused.value.hint


@pytest.mark.parametrize("reports", ["rihgt", "Right", "wrnog"])
def test_what_is_nearly_right_or_wrong_is_no_code(reports: str) -> None:
    with pytest.raises(PersonaError, match="neither right nor wrong") as refused:
        read_persona({"app": {"reports": reports}})
    assert refused.value.path == "persona.app.reports"
    assert refused.value.hint == f'did you mean "{"wrong" if "w" in reports else "right"}"?'


@given(
    st.builds(
        Persona,
        data=st.sampled_from(["carrier", "wifi", BEN]),
        app=st.none()
        | st.builds(
            AppOnPhone,
            reports=st.sampled_from(["right", "wrong", "1234", BEN]),
            after_ms=st.integers(min_value=0, max_value=86_400_000),
            source=st.sampled_from(["manual", "intercepted"]),
        ),
    )
)
def test_a_persona_is_read_as_it_was_written(persona: Persona) -> None:
    assert read_persona(persona_document(persona)) == persona


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-", min_size=1))
def test_a_wrong_secret_has_the_form_of_the_right_one_and_is_another(right: str) -> None:
    wrong = wrong_secret(right)
    assert wrong != right
    assert len(wrong) == len(right)
