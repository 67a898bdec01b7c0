"""Says how long a text takes to be spoken: a model, all of it *assumed*.

Its only promise is that the same text always takes the same whole number of milliseconds: 300 ms, and for each
character the pace of the language (``locales.character_ms``, 65 ms in English); a digit counts as four characters;
``,`` ``;`` ``:`` before a gap add 200 ms, ``.`` ``!`` ``?`` 400 ms. Silence, that is speech without words, takes 1 ms,
because whatever is played takes time.
"""

import re

from sinch_simulator.core.locales import character_ms

LEAD_MS = 300
FILE_MS = 3000
"""How long a file, or what is at a URL, plays."""
_PAUSES_MS = {",": 200, ";": 200, ":": 200, ".": 400, "!": 400, "?": 400}
_DIGIT_CHARACTERS = 4
# It begins with a set of characters, because such a pattern is searched for in two thirds of the time.
_DIGIT_OR_PAUSE = re.compile(r"[\d.!?,;:](?:(?<=\d)|(?=\s))")


def speech_ms(text: str, locale: str) -> int:
    """Returns how many milliseconds a text takes to be spoken in a locale that is known."""
    spoken_ms = words_ms(text, locale)
    return spoken_ms + LEAD_MS if spoken_ms else 1


def words_ms(text: str, locale: str) -> int:
    """Returns how many milliseconds the words of a text take, without what comes before them; 0 for none."""
    words = text.strip()
    pace_ms = character_ms(locale)
    length_ms = len(words) * pace_ms
    for mark in _DIGIT_OR_PAUSE.findall(words):
        length_ms += _PAUSES_MS.get(mark) or (_DIGIT_CHARACTERS - 1) * pace_ms
    return length_ms
