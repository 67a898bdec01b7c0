"""Asynchronous tests: the same names, awaited, in the server's own event loop or in another."""

import asyncio
import inspect
import threading
from typing import Any

import pytest

import sinch_simulator
from sinch_simulator import Application, NotSeen, Simulator, SimulatorError, blocking
from sinch_simulator.embedded import loop_thread
from support.pure_world import menu, say, svaml

ANNA = "+46700000001"
BEN = "+14045550199"
MENU = svaml(
    menu({"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(sales)"}]})
)


def answer(event: dict[str, Any]) -> dict[str, Any] | None:
    replies = {"ice": MENU, "pie": svaml("hangup", say("Goodbye")), "ace": svaml("continue")}
    return replies.get(event["event"])


async def test_the_whole_story_in_one_event_loop() -> None:
    async with Simulator() as simulator:
        app = await simulator.create_application(numbers=["+14045550100"])
        await app.mount(answer)
        call = await app.dial(from_=ANNA)
        await call.wait_for("menu", within=30)
        await call.press("1")
        await call.expect("Goodbye")
        await call.wait_for("ended")
        assert (call.result, [callback.event for callback in call.callbacks]) == ("ANSWERED", ["ice", "pie", "dice"])


async def test_everything_else_that_is_awaited() -> None:
    async with Simulator(seed=4) as simulator:
        app = await simulator.create_application(seed=4)
        webhook = (await app.webhook()).on("ice", svaml({"name": "connectConf", "conferenceId": "room"}))
        ben = app.phone(BEN).answers(after=1).plays({"wait": 2}, {"hang_up": True})
        callout = await app.callout(BEN, conference="room")
        assert (await ben.expect_call()).id == callout.id
        await (await app.app_calls(user="anna", to="+14045550100")).wait_for("conference")
        await app.conference("room").wait_for(2)
        await app.advance(seconds=5)
        assert callout.ended
        await app.settle()
        [ice] = app.callbacks
        assert (await app.redeliver(ice)).answered
        caller = await app.phone(ANNA).dials()
        await caller.say("hello")
        await caller.hang_up()
        assert webhook.events() == ["ice", "ice", "ice", "dice"]
        await app.close()
        with pytest.raises(SimulatorError, match="closed"):
            await app.settle()


async def test_a_failure_tells_its_story_here_too() -> None:
    async with Simulator() as simulator:
        app = await simulator.create_application()
        await app.mount(answer)
        with pytest.raises(NotSeen, match="The call is in menu main"):
            await (await app.dial(from_=ANNA)).wait_for("connected", within=2)


async def test_many_wait_at_once() -> None:
    async with Simulator() as simulator:
        apps = [await simulator.create_application() for _ in range(5)]

        async def story(app: Application) -> str:
            await app.mount(answer)
            call = await app.dial(from_=ANNA)
            await call.wait_for("ended")
            return call.result

        assert await asyncio.gather(*map(story, apps)) == ["ANSWERED"] * 5


def test_the_application_of_a_thread_can_be_awaited_in_any_event_loop(app: blocking.Application) -> None:
    async def story() -> str:
        same = app.for_coroutines()
        await same.mount(answer)
        call = await same.dial(from_=ANNA)
        await call.expect("Press one")
        await call.press("1")
        with pytest.raises(NotSeen):
            await call.wait_for("parked")
        return call.result

    assert [asyncio.run(story()), asyncio.run(story())] == ["ANSWERED"] * 2


async def test_what_has_no_name_here_is_asked_of_the_control_api() -> None:
    async with Simulator() as simulator:
        app = await simulator.create_application()
        answered = await simulator.run(simulator.client.ask("GET", f"/_simulator/phones/{BEN}?application={app.key}"))
        assert "answer" in answered


async def test_a_thread_reads_also_while_the_event_loop_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_thread, "LOOP_PATIENCE_S", 0.01)
    async with Simulator() as simulator:
        app = await simulator.create_application()
        await app.mount(answer)
        call = await app.dial(from_=ANNA)
        states: list[str] = []
        thread = threading.Thread(target=lambda: states.append(call.state))
        thread.start()
        thread.join(10)
        assert states == [call.state]


def test_an_app_whose_event_loop_has_ended_cannot_be_reached(app: blocking.Application) -> None:
    async def mount() -> None:
        await app.for_coroutines().mount(awaited_answer)

    async def awaited_answer(event: dict[str, Any]) -> dict[str, Any] | None:
        return answer(event)

    asyncio.run(mount())
    assert app.dial(from_=ANNA).callbacks[0].outcome == "unreachable"


def public(api: type) -> dict[str, list[str]]:
    members = {name: member for name, member in inspect.getmembers(api) if not name.startswith("_")}
    return {
        name: list(inspect.signature(member).parameters) if callable(member) else []
        for name, member in members.items()
    }


ONLY_IN_ONE = {"Application": {"for_coroutines"}, "Simulator": {"in_thread"}}


@pytest.mark.parametrize("name", ["Simulator", "Application", "Call", "Phone", "Conference"])
def test_both_apis_have_the_same_names_and_arguments(name: str) -> None:
    one, other = public(getattr(sinch_simulator, name)), public(getattr(blocking, name))
    for only in ONLY_IN_ONE.get(name, ()):
        one.pop(only, None)
        other.pop(only, None)
    assert one == other


@pytest.mark.parametrize("name", ["Simulator", "Application", "Call", "Phone", "Conference", "Callback"])
def test_every_public_name_is_documented(name: str) -> None:
    for api in (getattr(sinch_simulator, name), getattr(blocking, name)):
        undocumented = [
            attribute
            for attribute, member in inspect.getmembers(api)
            if not attribute.startswith("_")
            and (inspect.isfunction(member) or isinstance(member, property))
            and not member.__doc__
        ]
        assert undocumented == []
