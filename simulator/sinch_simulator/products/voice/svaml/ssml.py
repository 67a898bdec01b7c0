"""SSML to what is heard of it: the words, the pauses and the pace. It is not validated against the language of voices.

The subset that is timed: ``break`` (``time``, ``strength``), ``p``, ``s``, ``prosody rate`` and ``say-as`` that spells
out; the lengths of pauses and the paces are those that Amazon Polly documents where it does, and *assumed* elsewhere.
Every other element is read through to its text. Markup that is not well-formed loses its tags and is read too
(*assumed*): ``Speech.fault`` says what is wrong with it.
"""

import re
from html import unescape

from attrs import field

from sinch_simulator.core.values import define, frozen

LONGEST_BREAK_MS = 10_000
LONGEST_MARKUP = 10_000
"""Characters; what is longer is never spoken (the limit is 600 spoken ones), so its tags are dropped, not read."""

_STRENGTH_MS = {"none": 0, "x-weak": 0, "weak": 200, "medium": 400, "strong": 700, "x-strong": 1200}
_PACE_PERCENT = {"x-slow": 50, "slow": 75, "medium": 100, "default": 100, "fast": 125, "x-fast": 200}
_PAUSE_AFTER_MS = {"p": 700, "s": 400}
_SPELLED = frozenset({"digits", "characters", "spell-out", "telephone", "verbatim"})

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>"
    r"|(?P<stray><)|(?P<text>[^<]+)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|[A-Za-z]\w*;)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TIME = re.compile(r"\+?(\d{1,9})(?:\.(\d{1,3})\d*)?\s*(ms|s)")
_PERCENT = re.compile(r"(\d{1,5})(?:\.\d*)?%")


@frozen
class Run:
    """Words said at one pace: ``percent`` 200 is twice as fast; ``spelled`` is letter by letter."""

    text: str
    percent: int = 100
    spelled: bool = False


@frozen
class Speech:
    """What is heard: the words as plain text, the runs they are said in, all pauses, and what was malformed."""

    text: str
    runs: tuple[Run, ...]
    pause_ms: int
    fault: str | None = None


@frozen
class _Open:
    name: str
    percent: int
    spelled: bool


@define
class _Reading:
    runs: list[Run] = field(factory=list)
    open: list[_Open] = field(factory=list)
    pause_ms: int = 0
    fault: str | None = None

    @property
    def pace(self) -> _Open:
        return self.open[-1] if self.open else _Open("", 100, False)

    def blame(self, fault: str) -> None:
        self.fault = self.fault or fault

    def say(self, text: str) -> None:
        pace = self.pace
        self.runs.append(Run(text, pace.percent, pace.spelled))


def read_ssml(markup: str) -> Speech:
    """Reads what a voice makes of this markup, with or without a ``speak`` element around it."""
    if len(markup) > LONGEST_MARKUP:
        words = " ".join(_ANY_TAG.sub("", markup).split())
        return Speech(words, (Run(words),), 0, f"more than {LONGEST_MARKUP} characters")
    reading = _Reading()
    for token in _TOKEN.finditer(markup):
        if token["text"] is not None:
            if _BARE_AMPERSAND.search(token["text"]):
                reading.blame("an & that is not written &amp;")
            reading.say(unescape(token["text"]))
        elif token["name"] is not None:
            _read_tag(reading, token)
        elif token["cdata"] is not None:
            reading.say(token["cdata"])
        elif token["stray"] is not None:
            reading.blame("a < that begins no tag")
    if reading.open:
        reading.blame(f"<{reading.open[-1].name}> is never closed")
    words = " ".join("".join(run.text for run in reading.runs).split())
    return Speech(words, tuple(reading.runs), reading.pause_ms, reading.fault)


def _read_tag(reading: _Reading, tag: re.Match[str]) -> None:
    name = tag["name"].lower()
    if tag["close"]:
        _close(reading, name)
        return
    attributes = {key.lower(): first or second for key, first, second in _ATTRIBUTE.findall(tag["attributes"])}
    if name == "break":
        reading.pause_ms += _break_ms(attributes)
    if not tag["empty"]:
        reading.open.append(_opened(name, attributes, reading.pace))


def _close(reading: _Reading, name: str) -> None:
    if not reading.open or reading.open[-1].name != name:
        reading.blame(f"</{name}> closes nothing")
        return
    reading.open.pop()
    reading.pause_ms += _PAUSE_AFTER_MS.get(name, 0)
    if name in _PAUSE_AFTER_MS:
        reading.say(" ")


def _opened(name: str, attributes: dict[str, str], outer: _Open) -> _Open:
    percent = outer.percent
    if name == "prosody" and "rate" in attributes:
        percent = max(20, min(500, percent * _rate_percent(attributes["rate"]) // 100))
    spelled = outer.spelled or (name == "say-as" and attributes.get("interpret-as", "").lower() in _SPELLED)
    return _Open(name, percent, spelled)


def _rate_percent(rate: str) -> int:
    match = _PERCENT.fullmatch(rate.strip())
    return int(match[1]) if match else _PACE_PERCENT.get(rate.strip().lower(), 100)


def _break_ms(attributes: dict[str, str]) -> int:
    match = _TIME.fullmatch(attributes.get("time", "").strip().lower())
    if match is None:
        return _STRENGTH_MS.get(attributes.get("strength", "medium").lower(), _STRENGTH_MS["medium"])
    whole, fraction, unit = int(match[1]), match[2] or "", match[3]
    pause_ms = whole if unit == "ms" else whole * 1000 + int(fraction.ljust(3, "0"))
    return min(LONGEST_BREAK_MS, pause_ms)
