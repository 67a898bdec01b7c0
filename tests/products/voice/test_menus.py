"""Menus: what is played, what a key does and when, and what the app is told (docs/platform/svaml.md#3.8)."""

from typing import Any

import pytest

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.callback import Outcome
from sinch_simulator.phones.signals import Spoke
from sinch_simulator.products.voice.call import Call, Origin
from support.pure_world import BEN, PureWorld, menu, say, svaml, tts_callout

SALES = {
    "id": "main",
    "mainPrompt": "#tts[Press 1 for sales or 2 for your code.]",
    "repeatPrompt": "#tts[Try again.]",
    "repeats": 2,
    "options": [{"dtmf": "1", "action": "return(sales)"}, {"dtmf": 2, "action": "menu(pin)"}],
}
PIN = {"id": "pin", "mainPrompt": "#tts[Enter four digits.]", "maxDigits": 4}


@pytest.fixture
def world() -> PureWorld:
    """A world whose app runs the sales menu and then thanks the caller."""
    world = PureWorld()
    world.on("ice", svaml(menu(SALES, PIN), {"name": "answer"}))
    world.on("pie", svaml("hangup", say("Thank you")))
    return world


def result(world: PureWorld, call: Call) -> tuple[str, str, str]:
    """Menu, type and value of the last PIE."""
    told = world.body(call, "pie")["menuResult"]
    return told["menuId"], told["type"], told["value"]


def run(world: PureWorld, *menus: dict[str, Any], **properties: Any) -> Call:
    """A call that is in these menus."""
    world.on("ice", svaml(menu(*menus, **properties)))
    return world.dial()


def test_a_key_during_the_prompt_cuts_it_and_decides(world: PureWorld) -> None:
    call = world.dial()
    assert call.caller.heard == ["Press 1 for sales or 2 for your code."]
    world.press(call, "1")
    assert result(world, call) == ("main", "return", "sales")
    assert world.simulation.now == 0
    assert [line.fields["leg"] for line in world.lines(call, "prompt.stopped")] == ["caller"]
    assert call.caller.heard[-1] == "Thank you"


def test_without_barge_keys_during_the_prompt_are_lost(world: PureWorld) -> None:
    call = run(world, SALES, PIN, barge=False)
    world.press(call, "1")
    assert world.events(call) == ["ice"]
    world.advance(6)
    world.press(call, "1")
    assert result(world, call) == ("main", "return", "sales")


def test_a_menu_leads_to_another_and_collects_digits(world: PureWorld) -> None:
    call = world.dial()
    world.press(call, "21234")
    assert result(world, call) == ("pin", "sequence", "1234")
    assert world.body(call, "pie")["menuResult"]["inputMethod"] == "dtmf"


def test_a_hash_ends_the_collection(world: PureWorld) -> None:
    call = world.dial()
    world.press(call, "212#")
    assert result(world, call) == ("pin", "sequence", "12")


def test_silence_after_a_digit_ends_the_collection(world: PureWorld) -> None:
    call = world.dial()
    world.press(call, "212")
    world.advance(4.9)
    assert world.events(call) == ["ice"]
    world.advance(0.2)
    assert result(world, call) == ("pin", "sequence", "12")


def test_each_digit_starts_the_silence_anew(world: PureWorld) -> None:
    call = world.dial()
    world.press(call, "2")
    for digit in "123":
        world.advance(4)
        world.press(call, digit)
    assert world.events(call) == ["ice"]
    world.press(call, "4")
    assert result(world, call) == ("pin", "sequence", "1234")


def test_silence_repeats_the_prompt_and_then_gives_up(world: PureWorld) -> None:
    call = world.dial()
    world.advance(120)
    assert call.caller.heard == [
        "Press 1 for sales or 2 for your code.",
        "Try again.",
        "Try again.",
        "Thank you",
    ]
    assert result(world, call) == ("main", "timeout", "")


def test_a_wrong_key_repeats_the_prompt_and_is_told_in_the_end(world: PureWorld) -> None:
    call = world.dial()
    world.press(call, "9")
    assert call.caller.heard[-1] == "Try again."
    world.press(call, "#")
    world.press(call, "7")
    assert result(world, call) == ("main", "invalidinput", "7")


def test_repeats_are_three_when_nothing_is_said(world: PureWorld) -> None:
    call = run(world, {"id": "main", "mainPrompt": "#tts[Well?]", "options": [{"dtmf": "1", "action": "return(x)"}]})
    world.advance(120)
    assert call.caller.heard.count("Well?") == 4


def test_hanging_up_inside_a_menu_is_told_before_dice(world: PureWorld) -> None:
    call = world.dial()
    world.hang_up(call)
    assert world.events(call) == ["ice", "pie", "dice"]
    assert result(world, call) == ("main", "hangup", "")
    assert world.body(call, "dice")["reason"] == "CALLERHANGUP"


def test_menus_that_lead_to_each_other_for_ever_end_in_an_error(world: PureWorld) -> None:
    loop = {"id": "main", "options": [{"dtmf": "1", "action": "menu(other)"}]}
    other = {"id": "other", "options": [{"dtmf": "1", "action": "menu(main)"}]}
    call = run(world, loop, other)
    world.press(call, "1" * 101)
    assert result(world, call)[1] == "error"


def test_speech_is_taken_when_the_menu_listens(world: PureWorld) -> None:
    call = run(world, SALES, PIN, enableVoice=True)
    world.simulation.receive(Spoke(call.id, call.caller.name, "support please"))
    world.settle()
    assert result(world, call) == ("main", "return", "support please")
    assert world.body(call, "pie")["menuResult"]["inputMethod"] == "voice"


def test_speech_is_not_heard_by_a_menu_of_keys(world: PureWorld) -> None:
    call = world.dial()
    world.simulation.receive(Spoke(call.id, call.caller.name, "support please"))
    world.settle()
    assert world.events(call) == ["ice"]


def test_main_menu_names_the_first_menu(world: PureWorld) -> None:
    call = run(world, SALES, PIN, mainMenu="pin")
    assert call.caller.heard == ["Enter four digits."]


def test_a_reference_comes_back_with_pie(world: PureWorld) -> None:
    call = run(world, SALES, PIN, reference="r-1")
    world.press(call, "1")
    assert world.body(call, "pie")["reference"] == "r-1"


def test_a_pie_without_an_answer_ends_the_call(world: PureWorld) -> None:
    world.on("pie", Outcome.TIMEOUT)
    call = world.dial()
    world.press(call, "1")
    assert call.ending is not None
    assert (call.ending.result, call.ending.reason) == ("ANSWERED", "CALLBACKERROR")


def test_after_the_menu_continue_ends_a_call_that_has_nobody_to_go_to(world: PureWorld) -> None:
    world.on("pie", svaml("continue"))
    call = world.dial()
    world.press(call, "1")
    assert call.ending is not None
    assert call.ending.reason == "MANAGERHANGUP"


def test_after_the_menu_a_caller_can_be_connected(world: PureWorld) -> None:
    world.on("pie", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.press(call, "1")
    world.advance(3)
    assert call.state.value == "CONNECTED"
    assert world.events(call) == ["ice", "pie", "ace"]


def test_a_menu_on_the_bridge_is_heard_by_the_caller_and_continue_bridges(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml(menu(SALES, PIN)))
    world.on("pie", svaml("continue"))
    call = world.dial()
    world.advance(2)
    assert call.caller.heard == ["Press 1 for sales or 2 for your code."]
    assert call.callee.heard == []
    world.press(call, "1")
    assert call.state.value == "CONNECTED"


@pytest.mark.parametrize(("enabled", "events"), [(True, ["ace", "pie", "dice"]), (False, ["ace", "dice"])])
def test_a_tts_callout_tells_its_menu_only_when_pie_is_enabled(
    world: PureWorld, enabled: bool, events: list[str]
) -> None:
    world.on("ace", svaml(menu(SALES, PIN)))
    call = world.callout(tts_callout(enablePie=enabled))
    world.advance(2)
    world.press(call, "1")
    world.advance(60)
    assert world.events(call) == events


def test_an_app_user_hears_the_menu_but_the_app_is_told_nothing(world: PureWorld) -> None:
    call = world.dial(from_="anna", to=BEN, origin=Origin.MXP, kind=AddressKind.NUMBER)
    world.press(call, "1")
    assert world.events(call) == ["ice", "dice"]
    assert "PIE_DATA_CALL" in world.codes(call)


def test_one_key_for_one_digit_collects_or_chooses(world: PureWorld) -> None:
    one = {"id": "main", "maxDigits": 1, "options": [{"dtmf": "1", "action": "return(yes)"}]}
    call = run(world, one)
    world.press(call, "1")
    assert result(world, call) == ("main", "return", "yes")
    call = run(world, one)
    world.press(call, "2")
    assert result(world, call) == ("main", "sequence", "2")


def test_a_persona_waits_for_the_menu_before_it_presses(world: PureWorld) -> None:
    call = world.dial(then=[{"wait_for": "menu"}, {"wait": 1.5}, {"press": "1"}])
    world.advance(1.4)
    assert world.events(call) == ["ice"]
    world.advance(0.1)
    assert result(world, call) == ("main", "return", "sales")


def test_what_is_said_before_a_menu_is_heard_by_a_caller_who_is_answered(world: PureWorld) -> None:
    world.on("ice", svaml(menu(SALES, PIN), say("Welcome")))
    call = world.dial()
    assert call.caller.heard == ["Welcome"]
    assert call.caller.state.value == "answered"
