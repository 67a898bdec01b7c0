"""How the journal puts what happens on a line: a kind and JSON-ready fields. Durations are seconds."""

from typing import Any, assert_never

from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.effects import (
    Accept,
    Beep,
    CloseMenu,
    Connect,
    Hush,
    Invite,
    OpenMenu,
    PhoneEffect,
    Play,
    Release,
    SendDigits,
)
from sinch_simulator.products.voice.events import (
    Answered,
    AppFailed,
    AppReplied,
    Arrived,
    Beeped,
    Commanded,
    Declined,
    DigitPressed,
    Event,
    HungUp,
    Kicked,
    Placed,
    RecordingDelivered,
    RecordingDue,
    RecordingUndelivered,
    RoomRecordingOver,
    Spoke,
    TimerFired,
    Updated,
)
from sinch_simulator.products.voice.svaml.model import name_of

Happened = PhoneEffect | Event | Callout
"""What a line may be about: what the platform does to a far end, what that or the app does, an accepted callout."""

# Without a line of its own is what other lines tell already.
_KINDS: dict[type[Happened], str] = {
    Callout: "call.placed",
    Invite: "leg.invited",
    Accept: "leg.accepted",
    Connect: "leg.connected",
    Release: "leg.released",
    Play: "prompt.started",
    Hush: "prompt.stopped",
    OpenMenu: "menu.opened",
    CloseMenu: "menu.closed",
    Beep: "beep.heard",
    SendDigits: "dtmf.sent",
    Answered: "leg.answered",
    Declined: "leg.declined",
    HungUp: "leg.hungup",
    DigitPressed: "digit.pressed",
    Spoke: "speech",
    Beeped: "beep",
    Updated: "rest.update",
    Kicked: "rest.kick",
    Commanded: "rest.command",
}


def kind_of(happened: Happened) -> str | None:
    """The kind of the line about this; None where there is none."""
    return _KINDS.get(type(happened))


def fields_of(happened: Happened) -> dict[str, Any]:
    """The fields of the line about this, JSON-ready."""
    match happened:
        case Callout():
            to = happened.destination.endpoint if happened.destination is not None else ""
            return {"method": happened.method.value, "to": to, "cli": happened.cli or ""}
        case Play():
            return _prompt(happened)
        case Invite():
            address = {"type": happened.address.kind.value, "endpoint": happened.address.endpoint}
            return {"leg": happened.leg.value, "to": address, "cli": happened.cli}
        case Accept() | Connect() | Release() | Hush() | CloseMenu() | Beep() | Beeped():
            return {"leg": happened.leg.value}
        case OpenMenu():
            return {"leg": happened.leg.value, "menuId": happened.menu_id}
        case SendDigits():
            return {"leg": happened.leg.value, "digits": happened.digits}
        case Answered():
            return {"leg": happened.leg.value, "as": happened.manner.answered_as.value}
        case Declined():
            return {"leg": happened.leg.value, "cause": happened.cause.value}
        case DigitPressed():
            return {"leg": happened.leg.value, "digit": happened.digit}
        case Spoke():
            return {"leg": happened.leg.value, "text": happened.text}
        case HungUp():
            return {"leg": happened.leg.value, "lostNetwork": happened.lost_network}
        case Updated():
            fields: dict[str, Any] = {"action": name_of(happened.svaml.action)}
            return fields if happened.leg is None else {**fields, "leg": happened.leg}
        case Commanded():
            command = {"command": happened.command.value}
            return command if happened.moh is None else {**command, "moh": happened.moh}
        case Kicked() | TimerFired() | AppReplied() | AppFailed() | Placed() | Arrived():
            return {}
        case RecordingDue() | RecordingDelivered() | RecordingUndelivered() | RoomRecordingOver():
            return {}
        case _:
            assert_never(happened)


def _prompt(effect: Play) -> dict[str, Any]:
    fields: dict[str, Any] = {"leg": effect.leg.value, "text": effect.text}
    if effect.looping:
        return {**fields, "looping": True}
    fields["seconds"] = effect.duration_ms / 1000
    if effect.spoken:
        fields["locale"] = effect.locale
    return fields
