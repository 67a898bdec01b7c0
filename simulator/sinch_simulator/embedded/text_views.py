"""Shows text messages to programs and tests, and waits for the next one that arrives at a phone."""

from typing import Any
from urllib.parse import quote

from attrs import field, frozen

from sinch_simulator.client.errors import NotSeen
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.wait_for import until
from sinch_simulator.ladder import render

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON


@frozen
class Message:
    """A text message to, or from, one phone, as it was when it was looked at."""

    id: str
    text: str | None
    """What the phone shows; None of a binary message."""
    sender: str
    """A number with ``+``, a short code or a name."""
    to: str
    status: str
    """``Queued``, ``Dispatched``, ``Delivered``, ``Failed``, ...; ``Received`` of one that came in."""
    code: int | None
    """Goes with the status (docs/platform/sms.md#6); None of one that came in."""
    direction: str
    """``outbound``: to a phone; ``inbound``: from one."""
    channel: str
    """``sms`` or ``whatsapp``."""
    language: str | None
    """Of the text of a verification."""
    sent_at: str | None
    """Simulated, ISO 8601 in UTC."""
    batch_id: str | None
    parts: list[str]
    """The texts of the parts that it takes on the radio."""
    data: str | None
    """Of a binary message, its bytes in base64."""
    udh: str | None
    """Of a binary message, its user data header in hex."""
    verification_id: str | None
    """The verification whose text it is; None of any other."""
    timeline: list[Json] = field(repr=False)

    def ladder(self) -> str:
        """Shows what has happened to it as text, one line for each thing."""
        return render(self.timeline)


def message_of(shown: Json) -> Message:
    """Turns a message, as the control API shows it, into a ``Message``."""
    return Message(
        id=shown["id"],
        text=shown["text"],
        sender=shown["from"],
        to=shown["to"],
        status=shown["status"],
        code=shown["code"],
        direction=shown["direction"],
        channel=shown["channel"],
        language=shown["language"],
        sent_at=shown["sentAt"],
        batch_id=shown["batchId"],
        parts=shown["parts"],
        data=shown["data"],
        udh=shown["udh"],
        verification_id=shown["verificationId"],
        timeline=shown["timeline"],
    )


def messages_of(application: HostedApplication, filters: dict[str, object]) -> list[Message]:
    """Gives the texts of an application, by the filters of the control API in snake case."""
    query = {_camel_case(name): str(value) for name, value in filters.items() if value is not None}
    shown = application.read("/messages", application=application.settings.key, **query)["messages"]
    return [message_of(each) for each in shown]


async def text_in(application: HostedApplication, settings: dict[str, str | None]) -> Message:
    """Lets a text come in, and gives it; ``settings`` as ``POST /_simulator/messages`` takes them, or None."""
    application.check()
    return message_of(await application.client.text_in(settings))


def _camel_case(name: str) -> str:
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


def inbox_of(application: HostedApplication, address: str, channel: str) -> list[Message]:
    """Gives what has arrived at a phone by this channel, from this application, oldest first."""
    key = application.settings.key
    shown = application.read(f"/phones/{quote(address, safe='')}/inbox", application=key)["messages"]
    return [message_of(each) for each in shown if each["channel"] == channel and each["applicationKey"] == key]


def text_at(application: HostedApplication, address: str, channel: str, index: int) -> Message:
    """Gives one of the texts that have arrived at a phone. ``IndexError`` says what has arrived, and what may come."""
    texts = inbox_of(application, address, channel)
    try:
        return texts[index]
    except IndexError:
        sent = messages_of(application, {"to": address, "direction": "outbound", "channel": channel})
        coming = sum(each.status in ("Queued", "Dispatched") for each in sent)
        arrived = f"{address} has got {_texts(len(texts)) if texts else 'no text'}"
        expected = f"{_texts(coming)} under way: use .wait()" if coming else "none is under way"
        raise IndexError(f"there is no text [{index}]: {arrived}, {expected}") from None


def _texts(count: int) -> str:
    return f"{count} text{'' if count == 1 else 's'}"


async def next_message(application: HostedApplication, address: str, channel: str, within_s: float) -> Message:
    """Waits until a text arrives at a phone that has not been given yet, and gives that. ``NotSeen``."""
    given = application.texts_given.get((address, channel), 0)

    def arrived() -> Message | None:
        inbox = inbox_of(application, address, channel)
        return inbox[given] if len(inbox) > given else None

    found = await until(application, arrived, within_s=within_s)
    if found is None:
        raise NotSeen(f"no text arrived at {address} within {within_s:g} s of simulated time.{_sent(application)}")
    application.texts_given[address, channel] = given + 1
    return found


def _sent(application: HostedApplication) -> str:
    sent = messages_of(application, {"direction": "outbound"})
    if not sent:
        return " The application has sent none."
    lines = [f"  to {each.to}, {each.status}: {each.text}" for each in sent[-10:]]
    return "\n".join([" The application has sent:", *lines])
