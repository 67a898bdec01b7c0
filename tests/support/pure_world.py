"""A world without sockets for stories about calls: an app that answers from a script, people, and time."""

from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome, SendCallback
from sinch_simulator.core.effects import Order
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.journal import Entry
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.phones.signals import HungUp, LegName
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.call_update import context_for, refuse_illegal
from sinch_simulator.products.voice.calling import accept, dial, press
from sinch_simulator.products.voice.callouts.reading import Callout, read_callout
from sinch_simulator.products.voice.events import Updated
from sinch_simulator.products.voice.exchange import Exchange, exchange_of
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_svaml
from sinch_simulator.simulation import Simulation

KEY = "00000000-0000-4000-8000-000000007462"
DID = "+14045550100"
ANNA = "+46700000001"
BEN = "+14045550199"
EPOCH_MS = 1_736_937_000_000  # 2025-01-15T10:30:00Z

Reply = dict[str, Any] | Outcome | Callable[[dict[str, Any]], "dict[str, Any] | Outcome"]


def tts_callout(to: str = BEN, **fields: Any) -> dict[str, Any]:
    """A ttsCallout with ACE and DiCE, which are off by default on the platform."""
    about = {
        "cli": DID,
        "destination": {"type": "number", "endpoint": to},
        "text": "Hello from the bank",
        "enableAce": True,
        "enableDice": True,
    }
    return {"method": "ttsCallout", "ttsCallout": about | fields}


def custom_callout(to: str | None = BEN, **fields: Any) -> dict[str, Any]:
    """A customCallout; without ``to`` its ICE decides."""
    about: dict[str, Any] = {"cli": DID}
    if to is not None:
        about["destination"] = {"type": "number", "endpoint": to}
    return {"method": "customCallout", "customCallout": about | fields}


def say(text: str) -> dict[str, Any]:
    """An instruction."""
    return {"name": "say", "text": text, "locale": "en-US"}


def menu(*menus: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A runMenu action."""
    return {"name": "runMenu", "locale": "en-US", "menus": list(menus), **properties}


def svaml(action: str | dict[str, Any], *instructions: dict[str, Any]) -> dict[str, Any]:
    """A document."""
    return {"instructions": list(instructions), "action": {"name": action} if isinstance(action, str) else action}


def place(simulation: Simulation, callout: Callout, *, base_url: str = "") -> Call:
    """A callout of the application, which begins at once."""
    call = accept(simulation, KEY, callout, base_url=base_url)
    simulation.next_due()
    return call


def take_callbacks(simulation: Simulation) -> list[SendCallback]:
    """What must leave the world now, which is nothing but callbacks."""
    callbacks: list[SendCallback] = []
    for item in simulation.take_outbox():
        assert isinstance(item, SendCallback)
        callbacks.append(item)
    return callbacks


@define
class PureWorld:
    """One application with the number ``DID``. Callbacks are answered at once; time moves by ``advance``."""

    simulation: Simulation = field(factory=lambda: Simulation((VOICE,), seed=7, epoch_ms=EPOCH_MS))
    application: Application = field(
        factory=lambda: Application(KEY, "c2VjcmV0", [DID], callback_url="http://app.test/voice")
    )
    replies: dict[str, list[Reply]] = field(factory=dict)
    sent: list[SendCallback] = field(factory=list)
    orders: list[Order] = field(factory=list)
    """What is to be done outside, and nobody does."""

    def __attrs_post_init__(self) -> None:
        self.simulation.add_application(self.application)

    @property
    def exchange(self) -> Exchange:
        """The machine of Voice."""
        return exchange_of(self.simulation)

    # ---- the app

    def on(self, event: str, *replies: Reply) -> None:
        """Answer this event so: one reply after the other, the last one for good."""
        self.replies[event] = list(replies)

    def callout(self, body: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Call:
        """The app places a call."""
        call = place(self.simulation, read_callout(body, headers).callout, base_url="http://sim.test")
        self.settle()
        return call

    def patch(self, call: Call, body: dict[str, Any], leg: str | None = None) -> None:
        """The app updates a call; raises ``ApiError`` like the REST endpoint."""
        reading = read_svaml(body, context_for(call))
        if reading.svaml is None:
            raise ApiError.invalid_request(reading.diagnostics[0].message)
        refuse_illegal(call, reading.svaml, leg)
        self.simulation.receive(Updated(call.id, reading.svaml, leg))
        self.settle()

    # ---- people

    def phone(self, address: str, **persona: Any) -> None:
        """Script whoever is at this address."""
        self.simulation.phonebook.script(address, read_persona(persona))

    def dial(
        self,
        from_: str = ANNA,
        to: str = DID,
        *,
        origin: Origin = Origin.PSTN,
        kind: AddressKind = AddressKind.DID,
        custom: str | None = None,
        own_cli: str | None = None,
        rdnis: str = "",
        **persona: Any,
    ) -> Call:
        """Somebody calls in."""
        address, base_url = Address(kind, to), "http://sim.test"
        incoming = Incoming(origin, from_, address, custom, base_url=base_url, own_cli=own_cli, rdnis=rdnis)
        call = dial(self.simulation, KEY, incoming, read_persona(persona) if persona else None)
        self.settle()
        return call

    def press(self, call: Call, digits: str, leg: LegName | None = None) -> None:
        """The person whom the platform talks to presses keys."""
        press(self.simulation, call, leg or call.party.name, digits)
        self.settle()

    def hang_up(self, call: Call, leg: LegName | None = None) -> None:
        """The person whom the platform talks to hangs up."""
        self.simulation.receive(HungUp(call.id, leg or call.party.name))
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
                    self._answer(item)
                else:
                    self.orders.append(item)
            if outbox:
                continue
            due = self.simulation.next_due()
            if due is None or due > moment:
                self.simulation.run_to(moment)
                return
            self.simulation.run_to(due)

    def _answer(self, callback: SendCallback) -> None:
        self.sent.append(callback)
        replies = self.replies.get(callback.event, [])
        reply: Any = (replies.pop(0) if len(replies) > 1 else replies[0]) if replies else {}
        if callable(reply):
            reply = reply(callback.body)
        if isinstance(reply, Outcome):
            self.simulation.receive(AppFailed(callback.subject, callback.id, reply))
            return
        reading = None
        if callback.awaited or callback.event == "dice":
            reading = read_svaml(reply, SvamlContext(callback.event))
            if not reading.legal and callback.awaited:
                failed = AppFailed(callback.subject, callback.id, Outcome.BAD_SVAML, reading.diagnostics)
                self.simulation.receive(failed)
                return
        self.simulation.receive(AppReplied(callback.subject, callback.id, reading.svaml if reading else None))

    # ---- looking back

    def events(self, call: Call) -> list[str]:
        """The names of the events that the app got, in order."""
        return [callback.event for callback in self.sent if callback.subject == call.id]

    def body(self, call: Call, event: str) -> dict[str, Any]:
        """The last body of this event."""
        return [sent.body for sent in self.sent if sent.subject == call.id and sent.event == event][-1]

    def codes(self, call: Call) -> list[str]:
        """The codes of the diagnostics about a call."""
        return [entry.fields["code"] for entry in self.lines(call, "diagnostic")]

    def lines(self, call: Call, kind: str) -> list[Entry]:
        """The journal's lines of one kind about a call."""
        return [entry for entry in self.simulation.journal.of(call.id) if entry.kind == kind]
