"""Playing: what passes, how a failure is told, and that nothing hangs."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.results import Result
from sinch_scenarios.playing.session import Session
from sinch_scenarios.playing.timing import ClockChoice

Play = Callable[..., Awaitable[Result]]
Serve = Callable[[Callable[[dict[str, object]], object]], Awaitable[str]]

DIAL = 'app: ivr\nsteps:\n  - dial: {from: "+46700000001"}\n'


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a webhook whose answers a function gives; an exception drops the connection."""
    runners: list[web.AppRunner] = []

    async def start(answer: Callable[[dict[str, object]], object]) -> str:
        async def receive(request: web.Request) -> web.Response:
            try:
                return web.json_response(answer(json.loads(await request.read())))
            except ConnectionError:
                assert request.transport is not None
                request.transport.close()
                raise

        app = web.Application()
        app.router.add_post("/", receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    yield start
    for runner in runners:
        await runner.cleanup()


async def test_what_was_heard_before_counts_where_a_step_says_so(play: Play) -> None:
    result = await play(DIAL + "  - press: '2'\n  - hear: {text: For sales, earlier: true}\n  - hear: nine to five\n")
    assert result.passed, story_of(result)


@pytest.mark.parametrize(
    ("steps", "step", "message"),
    [
        ("  - expect: {callback: ice, to.type: number}\n", 2, 'callback ice: to.type: expected "number", came "did"'),
        ("  - expect: {callback: ice, to.tipe: did}\n", 2, '(to has type, endpoint; did you mean "type"?)'),
        ("  - expect: {callback: ace, within: 5}\n", 2, "no callback ace came within 5 s; callbacks since then: ice"),
        ("  - hear: {text: Hello, within: 3}\n", 2, 'expected to hear "Hello" within 3 s, heard: "Welcome'),
        ("  - expect_none: ice\n", 2, "expected no callback ice, and one came"),
        ("  - expect_call: {status: FINAL, within: 1}\n", 2, 'the call: status: expected "FINAL", came "ONGOING"'),
        ("  - expect_new_call: {caller: b, within: 1}\n", 2, "the app placed no call within 1 s"),
        ("  - hang_up\n  - press: {digits: '1', within: 1}\n", 3, "a key comes too late: the call ended after 0.000"),
        ("  - hang_up\n  - hang_up\n", 3, "a hang-up comes too late: the call ended after 0.000 s"),
        (
            "  - hear: For sales\n  - hear: {text: Welcome, within: 1}\n",
            3,
            'heard: nothing; heard before the last thing done or heard: "Welcome to the sample company." (`earlier: ',
        ),
        ("  - press: '2'\n  - hear: {text: For sales, within: 1}\n", 3, "heard before the last thing done or heard"),
        ("  - mute: {conference: nowhere}\n", 2, "No such ongoing conference"),
        ("  - callout: {method: nonsense}\n", 2, "Invalid parameter"),
        ("  - expect: {callback: ice, outcome: timeout}\n", 2, "expected the outcome timeout, came answered"),
        ("  - hang_up: callee\n", 2, "leg: the call has no callee"),
    ],
)  # fmt: skip
async def test_a_step_that_is_not_so_fails_with_its_place(play: Play, steps: str, step: int, message: str) -> None:
    result = await play(DIAL + steps)
    assert result.failure is not None
    assert (result.failure.step, result.failure.line) == (step, step + 2)
    assert message in result.failure.message


async def test_a_failure_shows_the_ladder_of_each_call(play: Play) -> None:
    result = await play(DIAL + '  - dial: {from: "+46700000002"}\n  - expect: {callback: dice, within: 1}\n')
    story = story_of(result)
    assert story.startswith("story.yaml:5:5: step 3: no callback dice came within 1 s")
    assert "caller -> sinch   +46700000001 calls" in story
    assert "caller -> sinch   +46700000002 calls" in story
    assert "ICE answered: say, runMenu" in story


async def test_callbacks_are_expected_in_their_order(play: Play) -> None:
    result = await play(DIAL + "  - hang_up\n  - expect: dice\n  - expect: {callback: ice, within: 1}\n")
    assert result.failure is not None
    assert result.failure.step == 4


async def test_the_same_text_is_heard_once_for_each_time_it_is_said(play: Play) -> None:
    once = DIAL + "  - hear: Welcome\n"
    assert (await play(once)).passed
    assert not (await play(once + "  - hear: {text: Welcome, within: 10}\n")).passed


async def test_a_callback_that_fails_unexpectedly_fails_the_scenario(play: Play, serve: Serve) -> None:
    url = await serve(lambda event: {"action": {"name": "park"}} if event["event"] == "ice" else {"action": {}})
    result = await play(DIAL + "  - expect_call: {state: PARKED}\n", callback_url=url)
    assert result.passed
    url = await serve(lambda event: {"instructions": []})
    result = await play(DIAL + "  - wait: 1\n", callback_url=url)
    assert result.failure is not None
    assert "every step was as expected, but the app failed callback ice" in result.failure.message
    assert "bad-svaml" in result.failure.message


async def test_a_webhook_that_dies_in_the_middle_fails_the_scenario_and_nothing_hangs(play: Play, serve: Serve) -> None:
    menu = {"id": "main", "mainPrompt": "#tts[Press 1.]", "maxDigits": 1}

    def answer(event: dict[str, object]) -> object:
        if event["event"] != "ice":
            raise ConnectionError
        return {"action": {"name": "runMenu", "menus": [menu]}}

    result = await play(DIAL + "  - press: '1'\n  - expect: pie\n", callback_url=await serve(answer))
    assert result.failure is not None
    assert "expected the outcome answered, came unreachable" in result.failure.message
    assert result.seconds < 5


async def test_a_webhook_that_was_never_there_fails_the_scenario(play: Play) -> None:
    result = await play(DIAL + "  - hear: Welcome\n", callback_url="http://127.0.0.1:9/")
    assert result.failure is not None
    assert "expected to hear" in result.failure.message


async def test_a_scenario_that_takes_too_long_is_ended(play: Play) -> None:
    result = await play(DIAL + "  - wait: 600\n", clock=ClockChoice.REALTIME, longest_s=0.2)
    assert result.failure is not None
    assert result.failure.message == "the scenario took longer than 0.2 real seconds"


async def test_under_the_manual_clock_only_waiting_lets_time_pass(play: Play) -> None:
    begin, end = DIAL + "  - hear: Welcome\n", "  - hear: For sales\n"
    assert not (await play(begin + end, clock=ClockChoice.MANUAL)).passed
    assert (await play(begin + "  - wait: 3\n" + end, clock=ClockChoice.MANUAL)).passed


async def test_under_the_realtime_clock_time_takes_its_time(play: Play) -> None:
    story = DIAL + "  - hear: Welcome\n  - wait: 0.3\n  - advance: 3\n  - press: '2'\n  - expect: pie\n  - hang_up\n"
    result = await play(story, clock=ClockChoice.REALTIME)
    assert result.passed, story_of(result)
    assert 0.3 <= result.seconds < 3
    assert result.simulated_s >= 3.3


async def test_what_the_app_does_of_its_own_accord_is_waited_for(play: Play) -> None:
    result = await play(
        """
        app: call_back
        steps:
          - dial: {caller: wish, from: "+46700000001"}
          - press: "1"
          - expect_new_call: {caller: back, to: "+46700000001"}
          - expect: {callback: ace, caller: back}
        """
    )
    assert result.passed, story_of(result)


async def test_the_app_speaks_to_a_call_by_rest(play: Play) -> None:
    result = await play(
        """
        app: ivr
        steps:
          - dial: {from: "+46700000001"}
          - press: "1"
          - expect: ace
          - expect_call: {state: CONNECTED}
          - update: {instructions: [{name: say, text: One minute left.}], action: {name: continue}}
          - hear: One minute left
          - wait: 3
          - update: {leg: callee, instructions: [{name: say, text: Psst.}], action: {name: continue}}
          - hear: {text: Psst, leg: callee}
          - update: {action: {name: hangup}}
          - expect: {callback: dice, reason: MANAGERHANGUP}
        """
    )
    assert result.passed, story_of(result)


async def test_a_played_scenario_repeats_to_the_letter(session: Session, play: Play) -> None:
    story = DIAL + "  - press: '1'\n  - expect: ace\n  - wait: 5\n  - expect: {callback: ice, within: 0}\n"
    first, second = await play(story), await play(story)
    assert first.failure is not None
    assert second.failure is not None
    strip = [
        tuple(line for ladder in one.failure.ladders for line in ladder.splitlines() if "http://" not in line)
        for one in (first, second)
        if one.failure is not None
    ]
    assert strip[0] == strip[1]


async def test_nothing_is_left_of_a_scenario(session: Session, play: Play) -> None:
    await play(DIAL)
    assert (await session.client.ask("GET", "/_simulator/applications"))["applications"] == []


async def test_two_plays_of_one_file_at_a_time_do_not_meet(session: Session) -> None:
    import asyncio

    from sinch_scenarios.language.loader import load_text

    scenario = load_text(DIAL + "  - hear: Welcome\n  - wait: 5\n  - hear: For sales\n", "story.yaml")
    results = await asyncio.gather(*(session.play(ScenarioRun(scenario, 0)) for _ in range(4)))
    assert [result.passed for result in results] == [True] * 4


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("rent: {name: hotline, region: FR}", "no LOCAL number of FR is free"),
        ("rent: {name: hotline, type: FIXED}", 'parsing field "type": "FIXED" is not a valid value'),
        ("release: '+12015550123'", "+12015550123 is no active number"),
    ],
)
async def test_a_number_that_cannot_be_rented_or_given_back_fails_the_step(play: Play, step: str, message: str) -> None:
    result = await play(f"app: ivr\nsteps:\n  - {step}\n")
    assert result.failure is not None
    assert message in result.failure.message


async def test_scenarios_that_are_played_at_the_same_time_rent_different_numbers(play: Play) -> None:
    text = (
        'app: ivr\nsteps:\n  - rent: hotline\n  - wait: 2\n  - dial: {from: "+46700000001", to: hotline}\n'
        "  - hear: Welcome\n  - hang_up: caller\n"
    )
    results = await asyncio.gather(*(play(text) for _ in range(6)))
    assert [story_of(result) for result in results if not result.passed] == []
