"""Who hears whom, what plays to whom, and what stops it."""

from sinch_simulator.products.voice.v2.bridges import others_in_bridge
from sinch_simulator.products.voice.v2.session import Call, CallResult
from support.session_world import ANNA, BEN, Json, SessionWorld, calls_of, command, dial, say

ANSWER = command("answer")
BRIDGE = command("bridgeCall", bridgeName="main")


def two_in_a_bridge(world: SessionWorld, *agent: Json) -> tuple[Call, Call]:
    """A caller and an agent who talk."""
    world.on(
        "call.incoming", [ANSWER, dial(BEN, "agent", events={"onAnswer": [BRIDGE, *agent], "onHangup": []}), BRIDGE]
    )
    call = world.dial_in()
    world.advance(2)
    return call, calls_of(call.session)[1]


# ---- bridges


def test_whoever_is_in_a_bridge_hears_all_the_others() -> None:
    world = SessionWorld()
    customer, agent = two_in_a_bridge(world)

    assert (others_in_bridge(customer), others_in_bridge(agent)) == ([agent], [customer])
    world.press(agent, "5#")
    assert (customer.dtmf, agent.dtmf) == ("5#", "")


def test_hanging_up_leaves_the_other_behind_and_the_last_one_closes_the_bridge() -> None:
    world = SessionWorld()
    customer, agent = two_in_a_bridge(world)
    world.hang_up(agent)
    assert world.codes() == ["LEG_LEFT_BEHIND"]
    assert (customer.result, [*customer.session.bridges]) == (CallResult.IN_PROGRESS, ["main"])
    world.hang_up(customer)

    assert (world.codes(), customer.session.bridges) == (["LEG_LEFT_BEHIND"], {})


def test_a_call_that_only_one_side_put_into_a_bridge_is_told() -> None:
    world = SessionWorld()
    world.on("call.incoming", [ANSWER, dial(BEN, "agent", events={"onAnswer": [BRIDGE], "onHangup": []})])
    call = world.dial_in()
    world.advance(2)
    world.hang_up(calls_of(call.session)[1])

    assert world.codes() == ["BRIDGE_ALONE"]


def test_a_call_that_joins_another_bridge_leaves_the_first() -> None:
    world = SessionWorld()
    customer, agent = two_in_a_bridge(world)
    world.update(customer, command("bridgeCall", bridgeName="other"))

    assert {name: [*members] for name, members in customer.session.bridges.items()} == {
        "main": [agent],
        "other": [customer],
    }


def test_bridges_of_the_same_name_in_two_sessions_are_two() -> None:
    world = SessionWorld()
    first, _ = two_in_a_bridge(world)
    second, _ = two_in_a_bridge(world)

    assert first not in others_in_bridge(second)


# ---- messages


def test_messages_of_one_call_play_one_after_the_other_and_each_tells_its_end() -> None:
    world = SessionWorld()
    world.on("call.answered", [say("one", "two"), say("three", events={"onFinish": [say("four")]})])
    session = world.start(dial(BEN))
    world.advance(20)

    assert calls_of(session)[0].heard == ["one", "two", "three", "four"]
    assert world.events() == ["call.answered", "call.message.finished", "call.message.finished"]


def test_messages_are_stopped_by_name_from_another_call_and_never_play_later() -> None:
    world = SessionWorld()
    waiting = say("please wait", "still waiting", messagesName="music", events={"onFinish": [dial(ANNA)]})
    world.on("call.incoming", [ANSWER, waiting, say("afterwards"), dial(BEN, events={"onAnswer": [
        command("stopMessages", messagesName="music"), say("hello agent"),
    ]})])  # fmt: skip
    call = world.dial_in()
    world.phone(BEN, answer={"after": 1})
    world.advance(2)
    agent = calls_of(call.session)[1]
    assert (call.heard, agent.heard) == (["please wait", "still waiting", "afterwards"], ["hello agent"])
    world.update(call, say("never", messagesName="music"))
    world.advance(20)

    assert "never" not in call.heard
    assert len(call.session.calls) == 2


def test_two_messages_of_one_name_at_once_are_one() -> None:
    world = SessionWorld()
    world.on("call.answered", [say("one", messagesName="m")])
    session = world.start(dial(BEN))
    world.advance(2)
    world.update(calls_of(session)[0], say("two", messagesName="m"))
    world.advance(9)

    assert (calls_of(session)[0].heard, world.codes()) == (["one"], ["NAME_IN_USE"])


def test_a_hangup_right_behind_messages_cuts_them_off_and_tells_so() -> None:
    world = SessionWorld()
    world.on("call.answered", [say("one"), command("hangup")])
    session = world.start(dial(BEN))
    world.advance(9)

    assert (calls_of(session)[0].final, world.codes()) == (True, ["MESSAGE_CUT_OFF"])
    assert world.events() == ["call.answered", "call.hangup"]


def test_commands_sent_to_a_call_run_beside_what_goes_on() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN, events={"onAnswer": [command("pause", durationMilliseconds=5000), say("slow")]}))
    world.advance(2)
    (call,) = calls_of(session)
    world.update(call, say("quick"))
    assert call.heard == ["quick"]
    world.advance(5)

    assert call.heard == ["quick", "slow"]


def test_a_phone_that_rings_hears_nothing() -> None:
    world = SessionWorld()
    session = world.start(dial(BEN))
    (call,) = calls_of(session)
    world.update(call, say("too early"), BRIDGE)

    assert (call.heard, call.bridge_name) == ([], None)
    assert world.kinds(call).count("command.skipped") == 2
