"""What a callout says: plain text, or a list of prompts (docs/platform/rest.md#3.2)."""

import re

from sinch_simulator.core.schema.request_fields import Properties, missing, printable, refused
from sinch_simulator.products.voice.svaml.locales import FALLBACK_LOCALE, known_locale
from sinch_simulator.products.voice.svaml.model import Prompt, PromptKind
from sinch_simulator.products.voice.svaml.prompts import (
    SPEECH_LIMIT,
    PromptList,
    PromptSyntaxError,
    read_prompt_list,
    spoken_characters,
    spoken_prompt,
)

_TOO_LONG = f"at most {SPEECH_LIMIT} characters of speech"
# No file is known to be uploaded, so a name has to look like one (*assumed*).
_FILE_NAME = re.compile(r"\S+\.(wav|mp3|ogg|opus|gsm|aac|aiff?|aifc)", re.IGNORECASE)


def read_locale(body: Properties) -> str:
    """The locale or voice of a callout; an unknown one is spoken as en-US (docs/platform/svaml.md#7)."""
    written = body.text("locale")
    if not written or written.isspace():
        return FALLBACK_LOCALE
    known = known_locale(written)
    if known is None:
        body.warn("LOCALE_UNKNOWN", "locale", f"'{printable(written)}' is unknown: {FALLBACK_LOCALE} is spoken.")
    return known or FALLBACK_LOCALE


def read_speech(body: Properties, locale: str, *, needed: bool) -> tuple[Prompt, ...]:
    """What a ttsCallout says: ``prompts``, which win (*assumed*), or ``text``. ``needed`` refuses to say nothing."""
    listed = body.text("prompts")
    if listed and not listed.isspace():
        if body.has("text"):
            body.warn("TEXT_IGNORED", "text", "The text is ignored beside prompts.", "give one of the two")
        return _listed(body, listed, locale)
    spoken = read_plain_speech(body, "text", locale)
    if needed and not spoken:
        raise missing(body.within("text"), "give text or prompts, or let the app decide with enableAce")
    return spoken


def read_plain_speech(body: Properties, name: str, locale: str) -> tuple[Prompt, ...]:
    """A text that is read out as it is; nothing when it is absent or blank."""
    text = body.text(name)
    if not text or text.isspace():
        return ()
    if len(text) > SPEECH_LIMIT:
        raise refused(body.within(name), text, _TOO_LONG)
    return (spoken_prompt(text, locale),)


def _listed(body: Properties, text: str, locale: str) -> tuple[Prompt, ...]:
    listed = _parsed(body, text, locale)
    for fault in listed.faults:
        body.warn("SSML_MALFORMED", "prompts", fault)
    prompts = tuple([_spoken_prose(body, prompt, locale) for prompt in listed.prompts])
    if not prompts:
        raise refused(body.within("prompts"), text, "at least one prompt")
    if spoken_characters(prompts) > SPEECH_LIMIT:
        raise refused(body.within("prompts"), text, _TOO_LONG)
    return prompts


def _parsed(body: Properties, text: str, locale: str) -> PromptList:
    try:
        return read_prompt_list(text, locale)
    except PromptSyntaxError as error:
        raise refused(body.within("prompts"), text, f"prompts joined by ; ({error})") from error


def _spoken_prose(body: Properties, prompt: Prompt, locale: str) -> Prompt:
    """Bare words are the name of an uploaded file on the platform; here they are read out.

    Source: docs/platform/gotchas.md#B20.
    """
    if prompt.kind is not PromptKind.FILE or _FILE_NAME.fullmatch(prompt.text):
        return prompt
    words = printable(prompt.text)
    message = f"'{words}' is the name of a file to the platform; it is not known and read out here."
    body.warn("PROMPT_NOT_FILE", "prompts", message, f"write #tts[{words}]")
    return spoken_prompt(prompt.text, locale)
