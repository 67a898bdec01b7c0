"""A callback to an app: what is sent, each attempt to deliver it, and what its product makes of the answer.

Values only, of every product alike. The server posts a callback and hands the answer's bytes to the product that sent
it; nothing here knows what an answer may say. Times are milliseconds, simulated unless a text says that they are real.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar, Protocol

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.signing import callback_headers, decode_secret, fold_headers, string_to_sign
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

    def in_words(self) -> str:
        """Returns what it is about in words: ``call 1234``. The most particular id counts."""
        for word, value in (
            ("call", self.call_id),
            ("verification", self.verification_id),
            ("message", self.message_id),
            ("batch", self.batch_id),
            ("session", self.session_id),
            ("number", self.number),
        ):
            if value is not None:
                return f"{word} {value}"
        return "nothing in particular"


class Signature(Protocol):
    """How a callback is signed: a value that holds the secret. Each product may have a form of its own."""

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns the headers that make ``body`` genuine, its content type among them.

        ``path`` is the URL's, ``wall_time`` real Unix seconds. Raises ValueError when the secret is of no use.
        """

    def signed(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Returns the text that a signature of ``body`` with these headers is made over: what the app must make too."""

    def forged(self) -> "Signature":
        """Returns a signature of the same form that no app may accept."""


@frozen(eq=False)
class ApplicationSignature:
    """Signs with the key and the base64 secret that an application has by then (docs/platform/auth.md#5)."""

    application: Application
    secret: str | None = None
    """What is used in place of the application's own."""

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns content type, time stamp and authorization."""
        secret = decode_secret(self.secret or self.application.secret)
        return callback_headers(self.application.key, secret, path, body, wall_time)

    def signed(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Returns the five lines (docs/platform/auth.md#5)."""
        folded = fold_headers(headers)
        return string_to_sign("POST", body, folded.get("content-type", ""), folded.get("x-timestamp", ""), path)

    def forged(self) -> "ApplicationSignature":
        """Returns the same with a secret that is well formed and wrong."""
        return ApplicationSignature(self.application, "bm90IHRoZSByaWdodCBzZWNyZXQ=")


@frozen
class Retry:
    """When a callback that nobody took is sent again: so long after each failure in turn, on the simulated clock.

    An answer with one of the statuses ``never_after`` ends it at once.
    """

    after_ms: tuple[int, ...] = ()
    never_after: frozenset[int] = frozenset()


NO_RETRY = Retry()


@frozen
class SendCallback(Happened):
    """Orders the server to post a JSON body to the app.

    When an attempt fails, ``fallback_url`` is tried at once. When that has failed too, ``retry`` says whether it is
    sent again; its product hears of the failure after the last attempt. ``awaited`` says that the subject stands still
    until the answer is here; ``if_lost`` is what to tell the developer when nobody has taken it.
    """

    journal_kind: ClassVar[str | None] = "callback.sent"
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
    holds_request: bool = False
    """Whether a request of the app waits for the answer, which therefore counts as soon as it is here."""
    retry: Retry = NO_RETRY
    if_lost: Diagnostic | None = None
    attempt: int = 1
    """The number of the next attempt; more than 1 when it is sent again."""
    bypassed: bool = False
    """Whether ``url`` is the fallback because the product no longer trusts the first one."""

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        fields: dict[str, Any] = {"callbackId": self.id, "event": self.event, "url": self.url, "body": self.body}
        return fields if self.attempt == 1 else {**fields, "attempt": self.attempt}


@frozen
class Response:
    """What a webhook answered. ``cut`` says that its body was longer than anybody reads.

    ``endless`` says that such a body still went on when it was given up, and that nothing had said how long it is.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False
    endless: bool = False
    afterwards: Callable[[], Coroutine[Any, Any, str]] | None = None
    """Of an app of this process, what it does once its answer counts: it waits until this is called.

    What comes of that is the traceback of what has failed, "" when nothing has.
    """


@frozen
class Attempt:
    """One POST and what came of it.

    ``why`` says in words what went wrong, ``hint`` what would be right, where that is known; ``latency_ms`` is real.
    """

    url: str
    headers: Mapping[str, str]
    outcome: Outcome
    latency_ms: int
    response: Response | None = None
    why: str = ""
    hint: str = ""


@frozen
class Reading:
    """What a product makes of a 2xx answer to its callback.

    ``outcome`` is what the log shows. Unless ``delivered``, the answer counts as a failed attempt: the fallback URL is
    tried, then the callback may be sent again. ``answer`` is handed back to the product in ``AppReplied``.
    """

    outcome: Outcome = Outcome.ANSWERED
    answer: Any = None  # each product has answers of its own
    diagnostics: tuple[Diagnostic, ...] = ()
    delivered: bool = True


@frozen
class AppReplied(Happened):
    """Tells a product that the app has answered a callback; ``answer`` is what the product read in it."""

    subject: str
    callback_id: str
    answer: Any = None  # each product has answers of its own
    diagnostics: tuple[Diagnostic, ...] = ()
    by_fallback: bool = False
    """Whether it was the fallback URL that answered, after the first one had failed."""


@frozen
class AppFailed(Happened):
    """Tells a product that a callback got no usable answer: not from its URL, its fallback, or on a later attempt."""

    subject: str
    callback_id: str
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
    response: Response | None = None
    """What the app answered last; None when it answered nothing."""


def outcome_fields(outcome: Outcome, response: Response | None) -> dict[str, Any]:
    """Returns what the journal tells of a failed callback: the outcome, the status, and the app's own words."""
    fields: dict[str, Any] = {"outcome": outcome.value}
    if response is not None:
        fields["status"] = response.status
        if response.body:
            fields["reply"] = response.body.decode("utf-8", "replace")
    return fields
