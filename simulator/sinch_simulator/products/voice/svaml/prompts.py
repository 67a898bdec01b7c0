"""Reads prompt strings: ``#tts[..]``, ``#ssml[..]``, ``#href[..]``, URLs and file names, joined by ``;``.

The syntax is documented (docs/platform/svaml.md#6); that brackets inside a part are counted and that ``\\]`` stands for
a bracket is *assumed*. Nothing is downloaded and nothing is synthesised: how long a prompt takes is a model, all of it
*assumed*, whose only promise is that the same text always takes the same whole number of milliseconds:

- speech: as ``core/speech.py`` says;
- SSML: its words in the same way, at the pace of ``prosody rate``, plus its breaks; what is spelled out
  (``say-as interpret-as="digits"``) takes 400 ms a character;
- a URL or a file: 3 seconds; silence, that is speech without words: 1 ms, because a prompt always takes time.
"""

import re
from functools import lru_cache

from sinch_simulator.core.locales import FALLBACK_LOCALE, known_locale
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.speech import FILE_MS, LEAD_MS, speech_ms, words_ms
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.svaml.fields import SvamlFindings
from sinch_simulator.products.voice.svaml.model import Prompt, PromptKind
from sinch_simulator.products.voice.svaml.ssml import read_ssml

SPELLED_CHARACTER_MS = 400
SPEECH_LIMIT = 600
"""Spoken characters in one ``say`` or one prompt string, by default (docs/platform/svaml.md#6)."""

_WHOLE_PART = re.compile(r"\s*#(tts|ssml|href)\[([^\[\]\\]*)\]\s*(?:;|\Z)", re.IGNORECASE)
_OPENING = re.compile(r"#(\w*)\[?")
_KINDS = {"tts": PromptKind.TTS, "ssml": PromptKind.SSML, "href": PromptKind.URL}


class PromptSyntaxError(ValueError):
    """A prompt string that cannot be read; ``position`` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} at character {position + 1}")
        self.position = position


@frozen
class PromptList:
    """The prompts of one string, in order, and what is malformed in its SSML."""

    prompts: tuple[Prompt, ...]
    faults: tuple[str, ...] = ()


def read_prompts(text: str, locale: str = FALLBACK_LOCALE) -> tuple[Prompt, ...]:
    """Reads the prompts of a list, in order; raises ``PromptSyntaxError``. An unknown locale is spoken as en-US."""
    return read_prompt_list(text, locale).prompts


def read_prompt_list(text: str, locale: str = FALLBACK_LOCALE) -> PromptList:
    """Reads the prompts of a list with what is wrong with their SSML; raises ``PromptSyntaxError``."""
    locale = known_locale(locale) or FALLBACK_LOCALE
    prompts: list[Prompt] = []
    faults: list[str] = []
    position, end = 0, len(text)
    while position < end:
        whole = _WHOLE_PART.match(text, position)
        if whole is not None:
            kind, content = _KINDS[whole[1].lower()], whole[2]
            position = whole.end()
        else:
            kind, content, position = _read_part(text, position)
        if kind is PromptKind.SSML:
            prompt, fault = ssml_prompt(content, locale)
            prompts.append(prompt)
            faults.extend([fault] if fault else [])
        elif kind is PromptKind.TTS:
            prompts.append(spoken_prompt(content, locale))
        elif content.strip():
            prompts.append(Prompt(kind, content.strip(), FILE_MS, locale))
    return PromptList(tuple(prompts), tuple(faults))


def prompts_of(text: str, locale: str, path: str, findings: SvamlFindings) -> tuple[Prompt, ...]:
    """Reads the prompts of a prompt string; none of them when it cannot be read or says too much."""
    try:
        read = read_prompt_list(text, locale)
    except PromptSyntaxError as error:
        findings.error("INVALID_VALUE", path, f"{shown(text)} is no prompt: {error}.", "as #tts[Hello];https://..")
        return ()
    for fault in read.faults:
        message = f"The SSML is malformed, {fault}: it is read without its tags."
        findings.warn("SSML_MALFORMED", path, message, "XML: every tag closed, & as &amp;")
    for prompt in read.prompts:
        if prompt.kind is PromptKind.FILE and any(character.isspace() for character in prompt.text):
            message = f"{shown(prompt.text)} is the name of a file, not spoken text."
            findings.warn("PROMPT_NOT_FILE", path, message, "to have it spoken write #tts[..]")
    # Markup only adds to what is spoken, so a short string never says too much.
    return read.prompts if len(text) <= SPEECH_LIMIT else _within_limit(read.prompts, path, findings)


def spoken_text(text: str, locale: str, path: str, findings: SvamlFindings) -> tuple[Prompt, ...]:
    """Returns plain text as one prompt; none when it is empty or too long."""
    return _within_limit((spoken_prompt(text, locale),), path, findings) if text else ()


def _within_limit(prompts: tuple[Prompt, ...], path: str, findings: SvamlFindings) -> tuple[Prompt, ...]:
    length = spoken_characters(prompts)
    if length <= SPEECH_LIMIT:
        return prompts
    message = f"{length} characters are to be spoken, the limit is {SPEECH_LIMIT}."
    findings.error("TOO_LONG", path, message, "split it into several instructions or play a file")
    return ()


def spoken_prompt(text: str, locale: str = FALLBACK_LOCALE) -> Prompt:
    """Returns this text, read out."""
    # Apps say the same few things over and over; what is too long to be said is not worth keeping.
    return _remembered(text, locale) if len(text) <= SPEECH_LIMIT else _spoken(text, locale)


def _spoken(text: str, locale: str) -> Prompt:
    locale = known_locale(locale) or FALLBACK_LOCALE
    return Prompt(PromptKind.TTS, text, speech_ms(text, locale), locale)


_remembered = lru_cache(maxsize=512)(_spoken)


def ssml_prompt(markup: str, locale: str = FALLBACK_LOCALE) -> tuple[Prompt, str | None]:
    """Returns this markup, read out, and what is malformed in it."""
    locale = known_locale(locale) or FALLBACK_LOCALE
    speech = read_ssml(markup)
    duration_ms = speech.pause_ms
    for run in speech.runs:
        if run.spelled:
            length_ms = SPELLED_CHARACTER_MS * sum(character.isalnum() for character in run.text)
        else:
            length_ms = words_ms(run.text, locale)
        duration_ms += length_ms * 100 // run.percent
    if duration_ms:
        duration_ms += LEAD_MS
    return Prompt(PromptKind.SSML, speech.text, max(1, duration_ms), locale), speech.fault


def spoken_characters(prompts: tuple[Prompt, ...]) -> int:
    """Returns how many characters a voice has to say, without markup: the limit is about these (*assumed* for SSML)."""
    return sum(len(prompt.text) for prompt in prompts if prompt.spoken)


def _read_part(text: str, start: int) -> tuple[PromptKind, str, int]:
    """Reads the part at ``start`` that no shortcut matched: its kind, its content, and where the next one begins."""
    while start < len(text) and text[start].isspace():
        start += 1
    if not text.startswith("#", start):
        end = text.find(";", start)
        end = len(text) if end < 0 else end
        content = text[start:end].strip()
        return (PromptKind.URL if "://" in content else PromptKind.FILE), content, end + 1
    opening = _OPENING.match(text, start)
    kind = _KINDS.get(opening[1].lower()) if opening else None
    if opening is None or kind is None:
        raise PromptSyntaxError("expected #tts[, #ssml[ or #href[", start)
    if not opening[0].endswith("["):
        raise PromptSyntaxError(f"expected [ after #{opening[1]}", opening.end())
    content, after = _bracketed(text, opening.end())
    while after < len(text) and text[after].isspace():
        after += 1
    if after < len(text) and text[after] != ";":
        raise PromptSyntaxError("expected ; between two prompts", after)
    return kind, content, after + 1


def _bracketed(text: str, start: int) -> tuple[str, int]:
    """Returns the content up to the bracket that closes the one before ``start``, unescaped, and where it ends."""
    depth = 1
    pieces: list[str] = []
    position = start
    while position < len(text):
        character = text[position]
        if character == "\\" and text[position + 1 : position + 2] in ("[", "]"):
            pieces.append(text[position + 1])
            position += 2
            continue
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return "".join(pieces), position + 1
        pieces.append(character)
        position += 1
    raise PromptSyntaxError("expected ] to close the [", start - 1)
