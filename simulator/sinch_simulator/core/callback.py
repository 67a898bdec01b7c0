"""A callback to an app: what is sent, each attempt to deliver it, and what its product makes of the answer.

Values only, of every product alike. The server posts a callback and hands the answer's bytes to the product that sent
it; nothing here knows what an answer may say. Times are milliseconds, simulated unless a text says that they are real.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import Word, frozen


class Outcome(Word):
    """What came of one attempt to deliver a callback."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_STATUS = "bad-status"
    BAD_SVAML = "bad-svaml"
    """A 2xx whose SVAML is of no use."""
    BAD_ANSWER = "bad-answer"
    """A 2xx whose body is of no use where another answer than SVAML was due."""


@frozen
class About:
    """The ids that a callback, or a line of the journal, is about; None where there is none."""

    call_id: str | None = None
    session_id: str | None = None
    verification_id: str | None = None
    message_id: str | None = None
    batch_id: str | None = None
    number: str | None = None


class Signature(Protocol):
    """How a product signs its callbacks: a value that holds the secret. No secret is ever shown."""

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns the headers that make ``body`` genuine. ``path`` is the URL's; ``wall_time`` real Unix seconds.

        Raises ValueError when the secret is of no use.
        """

    def forged(self) -> "Signature":
        """Returns a signature of the same form that no app may accept."""


@frozen
class SendCallback:
    """Orders the server to post a JSON body to the app.

    When an attempt fails, ``fallback_url`` is tried at once. When that has failed too, the callback is sent again after
    each of ``retry_ms`` in turn; its product hears of the failure after the last. ``awaited`` says that the subject
    stands still until the answer is here.
    """

    id: str
    subject: str
    """The id of what it is about in its product: a call, a verification, a batch."""
    product: str
    event: str
    """The event's name on the wire: ``ice``, ``VerificationRequestEvent``."""
    about: About
    application_key: str
    url: str
    fallback_url: str | None
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()
    signature: Signature | None = None
    awaited: bool = False
    retry_ms: tuple[int, ...] = ()


@frozen
class Response:
    """What a webhook answered. ``cut`` says that its body was longer than anybody reads."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


@frozen
class Attempt:
    """One POST and what came of it. ``why`` says in words what went wrong; ``latency_ms`` is real time."""

    url: str
    headers: Mapping[str, str]
    outcome: Outcome
    latency_ms: int
    response: Response | None = None
    why: str = ""


@frozen
class Reading:
    """What a product makes of a 2xx answer to its callback.

    ``outcome`` is what the log shows. Unless ``delivered``, the answer counts as a failed attempt: the fallback URL is
    tried, then the callback is sent again. ``answer`` is handed back to the product in ``AppReplied``.
    """

    outcome: Outcome = Outcome.ANSWERED
    answer: Any = None  # each product has answers of its own
    diagnostics: tuple[Diagnostic, ...] = ()
    delivered: bool = True


@frozen
class AppReplied:
    """Tells a product that the app has answered a callback; ``answer`` is what the product read in it."""

    subject: str
    callback_id: str
    answer: Any = None  # each product has answers of its own
    diagnostics: tuple[Diagnostic, ...] = ()


@frozen
class AppFailed:
    """Tells a product that a callback got no usable answer, from its URL, its fallback URL or on any later attempt."""

    subject: str
    callback_id: str
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
