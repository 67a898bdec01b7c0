"""What a verification is: its request, its secret, how far it is, and the call that goes with it.

Values and one record that changes; what happens to it is in ``transitions``. Durations are milliseconds of the
simulated clock, moments are milliseconds since the world began.
"""

import attrs

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.core.values import Word, define, frozen

MOST_ATTEMPTS = 3
"""So many wrong reports end a verification (docs/platform/verification.md#4.3; *assumed*)."""
LIFE_MS = 300_000
"""How long a verification lasts of which nobody says how long (docs/platform/verification.md#7.3; *assumed*)."""
FLASH_DIAL_MS = 10_000
"""How long a flash call rings (docs/platform/verification.md#7.3; *assumed*)."""
CALLOUT_DIAL_MS = 30_000
"""How long a phone call rings before it is given up (*assumed*)."""
INTERCEPTION_S = 45
"""How long a client waits for a flash call (docs/platform/verification.md#3.4)."""
REPORT_AFTER_INTERCEPTION_S = 30
"""How much longer than that a flash call can be reported (docs/platform/verification.md#3.4; *assumed*)."""


class Method(Word):
    """How a number is verified, as the platform writes it."""

    SMS = "sms"
    FLASHCALL = "flashcall"
    CALLOUT = "callout"
    SEAMLESS = "seamless"
    WHATSAPP = "whatsapp"

    @property
    def object_name(self) -> str:
        """Returns the name of the object that goes with the method in requests and answers."""
        return "flashCall" if self is Method.FLASHCALL else self.value

    @property
    def is_text(self) -> bool:
        """Returns whether the code comes in a text."""
        return self in (Method.SMS, Method.WHATSAPP)

    @property
    def is_call(self) -> bool:
        """Returns whether a phone rings."""
        return self in (Method.FLASHCALL, Method.CALLOUT)


class CodeType(Word):
    """What a code is made of."""

    NUMERIC = "Numeric"
    ALPHA = "Alpha"
    ALPHANUMERIC = "Alphanumeric"


class State(Word):
    """What a verification waits for. On the wire all but the last are ``PENDING``."""

    NEW = "NEW"
    AWAITING_CALLBACK = "AWAITING_CALLBACK"
    AWAITING_DELIVERY = "AWAITING_DELIVERY"
    AWAITING_RING = "AWAITING_RING"
    AWAITING_ANSWER = "AWAITING_ANSWER"
    AWAITING_REPORT = "AWAITING_REPORT"
    AWAITING_DEVICE = "AWAITING_DEVICE"
    AWAITING_PIN = "AWAITING_PIN"
    ENDED = "ENDED"


class Status(Word):
    """How it stands with a verification (docs/platform/verification.md#6.1)."""

    PENDING = "PENDING"
    SUCCESSFUL = "SUCCESSFUL"
    FAIL = "FAIL"
    DENIED = "DENIED"
    ABORTED = "ABORTED"
    ERROR = "ERROR"

    @property
    def charged(self) -> bool:
        """Returns whether a verification that has ended so is paid for (docs/platform/verification.md#6.2)."""
        return self in (Status.SUCCESSFUL, Status.FAIL, Status.ABORTED)


class Reason(Word):
    """Why a verification ended as it did (docs/platform/verification.md#6.2)."""

    FRAUD = "Fraud"
    NOT_ENOUGH_CREDIT = "Not enough credit"
    BLOCKED = "Blocked"
    DENIED_BY_CALLBACK = "Denied by callback"
    INVALID_CALLBACK = "Invalid callback"
    DESTINATION_DENIED = "Destination denied"
    INTERNAL_ERROR = "Internal error"
    UNREACHABLE = "Network error or number unreachable"
    SMS_DELIVERY_FAILURE = "SMS delivery failure"
    INVALID_CLI = "Invalid CLI"
    INVALID_CODE = "Invalid code"
    EXPIRED = "Expired"
    HUNG_UP = "Hung up without entering valid code"
    FAILED_PENDING = "Failed pending"


REASONS: dict[Status, tuple[Reason, ...]] = {
    Status.DENIED: (
        Reason.FRAUD,
        Reason.NOT_ENOUGH_CREDIT,
        Reason.BLOCKED,
        Reason.DENIED_BY_CALLBACK,
        Reason.INVALID_CALLBACK,
        Reason.DESTINATION_DENIED,
    ),
    Status.ERROR: (Reason.INTERNAL_ERROR, Reason.UNREACHABLE, Reason.SMS_DELIVERY_FAILURE, Reason.FAILED_PENDING),
    Status.FAIL: (Reason.INVALID_CLI, Reason.INVALID_CODE, Reason.EXPIRED, Reason.HUNG_UP),
}
"""Which reasons go with which status; the status of ``Failed pending`` is *assumed*."""


@frozen
class Options:
    """What may be said about how a verification is done, in a request or in the reply to its event; None: not said."""

    code: str | None = None
    code_type: CodeType | None = None
    expiry_ms: int | None = None
    template: str | None = None
    """A text with ``{{CODE}}`` in it."""
    cli: str | None = None
    dial_timeout_ms: int | None = None
    interception_s: int | None = None
    locale: str | None = None
    """The language in which a code is spoken."""
    pin: str | None = None
    """Keys that the person called must press; then no code is spoken."""
    menu: str | None = None
    """What is spoken before that, with ``{pin}`` for the keys; or the name or URL of a file."""
    menu_is_file: bool = False
    pin_timeout_ms: int | None = None
    """How long to wait for the keys after that."""

    def over(self, other: "Options") -> "Options":
        """Returns these options, with those of ``other`` for what these do not say."""
        if other == NO_OPTIONS:
            return self
        said = {each.name: getattr(self, each.name) for each in attrs.fields(Options)}
        return attrs.evolve(other, **{name: value for name, value in said.items() if value not in (None, False)})


NO_OPTIONS = Options()


@frozen
class Request:
    """What the app has asked for."""

    method: Method
    number: str
    base_url: str
    """The URL of the simulator as whoever asked knows it."""
    reference: str | None = None
    custom: str | None = None
    options: Options = NO_OPTIONS
    languages: tuple[str, ...] = ()
    """Those of the header Accept-Language, the dearest first."""
    locale: str | None = None
    """``smsOptions.locale``."""

    @property
    def address(self) -> Address:
        """Returns whom it is about."""
        return Address(AddressKind.NUMBER, self.number)


@define(eq=False)
class Verification:
    """One attempt to prove that somebody has a number."""

    id: str
    application: Application
    request: Request
    started_ms: int
    expires_ms: int
    options: Options
    """What counts: the reply's over the request's."""
    state: State = State.NEW
    status: Status = Status.PENDING
    reason: Reason | None = None
    code: str | None = None
    cli: str | None = None
    """From which number a flash call comes; None before it rings."""
    language: str | None = None
    template: str | None = None
    """Of a text or a spoken code."""
    attempts: int = 0
    source: str | None = None
    call: PhoneCall | None = None
    ended_ms: int | None = None

    @property
    def method(self) -> Method:
        """Returns how the number is verified."""
        return self.request.method

    @property
    def number(self) -> str:
        """Returns whose number is verified."""
        return self.request.number

    @property
    def code_type(self) -> CodeType:
        """Returns what the code is made of."""
        return self.options.code_type or CodeType.NUMERIC

    @property
    def interception_s(self) -> int:
        """Returns for how many seconds a client waits: for a text its whole life."""
        if self.method is Method.FLASHCALL:
            return self.options.interception_s or INTERCEPTION_S
        return (self.expires_ms - self.started_ms) // 1000

    @property
    def report_s(self) -> int:
        """Returns for how many seconds after the start a flash call can be reported."""
        return (self.expires_ms - self.started_ms) // 1000

    @property
    def secret(self) -> str | None:
        """Returns what must be reported; None while there is nothing to report."""
        return self.cli if self.method is Method.FLASHCALL else self.code


def life_ms(method: Method, options: Options) -> int:
    """Returns how long a verification with these options lasts (docs/platform/verification.md#7.3)."""
    if method is Method.FLASHCALL:
        return ((options.interception_s or INTERCEPTION_S) + REPORT_AFTER_INTERCEPTION_S) * 1000
    return options.expiry_ms or LIFE_MS
