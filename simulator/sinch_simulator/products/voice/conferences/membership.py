"""A call in a conference: it joins, its keys are heard by the others or collected, it steps aside and leaves.

What the others notice is the room's business (``conference.py``); this is what the call itself does
(docs/platform/svaml.md#3.5).
"""

from sinch_simulator.core.effects import CancelTimer, Log, SetTimer, TimerFired
from sinch_simulator.phones.signals import DigitPressed
from sinch_simulator.products.voice.call import Attendance, Call, CallState, Timer
from sinch_simulator.products.voice.call_end import end, release
from sinch_simulator.products.voice.callbacks.rules import is_data_call, tell
from sinch_simulator.products.voice.effects import (
    ComeBack,
    Command,
    Effect,
    Join,
    Leave,
    MenuResult,
    PassTone,
    RecordRoom,
    StepAside,
)
from sinch_simulator.products.voice.events import CallbackEvent, Commanded, Kicked, RoomKey
from sinch_simulator.products.voice.run_instructions import answer
from sinch_simulator.products.voice.svaml.model import ConferenceDtmfMode, ConnectConf


def attend(call: Call, action: ConnectConf, now: int) -> list[Effect]:
    """Joins a room, out of whichever room the call is in. A second party of the call is let go (*assumed*)."""
    effects = [*leave_room(call), *release(call, call.other), *answer(call, now)]
    room = RoomKey(call.application.key, call.setup.region, action.conference_id)
    address = call.party.address
    call.attendance = Attendance(room, action)
    call.program = None
    call.state = CallState.IN_CONFERENCE
    cli = call.cli if address is None else address.endpoint
    effects.append(Join(call.id, room, call.party.name, cli, action.moh))
    if action.record is not None:
        effects.append(RecordRoom(call.id, room, action.record))
    return effects


def step_aside(call: Call) -> list[Effect]:
    """Steps aside for a message or a menu of the app; digits that it was typing are dropped."""
    assert call.attendance is not None
    effects: list[Effect] = [StepAside(call.id, call.attendance.room)]
    if call.attendance.digits:
        call.attendance.digits = ""
        effects.append(CancelTimer(call.id, Timer.DIGITS))
    return effects


def come_back(call: Call) -> list[Effect]:
    """Comes back when the message or menu is over."""
    assert call.attendance is not None
    call.state = CallState.IN_CONFERENCE
    return [ComeBack(call.id, call.attendance.room)]


def leave_room(call: Call) -> list[Effect]:
    """Goes for good, if the call is in a room at all."""
    if call.attendance is None:
        return []
    room, call.attendance = call.attendance.room, None
    return [Leave(call.id, room), CancelTimer(call.id, Timer.DIGITS)]


def press_in_room(call: Call, event: DigitPressed, now: int) -> list[Effect]:
    """Takes a key: the others hear its tone, or it is collected for the app.

    A phone sends its keys as sound, so that those of a room that ignores them are heard as well.
    """
    attendance = call.attendance
    assert attendance is not None
    dtmf = attendance.action.dtmf
    match dtmf.mode:
        case ConferenceDtmfMode.IGNORE | ConferenceDtmfMode.FORWARD:
            return [PassTone(call.id, attendance.room, event.digit)]
        case ConferenceDtmfMode.DETECT:
            return _collect(call, attendance, event.digit)


def _collect(call: Call, attendance: Attendance, digit: str) -> list[Effect]:
    """``#`` ends a row of digits; where one digit is asked for it is one like any other.

    Source: docs/platform/svaml.md#3.5; *assumed*.
    """
    dtmf = attendance.action.dtmf
    ends = digit == "#" and dtmf.max_digits > 1
    if not ends:
        attendance.digits += digit
    if ends or len(attendance.digits) >= dtmf.max_digits:
        return [CancelTimer(call.id, Timer.DIGITS), *_report(call, attendance)]
    return [SetTimer(call.id, Timer.DIGITS, dtmf.timeout_ms)]


def stop_typing(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Counts what was typed, because no further digit has come in time."""
    assert call.attendance is not None
    return _report(call, call.attendance)


def _report(call: Call, attendance: Attendance) -> list[Effect]:
    """Tell the app, which need not say anything. Who asks for detection asks for PIE, without enablePie (*assumed*)."""
    digits, attendance.digits = attendance.digits, ""
    if not digits:
        return []
    room_id = attendance.room.conference_id
    line = Log(call.id, "conference.digits", {"conferenceId": room_id, "digits": digits})
    if is_data_call(call) or call.has_document(CallbackEvent.PIE):
        return [line]
    return [line, *tell(call, CallbackEvent.PIE, menu_result=MenuResult(room_id, "sequence", digits))]


def be_kicked(call: Call, event: Kicked, now: int) -> list[Effect]:
    """Ends the call, because the app throws the participant out of the room (docs/platform/lifecycle.md#2, row 19)."""
    return end(call, now, result="ANSWERED", reason="MANAGERHANGUP")


def be_commanded(call: Call, event: Commanded, now: int) -> list[Effect]:
    """Carries out an order to mute the participant, or to hold it; for a call that is in no room it means nothing."""
    if call.attendance is None:
        return []
    return [Command(call.id, call.attendance.room, event.command, event.moh)]
