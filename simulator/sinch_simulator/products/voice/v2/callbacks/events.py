"""Events going out: the request by which an app hears what happened to a call.

The body, the headers of CloudEvents in binary mode, and the signature (docs/platform/voice-v2.md#4).
"""

from functools import lru_cache
from typing import Any

from sinch_simulator.core.callback import About, ApplicationSignature, SendCallback
from sinch_simulator.core.signing import callback_headers, decode_secret
from sinch_simulator.core.time_texts import timestamp_ms
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.v2 import NAME
from sinch_simulator.products.voice.v2.bodies import call_body
from sinch_simulator.products.voice.v2.events import MenuInput
from sinch_simulator.products.voice.v2.session import Call

EVENT_TYPE = "com.sinch.voice.call.control.v1"
HEADERS = ("ce-specversion", "ce-type", "ce-source", "ce-id", "ce-time", "content-type", "x-timestamp", "authorization")
"""What every event has: the headers of CloudEvents, and those of the signature."""


@frozen(eq=False)
class ServiceSignature(ApplicationSignature):
    """Signs with the id and the secret of a service: the same text as in Voice v1, another scheme.

    Source: docs/platform/voice-v2.md#4.4.
    """

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns content type, time stamp and authorization."""
        secret = decode_secret(self.secret or self.application.secret)
        return callback_headers(self.application.key, secret, path, body, wall_time, "service")

    def forged(self) -> "ServiceSignature":
        """Returns the same with a secret that is well formed and wrong."""
        return ServiceSignature(self.application, ApplicationSignature.forged(self).secret)


def event_callback(
    call: Call,
    event: str,
    *,
    callback_id: str,
    url: str,
    fallback_url: str | None,
    now: int,
    epoch_ms: int,
    awaited: bool,
    bypassed: bool = False,
    menu: MenuInput | None = None,
) -> SendCallback:
    """Makes the order to post an event about a call, as the call is now.

    ``callback_id`` is the event's id too, the same when it goes to the fallback. ``awaited`` says that something in
    the session stands still until the answer is here; ``bypassed`` that ``url`` is the fallback of a URL that is not
    tried at the moment.
    """
    session = call.session
    application = session.application
    body: dict[str, Any] = {"event": event, "call": call_body(call, epoch_ms, session.base_url, event=True)}
    if menu is not None:
        body["menu"] = {"menuName": menu.menu_name, "input": menu.input}
    batch_id = None if session.batch is None else session.batch.id
    return SendCallback(
        callback_id,
        call.id,
        NAME,
        event,
        About(call_id=call.id, session_id=session.id, batch_id=batch_id),
        application.key,
        url,
        fallback_url,
        body,
        headers=(
            *_headers_of(application.project.id, application.key),
            ("ce-id", callback_id),
            ("ce-time", timestamp_ms(epoch_ms + now).removesuffix("Z") + "+00:00"),
        ),
        signature=ServiceSignature(application),
        awaited=awaited,
        bypassed=bypassed,
    )


# Events wait in the journal by the thousand: they share what is the same for all of a service.
@lru_cache(maxsize=256)
def _headers_of(project_id: str, service_id: str) -> tuple[tuple[str, str], ...]:
    """Returns the headers that every event of a service has."""
    return (
        ("ce-specversion", "1.0"),
        ("ce-type", EVENT_TYPE),
        ("ce-source", f"projects/{project_id}/services/{service_id}"),
    )
