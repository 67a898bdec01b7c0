"""The legs of calls whose far end is the app's WebSocket, played by whoever runs the world.

Source: docs/platform/svaml.md#3.7.

No phone is there: the legs' orders go out of the world, and their sound is asked for ten times a second.
"""

from collections.abc import Set

from attrs import field

from sinch_simulator.core.effects import CancelTimer, Log, Order, SetTimer
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import Connect, Invite, LegName, Release
from sinch_simulator.products.voice.effects import CallEffect, CloseStream, OpenStream, SendFrames

FRAMES = "frames"
"""The timer of a stream."""
FRAMES_MS = 100
"""How often a stream is sent sound: five frames each time (docs/platform/svaml.md#3.7 says 20 ms a frame)."""


@define
class StreamLegs:
    """Which leg of which call is a stream."""

    legs: dict[str, LegName] = field(factory=dict)
    opened: set[str] = field(factory=set)
    """The calls that have one or have had one: what went over it is kept as long as the call is."""

    def open(self, invite: Invite) -> list[CallEffect]:
        """Connects to the app's server in place of a phone."""
        self.legs[invite.call_id] = invite.leg
        self.opened.add(invite.call_id)
        invited = Log(invite.call_id, "leg.invited", invite.journal_fields())
        return [invited, OpenStream(invite.call_id, invite.leg)]

    def follow(self, effect: Connect | Release) -> list[CallEffect]:
        """Lets sound flow when the leg is connected, and takes the stream down when it is released."""
        if self.legs.get(effect.call_id) is not effect.leg:
            return []
        if isinstance(effect, Connect):
            return [SetTimer(effect.call_id, FRAMES, FRAMES_MS)]
        return [CancelTimer(effect.call_id, FRAMES), *self.end(effect.call_id)]

    def end(self, call_id: str) -> list[CallEffect]:
        """Takes the stream of a call down, if it has one."""
        return [] if self.legs.pop(call_id, None) is None else [CloseStream(call_id)]

    def send_frames(self, call_id: str) -> list[CallEffect]:
        """Sends the app's server the sound since the last time."""
        leg = self.legs.get(call_id)
        if leg is None:
            return []
        return [SendFrames(call_id, leg), SetTimer(call_id, FRAMES, FRAMES_MS)]

    def forget(self, call_ids: Set[str]) -> tuple[Order, ...]:
        """Takes the streams of these calls down, with what went over them, because the calls are dropped."""
        gone = [call_id for call_id in call_ids if call_id in self.opened]
        self.opened.difference_update(gone)
        for call_id in gone:
            self.legs.pop(call_id, None)
        return tuple(CloseStream(call_id) for call_id in gone)
