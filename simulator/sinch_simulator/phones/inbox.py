"""Text messages on their way to the phones of a world, and what has arrived there: texts, and missed calls."""

from attrs import field

from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.behaviour import NO_TEXTS, TEXTS, Declines, Persona
from sinch_simulator.phones.phonebook import normalised_address
from sinch_simulator.phones.signals import Cause, SendText, TextDelivered, TextFailed, TextReplied


@frozen
class TextDue:
    """The moment at which it shows what becomes of a text message."""

    text: SendText
    event: TextDelivered | TextFailed


@frozen
class ReceivedText:
    """A text message as it lies in an inbox, and since when."""

    text: SendText
    at_ms: int


@frozen
class MissedCall:
    """A call that rang at a phone and was not answered: who it showed, since when it is over, and how long it rang."""

    call_id: str
    cli: str
    at_ms: int
    rang_ms: int
    verification_id: str | None = None


@define
class Inboxes:
    """What has arrived at the phones of one world, oldest first."""

    _texts: list[ReceivedText] = field(factory=list)
    """Of all phones: most get one or two, and a list for each would take more than all else that is kept of a text."""
    _missed: dict[str, list[MissedCall]] = field(factory=dict)

    def keep_missed(self, address: str, missed: MissedCall) -> None:
        """Notes a call that the phone at this address has missed."""
        self._missed.setdefault(normalised_address(address), []).append(missed)

    def missed_calls(self, address: str) -> list[MissedCall]:
        """Returns the calls that this phone has missed, oldest first."""
        return list(self._missed.get(normalised_address(address), ()))

    def keep(self, text: SendText, now: int) -> None:
        """Puts a text message into the inbox of the phone that it was sent to."""
        self._texts.append(ReceivedText(text, now))

    def texts(self, address: str) -> list[ReceivedText]:
        """Returns what has arrived at this address, oldest first; nothing at a phone that got nothing."""
        wanted = normalised_address(address)
        return [each for each in self._texts if normalised_address(each.text.to) == wanted]

    def forget(self, subjects: frozenset[str]) -> None:
        """Drops these messages, and missed calls, from every inbox."""
        self._texts = [each for each in self._texts if each.text.message_id not in subjects]
        missed = {at: [each for each in box if each.call_id not in subjects] for at, box in self._missed.items()}
        self._missed = {at: kept for at, kept in missed.items() if kept}

    def clear(self) -> None:
        """Empties every inbox."""
        self._texts.clear()
        self._missed.clear()


def take_text(persona: Persona, text: SendText) -> list[tuple[int, TextDue | TextReplied]]:
    """Returns what becomes of a text message to this persona, and after how many milliseconds."""
    behaviour = persona.texts
    if behaviour is None:
        meeting = persona.meeting
        unreachable = isinstance(meeting, Declines) and meeting.cause is Cause.UNREACHABLE
        behaviour = NO_TEXTS if unreachable else TEXTS
    if behaviour.status is None:
        return []
    if behaviour.status != "Delivered":
        failed = TextFailed(text.message_id, text.to, behaviour.status, behaviour.code)
        return [(behaviour.after_ms, TextDue(text, failed))]
    due: list[tuple[int, TextDue | TextReplied]] = [
        (behaviour.after_ms, TextDue(text, TextDelivered(text.message_id, text.to)))
    ]
    if behaviour.reply is not None:
        due.append((max(behaviour.after_ms, behaviour.reply_after_ms), TextReplied(text.message_id, behaviour.reply)))
    return due
