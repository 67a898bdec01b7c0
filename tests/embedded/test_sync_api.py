"""Synchronous tests: people call and are called, and nothing is awaited."""

import subprocess
import sys
import threading
from typing import Any

import pytest

from sinch_simulator import CalloutRefused, NotSeen, Simulator, SimulatorError, blocking
from support.pure_world import say, svaml

ANNA = "+46700000001"
BEN = "+14045550199"


def test_a_caller_hears_a_menu_presses_a_key_and_hangs_up(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["pie"] = svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550100"}, say("Please hold"))
    call = company.dial(from_=ANNA)
    call.expect("Press one").press("1").expect("hold")
    call.wait_for("connected").hang_up()
    assert (call.result, call.reason, call.status) == ("ANSWERED", "CALLERHANGUP", "FINAL")
    assert [callback.event for callback in call.callbacks] == ["ice", "pie", "ace", "dice"]
    assert call.heard == ["Welcome", "Press one for sales", "Please hold"]
    assert call.callbacks[1].body["menuResult"]["value"] == "sales"
    assert company.calls[0].id == call.id


def test_looking_tells_what_is_going_on(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA, custom="vip")
    call.wait_for("menu")
    assert (call.state, call.status, call.result, call.reason) == ("IN_MENU", "ONGOING", "N/A", "N/A")
    assert (call.from_, call.menu_id, call.custom, call.answered, call.ended) == (ANNA, "main", "vip", True, False)
    assert "is in menu main" in repr(call)
    assert "opens menu main" in call.ladder()
    assert call.timeline[0]["kind"] == "call.arrived"
    company.advance(minutes=2)
    assert call.ended
    assert call.duration > 0


def test_the_webhook_may_look_at_the_call_that_it_answers_for(app: blocking.Application) -> None:
    states: list[str] = []

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        states.append(app.call(event["callid"]).state)
        return svaml("hangup")

    app.mount(answer)
    app.dial(from_=ANNA)
    assert states[0] == "AWAITING_ICE"


def test_other_threads_may_look_too(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA).wait_for("menu")
    seen: list[tuple[str, list[str]]] = []
    threads = [threading.Thread(target=lambda: seen.append((call.state, call.heard))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert seen == [(call.state, call.heard)] * 4


def test_a_call_says_what_it_is_also_when_it_is_gone(simulator: blocking.Simulator) -> None:
    application = simulator.create_application(numbers=["+14045550100"])
    connect = svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550100"})
    application.mount(lambda event: connect if event["event"] == "ice" else svaml("continue"))
    call = application.dial(from_=ANNA).wait_for("connected")
    assert repr(call).endswith(f"{ANNA} -> +14045550100: is connected to {BEN}>")
    application.close()
    assert repr(call).endswith(f"{ANNA} -> +14045550100: is connected to {BEN}>")


def test_time_moves_only_when_it_is_told_to(company: blocking.Application) -> None:
    began = company.now
    company.settle()
    assert company.now == began
    company.advance(seconds=1.5, minutes=1, hours=1)
    assert (company.now - began).total_seconds() == 3661.5
    company.advance(hours=24 * 400)
    assert (company.now - began).days == 400
    for endless in (float("inf"), 1e12, -1):
        with pytest.raises(SimulatorError, match="up to the year 9999"):
            company.advance(seconds=endless)


def test_somebody_who_is_called_does_what_was_scripted(company: blocking.Application) -> None:
    ben = company.phone(BEN).answers(after=3).plays({"wait_for": "menu"}, {"press": "2"})
    call = company.callout(BEN, text="Hello Ben", enableAce=True, enableDice=True)
    assert call.leg == "callee"
    company.advance(seconds=2.9)
    assert not call.answered
    assert ben.expect_call().id == call.id
    call.wait_for("ended")
    assert [callback.event for callback in call.callbacks] == ["ace", "dice"]
    assert call.heard == ["Hello Ben"]


@pytest.mark.parametrize(
    ("script", "result"),
    [
        (lambda phone: phone.is_busy(), "BUSY"),
        (lambda phone: phone.rejects(after=0), "BUSY"),
        (lambda phone: phone.does_not_answer(), "NOANSWER"),
        (lambda phone: phone.is_unreachable(), "FAILED"),
        (lambda phone: phone.is_congested(), "FAILED"),
        (lambda phone: phone.answers(), "ANSWERED"),
        (lambda phone: phone.is_voicemail(greeting=1), "ANSWERED"),
    ],
)
def test_a_phone_may_be_anything(company: blocking.Application, script: Any, result: str) -> None:
    script(company.phone(BEN))
    call = company.callout(BEN, text="Hello", enableDice=True).wait_for("ended", within=180)
    assert call.result == result


def test_the_call_is_seen_from_the_phone_that_expects_it(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["ice"] = svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550100"}, say("I put you through"))
    ben = company.phone(BEN).answers(after=1)
    company.dial(from_=ANNA)
    seen = ben.expect_call()
    assert seen.leg == "callee"
    seen.wait_for("connected")
    assert seen.heard == []
    assert seen.caller.heard == ["I put you through"]
    seen.hang_up()
    assert seen.reason == "CALLEEHANGUP"


def test_a_phone_expects_each_call_once(company: blocking.Application) -> None:
    ben = company.phone(BEN)
    first = company.callout(BEN, text="one")
    second = company.callout(BEN, text="two")
    assert [ben.expect_call().id, ben.expect_call().id] == [first.id, second.id]
    with pytest.raises(NotSeen, match="was not called within 5 s"):
        company.phone(BEN).expect_call(within=5)


def test_a_pattern_of_numbers_expects_calls_too(company: blocking.Application) -> None:
    company.callout(BEN, text="one")
    assert company.phone("+1404555*").expect_call().leg == "callee"


def test_whoever_is_scripted_can_dial(company: blocking.Application) -> None:
    anna = company.phone(ANNA).plays({"wait_for": "Press one"}, {"press": "1"})
    assert anna.dials().wait_for("ended").heard[-1] == "Goodbye"


def test_an_in_app_user_calls_a_number_a_user_and_a_conference(
    company: blocking.Application, ivr: dict[str, Any]
) -> None:
    ivr["ice"] = svaml("hangup")
    targets = [
        company.app_calls(user="anna", to=BEN).callbacks[0].body["to"],
        company.app_calls(user="anna", to="ben", call_headers={"a": "b"}).callbacks[0].body["to"],
        company.app_calls(user="anna", to="room", conference=True).callbacks[0].body["to"],
    ]
    assert [target["type"] for target in targets] == ["number", "username", "conference"]


def test_two_people_meet_in_a_conference(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["ice"] = svaml({"name": "connectConf", "conferenceId": "standup"})
    company.dial(from_=ANNA).wait_for("conference")
    other = company.dial(from_="+46700000002")
    room = company.conference("standup").wait_for(2)
    first, second = room.participants
    assert first.hears == [second.call_id]
    other.hang_up()
    assert len(room.participants) == 1
    with pytest.raises(NotSeen, match="it has 1"):
        room.wait_for(3, within=1)


def test_a_callout_that_the_platform_refuses_says_its_code(company: blocking.Application) -> None:
    with pytest.raises(CalloutRefused, match="method") as refusal:
        company.callout(body={"method": "smokeSignal"})
    assert (refusal.value.code, refusal.value.status) == (40001, 400)


def test_a_callback_can_be_delivered_again(company: blocking.Application) -> None:
    call = company.dial(from_=ANNA)
    [ice] = call.callbacks
    assert company.redeliver(ice).answered
    assert [callback.body for callback in call.callbacks] == [ice.body, ice.body]


def test_findings_are_at_hand(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["ice"] = {"action": {"name": "runMenus"}}
    call = company.dial(from_=ANNA)
    assert call.callbacks[0].outcome == "bad-svaml"
    assert "UNKNOWN_ACTION" in {finding["code"] for finding in call.diagnostics}
    assert "UNKNOWN_ACTION" in {finding["code"] for finding in company.diagnostics}


def test_the_same_key_and_seed_give_the_same_call(simulator: blocking.Simulator) -> None:
    def ladder() -> tuple[str, str]:
        application = simulator.create_application(key="again", seed=3, numbers=["+14045550100"])
        application.mount(lambda event: {"action": {"name": "hangup"}})
        call = application.dial(from_=ANNA)
        seen = call.id, call.ladder()
        application.close()
        return seen

    assert ladder() == ladder()


# ---- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda app: app.dial(from_="abc"), 'from: "abc" is not possible here; expected an E.164 number'),
        (lambda app: app.dial(from_=3), "from: 3 is not possible"),
        (lambda app: app.dial(from_=ANNA, to="nowhere"), 'to: "nowhere" is not possible'),
        (lambda app: app.dial(from_=ANNA, to=BEN), "to: +14045550199 is no number of this application, whose numbers"),
        (lambda app: app.dial(from_=ANNA, caller={"anser": {}}), 'did you mean "answer"'),
        (lambda app: app.dial(from_=ANNA, caller={"then": [object()]}), "expected what JSON has"),
        (lambda app: app.dial(from_=ANNA, origin="fax"), "known are pstn"),
        (lambda app: app.dial(from_=ANNA).press("x"), "is no key of a phone"),
        (lambda app: app.dial(from_=ANNA).wait_for(3), "3 can't be waited for: expected one of prompt, menu"),
        (lambda app: app.dial(from_=ANNA).wait_for("/(/"), "is no regular expression"),
        (lambda app: app.dial(from_=ANNA).wait_for("menu", within=-1), "within: -1"),
        (lambda app: app.phone(BEN).answers(after=-1), "is negative"),
        (lambda app: app.phone(BEN).answers(as_="robot"), "robot"),
        (lambda app: app.phone(BEN).plays({"pres": "1"}), 'did you mean "press"'),
        (lambda app: app.advance(seconds=-1), "time goes forward"),
        (lambda app: app.advance(seconds="5"), "seconds: '5' is no number"),
        (lambda app: app.advance(seconds=float("nan")), "not possible"),
        (lambda app: app.app_calls(user="anna", to=""), "to: '' is not possible"),
        (lambda app: app.callout(BEN, text="a", conference="b"), "exclude each other"),
        (lambda app: app.callout(BEN, body={}), "leave the other arguments out"),
        (lambda app: app.callout(7, text="a"), "to: 7 is no text"),
        (lambda app: app.call("nothing"), "has no call 'nothing'"),
        (lambda app: setattr(app, "callback_url", "voice"), 'callback_url: "voice" is not a URL'),
        (lambda app: setattr(app, "fallback_url", 7), ""),
    ],
)
def test_what_cannot_be_is_refused_in_words(company: blocking.Application, act: Any, message: str) -> None:
    with pytest.raises(SimulatorError) as refusal:
        act(company)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"clock": "fast"}, "clock: 'fast' is not known; expected one of realtime, manual, auto"),
        ({"seed": -1}, "seed: -1"),
        ({"port": 70000}, "port: 70000"),
        ({"callback_timeout": 0}, "callback_timeout: expected a number above 0"),
        ({"speed": 2.0}, "only the realtime clock has a speed"),
    ],
)
def test_a_simulator_that_cannot_be_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SimulatorError, match=message):
        Simulator.in_thread(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"numbers": "+14045550100"}, "numbers"),
        ({"numbers": ["abc"]}, r"numbers\[0\]"),
        ({"secret": "?"}, "secret"),
        ({"clock": "fast"}, "clock"),
        ({"key": "company"}, "there is an application company already"),
        ({"world": "company", "clock": "auto"}, "is there already, with the manual clock"),
        ({"callback_style": "triple"}, "callbackStyle"),
    ],
)
def test_an_application_that_cannot_be_is_refused(
    simulator: blocking.Simulator, app: blocking.Application, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SimulatorError, match=message):
        simulator.create_application(**settings)


def test_an_application_that_is_closed_says_so(simulator: blocking.Simulator) -> None:
    application = simulator.create_application()
    call = application.dial(from_=ANNA)
    application.close()
    for use in (call.hang_up, lambda: call.result, call.ladder, lambda: application.calls, application.settle):
        with pytest.raises(SimulatorError, match="has been closed"):
            use()


def test_a_simulator_that_does_not_run_says_so() -> None:
    simulator = Simulator.in_thread()
    with pytest.raises(SimulatorError, match="does not run"):
        simulator.create_application()
    with simulator:
        application = simulator.create_application()
        with pytest.raises(SimulatorError, match="runs already"):
            simulator.start()
    simulator.stop()
    with pytest.raises(SimulatorError, match="has been stopped"):
        application.settle()


def test_a_port_in_use_is_one_line(simulator: blocking.Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])
    with pytest.raises(SimulatorError, match=f"cannot serve on 127.0.0.1 port {port}"):
        Simulator.in_thread(port=port).start()


async def test_waiting_inside_an_event_loop_is_refused(company: blocking.Application) -> None:
    with pytest.raises(SimulatorError, match="use 'async with Simulator"):
        Simulator.in_thread()
    with pytest.raises(SimulatorError, match="would block the event loop"):
        company.dial(from_=ANNA)


def test_several_threads_can_wait_at_once(company: blocking.Application) -> None:
    results: list[str] = []

    def call_in() -> None:
        results.append(company.dial(from_=ANNA).wait_for("ended").result)

    threads = [threading.Thread(target=call_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert results == ["ANSWERED"] * 4


def test_importing_the_package_loads_nothing_heavy(clean_environment: dict[str, str]) -> None:
    program = "import sys, sinch_simulator as our; print('aiohttp' in sys.modules, 'attrs' in sys.modules, dir(our))"
    finished = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment, capture_output=True, text=True, check=True
    )
    assert finished.stdout.startswith("False False")
    assert "'Simulator'" in finished.stdout


def test_a_name_that_the_package_does_not_have_is_an_attribute_error() -> None:
    import sinch_simulator

    with pytest.raises(AttributeError, match="Simulatr"):
        sinch_simulator.Simulatr  # noqa: B018  # looking it up is the test


def test_stopping_takes_no_time_worth_mentioning() -> None:
    simulator = Simulator.in_thread().start()
    simulator.create_application().dial(from_=ANNA)
    simulator.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "sinch-simulator" and not thread.daemon]


def test_a_phone_in_the_hand_is_answered_when_it_rings(company: blocking.Application, ivr: dict[str, Any]) -> None:
    ivr["ice"] = svaml({"name": "connectPstn", "number": BEN, "cli": "+14045550100"}, say("One moment, please"))
    ben = company.phone(BEN).by_hand()
    call = company.dial(from_=ANNA)
    seen = ben.answer()
    assert (seen.id, seen.leg, seen.state) == (call.id, "callee", "CONNECTED")
    assert ben.persona == {"by_hand": {}}


def test_a_phone_in_the_hand_is_declined(company: blocking.Application) -> None:
    ben = company.phone(BEN).by_hand()
    call = company.callout(BEN, text="Hello")
    assert ben.decline(as_="busy").result == "BUSY"
    assert call.ended
    with pytest.raises(NotSeen, match=r"did not ring within 5 s of simulated time"):
        ben.answer(within=5)
    company.callout(BEN, text="Hello")
    with pytest.raises(SimulatorError, match="robot"):
        ben.answer(as_="robot")


def test_a_callout_takes_every_property_that_the_platform_knows() -> None:
    from sinch_simulator.embedded.arguments import PROPERTIES
    from sinch_simulator.products.voice.callouts.shapes import BODIES

    assert sorted(PROPERTIES) == sorted({field.name for shape in BODIES.values() for field in shape.fields})
