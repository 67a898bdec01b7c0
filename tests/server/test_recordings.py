"""Recordings over the wire: told of, listed, downloaded, deleted, spoken and encoded."""

import sys
from pathlib import Path

import pytest

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.products.voice.svaml.prompts import spoken_prompt
from support.ears import keys_in, samples_of
from support.recorded_calls import LIST, make_bare, recorded, start, told
from support.wired_world import Wired, wired


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_bare(monkeypatch, tmp_path)


async def test_a_recording_is_downloaded_from_where_notify_says_it_is() -> None:
    async with wired() as sim:
        await recorded(sim)
        await sim.advance(5)
        (_, none), (_, destination) = told(sim)
        assert none is None
        assert destination is not None
        assert destination.startswith(f"{sim.server.url}/calling/v1/recording/20250115103000_{DEFAULT_KEY}_")
        answer = await sim.rest("GET", destination.removeprefix(sim.server.url))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/wav")
        assert int(answer.headers["Content-Length"]) == len(answer.raw) == 44 + 10_000 * 16
        assert keys_in(answer.raw) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]


async def test_a_transcript_is_downloaded_as_json() -> None:
    async with wired() as sim:
        sim.webhook.on(
            "ice",
            {
                "instructions": [
                    {"name": "answer"},
                    start(transcriptionOptions={"enabled": True}),
                    {"name": "say", "text": "Grüße and a good morning", "locale": "en-US"},
                ],
                "action": {"name": "hangup"},
            },
        )
        await sim.dial()
        await sim.advance(120)
        kind, destination = told(sim)[-1]
        assert kind == "transcription_available"
        assert destination is not None
        answer = await sim.rest("GET", destination.removeprefix(sim.server.url))
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json == {
            "text": "Grüße and a good morning",
            "lines": [{"timestamp": 0.0, "speakerLabel": "Speaker 1", "text": "Grüße and a good morning"}],
        }


async def test_recordings_are_listed_newest_first_page_by_page() -> None:
    async with wired() as sim:
        for name in ("first", "second", "third"):
            await recorded(sim, destinationUrl=f"sdrive://{name}.wav")
            await sim.advance(60)
        everything = (await sim.rest("GET", LIST)).json
        assert [info["key"] for info in everything] == ["third.wav", "second.wav", "first.wav"]
        assert everything[2] == {
            "key": "first.wav",
            "url": f"{sim.server.url}/calling/v1/recording/first.wav",
            "createdOn": "2025-01-15T10:30:15Z",
            "expiresOn": "2025-02-14T10:30:15Z",
            "headers": {},
        }
        assert [info["key"] for info in (await sim.rest("GET", LIST + "?page=2&pageSize=2")).json] == ["first.wav"]
        assert (await sim.rest("GET", LIST + "?page=9")).json == []
        later = (await sim.rest("GET", LIST + "?from=2025-01-15T10:31:00Z&to=2025-01-15T10:32:00Z")).json
        assert [info["key"] for info in later] == ["second.wav"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("page=0", "'pageNumber' must be greater than 0"),
        ("page=x", "'pageNumber' must be greater than 0"),
        ("pageSize=-1", "'pageSize' must be a positive integer"),
        ("pageSize=", "'pageSize' must be a positive integer"),
        ("from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z", "'to' must be greater than 'from'"),
        ("from=yesterday", "Invalid parameter 'from' ('yesterday'): expected a time such as 2025-01-15T10:30:00Z"),
    ],
)
async def test_a_list_that_cannot_be_is_refused(query: str, message: str) -> None:
    async with wired() as sim:
        answer = await sim.rest("GET", f"{LIST}?{query}")
        assert (answer.status, answer.error_code, answer.json["message"]) == (400, 40001, message)


async def test_a_deleted_recording_is_gone() -> None:
    async with wired() as sim:
        await recorded(sim, destinationUrl="sdrive://mine.wav")
        await sim.advance(5)
        deleted = await sim.rest("DELETE", f"{LIST}/mine.wav")
        assert (deleted.status, deleted.raw) == (204, b"")
        for method in ("GET", "DELETE"):
            answer = await sim.rest(method, f"{LIST}/mine.wav")
            assert (answer.status, answer.error_code, answer.json["message"]) == (404, 40400, "Recording not found")
        assert (await sim.rest("GET", LIST)).json == []


async def test_a_recording_expires_after_thirty_days() -> None:
    async with wired() as sim:
        await recorded(sim, destinationUrl="sdrive://mine.wav")
        await sim.advance(5 + 30 * 86_400)
        assert (await sim.rest("GET", f"{LIST}/mine.wav")).status == 404


async def test_a_recording_belongs_to_its_application() -> None:
    async with wired() as sim:
        await recorded(sim, destinationUrl="sdrive://mine.wav")
        await sim.advance(5)
        other = await sim.application()
        answer = await sim.rest("GET", f"{LIST}/mine.wav", key=other["key"], secret=other["secret"])
        assert answer.error_code == 40400


async def test_the_same_name_replaces_the_older_file() -> None:
    async with wired() as sim:
        for digits in ("1", "2"):
            await recorded(sim, digits=digits, destinationUrl="sdrive://mine.wav")
            await sim.advance(5)
        assert len((await sim.rest("GET", LIST)).json) == 1
        assert keys_in((await sim.rest("GET", f"{LIST}/mine.wav")).raw) == [(4.0, "2")]


async def test_a_reset_takes_the_recordings_along() -> None:
    async with wired() as sim:
        await recorded(sim)
        await sim.control("POST", "/reset")
        await sim.advance(600)
        assert (await sim.rest("GET", LIST)).json == []
        assert [kind for kind, _ in told(sim)] == ["recording_finished"]


# ---- programs of the machine


def install(folder: Path, name: str, program: str) -> None:
    """A stand-in for a program that is not on every machine."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!{sys.executable}\nimport sys, wave\n{program}")
    (folder / name).chmod(0o755)


async def test_without_an_encoder_mp3_is_wav_and_told() -> None:
    async with wired() as sim:
        await recorded(sim, format="mp3", destinationUrl="sdrive://mine")
        await sim.advance(5)
        answer = await sim.rest("GET", f"{LIST}/mine.mp3")
        assert answer.headers["Content-Type"] == "audio/wav"
        assert answer.raw.startswith(b"RIFF")
        assert "MP3_NOT_AVAILABLE" in await sim.codes()


@pytest.mark.parametrize("encoder", ["lame", "ffmpeg"])
async def test_with_an_encoder_mp3_is_what_it_makes_of_the_wav(encoder: str, tmp_path: Path) -> None:
    install(tmp_path / "bin", encoder, "open(sys.argv[-1], 'wb').write(b'ID3' + open(sys.argv[-2], 'rb').read())")
    async with wired() as sim:
        await recorded(sim, format="mp3", destinationUrl="sdrive://mine")
        await sim.advance(5)
        answer = await sim.rest("GET", f"{LIST}/mine.mp3")
        assert answer.headers["Content-Type"] == "audio/mpeg"
        assert answer.raw[:7] == b"ID3RIFF"
        assert keys_in(answer.raw[3:]) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]
        assert "MP3_NOT_AVAILABLE" not in await sim.codes()


async def test_an_encoder_that_fails_leaves_the_wav(tmp_path: Path) -> None:
    install(tmp_path / "bin", "lame", "sys.exit('no such codec')")
    async with wired() as sim:
        await recorded(sim, format="mp3", destinationUrl="sdrive://mine")
        await sim.advance(5)
        answer = await sim.rest("GET", f"{LIST}/mine.mp3")
        assert keys_in(answer.raw) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]


VOICE = """
text = sys.stdin.read()
with wave.open(sys.argv[sys.argv.index('-w') + 1], 'wb') as file:
    file.setparams((1, 2, 22050, 0, 'NONE', ''))
    seconds = len(text) * 0.2 * 165 / int(sys.argv[sys.argv.index('-s') + 1])
    file.writeframes((12345).to_bytes(2, 'little') * round(22050 * seconds))
"""


async def spoken(sim: Wired, text: str) -> list[int]:
    """The samples of a recording of somebody who is told this."""
    say = {"name": "say", "text": text, "locale": "en-GB"}
    instructions = [{"name": "answer"}, start(destinationUrl="sdrive://said.wav"), say]
    sim.webhook.on("ice", {"instructions": instructions, "action": {"name": "hangup"}})
    await sim.dial()
    await sim.advance(60)
    return samples_of((await sim.rest("GET", f"{LIST}/said.wav")).raw)[1]


async def test_a_voice_of_this_machine_fits_itself_into_the_time_of_its_text(tmp_path: Path) -> None:
    install(tmp_path / "bin", "espeak-ng", VOICE)
    text = "a text that takes this voice much longer"
    async with wired() as sim:
        samples = await spoken(sim, text)
    # The voice takes 0.2 s for each character at its usual pace: three times as long as there is.
    assert len(samples) == spoken_prompt(text).duration_ms * 8
    assert set(samples[: len(samples) * 9 // 10]) == {12345}


async def test_a_voice_that_fails_is_replaced_by_a_hum(tmp_path: Path) -> None:
    install(tmp_path / "bin", "espeak-ng", "sys.exit(3)")
    async with wired() as sim:
        assert max(await spoken(sim, "nobody can say this")) > 1000
