"""One ``runMenu``: prompts, keys, speech, repeats and silence, by the algorithm of svaml.md 3.8.

Each function moves the run along and returns the effects together with the result, once there is one. What becomes of
the result is not the menu's business.
"""

from sinch_simulator.exchange.call import Call, CallState, MenuRun, Timer
from sinch_simulator.exchange.instructions import play
from sinch_simulator.exchange.markup import GoToMenu, Menu, MenuOption, ReturnValue, RunMenu
from sinch_simulator.exchange.signals import CancelTimer, CloseMenu, Effect, Hush, MenuResult, OpenMenu, SetTimer

MOST_JUMPS = 100
"""A run that goes from menu to menu this often is in a loop (svaml.md 3.8; *assumed*)."""

Step = tuple[list[Effect], MenuResult | None]


def open_menu(call: Call, action: RunMenu) -> list[Effect]:
    """Begin with the first menu."""
    call.reference = action.reference
    call.menu = MenuRun(action, call.party.name, action.first)
    call.state = CallState.IN_MENU
    call.program = None
    return _enter(call, call.menu, action.first)


def prompt_over(call: Call, run: MenuRun) -> Step:
    """A prompt has ended: play the next one, or listen."""
    return _play_next(call, run), None


def press(call: Call, run: MenuRun, digit: str) -> Step:
    """A key was pressed. Without barge, keys that come during a prompt are discarded."""
    menu = run.action.menu(run.menu_id)
    if run.prompting and not run.action.barge:
        return [], None
    stop = _stop_prompt(call, run)
    option = _option_for(menu, digit)
    if _one_key_decides(menu):
        if option is not None:
            return _choose(call, run, option, digit, stop, by_voice=False)
        run.wrong = digit
        effects, result = _again(call, run, menu)
        return stop + effects, result
    if menu.max_digits == 1 and option is not None:
        return _choose(call, run, option, digit, stop, by_voice=False)
    if digit == "#" and run.digits:
        return stop + close(call, run), _sequence(run)
    if digit != "#":
        run.digits += digit
    if menu.max_digits is not None and len(run.digits) >= menu.max_digits:
        return stop + close(call, run), _sequence(run)
    return [*stop, SetTimer(call.id, Timer.MENU, menu.timeout_ms)], None


def speak(call: Call, run: MenuRun, text: str) -> Step:
    """Something was said: a phrase of an option decides, else the words are the result (voice input only)."""
    if not run.action.enable_voice or (run.prompting and not run.action.barge):
        return [], None
    menu = run.action.menu(run.menu_id)
    stop = _stop_prompt(call, run)
    for option in menu.options:
        if option.phrase is not None and option.phrase.casefold() == text.strip().casefold():
            return _choose(call, run, option, text, stop, by_voice=True)
    return stop + close(call, run), MenuResult(run.menu_id, "return", text, by_voice=True)


def silence(call: Call, run: MenuRun) -> Step:
    """Nothing has come for ``timeoutMills``: what was typed counts, else the prompt is repeated."""
    menu = run.action.menu(run.menu_id)
    if run.digits:
        return close(call, run), _sequence(run)
    run.wrong = ""
    return _again(call, run, menu)


def hung_up(run: MenuRun) -> MenuResult:
    """What is told when the person hangs up inside the menu."""
    return MenuResult(run.menu_id, "hangup", "")


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
        run.prompting = True
        return [*play(call, [call.leg(run.leg)], prompt), SetTimer(call.id, Timer.PROMPT, prompt.duration_ms)]
    run.prompting = False
    return [SetTimer(call.id, Timer.MENU, run.action.menu(run.menu_id).timeout_ms)]


def _stop_prompt(call: Call, run: MenuRun) -> list[Effect]:
    run.prompts = []
    if not run.prompting:
        return []
    run.prompting = False
    return [Hush(call.id, run.leg), CancelTimer(call.id, Timer.PROMPT)]


def _one_key_decides(menu: Menu) -> bool:
    return menu.max_digits is None and bool(menu.options)


def _option_for(menu: Menu, digit: str) -> MenuOption | None:
    return next((option for option in menu.options if option.dtmf == digit), None)


def _choose(call: Call, run: MenuRun, option: MenuOption, given: str, stop: list[Effect], *, by_voice: bool) -> Step:
    match option.choice:
        case ReturnValue(value):
            return stop + close(call, run), MenuResult(run.menu_id, "return", value, by_voice=by_voice)
        case GoToMenu(menu_id):
            run.jumps += 1
            if run.jumps > MOST_JUMPS:
                message = f"more than {MOST_JUMPS} menus in one runMenu"
                return stop + close(call, run), MenuResult(run.menu_id, "error", message)
            return [*stop, CancelTimer(call.id, Timer.MENU), *_enter(call, run, menu_id)], None


def _again(call: Call, run: MenuRun, menu: Menu) -> Step:
    if run.repeats_left > 0:
        run.repeats_left -= 1
        run.digits = ""
        run.prompts = list(menu.repeat_prompt or menu.main_prompt)
        return [CancelTimer(call.id, Timer.MENU), *_play_next(call, run)], None
    kind = "invalidinput" if run.wrong else "timeout"
    return close(call, run), MenuResult(run.menu_id, kind, run.wrong)


def _sequence(run: MenuRun) -> MenuResult:
    return MenuResult(run.menu_id, "sequence", run.digits)


def close(call: Call, run: MenuRun) -> list[Effect]:
    """Keys no longer count."""
    call.menu = None
    return [CancelTimer(call.id, Timer.MENU), CancelTimer(call.id, Timer.PROMPT), CloseMenu(call.id, run.leg)]
