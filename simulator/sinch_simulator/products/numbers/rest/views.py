"""Shows available and active numbers as the Numbers API does (docs/platform/numbers.md#3)."""

from calendar import monthrange
from datetime import UTC, datetime
from typing import Any

from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.numbering_plan import NumberKind, NumberType, kind_of
from sinch_simulator.core.time_texts import timestamp_ms
from sinch_simulator.products.numbers.machine import NumbersMachine
from sinch_simulator.products.numbers.records import (
    NumberRecord,
    SmsProvisioning,
    VoiceProvisioning,
    VoiceTarget,
    VoiceType,
)

Json = dict[str, Any]  # what goes out as JSON

INTERVAL_MONTHS = 1
"""For how long the price of a number is paid."""


def time_text(unix_ms: int) -> str:
    """Writes a moment as the Numbers API does: RFC 3339 in UTC with microseconds."""
    return timestamp_ms(unix_ms)[:-1] + "000Z"


def money(cents: int) -> Json:
    """Writes an amount of cents; ``amount`` is a text here."""
    return {"currencyCode": "EUR", "amount": f"{cents // 100}.{cents % 100:02}"}


def region_and_type(number: str) -> tuple[str, NumberType]:
    """Returns the country and the type of any number; LOCAL where nothing says that it is a mobile's."""
    kind = kind_of(number)
    if kind is not None:
        return kind.region_code, kind.type
    facts = describe(number)
    return facts.country, NumberType.MOBILE if facts.kind == "Mobile" else NumberType.LOCAL


def available_view(kind: NumberKind, number: str) -> Json:
    """Shows a number that can be rented."""
    return {
        "phoneNumber": number,
        "regionCode": kind.region_code,
        "type": kind.type.value,
        "capability": [each.name for each in kind.capabilities],
        "setupPrice": money(kind.setup_price),
        "monthlyPrice": money(kind.monthly_price),
        "paymentIntervalMonths": INTERVAL_MONTHS,
        "supportingDocumentationRequired": False,
    }


def active_view(machine: NumbersMachine, record: NumberRecord, *, expires: bool = False) -> Json:
    """Shows an active number; with ``expires`` one that is being released, which is good until the next charge."""
    kind = kind_of(record.number)
    region, type_ = region_and_type(record.number)
    epoch_ms = machine.data.epoch_ms
    next_charge = _a_month_later(epoch_ms + record.rented_ms)
    return {
        "phoneNumber": record.number,
        "projectId": machine.data.applications[record.application_key].project.id,
        "displayName": record.display_name,
        "regionCode": region,
        "type": type_.value,
        "capability": [each.name for each in machine.capabilities_of(record.number)],
        "money": money(0 if kind is None else kind.monthly_price),
        "paymentIntervalMonths": INTERVAL_MONTHS,
        "nextChargeDate": next_charge,
        "expireAt": next_charge if expires else None,
        "smsConfiguration": {
            "servicePlanId": machine.plan_of(record.number),
            "campaignId": record.campaign_id,
            "scheduledProvisioning": None if record.sms is None else sms_provisioning(record.sms, epoch_ms),
        },
        "voiceConfiguration": {
            **_voice_ids(machine.voice_of(record)),
            "lastUpdatedTime": None
            if record.voice_updated_ms is None
            else time_text(epoch_ms + record.voice_updated_ms),
            "scheduledVoiceProvisioning": None if record.voice is None else voice_provisioning(record.voice, epoch_ms),
        },
        "callbackUrl": record.callback_url,
    }


def sms_provisioning(under_way: SmsProvisioning, epoch_ms: int) -> Json:
    """Shows an assignment of texts that is not done."""
    return {
        "servicePlanId": under_way.target.plan_id or "",
        "campaignId": under_way.target.campaign_id or "",
        "status": under_way.status.value,
        "lastUpdatedTime": time_text(epoch_ms + under_way.updated_ms),
        "errorCodes": list(under_way.error_codes),
    }


def voice_provisioning(under_way: VoiceProvisioning, epoch_ms: int) -> Json:
    """Shows an assignment of calls that is not done."""
    return {
        **_voice_ids(under_way.target),
        "status": under_way.status.value,
        "lastUpdatedTime": time_text(epoch_ms + under_way.updated_ms),
    }


def _voice_ids(target: VoiceTarget | None) -> Json:
    type_ = VoiceType.RTC if target is None else target.type
    ids = {VoiceType.RTC: "appId", VoiceType.EST: "trunkId", VoiceType.FAX: "serviceId"}
    return {
        "type": type_.value,
        **{name: target.id if target is not None and each is type_ else "" for each, name in ids.items()},
    }


def _a_month_later(unix_ms: int) -> str:
    """Returns the same moment of the next month, on its last day where it has no such day."""
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC)
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    later = moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
    return time_text(int(later.timestamp()) * 1000 + unix_ms % 1000)
