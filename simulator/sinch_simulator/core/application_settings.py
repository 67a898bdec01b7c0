"""What an application says about each product beside its calls of Voice v1: values that are replaced as a whole."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from attrs import field

from sinch_simulator.core.values import Word, frozen


class BehaviorKind(Word):
    """Who decides about a call that comes in: nobody, so that it is turned away, a webhook, or a fixed document."""

    NONE = "NONE"
    WEBHOOK = "WEBHOOK"
    STATIC = "STATIC"


@frozen
class CallBehavior:
    """What a service of Voice v2 does with a call that comes in (docs/platform/voice-v2.md#2.5)."""

    kind: BehaviorKind = BehaviorKind.NONE
    url: str | None = None
    """Of ``WEBHOOK``."""
    fallback_url: str | None = None
    svaml: Mapping[str, Any] | None = None
    """Of ``STATIC``: the document as it was given."""

    def as_json(self) -> dict[str, Any]:
        """Writes it in wire form."""
        if self.kind is BehaviorKind.STATIC:
            return {"type": "STATIC", "static": self.svaml}
        if self.kind is BehaviorKind.NONE:
            return {"type": "NONE"}
        webhook = {"url": self.url}
        return {
            "type": "WEBHOOK",
            "webhook": webhook if self.fallback_url is None else {**webhook, "fallbackUrl": self.fallback_url},
        }


class Protocol(Word):
    """Which Voice API a call that comes in speaks; ``AUTO`` leaves it to the call behavior."""

    AUTO = "auto"
    V1 = "v1"
    V2 = "v2"


@frozen
class ServiceSettings:
    """The application as a service of Voice v2."""

    name: str = ""
    call_behavior: CallBehavior = field(factory=cache(CallBehavior))
    protocol: Protocol = Protocol.AUTO
    description: str = ""
    created_ms: int = 0
    """Simulated milliseconds since the world began."""
    updated_ms: int = 0
    made_by_rest: bool = False
    """Whether it is a service that an app has made, which a reset drops."""

    @property
    def speaks_v2(self) -> bool:
        """Returns whether a call that comes in is one of Voice v2."""
        if self.protocol is Protocol.AUTO:
            return self.call_behavior.kind is not BehaviorKind.NONE
        return self.protocol is Protocol.V2


class VerificationAuth(Word):
    """The least authorization that starts a verification, from none that does to the strongest."""

    DENY = "deny"
    PUBLIC = "public"
    BASIC = "basic"
    APPLICATION = "application"


@frozen
class VerificationSettings:
    """Where verification events go (None: none is sent), who may start a verification, and in which language."""

    callback_url: str | None = None
    auth: VerificationAuth = VerificationAuth.PUBLIC
    language: str = "en-US"


class Sender(Word):
    """A sender that is not said by its number or name."""

    FIRST_NUMBER = "first number"
    """The first number that the application has when a message is sent."""


@frozen
class SmsSettings:
    """How the application sends texts, and where it hears of them.

    ``default_originator`` sends a batch that has no ``from``; None: its recipients are aborted. A sandbox application
    sends classic SMS only to ``verified_numbers``.
    """

    callback_url: str | None = None
    classic_callback_url: str | None = None
    webhook_secret: str | None = None
    """Signs the callbacks of XMS; None: they are not signed."""
    default_originator: str | Sender | None = Sender.FIRST_NUMBER
    sandbox: bool = False
    verified_numbers: tuple[str, ...] = ("+46700000009",)


@frozen
class Provisioning:
    """How many simulated milliseconds assigning a number takes, and with which error code it fails (None: not)."""

    after_ms: int = 2000
    sms: str | None = None
    voice: str | None = None


PROVISIONING_ERRORS = (
    "INTERNAL_ERROR",
    "SMS_PROVISIONING_FAILED",
    "CAMPAIGN_PROVISIONING_FAILED",
    "CAMPAIGN_NOT_AVAILABLE",
    "EXCEEDED_10DLC_LIMIT",
    "NUMBER_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_EXPIRED",
    "CAMPAIGN_MNO_REJECTED",
    "CAMPAIGN_MNO_SUSPENDED",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
    "MOCK_CAMPAIGN_NOT_ALLOWED",
    "TFN_NOT_ALLOWED",
    "INVALID_NNID",
)
"""Why assigning a number for texts may fail (docs/platform/numbers.md#4)."""
VOICE_PROVISIONING_ERRORS = ("PROVISIONING_TO_VOICE_PLATFORM_FAILED", *PROVISIONING_ERRORS)
"""Why assigning one for calls may fail."""
