"""``wait_for`` and ``expect``: what they take for met, how far they move time, and what they say when nothing comes."""

import json
import threading
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from sinch_simulator import NotSeen, Simulator, SimulatorError, blocking
from support.pure_world import say, svaml

ANNA = "+46700000001"
BEN = "+14045550199"
LONG = "All our lines are busy, please hold the line until somebody is free to talk to you"


def seconds_since(app: blocking.Application, began: Any) -> float:
    return float((app.now - began).total_seconds())


@pytest.mark.parametrize(
    ("word", "reply"),
    [
        ("prompt", svaml("hangup", say(LONG))),
        ("connected", svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550100"})),
        ("parked", svaml({"name": "park"}, say(LONG))),
        ("conference", svaml({"name": "connectConf", "conferenceId": "room"}, say(LONG))),
        ("ended", svaml("hangup", say(LONG))),
    ],
)
def test_each_word_is_met_by_its_state(
    company: blocking.Application, ivr: dict[str, Any], word: str, reply: dict[str, Any]
) -> None:
    ivr["ice"] = reply
    call = company.dial(from_=ANNA).wait_for(word)
    wanted = {"prompt": "PROMPTING", "connected": "CONNECTED", "parked": "PARKED"}
    assert call.state == {**wanted, "conference": "IN_CONFERENCE", "ended": "ENDED"}[word]


def test_a_prompt_is_over_when_it_has_been_said(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["ice"] = svaml({"name": "connectConf", "conferenceId": "room"}, say("Hello"))
    call = company.dial(from_=ANNA).wait_for("prompt").wait_for("conference")
    with pytest.raises(NotSeen, match="prompt did not come"):
        call.wait_for("prompt", within=5)


def test_what_is_already_so_is_met_at_once(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA).wait_for("menu")
    began = company.now
    call.wait_for("menu").wait_for("welcome").wait_for("/W.lcome/")
    assert company.now == began


def test_a_text_is_expected_after_the_one_before(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA)
    began = company.now
    call.expect("Press one")
    first = seconds_since(company, began)
    call.expect("Press one")
    assert seconds_since(company, began) > first
    with pytest.raises(NotSeen):
        call.expect("Welcome")


@pytest.mark.parametrize("act", [lambda call: call.press("2"), lambda call: call.caller.press("2")])
def test_what_was_heard_before_an_act_is_no_answer_to_it(
    company: blocking.Application, act: Callable[[blocking.Call], blocking.Call]
) -> None:
    call = company.dial(from_=ANNA).wait_for("menu")
    act(call)
    for look in (call.wait_for, call.expect):
        with pytest.raises(NotSeen) as failure:
            look("for sales")
        assert 'The caller has heard since the last thing done or expected: "Goodbye".' in str(failure.value)
        assert 'It was heard before that: "Press one for sales". If that is meant: earlier=True.' in str(failure.value)
    call.wait_for("for sales", earlier=True).expect("for sales", earlier=True).expect("Goodbye")


def test_what_a_phone_does_by_itself_leaves_it_as_heard(company: blocking.Application) -> None:
    caller = company.phone(ANNA).plays({"wait_for": "menu"}, {"press": "1"})
    call = caller.dials()
    company.advance(seconds=5)
    call.expect("for sales").expect("Goodbye")


def test_a_word_is_so_or_not_whatever_was_earlier(company: blocking.Application) -> None:
    with pytest.raises(SimulatorError, match="earlier: it is for a text"):
        company.dial(from_=ANNA).wait_for("menu", earlier=True)


@pytest.mark.parametrize("act", [lambda call: call.press("1"), lambda call: call.say("x"), lambda call: call.hang_up()])
def test_nobody_does_anything_in_a_call_that_is_over(
    company: blocking.Application, act: Callable[[blocking.Call], blocking.Call]
) -> None:
    call = company.dial(from_=ANNA)
    company.advance(seconds=3)
    call.hang_up()
    with pytest.raises(SimulatorError, match=r"comes too late: the call ended after 3\.000 s: ANSWERED, CALLERHANGUP"):
        act(call)


def test_a_condition_of_ones_own_is_met_by_whatever_is_true(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA)
    assert call.wait_for(lambda call: len(call.heard) == 2).heard == ["Welcome", "Press one for sales"]

    def never(call: blocking.Call) -> bool:
        return False

    with pytest.raises(NotSeen, match="the condition never"):
        call.wait_for(never, within=1)


def test_time_stops_at_the_limit_and_the_ladder_tells_what_happens_instead(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA)
    began = company.now
    with pytest.raises(NotSeen) as failure:
        call.wait_for("parked", within=3.5)
    assert seconds_since(company, began) == 3.5
    story = str(failure.value)
    assert story.startswith("parked did not come, within 3.5 s of simulated time. The call is in menu main.")
    assert 'plays "Press one for sales"' in story


def test_a_text_that_is_not_heard_is_told_beside_what_is(company: blocking.Application) -> None:
    with pytest.raises(NotSeen) as failure:
        company.dial(from_=ANNA).wait_for("connectd")
    assert '(A text was waited for. Did you mean "connected"?)' in str(failure.value)
    assert 'The caller has heard: "Welcome"; "Press one for sales"' in str(failure.value)


def test_nothing_is_waited_for_when_the_call_is_over(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA).hang_up()
    began = company.now
    with pytest.raises(NotSeen, match=r"and the call is over\. The call has ended: ANSWERED, CALLERHANGUP"):
        call.wait_for("menu")
    assert company.now == began


def test_the_automatic_clock_waits_like_the_manual_one(simulator: blocking.Simulator, ivr: dict[str, Any]) -> None:
    app = simulator.create_application(clock="auto")
    app.mount(lambda event: ivr[event["event"]])
    assert app.dial(from_=ANNA).wait_for("ended").result == "ANSWERED"
    app.close()


def test_the_realtime_clock_waits_while_time_passes() -> None:
    with Simulator.in_thread(clock="realtime", speed=200) as simulator:
        app = simulator.create_application()
        app.mount(lambda event: svaml("hangup", say("Goodbye")) if event["event"] == "ice" else None)
        call = app.dial(from_=ANNA).wait_for("ended", within=1000)
        assert (call.reason, call.heard) == ("MANAGERHANGUP", ["Goodbye"])
        idle = app.phone(BEN).does_not_answer()
        began = time.monotonic()
        with pytest.raises(NotSeen, match="was not called within 20 s"):
            idle.expect_call(within=20)
        assert 0.09 < time.monotonic() - began < 5


@pytest.mark.parametrize("wait", ["wait_for", "advance"])
def test_a_thread_of_the_app_may_act_before_time_leaps(company: blocking.Application, wait: str) -> None:
    call = company.dial(from_=ANNA).wait_for("menu")
    began = company.now

    def hang_up_later() -> None:
        body = json.dumps(svaml("hangup", say("Changed"))).encode()
        pair = b64encode(f"{company.key}:{company.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
        url = f"{company.url}/calling/v1/calls/id/{call.id}"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PATCH")):
            pass

    timer = threading.Timer(0.05, hang_up_later)
    timer.start()
    if wait == "wait_for":
        call.wait_for("Changed", grace=10)
    else:
        company.advance(seconds=0, grace=1)
    timer.join()
    assert seconds_since(company, began) == 0
    assert call.heard[-1] == "Changed"


@pytest.mark.parametrize("within", ["60s", None, True, -1])
def test_a_limit_is_a_number_of_seconds(company: blocking.Application, within: Any) -> None:
    with pytest.raises(SimulatorError, match=r"within: .* is not possible; expected simulated seconds"):
        company.dial(from_=ANNA).wait_for("menu", within=within)
