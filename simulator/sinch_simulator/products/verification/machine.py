"""Verification in one world: its verifications, and which of them an id, a reference or a number leads to.

Pure: time and events go in, effects come out.
"""

from collections.abc import Collection
from typing import Any

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, AppFailed, AppReplied, Reading, Response, SendCallback
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.message import Channel, Message
from sinch_simulator.core.message import Status as MessageStatus
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.values import define
from sinch_simulator.phones.app_signals import AppReported
from sinch_simulator.phones.signals import SendText, TextDelivered, TextFailed
from sinch_simulator.products.verification import NAME
from sinch_simulator.products.verification.callbacks import REQUEST_EVENT, about
from sinch_simulator.products.verification.ending import Effect
from sinch_simulator.products.verification.events import Reported
from sinch_simulator.products.verification.model import Method, Request, Verification, life_ms
from sinch_simulator.products.verification.replies import Reply, read_reply
from sinch_simulator.products.verification.reporting import judged
from sinch_simulator.products.verification.transitions import step

# A tuple, because a union is made anew each time that it is written.
_REPLIES = (AppReplied, AppFailed)


@define(eq=False)
class Verifications:
    """The machine of Verification. They are kept in the order in which they began."""

    data: WorldData
    verifications: dict[str, Verification] = field(factory=dict)
    _newest: dict[tuple[str, str], Verification] = field(factory=dict)
    """By application and number, whatever the method."""
    _by_reference: dict[tuple[str, str], Verification] = field(factory=dict)
    """By application and reference, which is given once."""

    @property
    def subjects(self) -> Collection[str]:
        """Returns the ids of all verifications, of those that have ended too."""
        return self.verifications

    def new(self, application: Application, request: Request, now: int) -> Verification:
        """Makes a verification; nothing happens until ``Started`` is received. Its reference is not taken yet."""
        verification = Verification(
            next_id(application, self.data.seed),
            application,
            request,
            now,
            now + life_ms(request.method, request.options),
            request.options,
        )
        self.verifications[verification.id] = verification
        self._newest[application.key, request.number] = verification
        if request.reference is not None:
            self._by_reference[application.key, request.reference] = verification
        return verification

    # ---- looking for one

    def of_id(self, application: Application, verification_id: str) -> Verification | None:
        """Returns the verification of this id, if it is the application's own."""
        verification = self.verifications.get(verification_id)
        return verification if verification is not None and verification.application is application else None

    def of_reference(self, application: Application, reference: str) -> Verification | None:
        """Returns the application's verification with this reference."""
        return self._by_reference.get((application.key, reference))

    def newest(self, application: Application, number: str, method: Method | None = None) -> Verification | None:
        """Returns the application's newest verification of this number, and of this method where one is given."""
        newest = self._newest.get((application.key, number))
        if newest is None or method in (None, newest.method):
            return newest
        for verification in reversed(self.verifications.values()):
            if verification.application is application and (verification.number, verification.method) == (
                number,
                method,
            ):
                return verification
        return None

    # ---- the machine

    def receive(self, event: Any, now: int) -> list[Effect]:  # phones, callbacks and the app have events of their own
        """Lets something happen to a verification."""
        verification = self.verifications[event.subject]
        if isinstance(event, AppReported):
            event = Reported(event.subject, event.secret, event.source)
        if isinstance(event, Reported):
            event = judged(verification, event)
        elif isinstance(event, _REPLIES) and not _is_awaited(event):
            return []
        self._note_fate(event, now)
        effects = step(verification, event, now)
        if verification.call is not None and verification.id not in self.data.phone_calls:
            self.data.phone_calls[verification.id] = verification.call
        for effect in effects:
            if isinstance(effect, SendText):
                self._keep_text(verification, effect, now)
        return effects

    def _keep_text(self, verification: Verification, text: SendText, now: int) -> None:
        """Keeps the text where those of all products are found."""
        whatsapp = verification.method is Method.WHATSAPP
        message = Message(
            verification.id,
            verification.application.key,
            NAME,
            text.sender,
            text.to,
            now,
            text.text,
            channel=Channel.WHATSAPP if whatsapp else Channel.SMS,
            language=verification.language,
            verification_id=verification.id,
        )
        message.handed_on(now)
        self.data.messages.keep(message)

    def _note_fate(self, event: Any, now: int) -> None:
        """Notes what has become of the text, which arrives even when its verification is over."""
        if not isinstance(event, TextDelivered | TextFailed):
            return
        message = self.data.messages.get(event.subject)
        if message is None:
            return
        if isinstance(event, TextDelivered):
            message.delivered(now)
        else:
            message.ended(MessageStatus(event.status), event.code, now)

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns what the answer to a request event says; what is answered to other events does not matter."""
        if callback.event != REQUEST_EVENT:
            return Reading()
        verification = self.verifications.get(callback.subject)
        return Reading() if verification is None else read_reply(verification, response)

    def answer_fields(self, answer: Any) -> dict[str, Any]:  # a ``Reply``, or None where nobody reads an answer
        """Returns whether the app has allowed the verification."""
        return {"action": answer.action} if isinstance(answer, Reply) else {}

    def about(self, subject: str) -> About:
        """Returns the ids by which a verification is shown."""
        return about(self.verifications[subject])

    def owner(self, subject: str) -> str:
        """Returns the key of the application that a verification belongs to."""
        return self.verifications[subject].application.key

    def forget(self, application_key: str) -> Forgotten:
        """Drops the verifications of an application, and whatever was still to come of them."""
        return self.drop([each.id for each in self.verifications.values() if each.application.key == application_key])

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops these verifications, and whatever was still to come of them."""
        dropped = frozenset(subjects) & self.verifications.keys()
        for each in dropped:
            del self.verifications[each]
            self.data.phone_calls.pop(each, None)
        for index in (self._newest, self._by_reference):
            for key, verification in [*index.items()]:
                if verification.id in dropped:
                    del index[key]
        return Forgotten(dropped)


def _is_awaited(event: AppReplied | AppFailed) -> bool:
    """Returns whether a verification waits for the answer to this callback."""
    return event.callback_id == f"{event.subject}.{REQUEST_EVENT}"


def verifications_of(world: SimulatedWorld) -> Verifications:
    """Returns the machine of Verification in a world."""
    machine = world.machine(NAME)
    assert isinstance(machine, Verifications)
    return machine
