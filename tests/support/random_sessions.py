"""Random stories about sessions of Voice v2, and what must hold at every moment of each.

    python -m support.random_sessions 100000

plays so many of them (from the folder ``tests``), and names the seed of the first one that breaks a promise.
"""

import random
import sys
from typing import Any

from attrs import define, field

from sinch_simulator.core.callback import Outcome
from sinch_simulator.phones.signals import Answered, Cause, Declined, LegName, Spoke
from sinch_simulator.products.voice.v2 import relays, streams
from sinch_simulator.products.voice.v2.bridges import others_in_bridge
from sinch_simulator.products.voice.v2.outside_signals import (
    CloseAudio,
    CloseRelay,
    OpenAudio,
    OpenRelay,
    RelayInterrupted,
    RelayPressed,
    RelayTexted,
)
from sinch_simulator.products.voice.v2.session import Call, CallState, Session, SessionState
from sinch_simulator.products.voice.v2.svaml.reading import read_document
from support.session_world import (
    ANNA,
    BEN,
    DID,
    FALLBACK_URL,
    Json,
    SessionWorld,
    command,
    dial,
    say,
    static_service,
    webhook_service,
)

NAMES = ("a", "b")
PEOPLE = (ANNA, BEN, "+46700000002", "+14045550115", "+14045550110", "+14045550117", DID)
OUTCOMES = ("call.busy", "call.rejected", "call.timeout", "call.failed", "call.answered")
PERSONAS: tuple[Json, ...] = (
    {"answer": {"after": 0}},
    {"answer": {"after": 0}, "then": [{"wait": 30}]},
    {"answer": {"after": 1}},
    {"answer": {"after": 1, "as": "machine"}, "greeting": 2.0, "beep": True},
    {"busy": {"after": 0}},
    {"reject": {"after": 1}},
    {"unreachable": {}},
    {"no_answer": {}},
    {"answer": {"after": 1}, "then": [{"press": "1w2#"}, {"hang_up": True}]},
    {"answer": {"after": 1}, "then": [{"wait_for": "menu"}, {"press": "1"}]},
)


@define
class Story:
    """A random story: its source of randomness, and how the service is set up."""

    randomness: random.Random
    steps: int = 12


def random_story(randomness: random.Random) -> Story:
    """A story that follows from a source of randomness."""
    return Story(randomness, randomness.randint(1, 12))


def commands(source: random.Random, depth: int = 2, *, in_menu: bool = False) -> list[Json]:
    """A few random commands."""
    made = [_command(source, depth, in_menu) for _ in range(source.randint(0, 4))]
    return [each for each in made if each is not None]


def _events(source: random.Random, depth: int, *names: str) -> Json:
    if depth == 0 or source.random() < 0.4:
        return {}
    chosen = [name for name in names if source.random() < 0.5]
    return {"events": {name: commands(source, depth - 1) for name in chosen}}


def _command(source: random.Random, depth: int, in_menu: bool) -> Json | None:
    named = {} if source.random() < 0.5 else {"messagesName": source.choice(NAMES)}
    kind = source.randrange(14)
    match kind:
        case 0 | 1:
            names = ("onAnswer", "onBusy", "onReject", "onTimeout", "onHangup", "onFailure")
            name = source.choice((None, *NAMES))
            if source.random() < 0.15:
                return _dial_server(source, depth, name)
            return dial(source.choice(PEOPLE), name, dialTimeoutDurationSeconds=5, **_events(source, depth, *names))
        case 2:
            return command("answer")
        case 3 | 4:
            texts = ["one", "two"][: source.randint(1, 2)]
            return say(*texts, **named, **_events(source, depth, "onFinish"))
        case 5:
            return command("stopMessages", messagesName=source.choice(NAMES))
        case 6:
            url = "http://app.test/hook"
            return command("webhook", webhookName="hook", url=url)
        case 7:
            return command("amd", **_events(source, depth, "onHuman", "onMachine", "onBeep", "onUnknown"))
        case 8:
            name = source.choice((None, *NAMES))
            return command("hangup") if name is None else command("hangup", callName=name)
        case 9:
            return command("pause", durationMilliseconds=source.choice((1, 500, 4000)))
        case 10:
            return _recording(source, depth)
        case 11:
            return command("bridgeCall", bridgeName=source.choice(NAMES))
        case 12:
            return _menu(source, depth)
        case _:
            return command("gotoMenu", menuName=source.choice(("main", "other"))) if in_menu else None


def _dial_server(source: random.Random, depth: int, name: str | None) -> Json:
    """A ``dial`` of a server of the app, by raw audio or by text."""
    url = "ws://app.test/server"
    relay = {"endpoint": url, "ttsVoice": "Emma", "sttLanguage": "en-US"}
    streamed = {"type": "STREAM", "stream": {"endpoint": url}}
    to = source.choice((streamed, {"type": "VOICE_RELAY", "voiceRelay": relay}))
    named = {} if name is None else {"callName": name}
    return command("dial", to=to, **named, **_events(source, depth, "onAnswer", "onHangup", "onReject"))


def _recording(source: random.Random, depth: int) -> Json:
    name = source.choice(NAMES)
    if source.random() < 0.4:
        return command("stopRecording", recordingName=name)
    url = source.choice(("s3://bucket", "gs://bucket"))
    options = {"destination": "AWS", "destinationUrl": url, "credentials": "a:b:c"}
    return command(
        "startRecording",
        recordingName=name,
        recordingOptions=options,
        **_events(source, depth, "onFinish", "onFailure"),
    )


def _menu(source: random.Random, depth: int) -> Json:
    def item() -> Json:
        made: Json = {"inputTimeoutDurationSeconds": 1, "repeatCount": source.randint(0, 2)}
        if source.random() < 0.7:
            made["prompt"] = {"messages": say("menu")["messages"], "allowBargeIn": source.random() < 0.5}
        if source.random() < 0.7:
            keys = source.sample(("1", "2", "1.*", "\\*", ".*#"), source.randint(1, 3))
            made["matches"] = {key: commands(source, max(0, depth - 1), in_menu=True) for key in keys}
        if source.random() < 0.3:
            made["onFailure"] = commands(source, max(0, depth - 1), in_menu=True)
        made["maximumInputLength"] = source.randint(1, 3)
        return made

    return command("menu", startMenu="main", menus={"main": item(), "other": item()})


def legal(source: random.Random, first: Json | None = None) -> list[Json]:
    """Random commands that the platform takes; ``first`` begins them more often than not."""
    while True:
        made = commands(source)
        if first is not None and source.random() < 0.8:
            made.insert(0, first)
        if made and read_document({"commands": made}).document is not None:
            return made


@define
class Watch:
    """What was seen so far, to tell what never may change."""

    world: SessionWorld
    finals: dict[str, tuple[Any, Any, int | None]] = field(factory=dict)

    def look(self) -> None:
        """Checks everything that must hold at every moment between two events."""
        for session in self.world.exchange.sessions.values():
            for call in session.calls.values():
                self._look_at_call(call)
            self._look_at_session(session)

    def _look_at_call(self, call: Call) -> None:
        assert call.final == (call.ended_ms is not None) == call.result.final == (call.reason is not None)
        if call.final:
            seen = self.finals.setdefault(call.id, (call.result, call.reason, call.ended_ms))
            assert seen == (call.result, call.reason, call.ended_ms), "a final result has changed"
            assert [*call.playbacks, *call.menus] == [], "something goes on in a call that is over"
            assert call.bridge_name is None
            assert all(recording.stopped_ms is not None for recording in call.recordings)
        inside = [name for name, members in call.session.bridges.items() if call in members]
        assert inside == ([] if call.bridge_name is None else [call.bridge_name]), "a call is in one bridge at most"
        for other in others_in_bridge(call):
            assert call in others_in_bridge(other), "who hears whom is not mutual"

    def _look_at_session(self, session: Session) -> None:
        assert session.idle == session.state.final, f"{session.state} and idle {session.idle}"
        for number, sequence in session.sequences.items():
            assert sequence.number == number
            assert sequence.waits_for is not None, "a sequence waits for nothing"
        names = [call.name for call in session.calls.values() if call.name is not None and not call.final]
        assert len(names) == len(set(names)), "two calls have one name"

    def at_the_end(self) -> None:
        """Checks what must hold when nothing is to come any more."""
        simulation = self.world.simulation
        assert simulation.next_due() is None
        assert not simulation.unanswered
        opened = {each.subject for each in self.world.orders if isinstance(each, OpenRelay | OpenAudio)}
        closed = [each.subject for each in self.world.orders if isinstance(each, CloseRelay | CloseAudio)]
        assert opened <= {*closed}, "a connection to a server stays open"
        assert len(closed) == len({*closed}), "a connection is taken down twice"
        told: dict[str, list[str]] = {}
        for sent in self.world.sent:
            told.setdefault(sent.subject, []).append(sent.event)
        for call_id, events in told.items():
            assert sum(event in OUTCOMES for event in events) <= 1, f"a call has two outcomes: {events}"
            assert events.count("call.hangup") <= 1
            call = self.world.exchange.calls[call_id]
            if call.events is not None:
                assert not [event for event in events if event in (*OUTCOMES, "call.hangup")], "events were sent"


def play(story: Story) -> SessionWorld:
    """Plays a story to its end, looking after each step."""
    source = story.randomness
    world = SessionWorld()
    world.simulation.data.outside |= {relays.OUTSIDE, streams.OUTSIDE}
    _set_up(world, source)
    watch = Watch(world)
    for _ in range(story.steps):
        _step(world, source)
        watch.look()
    _end_all(world, watch)
    return world


def _set_up(world: SessionWorld, source: random.Random) -> None:
    if source.random() < 0.2:
        world.application.service = static_service({"commands": legal(source, command("answer"))})
    else:
        world.application.service = webhook_service(source.choice((None, FALLBACK_URL)))
    for number in PEOPLE[:3]:
        world.phone(number, **source.choice(PERSONAS if source.random() < 0.4 else PERSONAS[:4]))
    budget = [40]

    def reply(body: Json) -> Any:
        budget[0] -= 1
        if budget[0] < 0:
            return []
        chance = source.random()
        if chance < 0.05:
            return source.choice((Outcome.TIMEOUT, 500, {"bad": 1}))
        if body["event"] == "call.incoming":
            return legal(source, command("answer"))
        return legal(source) if chance < 0.7 else []

    for event in ("call.incoming", *OUTCOMES, "call.hangup", "call.webhook.hook", "call.menu", "call.message.finished"):
        world.on(event, reply)


def _step(world: SessionWorld, source: random.Random) -> None:
    live = [call for call in world.exchange.calls.values() if not call.final]
    _serve(world, source)
    kind = source.randrange(8)
    if kind == 0 or not live:
        if source.random() < 0.5:
            events = _events(source, 3, "onAnswer", "onAnswer", "onHangup")
            world.start(*legal(source, dial(source.choice(PEOPLE[:3]), source.choice((None, *NAMES)), **events)))
        else:
            world.dial_in(source.choice((ANNA, None)), **source.choice(PERSONAS[:3] + PERSONAS[8:]))
        return
    call = source.choice(live)
    if kind in (1, 2):
        world.press(call, "".join(source.choice("12*#") for _ in range(source.randint(1, 3))))
    elif kind == 3:
        world.hang_up(call)
    elif kind == 4:
        world.update(call, *legal(source))
    elif kind == 5:
        world.simulation.receive(Spoke(call.id, call.leg, "hello"))
        world.settle()
    else:
        world.advance(source.choice((0.001, 0.5, 2, 10)))


def _serve(world: SessionWorld, source: random.Random) -> None:
    """The app's servers answer, decline, speak and leave."""
    for order in [each for each in world.orders if isinstance(each, OpenRelay | OpenAudio)]:
        call = world.exchange.calls[order.subject]
        if call.state is CallState.DIALING:
            happened: Any = Answered(call.id, LegName.CALLEE)
            if source.random() < 0.2:
                happened = Declined(call.id, LegName.CALLEE, source.choice((Cause.REJECTED, Cause.UNREACHABLE)))
        elif call.relay is not None:
            last, interruptible = source.random() < 0.7, source.random() < 0.5
            text = RelayTexted(call.id, "hello", last, interruptible=interruptible)
            happened = source.choice((text, text, RelayInterrupted(call.id), RelayPressed(call.id, "1#")))
        else:
            continue
        world.simulation.receive(happened)
        world.settle()


def _end_all(world: SessionWorld, watch: Watch) -> None:
    """Everybody hangs up until nothing is left; what the app begins meanwhile ends too."""
    world.replies.clear()
    for _ in range(3000):
        live = [call for call in world.exchange.calls.values() if call.state is not CallState.ENDED]
        if live:
            world.hang_up(live[0])
        elif any(not session.state.final for session in world.exchange.sessions.values()):
            world.advance(5)
        else:
            break
        watch.look()
    world.advance(20_000)
    watch.look()
    assert all(session.state is SessionState.COMPLETED for session in world.exchange.sessions.values())
    watch.at_the_end()


def main() -> None:
    """Plays as many stories as the command line says."""
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for seed in range(first, first + int(sys.argv[1])):
        try:
            play(random_story(random.Random(seed)))
        except BaseException:
            print(f"seed {seed}", file=sys.stderr)
            raise
    print(f"{sys.argv[1]} sessions kept their promises")


if __name__ == "__main__":
    main()
