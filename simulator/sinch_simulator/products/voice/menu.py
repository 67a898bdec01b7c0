"""One ``runMenu``: prompts, keys, speech, repeats and silence, by the algorithm of docs/platform/svaml.md#3.8.

A machine of its own with its own table. It moves along and returns effects together with the result, once there is one;
what becomes of the result is not the menu's business. A pair that is not in the table changes nothing.
"""

from collections.abc import Callable

from sinch_simulator.core.effects import CancelTimer, SetTimer
from sinch_simulator.core.values import Word
from sinch_simulator.phones.signals import CloseMenu, Hush, OpenMenu
from sinch_simulator.products.voice.call import Call, CallState, MenuRun, MenuState, Timer
from sinch_simulator.products.voice.effects import Effect, MenuResult
from sinch_simulator.products.voice.run_instructions import play
from sinch_simulator.products.voice.svaml.model import GoToMenu, Menu, MenuOption, ReturnValue, RunMenu

MOST_JUMPS = 100
"""A run that goes from menu to menu this often is in a loop (docs/platform/svaml.md#3.8; *assumed*)."""

Step = tuple[list[Effect], MenuResult | None]


class MenuEvent(Word):
    """What can happen to a menu."""

    PROMPT_OVER = "prompt over"
    KEY = "key"
    SPEECH = "speech"
    SILENCE = "silence"


def open_menu(call: Call, action: RunMenu) -> list[Effect]:
    """Begins with the first menu."""
    call.reference = action.reference
    call.menu = MenuRun(action, call.party.name, action.first)
    call.state = CallState.IN_MENU
    call.program = None
    return _enter(call, call.menu, action.first)


def close(call: Call, run: MenuRun) -> list[Effect]:
    """Keys no longer count."""
    run.state = MenuState.CLOSED
    call.menu = None
    return [CancelTimer(call.id, Timer.MENU), CancelTimer(call.id, Timer.PROMPT), CloseMenu(call.id, run.leg)]


def hung_up(run: MenuRun) -> MenuResult:
    """Returns what is told when the person hangs up inside the menu."""
    return MenuResult(run.menu_id, "hangup", "")


def step(call: Call, run: MenuRun, event: MenuEvent, given: str = "") -> Step:
    """Lets one thing happen to a menu; ``given`` is the key or the words."""
    row = MENU_TRANSITIONS.get((run.state, event))
    if row is None:
        return [], None
    handler, targets = row
    outcome = handler(call, run, given)
    assert run.state in targets, f"menu: {event.value} led to {run.state}, which the table does not allow"
    return outcome


# ---- what a menu does -------------------------------------------------------------------------------------------


def play_on(call: Call, run: MenuRun, given: str) -> Step:
    """Plays the next prompt, or listens, when one has ended."""
    return _play_next(call, run), None


def cut_in(call: Call, run: MenuRun, given: str) -> Step:
    """Takes a key that comes while a prompt plays: with barge it counts and stops the prompt, else it is discarded."""
    if not run.action.barge:
        return [], None
    stop = _stop_prompt(call, run)
    effects, result = press(call, run, given)
    return stop + effects, result


def press(call: Call, run: MenuRun, given: str) -> Step:
    """Takes a key: it chooses, is collected, or fits nothing."""
    menu = run.action.menu(run.menu_id)
    option = next((option for option in menu.options if option.dtmf == given), None)
    if menu.max_digits in (None, 1) and option is not None and not run.digits:
        return _choose(call, run, option, by_voice=False)
    if menu.max_digits is None and menu.options:
        run.wrong = given
        return _again(call, run, menu)
    if given == "#" and run.digits:
        return take_digits(call, run, given)
    if given != "#":
        run.digits += given
    if menu.max_digits is not None and len(run.digits) >= menu.max_digits:
        return take_digits(call, run, given)
    run.state = MenuState.COLLECTING if run.digits else MenuState.LISTENING
    return [SetTimer(call.id, Timer.MENU, menu.timeout_ms)], None


def speak_over(call: Call, run: MenuRun, given: str) -> Step:
    """Words come while a prompt plays."""
    if not (run.action.barge and run.action.enable_voice):
        return [], None
    stop = _stop_prompt(call, run)
    effects, result = speak(call, run, given)
    return stop + effects, result


def speak(call: Call, run: MenuRun, given: str) -> Step:
    """Words, for a menu that listens to them: a phrase of an option decides, else they are the result themselves."""
    if not run.action.enable_voice:
        return [], None
    spoken = given.strip().casefold()
    for option in run.action.menu(run.menu_id).options:
        if option.phrase is not None and option.phrase.casefold() == spoken:
            return _choose(call, run, option, by_voice=True)
    return close(call, run), MenuResult(run.menu_id, "return", given, by_voice=True)


def repeat(call: Call, run: MenuRun, given: str) -> Step:
    """Repeats the prompt when nothing has come for ``timeoutMills``, until repeats run out."""
    run.wrong = ""
    return _again(call, run, run.action.menu(run.menu_id))


def take_digits(call: Call, run: MenuRun, given: str) -> Step:
    """Takes the digits when they are complete: enough of them, a ``#``, or silence after the last one."""
    return close(call, run), MenuResult(run.menu_id, "sequence", run.digits)


_ANY = frozenset({MenuState.PROMPTING, MenuState.LISTENING, MenuState.COLLECTING, MenuState.CLOSED})
_REPEATED = frozenset({MenuState.PROMPTING, MenuState.LISTENING, MenuState.CLOSED})
_CLOSED = frozenset({MenuState.CLOSED})

MenuRow = tuple[Callable[[Call, MenuRun, str], Step], frozenset[MenuState]]

MENU_TRANSITIONS: dict[tuple[MenuState, MenuEvent], MenuRow] = {
    # ---- waiting for / what happened / what the menu does / what it waits for next
    (MenuState.PROMPTING, MenuEvent.PROMPT_OVER): (play_on, frozenset({MenuState.PROMPTING, MenuState.LISTENING})),
    (MenuState.PROMPTING, MenuEvent.KEY): (cut_in, _ANY),
    (MenuState.PROMPTING, MenuEvent.SPEECH): (speak_over, _REPEATED),
    (MenuState.LISTENING, MenuEvent.KEY): (press, _ANY),
    (MenuState.LISTENING, MenuEvent.SPEECH): (speak, _REPEATED),
    (MenuState.LISTENING, MenuEvent.SILENCE): (repeat, _REPEATED),
    (MenuState.COLLECTING, MenuEvent.KEY): (press, frozenset({MenuState.COLLECTING, MenuState.CLOSED})),
    (MenuState.COLLECTING, MenuEvent.SPEECH): (speak, _ANY),
    (MenuState.COLLECTING, MenuEvent.SILENCE): (take_digits, _CLOSED),
}


def _enter(call: Call, run: MenuRun, menu_id: str) -> list[Effect]:
    menu = run.action.menu(menu_id)
    run.menu_id = menu_id
    run.digits = run.wrong = ""
    run.repeats_left = menu.repeats
    run.prompts = list(menu.main_prompt)
    return [OpenMenu(call.id, run.leg, menu_id), *_play_next(call, run)]


def _play_next(call: Call, run: MenuRun) -> list[Effect]:
    if run.prompts:
        prompt = run.prompts.pop(0)
        run.state = MenuState.PROMPTING
        return [*play(call, [call.leg(run.leg)], prompt), SetTimer(call.id, Timer.PROMPT, prompt.duration_ms)]
    run.state = MenuState.LISTENING
    return [SetTimer(call.id, Timer.MENU, run.action.menu(run.menu_id).timeout_ms)]


def _stop_prompt(call: Call, run: MenuRun) -> list[Effect]:
    run.prompts = []
    return [Hush(call.id, run.leg), CancelTimer(call.id, Timer.PROMPT)]


def _choose(call: Call, run: MenuRun, option: MenuOption, *, by_voice: bool) -> Step:
    match option.choice:
        case ReturnValue(value):
            return close(call, run), MenuResult(run.menu_id, "return", value, by_voice=by_voice)
        case GoToMenu(menu_id):
            run.jumps += 1
            if run.jumps > MOST_JUMPS:
                message = f"more than {MOST_JUMPS} menus in one runMenu"
                return close(call, run), MenuResult(run.menu_id, "error", message)
            return [CancelTimer(call.id, Timer.MENU), *_enter(call, run, menu_id)], None


def _again(call: Call, run: MenuRun, menu: Menu) -> Step:
    if run.repeats_left > 0:
        run.repeats_left -= 1
        run.digits = ""
        run.prompts = list(menu.repeat_prompt or menu.main_prompt)
        return [CancelTimer(call.id, Timer.MENU), *_play_next(call, run)], None
    kind = "invalidinput" if run.wrong else "timeout"
    return close(call, run), MenuResult(run.menu_id, kind, run.wrong)
