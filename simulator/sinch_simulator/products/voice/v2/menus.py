"""One ``menu`` command: prompts, keys, repeats and what follows, by the algorithm of docs/platform/voice-v2.md#3.5.

A machine of its own with its own table. A pair that is not in it changes nothing. While a menu is under way its
sequence is held up; the commands that an input leads to run in that same sequence, and when they are done the menu is.
"""

from collections.abc import Callable

from sinch_simulator.core.effects import CancelTimer, SetTimer
from sinch_simulator.core.values import Word
from sinch_simulator.phones.signals import CloseMenu, OpenMenu
from sinch_simulator.products.voice.v2.asking import ask_about_input, webhook_of
from sinch_simulator.products.voice.v2.events import MenuInput
from sinch_simulator.products.voice.v2.messages import play_prompt, stop_prompt
from sinch_simulator.products.voice.v2.session import Call, Frame, MenuRun, MenuState, Sequence, Timer
from sinch_simulator.products.voice.v2.svaml.model import Commands, MenuPrompt, RunMenu
from sinch_simulator.products.voice.v2.turn import Turn

MOST_JUMPS = 100
"""A menu command that goes from menu to menu this often is in a loop (docs/platform/voice-v2.md#3.5; *assumed*)."""


class MenuEvent(Word):
    """What can happen to a menu."""

    ITS_TURN = "its turn"
    PROMPT_OVER = "prompt over"
    KEY = "key"
    SILENCE = "silence"


def open_menu(turn: Turn, sequence: Sequence, call: Call, command: RunMenu) -> None:
    """Begins a menu; behind another one of the same call it waits until that is over."""
    _line_up(turn, MenuRun(command, sequence, call, command.start))


def go_to(turn: Turn, run: MenuRun, name: str) -> None:
    """Begins another menu of the same command afresh, in place of what follows an input."""
    run.jumps += 1
    run.name = name
    if run.jumps > MOST_JUMPS:
        message = f"The menu command went from menu to menu {MOST_JUMPS} times: it is over."
        turn.warn(run.call.id, "OUT_OF_RANGE", message, hint="Let one of the inputs end without gotoMenu.")
        turn.go_on(run.sequence)
    elif run.call.audible:
        _line_up(turn, run)
    else:
        turn.drop(run.sequence)


def drop_all(turn: Turn, call: Call) -> None:
    """Ends the menus of a call that is over, with their sequences: nobody hears of it."""
    for run in call.menus:
        run.state = MenuState.CLOSED
        turn.drop(run.sequence)
    call.menus.clear()


def step(turn: Turn, run: MenuRun, event: MenuEvent, key: str = "") -> None:
    """Lets one thing happen to a menu."""
    row = MENU_TRANSITIONS.get((run.state, event))
    if row is not None:
        handler, targets = row
        handler(turn, run, key)
        assert run.state in targets, f"menu: {event.value} led to {run.state}, which the table does not allow"


# ---- what a menu does -------------------------------------------------------------------------------------------


def _enter(turn: Turn, run: MenuRun, key: str) -> None:
    """Begins with the prompt of the menu that it is in."""
    run.repeats_left = run.item.repeats
    run.last_input = ""
    turn.order(OpenMenu(run.call.id, run.call.leg, run.name))
    _prompt(turn, run, run.item.prompt)


def _listen(turn: Turn, run: MenuRun, key: str) -> None:
    """Waits for keys when the prompt is over; what was pressed while it played without barge-in counts now."""
    pressed, run.digits = run.digits, ""
    run.state = MenuState.LISTENING
    _wait(turn, run)
    for digit in pressed:
        if run.state in (MenuState.LISTENING, MenuState.COLLECTING):
            _press(turn, run, digit)


def _press_during_prompt(turn: Turn, run: MenuRun, key: str) -> None:
    """Stops the prompt at a key, or keeps the key for later without barge-in."""
    if not _barges(run):
        run.digits += key
        return
    stop_prompt(turn, run)
    _press(turn, run, key)


def _press(turn: Turn, run: MenuRun, key: str) -> None:
    """Takes a key: the input may be complete with it (docs/platform/voice-v2.md#3.5, step 3)."""
    run.digits += key
    run.state = MenuState.COLLECTING
    terminator = run.item.terminator
    if len(run.digits) >= run.item.maximum_length or (terminator and run.digits.endswith(terminator)):
        _evaluate(turn, run, "")
    else:
        _wait(turn, run)


def _evaluate(turn: Turn, run: MenuRun, key: str) -> None:
    """Looks for what fits the input; too short a one counts as none."""
    pressed, run.digits = run.digits, ""
    item = run.item
    if len(pressed) < item.minimum_length or not pressed:
        _miss(turn, run, "")
        return
    for match in item.matches:
        if match.pattern.fits(pressed):
            run.last_input = pressed
            _follow(turn, run, match.commands)
            return
    if item.matches:
        _miss(turn, run, pressed)
    else:
        run.last_input = pressed
        _fail(turn, run)


def _miss(turn: Turn, run: MenuRun, pressed: str) -> None:
    """Repeats the prompt while there are repeats left, because nothing fitted or nothing came."""
    run.last_input = pressed
    if run.repeats_left == 0:
        _fail(turn, run)
        return
    run.repeats_left -= 1
    _prompt(turn, run, run.item.repeat_prompt or run.item.prompt)


def _silence(turn: Turn, run: MenuRun, key: str) -> None:
    _miss(turn, run, "")


def _fail(turn: Turn, run: MenuRun) -> None:
    """Does what is to follow when nothing fits: ``onFailure``, or the webhook is asked, or nothing."""
    commands = run.item.on_failure
    if commands is not None:
        _follow(turn, run, commands)
        return
    urls = webhook_of(run.call.session)
    _close(turn, run)
    if urls is None:
        turn.go_on(run.sequence)
    else:
        ask_about_input(turn, run.sequence, run.call, urls, MenuInput(run.name, run.last_input))


def _follow(turn: Turn, run: MenuRun, commands: Commands) -> None:
    _close(turn, run)
    run.sequence.frames.append(Frame(commands, menu=run))
    turn.go_on(run.sequence)


# ---- prompts, and whose turn it is ------------------------------------------------------------------------------


def _line_up(turn: Turn, run: MenuRun) -> None:
    run.state = MenuState.WAITING
    run.call.menus.append(run)
    if run.call.menus[0] is run:
        step(turn, run, MenuEvent.ITS_TURN)


def _close(turn: Turn, run: MenuRun) -> None:
    """Keys no longer count for this menu; the next one of the call begins."""
    run.state = MenuState.CLOSED
    call = run.call
    call.menus.remove(run)
    turn.order(CancelTimer(call.id, Timer.MENU.value), CloseMenu(call.id, call.leg))
    if call.menus:
        step(turn, call.menus[0], MenuEvent.ITS_TURN)


def _prompt(turn: Turn, run: MenuRun, prompt: MenuPrompt | None) -> None:
    turn.order(CancelTimer(run.call.id, Timer.MENU.value))
    run.digits = ""
    if prompt is None or not prompt.prompts:
        run.state = MenuState.LISTENING
        _wait(turn, run)
    else:
        run.state = MenuState.PROMPTING
        play_prompt(turn, run, prompt)


def _wait(turn: Turn, run: MenuRun) -> None:
    turn.order(SetTimer(run.call.id, Timer.MENU.value, run.item.input_timeout_ms))


def _barges(run: MenuRun) -> bool:
    item = run.item
    prompt = item.prompt if run.repeats_left == item.repeats else item.repeat_prompt or item.prompt
    return prompt is None or prompt.barge_in


_ANY = frozenset(MenuState) - {MenuState.WAITING}
_ASKING = frozenset({MenuState.PROMPTING, MenuState.LISTENING, MenuState.CLOSED})

MenuRow = tuple[Callable[[Turn, MenuRun, str], None], frozenset[MenuState]]

MENU_TRANSITIONS: dict[tuple[MenuState, MenuEvent], MenuRow] = {
    # ---- waiting for / what happened / what the menu does / what it waits for next
    (MenuState.WAITING, MenuEvent.ITS_TURN): (_enter, frozenset({MenuState.PROMPTING, MenuState.LISTENING})),
    (MenuState.PROMPTING, MenuEvent.PROMPT_OVER): (_listen, _ANY),
    (MenuState.PROMPTING, MenuEvent.KEY): (_press_during_prompt, _ANY),
    (MenuState.LISTENING, MenuEvent.KEY): (_press, _ANY),
    (MenuState.LISTENING, MenuEvent.SILENCE): (_silence, _ASKING),
    (MenuState.COLLECTING, MenuEvent.KEY): (_press, _ANY),
    (MenuState.COLLECTING, MenuEvent.SILENCE): (_evaluate, _ASKING),
}
