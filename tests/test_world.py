"""Any people, any replies, any leaps in time: what must hold in every world, and that worlds repeat."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome, SendCallback
from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import HungUp, LegName, Spoke
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.call_update import context_for
from sinch_simulator.products.voice.callbacks.rules import dice_owed
from sinch_simulator.products.voice.calling import accept
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.run_instructions import LONGEST_COOKIES
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_svaml
from sinch_simulator.simulation import Simulation
from support.pure_world import BEN, KEY, PureWorld, custom_callout, place, take_callbacks, tts_callout

ADDRESSES = [BEN, "+4670123456", "+14045550100", "+14045550110", "+14045550115", "ben"]

steps = st.lists(
    st.one_of(
        st.builds(lambda seconds: {"wait": seconds}, st.floats(0, 20)),
        st.builds(lambda digits: {"press": digits}, st.text("0123456789*#w", min_size=1, max_size=5)),
        st.builds(lambda text: {"speak": text}, st.sampled_from(["support", "yes"])),
        st.builds(lambda what: {"wait_for": what}, st.sampled_from(["prompt", "menu", "beep", "connected", "Press"])),
    ),
    max_size=5,
)
callees = st.one_of(
    st.fixed_dictionaries({"answer": st.fixed_dictionaries({"after": st.floats(0, 90)}), "then": steps}),
    st.sampled_from([{outcome: {}} for outcome in ("busy", "reject", "no_answer", "unreachable", "congestion")]),
    st.fixed_dictionaries(
        {
            "answer": st.just({"after": 1, "as": "machine"}),
            "greeting": st.floats(0.1, 10),
            "beep": st.booleans(),
        }
    ),
)
prompts = st.sampled_from(["#tts[Press 1]", "#tts[Hello];#href[https://a.test/b.mp3]", "jingle"])
menus = st.fixed_dictionaries(
    {
        "id": st.just("main"),
        "mainPrompt": prompts,
        "repeats": st.integers(0, 3),
        "options": st.lists(
            st.fixed_dictionaries(
                {"dtmf": st.sampled_from("0123456789*#"), "action": st.sampled_from(["menu(main)", "return(x)"])}
            ),
            max_size=3,
        ),
    },
    optional={"maxDigits": st.integers(1, 4), "timeoutMills": st.integers(1000, 9000)},
)
actions = st.one_of(
    st.sampled_from([{"name": "hangup"}, {"name": "continue"}, {"name": "dance"}, {"name": "connectMxp"}]),
    st.builds(
        lambda number, extra: {"name": "connectPstn", "number": number, **extra},
        st.sampled_from(ADDRESSES[:5]),
        st.sampled_from([{}, {"amd": {"enabled": True}}, {"amd": {"enabled": True, "async": True}}, {"dtmf": "w1"}]),
    ),
    st.builds(lambda menu: {"name": "runMenu", "menus": [menu], "enableVoice": True, "locale": "en-US"}, menus),
    st.builds(lambda prompt: {"name": "park", "holdPrompt": prompt, "maxDuration": 60}, prompts),
    st.builds(lambda room: {"name": "connectConf", "conferenceId": room}, st.sampled_from(["red", "blue"])),
)
instructions = st.lists(
    st.one_of(
        st.builds(lambda text: {"name": "say", "text": text}, st.sampled_from(["Hello", "Good bye then"])),
        st.just({"name": "answer"}),
        st.builds(lambda value: {"name": "sendDtmf", "value": value}, st.text("0123456789#w", min_size=1, max_size=4)),
        st.builds(
            lambda key, size: {"name": "setCookie", "key": key, "value": "x" * size},
            st.sampled_from("abc"),
            st.integers(0, 600),
        ),
    ),
    max_size=3,
)
documents = st.builds(
    lambda action, before: {"instructions": before, "action": action}, actions, instructions
) | st.sampled_from([{}, {"action": "hangup"}])
replies = documents | st.sampled_from([Outcome.TIMEOUT, Outcome.BAD_STATUS])

moves = st.one_of(
    st.tuples(st.just("advance"), st.floats(0, 4000)),
    st.tuples(st.just("dial"), st.fixed_dictionaries({"then": steps})),
    st.tuples(st.just("tts"), st.sampled_from(ADDRESSES[:5])),
    st.tuples(st.just("custom"), st.sampled_from(ADDRESSES[:5])),
    st.tuples(st.just("press"), st.tuples(st.integers(0, 9), st.text("0123456789*#w", min_size=1, max_size=3))),
    st.tuples(st.just("speak"), st.integers(0, 9)),
    st.tuples(st.just("hang up"), st.tuples(st.integers(0, 9), st.sampled_from(list(LegName)))),
    st.tuples(st.just("patch"), st.tuples(st.integers(0, 9), documents)),
)


class Run:
    """One world under a list of moves; replies come in the order in which the strategy drew them."""

    def __init__(self, people: list[dict[str, Any]], answers: list[Any]) -> None:
        self.world = PureWorld()
        self.answers = answers
        self.drawn = 0
        for address, persona in zip(ADDRESSES, people, strict=False):
            self.world.phone(address, **persona)
        for event in ("ice", "ace", "pie"):
            self.world.on(event, self.reply)

    def reply(self, body: dict[str, Any]) -> Any:
        self.drawn += 1
        return self.answers[self.drawn % len(self.answers)] if self.answers else {}

    def make(self, kind: str, details: Any) -> None:
        world = self.world
        before = world.simulation.now
        calls = list(world.exchange.calls.values())
        match kind:
            case "advance":
                world.advance(details)
            case "dial":
                world.dial(**details)
            case "tts":
                world.callout(tts_callout(details))
            case "custom":
                world.callout(custom_callout(details))
            case _ if not calls:
                pass
            case "press":
                world.press(calls[details[0] % len(calls)], details[1])
            case "speak":
                call = calls[details % len(calls)]
                world.simulation.receive(Spoke(call.id, call.party.name, "support"))
                world.settle()
            case "hang up":
                call = calls[details[0] % len(calls)]
                if call.leg(details[1]).present:
                    world.hang_up(call, details[1])
            case "patch":
                self.patch(calls[details[0] % len(calls)], details[1])
        assert world.simulation.now >= before
        self.check()

    def patch(self, call: Call, document: dict[str, Any]) -> None:
        if read_svaml(document, context_for(call)).svaml is None:
            return
        before = repr(call)
        try:
            self.world.patch(call, document)
        except ApiError:
            assert repr(call) == before

    def check(self) -> None:
        simulation = self.world.simulation
        waiting = {owner[0] for owner in simulation.timetable.subjects()}
        for call in self.world.exchange.calls.values():
            dices = self.world.events(call).count("dice")
            if call.ending is None:
                assert dices == 0
            else:
                assert dices == (1 if dice_owed(call) else 0)
                assert call.ending.result
                assert call.ending.reason
                assert call.id not in waiting
                assert not any(leg.present for leg in call.legs)
                asked = [event for event in self.world.events(call) if event != "notify"]
                assert "dice" not in asked[:-1]
            assert sum(len(key) + len(value) for key, value in call.cookies.items()) <= LONGEST_COOKIES
            self.check_ears(call)

    def check_ears(self, call: Call) -> None:
        gone: set[str] = set()
        for entry in self.world.simulation.journal.of(call.id):
            leg = entry.fields.get("leg")
            if entry.kind in ("leg.hungup", "leg.released"):
                gone.add(str(leg))
            elif entry.kind == "leg.invited":
                gone.discard(str(leg))
            elif entry.kind == "prompt.started":
                assert leg not in gone


@settings(max_examples=150, deadline=None)
@given(st.lists(callees, max_size=4), st.lists(replies, max_size=6), st.lists(moves, max_size=12))
def test_what_holds_in_every_world(
    people: list[dict[str, Any]], answers: list[Any], story: list[tuple[str, Any]]
) -> None:
    run = Run(people, answers)
    for kind, details in story:
        run.make(kind, details)
    run.make("advance", 14_500.0)
    run.make("advance", 14_500.0)
    run.make("advance", 14_500.0)
    assert all(call.menu is None for call in run.world.exchange.calls.values() if call.final)


def journal_of(
    people: list[dict[str, Any]], answers: list[Any], story: list[tuple[str, Any]]
) -> list[tuple[int, int, str, str | None, dict[str, Any]]]:
    run = Run(people, answers)
    for kind, details in story:
        run.make(kind, details)
    return [
        (entry.seq, entry.at_ms, entry.kind, entry.subject, entry.fields)
        for entry in run.world.simulation.journal.entries
    ]


@settings(max_examples=30, deadline=None)
@given(st.lists(callees, max_size=4), st.lists(replies, max_size=6), st.lists(moves, max_size=8))
def test_the_same_seed_and_inputs_give_the_same_journal(
    people: list[dict[str, Any]], answers: list[Any], story: list[tuple[str, Any]]
) -> None:
    assert journal_of(people, answers, story) == journal_of(people, answers, story)


def test_another_seed_gives_other_ids() -> None:
    ids = set()
    for seed in (1, 2):
        world = PureWorld(Simulation((VOICE,), seed=seed))
        ids.add(world.callout(tts_callout()).id)
    assert len(ids) == 2


def test_a_reply_to_an_older_question_is_not_taken_for_the_newer_one() -> None:
    world = PureWorld()
    simulation = world.simulation
    call = world.dial()
    first: list[SendCallback] = [sent for sent in world.sent if sent.subject == call.id]
    hangup = read_svaml({"action": {"name": "hangup"}}, SvamlContext.ACE).svaml
    other = place(simulation, _tts(), base_url="")
    simulation.run_to(simulation.now + 5000)
    (ace,) = take_callbacks(simulation)
    simulation.receive(AppReplied(other.id, first[0].id, hangup))
    simulation.receive(AppFailed(other.id, "nothing", Outcome.TIMEOUT))
    assert other.state.value == "AWAITING_ACE"
    simulation.receive(AppReplied(other.id, ace.id, hangup))
    assert other.final


def test_an_accepted_callout_rings_when_the_world_is_used_next() -> None:
    simulation = PureWorld().simulation
    call = accept(simulation, KEY, _tts())
    assert [entry.kind for entry in simulation.journal.of(call.id)] == ["call.placed"]
    assert take_callbacks(simulation) == []
    assert [entry.kind for entry in simulation.journal.of(call.id)] == ["call.placed", "leg.invited"]


def test_an_accepted_callout_that_is_dropped_before_it_rings_never_rings() -> None:
    simulation = PureWorld().simulation
    accept(simulation, KEY, _tts())
    simulation.renew(KEY)
    again = accept(simulation, KEY, _tts())
    assert simulation.next_due() is not None
    assert [entry.kind for entry in simulation.journal.of(again.id)] == ["call.placed", "leg.invited"]


def test_a_late_reply_after_the_hangup_changes_nothing() -> None:
    simulation = PureWorld().simulation
    call = place(simulation, _tts(), base_url="")
    simulation.run_to(5000)
    (ace,) = take_callbacks(simulation)
    simulation.receive(HungUp(call.id, LegName.CALLEE))
    ending = call.ending
    late = read_svaml({"action": {"name": "continue"}}, SvamlContext.ACE).svaml
    simulation.receive(AppReplied(call.id, ace.id, late))
    assert call.ending is ending
    assert [callback.event for callback in take_callbacks(simulation)] == ["dice"]


def _tts() -> Any:
    from sinch_simulator.products.voice.callouts.reading import read_callout

    return read_callout(tts_callout(), ()).callout
