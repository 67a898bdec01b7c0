"""In which language a text is sent, and how the header that asks for one is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.products.verification.codes import cli_filter, make_cli, make_code
from sinch_simulator.products.verification.languages import (
    PLACE,
    SPOKEN,
    TEMPLATES,
    accepted_languages,
    choose,
    known,
    spoken_template,
)
from sinch_simulator.products.verification.model import CodeType


@pytest.mark.parametrize(
    ("asked", "default", "locale", "in_vain"),
    [
        ([], "en-US", "en-US", None),
        ([], "sv-SE", "sv-SE", None),
        ([("es-ES",), ("sv-SE",)], "en-US", "es-ES", None),
        ([(), ("sv-SE",)], "en-US", "sv-SE", None),
        ([("SV-se",)], "en-US", "sv-SE", None),
        ([("sv",)], "en-US", "sv-SE", "sv"),
        ([("xx",), ("es-MX",)], "en-US", "es-ES", "xx"),
        ([("xx",)], "de-DE", "de-DE", "xx"),
        ([("xx",)], "yy", "en-US", "xx"),
    ],
)
def test_the_first_language_that_has_a_template_counts(
    asked: list[tuple[str, ...]], default: str, locale: str, in_vain: str | None
) -> None:
    chosen = choose(asked, default)
    assert (chosen.locale, chosen.template, chosen.asked_in_vain) == (locale, TEMPLATES[locale], in_vain)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", ()),
        ("sv-SE", ("sv-SE",)),
        ("pl-PL,es-ES;q=0.33", ("pl-PL", "es-ES")),
        ("en;q=0.1, sv ; q=0.9, *;q=0.5, de;q=0", ("sv", "en")),
        ("en;q=many,sv;level=1", ("en", "sv")),
        (",;q=1,,", ()),
    ],
)
def test_the_header_is_read_by_weight(header: str, tags: tuple[str, ...]) -> None:
    assert accepted_languages(header) == tags


@given(st.text())
def test_any_header_can_be_read_and_any_tag_looked_up(text: str) -> None:
    for tag in accepted_languages(text):
        assert known(tag) in (None, *TEMPLATES)
    assert PLACE in spoken_template(text)


def test_every_template_has_a_place_for_the_code_and_a_call_says_it_twice() -> None:
    assert all(template.count(PLACE) == 1 for template in TEMPLATES.values())
    assert all(template.count(PLACE) == 2 for template in SPOKEN.values())


@given(st.text(max_size=40))
def test_codes_and_numbers_are_of_their_form_whatever_the_id(verification_id: str) -> None:
    assert make_code(verification_id, CodeType.NUMERIC).isdigit()
    assert len(make_code(verification_id, CodeType.ALPHANUMERIC)) == 4
    cli = make_cli(verification_id)
    assert (cli[:2], len(cli), cli[5:10]) == ("+1", 12, "55501")
    assert cli_filter(cli) == f"(.*){cli[2:6]}(.*)"


@pytest.mark.parametrize(
    ("cli", "shown"), [("+18156540001", "(.*)8156(.*)"), ("+46444660001", "(.*)4446(.*)"), ("+4407700900123", "")]
)
def test_a_filter_has_the_four_digits_after_the_country_code(cli: str, shown: str) -> None:
    assert cli_filter(cli) == (shown or "(.*)0770(.*)")
