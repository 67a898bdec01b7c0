"""What was said within a recording, as the platform's transcript tells it (docs/platform/svaml.md#4)."""

import json
from collections.abc import Sequence

from sinch_simulator.products.voice.audio.rendering import speakers_of
from sinch_simulator.products.voice.audio.score import Kind, Part
from sinch_simulator.products.voice.audio.speech import words_of


def transcript_of(parts: Sequence[Part], start_ms: int, end_ms: int) -> dict[str, object]:
    """``{"text", "lines": [{"timestamp", "speakerLabel", "text"}]}``: a line for each prompt or utterance.

    Timestamps are seconds from the beginning of the recording. Of speech that was cut short, or that was under way when
    the recording began, the words that were begun within the recording are there.
    """
    speakers = speakers_of(parts, start_ms, end_ms)
    lines: list[dict[str, object]] = []
    for part in parts:
        if part.kind is not Kind.SPEECH:
            continue
        heard = [
            word
            for word in words_of(part.text, part.length_ms)
            if start_ms <= part.start_ms + word.start_ms < min(end_ms, part.end_ms)
        ]
        if heard:
            at_ms = part.start_ms + heard[0].start_ms - start_ms
            line = {
                "timestamp": at_ms // 10 / 100,
                "speakerLabel": f"Speaker {speakers[part.speaker]}",
                "text": " ".join(word.text for word in heard),
            }
            lines.append(line)
    return {"text": " ".join(str(line["text"]) for line in lines), "lines": lines}


def transcript_json(parts: Sequence[Part], start_ms: int, end_ms: int) -> bytes:
    """The transcript's file."""
    return json.dumps(transcript_of(parts, start_ms, end_ms), ensure_ascii=False).encode()
