"""Calls to a Voice Relay, whose far end is a server that hears and speaks in texts (docs/platform/voice-v2.md#5).

There is no phone at the far end: what the others in its bridge say goes out as text, and a batch of its texts is heard
by all of them once its last part has come.
"""

from collections.abc import Mapping
from typing import Any

from sinch_simulator.core.effects import CancelTimer, Log, SetTimer, TimerFired
from sinch_simulator.phones.signals import Hush, Play
from sinch_simulator.products.voice.svaml.prompts import spoken_prompt, ssml_prompt
from sinch_simulator.products.voice.v2 import bridges
from sinch_simulator.products.voice.v2.outside_signals import (
    CloseRelay,
    OpenRelay,
    RelayInterrupted,
    RelayPressed,
    RelayTexted,
    TellRelay,
)
from sinch_simulator.products.voice.v2.relay_talk import RelayTalk, SpokenBatch
from sinch_simulator.products.voice.v2.session import Call, CallType, Timer
from sinch_simulator.products.voice.v2.svaml.model import RelayDestination
from sinch_simulator.products.voice.v2.svaml.voices import language_of
from sinch_simulator.products.voice.v2.turn import Turn

OUTSIDE = "relays"
"""What whoever runs the world can do, in its own words, if it connects to servers of relays."""


def open_relay(turn: Turn, call: Call, destination: RelayDestination, invited: Mapping[str, Any]) -> None:
    """Connects to the app's server in place of a phone; ``invited`` is what the journal tells of it."""
    call.relay = RelayTalk()
    words = {
        "command": "connect",
        "version": 1,
        "callId": call.id,
        "serviceId": call.session.application.key,
        "sttLanguage": destination.language,
        "ttsVoice": destination.voice,
        "interruptionsEnabled": destination.interruptions,
        "callHeaders": dict(destination.headers),
    }
    turn.order(Log(call.id, "leg.invited", dict(invited)), OpenRelay(call.id, destination.endpoint, words))


def close(turn: Turn, call: Call) -> None:
    """Takes the connection down with its call; what is being spoken stops."""
    if call.relay is not None:
        _stop(turn, call, call.relay, told=False)
        turn.order(CloseRelay(call.id))


def hear_text(turn: Turn, call: Call, event: RelayTexted) -> None:
    """Takes a part of a batch; with the last one the batch is spoken, behind what is being spoken."""
    talk = _talk_of(call)
    if not talk.texts:
        talk.voice = event.voice
    talk.texts.append(event.text)
    if not event.is_last:
        return
    text, talk.texts = "".join(talk.texts), []
    locale = language_of(talk.voice or _destination_of(call).voice)
    prompt = ssml_prompt(text, locale)[0] if event.ssml else spoken_prompt(text, locale)
    talk.numbered += 1
    talk.batches.append(SpokenBatch(talk.numbered, prompt, event.interruptible))
    if len(talk.batches) == 1:
        _speak_next(turn, call, talk)


def speak_on(turn: Turn, call: Call, event: TimerFired) -> None:
    """Tells that a batch has been spoken, and speaks the next."""
    talk = _talk_of(call)
    _tell_playback(turn, call, "textPlaybackStop", talk.batches.pop(0))
    if talk.batches:
        _speak_next(turn, call, talk)


def be_interrupted(turn: Turn, call: Call, event: RelayInterrupted) -> None:
    """Stops what is spoken, and drops what waits, because the app's server says so."""
    _stop(turn, call, _talk_of(call))


def send_tones(turn: Turn, call: Call, event: RelayPressed) -> None:
    """Lets the others in the bridge hear tones that the app's server sends."""
    for digit in event.digits:
        bridges.pass_tone(turn, call, digit)


def tell_speech(turn: Turn, speaker: Call, text: str) -> None:
    """Tells every relay in the speaker's bridge what was said; it interrupts what may be interrupted."""
    for relay in _relays_with(speaker):
        talk, destination = _talk_of(relay), _destination_of(relay)
        if talk.batches and talk.batches[0].interruptible and destination.interruptions:
            turn.order(TellRelay(relay.id, {"command": "interrupt", "reason": "speech"}))
            _stop(turn, relay, talk)
        words = {"command": "text", "text": text, "sttLanguage": destination.language, "isCorrection": False}
        turn.order(TellRelay(relay.id, words))


def tell_key(turn: Turn, presser: Call, digit: str) -> None:
    """Tells every relay in the bridge which key was pressed."""
    for relay in _relays_with(presser):
        turn.order(TellRelay(relay.id, {"command": "dtmf", "sequence": digit}))


def _speak_next(turn: Turn, call: Call, talk: RelayTalk) -> None:
    batch = talk.batches[0]
    prompt = batch.prompt
    _tell_playback(turn, call, "textPlaybackStart", batch)
    for other in bridges.others_in_bridge(call):
        other.hear(prompt.text)
        turn.order(Play(other.id, other.leg, prompt.text, prompt.duration_ms, prompt.locale, prompt.spoken))
    turn.order(SetTimer(call.id, Timer.RELAY.value, prompt.duration_ms))


def _stop(turn: Turn, call: Call, talk: RelayTalk, *, told: bool = True) -> None:
    talk.texts.clear()
    if not talk.batches:
        return
    if told:
        _tell_playback(turn, call, "textPlaybackCancel", talk.batches[0])
    talk.batches.clear()
    turn.order(CancelTimer(call.id, Timer.RELAY.value))
    turn.order(*(Hush(other.id, other.leg) for other in bridges.others_in_bridge(call)))


def _tell_playback(turn: Turn, call: Call, command: str, batch: SpokenBatch) -> None:
    turn.order(TellRelay(call.id, {"command": command, "batchSequence": batch.number}))


def _relays_with(call: Call) -> list[Call]:
    return [other for other in bridges.others_in_bridge(call) if other.type is CallType.VOICE_RELAY]


def _talk_of(call: Call) -> RelayTalk:
    assert call.relay is not None, "only calls to a relay have a server that says anything"
    return call.relay


def _destination_of(call: Call) -> RelayDestination:
    assert isinstance(call.to, RelayDestination)
    return call.to
