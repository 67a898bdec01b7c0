"""Reads the menus of a runMenu action: every option leads to a menu that exists or returns a value.

Source: docs/platform/svaml.md#3.8.
"""

import re

from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.svaml.fields import SvamlFindings
from sinch_simulator.products.voice.svaml.model import GoToMenu, Menu, MenuOption, Prompt, ReturnValue, RunMenu
from sinch_simulator.products.voice.svaml.prompts import prompts_of, spoken_text

MAIN = "main"
_USUAL_TIMEOUT_MS = range(1000, 30001)
_CHOICE = re.compile(r"(menu|return)\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_SHOWN_CHARACTERS = 40
_KEYS = frozenset("0123456789*#")
_PAUSED_KEY = re.compile(r"[0-9*#][wW]+")


def run_menu(values: Values, prefix: str, findings: SvamlFindings) -> RunMenu:
    """Reads the action, with the menu that it begins with resolved."""
    locale, enable_voice = values.text_or_none("locale"), values.flag("enableVoice")
    if enable_voice and locale is None:
        message = "Voice input needs a locale: en-US is taken."
        findings.warn("VOICE_LOCALE", f"{prefix}locale", message, 'add "locale"')
    locale = locale or "en-US"
    objects = values.objects("menus")
    ids = [menu.text("id") for menu in objects]
    first = _first_menu(ids, values.text_or_none("mainMenu"), prefix, findings)
    reader = _MenuReader(locale, enable_voice, frozenset(ids), findings)
    menus = tuple([reader.menu(menu, f"{prefix}menus[{index}].") for index, menu in enumerate(objects)])
    return RunMenu(menus, first, values.flag("barge"), locale, enable_voice, values.text_or_none("reference"))


@frozen
class _MenuReader:
    """What the menus of one action have in common."""

    locale: str
    enable_voice: bool
    ids: frozenset[str]
    findings: SvamlFindings

    def menu(self, values: Values, prefix: str) -> Menu:
        options = self._options(values.objects("options"), prefix)
        max_digits, timeout_ms = values.integer_or_none("maxDigits"), values.integer("timeoutMills")
        self._check_input(values, prefix, max_digits, timeout_ms)
        main = self._prompts(values, "main", prefix)
        return Menu(
            values.text("id"),
            main,
            self._prompts(values, "repeat", prefix) or main,
            values.integer("repeats"),
            max_digits,
            timeout_ms,
            values.integer("maxTimeoutMills"),
            options,
        )

    def _check_input(self, values: Values, prefix: str, max_digits: int | None, timeout_ms: int) -> None:
        options = values.objects("options")
        if options and max_digits is not None and max_digits > 1:
            message = "With maxDigits above 1 the options never fire: digits are collected into a sequence."
            self.findings.warn("MENU_AMBIGUOUS", f"{prefix}maxDigits", message, "either maxDigits or options")
        if not options and max_digits is None and not self.enable_voice:
            message = "Neither options nor maxDigits: no key means anything, the menu can only time out."
            self.findings.warn("MENU_WITHOUT_INPUT", prefix[:-1], message, "add options or maxDigits")
        if timeout_ms not in _USUAL_TIMEOUT_MS:
            message = f"{timeout_ms} ms is outside of what the SDKs allow, 1000 to 30000: it is taken as it is."
            self.findings.warn("OUT_OF_RANGE", f"{prefix}timeoutMills", message, "milliseconds, not seconds")

    def _prompts(self, values: Values, which: str, prefix: str) -> tuple[Prompt, ...]:
        """Returns the main or the repeat prompt; the older text counts where there is no prompt."""
        text = values.text_or_none(f"{which}Prompt")
        if text is not None:
            return prompts_of(text, self.locale, f"{prefix}{which}Prompt", self.findings)
        text = values.text_or_none(f"{which}Text")
        return spoken_text(text, self.locale, f"{prefix}{which}Text", self.findings) if text is not None else ()

    def _options(self, objects: tuple[Values, ...], prefix: str) -> tuple[MenuOption, ...]:
        options: list[MenuOption] = []
        keys: set[str] = set()
        for index, values in enumerate(objects):
            path = f"{prefix}options[{index}]."
            phrase = values.text_or_none("input")
            key = _key(values["dtmf"], phrase, f"{path}dtmf", self.findings)
            choice = _choice(values.text("action"), self.ids, f"{path}action", self.findings)
            if key in keys:
                message = f"There is an option for {shown(key)} before: this one never fires."
                self.findings.warn("DUPLICATE_OPTION", f"{path}dtmf", message, "one option for each key")
            elif key is not None and choice is not None:
                options.append(MenuOption(key, choice, phrase))
            if key:
                keys.add(key)
        return tuple(options)


def _key(value: object, phrase: str | None, path: str, findings: SvamlFindings) -> str | None:
    """Returns the key of an option, ``""`` when it is chosen by a phrase only, None when no key can choose it."""
    if value is None:
        if not phrase:
            findings.error("MISSING_PROPERTY", path, "A menu option needs 'dtmf'.", "one of 0-9, * and #")
        return ""
    key = str(value) if type(value) is int and 0 <= value <= 9 else value
    if isinstance(key, str):
        if key in _KEYS:
            return key
        if _PAUSED_KEY.fullmatch(key):
            findings.warn("DTMF_CHAR", path, f"w is a pause, not a key: {shown(key[0])} is taken.")
            return key[0]
    if isinstance(key, str | int) and not isinstance(key, bool):
        message = f"{shown(key)} is no key: nobody can press it, the option is dropped."
        findings.warn("INVALID_VALUE", path, message, "one of 0-9, * and #; maxDigits collects several")
        return None
    findings.error("WRONG_TYPE", path, f"{shown(key)} is no key.", "a string or a number: one of 0-9, * and #")
    return None


def _choice(action: str, known: frozenset[str], path: str, findings: SvamlFindings) -> GoToMenu | ReturnValue | None:
    match = _CHOICE.fullmatch(action.strip())
    if match is None:
        if action:
            message = f"{shown(action)} is no option action."
            findings.error("INVALID_VALUE", path, message, "menu(<id>) or return(<value>)")
        return None
    if match[1].lower() == "return":
        return ReturnValue(match[2])
    target = match[2].strip()
    if target not in known:
        hint = "" if findings.full else did_you_mean(target, sorted(known)) or f"the menus are: {_first_few(known)}"
        findings.error("UNKNOWN_MENU", path, f"There is no menu {shown(target)} to go to.", hint)
    return GoToMenu(target)


def _first_few(ids: frozenset[str]) -> str:
    return ", ".join(sorted(menu_id[:_SHOWN_CHARACTERS] for menu_id in ids)[:10])


def _first_menu(ids: list[str], main_menu: str | None, prefix: str, findings: SvamlFindings) -> str:
    """Returns the id of the menu that plays first: ``mainMenu`` if it names one, else ``main``.

    Without either the document is illegal (docs/platform/svaml.md#9).
    """
    seen: set[str] = set()
    for index, menu_id in enumerate(ids):
        if menu_id in seen:
            message = f"There is a menu {shown(menu_id)} before: this one never plays."
            findings.warn("DUPLICATE_MENU", f"{prefix}menus[{index}].id", message)
        seen.add(menu_id)
    if main_menu in seen:
        return main_menu
    if main_menu is None and ids and MAIN not in seen:
        message = "No menu has the id 'main', and no mainMenu says which one plays first."
        hint = did_you_mean(MAIN, ids) or "call the first one main, or name it in mainMenu"
        findings.error("UNKNOWN_MENU", f"{prefix}menus", message, hint)
    elif main_menu is not None and ids and MAIN not in seen:
        message = f"There is no menu {shown(main_menu)}, and none with the id 'main': none can play first."
        findings.error("UNKNOWN_MENU", f"{prefix}mainMenu", message, did_you_mean(main_menu, ids) or "the id of a menu")
    elif main_menu is not None:
        message = f"There is no menu {shown(main_menu)}: 'main' plays first."
        findings.warn("UNKNOWN_MENU", f"{prefix}mainMenu", message, did_you_mean(main_menu, ids))
    return MAIN
