"""A world without sockets for stories about sessions of Voice v2: a scripted app, people, and time."""

from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.application_settings import BehaviorKind, CallBehavior, ServiceSettings
from sinch_simulator.core.callback import Attempt, Outcome, Response, SendCallback
from sinch_simulator.core.delivery import conclude
from sinch_simulator.core.effects import Order
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.product import Product
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.phones.signals import DigitPressed, HungUp
from sinch_simulator.products.voice.v2 import NAME
from sinch_simulator.products.voice.v2.calling import arrive, instruct, start_batch, start_session
from sinch_simulator.products.voice.v2.exchange import SessionExchange, exchange_of
from sinch_simulator.products.voice.v2.incoming import Incoming
from sinch_simulator.products.voice.v2.session import Batch, BatchEntry, Call, Session
from sinch_simulator.products.voice.v2.svaml.model import Document, PhoneAddress
from sinch_simulator.products.voice.v2.svaml.reading import read_document
from sinch_simulator.simulation import Simulation

KEY = "00000000-0000-4000-8000-000000007462"
DID = "+14045550100"
ANNA = "+46700000001"
BEN = "+14045550199"
URL = "http://app.test/voice"
FALLBACK_URL = "http://spare.test/voice"
EPOCH_MS = 1_736_937_000_000  # 2025-01-15T10:30:00Z

Json = dict[str, Any]
Reply = list[Json] | Json | int | Outcome
"""Commands, a whole document, a bad status, or what else came of the attempt."""
Script = Reply | Callable[[Json], Reply]

VOICE_V2 = Product(NAME, SessionExchange)


def document(commands: list[Json]) -> Document:
    """A document, which must be legal."""
    reading = read_document({"commands": commands})
    assert reading.document is not None, reading.diagnostics
    return reading.document


def dial(to: str = BEN, name: str | None = None, **properties: Any) -> Json:
    """A ``dial`` of a phone."""
    named = {} if name is None else {"callName": name}
    return {"command": "dial", "to": {"type": "PHONE", "phone": {"number": to}}, **named, **properties}


def say(*texts: str, **properties: Any) -> Json:
    """A ``messages`` command."""
    spoken = [{"type": "SAY", "say": {"text": text, "voiceName": "Emma"}} for text in texts]
    return {"command": "messages", "messages": spoken, **properties}


def command(name: str, **properties: Any) -> Json:
    """Any command."""
    return {"command": name, **properties}


def webhook_service(fallback_url: str | None = None) -> ServiceSettings:
    """A service that asks ``URL``."""
    return ServiceSettings("Service", CallBehavior(BehaviorKind.WEBHOOK, URL, fallback_url))


def static_service(svaml: Json) -> ServiceSettings:
    """A service that has a document for whoever calls."""
    return ServiceSettings("Service", CallBehavior(BehaviorKind.STATIC, svaml=svaml))


@define
class SessionWorld:
    """One service with the number ``DID``. Events are answered at once; time moves by ``advance``."""

    simulation: Simulation = field(factory=lambda: Simulation((VOICE_V2,), seed=7, epoch_ms=EPOCH_MS))
    application: Application = field(factory=lambda: Application(KEY, "c2VjcmV0", [DID], service=webhook_service()))
    replies: dict[str, list[Script]] = field(factory=dict)
    dead: set[str] = field(factory=set)
    """URLs at which nobody answers."""
    sent: list[SendCallback] = field(factory=list)
    attempts: list[str] = field(factory=list)
    """The URL of every attempt."""
    orders: list[Order] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.simulation.add_application(self.application)

    @property
    def exchange(self) -> SessionExchange:
        """The machine of Voice v2."""
        return exchange_of(self.simulation)

    # ---- the app

    def on(self, event: str, *replies: Script) -> None:
        """Answer this event so: one reply after the other, the last one for good."""
        self.replies[event] = list(replies)

    def start(self, *commands: Json) -> Session:
        """The app begins a session."""
        session = start_session(self.simulation, KEY, document(list(commands)).commands, base_url="http://sim.test")
        self.settle()
        return session

    def batch(self, *commands: Json, entries: int = 1, max_cps: int = 1000, ttl_s: int = 10800) -> Batch:
        """The app begins so many sessions that are alike."""
        each = document(list(commands)).commands
        listed = [BatchEntry(each, {"n": str(number)}) for number in range(entries)]
        batch = start_batch(
            self.simulation, KEY, listed, max_cps=max_cps, ttl_ms=ttl_s * 1000, base_url="http://sim.test"
        )
        self.settle()
        return batch

    def update(self, call: Call, *commands: Json) -> None:
        """The app sends commands to a call."""
        instruct(self.simulation, call.id, document(list(commands)).commands)
        self.settle()

    # ---- people

    def phone(self, address: str, **persona: Any) -> None:
        """Script whoever is at this address."""
        self.simulation.phonebook.script(address, read_persona(persona))

    def dial_in(self, from_: str | None = ANNA, to: str = DID, **persona: Any) -> Call:
        """Somebody calls in."""
        origin = None if from_ is None else PhoneAddress(from_)
        incoming = Incoming(PhoneAddress(to), origin, assigned=to in self.application.numbers)
        call = arrive(self.simulation, KEY, incoming, read_persona(persona) if persona else None)
        self.settle()
        return call

    def press(self, call: Call, digits: str) -> None:
        """Whoever is on the line presses keys."""
        for digit in digits:
            self.simulation.receive(DigitPressed(call.id, call.leg, digit))
        self.settle()

    def hang_up(self, call: Call) -> None:
        """Whoever is on the line hangs up."""
        self.simulation.receive(HungUp(call.id, call.leg))
        self.settle()

    # ---- time

    def settle(self) -> None:
        """Let everything happen that is due at this instant."""
        self.advance(0)

    def advance(self, seconds: float) -> None:
        """Let time pass; every callback is answered before the next thing happens."""
        moment = self.simulation.now + round(seconds * 1000)
        while True:
            outbox = self.simulation.take_outbox()
            for item in outbox:
                if isinstance(item, SendCallback):
                    self._deliver(item)
                else:
                    self.orders.append(item)
            if outbox:
                continue
            due = self.simulation.next_due()
            if due is None or due > moment:
                self.simulation.run_to(moment)
                return
            self.simulation.run_to(due)

    def _deliver(self, callback: SendCallback) -> None:
        self.sent.append(callback)
        attempts = [self._attempt(callback, callback.url)]
        reading = attempts[0][1]
        if callback.fallback_url is not None and (reading is None or not reading.delivered):
            attempts.append(self._attempt(callback, callback.fallback_url))
        product = self.simulation.product(callback.product)
        self.simulation.conclude(conclude(product, callback, attempts, order=1, sent_at_ms=self.simulation.now))

    def _attempt(self, callback: SendCallback, url: str) -> Any:
        self.attempts.append(url)
        replies = self.replies.get(callback.event, [])
        reply: Any = (replies.pop(0) if len(replies) > 1 else replies[0]) if replies else []
        if callable(reply):
            reply = reply(callback.body)
        if url in self.dead:
            reply = Outcome.UNREACHABLE
        if isinstance(reply, Outcome):
            return Attempt(url, {}, reply, 1), None
        if isinstance(reply, int):
            return Attempt(url, {}, Outcome.BAD_STATUS, 1, Response(reply, {}, b"")), None
        body = reply if isinstance(reply, dict) else {"commands": reply}
        response = Response(200, {}, encode(body))
        return Attempt(url, {}, Outcome.ANSWERED, 1, response), self.exchange.read_answer(callback, response)

    # ---- looking back

    def events(self) -> list[str]:
        """The names of the events that the app got, in order."""
        return [callback.event for callback in self.sent]

    def body(self, event: str) -> Json:
        """The last body of this event."""
        return [sent.body for sent in self.sent if sent.event == event][-1]

    def codes(self) -> list[str]:
        """The codes of all diagnostics."""
        return [entry.fields["code"] for entry in self.simulation.journal.entries if entry.kind == "diagnostic"]

    def kinds(self, call: Call) -> list[str]:
        """The kinds of a call's lines."""
        return [entry.kind for entry in self.simulation.journal.of(call.id)]


def calls_of(session: Session) -> list[Call]:
    """The calls of a session, in the order in which they began."""
    return [*session.calls.values()]
