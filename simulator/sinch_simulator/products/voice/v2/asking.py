"""Where the events of a call go: to a handler in the document, to the service's webhook, or nowhere.

Source: docs/platform/voice-v2.md#3.1, docs/platform/voice-v2.md#4.5.
"""

from sinch_simulator.core.application_settings import BehaviorKind
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.ids import next_id
from sinch_simulator.products.voice.v2.callbacks.events import event_callback
from sinch_simulator.products.voice.v2.events import WEBHOOK_EVENT, EventName, MenuInput
from sinch_simulator.products.voice.v2.session import Asked, Call, Sequence, Session
from sinch_simulator.products.voice.v2.svaml.model import CallWebhook, HandlerName, Handlers
from sinch_simulator.products.voice.v2.turn import Turn
from sinch_simulator.products.voice.v2.webhook_health import MOST_FAILURES, Urls


def webhook_of(session: Session) -> Urls | None:
    """Returns the URL and the fallback URL of the service; None when it has no webhook."""
    behavior = session.application.service.call_behavior
    if behavior.kind is not BehaviorKind.WEBHOOK or behavior.url is None:
        return None
    return behavior.url, behavior.fallback_url


def tell(turn: Turn, call: Call, event: EventName, handlers: Handlers | None, name: HandlerName) -> None:
    """Lets what follows an event of a call begin: its handler, where the command had any, else the webhook's commands.

    A command with ``events`` never asks the webhook, whichever handlers they have (docs/platform/voice-v2.md#3.1).
    """
    urls = webhook_of(call.session)
    if handlers is None:
        if urls is not None:
            _send(turn, call, event.value, urls, None)
        return
    commands = handlers.get(name)
    if commands is not None:
        turn.begin(call.session, call, commands)
    elif urls is not None:
        message = f"{event.value} is not sent, because the command has events; and they have no {name.value}."
        hint = f"Add {name.value}, or leave events out to have every event of the command sent."
        turn.warn(call.id, "EVENTS_SUPPRESSED", message, hint=hint, severity=Severity.INFO)


def ask_about_caller(turn: Turn, call: Call, urls: Urls) -> None:
    """Asks the service's webhook what to do with a call that has come in."""
    _send(turn, call, EventName.INCOMING.value, urls, None, incoming=True)


def ask_about_input(turn: Turn, sequence: Sequence, call: Call, urls: Urls, pressed: MenuInput) -> None:
    """Asks the service's webhook what follows an input of a menu; the sequence is held up meanwhile."""
    _send(turn, call, EventName.MENU.value, urls, sequence, menu=pressed)


def ask_webhook(turn: Turn, sequence: Sequence, call: Call, command: CallWebhook, pressed: MenuInput | None) -> None:
    """Asks the URL of a ``webhook`` command; the sequence is held up meanwhile.

    Inside what follows an input of a menu the event tells that input too (docs/platform/voice-v2.md#3.5).
    """
    urls = (command.url, command.fallback_url)
    _send(turn, call, WEBHOOK_EVENT + command.name, urls, sequence, menu=pressed)


def _send(
    turn: Turn,
    call: Call,
    event: str,
    urls: Urls,
    sequence: Sequence | None,
    *,
    incoming: bool = False,
    menu: MenuInput | None = None,
) -> None:
    session = call.session
    application = session.application
    callback_id = next_id(application, turn.data.seed)
    route = turn.health.route(application.key, urls, turn.now)
    session.asked[callback_id] = Asked(call, sequence, incoming, urls, route.bypassed)
    turn.sessions[session.id] = session
    if route.bypassed:
        message = f"{event} goes to {route.url} at once: {urls[0]} has failed {MOST_FAILURES} times in a row."
        hint = "It is tried again every 60 s."
        turn.warn(call.id, "WEBHOOK_BYPASSED", message, hint=hint)
    turn.order(
        event_callback(
            call,
            event,
            callback_id=callback_id,
            url=route.url,
            fallback_url=route.fallback_url,
            bypassed=route.bypassed,
            awaited=incoming or sequence is not None,
            menu=menu,
            now=turn.now,
            epoch_ms=turn.data.epoch_ms,
        )
    )
