"""Callout bodies of every method: what is taken, refused with which code, and told about them."""

import pytest

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.products.voice.callouts.reading import read_callout
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from support.callout_bodies import BODIES, NUMBER, TTS, accepted, read, refused_with, told


def refused(code: ErrorCode, document: object) -> ApiError:
    with pytest.raises(ApiError) as caught:
        read_callout(document, ())
    assert caught.value.code is code, caught.value.message
    return caught.value


def codes(method: str, **changes: object) -> list[str]:
    return [found.code for found in read(method, **changes).diagnostics]


# ---- the request as a whole -------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [None, [], "ttsCallout", 1, True])
def test_a_body_that_is_no_object_is_an_invalid_request(document: object) -> None:
    refused(ErrorCode.INVALID_REQUEST, document)


@pytest.mark.parametrize("method", ["", "voiceCallout", "tts", 1, [], {}])
def test_an_unknown_method_is_an_invalid_parameter(method: object) -> None:
    error = refused(ErrorCode.INVALID_PARAMETER, {"method": method, "ttsCallout": TTS})
    assert "ttsCallout, conferenceCallout, customCallout" in error.message


@pytest.mark.parametrize("document", [{}, {"method": None}, {"ttsCallout": TTS}])
def test_a_missing_method_is_a_missing_parameter(document: object) -> None:
    assert "'method'" in refused(ErrorCode.MISSING_PARAMETER, document).message


@pytest.mark.parametrize("method", list(BODIES))
def test_the_object_that_the_method_names_must_be_there(method: str) -> None:
    others = {name: body for name, body in BODIES.items() if name != method}
    assert f"'{method}'" in refused(ErrorCode.MISSING_PARAMETER, {"method": method, **others}).message
    assert f"'{method}'" in refused(ErrorCode.INVALID_PARAMETER, {"method": method, method: "x"}).message


def test_only_the_object_that_the_method_names_is_read() -> None:
    document = {"method": "ttsCallout", "ttsCallout": TTS, "customCallout": {"ice": "nonsense"}}
    assert read_callout(document, ()).callout.method is CalloutMethod.TTS


def test_names_are_found_in_any_case_and_an_unusual_one_is_told() -> None:
    document = {
        "Method": "TTSCALLOUT",
        "ttscallout": {
            "CLI": "+14045001000",
            "Destination": {"Type": "Number", "ENDPOINT": "+14045005000"},
            "enabledice": True,
            "text": "Hello",
        },
    }
    result = read_callout(document, ())
    assert result.callout.enable_dice
    assert result.callout.cli == "+14045001000"
    assert result.callout.destination == Address(AddressKind.NUMBER, "+14045005000")
    assert {found.code for found in result.diagnostics} == {"CASE"}
    assert {"Method", "method", "ttscallout", "ttsCallout.enabledice", "ttsCallout.Destination.ENDPOINT"} <= {
        found.path for found in result.diagnostics
    }


def test_of_two_spellings_of_a_name_the_canonical_one_counts() -> None:
    callout, found = told("ttsCallout", "UNKNOWN_PROPERTY", CLI="+14045009999")
    assert callout.cli == "+14045001000"
    assert found.path == "ttsCallout.CLI"


@pytest.mark.parametrize(
    ("method", "name", "hint"),
    [
        ("ttsCallout", "enableDise", 'did you mean "enableDice"?'),
        ("ttsCallout", "maxDuration", "it belongs to conferenceCallout and customCallout"),
        ("conferenceCallout", "text", "it belongs to ttsCallout"),
        ("customCallout", "pop", ""),
        ("customCallout", "\ud800" * 70, ""),
    ],
)
def test_an_unknown_property_is_ignored_and_told_with_what_was_perhaps_meant(method: str, name: str, hint: str) -> None:
    callout, found = told(method, "UNKNOWN_PROPERTY", **{name: 1})
    assert callout == accepted(method)
    assert found.hint == hint
    assert found.path.encode().decode().startswith(f"{method}.")


def test_unknown_properties_are_told_wherever_they_are() -> None:
    document = {"method": "ttsCallout", "ttsCallout": {**TTS, "destination": {**NUMBER, "endpont": "x"}}, "metod": 1}
    found = read_callout(document, ()).diagnostics
    assert [(each.code, each.path) for each in found] == [
        ("UNKNOWN_PROPERTY", "metod"),
        ("UNKNOWN_PROPERTY", "ttsCallout.destination.endpont"),
    ]


def test_thousands_of_unknown_properties_are_counted_not_listed() -> None:
    found = read("ttsCallout", **{f"x{number}": 1 for number in range(5000)}).diagnostics
    assert len(found) == 21
    assert found[-1].message == "4980 more unknown properties are ignored."


@pytest.mark.parametrize("method", list(BODIES))
def test_null_counts_as_absent(method: str) -> None:
    nulls = dict.fromkeys(
        ["dtmf", "domain", "custom", "locale", "enableAce", "enableDice", "enablePie", "maxDuration", "prompts", "ice"]
    )
    own = {name: value for name, value in nulls.items() if method == "customCallout" or name != "ice"}
    if method != "ttsCallout":
        own.pop("prompts")
    if method == "ttsCallout":
        own.pop("maxDuration")
    assert accepted(method, **own) == accepted(method)


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize("name", ["cli", "dtmf", "domain", "custom", "locale"])
@pytest.mark.parametrize("value", [True, [], {}, [[[]]], "\ud800"])
def test_a_text_property_with_another_value_is_refused_by_name(method: str, name: str, value: object) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.{name}", method, **{name: value})


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("cli", 14045001000, "+14045001000"),
        ("dtmf", 1, "1"),
        ("custom", 1.5, "1.5"),
        ("destination", {"type": "number", "endpoint": 14045005000}, NUMBER),
        ("enableAce", "true", True),
        ("enableDice", " False ", False),
        ("text", 5, "5"),
        ("greeting", 5, "5"),
        ("conferenceId", 17, "17"),
        ("maxDuration", "600", 600),
        ("conferenceDtmfOptions", {"maxDigits": "2"}, {"maxDigits": 2}),
        ("conferenceDtmfOptions", {"timeoutMills": "500"}, {"timeoutMills": 500}),
    ],
)
def test_what_is_written_as_another_type_is_taken_as_meant_and_told(name: str, written: object, meant: object) -> None:
    method = "ttsCallout" if name == "text" else "conferenceCallout"
    callout, found = told(method, "TYPE_COERCED", **{name: written})
    assert callout == accepted(method, **{name: meant})
    assert found.path.startswith(f"{method}.{name}")
    assert "is taken as" in found.message


def test_what_is_written_as_another_type_has_the_same_limits() -> None:
    assert codes("customCallout", maxDuration="14401") == ["TYPE_COERCED", "MAX_DURATION"]
    assert codes("ttsCallout", locale=5) == ["TYPE_COERCED", "LOCALE_UNKNOWN"]
    refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.dtmf", "ttsCallout", dtmf=1.5)
    for endless in (float("inf"), float("nan"), 10**4000):
        refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.custom", "ttsCallout", custom=endless)


# ---- shared fields ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize(
    ("destination", "address"),
    [
        ({"type": "number", "endpoint": "+14045005000"}, Address(AddressKind.NUMBER, "+14045005000")),
        ({"type": "Number", "endpoint": "14045005000"}, Address(AddressKind.NUMBER, "+14045005000")),
        ({"type": "number", "endpoint": "+46 (0)70-123"}, Address(AddressKind.NUMBER, "+4670123")),
        ({"type": "username", "endpoint": "alice"}, Address(AddressKind.USERNAME, "alice")),
        ({"type": "Username", "endpoint": "Alice"}, Address(AddressKind.USERNAME, "Alice")),
        ({"type": "sip", "endpoint": "100@pbx.example.com"}, Address(AddressKind.SIP, "100@pbx.example.com")),
        ({"type": "Sip", "endpoint": "sip:100@pbx.example.com"}, Address(AddressKind.SIP, "100@pbx.example.com")),
        ({"type": "number", "endpoint": "+14045005000", "verified": None}, Address(AddressKind.NUMBER, "+14045005000")),
    ],
)
def test_destinations(method: str, destination: object, address: Address) -> None:
    assert accepted(method, destination=destination).destination == address


def test_the_type_of_a_destination_is_taken_in_any_case() -> None:
    callout, found = told("ttsCallout", "CASE", destination={"type": "USERNAME", "endpoint": "alice"})
    assert callout.destination == Address(AddressKind.USERNAME, "alice")
    assert found.path == "ttsCallout.destination.type"


def test_number_is_taken_for_endpoint_with_a_warning() -> None:
    callout, found = told("ttsCallout", "DESTINATION_NUMBER", destination={"type": "number", "number": "+14045005000"})
    assert callout.destination == Address(AddressKind.NUMBER, "+14045005000")
    assert found.path == "ttsCallout.destination.number"


def test_endpoint_wins_over_number() -> None:
    callout, _ = told("ttsCallout", "DESTINATION_NUMBER", destination={**NUMBER, "number": "+46700000001"})
    assert callout.destination == Address(AddressKind.NUMBER, "+14045005000")


@pytest.mark.parametrize(
    ("destination", "parameter"),
    [
        ({"type": "did", "endpoint": "+14045005000"}, "destination.type"),
        ({"type": "conference", "endpoint": "room"}, "destination.type"),
        ({"type": "email", "endpoint": "a@b.c"}, "destination.type"),
        ({"type": "", "endpoint": "+14045005000"}, "destination.type"),
        ({"type": 1, "endpoint": "+14045005000"}, "destination.type"),
        ({"type": "number", "endpoint": "abc"}, "destination.endpoint"),
        ({"type": "number", "endpoint": ""}, "destination.endpoint"),
        ({"type": "number", "endpoint": True}, "destination.endpoint"),
        ({"type": "number", "number": "abc"}, "destination.number"),
        ({"type": "username", "endpoint": " "}, "destination.endpoint"),
        ({"type": "sip", "endpoint": "pbx.example.com"}, "destination.endpoint"),
        ("+14045005000", "destination"),
        ([NUMBER], "destination"),
    ],
)
@pytest.mark.parametrize("method", list(BODIES))
def test_a_destination_that_cannot_be_is_refused(method: str, destination: object, parameter: str) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.{parameter}", method, destination=destination)


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize(
    ("destination", "parameter"),
    [({"endpoint": "+14045005000"}, "type"), ({"type": "number"}, "endpoint"), ({}, "type")],
)
def test_a_destination_needs_type_and_endpoint(method: str, destination: object, parameter: str) -> None:
    refused_with(ErrorCode.MISSING_PARAMETER, f"{method}.destination.{parameter}", method, destination=destination)


@pytest.mark.parametrize("method", ["ttsCallout", "conferenceCallout"])
@pytest.mark.parametrize("absent", [..., None])
def test_a_destination_is_required_unless_the_callout_is_custom(method: str, absent: object) -> None:
    refused_with(ErrorCode.MISSING_PARAMETER, f"{method}.destination", method, destination=absent)
    assert accepted("customCallout", destination=absent).destination is None


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize(
    ("cli", "shown"),
    [("+14045001000", "+14045001000"), ("46 70-123", "+4670123"), ("private", "private"), ("Private", "private")],
)
def test_the_cli_is_a_number_or_private(method: str, cli: str, shown: str) -> None:
    assert accepted(method, cli=cli).cli == shown


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize("cli", ["garbage", "+", "0701234567", "alice", "+1404500100012345678"])
def test_a_cli_that_is_garbage_is_refused(method: str, cli: str) -> None:
    assert repr(cli) in refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.cli", method, cli=cli).message


@pytest.mark.parametrize("method", list(BODIES))
def test_an_app_shows_its_user_any_text_as_the_caller(method: str) -> None:
    user = {"type": "username", "endpoint": "anna"}
    for cli, shown in (("alice", "alice"), ("Acme, 2nd line", "Acme, 2nd line"), ("14045001000", "+14045001000")):
        assert accepted(method, destination=user, cli=cli).cli == shown


@pytest.mark.parametrize("cli", [..., None, "", " "])
def test_a_tts_callout_without_cli_is_accepted_but_never_arrives(cli: object) -> None:
    callout, found = told("ttsCallout", "CLI_MISSING", cli=cli)
    assert callout.cli is None
    assert found.path == "ttsCallout.cli"
    assert found.hint
    assert accepted("conferenceCallout", cli=cli).cli is None
    assert accepted("customCallout", cli=cli).cli is None


def test_a_tts_callout_to_an_app_user_needs_no_cli() -> None:
    body = {"destination": {"type": "username", "endpoint": "bob"}, "text": "Hello"}
    assert read_callout({"method": "ttsCallout", "ttsCallout": body}, ()).diagnostics == ()


@pytest.mark.parametrize("method", list(BODIES))
def test_tones_are_digits_hash_and_pauses(method: str) -> None:
    assert accepted(method, dtmf="ww1234#w#").dtmf == "ww1234#w#"
    assert accepted(method).dtmf == ""
    callout, found = told(method, "DTMF_CHAR", dtmf="*1")
    assert callout.dtmf == "*1"
    assert found.path == f"{method}.dtmf"
    for wrong in ("A", "1,2", "W", "١", "1 2"):
        refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.dtmf", method, dtmf=wrong)


@pytest.mark.parametrize("method", list(BODIES))
def test_the_domain_informs_and_is_one_of_two(method: str) -> None:
    assert accepted(method, domain="mxp") == accepted(method, domain="pstn") == accepted(method)
    assert told(method, "CASE", domain="PSTN")[0] == accepted(method)
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.domain", method, domain="sip")


@pytest.mark.parametrize("method", list(BODIES))
def test_custom_has_at_most_1024_bytes(method: str) -> None:
    assert accepted(method, custom="").custom == ""
    assert accepted(method, custom="é" * 512).custom == "é" * 512
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.custom", method, custom="é" * 512 + "x")


@pytest.mark.parametrize("method", list(BODIES))
@pytest.mark.parametrize(("written", "locale"), [("sv-SE", "sv-SE"), ("en-US/male", "en-US/male"), ("Kimberly",) * 2])
def test_the_locale_is_a_language_or_a_voice(method: str, written: str, locale: str) -> None:
    assert accepted(method, locale=written).locale == locale


@pytest.mark.parametrize("method", list(BODIES))
def test_the_locale_is_american_english_unless_said_otherwise(method: str) -> None:
    assert accepted(method).locale == accepted(method, locale="").locale == "en-US"
    callout, found = told(method, "LOCALE_UNKNOWN", locale="tlh-QO")
    assert callout.locale == "en-US"
    assert found.path == f"{method}.locale"


@pytest.mark.parametrize("method", ["ttsCallout", "conferenceCallout"])
def test_events_are_off_unless_enabled(method: str) -> None:
    callout = accepted(method)
    assert (callout.enable_ace, callout.enable_dice, callout.enable_pie) == (False, False, False)
    callout = accepted(method, enableAce=True, enableDice=True, enablePie=True)
    assert (callout.enable_ace, callout.enable_dice, callout.enable_pie) == (True, True, True)


@pytest.mark.parametrize("method", ["ttsCallout", "conferenceCallout"])
@pytest.mark.parametrize("flag", ["enableAce", "enableDice", "enablePie"])
@pytest.mark.parametrize("value", ["yes", "", 1, 0, [], {}])
def test_a_flag_is_true_or_false(method: str, flag: str, value: object) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.{flag}", method, **{flag: value})


@pytest.mark.parametrize("method", ["conferenceCallout", "customCallout"])
@pytest.mark.parametrize(("written", "limit_ms"), [(1, 1000), (600, 600_000), (14400, 14_400_000)])
def test_the_longest_duration_is_whole_seconds(method: str, written: object, limit_ms: int) -> None:
    assert accepted(method, maxDuration=written).max_duration_ms == limit_ms
    assert accepted(method).max_duration_ms is None


@pytest.mark.parametrize("method", ["conferenceCallout", "customCallout"])
@pytest.mark.parametrize("written", [14401, 10**4000, 1e300])
def test_a_longer_duration_is_cut_to_four_hours(method: str, written: object) -> None:
    callout, found = told(method, "MAX_DURATION", maxDuration=written)
    assert callout.max_duration_ms == 14_400_000
    assert found.path == f"{method}.maxDuration"


@pytest.mark.parametrize("method", ["conferenceCallout", "customCallout"])
@pytest.mark.parametrize(
    "written",
    [0, -1, "0", "-5", "ten", "", "9" * 5000, 1.5, float("nan"), float("inf"), True, [], {}, -(10**4000), "٣"],
)
def test_a_duration_that_cannot_be_is_refused(method: str, written: object) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"{method}.maxDuration", method, maxDuration=written)
