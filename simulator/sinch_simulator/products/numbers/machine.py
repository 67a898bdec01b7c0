"""Runs the numbers of one world: assignments that take time and may fail, and the events that tell of them.

Who has a number, and whom it is assigned to, is in the pool that all products share (``core/numbers``).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, Reading, Response, Retry, SendCallback
from sinch_simulator.core.effects import CancelTimer, SetTimer, TimerFired
from sinch_simulator.core.ids import next_id, next_ulid
from sinch_simulator.core.numbering_plan import kind_of
from sinch_simulator.core.numbers import Capability, NumberPool, Rental
from sinch_simulator.core.product import Forgotten, WorldData
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.core.values import define
from sinch_simulator.products.numbers import NAME
from sinch_simulator.products.numbers.callbacks import HexSha1Signature, Platform, event_body
from sinch_simulator.products.numbers.lines import assigned, failed, in_words, relinked, unassigned
from sinch_simulator.products.numbers.records import (
    Configured,
    NumberRecord,
    ProvisioningStatus,
    Released,
    Rented,
    Settings,
    SmsProvisioning,
    SmsTarget,
    VoiceProvisioning,
    VoiceTarget,
    VoiceType,
)

_SMS, _VOICE = "sms", "voice"
# As SMS does (docs/platform/numbers.md#5): after 5, 10 and 20 seconds.
_RETRY = Retry((5_000, 10_000, 20_000))
_VOICE_FAILED = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"
_SMS_FAILED = "SMS_PROVISIONING_FAILED"
_ABOUT_CAMPAIGNS = frozenset(
    {"EXCEEDED_10DLC_LIMIT", "MNO_SHARING_ERROR", "MOCK_CAMPAIGN_NOT_ALLOWED", "TFN_NOT_ALLOWED", "INVALID_NNID"}
)


@define
class NumbersMachine:
    """The numbers of a world. Records are kept once something is done; those of released numbers stay for a while."""

    data: WorldData
    records: dict[str, NumberRecord] = field(factory=dict)

    @property
    def subjects(self) -> Collection[str]:
        """Returns the numbers with which somebody has done something."""
        return self.records

    @property
    def pool(self) -> NumberPool:
        """Returns who has which number."""
        return self.data.pool

    # ---- what there is

    def active(self, number: str) -> NumberRecord | None:
        """Returns the record of a number that an application here has rented or was made with; None for no such."""
        holder = self.pool.holder(number)
        if holder is None:
            return None
        record = self.records.get(number)
        if record is None or not record.active or record.application_key != holder.key:
            rental = self.pool.rentals.get(number)
            record = NumberRecord(number, holder.key, 0 if rental is None else rental.at_ms)
        return record

    def keep(self, record: NumberRecord) -> None:
        """Keeps the record of an active number, to which something happens from now on."""
        self.records[record.number] = record

    def numbers_of(self, project_id: str) -> Iterator[NumberRecord]:
        """Gives the active numbers of a project."""
        for application in self.data.applications.values():
            if application.project.id == project_id:
                yield from self.held_by(application)

    def held_by(self, application: Application) -> Iterator[NumberRecord]:
        """Gives the active numbers of an application: those that it was made with, then those that it has rented."""
        rented = [each.number for each in self.pool.rentals.values() if each.application_key == application.key]
        for number in (*application.own_numbers, *rented):
            record = self.active(number)
            assert record is not None, "it is held"
            yield record

    def plan_of(self, number: str) -> str:
        """Returns the service plan that texts to a number go to; an empty text for none."""
        owner = self.pool.sms_owner(number)
        return "" if owner is None else owner.service_plan_id

    def voice_of(self, record: NumberRecord) -> VoiceTarget | None:
        """Returns what answers the calls to a number now; None when nothing does."""
        owner = self.pool.voice_owner(record.number)
        return record.other_voice if owner is None else VoiceTarget(VoiceType.RTC, owner.key)

    def capabilities_of(self, number: str) -> tuple[Capability, ...]:
        """Returns what a number can do; one that an application was made with can do everything."""
        kind = kind_of(number) if number in self.pool.rentals else None
        return (Capability.SMS, Capability.VOICE) if kind is None else kind.capabilities

    def rent(self, application: Application, number: str, now: int) -> None:
        """Lets an application rent a number that is free."""
        self.pool.rent(Rental(number, application.key, now))
        self.keep(NumberRecord(number, application.key, now))

    # ---- what happens

    def receive(self, event: Any, now: int) -> list[Any]:
        """Lets an event happen to a number, and returns what follows."""
        record = self.records[event.subject]
        match event:
            case Rented(settings=settings) | Configured(settings=settings):
                return self._configure(record, settings, now)
            case Released():
                return self._release(record, now)
            case TimerFired(timer=timer) if timer == _SMS:
                return self._go_on_with_sms(record, now)
            case TimerFired():
                return self._go_on_with_voice(record, now)
            case _:  # an app has answered an event, or has not: nothing depends on it
                return []

    def _configure(self, record: NumberRecord, settings: Settings, now: int) -> list[Any]:
        if settings.display_name is not None:
            record.display_name = settings.display_name
        if settings.callback_url is not None:
            record.callback_url = settings.callback_url
        effects: list[Any] = []
        if settings.sms is not None:
            effects += self._ask_for_sms(record, settings.sms, now)
        if settings.voice is not None:
            effects += self._ask_for_voice(record, settings.voice, now)
        return effects

    def _release(self, record: NumberRecord, now: int) -> list[Any]:
        record.sms = record.voice = None
        effects: list[Any] = [CancelTimer(record.number, _SMS), CancelTimer(record.number, _VOICE)]
        effects += self._unlink_sms(record, SmsTarget("", ""), now)
        effects += self._unlink_voice(record, now)
        self.pool.give_back(record.number)
        record.active = False
        return effects

    # ---- texts

    def _ask_for_sms(self, record: NumberRecord, target: SmsTarget, now: int) -> list[Any]:
        """Takes the place of what waits so far, but for an id that is left as it is."""
        if target == SmsTarget():
            return []
        effects = self._unlink_sms(record, target, now)
        waiting = record.sms.target if record.sms is not None and not record.sms.failed else SmsTarget()
        plan_id = self.plan_of(record.number)
        wanted = SmsTarget(
            _wanted(target.plan_id, plan_id, waiting.plan_id),
            _wanted(target.campaign_id, record.campaign_id, waiting.campaign_id),
        )
        if wanted == SmsTarget():
            record.sms = None
            return [*effects, CancelTimer(record.number, _SMS)]
        if plan_id and target.plan_id is not None and wanted.plan_id is not None:
            effects.append(relinked(record.number, f"service plan {plan_id}"))
        record.sms = SmsProvisioning(wanted, now)
        return [*effects, self._half_later(record, _SMS)]

    def _unlink_sms(self, record: NumberRecord, target: SmsTarget, now: int) -> list[Any]:
        """Takes away at once what is asked for with an empty id."""
        effects: list[Any] = []
        present = self.plan_of(record.number)
        if target.plan_id == "" and present:
            self.pool.unassign(record.number, Capability.SMS)
            effects.append(unassigned(record.number, f"service plan {present}"))
            effects += self._tell(record, "DEPROVISIONING_FROM_", Platform.SMS, now)
        if target.campaign_id == "" and record.campaign_id:
            record.campaign_id = ""
            effects += self._tell(record, "DEPROVISIONING_FROM_", Platform.CAMPAIGN, now)
        return effects

    def _go_on_with_sms(self, record: NumberRecord, now: int) -> list[Any]:
        under_way = record.sms
        assert under_way is not None, "its timer goes with it"
        under_way.updated_ms = now
        if under_way.status is ProvisioningStatus.WAITING:
            under_way.status = ProvisioningStatus.IN_PROGRESS
            return [self._half_later(record, _SMS)]
        code, why = self._sms_trouble(record, under_way.target)
        if code is not None:
            under_way.status, under_way.error_codes = ProvisioningStatus.FAILED, (code,)
            campaign = under_way.target.campaign_id is not None and (
                code.startswith("CAMPAIGN") or code in _ABOUT_CAMPAIGNS or under_way.target.plan_id is None
            )
            platform = Platform.CAMPAIGN if campaign else Platform.SMS
            return [failed(record.number, code, why), *self._tell(record, "PROVISIONING_TO_", platform, now, code)]
        record.sms = None
        return self._link_sms(record, under_way.target, now)

    def _sms_trouble(self, record: NumberRecord, target: SmsTarget) -> tuple[str | None, str]:
        """Returns the code with which an assignment of texts fails, None when it does not, and the reason.

        The reason is empty when the application's settings order it.
        """
        if Capability.SMS not in self.capabilities_of(record.number):
            return _SMS_FAILED, "it takes no texts: its only capability is VOICE"
        if target.plan_id is not None and self._application_of_plan(target.plan_id) is None:
            return _SMS_FAILED, f"there is no service plan {target.plan_id} in this account"
        return self.data.applications[record.application_key].provisioning.sms, ""

    def _link_sms(self, record: NumberRecord, target: SmsTarget, now: int) -> list[Any]:
        effects: list[Any] = []
        if target.plan_id is not None:
            if self.plan_of(record.number):
                effects += self._tell(record, "DEPROVISIONING_FROM_", Platform.SMS, now)
            application = self._application_of_plan(target.plan_id)
            assert application is not None, "it was looked for"
            self.pool.assign(record.number, application, Capability.SMS)
            effects.append(assigned(record.number, f"service plan {target.plan_id}"))
            effects += self._tell(record, "PROVISIONING_TO_", Platform.SMS, now)
        if target.campaign_id is not None:
            if record.campaign_id:
                effects += self._tell(record, "DEPROVISIONING_FROM_", Platform.CAMPAIGN, now)
            record.campaign_id = target.campaign_id
            effects += self._tell(record, "PROVISIONING_TO_", Platform.CAMPAIGN, now)
        return effects

    def _application_of_plan(self, plan_id: str) -> Application | None:
        return next((each for each in self.data.applications.values() if each.service_plan_id == plan_id), None)

    # ---- calls

    def _ask_for_voice(self, record: NumberRecord, target: VoiceTarget, now: int) -> list[Any]:
        if not target.id:
            record.voice = None
            return [CancelTimer(record.number, _VOICE), *self._unlink_voice(record, now)]
        present = self.voice_of(record)
        if present is not None and _same(present, target):
            record.voice = None
            return [CancelTimer(record.number, _VOICE)]
        effects: list[Any] = []
        if present is not None:
            effects.append(relinked(record.number, in_words(present)))
        record.voice = VoiceProvisioning(target, now)
        return [*effects, self._half_later(record, _VOICE)]

    def _unlink_voice(self, record: NumberRecord, now: int) -> list[Any]:
        present = self.voice_of(record)
        if present is None:
            return []
        self.pool.unassign(record.number, Capability.VOICE)
        record.other_voice, record.voice_updated_ms = None, now
        told = self._tell(record, "DEPROVISIONING_FROM_", Platform.VOICE, now)
        return [unassigned(record.number, in_words(present)), *told]

    def _go_on_with_voice(self, record: NumberRecord, now: int) -> list[Any]:
        under_way = record.voice
        assert under_way is not None, "its timer goes with it"
        under_way.updated_ms = now
        if under_way.status is ProvisioningStatus.WAITING:
            under_way.status = ProvisioningStatus.IN_PROGRESS
            return [self._half_later(record, _VOICE)]
        code, why = self._voice_trouble(record, under_way.target)
        if code is not None:
            under_way.status = ProvisioningStatus.FAILED
            return [
                failed(record.number, code, why),
                *self._tell(record, "PROVISIONING_TO_", Platform.VOICE, now, code),
            ]
        record.voice = None
        return self._link_voice(record, under_way.target, now)

    def _voice_trouble(self, record: NumberRecord, target: VoiceTarget) -> tuple[str | None, str]:
        """Returns the same for an assignment of calls."""
        if target.type is VoiceType.RTC and self._application_of_key(target.id) is None:
            return _VOICE_FAILED, f"there is no application with the key {target.id} in this account"
        return self.data.applications[record.application_key].provisioning.voice, ""

    def _link_voice(self, record: NumberRecord, target: VoiceTarget, now: int) -> list[Any]:
        effects = self._unlink_voice(record, now)
        application = self._application_of_key(target.id) if target.type is VoiceType.RTC else None
        if application is None:
            record.other_voice = target
        else:
            self.pool.assign(record.number, application, Capability.VOICE)
        record.voice_updated_ms = now
        effects.append(assigned(record.number, in_words(target)))
        return [*effects, *self._tell(record, "PROVISIONING_TO_", Platform.VOICE, now)]

    def _application_of_key(self, key: str) -> Application | None:
        wanted = normalise_key(key)
        return next((each for each in self.data.applications.values() if normalise_key(each.key) == wanted), None)

    # ---- telling

    def _half_later(self, record: NumberRecord, timer: str) -> SetTimer:
        """Sets the timer of an assignment for half of the time that it takes."""
        under_way = record.sms if timer == _SMS else record.voice
        assert under_way is not None
        after_ms = self.data.applications[record.application_key].provisioning.after_ms
        first = after_ms // 2
        return SetTimer(
            record.number, timer, first if under_way.status is ProvisioningStatus.WAITING else after_ms - first
        )

    def _tell(
        self, record: NumberRecord, what: str, platform: Platform, now: int, failure_code: str | None = None
    ) -> list[Any]:
        """Makes the event of this name, where the number has a callback URL."""
        if not record.callback_url:
            return []
        application = self.data.applications[record.application_key]
        project, seed, unix_ms = application.project, self.data.seed, self.data.epoch_ms + now
        event = what + platform.value
        body = event_body(
            event_id=next_ulid(application, seed, unix_ms).lower(),
            event=event,
            project_id=project.id,
            number=record.number,
            unix_ms=unix_ms,
            failure_code=failure_code,
        )
        return [
            SendCallback(
                next_id(application, seed),
                record.number,
                NAME,
                event,
                self.about(record.number),
                application.key,
                record.callback_url,
                fallback_url=None,
                body=body,
                signature=HexSha1Signature(project.hmac_secret) if project.hmac_secret else None,
                retry=_RETRY,
            )
        ]

    # ---- what the world asks

    def read_answer(self, callback: SendCallback, response: Response) -> Reading:
        """Returns that any 2xx answer will do; nothing is read in it."""
        return Reading()

    def answer_fields(self, answer: Any) -> dict[str, Any]:
        """Returns nothing: an answer says nothing."""
        return {}

    def about(self, subject: str) -> About:
        """Returns the ids by which a number is shown and looked for."""
        return About(number=subject)

    def owner(self, subject: str) -> str:
        """Returns the key of the application that a number belongs to."""
        return self.records[subject].application_key

    def forget(self, application_key: str) -> Forgotten:
        """Drops what is known of the numbers of an application."""
        return self._drop({each.number for each in self.records.values() if each.application_key == application_key})

    def drop(self, subjects: Collection[str]) -> Forgotten:
        """Drops what is known of these numbers, but for those that somebody has rented again."""
        return self._drop({each for each in subjects if each in self.records and not self.records[each].active})

    def _drop(self, numbers: Iterable[str]) -> Forgotten:
        dropped = frozenset(numbers)
        for number in dropped:
            del self.records[number]
        return Forgotten(dropped)


def machine_of(world: SimulatedWorld) -> NumbersMachine:
    """Returns the numbers of a world."""
    machine = world.machine(NAME)
    assert isinstance(machine, NumbersMachine)
    return machine


def _wanted(target: str | None, present: str, waiting: str | None) -> str | None:
    """Returns which id shall be assigned after a while; None for none."""
    if target is None:
        return waiting
    return None if target in ("", present) else target


def _same(present: VoiceTarget, target: VoiceTarget) -> bool:
    if present.type is not target.type:
        return False
    if target.type is VoiceType.RTC:
        return normalise_key(present.id) == normalise_key(target.id)
    return present.id == target.id
