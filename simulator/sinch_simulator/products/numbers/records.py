"""Says what is known of an active number beside who has it: its names, and the assignments that are under way."""

from typing import Any, ClassVar

from attrs import field

from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, define, frozen


class ProvisioningStatus(Word):
    """How far an assignment is that was asked for (docs/platform/numbers.md#4). One that is done is shown no more."""

    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"


class VoiceType(Word):
    """What answers the calls to a number: a Voice application, a SIP trunk, or a fax service."""

    RTC = "RTC"
    EST = "EST"
    FAX = "FAX"


@frozen
class SmsTarget:
    """What shall get the texts to a number; an empty id takes what is there away, None leaves it as it is."""

    plan_id: str | None = None
    campaign_id: str | None = None


@frozen
class VoiceTarget:
    """What shall answer the calls to a number; an empty id takes away what does.

    ``id`` is the key of an application for ``RTC``, the id of a trunk or a service else.
    """

    type: VoiceType
    id: str


@define
class SmsProvisioning:
    """An assignment of texts that was asked for, and is not done. Times are simulated milliseconds."""

    target: SmsTarget
    updated_ms: int
    status: ProvisioningStatus = ProvisioningStatus.WAITING
    error_codes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Returns whether it has failed, and is only shown."""
        return self.status is ProvisioningStatus.FAILED


@define
class VoiceProvisioning:
    """An assignment of calls that was asked for, and is not done. Times are simulated milliseconds."""

    target: VoiceTarget
    updated_ms: int
    status: ProvisioningStatus = ProvisioningStatus.WAITING


@frozen
class Settings:
    """What somebody asks for a number; None leaves things as they are."""

    display_name: str | None = None
    callback_url: str | None = None
    sms: SmsTarget | None = None
    voice: VoiceTarget | None = None


@define
class NumberRecord:
    """An active number, or one that was released while its last events are on their way."""

    number: str
    application_key: str
    """Whose it is: the application that has rented it, or was made with it."""
    rented_ms: int
    active: bool = True
    display_name: str = ""
    callback_url: str = ""
    campaign_id: str = ""
    other_voice: VoiceTarget | None = None
    """The trunk or fax service that answers; a Voice application is in the pool."""
    voice_updated_ms: int | None = None
    sms: SmsProvisioning | None = None
    voice: VoiceProvisioning | None = None


# ---- what happens to a number -----------------------------------------------------------------------------------


@frozen
class NumberEvent(Happened):
    """Something that somebody does with a number by REST."""

    subject: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"number": self.subject}


@frozen
class Rented(NumberEvent):
    """A number was rented, and these settings were asked for with that."""

    journal_kind: ClassVar[str | None] = "number.rented"
    settings: Settings = field(factory=Settings)


@frozen
class Configured(NumberEvent):
    """Settings were asked for."""

    journal_kind: ClassVar[str | None] = "number.configured"
    settings: Settings = field(factory=Settings)


@frozen
class Released(NumberEvent):
    """A number was given back."""

    journal_kind: ClassVar[str | None] = "number.released"
