"""Two people on a call: ringing, the bridge, tones, prompts, and updates by REST while they talk."""

import json
from typing import Any

import pytest

from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.call import Call
from support.pure_world import ANNA, BEN, DID, PureWorld, custom_callout, menu, say, svaml, tts_callout


@pytest.fixture
def world() -> PureWorld:
    """A world whose app connects every caller to Ben."""
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "cli": DID}))
    world.on("ace", svaml("continue"))
    return world


@pytest.fixture
def talk(world: PureWorld) -> Call:
    """Anna and Ben talk."""
    call = world.dial()
    world.advance(2)
    return call


def heard(call: Call) -> tuple[list[str], list[str]]:
    """What the caller and the callee have heard."""
    return call.caller.heard, call.callee.heard


def test_the_callers_leg_is_answered_when_the_bridge_stands(world: PureWorld) -> None:
    call = world.dial()
    world.advance(1.9)
    assert (call.caller.state.value, call.callee.state.value) == ("ringing", "ringing")
    world.advance(0.1)
    assert (call.caller.state.value, call.callee.state.value) == ("answered", "answered")
    assert [line.fields["leg"] for line in world.lines(call, "leg.connected")] == ["caller", "callee"]


def test_prompts_of_ace_are_heard_by_the_caller_before_the_bridge(world: PureWorld) -> None:
    world.on("ace", svaml("continue", say("This call is recorded")))
    call = world.dial()
    world.advance(2)
    assert heard(call) == (["This call is recorded"], [])
    assert world.lines(call, "leg.connected") == []
    world.advance(10)
    assert call.state.value == "CONNECTED"


def test_tones_after_the_pick_up_reach_the_callee(world: PureWorld) -> None:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "dtmf": "ww12#"}))
    call = world.dial()
    world.advance(3)
    assert call.callee.dtmf == "12#"
    assert call.state.value == "PROMPTING"
    world.advance(1)
    assert call.state.value == "CONNECTED"


def test_keys_pressed_on_the_bridge_are_heard_by_the_other(world: PureWorld, talk: Call) -> None:
    world.press(talk, "12", LegName.CALLER)
    world.press(talk, "3", LegName.CALLEE)
    assert (talk.callee.dtmf, talk.caller.dtmf) == ("12", "3")


@pytest.mark.parametrize(
    ("leg", "expected"),
    [
        (None, (["Hello"], [])),
        ("caller", (["Hello"], [])),
        ("callee", ([], ["Hello"])),
        ("both", (["Hello"], ["Hello"])),
    ],
)
def test_a_message_is_played_to_the_leg_that_was_asked_for(
    world: PureWorld, talk: Call, leg: str | None, expected: tuple[list[str], list[str]]
) -> None:
    world.patch(talk, svaml("continue", say("Hello")), leg)
    assert heard(talk) == expected
    world.advance(10)
    assert talk.state.value == "CONNECTED"


def test_a_farewell_is_played_before_the_hangup(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml("hangup", say("Your time is up")))
    assert not talk.final
    world.advance(10)
    assert talk.ending is not None
    assert (talk.ending.result, talk.ending.reason) == ("ANSWERED", "MANAGERHANGUP")


def test_a_second_message_waits_for_the_first(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml("continue", say("The first of two messages")))
    world.patch(talk, svaml("continue", say("The second")))
    assert talk.caller.heard == ["The first of two messages"]
    world.advance(20)
    assert talk.caller.heard == ["The first of two messages", "The second"]
    assert talk.state.value == "CONNECTED"


def test_a_hangup_without_words_cuts_a_message(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml("continue", say("A message that nobody will hear the end of")))
    world.patch(talk, svaml("hangup"))
    assert talk.final


def test_parking_a_bridged_call_hangs_up_the_callee(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}))
    assert talk.state.value == "PARKED"
    assert (talk.caller.state.value, talk.callee.state.value) == ("answered", "ended")


@pytest.mark.parametrize(
    "action",
    [
        {"name": "connectPstn", "number": ANNA},
        {"name": "connectSip", "destination": {"endpoint": "a@b.test"}},
        {"name": "runMenu", "menus": [{"id": "main"}]},
    ],
)
def test_what_only_a_parked_call_can_do_is_refused_while_people_talk(
    world: PureWorld, talk: Call, action: dict[str, Any]
) -> None:
    from sinch_simulator.products.voice.call_update import refuse_illegal
    from sinch_simulator.products.voice.svaml.model import SvamlContext
    from sinch_simulator.products.voice.svaml.reading import read_svaml

    reading = read_svaml(svaml(action), SvamlContext.ICE)
    assert reading.svaml is not None
    with pytest.raises(ApiError) as refused:
        refuse_illegal(talk, reading.svaml)
    assert refused.value.number == 40003
    assert talk.state.value == "CONNECTED"


def test_an_update_of_a_call_that_is_over_finds_nothing(world: PureWorld, talk: Call) -> None:
    world.hang_up(talk)
    with pytest.raises(ApiError, match="Call not found"):
        world.patch(talk, svaml("hangup"))


def test_an_update_before_the_answer_can_only_hang_up(world: PureWorld) -> None:
    call = world.callout(tts_callout())
    with pytest.raises(ApiError) as refused:
        world.patch(call, svaml("continue", say("Too early")))
    assert refused.value.number == 40003
    assert call.callee.heard == []


def test_cookies_come_back_with_every_later_event(world: PureWorld) -> None:
    cookie = {"name": "setCookie", "key": "step", "value": "1"}
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}, cookie))
    call = world.dial()
    world.advance(3)
    world.hang_up(call)
    for event in ("ace", "dice"):
        assert world.body(call, event)["cookies"] == [{"key": "step", "value": "1"}]


def test_the_same_cookie_again_replaces_the_first(world: PureWorld) -> None:
    first = {"name": "setCookie", "key": "step", "value": "1"}
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}, first, {**first, "value": "2"}))
    call = world.dial()
    assert call.cookies == {"step": "2"}


def test_a_custom_callout_says_what_it_brought_inline_and_asks_nothing() -> None:
    world = PureWorld()
    inline = '{"instructions":[{"name":"say","text":"Hi"}],"action":{"name":"hangup"}}'
    call = world.callout(custom_callout(ace=inline, custom="c-1"))
    world.advance(20)
    assert world.events(call) == ["dice"]
    assert call.callee.heard == ["Hi"]
    assert world.body(call, "dice")["custom"] == "c-1"


def test_who_is_connected_after_an_inline_ace_is_bridged_on_answer() -> None:
    world = PureWorld()
    ask = menu({"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(on)"}]})
    world.on("pie", svaml({"name": "connectPstn", "number": ANNA}))
    call = world.callout(custom_callout(ace=json.dumps(svaml(ask))))
    world.advance(5)
    world.press(call, "1")
    world.advance(5)
    assert call.state.value == "CONNECTED"
    assert [leg.state.value for leg in call.legs] == ["answered", "answered"]
    assert (call.callee.heard, call.caller.heard) == (["Press one"], [])
    assert world.events(call) == ["pie"]
    assert world.codes(call) == ["INLINE_ACE_USED"]


def test_a_custom_callout_without_destination_asks_the_app_whom_to_call() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "cli": DID}))
    world.on("ace", svaml("continue"))
    call = world.callout(custom_callout(None))
    world.advance(3)
    assert world.events(call) == ["ice", "ace"]
    assert call.callee.address is not None
    assert call.callee.address.endpoint == BEN
    world.hang_up(call)
    assert world.body(call, "dice")["reason"] == "CALLEEHANGUP"


def test_urls_of_a_custom_callout_go_before_the_apps_own() -> None:
    world = PureWorld()
    world.on("ace", svaml("hangup"))
    call = world.callout(custom_callout(ace="https://other.test/ace"))
    world.advance(3)
    assert [sent.url for sent in world.sent if sent.subject == call.id] == [
        "https://other.test/ace",
        "http://app.test/voice",
    ]


def test_an_inline_menu_that_never_ends_is_stopped() -> None:
    world = PureWorld()
    forever = '{"action":{"name":"runMenu","menus":[{"id":"main","timeoutMills":1000,"repeats":0}]}}'
    call = world.callout(custom_callout(ace=forever, pie=forever))
    world.advance(14_000)
    assert call.final


def test_headers_of_the_callout_travel_with_its_callbacks() -> None:
    world = PureWorld()
    world.callout(tts_callout(), headers=(("X-CB-Order", "42"), ("Accept", "*/*")))
    world.advance(3)
    assert world.sent[0].headers == (("X-CB-Order", "42"),)


def test_a_function_style_url_has_a_path_for_each_event() -> None:
    from sinch_simulator.core.application import CallbackStyle

    world = PureWorld()
    world.application.callback_style = CallbackStyle.FUNCTIONS
    world.on("ice", svaml("hangup"))
    world.dial()
    assert [sent.url for sent in world.sent] == ["http://app.test/voice/ice", "http://app.test/voice/dice"]


def test_a_message_sent_while_another_plays_goes_to_the_leg_it_was_sent_to(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml("continue", say("To the caller")), "caller")
    world.patch(talk, svaml("continue", say("To the callee")), "callee")
    world.patch(talk, svaml("continue", say("To both")), "both")
    world.advance(20)
    assert heard(talk) == (["To the caller", "To both"], ["To the callee", "To both"])
    assert talk.state.value == "CONNECTED"


def test_a_farewell_sent_while_a_message_plays_drops_what_was_queued(world: PureWorld, talk: Call) -> None:
    world.patch(talk, svaml("continue", say("First")))
    world.patch(talk, svaml("hangup", say("Farewell")))
    world.advance(20)
    assert talk.caller.heard == ["First", "Farewell"]
    assert talk.final


def test_four_hours_count_from_the_answer_of_the_call_not_of_the_second_party(world: PureWorld) -> None:
    menu_first = {"name": "runMenu", "menus": [{"id": "main", "options": [{"dtmf": "1", "action": "return(x)"}]}]}
    world.on("ice", svaml(menu_first))
    world.on("pie", svaml({"name": "connectPstn", "number": BEN}))
    call = world.dial()
    world.advance(4)
    world.press(call, "1")
    world.advance(15_000)
    assert world.body(call, "dice")["duration"] == 14_400
