"""A world with a product of its own: timers, callbacks that are sent again, texts and calls to phones, one outbox.

The product greets a number by text, rings it when the text has arrived, and tells its app what came of that.
"""

import subprocess
import sys
from collections.abc import Collection
from typing import Any, ClassVar

import pytest
from attrs import define, field

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import (
    About,
    AppFailed,
    AppReplied,
    Attempt,
    Outcome,
    Reading,
    Response,
    Retry,
    SendCallback,
)
from sinch_simulator.core.delivery import Delivered, conclude
from sinch_simulator.core.effects import CancelTimer, Finish, Order, SetTimer, TimerFired
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.product import Forgotten, Product, WorldData
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.behaviour import Answers, Declines, Persona, Rings, Texts
from sinch_simulator.phones.signals import (
    Answered,
    Cause,
    Declined,
    Invite,
    LegName,
    Release,
    SendText,
    TextDelivered,
    TextFailed,
    TextReplied,
)
from sinch_simulator.simulation import Simulation

KEY = "key"
ANNA = "+46700000001"
PATIENCE_MS = 30_000


@frozen
class Greeted(Happened):
    """The app wants somebody to be greeted."""

    journal_kind: ClassVar[str | None] = "greeting.begun"
    subject: str


@frozen
class Print(Order):
    """A page that goes out beside callbacks."""

    product: ClassVar[str] = "greetings"


@define
class Greetings:
    """The machine: whom it has greeted, and what it has heard of it."""

    data: WorldData
    subjects: dict[str, list[Any]] = field(factory=dict)

    def receive(self, event: Any, now: int) -> list[Any]:
        self.subjects[event.subject].append(event)
        id = event.subject
        match event:
            case Greeted():
                return [SendText(id, ANNA, "Toys", "Hello"), Print(id), SetTimer(id, "patience", PATIENCE_MS)]
            case TextDelivered():
                return [Invite(id, LegName.CALLEE, Address(AddressKind.NUMBER, ANNA), "+14045550100")]
            case Answered() | Declined():
                return [Release(id, LegName.CALLEE), CancelTimer(id, "patience"), self.callback(id), Finish(id)]
            case TextFailed() | TimerFired():
                return [CancelTimer(id, "patience"), self.callback(id)]
        return []

    def callback(self, id: str) -> SendCallback:
        body, retry = {"heard": len(self.subjects[id])}, Retry((5_000, 60_000), frozenset({410}))
        return SendCallback(
            f"{id}.1", id, "greetings", "greeted", About(message_id=id), KEY, "http://a.test", None, body, retry=retry
        )

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        if response.body == b"thanks":
            return Reading(answer="thanks")
        return Reading(Outcome.BAD_ANSWER, delivered=False)

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        return {"said": answer}

    def about(self, subject: str) -> About:
        return About(message_id=subject)

    def owner(self, subject: str) -> str:
        return KEY

    def forget(self, application_key: str) -> Forgotten:
        return self.drop([*self.subjects])

    def drop(self, subjects: Collection[str]) -> Forgotten:
        dropped = frozenset(self.subjects) & frozenset(subjects)
        self.subjects = {subject: seen for subject, seen in self.subjects.items() if subject not in dropped}
        return Forgotten(dropped)


GREETINGS = Product("greetings", Greetings, events={"greeted": "Greeted"})


@define
class World:
    """A world with this product alone, and an app that answers when it is told how."""

    simulation: Simulation = field(factory=lambda: Simulation((GREETINGS,)))

    def __attrs_post_init__(self) -> None:
        self.simulation.add_application(Application(KEY, "c2VjcmV0"))

    def greet(self, **persona: Any) -> list[Any]:
        """Anna is like this, and is greeted: what happens from now on is in the list."""
        self.simulation.phonebook.script(ANNA, Persona(**persona))
        happened: list[Any] = self.simulation.machine("greetings").subjects.setdefault("greeting", [])
        self.simulation.receive(Greeted("greeting"))
        assert self.simulation.take_outbox() == [Print("greeting")]
        return happened

    def next_callback(self) -> SendCallback:
        """The callback that goes out next; time passes until it does."""
        while (due := self.simulation.next_due()) is not None:
            self.simulation.run_to(due)
            if outbox := self.simulation.take_outbox():
                (callback,) = outbox
                assert isinstance(callback, SendCallback)
                return callback
        raise AssertionError("nothing goes out any more")

    def answer(self, callback: SendCallback, status: int = 200, body: bytes = b"thanks") -> Delivered:
        """The app answers a callback so."""
        response = Response(status, {}, body)
        good = 200 <= status < 300
        attempt = Attempt(callback.url, {}, Outcome.ANSWERED if good else Outcome.BAD_STATUS, 1, response)
        reading = self.simulation.machine("greetings").read_answer(callback, response) if good else None
        now = self.simulation.now
        delivered = conclude(GREETINGS, callback, [(attempt, reading)], order=1, sent_at_ms=now)
        self.simulation.conclude(delivered)
        return delivered

    def lines(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """When there were lines of this kind, and what they tell."""
        return [(entry.at_ms, entry.fields) for entry in self.simulation.journal.entries if entry.kind == kind]

    def inbox(self) -> list[tuple[int, str | None]]:
        """When texts arrived at Anna's phone, and what they say."""
        return [(each.at_ms, each.text.text) for each in self.simulation.inboxes.texts("46700000001")]


# ---- texts


def test_a_text_is_in_the_inbox_after_a_second_and_the_product_hears_of_it() -> None:
    world = World()
    happened = world.greet(meeting=Rings())
    world.simulation.run_to(999)
    assert (world.inbox(), happened) == ([], [Greeted("greeting")])
    world.simulation.run_to(1000)
    assert world.inbox() == [(1000, "Hello")]
    assert happened[1:] == [TextDelivered("greeting", ANNA)]
    assert world.lines("text.sent") == [(0, {"to": ANNA, "from": "Toys", "text": "Hello"})]
    assert world.lines("text.delivered") == [(1000, {"to": ANNA})]


def test_a_text_that_fails_is_in_no_inbox() -> None:
    world = World()
    happened = world.greet(texts=Texts("Rejected", code=61, after_ms=3000))
    world.simulation.run_to(3000)
    assert world.inbox() == []
    assert happened[1:] == [TextFailed("greeting", ANNA, "Rejected", 61)]
    assert world.lines("text.failed") == [(3000, {"to": ANNA, "status": "Rejected", "code": 61})]


@pytest.mark.parametrize("persona", [{"texts": Texts(status=None)}, {"meeting": Declines(Cause.UNREACHABLE, 0)}])
def test_of_a_text_to_a_phone_that_gets_none_nobody_ever_hears(persona: dict[str, Any]) -> None:
    world = World()
    happened = world.greet(**persona)
    world.next_callback()
    assert (world.simulation.now, world.inbox()) == (PATIENCE_MS, [])
    assert happened[1:] == [TimerFired("greeting", "patience")]


def test_a_product_hears_whether_its_first_url_or_the_fallback_has_answered() -> None:
    world = World()
    happened = world.greet(meeting=Rings())
    callback = world.next_callback()
    refused = Attempt(callback.url, {}, Outcome.UNREACHABLE, 1)
    taken = Attempt("http://b.test", {}, Outcome.ANSWERED, 1, Response(200, {}, b"thanks"))
    heard = []
    for attempts in ([(refused, None), (taken, Reading())], [(taken, Reading())]):
        world.simulation.conclude(conclude(GREETINGS, callback, attempts, order=1, sent_at_ms=0))
        heard.append(happened[-1].by_fallback)

    assert heard == [True, False]


def test_whoever_gets_a_text_can_answer_it_but_not_before_it_has_arrived() -> None:
    world = World()
    happened = world.greet(meeting=Rings(), texts=Texts(after_ms=5000, reply="YES"))
    world.simulation.run_to(5000)
    assert happened[1:] == [TextDelivered("greeting", ANNA), TextReplied("greeting", "YES")]


# ---- a call that is none of Voice's


@pytest.mark.parametrize(
    ("persona", "heard"),
    [
        ({"meeting": Answers(2000)}, Answered("greeting", LegName.CALLEE)),
        ({"meeting": Declines(Cause.BUSY, 2000)}, Declined("greeting", LegName.CALLEE, Cause.BUSY)),
    ],
)
def test_a_product_rings_a_phone_and_then_nothing_comes_of_it_by_itself(persona: dict[str, Any], heard: object) -> None:
    world = World()
    happened = world.greet(**persona)
    callback = world.next_callback()
    assert (world.simulation.now, happened[-1], callback.body) == (3000, heard, {"heard": 3})
    world.answer(callback)
    assert world.simulation.next_due() is None


def test_a_world_without_calls_of_voice_loads_nothing_of_voice(clean_environment: dict[str, str]) -> None:
    program = "import sys, sinch_simulator.simulation; print(*sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert [name for name in finished.stdout.split() if name.startswith("sinch_simulator.products")] == []


# ---- callbacks


def failing() -> World:
    """A world whose first callback goes out at three seconds."""
    world = World()
    world.greet(texts=Texts("Failed", after_ms=3000))
    return world


def test_an_answer_is_told_with_what_the_product_read_in_it() -> None:
    world = failing()
    happened = world.simulation.machine("greetings").subjects["greeting"]
    world.answer(world.next_callback())
    assert happened[-1] == AppReplied("greeting", "greeting.1", "thanks")
    answered = {"callbackId": "greeting.1", "event": "greeted", "said": "thanks"}
    assert world.lines("callback.answered") == [(3000, answered)]
    assert world.simulation.next_due() is None


def test_a_callback_that_nobody_takes_is_sent_again_on_the_simulated_clock_and_then_given_up() -> None:
    world = failing()
    happened = world.simulation.machine("greetings").subjects["greeting"]
    attempts = []
    for _ in range(3):
        callback = world.next_callback()
        (record,) = world.answer(callback, 503).records
        attempts.append((world.simulation.now, record.number, record.id))
    assert attempts == [
        (3000, 1, "greeting.1"),
        (8000, 2, "greeting.1-retry-2"),
        (68_000, 3, "greeting.1-retry-3"),
    ]
    assert [type(event) for event in happened if isinstance(event, AppFailed)] == [AppFailed]
    assert [fields.get("retryAfter") for _, fields in world.lines("callback.failed")] == [5.0, 60.0, None]
    assert [fields.get("attempt") for _, fields in world.lines("callback.sent")] == [None, 2, 3]
    assert world.simulation.next_due() is None


def test_an_answer_that_the_product_cannot_use_is_no_delivery() -> None:
    world = failing()
    delivered = world.answer(world.next_callback(), body=b"<html>")
    assert delivered.records[0].attempt.outcome is Outcome.BAD_ANSWER
    world.answer(world.next_callback())
    assert [at_ms for at_ms, _ in world.lines("callback.answered")] == [8000]


def test_an_answer_that_forbids_it_ends_the_attempts() -> None:
    world = failing()
    world.answer(world.next_callback(), 410)
    assert isinstance(world.simulation.machine("greetings").subjects["greeting"][-1], AppFailed)
    assert world.simulation.next_due() is None


# ---- an application is dropped


def test_what_is_dropped_is_never_heard_of_again() -> None:
    world = World()
    world.greet()
    world.simulation.receive(Greeted("greeting"))
    world.simulation.renew(KEY)
    assert world.simulation.take_outbox() == []
    assert world.simulation.next_due() is None
    assert (world.simulation.empty, world.simulation.journal.entries) == (True, [])


def test_an_inbox_and_a_callback_to_be_sent_again_go_with_their_application() -> None:
    world = World()
    world.greet(meeting=Declines(Cause.BUSY, 0))
    callback = world.next_callback()
    world.answer(callback, 500)
    assert world.inbox() == [(1000, "Hello")]
    world.simulation.renew(KEY)
    assert world.inbox() == []
    assert world.simulation.next_due() is None
    world.simulation.receive(AppReplied("greeting", callback.id))
    assert world.simulation.journal.entries == []


def test_a_callback_to_be_sent_again_goes_with_what_it_is_about() -> None:
    world = failing()
    world.answer(world.next_callback(), 500)
    assert world.simulation.drop(["greeting"]) == {"greeting"}
    assert (world.simulation.unanswered, world.simulation.next_due()) == ({}, None)
