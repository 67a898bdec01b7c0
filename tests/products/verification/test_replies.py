"""What the app answers to a request event: what counts, and what denies the verification because it is of no use."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.products.verification.model import Method, Reason, State, Status
from support.verification_world import ANNA, DID, VerificationWorld

UNUSABLE, BAD_CODE, NOT_OWNED = (
    "VERIFICATION_REPLY_UNUSABLE",
    "VERIFICATION_CODE_IN_REPLY_INVALID",
    "VERIFICATION_CLI_NOT_OWNED",
)


@pytest.mark.parametrize(
    ("method", "reply", "code", "path"),
    [
        (Method.SMS, b"", UNUSABLE, ""),
        (Method.SMS, b"allow", UNUSABLE, ""),
        (Method.SMS, b"[]", UNUSABLE, ""),
        (Method.SMS, b"\xff", UNUSABLE, ""),
        (Method.SMS, {}, UNUSABLE, "action"),
        (Method.SMS, {"action": None}, UNUSABLE, "action"),
        (Method.SMS, {"action": "alow"}, UNUSABLE, "action"),
        (Method.SMS, {"action": {"name": "hangup"}, "instructions": []}, UNUSABLE, "action"),
        (Method.SMS, {"action": "allow", "sms": {"code": "a b"}}, BAD_CODE, "sms.code"),
        (Method.SMS, {"action": "allow", "sms": {"code": "12345678901"}}, BAD_CODE, "sms.code"),
        (Method.SMS, {"action": "allow", "sms": {"code": 1234}}, BAD_CODE, "sms.code"),
        (Method.CALLOUT, {"action": "allow", "callout": {"code": "é"}}, BAD_CODE, "callout.code"),
        (Method.SMS, {"action": "allow", "sms": "1234"}, UNUSABLE, "sms"),
        (Method.SMS, {"action": "allow", "sms": {"codeType": "Hex"}}, UNUSABLE, "sms.codeType"),
        (Method.SMS, {"action": "allow", "sms": {"expiry": "5 minutes"}}, UNUSABLE, "sms.expiry"),
        (Method.SMS, {"action": "allow", "sms": {"expiry": "00:00:00"}}, UNUSABLE, "sms.expiry"),
        (Method.SMS, {"action": "allow", "sms": {"acceptLanguage": "sv-SE"}}, UNUSABLE, "sms.acceptLanguage"),
        (Method.SMS, {"action": "allow", "sms": {"acceptLanguage": ["?"]}}, UNUSABLE, "sms.acceptLanguage[0]"),
        (Method.FLASHCALL, {"action": "allow", "flashCall": {"cli": ANNA}}, NOT_OWNED, "flashCall.cli"),
        (Method.FLASHCALL, {"action": "allow", "flashCall": {"cli": "4604"}}, UNUSABLE, "flashCall.cli"),
        (Method.FLASHCALL, {"action": "allow", "flashCall": {"dialTimeout": 4}}, UNUSABLE, "flashCall.dialTimeout"),
        (
            Method.FLASHCALL,
            {"action": "allow", "flashCall": {"interceptionTimeout": 121}},
            UNUSABLE,
            "flashCall.interceptionTimeout",
        ),
        (Method.CALLOUT, {"action": "allow", "callout": {"pin": "a"}}, UNUSABLE, "callout.pin"),
        (
            Method.CALLOUT,
            {"action": "allow", "callout": {"speech": {"locale": "!"}}},
            UNUSABLE,
            "callout.speech.locale",
        ),
        (Method.WHATSAPP, {"action": "allow", "whatsapp": {"codeType": 1}}, UNUSABLE, "whatsapp.codeType"),
    ],
)
def test_a_reply_that_is_of_no_use_denies_and_is_explained(method: Method, reply: Any, code: str, path: str) -> None:
    world = VerificationWorld(reply=reply)
    verification = world.start(method)
    assert (verification.status, verification.reason) == (Status.DENIED, Reason.INVALID_CALLBACK)
    [found] = [line.fields for line in world.simulation.journal.of(verification.id) if line.kind == "diagnostic"]
    assert (found["code"], found["severity"], found["path"]) == (code, "error", path)
    assert found["message"]
    assert found["hint"]
    world.advance(10)
    assert (world.texts(), world.simulation.inboxes.missed_calls(ANNA)) == ([], [])


@pytest.mark.parametrize(
    "reply",
    [
        {"action": "allow"},
        {"action": "Allow", "extra": 1},
        {"ACTION": "ALLOW", "sms": None},
        {"action": "allow", "sms": {}, "flashCall": {"cli": 1}},
        {"action": "allow", "sms": {"code": "Ab-1", "later": True}},
        {"action": "allow", "sms": {"acceptLanguage": ["xx", "sv"]}},
    ],
)
def test_what_is_more_than_needed_does_no_harm(reply: dict[str, Any]) -> None:
    assert VerificationWorld(reply=reply).start().state is State.AWAITING_DELIVERY


def test_the_languages_of_the_reply_count_first_and_a_language_that_there_is_not_is_told() -> None:
    world = VerificationWorld(reply={"action": "allow", "sms": {"acceptLanguage": ["xx-YY", "es-MX"]}})
    verification = world.start(languages=("sv-SE",))
    assert (verification.language, world.codes(verification)) == ("es-ES", ["VERIFICATION_LANGUAGE_FALLBACK"])
    world = VerificationWorld(reply={"action": "allow", "sms": {"acceptLanguage": ["sv_se"]}})
    verification = world.start()
    assert (verification.language, world.codes(verification)) == ("sv-SE", [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("code", "codeType", "expiry", "acceptLanguage", "cli", "dialTimeout", "speech", "pin", "ttsMenu", "wavFile")
ABOUT = st.dictionaries(st.sampled_from(NAMES), JSON | st.sampled_from(["1234", "Alpha", "00:01:00", DID]), max_size=4)


@given(
    method=st.sampled_from(list(Method)),
    reply=st.one_of(
        st.binary(max_size=40),
        JSON.map(lambda document: json.dumps(document).encode()),
        st.fixed_dictionaries(
            {"action": st.sampled_from(["allow", "deny"]) | JSON},
            optional=dict.fromkeys(("sms", "flashCall", "callout", "whatsapp", "seamless"), ABOUT | JSON),
        ).map(lambda document: json.dumps(document).encode()),
    ),
)
def test_whatever_the_app_answers_the_verification_begins_or_is_denied(method: Method, reply: bytes) -> None:
    world = VerificationWorld(reply=reply)
    verification = world.start(method)
    assert verification.state is not State.AWAITING_CALLBACK
    if verification.state is State.ENDED:
        assert verification.reason in (Reason.INVALID_CALLBACK, Reason.DENIED_BY_CALLBACK)
        assert "text.sent" not in world.kinds(verification)
        assert "leg.invited" not in world.kinds(verification)
    world.advance(1000)
    assert verification.state is State.ENDED
