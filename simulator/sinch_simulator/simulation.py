"""One world as one deterministic machine: its products, its phones, a timetable and a journal.

``receive`` lets something happen now; ``next_due`` says when the next thing happens by itself; ``run_to`` lets time
pass, and stops when something must leave the world; ``take_outbox`` hands that over. Time comes in as an argument, in
milliseconds since the start; the same inputs give the same journal.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, AppFailed, AppReplied, SendCallback, outcome_fields
from sinch_simulator.core.delivery import Delivered, failed_fields, next_attempt
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.effects import CancelTimer, Diagnose, Finish, Log, Order, SetTimer, TimerFired
from sinch_simulator.core.journal import Journal
from sinch_simulator.core.message import MessageLog
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.core.product import Forgotten, Machine, Product, WorldData
from sinch_simulator.core.timetable import Timetable
from sinch_simulator.core.values import define
from sinch_simulator.phones.active_phones import ActivePhones
from sinch_simulator.phones.app_signals import AppOrder, MissCall, ShowToApp, UseMobileData
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.due import what_happens
from sinch_simulator.phones.handset import obey
from sinch_simulator.phones.inbox import Inboxes, TextDue
from sinch_simulator.phones.phone import Wake
from sinch_simulator.phones.phonebook import Phonebook
from sinch_simulator.phones.signals import ComeIn, LegEvent, LegName, LegSignal, SendText, TextDelivered

_REPLIES = (AppReplied, AppFailed)
_TO_HANDSET = (SendText, ShowToApp, UseMobileData, MissCall)


@define
class Simulation:
    """A world with these products. ``epoch_ms`` is the Unix time of its first millisecond."""

    products: tuple[Product, ...]
    seed: int = 0
    epoch_ms: int = 0
    now: int = 0
    journal: Journal = field(factory=Journal)
    phonebook: Phonebook = field(factory=Phonebook)
    inboxes: Inboxes = field(factory=Inboxes)
    messages: MessageLog = field(factory=MessageLog)
    phone_calls: dict[str, PhoneCall] = field(factory=dict)
    data: WorldData = field(init=False)
    timetable: Timetable[Any] = field(factory=Timetable)
    """Events, which each product has of its own; timers; phones to wake; texts; callbacks to be sent again."""
    machine_made: Callable[[str, Machine], None] | None = None
    """Told the name of each product, and its machine, when that has just been made."""
    machines: dict[str, Machine] = field(factory=dict)
    """Those that have been made, by the names of their products."""
    _phones: ActivePhones = field(init=False)
    _soon: list[Any] = field(factory=list)
    """Events that happen as soon as anything is asked of the world."""
    unanswered: dict[str, SendCallback] = field(factory=dict)
    """The callbacks whose products have not heard of an answer yet, by their ids."""
    _outbox: list[SendCallback | Order] = field(factory=list)
    _of_answers: list[tuple[str, Diagnostic]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._phones = ActivePhones(self.phonebook, self.timetable)
        self.data = WorldData(self.seed, self.epoch_ms, messages=self.messages, phone_calls=self.phone_calls)

    @property
    def applications(self) -> dict[str, Application]:
        """Returns the applications that live here, by key, in the order in which they came."""
        return self.data.applications

    @property
    def empty(self) -> bool:
        """Returns whether no product has anything here: no call, no message, no rented number."""
        return not self.data.pool.rentals and not any(machine.subjects for machine in self.machines.values())

    def product(self, name: str) -> Product:
        """Returns the product of this name; KeyError when there is none."""
        for product in self.products:
            if product.name == name:
                return product
        raise KeyError(name)

    def machine(self, name: str) -> Any:  # each product knows the type of its own machine
        """Returns the machine of the product of this name, made now if nobody has needed it yet."""
        machine = self.machines.get(name)
        if machine is None:
            machine = self.machines[name] = self.product(name).machine_in(self.data)
            if self.machine_made is not None:
                self.machine_made(name, machine)
        return machine

    def knows(self, subject: str) -> bool:
        """Returns whether any product has a subject of this id."""
        return self._machine_of(subject) is not None

    def about(self, subject: str) -> About | None:
        """Returns the ids by which a subject of any product is shown; None when there is no such subject (any more)."""
        machine = self._machine_of(subject)
        return None if machine is None else machine.about(subject)

    def owner(self, subject: str) -> str | None:
        """Returns the key of the application that a subject of any product belongs to; None for no such subject."""
        machine = self._machine_of(subject)
        return None if machine is None else machine.owner(subject)

    def _machine_of(self, subject: str) -> Machine | None:
        for machine in self.machines.values():
            if subject in machine.subjects:
                return machine
        return None

    # ---- what happens, and when

    def receive(self, event: Any) -> None:  # each product has events of its own
        """Lets an event happen now. Nothing happens when no product has its subject (any more)."""
        if self._soon:
            self._begin_soon()
        subject = event.subject
        self.journal.tell(self.now, subject, event)
        for machine in self.machines.values():
            if subject in machine.subjects:
                callback = self._close(machine, event) if isinstance(event, _REPLIES) else None
                self.carry_out(machine.receive(event, self.now), subject, callback)
                return

    def receive_soon(self, event: Any) -> None:
        """Lets an event happen as soon as anything is asked of the world."""
        self._soon.append(event)

    def schedule(self, event: LegEvent, after_ms: int) -> None:
        """Lets a phone do something after so long, unless its leg is released before."""
        self.timetable.add(event.call_id, event.leg.value, self.now + after_ms, event)

    def meet(self, call_id: str, leg: LegName, persona: Persona) -> None:
        """Lets a phone that rings meet the call like this persona, now and in place of all that it was going to do."""
        for event in self._phones.meet(call_id, leg, persona, self.now):
            self.receive(event)

    def conclude(self, delivered: Delivered) -> None:
        """Lets the product that has sent a callback know what came of it, or sends it again after a while."""
        callback = delivered.callback
        self.carry_out(delivered.faults)
        for finding in delivered.diagnostics:
            self.diagnose(callback.subject, finding, event=callback.event)
        if delivered.done or not self._send_again(callback, delivered):
            self.receive(delivered.event)

    def next_due(self) -> int | None:
        """Returns when the next thing happens by itself; None when nothing does."""
        self._begin_soon()
        return self.timetable.next_due()

    def next_happening(self) -> tuple[str, str] | None:
        """Returns what happens next by itself, as ``phones/due`` names it, and to which subject; None for nothing."""
        return None if self.next_due() is None else what_happens(self.timetable.peek())

    def run_to(self, moment: int) -> None:
        """Lets time pass until ``moment``, or to the end of the first instant at which something must leave."""
        assert moment >= self.now, "time never goes back"
        self._begin_soon()
        while not self._outbox:
            due = self.timetable.next_due()
            if due is None or due > moment:
                self.now = moment
                return
            self.now = due
            while self.timetable.next_due() == due:
                self._let_happen(self.timetable.pop())

    def take_outbox(self) -> list[SendCallback | Order]:
        """Returns what must leave the world now, in order: callbacks, and the products' orders to the outside.

        Each is handed over once. What comes of a callback goes to ``conclude``, of an order to ``receive``.
        """
        self._begin_soon()
        outbox, self._outbox = self._outbox, []
        return outbox

    def take_findings_of_answers(self) -> list[tuple[str, Diagnostic]]:
        """Returns what has been found since while answers were obeyed: the id of each one's callback, and the finding.

        Each is handed over once. What was found when an answer was read is in ``Delivered``.
        """
        found, self._of_answers = self._of_answers, []
        return found

    # ---- applications

    def add_application(self, application: Application) -> None:
        """Lets an application into this world."""
        self.data.applications[application.key] = application

    def remove_application(self, key: str) -> None:
        """Drops an application and everything that it has."""
        self.forget(key)
        self.data.pool.forget(key)
        del self.data.applications[key]

    def forget(self, key: str) -> None:
        """Drops what an application has in every product as if it had never been; nobody is told."""
        for machine in self.machines.values():
            self._drop(machine.forget(key))
        self._give_up([each for each in self.unanswered.values() if each.application_key == key])

    def drop(self, subjects: Collection[str]) -> frozenset[str]:
        """Drops these subjects of any product, which are over, with their lines; returns all that went with them."""
        forgotten = [machine.drop(subjects) for machine in self.machines.values()]
        for each in forgotten:
            self._drop(each)
        return frozenset().union(*(each.subjects for each in forgotten))

    def _drop(self, forgotten: Forgotten) -> None:
        dropped = forgotten.subjects
        for subject in dropped:
            self.timetable.cancel_all(subject)
            self._phones.forget(subject)
        self.inboxes.forget(dropped)
        self.messages.forget(dropped)
        self._soon = [event for event in self._soon if event.subject not in dropped]
        self._outbox = [item for item in self._outbox if item.subject not in dropped]
        self._outbox += forgotten.orders
        self._give_up([each for each in self.unanswered.values() if each.subject in dropped])
        self.journal.forget(dropped)

    def _give_up(self, callbacks: list[SendCallback]) -> None:
        for callback in callbacks:
            self.timetable.cancel_all(callback.id)
            del self.unanswered[callback.id]

    def renew(self, key: str) -> None:
        """Lets an application begin anew: with nothing, ids from one, and told again what is told once."""
        self.forget(key)
        self.data.applications[key].begin_anew()
        self.data.pool.renew(key)

    def restart(self) -> None:
        """Begins the world anew: nothing in any product, no scripted phones, time zero; the applications stay."""
        for key in self.data.applications:
            self.renew(key)
        self.phonebook.forget_all()
        self.inboxes.clear()
        self.messages.clear()
        self.journal.clear()
        self.now = 0

    def diagnose(self, subject: str | None, diagnostic: Diagnostic, /, **about: str) -> None:
        """Writes a finding into the journal; ``about`` names the ``event`` or the ``request`` that it came of."""
        self.journal.add(self.now, "diagnostic", subject, {**diagnostic.as_json(), **about})

    # ---- letting it happen

    def _begin_soon(self) -> None:
        events, self._soon = self._soon, []
        for event in events:
            self.receive(event)

    def _let_happen(self, item: Any) -> None:
        """Lets what has been in the timetable happen."""
        if isinstance(item, SetTimer):
            self.receive(TimerFired(item.subject, item.timer) if item.event is None else item.event)
        elif isinstance(item, Wake):
            self._phones.wake(item, self.now)
        elif isinstance(item, TextDue):
            if isinstance(item.event, TextDelivered):
                self.inboxes.keep(item.text, self.now)
            self.receive(item.event)
        elif isinstance(item, SendCallback):
            self._send(item)
        else:
            self.receive(item)

    def _close(self, machine: Machine, event: AppReplied | AppFailed) -> SendCallback | None:
        """Writes the line about what came of a callback, and returns it, the first time."""
        callback = self.unanswered.pop(event.callback_id, None)
        if callback is None:
            return None
        if isinstance(event, AppFailed):
            kind, told = "callback.failed", outcome_fields(event.outcome, event.response)
        else:
            kind, told = "callback.answered", machine.answer_fields(event.answer)
        self.journal.add(self.now, kind, event.subject, {"callbackId": callback.id, "event": callback.event, **told})
        return callback

    # ---- carrying out

    def carry_out(self, effects: Iterable[Any], subject: str = "", answered: SendCallback | None = None) -> None:
        """Does what a machine has ordered, in order.

        Findings about ``subject`` came of the answer to the callback ``answered``, when that is given.
        """
        now = self.now
        for effect in effects:
            if isinstance(effect, LegSignal):
                self.journal.tell(now, effect.call_id, effect)
                self._phones.obey(effect, now)
            elif isinstance(effect, SetTimer):
                self.timetable.put(effect.subject, "", effect.timer, now + effect.after_ms, effect)
            elif isinstance(effect, CancelTimer):
                self.timetable.cancel(effect.subject, "", effect.timer)
            elif isinstance(effect, Log):
                self.journal.add(now, effect.kind, effect.subject, effect.fields)
            elif isinstance(effect, SendCallback):
                self.unanswered[effect.id] = effect
                self._send(effect)
            elif isinstance(effect, Finish):
                self.timetable.cancel_all(effect.subject)
                self._phones.finish(effect.subject, now)
            elif isinstance(effect, Diagnose):
                self._tell_of(effect, answered if effect.subject == subject else None)
            elif isinstance(effect, Order):
                self._outbox.append(effect)
            elif isinstance(effect, _TO_HANDSET):
                self._hand_on(effect)
            elif isinstance(effect, ComeIn):
                self._let_in(effect)
            else:
                raise TypeError(f"nobody carries out {effect!r}")
        if self._phones.dialled:
            self._phones.begin_dialled(now)

    def _tell_of(self, finding: Diagnose, answered: SendCallback | None) -> None:
        event, callback_id = finding.event, finding.callback_id
        if answered is not None and not event:
            event, callback_id = answered.event, answered.id
        self.diagnose(finding.subject, finding.diagnostic, **({"event": event} if event else {}))
        if callback_id:
            self._of_answers.append((callback_id, finding.diagnostic))

    def _send(self, callback: SendCallback) -> None:
        self.journal.tell(self.now, callback.subject, callback)
        self._outbox.append(callback)

    def _send_again(self, callback: SendCallback, delivered: Delivered) -> bool:
        """Sends a callback again after its next pause; returns False when there is none."""
        again = None if callback.id not in self.unanswered else next_attempt(delivered)
        if again is None:
            return False
        pause_ms = callback.retry.after_ms[0]
        self.journal.add(self.now, "callback.failed", callback.subject, failed_fields(delivered, pause_ms))
        # Under the callback's own id, because it outlives what it is about.
        self.timetable.add(callback.id, "", self.now + pause_ms, again)
        return True

    # ---- phones

    def _let_in(self, order: ComeIn) -> None:
        """Makes a leg the caller of a call of another product."""
        call_id, leg, effects = self.machine(order.product).take_caller(order.arrival, self.now)
        self._phones.joined.join((order.call_id, order.leg), (call_id, leg))
        self.carry_out(effects)

    def _hand_on(self, order: SendText | AppOrder) -> None:
        self.journal.tell(self.now, order.subject, order)
        for after_ms, act in obey(order, self.phonebook.persona_for(order.to), self.inboxes, self.now):
            part = act.leg.value if isinstance(act, LegSignal) else ""
            self.timetable.add(order.subject, part, self.now + after_ms, act)
