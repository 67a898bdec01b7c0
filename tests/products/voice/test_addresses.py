"""Numbers in any usual spelling become one; what is no address is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number, read_identity


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+14045005000", "+14045005000"),
        ("46000000001", "+46000000001"),
        ("14155552223333", "+14155552223333"),
        ("+46(0)73-017-0101", "+46730170101"),
        ("+46 (0)73-017-0101", "+46730170101"),
        (" +1 (404) 500.5000 ", "+14045005000"),
        ("4600000000051", "+4600000000051"),
        ("112", "+112"),
    ],
)
def test_a_number_is_normalised_to_plus_and_digits(written: str, number: str) -> None:
    assert normalise_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *["", "+", "12", "abc", "++4670", "+46+70", "+0461234", "+1404500500x", "1234567890123456", "+٤٦٧٠١٢٣"],
        *["0701234567", "(0)701234567", "0046701234567", "tel:+14045005000", "+1404/500"],
    ],
)
def test_what_cannot_be_a_number_is_refused(written: str) -> None:
    assert normalise_number(written) is None


@given(st.text(alphabet="+0123456789 ()-.x\u00a0", max_size=24))
def test_a_normalised_number_stays_as_it_is(text: str) -> None:
    number = normalise_number(text)
    assert number is None or normalise_number(number) == number


@given(st.text(max_size=30))
def test_any_text_gives_plus_and_digits_or_nothing(text: str) -> None:
    number = normalise_number(text)
    assert number is None or (number[0] == "+" and number[1:].isascii() and number[1:].isdigit())


@given(st.from_regex(r"[1-9][0-9]{5,14}", fullmatch=True), st.data())
def test_decoration_does_not_change_a_number(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(digits) - 1))
    mark = data.draw(st.sampled_from([" ", "-", ".", "(0)", " (0)", " (0) "]))
    assert normalise_number(f"+{digits[:place]}{mark}{digits[place:]}") == f"+{digits}"


@pytest.mark.parametrize(
    ("kind", "endpoint", "expected"),
    [
        (AddressKind.NUMBER, "46 70-123 45 67", "+46701234567"),
        (AddressKind.DID, "14045550100", "+14045550100"),
        (AddressKind.USERNAME, "alice", "alice"),
        (AddressKind.USERNAME, "Alice B.", "Alice B."),
        (AddressKind.SIP, "100@pbx.example.com", "100@pbx.example.com"),
        (AddressKind.SIP, "sip:100@pbx.example.com:5061;transport=tls", "100@pbx.example.com:5061;transport=tls"),
        (AddressKind.SIP, "SIPS:100@pbx.example.com", "100@pbx.example.com"),
        (AddressKind.CONFERENCE, "room", "room"),
    ],
)
def test_an_identity_is_read_by_its_kind(kind: AddressKind, endpoint: str, expected: str) -> None:
    assert read_identity(kind, endpoint) == Address(kind, expected)


@pytest.mark.parametrize(
    ("kind", "endpoint"),
    [
        (AddressKind.NUMBER, "alice"),
        (AddressKind.DID, ""),
        (AddressKind.USERNAME, ""),
        (AddressKind.USERNAME, " \t"),
        (AddressKind.SIP, "pbx.example.com"),
        (AddressKind.SIP, "sip:@pbx.example.com"),
        (AddressKind.SIP, "a b@pbx.example.com"),
        (AddressKind.SIP, "a@b@c"),
    ],
)
def test_an_endpoint_that_does_not_fit_its_kind_is_refused(kind: AddressKind, endpoint: str) -> None:
    assert read_identity(kind, endpoint) is None
