"""How the journal puts what happens on a line: a kind and JSON-ready fields. Durations are seconds."""

from typing import Any, assert_never

from sinch_simulator.exchange.effects import (
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
from sinch_simulator.exchange.markup import name_of
from sinch_simulator.exchange.signals import (
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

Line = tuple[str, dict[str, Any]]


def line_of(effect: PhoneEffect) -> Line:
    """What the platform does to a far end."""
    leg = effect.leg.value
    match effect:
        case Play():
            fields: dict[str, Any] = {"leg": leg, "text": effect.text}
            if effect.looping:
                return "prompt.started", {**fields, "looping": True}
            fields["seconds"] = effect.duration_ms / 1000
            if effect.spoken:
                fields["locale"] = effect.locale
            return "prompt.started", fields
        case Release():
            return "leg.released", {"leg": leg}
        case Invite():
            to = {"type": effect.address.kind.value, "endpoint": effect.address.endpoint}
            return "leg.invited", {"leg": leg, "to": to, "cli": effect.cli}
        case Accept():
            return "leg.accepted", {"leg": leg}
        case Hush():
            return "prompt.stopped", {"leg": leg}
        case OpenMenu():
            return "menu.opened", {"leg": leg, "menuId": effect.menu_id}
        case CloseMenu():
            return "menu.closed", {"leg": leg}
        case Connect():
            return "leg.connected", {"leg": leg}
        case Beep():
            return "beep.heard", {"leg": leg}
        case SendDigits():
            return "dtmf.sent", {"leg": leg, "digits": effect.digits}
        case _:
            assert_never(effect)


def line_about(event: Event) -> Line | None:
    """What a far end, or the app by REST, did; None for what other lines tell already."""
    match event:
        case TimerFired() | AppReplied() | AppFailed() | Placed() | Arrived():
            return None
        case Answered():
            return "leg.answered", {"leg": event.leg.value, "as": event.manner.answered_as.value}
        case Declined():
            return "leg.declined", {"leg": event.leg.value, "cause": event.cause.value}
        case DigitPressed():
            return "digit.pressed", {"leg": event.leg.value, "digit": event.digit}
        case Spoke():
            return "speech", {"leg": event.leg.value, "text": event.text}
        case Beeped():
            return "beep", {"leg": event.leg.value}
        case HungUp():
            return "leg.hungup", {"leg": event.leg.value, "lostNetwork": event.lost_network}
        case Updated():
            fields = {"action": name_of(event.svaml.action)}
            return "rest.update", fields if event.leg is None else {**fields, "leg": event.leg}
        case Kicked():
            return "rest.kick", {}
        case Commanded():
            command = {"command": event.command.value}
            return "rest.command", command if event.moh is None else {**command, "moh": event.moh}
        case RecordingDue() | RecordingDelivered() | RecordingUndelivered() | RoomRecordingOver():
            return None
        case _:
            assert_never(event)
