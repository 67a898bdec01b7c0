"""Reads what apps answer to events: SVAML v2, or nothing. No I/O.

A 2xx answer whose body is no proper SVAML is a failed delivery: the fallback URL gets the event too
(docs/platform/voice-v2.md#4.5).
"""

from collections.abc import Iterator

from sinch_simulator.core.callback import Outcome, Reading, Response, SendCallback
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.svaml.model import Document
from sinch_simulator.products.voice.v2.svaml.reading import read_reply


def read_answer(callback: SendCallback, response: Response) -> Reading:
    """Returns what a reply with a good status says: its answer is a ``Document``."""
    if response.cut:
        message = f"the reply is longer than the {len(response.body)} bytes that are read"
        finding = Diagnostic("TOO_LONG", Severity.ERROR, "", message, "answer with SVAML only")
        return Reading(Outcome.BAD_SVAML, None, (finding,), delivered=False)
    read = read_reply(b"" if response.status == 204 else response.body)
    if read.document is None:
        return Reading(Outcome.BAD_SVAML, None, read.diagnostics, delivered=False)
    return Reading(Outcome.ANSWERED, read.document, (*read.diagnostics, *_out_of_place(callback, read.document)))


def _out_of_place(callback: SendCallback, document: Document) -> Iterator[Diagnostic]:
    """Tells of what counts only in the reply to ``call.incoming``."""
    if callback.event == EventName.INCOMING.value:
        return
    for name, given in (("callName", document.call_name), ("events", document.events)):
        if given is not None:
            message = f"{name} counts only in the reply to call.incoming: it is ignored"
            yield Diagnostic("SVAML_IGNORED", Severity.WARNING, name, message, "name a call in its dial")
