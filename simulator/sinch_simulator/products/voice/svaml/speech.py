"""Prompts and recordings inside a document: strings of properties to values, with what is to be said about them."""

from sinch_simulator.core.schema.findings import Findings, did_you_mean, shown
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.products.voice.svaml.locales import TRANSCRIPTION_LOCALES
from sinch_simulator.products.voice.svaml.model import Prompt, PromptKind, StartRecording
from sinch_simulator.products.voice.svaml.prompts import (
    SPEECH_LIMIT,
    PromptSyntaxError,
    read_prompt_list,
    spoken_characters,
    spoken_prompt,
)

_STORES = ("s3://", "azure://", "sdrive://")
_STORES_WITH_KEYS = ("s3://", "azure://")


def prompts_of(text: str, locale: str, path: str, findings: Findings) -> tuple[Prompt, ...]:
    """The prompts of a prompt string; none of them when it cannot be read or says too much."""
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


def spoken_text(text: str, locale: str, path: str, findings: Findings) -> tuple[Prompt, ...]:
    """Plain text as one prompt; none when it is empty or too long."""
    return _within_limit((spoken_prompt(text, locale),), path, findings) if text else ()


def _within_limit(prompts: tuple[Prompt, ...], path: str, findings: Findings) -> tuple[Prompt, ...]:
    length = spoken_characters(prompts)
    if length <= SPEECH_LIMIT:
        return prompts
    message = f"{length} characters are to be spoken, the limit is {SPEECH_LIMIT}."
    findings.error("TOO_LONG", path, message, "split it into several instructions or play a file")
    return ()


def recording_of(options: Values | None, prefix: str, findings: Findings) -> StartRecording:
    """What recording options ask for. ``prefix`` is the path of the options and a dot."""
    if options is None:
        return StartRecording()
    url, credentials = options.text("destinationUrl"), options.text("credentials")
    if url and not url.lower().startswith(_STORES):
        message = f"{shown(url)} is no place that recordings can go to."
        findings.warn("RECORDING_DESTINATION", f"{prefix}destinationUrl", message, "s3://, azure:// or sdrive://")
    if url.lower().startswith(_STORES_WITH_KEYS) and not credentials:
        message = "Without credentials the recording cannot be stored there."
        findings.warn("RECORDING_CREDENTIALS", f"{prefix}credentials", message, "accessKey:secretKey:region for S3")
    transcription = options.object("transcriptionOptions")
    enabled = transcription is not None and transcription.flag("enabled")
    locale = transcription.text_or_none("locale") if transcription is not None else None
    if locale is not None and locale not in TRANSCRIPTION_LOCALES:
        message = f"{shown(locale)} is no locale that can be transcribed."
        path = f"{prefix}transcriptionOptions.locale"
        findings.warn("LOCALE_UNKNOWN", path, message, did_you_mean(locale, TRANSCRIPTION_LOCALES))
    return StartRecording(
        url, credentials, options.text("format"), options.flag("notificationEvents"), enabled, locale
    )


def recording_of_action(values: Values, prefix: str, findings: Findings) -> StartRecording | None:
    """What the older ``record`` and ``recordingOptions`` of an action ask for; None when nothing is recorded."""
    options = values.object("recordingOptions")
    if values.flag("record"):
        return recording_of(options, f"{prefix}recordingOptions.", findings)
    if options is not None:
        message = "Nothing is recorded: recordingOptions take effect with record: true only."
        findings.warn("RECORDING_OFF", f"{prefix}recordingOptions", message, 'add "record": true')
    return None
