"""runMenu: which menus are taken, what they become, and what is said about the others (docs/platform/svaml.md#3.8)."""

import pytest

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.products.voice.svaml.model import GoToMenu, Menu, MenuOption, ReturnValue, RunMenu, SvamlContext
from sinch_simulator.products.voice.svaml.prompts import read_prompts, spoken_prompt
from sinch_simulator.products.voice.svaml.reading import Reading, read_svaml

ONE = {"dtmf": "1", "action": "return(one)"}
MAIN: dict[str, object] = {"id": "main", "options": [ONE]}


def run(*menus: object, **action: object) -> Reading:
    return read_svaml({"action": {"name": "runMenu", "menus": list(menus), **action}}, SvamlContext.ICE)


def menu(**changes: object) -> Reading:
    return run({**MAIN, **changes})


def option(**option: object) -> Reading:
    return run({"id": "main", "options": [option]})


def read(reading: Reading) -> RunMenu:
    assert reading.svaml is not None
    assert isinstance(reading.svaml.action, RunMenu)
    return reading.svaml.action


def findings(reading: Reading) -> list[tuple[str, str, str]]:
    return [(found.severity.value, found.code, found.path) for found in reading.diagnostics]


def test_a_menu_has_the_documented_defaults() -> None:
    reading = menu(mainPrompt="#tts[Hi]")
    prompt = read_prompts("#tts[Hi]")
    assert reading.diagnostics == ()
    assert read(reading) == RunMenu(
        (Menu("main", prompt, prompt, 3, None, 5000, 20000, (MenuOption("1", ReturnValue("one")),)),), "main", True
    )


def test_every_property_of_a_menu_counts() -> None:
    first = {
        "id": "main",
        "mainPrompt": "#tts[Hallo]",
        "repeatPrompt": "#tts[Nochmal]",
        "repeats": 0,
        "maxDigits": 4,
        "timeoutMills": 1000,
        "maxTimeoutMills": 9000,
    }
    action = read(run(first, locale="de-DE", barge=False, enableVoice=True, mainMenu="main", reference="r"))
    assert action == RunMenu(
        (Menu("main", read_prompts("#tts[Hallo]", "de-DE"), read_prompts("#tts[Nochmal]", "de-DE"), 0, 4, 1000, 9000),),
        "main",
        False,
        "de-DE",
        True,
        "r",
    )


def test_older_texts_are_spoken_where_there_is_no_prompt() -> None:
    (older,) = read(menu(mainText="Hello", repeatText="Again")).menus
    assert (older.main_prompt, older.repeat_prompt) == ((spoken_prompt("Hello"),), (spoken_prompt("Again"),))
    (newer,) = read(menu(mainText="Hello", mainPrompt="#tts[Hi]")).menus
    assert newer.main_prompt == (spoken_prompt("Hi"),)


@pytest.mark.parametrize(
    ("action", "choice"),
    [
        ("return(sales)", ReturnValue("sales")),
        ("Return( a (b) )", ReturnValue(" a (b) ")),
        ("return()", ReturnValue("")),
        ("menu(main)", GoToMenu("main")),
        (" MENU ( main ) ", GoToMenu("main")),
    ],
)
def test_an_option_goes_to_a_menu_or_returns_a_value(action: str, choice: GoToMenu | ReturnValue) -> None:
    reading = option(dtmf="1", action=action)
    assert reading.diagnostics == ()
    assert read(reading).menus[0].options == (MenuOption("1", choice),)


@pytest.mark.parametrize("key", [*"0123456789*#", *range(10)])
def test_a_key_is_a_string_or_a_number(key: object) -> None:
    reading = option(dtmf=key, action="return(x)")
    assert reading.diagnostics == ()
    assert read(reading).menus[0].options[0].dtmf == str(key)


def test_a_phrase_chooses_without_a_key() -> None:
    reading = option(input="sales", action="return(s)")
    assert reading.diagnostics == ()
    assert read(reading).menus[0].options == (MenuOption("", ReturnValue("s"), "sales"),)


def test_the_main_menu_property_decides_what_plays_first() -> None:
    assert read(run(MAIN, {**MAIN, "id": "pin"}, mainMenu="pin")).first == "pin"
    assert read(run(MAIN, {**MAIN, "id": "pin"})).first == "main"
    assert read(run({**MAIN, "id": "start"}, mainMenu="start")).first == "start"


def test_a_main_menu_that_is_none_is_a_warning_and_main_plays() -> None:
    reading = run(MAIN, {**MAIN, "id": "pin"}, mainMenu="pim")
    assert findings(reading) == [("warning", "UNKNOWN_MENU", "action.mainMenu")]
    assert reading.diagnostics[0].hint == 'did you mean "pin"?'
    assert read(reading).first == "main"


@pytest.mark.parametrize(
    ("reading", "code", "path"),
    [
        (run({**MAIN, "id": "start"}), "UNKNOWN_MENU", "action.menus"),
        (run({**MAIN, "id": "start"}, mainMenu="stop"), "UNKNOWN_MENU", "action.mainMenu"),
        (option(dtmf="1", action="menu(mian)"), "UNKNOWN_MENU", "action.menus[0].options[0].action"),
        (option(dtmf="1", action="goto main"), "INVALID_VALUE", "action.menus[0].options[0].action"),
        (option(dtmf="1"), "MISSING_PROPERTY", "action.menus[0].options[0].action"),
        (option(action="return(x)"), "MISSING_PROPERTY", "action.menus[0].options[0].dtmf"),
        (option(dtmf=["1"], action="return(x)"), "WRONG_TYPE", "action.menus[0].options[0].dtmf"),
        (option(dtmf=True, action="return(x)"), "WRONG_TYPE", "action.menus[0].options[0].dtmf"),
        (menu(options={"1": "return(x)"}), "WRONG_TYPE", "action.menus[0].options"),
        (menu(mainPrompt="#tts[" + "a" * 601 + "]"), "TOO_LONG", "action.menus[0].mainPrompt"),
        (menu(mainText="a" * 601), "TOO_LONG", "action.menus[0].mainText"),
        (menu(repeatPrompt="#tts[Hi"), "INVALID_VALUE", "action.menus[0].repeatPrompt"),
        (menu(timeoutMills="soon"), "WRONG_TYPE", "action.menus[0].timeoutMills"),
        (run(MAIN, "pin"), "WRONG_TYPE", "action.menus[1]"),
        (run(MAIN, {"options": [ONE]}), "MISSING_PROPERTY", "action.menus[1].id"),
        (read_svaml({"action": {"name": "runMenu"}}, SvamlContext.ICE), "MISSING_PROPERTY", "action.menus"),
    ],
)
def test_what_cannot_be_makes_the_menus_illegal(reading: Reading, code: str, path: str) -> None:
    assert ("error", code, path) in findings(reading)
    assert not reading.legal
    assert reading.svaml is None


def test_no_menus_at_all_are_illegal() -> None:
    reading = run()
    assert not reading.legal
    assert findings(reading) == [("error", "MISSING_PROPERTY", "action.menus")]


@pytest.mark.parametrize(
    ("reading", "code", "path"),
    [
        (run(MAIN, enableVoice=True), "VOICE_LOCALE", "action.locale"),
        (run(MAIN, badge=False), "UNKNOWN_PROPERTY", "action.badge"),
        (run(MAIN, isVoice=True), "UNKNOWN_PROPERTY", "action.isVoice"),
        (run(MAIN, options=[ONE]), "UNKNOWN_PROPERTY", "action.options"),
        (run(MAIN, MAIN), "DUPLICATE_MENU", "action.menus[1].id"),
        (menu(maxDigits=4), "MENU_AMBIGUOUS", "action.menus[0].maxDigits"),
        (menu(maxDigits=0), "OUT_OF_RANGE", "action.menus[0].maxDigits"),
        (menu(options=[]), "MENU_WITHOUT_INPUT", "action.menus[0]"),
        (menu(options=[ONE, ONE]), "DUPLICATE_OPTION", "action.menus[0].options[1].dtmf"),
        (menu(options=[ONE, {**ONE, "dtmf": 1}]), "DUPLICATE_OPTION", "action.menus[0].options[1].dtmf"),
        (menu(timeoutMills=5), "OUT_OF_RANGE", "action.menus[0].timeoutMills"),
        (menu(timeoutMills=-5), "OUT_OF_RANGE", "action.menus[0].timeoutMills"),
        (menu(repeats=-1), "OUT_OF_RANGE", "action.menus[0].repeats"),
        (menu(repeats="2"), "TYPE_COERCED", "action.menus[0].repeats"),
        (option(dtmf="12", action="return(x)"), "INVALID_VALUE", "action.menus[0].options[0].dtmf"),
        (option(dtmf=10, action="return(x)"), "INVALID_VALUE", "action.menus[0].options[0].dtmf"),
        (option(dtmf="#w", action="return(x)"), "DTMF_CHAR", "action.menus[0].options[0].dtmf"),
    ],
)
def test_what_will_surprise_about_menus_is_a_warning(reading: Reading, code: str, path: str) -> None:
    assert findings(reading) == [("warning", code, path)]
    assert reading.legal


@pytest.mark.parametrize(("dtmf", "keys"), [("#w", ["#"]), ("12", [])])
def test_a_key_that_nobody_can_press_is_no_option(dtmf: str, keys: list[str]) -> None:
    assert [choice.dtmf for choice in read(option(dtmf=dtmf, action="return(x)")).menus[0].options] == keys


def test_the_first_of_two_options_for_a_key_counts() -> None:
    reading = menu(options=[ONE, {"dtmf": 1, "action": "return(two)"}])
    assert read(reading).menus[0].options == (MenuOption("1", ReturnValue("one")),)


def test_max_digits_of_one_goes_together_with_options() -> None:
    assert menu(maxDigits=1).diagnostics == ()


def test_the_typo_of_an_sdk_is_pointed_at() -> None:
    (found,) = run(MAIN, badge=False).diagnostics
    assert 'did you mean "barge"?' in found.hint
    assert found.severity is Severity.WARNING
