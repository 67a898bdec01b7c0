"""Where the files of a recording go, and what is heard in them (docs/platform/voice-v2.md#3.3)."""

from collections.abc import Iterable, Mapping, Sequence

from sinch_simulator.core.journal import Entry
from sinch_simulator.products.voice.audio.score import Part, Score, score_of_call
from sinch_simulator.products.voice.v2.session import Recording
from sinch_simulator.products.voice.v2.svaml.model import LONGEST_CALL_MS, RecordedSide

_SAID = frozenset({"speech", "digit.pressed", "beep"})
"""What comes from the person on a call; every other line is about what the person hears."""

Stay = tuple[str, int, int]
"""The bridge that a call was in, from when to when."""


def parts_of(recording: Recording, own: Sequence[Entry], others: Mapping[str, Sequence[Entry]]) -> list[Part]:
    """Returns what is heard in a recording, from the lines of its call and, by id, of the others in the session.

    ``INBOUND`` is what comes from the person on the call, ``OUTBOUND`` what that person hears: prompts, tones, and
    whoever speaks in the same bridge.
    """
    side = recording.command.side
    both, said = side is RecordedSide.COMBINED, side is RecordedSide.INBOUND
    parts = score_of_call(entry for entry in own if both or (entry.kind in _SAID) is said)
    if side is not RecordedSide.INBOUND:
        for call_id, entries in others.items():
            parts += _voice_in_bridge(call_id, entries, own)
    return sorted(parts, key=lambda part: part.start_ms)


def _voice_in_bridge(call_id: str, entries: Sequence[Entry], own: Sequence[Entry]) -> list[Part]:
    """Returns what somebody else said while both were in one bridge."""
    together = [
        (max(began, other_began), min(left, other_left))
        for name, began, left in _stays(own)
        for other_name, other_began, other_left in _stays(entries)
        if name == other_name
    ]
    score = Score()
    for entry in entries:
        if entry.kind == "speech" and any(began <= entry.at_ms < left for began, left in together):
            score.speech(entry, call_id)
    return score.sorted()


def _stays(entries: Iterable[Entry]) -> list[Stay]:
    stays: list[Stay] = []
    began_ms: int | None = None
    for entry in entries:
        if entry.kind == "bridge.joined":
            began_ms = entry.at_ms
        elif entry.kind == "bridge.left" and began_ms is not None:
            stays.append((str(entry.fields["bridgeName"]), began_ms, entry.at_ms))
            began_ms = None
    if began_ms is not None:
        last = next(entry for entry in reversed([*entries]) if entry.kind == "bridge.joined")
        stays.append((str(last.fields["bridgeName"]), began_ms, began_ms + LONGEST_CALL_MS))
    return stays
