"""Reads what several commands hold: who is called and who calls, and what is heard."""

from collections.abc import Iterable

from attrs import evolve

from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.core.speech import FILE_MS, speech_ms
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.svaml.model import Prompt, PromptKind
from sinch_simulator.products.voice.svaml.prompts import ssml_prompt
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings, headers_of
from sinch_simulator.products.voice.v2.svaml.model import (
    Destination,
    Origin,
    PhoneAddress,
    RelayDestination,
    SipDestination,
    SipOrigin,
    StreamDestination,
    Transport,
)
from sinch_simulator.products.voice.v2.svaml.voices import language_of, voices


@frozen
class Place:
    """Where a sequence of commands stands: its path, how deep, and among which menus, None outside of a menu."""

    path: str
    depth: int = 0
    menus: tuple[str, ...] | None = None

    def below(self, path: str) -> "Place":
        """Returns the place of a handler that stands in a command of this one."""
        return Place(path, self.depth + 1, self.menus)


def read_messages(messages: Iterable[Values | None], path: str, findings: CommandFindings) -> tuple[Prompt, ...]:
    """Reads what is heard, in order."""
    return tuple(
        _message(message, f"{path}[{index}].", findings)
        for index, message in enumerate(messages)
        if message is not None
    )


def _message(message: Values, prefix: str, findings: CommandFindings) -> Prompt:
    if message["type"] == "PLAY":
        play = message["play"]
        return Prompt(PromptKind.URL, play.text("url"), FILE_MS)
    say = message["say"]
    text, voice = say.text("text"), say.text("voiceName")
    if voice and voice not in voices():
        alike = [each for each in voices() if each[:1] == voice[:1].upper()]
        hint = did_you_mean(voice, alike) or "a voice like Emma or Brian"
        unknown = f"{shown(voice)} is no known voice: another one speaks"
        findings.warn("UNKNOWN_VOICE", f"{prefix}say.voiceName", unknown, hint)
    locale = language_of(voice)
    if say["format"] == "TEXT":
        return Prompt(PromptKind.TTS, text, speech_ms(text, locale), locale)
    prompt, fault = ssml_prompt(text, locale)
    if fault:
        message_text = f"the SSML is malformed, {fault}: it is read without its tags"
        findings.warn("SSML_MALFORMED", f"{prefix}say.text", message_text, "XML: every tag closed, & as &amp;")
    return evolve(prompt, locale=locale)


def read_destination(to: Values | None) -> Destination:
    """Reads who is called; where that could not be read, something has been told, and it is a number of nobody."""
    if to is None:
        return PhoneAddress("")
    match to["type"]:
        case "PHONE":
            return PhoneAddress(to["phone"].text("number"))
        case "SIP":
            sip: Values = to["sip"]
            endpoint = sip.text("endpoint")
            secure = endpoint.startswith("sips:")
            transport = Transport(sip["transport"]) if sip["transport"] else Transport.TLS if secure else Transport.UDP
            return SipDestination(endpoint, transport, headers_of(sip))
        case "STREAM":
            stream: Values = to["stream"]
            options = stream.object("streamOptions")
            rate = 8000 if options is None else options.integer("sampleRate")
            return StreamDestination(stream.text("endpoint"), rate, headers_of(stream))
        case _:
            relay: Values = to["voiceRelay"]
            return RelayDestination(
                relay.text("endpoint"),
                relay.text("ttsVoice"),
                relay.text("sttLanguage"),
                relay.flag("enableInterruptions"),
                headers_of(relay),
            )


def read_origin(values: Values | None) -> Origin | None:
    """Reads who calls; None: anonymous."""
    if values is None:
        return None
    if values["type"] == "PHONE":
        return PhoneAddress(values["phone"].text("number"))
    return SipOrigin(values["sip"].text("endpoint"), values["sip"].text_or_none("displayName"))
