"""A world without sockets for stories about verifications: an app that answers from a script, phones, and time."""

import json
from collections.abc import Callable
from typing import Any

from attrs import define, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.application_settings import VerificationSettings
from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome, Response, SendCallback
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.products.verification.events import Reported, Started, Superseded
from sinch_simulator.products.verification.machine import Verifications, verifications_of
from sinch_simulator.products.verification.model import NO_OPTIONS, Method, Options, Request, State, Verification
from sinch_simulator.products.verification.product import VERIFICATION
from sinch_simulator.simulation import Simulation

KEY = "00000000-0000-4000-8000-000000007462"
DID = "+14045550100"
ANNA = "+46700000001"
BEN = "+14045550199"
EPOCH_MS = 1_736_937_000_000  # 2025-01-15T10:30:00Z
REQUEST, RESULT, DELIVERED = "VerificationRequestEvent", "VerificationResultEvent", "VerificationSmsDeliveredEvent"
ALLOW: dict[str, Any] = {"action": "allow"}

Reply = dict[str, Any] | bytes | Outcome | Callable[[dict[str, Any]], Any]


@define
class VerificationWorld:
    """One application, with a webhook unless ``url`` is None. Callbacks are answered at once; time moves by request."""

    url: str | None = "http://app.test/verification"
    seed: int = 7
    simulation: Simulation = field(init=False)
    application: Application = field(init=False)
    reply: Reply = field(factory=lambda: dict(ALLOW))
    """What the webhook answers to a request event."""
    sent: list[SendCallback] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.simulation = Simulation((VERIFICATION,), seed=self.seed, epoch_ms=EPOCH_MS)
        settings = VerificationSettings(self.url)
        self.application = Application(KEY, "c2VjcmV0", [DID], verification=settings)
        self.simulation.add_application(self.application)

    @property
    def machine(self) -> Verifications:
        """The machine of Verification."""
        return verifications_of(self.simulation)

    def start(
        self,
        method: Method = Method.SMS,
        to: str = ANNA,
        *,
        options: Options = NO_OPTIONS,
        settle: bool = True,
        **request: Any,
    ) -> Verification:
        """The app starts a verification; the one before is aborted."""
        wanted = Request(method, to, "http://sim.test", options=options, **request)
        earlier = self.machine.newest(self.application, to)
        if earlier is not None and earlier.state is not State.ENDED:
            self.simulation.receive(Superseded(earlier.id))
        made = self.machine.new(self.application, wanted, self.simulation.now)
        self.simulation.receive(Started(made.id, wanted))
        if settle:
            self.advance(0)
        return made

    def report(self, verification: Verification, secret: str | None = None, source: str | None = None) -> None:
        """Somebody reports: the right secret unless another is given."""
        told = verification.secret if secret is None else secret
        assert told is not None
        self.simulation.receive(Reported(verification.id, told, source))
        self.advance(0)

    def phone(self, address: str, **persona: Any) -> None:
        """Script whoever is at this address."""
        self.simulation.phonebook.script(address, read_persona(persona))

    def advance(self, seconds: float) -> None:
        """Let time pass; every callback is answered before the next thing happens."""
        moment = self.simulation.now + round(seconds * 1000)
        while True:
            outbox = self.simulation.take_outbox()
            for item in outbox:
                assert isinstance(item, SendCallback)
                self._answer(item)
            if outbox:
                continue
            due = self.simulation.next_due()
            if due is None or due > moment:
                self.simulation.run_to(moment)
                return
            self.simulation.run_to(due)

    def _answer(self, callback: SendCallback) -> None:
        self.sent.append(callback)
        reply = self.reply(callback.body) if callable(self.reply) else self.reply
        if isinstance(reply, Outcome):
            self.simulation.receive(AppFailed(callback.subject, callback.id, reply))
            return
        raw = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        reading = self.machine.read_answer(callback, Response(200, {}, raw))
        for finding in reading.diagnostics:
            self.simulation.diagnose(callback.subject, finding)
        if reading.outcome is Outcome.ANSWERED:
            self.simulation.receive(AppReplied(callback.subject, callback.id, reading.answer))
        else:
            self.simulation.receive(AppFailed(callback.subject, callback.id, reading.outcome))

    # ---- looking back

    def events(self, verification: Verification) -> list[str]:
        """The names of the events that the app got about it, in order."""
        return [each.event for each in self.sent if each.subject == verification.id]

    def result(self, verification: Verification) -> dict[str, Any]:
        """The body of the result event."""
        [sent] = [each for each in self.sent if each.subject == verification.id and each.event == RESULT]
        return sent.body

    def kinds(self, verification: Verification) -> list[str]:
        """The kinds of the journal's lines about it."""
        return [entry.kind for entry in self.simulation.journal.of(verification.id)]

    def codes(self, verification: Verification) -> list[str]:
        """The codes of the diagnostics about it."""
        lines = self.simulation.journal.of(verification.id)
        return [entry.fields["code"] for entry in lines if entry.kind == "diagnostic"]

    def texts(self, address: str = ANNA) -> list[str | None]:
        """What has arrived at a phone."""
        return [each.text.text for each in self.simulation.inboxes.texts(address)]
