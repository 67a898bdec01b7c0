"""Tests of apps that speak Voice v2: sessions, the calls in them by name, and who is in which bridge."""

from collections.abc import Iterator
from typing import Any

import pytest

from sinch_simulator import NotSeen, SimulatorError, blocking
from support.svaml_v2 import say

ANNA, BEN = "+46700000001", "+14045550199"
TO_BEN = {"command": "dial", "callName": "agent", "to": {"type": "PHONE", "phone": {"number": BEN}}}
BRIDGE = {"command": "bridgeCall", "bridgeName": "main"}

Event = dict[str, Any]


@pytest.fixture
def app(simulator: blocking.Simulator) -> Iterator[blocking.Application]:
    """An application that speaks v2, with somebody who answers at Ben's."""
    application = simulator.create_application(protocol="v2")
    application.phone(BEN).answers(after=2)
    yield application
    application.close()


def voice(event: Event) -> Event:
    """Rings the agent for whoever calls, and lets them talk."""
    if event["event"] == "call.incoming":
        connect = {"onAnswer": [say("A customer."), BRIDGE]}
        commands = [{"command": "answer"}, say("Please hold."), {**TO_BEN, "events": connect}, BRIDGE]
        return {"callName": "customer", "commands": commands}
    return {"commands": []}


def test_a_call_that_the_app_starts_is_a_session(app: blocking.Application) -> None:
    session = app.start_call({**TO_BEN, "events": {"onAnswer": [say("Good morning.")]}})
    agent = session.calls["agent"]
    assert (session.state, agent.result, agent.state, agent.leg) == ("IN_PROGRESS", "INITIATED", "DIALING", "callee")
    agent.expect("Good morning").hang_up()
    assert (agent.result, agent.reason, agent.ended) == ("COMPLETED", "CALLEE_HANGUP", True)
    assert (session.state, session.ended) == ("COMPLETED", True)
    assert [each.id for each in app.sessions] == [session.id]
    assert (agent.protocol, agent.session_id, agent.name, agent.bridge_name) == ("v2", session.id, "agent", None)
    assert (agent.cookies, agent.conference_id) == ({}, None)


def test_a_caller_and_an_agent_meet_in_a_bridge(app: blocking.Application) -> None:
    app.mount(voice)
    customer = app.dial(from_=ANNA).expect("Please hold")
    (session,) = app.sessions
    assert session.id == customer.session_id
    session.calls["agent"].expect("A customer").wait_for("connected")
    assert {name: [call.name for call in calls] for name, calls in session.bridges.items()} == {
        "main": ["customer", "agent"]
    }
    customer.wait_for("connected").hang_up()
    assert (customer.result, customer.reason) == ("COMPLETED", "CALLER_HANGUP")
    assert not session.calls["agent"].ended
    session.calls["agent"].hang_up()
    assert session.ended
    events = ["call.incoming", "call.message.finished", "call.hangup"]
    assert [callback.event for callback in app.callbacks] == events
    assert all(callback.answered for callback in app.callbacks)
    assert "joins bridge main" in customer.ladder()


def test_what_commands_wait_for_is_seen(app: blocking.Application) -> None:
    session = app.start_call([{"command": "pause", "durationMilliseconds": 3000}, TO_BEN])
    assert (session.state, session.waiting, session.calls) == ("QUEUED", ["pause"], {})
    app.advance(seconds=3)
    assert list(session.calls) == ["agent"]


def test_a_batch_gives_its_first_session(app: blocking.Application) -> None:
    to = {"type": "PHONE", "phone": {"number": "@number"}}
    first = app.start_call([{"command": "dial", "to": to}], parameters=[{"number": ANNA}, {"number": BEN}])
    assert [session.batch_id for session in app.sessions] == [first.batch_id] * 2
    app.advance(seconds=1)
    assert [call.to for call in app.calls] == [ANNA, BEN]


def test_what_does_not_come_is_told_in_the_words_of_v2(app: blocking.Application) -> None:
    agent = app.start_call(TO_BEN).calls["agent"]
    with pytest.raises(NotSeen, match=r'"Goodbye" did not come, within 5 s of simulated time\. The call goes on'):
        agent.expect("Goodbye", within=5)
    agent.hang_up()
    with pytest.raises(NotSeen, match="The call has ended: COMPLETED, CALLEE_HANGUP"):
        agent.wait_for("connected")


def test_a_call_without_a_bridge_is_answered_and_never_connected(app: blocking.Application) -> None:
    agent = app.start_call(TO_BEN).calls["agent"]
    assert not agent.answered
    assert agent.wait_for("answered").answered
    with pytest.raises(NotSeen) as told:
        agent.wait_for("connected", within=5)
    assert 'In Voice v2 that is a call in a bridge. Once somebody has picked up, it is "answered".' in str(told.value)
    assert "by itself" not in str(told.value)


def test_a_name_that_no_call_has_is_told_with_those_that_there_are(app: blocking.Application) -> None:
    session = app.start_call(TO_BEN)
    with pytest.raises(KeyError, match=r'no call has the name "agnet"; did you mean "agent"\?'):
        session.calls["agnet"]
    with pytest.raises(KeyError, match=r"known are agent"):
        session.calls["customer"]
    assert session.calls.get("customer") is None


def test_a_call_that_nobody_answers_is_not_answered(app: blocking.Application) -> None:
    app.phone(BEN).is_busy()
    with pytest.raises(NotSeen, match="answered did not come, and the call is over"):
        app.start_call(TO_BEN).calls["agent"].wait_for("answered")


def test_commands_that_cannot_be_are_refused_in_the_words_of_the_platform(app: blocking.Application) -> None:
    with pytest.raises(SimulatorError, match=r'commands\[0\].command: "fly" is no command'):
        app.start_call({"command": "fly"})
    assert app.sessions == []


def test_a_phone_that_is_rung_gives_its_call(app: blocking.Application) -> None:
    app.start_call({**TO_BEN, "events": {"onAnswer": [say("Good morning.")]}})
    call = app.phone(BEN).expect_call()
    assert (call.name, call.leg) == ("agent", "callee")
    call.expect("Good morning").hang_up()
    assert call.ended


def test_a_phone_is_declined_by_hand(app: blocking.Application) -> None:
    app.start_call(TO_BEN)
    assert app.phone(BEN).decline(as_="busy").result == "BUSY"


def test_a_key_in_a_menu_reaches_the_app(app: blocking.Application) -> None:
    webhook = app.webhook(v2=True)
    menu = {
        "command": "menu",
        "startMenu": "main",
        "menus": {"main": {"maximumInputLength": 3, "terminatingSequence": "#"}},
    }
    webhook.on("call.incoming", {"commands": [{"command": "answer"}, menu]})
    call = app.dial(from_=ANNA).wait_for("menu")
    assert call.menu_id == "main"
    call.press("4#")
    assert webhook.received[-1]["menu"] == {"menuName": "main", "input": "4#"}
