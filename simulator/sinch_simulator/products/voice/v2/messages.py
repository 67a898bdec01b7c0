"""What a call hears: its messages and its menus' prompts, one after the other (docs/platform/voice-v2.md#3.3)."""

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import CancelTimer, SetTimer
from sinch_simulator.phones.signals import Hush, Play
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.session import Call, CallState, MenuRun, Playback, Session, Timer
from sinch_simulator.products.voice.v2.svaml.model import HandlerName, MenuPrompt, PlayMessages
from sinch_simulator.products.voice.v2.turn import Turn


def play_messages(turn: Turn, call: Call, command: PlayMessages) -> None:
    """Plays messages, behind what plays already; a caller who is not answered hears them all the same."""
    session = call.session
    if command.name is not None:
        if command.name in session.stopped_messages:
            return
        if _playing(session, command.name):
            message = f"Messages of the name {command.name!r} still play in the session: these are not played."
            turn.warn(call.id, "NAME_IN_USE", message, hint="Give every messages command a name of its own.")
            return
    if call.state is CallState.ARRIVED:
        message = "The call is not answered: the messages play as early media, which some networks do not pass on."
        turn.warn(call.id, "EARLY_MEDIA", message, hint="Put answer before messages.", severity=Severity.INFO)
    _enqueue(turn, call, Playback(command.prompts, messages=command))


def play_prompt(turn: Turn, run: MenuRun, prompt: MenuPrompt) -> None:
    """Plays the prompt of a menu, behind what plays already."""
    _enqueue(turn, run.call, Playback(prompt.prompts, menu=run))


def stop_messages(turn: Turn, session: Session, name: str) -> None:
    """Stops the messages of this name, and those of this name still to come in the session."""
    session.stopped_messages |= {name}
    for call in session.calls.values():
        for playback in [each for each in call.playbacks if each.messages is not None and each.messages.name == name]:
            _remove(turn, call, playback)


def stop_prompt(turn: Turn, run: MenuRun) -> None:
    """Stops the prompt of a menu, or takes it out of what waits to be played."""
    for playback in [each for each in run.call.playbacks if each.menu is run]:
        _remove(turn, run.call, playback)


def stop_all(turn: Turn, call: Call) -> None:
    """Forgets all that plays, and what was to come, because the call is over; nobody hears of it."""
    if call.playbacks:
        call.playbacks.clear()
        turn.order(CancelTimer(call.id, Timer.PLAYBACK.value))


def play_on(turn: Turn, call: Call) -> MenuRun | None:
    """Plays the next prompt, when one has ended; returns the menu whose prompt is over, if it was a menu's.

    Messages that are over have ``onFinish``, or the webhook is told.
    """
    playback = call.playbacks[0]
    if playback.begun < len(playback.prompts):
        _play_next(turn, call, playback)
        return None
    del call.playbacks[0]
    if call.playbacks:
        _play_next(turn, call, call.playbacks[0])
    if playback.messages is not None:
        tell(turn, call, EventName.MESSAGE_FINISHED, playback.messages.events, HandlerName.FINISH)
    return playback.menu


def _enqueue(turn: Turn, call: Call, playback: Playback) -> None:
    call.playbacks.append(playback)
    if len(call.playbacks) == 1:
        _play_next(turn, call, playback)


def _play_next(turn: Turn, call: Call, playback: Playback) -> None:
    prompt = playback.prompts[playback.begun]
    playback.begun += 1
    call.hear(prompt.text)
    turn.order(
        Play(call.id, call.leg, prompt.text, prompt.duration_ms, prompt.locale, prompt.spoken),
        SetTimer(call.id, Timer.PLAYBACK.value, prompt.duration_ms),
    )


def _remove(turn: Turn, call: Call, playback: Playback) -> None:
    """Takes away what plays, or what waits; the next one in the queue begins."""
    plays = call.playbacks[0] is playback
    call.playbacks.remove(playback)
    if not plays:
        return
    turn.order(Hush(call.id, call.leg), CancelTimer(call.id, Timer.PLAYBACK.value))
    if call.playbacks:
        _play_next(turn, call, call.playbacks[0])


def _playing(session: Session, name: str) -> bool:
    return any(
        playback.messages is not None and playback.messages.name == name
        for call in session.calls.values()
        for playback in call.playbacks
    )
