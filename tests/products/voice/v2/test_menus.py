"""Menus: what is heard, which input leads where, and what follows a wrong one or none."""

from typing import Any

import pytest

from sinch_simulator.products.voice.v2.session import Call
from support.session_world import BEN, Json, SessionWorld, command, say, static_service

ANSWER = command("answer")


def said(text: str) -> list[Json]:
    return [{"type": "SAY", "say": {"text": text, "voiceName": "Emma"}}]


def item(**properties: Any) -> Json:
    return {"prompt": {"messages": said("Press a key")}, **properties}


def menu(**menus: Json) -> Json:
    return command("menu", startMenu=next(iter(menus)), menus=menus)


def asked(world: SessionWorld, *commands: Json) -> Call:
    """A caller who is answered and meets these commands."""
    world.on("call.incoming", [ANSWER, *commands])
    return world.dial_in()


def heard_after(call: Call, text: str = "Press a key") -> list[str]:
    """What was heard beside the prompt."""
    return [each for each in call.heard if each != text]


def test_a_key_chooses_and_the_outer_sequence_goes_on_afterwards() -> None:
    world = SessionWorld()
    matches = {"1": [say("one")], "2": [say("two")]}
    call = asked(world, menu(main=item(matches=matches)), say("afterwards"))
    world.press(call, "2")
    world.advance(9)

    assert call.heard == ["Press a key", "two", "afterwards"]
    assert "call.menu" not in world.events()


def test_matches_are_regular_expressions_of_the_whole_input_tried_in_order() -> None:
    world = SessionWorld()
    matches = {"1": [say("short")], "1\\d\\d#": [say("long")], ".*": [say("any")]}
    main = item(matches=matches, maximumInputLength=4, terminatingSequence="#")
    for keys, text in (("1", "short"), ("123#", "long"), ("777#", "any"), ("9999", "any")):
        call = asked(world, menu(main=main))
        world.press(call, keys)
        world.advance(9)
        assert heard_after(call)[0] == text


def test_without_barge_in_keys_are_kept_until_the_prompt_is_over() -> None:
    world = SessionWorld()
    prompt = {"messages": said("Press a key"), "allowBargeIn": False}
    call = asked(world, menu(main={"prompt": prompt, "matches": {"1": [say("one")]}}))
    world.press(call, "1")
    assert call.heard == ["Press a key"]
    world.advance(5)

    assert call.heard == ["Press a key", "one"]


def test_a_prompt_is_repeated_after_silence_and_after_a_wrong_input_then_the_failure_runs() -> None:
    world = SessionWorld()
    main = item(repeatPrompt={"messages": said("Again")}, matches={"1": []}, repeatCount=2, onFailure=[say("sorry")])
    call = asked(world, menu(main=main))
    world.press(call, "9")
    assert call.heard == ["Press a key", "Again"]
    world.advance(7)
    assert call.heard == ["Press a key", "Again", "Again"]
    world.advance(7)

    assert call.heard == ["Press a key", "Again", "Again", "sorry"]


@pytest.mark.parametrize(("keys", "input"), [("9", "9"), ("", "")])
def test_without_a_handler_the_webhook_is_asked_with_the_last_input(keys: str, input: str) -> None:
    world = SessionWorld()
    world.on("call.menu", [say("from the webhook")])
    call = asked(world, menu(main=item(matches={"1": []}, repeatCount=0)), say("afterwards"))
    world.press(call, keys)
    world.advance(20)

    assert world.body("call.menu")["menu"] == {"menuName": "main", "input": input}
    assert call.heard == ["Press a key", "from the webhook", "afterwards"]


def test_without_matches_a_complete_input_ends_the_menu_at_once() -> None:
    world = SessionWorld()
    call = asked(world, menu(main=item(minimumInputLength=3, maximumInputLength=4)))
    world.press(call, "123")
    assert "call.menu" not in world.events()
    world.advance(5)

    assert world.body("call.menu")["menu"]["input"] == "123"
    assert call.heard == ["Press a key"]


def test_too_few_keys_count_as_none() -> None:
    world = SessionWorld()
    call = asked(world, menu(main=item(minimumInputLength=3, maximumInputLength=4, repeatCount=0)))
    world.press(call, "12")
    world.advance(5)

    assert world.body("call.menu")["menu"]["input"] == ""


def test_go_to_menu_begins_another_menu_afresh_and_a_service_without_webhook_is_not_asked() -> None:
    world = SessionWorld()
    main = item(matches={"1": [say("over to sales"), command("gotoMenu", menuName="sales")]})
    sales = {"prompt": {"messages": said("Sales")}, "matches": {"1": [say("sold")]}, "repeatCount": 0}
    commands = [ANSWER, menu(main=main, sales=sales), say("afterwards")]
    world.application.service = static_service({"commands": commands})
    call = world.dial_in()
    world.press(call, "1")
    world.advance(3)
    world.press(call, "2")
    world.advance(3)

    assert call.heard == ["Press a key", "over to sales", "Sales", "afterwards"]
    assert world.events() == []


def test_a_webhook_inside_a_match_is_told_of_the_input() -> None:
    world = SessionWorld()
    matches = {"\\d+#": [command("webhook", webhookName="check", url="http://app.test/check")]}
    call = asked(world, menu(main=item(matches=matches, maximumInputLength=9, terminatingSequence="#")))
    world.press(call, "42#")

    assert world.body("call.webhook.check")["menu"] == {"menuName": "main", "input": "42#"}


def test_hanging_up_in_a_menu_ends_its_sequence_and_tells_of_no_menu() -> None:
    world = SessionWorld()
    call = asked(world, menu(main=item()), command("dial", to={"type": "PHONE", "phone": {"number": BEN}}))
    world.hang_up(call)
    world.advance(60)

    assert world.events() == ["call.incoming", "call.hangup"]
    assert len(call.session.calls) == 1


def test_a_menu_waits_for_messages_and_a_second_menu_for_the_first() -> None:
    world = SessionWorld()
    call = asked(world, say("Welcome"), menu(main=item(matches={"1": [say("one")]})))
    world.update(call, menu(other={"prompt": {"messages": said("Other")}, "matches": {"2": [say("two")]}}))
    assert call.heard == ["Welcome"]
    world.advance(3)
    world.press(call, "1")
    world.advance(3)
    world.press(call, "2")
    world.advance(3)

    assert call.heard[:2] == ["Welcome", "Press a key"]
    assert "Other" in call.heard
    assert call.heard[-1] == "two"


def test_an_expression_that_could_be_tried_in_countless_ways_does_not_hold_up_the_menu() -> None:
    world = SessionWorld()
    main = item(matches={"(1+)+#": [say("ones")], ".*": [say("any")]}, maximumInputLength=100)
    call = asked(world, menu(main=main))
    world.press(call, "1" * 100)
    world.advance(9)

    assert heard_after(call) == ["any"]
