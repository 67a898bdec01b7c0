"""SMS in one world: batches, the messages of their recipients, texts that come in, groups.

It is a pure machine: events and the time go in, effects come out. The messages themselves lie in the world's
``MessageLog``, beside those of other products; what becomes of each is said by ``transitions.py``.
"""

from collections.abc import Collection, Iterator
from typing import Any, cast

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, SendCallback
from sinch_simulator.core.effects import CancelTimer, Diagnose, Log, SetTimer, TimerFired
from sinch_simulator.core.ids import next_id, next_ulid
from sinch_simulator.core.message import Direction, Message, Status
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import TextReplied
from sinch_simulator.products.sms import FINISHED, NAME, RECEIVED
from sinch_simulator.products.sms.batch import LIFETIME_MS, Batch, Content, Kind, Reports, filled_in
from sinch_simulator.products.sms.callbacks import (
    NOBODY_HEARS,
    classic_callback,
    inbound_body,
    report_url,
    xms_callback,
)
from sinch_simulator.products.sms.events import Accepted, Canceled, Changed, Due, Expired, TextCame
from sinch_simulator.products.sms.groups import Group, members_of, resolved, update_by_keywords
from sinch_simulator.products.sms.reports import ALL, batch_report, recipient_report
from sinch_simulator.products.sms.transitions import Effects, happen

_NOTHING: dict[str, Any] = {}
SEND = "send"
EXPIRY = "expiry"
CLASSIC = "classic"
XMS = "xms"


@define
class SmsMachine:
    """All that a world has of SMS."""

    data: WorldData
    batches: dict[str, Batch] = field(factory=dict)
    groups: dict[str, Group] = field(factory=dict)
    inbounds: dict[str, Message] = field(factory=dict)
    """Texts that came in, by id, oldest first."""
    operators: dict[str, str] = field(factory=dict)
    """By inbound id, the network that it came from, where that is said."""
    classic: dict[str, Message] = field(factory=dict)
    """Messages of classic SMS, by their number."""
    _subjects: dict[str, Batch | Message] = field(factory=dict)
    _classic_given: int = 0

    @property
    def subjects(self) -> Collection[str]:
        """Returns the ids of batches and messages."""
        return self._subjects

    # ---- what the API makes

    def new_batch(self, application: Application, content: Content, now: int) -> Batch:
        """Makes a batch; what follows is for the event ``Accepted``."""
        batch_id = next_ulid(application, self.data.seed, self.data.epoch_ms + now)
        batch = Batch(batch_id, application, content, now, now, self._expiry(content, now))
        self.batches[batch_id] = self._subjects[batch_id] = batch
        return batch

    def change(self, batch: Batch, content: Content, now: int) -> None:
        """Gives a scheduled batch another content; what follows is for the event ``Changed``."""
        batch.content, batch.modified_at_ms = content, now
        batch.expires_at_ms = self._expiry(content, now)

    def _expiry(self, content: Content, now: int) -> int:
        begins = now if content.send_at_ms is None else max(now, content.send_at_ms - self.data.epoch_ms)
        latest = begins + LIFETIME_MS
        return latest if content.expire_at_ms is None else min(content.expire_at_ms - self.data.epoch_ms, latest)

    def new_classic(self, application: Application, sender: str, to: str, text: str, now: int) -> Message:
        """Makes a message of classic SMS; what follows is for the event ``Due``."""
        self._classic_given += 1
        number = str(self._classic_given)
        message = Message(
            next_id(application, self.data.seed), application.key, CLASSIC, sender, to, now, text, message_id=number
        )
        self.classic[number] = message
        self._keep(message)
        return message

    def new_inbound(
        self,
        application: Application,
        sender: str,
        to: str,
        text: str | None,
        now: int,
        *,
        data: bytes | None = None,
        udh: bytes = b"",
        sent_at_ms: int | None = None,
        operator_id: str | None = None,
    ) -> Message:
        """Makes a text that comes in; what follows is for the event ``TextCame``."""
        inbound_id = next_ulid(application, self.data.seed, self.data.epoch_ms + now)
        message = Message(
            inbound_id, application.key, XMS, sender, to, now, text, data, udh,
            direction=Direction.INBOUND, inbound_id=inbound_id, status=Status.RECEIVED,
            sent_at_ms=sent_at_ms, delivered_at_ms=now, final_at_ms=now,
        )  # fmt: skip
        if operator_id is not None:
            self.operators[inbound_id] = operator_id
        self.inbounds[inbound_id] = message
        self._keep(message)
        return message

    def new_group(self, application: Application, now: int) -> Group:
        """Makes an empty group."""
        group_id = next_ulid(application, self.data.seed, self.data.epoch_ms + now)
        group = self.groups[group_id] = Group(group_id, application.key, now, now)
        return group

    def groups_of(self, application: Application) -> list[Group]:
        """Returns the groups of an application, oldest first."""
        return [group for group in self.groups.values() if group.application_key == application.key]

    def size(self, group: Group) -> int:
        """Returns how many numbers a batch to this group reaches."""
        return len(members_of(group, self.groups)) if group.child_groups else len(group.members)

    def recipients(self, application: Application, content: Content) -> dict[str, None]:
        """Returns whom a batch with this content reaches now."""
        return resolved(content.to, self.groups, application.key)

    def waiting(self, batch: Batch) -> Collection[str]:
        """Returns the recipients of a batch that is not sent yet; nobody when it was sent or cancelled."""
        return self.recipients(batch.application, batch.content) if batch.scheduled else ()

    def _keep(self, message: Message) -> None:
        self.data.messages.keep(message)
        self._subjects[message.id] = message

    # ---- what happens

    def receive(self, event: Any, now: int) -> Effects:
        """Lets an event happen to a batch or a message."""
        subject = self._subjects[event.subject]
        if isinstance(subject, Batch):
            return self._to_batch(subject, event, now)
        if isinstance(event, TextReplied):
            return self._reply(subject, event.text, now)
        if isinstance(event, TextCame):
            return self._arrive(subject, now)
        return self._to_message(subject, self.batches.get(subject.batch_id or ""), event, now)

    def _to_batch(self, batch: Batch, event: Any, now: int) -> Effects:
        if isinstance(event, Accepted):
            return self._accept(batch, now)
        if isinstance(event, Changed):
            return [CancelTimer(batch.id, SEND), *self._accept(batch, now)]
        if isinstance(event, TimerFired):
            if event.timer == SEND:
                return self._send(batch, now)
            return self._expire(batch, now)
        if isinstance(event, Canceled):
            over = [] if batch.sent else [CancelTimer(batch.id, SEND), Log(batch.id, FINISHED, _NOTHING)]
            batch.canceled, batch.modified_at_ms = True, now
            return over
        return []

    def _accept(self, batch: Batch, now: int) -> Effects:
        send_at_ms = batch.content.send_at_ms
        wait_ms = 0 if send_at_ms is None else send_at_ms - self.data.epoch_ms - now
        if wait_ms > 0:
            return [SetTimer(batch.id, SEND, wait_ms)]
        return self._send(batch, now)

    def _send(self, batch: Batch, now: int) -> Effects:
        """Makes a message for each recipient, and hands it on."""
        if not batch.scheduled:
            return []
        batch.sent = True
        application, content = batch.application, batch.content
        sender = content.sender
        if sender is None:
            sender = batch.default_sender = application.default_originator
        effects: Effects = []
        made: list[Message] = []
        for index, recipient in enumerate(self.recipients(application, content)):
            message = Message(
                f"{batch.id}.{index}", application.key, XMS, sender or "", recipient, now,
                flash=content.flash, batch_id=batch.id,
            )  # fmt: skip
            _fill(message, content)
            self._keep(message)
            made.append(message)
        batch.messages = tuple(made)
        batch.open = len(batch.messages)
        for message in batch.messages:
            effects += self._to_message(message, batch, Due(message.id), now)
        if batch.open:
            effects.append(SetTimer(batch.id, EXPIRY, max(0, batch.expires_at_ms - now)))
        elif not batch.messages:
            effects += [*self._summary(batch), Log(batch.id, FINISHED, _NOTHING)]
        return effects

    def _expire(self, batch: Batch, now: int) -> Effects:
        effects: Effects = []
        for message in batch.messages:
            if not message.status.final:
                effects.append(Log(message.id, "text.expired", {"to": message.recipient}))
                effects += self._to_message(message, batch, Expired(message.id), now)
        return effects

    def _to_message(self, message: Message, batch: Batch | None, event: Any, now: int) -> Effects:
        """Lets an event happen to a message by its table, and reports what has become of it."""
        before = message.status
        application = self.data.applications[message.application_key]
        effects = happen(message, batch, application, event, now)
        if message.status is before:
            return effects
        if batch is None:
            return [*effects, Log(message.id, FINISHED, _NOTHING)] if message.status.final else effects
        reports, final = batch.content.reports, message.status.final
        if reports is Reports.PER_RECIPIENT or (final and reports is Reports.PER_RECIPIENT_FINAL):
            body = recipient_report(batch, message, self.data.epoch_ms)
            effects += self._report(batch, message.id, body)
        if final:
            batch.open -= 1
            if batch.open == 0:
                effects.append(CancelTimer(batch.id, EXPIRY))
                effects += [*self._summary(batch), Log(batch.id, FINISHED, _NOTHING)]
        return effects

    def _summary(self, batch: Batch) -> Effects:
        """Posts the report of a batch whose messages are all final, if it wants one."""
        reports = batch.content.reports
        if reports not in (Reports.SUMMARY, Reports.FULL):
            return []
        body = batch_report(batch, (), full=reports is Reports.FULL, wanted=ALL)
        return self._report(batch, batch.id, body)

    def _report(self, batch: Batch, subject: str, body: dict[str, Any]) -> Effects:
        url = report_url(batch)
        if url is None:
            return []
        return [xms_callback(batch.application, self.data.seed, url, subject, self.about(subject), body)]

    def _reply(self, message: Message, text: str, now: int) -> Effects:
        """Lets the phone that got a message answer it, at the number that sent it, if that is one of a customer."""
        owner = self.data.pool.sms_owner(message.sender)
        if owner is None:
            return [Log(message.id, "text.lost", {"from": message.recipient, "to": message.sender, "text": text})]
        inbound = self.new_inbound(owner, message.recipient, message.sender, text, now, sent_at_ms=now)
        came = TextCame(inbound.id, inbound)
        return [Log(inbound.id, RECEIVED, came.journal_fields()), *self._arrive(inbound, now)]

    def _arrive(self, message: Message, now: int) -> Effects:
        """Lets a text change groups, and tells the app of it."""
        application = self.data.applications[message.application_key]
        effects: Effects = []
        if message.text is not None:
            groups = self.groups_of(application) if self.groups else []
            for group, joined in update_by_keywords(groups, message.sender, message.recipient, message.text, now):
                kind = "group.joined" if joined else "group.left"
                effects.append(Log(message.id, kind, {"groupId": group.id, "member": message.sender}))
        seed, epoch_ms, about = self.data.seed, self.data.epoch_ms, self.about(message.id)
        url, classic_url = application.sms.callback_url, application.sms.classic_callback_url
        if url is None and classic_url is None and NOBODY_HEARS.code not in application.told_once:
            application.told_once.add(NOBODY_HEARS.code)
            effects.append(Diagnose(message.id, NOBODY_HEARS))
        if url is not None:
            body = inbound_body(message, self.operators.get(message.id), epoch_ms)
            effects.append(xms_callback(application, seed, url, message.id, about, body))
        if classic_url is not None and message.text is not None:
            effects.append(classic_callback(application, seed, classic_url, message, about, epoch_ms))
        return effects

    # ---- what the world asks

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Takes every 2xx answer: nothing is read in it."""
        return Reading()

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        """Returns nothing: an answer says nothing."""
        return {}

    def about(self, subject: str) -> About:
        """Returns the ids of a batch, or of a message and its batch."""
        about = self._subjects[subject]
        if isinstance(about, Batch):
            return About(batch_id=about.id)
        return About(batch_id=about.batch_id, message_id=about.id)

    def owner(self, subject: str) -> str:
        """Returns the key of the application whose batch or message it is."""
        about = self._subjects[subject]
        return about.application.key if isinstance(about, Batch) else about.application_key

    def forget(self, application_key: str) -> Forgotten:
        """Drops batches, messages and groups of an application."""
        self.groups = {name: each for name, each in self.groups.items() if each.application_key != application_key}
        forgotten = self.drop([subject for subject in self._subjects if self.owner(subject) == application_key])
        if not self.classic:
            self._classic_given = 0
        return forgotten

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops these batches, with their messages, and these messages."""
        dropped = frozenset(self._with_messages(subjects))
        for subject in dropped:
            about = self._subjects.pop(subject)
            if isinstance(about, Message):
                self.inbounds.pop(subject, None)
                self.operators.pop(subject, None)
                self.classic.pop(about.message_id or "", None)
            else:
                self.batches.pop(subject, None)
        return Forgotten(dropped)

    def _with_messages(self, subjects: Collection[str]) -> Iterator[str]:
        for subject in subjects:
            about = self._subjects.get(subject)
            if about is None:
                continue
            yield subject
            if isinstance(about, Batch):
                yield from (message.id for message in about.messages)


def _fill(message: Message, content: Content) -> None:
    """Puts what a batch says into the message of one recipient; a text with a missing parameter stays as it is."""
    if content.kind is Kind.TEXT:
        text = filled_in(content, message.recipient)
        message.text = content.body if text is None else text
    elif content.kind is Kind.BINARY:
        message.data, message.udh = content.data, content.udh
    elif content.media is not None:
        message.text = "\n".join(each for each in (content.media.message, content.media.url) if each)


def sms_of(world: SimulatedWorld) -> SmsMachine:
    """Returns the machine of SMS in a world."""
    return cast(SmsMachine, world.machine(NAME))
