"""What happens to a call that somebody is on: keys, prompts that end, the app's commands and answers."""

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.phones.signals import Beeped, DigitPressed, Spoke
from sinch_simulator.products.voice.v2 import bridges, detection, menus, messages, relays, streams
from sinch_simulator.products.voice.v2.call_end import disconnect
from sinch_simulator.products.voice.v2.events import CallUpdated
from sinch_simulator.products.voice.v2.incoming import obey as obey_about_caller
from sinch_simulator.products.voice.v2.menus import MenuEvent
from sinch_simulator.products.voice.v2.session import Asked, Call, Frame
from sinch_simulator.products.voice.v2.svaml.model import Document
from sinch_simulator.products.voice.v2.turn import Turn


def play_on(turn: Turn, call: Call, event: TimerFired) -> None:
    """Plays what comes next when a prompt is over."""
    run = messages.play_on(turn, call)
    if run is not None:
        menus.step(turn, run, MenuEvent.PROMPT_OVER)


def press(turn: Turn, call: Call, event: DigitPressed) -> None:
    """Takes a key: for the menu, else for those in the same bridge; else it is dropped."""
    if call.menus:
        menus.step(turn, call.menus[0], MenuEvent.KEY, event.digit)
    elif call.bridge_name is not None:
        bridges.pass_tone(turn, call, event.digit)
        relays.tell_key(turn, call, event.digit)
    else:
        fields = {"event": "DigitPressed", "state": call.state.value, "text": "no menu is open, and nobody listens"}
        turn.order(Log(call.id, "ignored", fields))


def fall_silent(turn: Turn, call: Call, event: TimerFired) -> None:
    """Lets the menu know that no key has come in time."""
    menus.step(turn, call.menus[0], MenuEvent.SILENCE)


def speak(turn: Turn, call: Call, event: Spoke) -> None:
    """Lets the person say something: menus of Voice v2 take keys alone, so only people in a bridge hear it."""
    if not bridges.others_in_bridge(call):
        fields = {"event": "Spoke", "state": call.state.value, "text": "nobody listens"}
        turn.order(Log(call.id, "ignored", fields))
    relays.tell_speech(turn, call, event.text)
    streams.hear_speech(turn, call, event.text)


def decide_detection(turn: Turn, call: Call, event: TimerFired) -> None:
    """Tells what machine detection has found."""
    detection.decide(turn, call)


def hear_beep(turn: Turn, call: Call, event: Beeped) -> None:
    """Tells of the beep of an answering machine."""
    detection.hear_beep(turn, call)


def be_updated(turn: Turn, call: Call, event: CallUpdated) -> None:
    """Runs the commands that the app has sent for this call, beside whatever else goes on."""
    turn.begin(call.session, call, event.commands)


def obey(turn: Turn, call: Call, event: AppReplied) -> None:
    """Runs the commands of an answer: in the sequence that waits for it, else as a sequence of their own."""
    asked = _take(turn, call, event.callback_id)
    if asked is None or not isinstance(event.answer, Document):
        return
    if not asked.bypassed:
        turn.health.note(call.session.application.key, asked.urls, turn.now, failed=event.by_fallback)
    sequence = asked.sequence
    if sequence is not None:
        if event.answer.commands:
            sequence.frames.append(Frame(event.answer.commands))
        turn.go_on(sequence)
    elif asked.incoming and not call.final:
        obey_about_caller(turn, call, event.answer)
    elif event.answer.commands:
        turn.begin(call.session, call, event.answer.commands)


def lack_answer(turn: Turn, call: Call, event: AppFailed) -> None:
    """Disconnects a call for which no webhook has given a usable answer (docs/platform/voice-v2.md#4.5)."""
    asked = _take(turn, call, event.callback_id)
    if asked is None:
        return
    if not asked.bypassed:
        turn.health.note(call.session.application.key, asked.urls, turn.now, failed=True)
    if asked.sequence is not None:
        turn.drop(asked.sequence)
    if not call.final:
        disconnect(turn, call, event.outcome)


def _take(turn: Turn, call: Call, callback_id: str) -> Asked | None:
    session = call.session
    turn.sessions[session.id] = session
    asked = session.asked.pop(callback_id, None)
    if not session.asked:
        session.asked = {}  # one that has been filled keeps its size, in thousands of sessions
    return asked
