"""From the journal's lines to what was to be heard, and when: the score of a recording.

Two scores are read: that of a call, where everything counts that either end heard, and that of a room, where only what
went into the room does. A part's end is where it really ended: a prompt that was cut short is short here too.
Music that was to be heard in a room by one participant alone is not part of the room.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from attrs import field

from sinch_simulator.core.journal import Entry
from sinch_simulator.core.values import define, frozen
from sinch_simulator.products.voice.audio.tones import BEEP_MS, BYTES_PER_MS, DTMF_HZ, DTMF_MS
from sinch_simulator.products.voice.call import LONGEST_CALL_MS
from sinch_simulator.products.voice.run_instructions import PAUSE_MS
from sinch_simulator.products.voice.svaml.prompts import spoken_prompt

PLATFORM = "platform"
"""Who speaks prompts, in place of a leg."""


class Kind(Enum):
    """What is heard."""

    SPEECH = "speech"
    FILE = "file"
    MUSIC = "music"
    RINGING = "ringing"
    KEY = "key"
    BEEP = "beep"
    SOUND = "sound"


@define
class Part:
    """Something that is heard from ``start_ms`` to ``end_ms`` of the world's time. ``length_ms`` is its own length."""

    kind: Kind
    start_ms: int
    end_ms: int
    text: str = ""
    """The words, the file's name, the music's name, or the key."""
    locale: str = ""
    speaker: str = PLATFORM
    length_ms: int = 0
    pcm: bytes = b""
    """Of a sound that came from outside: its samples."""


@frozen
class _Key:
    at_ms: int
    leg: str
    digit: str


@define
class Score:
    """What is heard, in the order in which it begins."""

    parts: list[Part] = field(factory=list)
    _open: dict[tuple[str | None, str], list[Part]] = field(factory=dict)
    _keys_free_ms: int = 0
    _pressed: list[_Key] = field(factory=list)
    _prompts: set[tuple[int, str]] = field(factory=set)
    _beep_ms: int = -BEEP_MS

    def sorted(self) -> list[Part]:
        """The parts by when they begin; what never sounded is left out."""
        return sorted((part for part in self.parts if part.end_ms > part.start_ms), key=lambda part: part.start_ms)

    # ---- what begins

    def prompt(self, entry: Entry) -> None:
        """A prompt; the same one to both ends at once is heard once."""
        fields = entry.fields
        text = str(fields["text"])
        length_ms = LONGEST_CALL_MS if fields.get("looping") else round(fields["seconds"] * 1000)
        kind = Kind.MUSIC if fields.get("looping") else Kind.SPEECH if "locale" in fields else Kind.FILE
        if kind is not Kind.MUSIC and (entry.at_ms, text) in self._prompts:
            return
        self._prompts.add((entry.at_ms, text))
        self._begin(entry, Part(kind, entry.at_ms, entry.at_ms + length_ms, text, fields.get("locale", ""), PLATFORM))

    def ringing(self, entry: Entry) -> None:
        """Somebody is rung: the other end hears the ring tone."""
        self._begin(entry, Part(Kind.RINGING, entry.at_ms, entry.at_ms + LONGEST_CALL_MS))

    def speech(self, entry: Entry, speaker: str) -> None:
        """Somebody speaks, for as long as a prompt of these words would take."""
        text = str(entry.fields["text"])
        length_ms = spoken_prompt(text).duration_ms
        part = Part(Kind.SPEECH, entry.at_ms, entry.at_ms + length_ms, text, "en-US", speaker, length_ms)
        self.parts.append(part)

    def press(self, entry: Entry) -> None:
        """A key is pressed."""
        digit = str(entry.fields["digit"])
        self._pressed.append(_Key(entry.at_ms, str(entry.fields["leg"]), digit))
        self._sound_keys(entry.at_ms, digit)

    def send(self, entry: Entry) -> None:
        """Tones are sent to one end; those of a key that the other end has just pressed are heard already."""
        digits = str(entry.fields["digits"])
        self._pressed = [key for key in self._pressed if key.at_ms == entry.at_ms]
        for key in self._pressed:
            if key.digit == digits and key.leg != entry.fields["leg"]:
                self._pressed.remove(key)
                return
        self._sound_keys(entry.at_ms, digits)

    def beep(self, entry: Entry) -> None:
        """A beep; that it was made and that it was heard are two lines about one beep."""
        if entry.at_ms != self._beep_ms:
            self._beep_ms = entry.at_ms
            self.parts.append(Part(Kind.BEEP, entry.at_ms, entry.at_ms + BEEP_MS, length_ms=BEEP_MS))

    def _sound_keys(self, at_ms: int, digits: str) -> None:
        """Keys at one instant sound one after the other, each with a gap."""
        self._keys_free_ms = max(self._keys_free_ms, at_ms)
        for digit in digits:
            if digit == "w":
                self._keys_free_ms += PAUSE_MS
            elif digit in DTMF_HZ:
                start_ms = self._keys_free_ms
                self.parts.append(Part(Kind.KEY, start_ms, start_ms + DTMF_MS, digit, length_ms=DTMF_MS))
                self._keys_free_ms += 2 * DTMF_MS

    def _begin(self, entry: Entry, part: Part) -> None:
        part.length_ms = part.end_ms - part.start_ms
        self.parts.append(part)
        self._open.setdefault((entry.subject, str(entry.fields["leg"])), []).append(part)

    # ---- what ends

    def hush(self, entry: Entry) -> None:
        """What this end hears stops."""
        for part in self._open.pop((entry.subject, str(entry.fields["leg"])), ()):
            part.end_ms = min(part.end_ms, entry.at_ms)

    def stop_ringing(self, entry: Entry) -> None:
        """This end has answered, or will not; what it is told goes on."""
        for part in self._open.get((entry.subject, str(entry.fields["leg"])), ()):
            if part.kind is Kind.RINGING:
                part.end_ms = min(part.end_ms, entry.at_ms)


def with_sounds(parts: list[Part], sounds: list[tuple[int, bytes]]) -> list[Part]:
    """The same, and what came from outside: from when, and the samples."""
    heard = [Part(Kind.SOUND, at_ms, at_ms + -(-len(pcm) // BYTES_PER_MS), pcm=pcm) for at_ms, pcm in sounds]
    return sorted([*parts, *heard], key=lambda part: part.start_ms)


def score_of_call(entries: Iterable[Entry]) -> list[Part]:
    """What was heard in a call."""
    score = Score()
    for entry in entries:
        match entry.kind:
            case "prompt.started":
                score.prompt(entry)
            case "leg.invited":
                score.ringing(entry)
            case "speech":
                score.speech(entry, str(entry.fields["leg"]))
            case "digit.pressed":
                score.press(entry)
            case "dtmf.sent":
                score.send(entry)
            case "beep" | "beep.heard":
                score.beep(entry)
            case "prompt.stopped" | "leg.released" | "leg.hungup":
                score.hush(entry)
            case "leg.answered" | "leg.declined":
                score.stop_ringing(entry)
    return score.sorted()


_AUDIBLE = {
    "conference.unmuted": "conference.muted",
    "conference.resumed": "conference.held",
    "menu.closed": "menu.opened",
}
_SILENT = frozenset(_AUDIBLE.values())


def score_of_room(entries: Iterable[Entry], conference_id: str) -> list[Part]:
    """What was heard in a room, from the lines of its participants: those who are muted or away are not."""
    score = Score()
    present: dict[str | None, set[str]] = {}
    passed: set[tuple[int, str]] = set()
    for entry in sorted(entries, key=lambda entry: entry.seq):
        if entry.kind == "conference.joined" and entry.fields["conferenceId"] == conference_id:
            present[entry.subject] = set()
        silenced = present.get(entry.subject)
        if silenced is None:
            continue
        if entry.kind == "conference.left":
            del present[entry.subject]
        elif entry.kind in _SILENT:
            silenced.add(entry.kind)
        elif entry.kind in _AUDIBLE:
            silenced.discard(_AUDIBLE[entry.kind])
        elif entry.kind == "dtmf.sent" and (entry.at_ms, entry.fields["digits"]) not in passed:
            # Every listener has a line of the one key that somebody has pressed.
            passed.add((entry.at_ms, entry.fields["digits"]))
            score.send(entry)
        elif silenced:
            continue
        elif entry.kind == "speech":
            score.speech(entry, str(entry.subject))
        elif entry.kind == "beep":
            score.beep(entry)
    return score.sorted()


def score_of_call_in_rooms(call_id: str, own: Sequence[Entry], rooms: Mapping[str, Sequence[Entry]]) -> list[Part]:
    """What was heard in a call that has been in these rooms: its own sound, and the others' voices while it was there.

    ``rooms`` has the lines of each room's participants. Keys that the room passes on are among the call's own lines.
    """
    parts = score_of_call(own)
    for conference_id, entries in rooms.items():
        voices = [part for part in score_of_room(entries, conference_id) if part.kind is Kind.SPEECH]
        for joined_ms, left_ms in _stays(own, conference_id):
            parts += [
                part for part in voices if part.speaker != call_id and joined_ms <= part.start_ms < left_ms
            ]
    return sorted(parts, key=lambda part: part.start_ms)


def _stays(own: Sequence[Entry], conference_id: str) -> list[tuple[int, int]]:
    """From when to when a call was in a room."""
    stays: list[tuple[int, int]] = []
    joined_ms: int | None = None
    for entry in own:
        if entry.fields.get("conferenceId") != conference_id:
            continue
        if entry.kind == "conference.joined":
            joined_ms = entry.at_ms
        elif entry.kind == "conference.left" and joined_ms is not None:
            stays.append((joined_ms, entry.at_ms))
            joined_ms = None
    if joined_ms is not None:
        stays.append((joined_ms, joined_ms + LONGEST_CALL_MS))
    return stays
