"""Names what is in a world's timetable, for people."""

from typing import Any

from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.effects import SetTimer
from sinch_simulator.phones.inbox import TextDue
from sinch_simulator.phones.phone import Wake


def what_happens(item: Any) -> tuple[str, str]:  # each product has events of its own
    """Returns what happens when this is due, and to which subject.

    It is the name of a timer, or ``phone``, ``text``, ``callback`` or ``event``.
    """
    if isinstance(item, SetTimer):
        return item.timer, item.subject
    if isinstance(item, Wake):
        return "phone", item.call_id
    if isinstance(item, TextDue):
        return "text", item.event.subject
    return "callback" if isinstance(item, SendCallback) else "event", item.subject
