"""Calls to a ``STREAM``, whose far end is a WebSocket of raw audio (docs/platform/voice-v2.md#5).

No phone is there: its sound is asked for ten times a second from the answer on. What the others in its bridge say is
written down among its own lines too, because that is what the app's server hears.
"""

from collections.abc import Mapping
from typing import Any

from sinch_simulator.core.effects import Log, SetTimer, TimerFired
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.v2 import bridges
from sinch_simulator.products.voice.v2.outside_signals import CloseAudio, OpenAudio, SendAudio
from sinch_simulator.products.voice.v2.session import Call, CallType, Timer
from sinch_simulator.products.voice.v2.turn import Turn

OUTSIDE = "session streams"
"""What whoever runs the world can do, in its own words, if it connects to servers of raw audio."""
FRAMES_MS = 100
"""How often the app's server is sent sound: five frames each time (docs/platform/voice-v2.md#5 says 20 ms a frame)."""


def open_stream(turn: Turn, call: Call, invited: Mapping[str, Any]) -> None:
    """Connects to the app's server in place of a phone; ``invited`` is what the journal tells of it."""
    turn.order(Log(call.id, "leg.invited", dict(invited)), OpenAudio(call.id))


def begin_sound(turn: Turn, call: Call) -> None:
    """Lets sound flow from now on, if this is a call to a stream."""
    if call.type is CallType.STREAM:
        turn.order(SetTimer(call.id, Timer.FRAMES.value, FRAMES_MS))


def send_sound(turn: Turn, call: Call, event: TimerFired) -> None:
    """Sends the app's server the sound since the last time."""
    turn.order(SendAudio(call.id), SetTimer(call.id, Timer.FRAMES.value, FRAMES_MS))


def hear_speech(turn: Turn, speaker: Call, text: str) -> None:
    """Lets every stream in the speaker's bridge hear what was said."""
    for other in bridges.others_in_bridge(speaker):
        if other.type is CallType.STREAM:
            turn.order(Log(other.id, "speech", {"leg": LegName.CALLER.value, "text": text}))


def close(turn: Turn, call: Call) -> None:
    """Takes the connection down with its call, if this is a call to a stream."""
    if call.type is CallType.STREAM:
        turn.order(CloseAudio(call.id))
