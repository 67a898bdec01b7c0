"""How long a text is on the radio, and what it is cut into (docs/platform/sms.md#10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.text_parts import (
    Encoding,
    cut_to_one_part,
    encoding_of,
    foreign_character,
    number_of_parts,
    split_text,
    units,
)


@pytest.mark.parametrize(
    ("text", "encoding", "length", "parts"),
    [
        ("", Encoding.GSM, 0, 1),
        ("a" * 160, Encoding.GSM, 160, 1),
        ("a" * 161, Encoding.GSM, 161, 2),
        ("a" * 306, Encoding.GSM, 306, 2),
        ("a" * 307, Encoding.GSM, 307, 3),
        ("a" * 918, Encoding.GSM, 918, 6),
        ("a" * 1071, Encoding.GSM, 1071, 7),
        ("a" * 1072, Encoding.GSM, 1072, 8),
        ("€" * 80, Encoding.GSM, 160, 1),
        ("€" * 81, Encoding.GSM, 162, 2),
        ("|^€{}[]~\\\f", Encoding.GSM, 20, 1),
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà", Encoding.GSM, 65, 1),
        ("ç", Encoding.UNICODE, 1, 1),
        ("“quoted”", Encoding.UNICODE, 8, 1),
        ("я" * 70, Encoding.UNICODE, 70, 1),
        ("я" * 71, Encoding.UNICODE, 71, 2),
        ("я" * 134, Encoding.UNICODE, 134, 2),
        ("я" * 135, Encoding.UNICODE, 135, 3),
        ("😀" * 35, Encoding.UNICODE, 70, 1),
        ("😀" * 36, Encoding.UNICODE, 72, 2),
    ],
)
def test_a_text_has_an_alphabet_a_length_and_parts(text: str, encoding: Encoding, length: int, parts: int) -> None:
    assert (encoding_of(text), units(text), len(split_text(text)), number_of_parts(text)) == (
        encoding, length, parts, parts,
    )  # fmt: skip


def test_what_takes_two_units_is_not_divided() -> None:
    assert [len(part) for part in split_text("a" * 152 + "€" + "a" * 10)] == [152, 11]
    assert [len(part) for part in split_text("я" * 66 + "😀" + "я" * 10)] == [66, 11]


def test_the_character_that_makes_a_text_unicode_is_named() -> None:
    assert foreign_character("It’s 5 €") == "’"
    assert foreign_character("It's 5 €") is None


TEXTS = st.text(st.sampled_from("ab€{я😀\n")) | st.text()


@given(TEXTS)
def test_parts_are_the_text_and_each_fits(text: str) -> None:
    parts = split_text(text)
    gsm = encoding_of(text) is Encoding.GSM
    longest = (160 if gsm else 70) if len(parts) == 1 else (153 if gsm else 67)
    widths = [units(part) if gsm else len(part.encode("utf-16-le", "surrogatepass")) // 2 for part in parts]
    assert "".join(parts) == text
    assert max(widths) <= longest
    assert all(width >= longest - 1 for width in widths[:-1])
    assert number_of_parts(text) == len(parts)


@given(TEXTS)
def test_a_text_that_is_cut_is_the_longest_beginning_that_fits_into_one_part(text: str) -> None:
    cut = cut_to_one_part(text)
    assert text.startswith(cut)
    assert len(split_text(cut)) == 1
    if encoding_of(text) is encoding_of(text[: len(cut) + 1]) and cut != text:
        assert len(split_text(text[: len(cut) + 1])) == 2
