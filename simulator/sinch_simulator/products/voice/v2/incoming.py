"""A call that comes in: the service turns it away, asks its webhook, or has a document for it.

Source: docs/platform/voice-v2.md#2.5, docs/platform/voice-v2.md#4.1.
"""

from collections.abc import Mapping
from typing import Any

from sinch_simulator.core.application_settings import BehaviorKind
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import Diagnose
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.v2.asking import ask_about_caller, webhook_of
from sinch_simulator.products.voice.v2.call_end import INVALID_DOCUMENT, NO_SUCH_NUMBER, TURNED_AWAY, end
from sinch_simulator.products.voice.v2.call_setup import name_is_free, note_call_of
from sinch_simulator.products.voice.v2.events import CallArrived
from sinch_simulator.products.voice.v2.session import Call
from sinch_simulator.products.voice.v2.svaml.model import Document, Origin, PhoneAddress, SipDestination
from sinch_simulator.products.voice.v2.svaml.reading import read_document
from sinch_simulator.products.voice.v2.turn import Turn


@frozen
class Incoming:
    """A call from outside as it reaches the platform. ``origin`` None: the caller hides its number."""

    to: PhoneAddress | SipDestination
    origin: Origin | None = None
    over_sip: bool = False
    assigned: bool = True
    """Whether what was dialled leads to the service."""
    base_url: str = ""
    hops: int = 0
    """How many calls through the world's own numbers led to this one."""


def meet_caller(turn: Turn, call: Call, event: CallArrived) -> None:
    """Does with a caller what the service says."""
    session = call.session
    note_call_of(turn, session)
    behavior = session.application.service.call_behavior
    urls = webhook_of(session)
    if not event.assigned:
        _answered_by_nobody(turn, call)
    elif urls is not None:
        ask_about_caller(turn, call, urls)
    elif behavior.kind is BehaviorKind.STATIC and behavior.svaml is not None:
        _obey_static(turn, call, behavior.svaml)
    else:
        message = "The service has no callBehavior: the caller is turned away, and the app hears nothing of it."
        hint = "Give the service a callBehavior of WEBHOOK or STATIC."
        turn.warn(call.id, "NO_CALLBACK_URL", message, hint=hint, severity=Severity.ERROR)
        end(turn, call, TURNED_AWAY)


def obey(turn: Turn, call: Call, document: Document) -> None:
    """Does what the service's document, or the answer to ``call.incoming``, says about a call that has come in."""
    call.events = document.events
    name = document.call_name
    if name is not None and name_is_free(turn, call, name):
        call.name = name
    if document.commands:
        turn.begin(call.session, call, document.commands)


def _obey_static(turn: Turn, call: Call, svaml: Mapping[str, Any]) -> None:
    reading = read_document(svaml)
    if reading.document is not None:
        obey(turn, call, reading.document)
        return
    for finding in reading.errors:
        turn.order(Diagnose(call.id, finding))
    end(turn, call, INVALID_DOCUMENT)


def _answered_by_nobody(turn: Turn, call: Call) -> None:
    assert isinstance(call.to, PhoneAddress | SipDestination)
    dialled = call.to.number if isinstance(call.to, PhoneAddress) else call.to.endpoint
    message = f"{dialled} is not assigned to this service: nobody answers the call, and the app hears nothing of it."
    hint = "Assign it, or dial one of the service's numbers."
    turn.warn(call.id, "NUMBER_NOT_ASSIGNED", message, hint=hint, severity=Severity.ERROR)
    end(turn, call, NO_SUCH_NUMBER)
