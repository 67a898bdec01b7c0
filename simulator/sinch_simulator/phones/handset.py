"""What is on a phone beside its calls: texts, an app that reports codes, a SIM for mobile data, missed calls."""

from collections.abc import Sequence

from sinch_simulator.core.schema.words import closest
from sinch_simulator.phones.app_signals import AppOrder, AppReported, MissCall, MobileDataUsed, ShowToApp, UseMobileData
from sinch_simulator.phones.behaviour import CARRIER, WIFI, Persona
from sinch_simulator.phones.inbox import Inboxes, MissedCall, TextDue, take_text
from sinch_simulator.phones.signals import Cause, Declined, LegName, SendText, TextReplied

RIGHT, WRONG = "right", "wrong"
INTERCEPTED = "intercepted"

Acts = Sequence[tuple[int, AppReported | MobileDataUsed | Declined | TextDue | TextReplied]]
"""What a phone does, and after how many milliseconds."""


def obey(order: SendText | AppOrder, persona: Persona, inboxes: Inboxes, now: int) -> Acts:
    """Does what a product has ordered of the phone of this persona, and returns what the phone will do."""
    if isinstance(order, SendText):
        return take_text(persona, order)
    if isinstance(order, MissCall):
        missed = MissedCall(order.subject, order.cli, now, order.rang_ms, order.subject)
        inboxes.keep_missed(order.to, missed)
        return []
    if isinstance(order, UseMobileData):
        return [(0, MobileDataUsed(order.subject, _sim(persona, order.to)))]
    return _show(order, persona)


def _sim(persona: Persona, own: str) -> str | None:
    if persona.data == WIFI:
        return None
    return own if persona.data == CARRIER else persona.data


def _show(order: ShowToApp, persona: Persona) -> Acts:
    app = persona.app
    if app is None:
        return []
    reported = order.secret if app.reports == RIGHT else app.reports
    if app.reports == WRONG:
        reported = wrong_secret(order.secret)
    acts: list[tuple[int, AppReported | Declined]] = [(app.after_ms, AppReported(order.subject, reported, app.source))]
    if order.rings and app.source == INTERCEPTED:
        acts.insert(0, (0, Declined(order.subject, LegName.CALLEE, Cause.REJECTED)))
    return acts


def misspelt_secret(text: str) -> str:
    """Returns ``did you mean "right"?`` for a text that is nearly ``right`` or ``wrong``, else an empty text."""
    meant = closest(text, (RIGHT, WRONG), likeness=0.75)
    return "" if meant in (None, text) else f'did you mean "{meant}"?'


def wrong_secret(right: str) -> str:
    """Returns a code, or a number, of the same form that is not right: what somebody types who misreads it."""
    last = right[-1:]
    if last.isdigit():
        return right[:-1] + ("1" if last == "0" else "0")
    return right[:-1] + ("B" if last == "A" else "A")
