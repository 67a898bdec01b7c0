"""Runs sequences of commands, each until a command holds it up or none is left (docs/platform/voice-v2.md#3).

``pause``, ``webhook`` and ``menu`` hold up their own sequence; every other command returns at once.
"""

from sinch_simulator.core.effects import Log, SetTimer
from sinch_simulator.products.voice.v2 import bridges, call_setup, detection, menus, messages, recordings
from sinch_simulator.products.voice.v2.asking import ask_webhook
from sinch_simulator.products.voice.v2.call_end import hang_up
from sinch_simulator.products.voice.v2.events import MenuInput
from sinch_simulator.products.voice.v2.session import Call, Sequence
from sinch_simulator.products.voice.v2.svaml.model import (
    Answer,
    BridgeCall,
    CallWebhook,
    Command,
    DetectMachine,
    Dial,
    GoToMenu,
    HangUp,
    Pause,
    PlayMessages,
    RunMenu,
    StartRecording,
    StopMessages,
    StopRecording,
    name_of,
)
from sinch_simulator.products.voice.v2.turn import Turn

PAUSE = "pause "
"""What the name of a pause's timer begins with; the number of its sequence follows."""


def run(turn: Turn, sequence: Sequence) -> None:
    """Runs the commands of a sequence in order, until one holds it up; when all have run it is over."""
    session = sequence.session
    turn.sessions[session.id] = session
    while sequence.frames and sequence.waits_for is None:
        if session.sequences.get(sequence.number) is not sequence:
            return
        frame = sequence.frames[-1]
        if frame.done == len(frame.commands):
            sequence.frames.pop()
            continue
        command = frame.commands[frame.done]
        frame.done += 1
        _carry_out(turn, sequence, command)
    if sequence.waits_for is None:
        turn.drop(sequence)


def _carry_out(turn: Turn, sequence: Sequence, command: Command) -> None:
    match command:
        case Dial():
            hops = 0 if sequence.call is None else sequence.call.hops
            call_setup.dial(turn, sequence.session, command, hops=hops)
        case Pause(duration_ms=duration_ms):
            _hold_up(turn, sequence, command)
            turn.order(SetTimer(sequence.session.id, f"{PAUSE}{sequence.number}", duration_ms))
        case CallWebhook():
            _ask(turn, sequence, command)
        case HangUp(call_name=str() as name):
            _hang_up_named(turn, sequence, name)
        case GoToMenu(menu=name):
            _go_to_menu(turn, sequence, name)
        case _:
            call = sequence.call
            if call is None:
                _skip_without_call(turn, sequence, command)
            elif isinstance(command, StopMessages):
                messages.stop_messages(turn, sequence.session, command.name)
            elif isinstance(command, StopRecording):
                recordings.stop_recording(turn, sequence.session, command.name)
            elif call.final:
                _skip(turn, call, command, "the call is over")
            elif isinstance(command, HangUp):
                hang_up(turn, call)
            elif not call.audible:
                _skip(turn, call, command, "the call is not answered")
            else:
                _do_to_call(turn, sequence, call, command)


def _do_to_call(turn: Turn, sequence: Sequence, call: Call, command: Command) -> None:
    """Does something to a call whose person can hear."""
    match command:
        case Answer():
            call_setup.answer(turn, call)
        case PlayMessages():
            messages.play_messages(turn, call, command)
        case DetectMachine():
            if call.answered_ms is None:
                _skip(turn, call, command, "the call is not answered")
            else:
                detection.detect(turn, call, command)
        case StartRecording():
            recordings.start_recording(turn, call, command)
        case BridgeCall(bridge_name=name):
            bridges.join(turn, call, name)
        case RunMenu():
            _hold_up(turn, sequence, command)
            menus.open_menu(turn, sequence, call, command)
        case _:
            raise TypeError(f"nobody carries out {command!r}")


def _hold_up(turn: Turn, sequence: Sequence, command: Command) -> None:
    sequence.waits_for = command
    sequence.since_ms = turn.now


def _ask(turn: Turn, sequence: Sequence, command: CallWebhook) -> None:
    """Asks a webhook about the current call; without one, about the call of the session that was made last."""
    call = sequence.call or next(reversed(sequence.session.calls.values()), None)
    if call is None:
        _skip_without_call(turn, sequence, command)
        return
    _hold_up(turn, sequence, command)
    run = next((frame.menu for frame in reversed(sequence.frames) if frame.menu is not None), None)
    ask_webhook(turn, sequence, call, command, None if run is None else MenuInput(run.name, run.last_input))


def _hang_up_named(turn: Turn, sequence: Sequence, name: str) -> None:
    """Ends the call of this name; the one that goes on, where one that is over had the same."""
    session = sequence.session
    namesakes = [call for call in session.calls.values() if call.name == name]
    live = next((call for call in namesakes if not call.final), None)
    if live is not None:
        hang_up(turn, live)
    elif namesakes:
        _skip(turn, namesakes[-1], HangUp(name), "the call is over")
    else:
        known = ", ".join(sorted({call.name for call in session.calls.values() if call.name is not None}))
        message = f"No call of the session has the name {name!r}: nothing is hung up."
        turn.warn(session.id, "NO_CURRENT_CALL", message, hint=f"There are: {known or 'no names'}.")


def _go_to_menu(turn: Turn, sequence: Sequence, name: str) -> None:
    """Leaves what follows an input, and begins another menu of the same command."""
    while sequence.frames:
        run = sequence.frames.pop().menu
        if run is not None:
            _hold_up(turn, sequence, run.command)
            menus.go_to(turn, run, name)
            return


def _skip(turn: Turn, call: Call, command: Command, why: str) -> None:
    turn.order(Log(call.id, "command.skipped", {"command": name_of(command), "text": why}))


def _skip_without_call(turn: Turn, sequence: Sequence, command: Command) -> None:
    name = name_of(command)
    message = f"{name} does nothing here: there is no current call at the top of a request."
    hint = f"Put {name} into a handler of dial, such as onAnswer: the call that was dialled is the current one there."
    turn.warn(sequence.session.id, "NO_CURRENT_CALL", message, hint=hint)
