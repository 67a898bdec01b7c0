"""``amd``: whether a person or a machine has picked up, by what is heard (docs/platform/voice-v2.md#3.3).

The verdict is the one of Voice v1: only its words differ. A beep is told in addition, after the verdict on a machine.
"""

from sinch_simulator.core.effects import CancelTimer, Log, SetTimer
from sinch_simulator.phones.signals import AmdStatus, Manner
from sinch_simulator.products.voice.amd import verdict
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.session import Call, Detection, Timer
from sinch_simulator.products.voice.v2.svaml.model import DetectMachine, HandlerName
from sinch_simulator.products.voice.v2.turn import Turn

_FOUND = {
    AmdStatus.HUMAN: (EventName.AMD_HUMAN, HandlerName.HUMAN),
    AmdStatus.MACHINE: (EventName.AMD_MACHINE, HandlerName.MACHINE),
}
_UNKNOWN = (EventName.AMD_UNKNOWN, HandlerName.UNKNOWN)


def detect(turn: Turn, call: Call, command: DetectMachine) -> None:
    """Begins to listen to whoever has answered; a run of the same call that has no result yet ends without one."""
    call.detection = Detection(command)
    takes_ms = verdict(call.manner or Manner()).duration_ms
    turn.order(SetTimer(call.id, Timer.DETECTION.value, takes_ms))


def decide(turn: Turn, call: Call) -> None:
    """Tells what has been found."""
    detection = call.detection
    assert detection is not None
    found = verdict(call.manner or Manner())
    turn.order(Log(call.id, "amd.result", {"status": found.status.value, "reason": found.reason.value}))
    event, handler = _FOUND.get(found.status, _UNKNOWN)
    tell(turn, call, event, detection.command.events, handler)
    detection.machine = found.status is AmdStatus.MACHINE
    if detection.machine and detection.beeped:
        _tell_beep(turn, call, detection)


def hear_beep(turn: Turn, call: Call) -> None:
    """Tells of the beep of a machine; one before the verdict is told together with that."""
    detection = call.detection
    if detection is None:
        return
    if detection.machine:
        _tell_beep(turn, call, detection)
    else:
        detection.beeped = True


def stop(turn: Turn, call: Call) -> None:
    """Ends the detection with its call."""
    if call.detection is not None:
        turn.order(CancelTimer(call.id, Timer.DETECTION.value))


def _tell_beep(turn: Turn, call: Call, detection: Detection) -> None:
    tell(turn, call, EventName.AMD_BEEP, detection.command.events, HandlerName.BEEP)
