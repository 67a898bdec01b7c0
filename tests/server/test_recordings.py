"""Recordings over the wire: told of, listed, downloaded, deleted, and delivered into real stores."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ears import keys_in, samples_of
from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.exchange.recordings.recording import Place, Store
from sinch_simulator.exchange.svaml.prompts import spoken_prompt
from sinch_simulator.server.recordings.delivery import DeliveryError, Stores
from wired_world import BEN, CONTINUE, Json, Wired, wired

LIST = "/calling/v1/recording"
PATH = os.environ.get("PATH", os.defpath)


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither voices nor encoders nor stores, whatever this machine has."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_STORAGE_CONNECTION_STRING", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def start(**options: Any) -> Json:
    return {"name": "startRecording", "options": {"format": "wav", **options}}


async def recorded(sim: Wired, *, digits: str = "12#", application: str | None = None, **options: Any) -> str:
    """Anna calls, talks with Ben from the second second on, presses keys in the fourth and hangs up after ten."""
    connect = {"name": "connectPstn", "number": BEN, "cli": "+14045550100"}
    sim.webhook.on("ice", {"instructions": [start(**options)], "action": connect})
    sim.webhook.on("ace", CONTINUE)
    call_id: str = (await sim.dial(**({"application": application} if application else {})))["callId"]
    await sim.advance(4)
    await sim.control("POST", f"/calls/{call_id}/press", {"digits": digits, "leg": "caller"})
    await sim.advance(6)
    await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
    return call_id


def told(sim: Wired) -> list[tuple[str, str | None]]:
    bodies = [posted.body for posted in sim.webhook.posted if posted.event == "notify"]
    return [(body["type"], body.get("destination")) for body in bodies]


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
        sim.webhook.on("ice", {"instructions": [
            {"name": "answer"},
            start(transcriptionOptions={"enabled": True}),
            {"name": "say", "text": "Grüße and a good morning", "locale": "en-US"},
        ], "action": {"name": "hangup"}})
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


# ---- stores of the customer


@contextmanager
def serving(*command: str, environment: dict[str, str] | None = None) -> Iterator[str]:
    """A server in a process of its own; its URL as it prints it."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **(environment or {})}
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            found = re.search(r"(?:Running|listens) on (http://127\.0\.0\.1:\d+)", line)
            if found:
                yield found[1]
                return
        raise AssertionError(f"{command[0]} ended before it served")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 store that listens, with a bucket."""
    pytest.importorskip("moto", reason="moto is not installed: pip install 'moto[server]'")
    boto3 = pytest.importorskip("boto3")
    with serving(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0") as url:
        client = boto3.client(
            "s3", endpoint_url=url, aws_access_key_id="AK", aws_secret_access_key="SK", region_name="us-east-1"
        )
        client.create_bucket(Bucket="calls")
        client.close()
        yield url


def object_in(url: str, key: str) -> tuple[str, bytes]:
    import boto3

    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id="AK", aws_secret_access_key="SK", region_name="us-east-1"
    )
    found = client.get_object(Bucket="calls", Key=key)
    with found["Body"] as body:
        content = body.read()
    client.close()
    return found["ContentType"], content


async def test_s3_receives_the_recording_and_its_transcript(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    async with wired() as sim:
        options = {"destinationUrl": "s3://calls/today/", "credentials": "AK:SK:us-east-1"}
        call_id = await recorded(sim, **options, transcriptionOptions={"enabled": True})
        await sim.advance(120)
        name = f"today/20250115103000_{DEFAULT_KEY}_{call_id}"
        assert told(sim) == [
            ("recording_finished", None),
            ("recording_available", f"s3://calls/{name}.wav"),
            ("transcription_available", f"s3://calls/{name}-transcript.json"),
        ]
        content_type, content = object_in(s3, f"{name}.wav")
        assert content_type == "audio/wav"
        assert keys_in(content) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]
        assert object_in(s3, f"{name}-transcript.json") == ("application/json", b'{"text": "", "lines": []}')
        assert (await sim.rest("GET", LIST)).json == []


async def test_credentials_without_a_region_do_for_a_local_store(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    async with wired() as sim:
        await recorded(sim, destinationUrl="s3://calls/regionless.wav", credentials="AK:SK")
        await sim.advance(5)
        assert object_in(s3, "regionless.wav")[0] == "audio/wav"


async def test_a_missing_bucket_is_tried_four_times_and_told(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    async with wired() as sim:
        call_id = await recorded(sim, destinationUrl="s3://nowhere/mine.wav", credentials="AK:SK:us-east-1")
        await sim.advance(3600)
        assert [kind for kind, _ in told(sim)] == ["recording_finished"]
        (finding,) = [
            found
            for found in (await sim.control("GET", f"/diagnostics?callId={call_id}"))["diagnostics"]
            if found["code"] == "RECORDING_UNDELIVERED"
        ]
        assert "NoSuchBucket" in finding["message"]
        assert "4 attempts" in finding["message"]
        assert (await sim.rest("GET", f"{LIST}/mine.wav")).status == 200
        assert (await sim.rest("GET", LIST)).json == []


async def test_without_a_store_nothing_leaves_the_simulator_and_the_app_is_told_all_the_same() -> None:
    async with wired() as sim:
        await recorded(sim, destinationUrl="s3://calls/mine.wav", credentials="AK:SK:us-east-1")
        await sim.advance(5)
        assert told(sim)[-1] == ("recording_available", "s3://calls/mine.wav")
        assert (await sim.rest("GET", f"{LIST}/mine.wav")).status == 200


@pytest.mark.parametrize("place", [Place(Store.S3, "calls", "a.wav"), Place(Store.AZURE, "account/box", "a.wav")])
def test_a_store_that_does_not_answer_is_named(place: Place) -> None:
    key = "a2V5"
    azure = f"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={key};BlobEndpoint=http://127.0.0.1:9/account;"
    stores = Stores("http://127.0.0.1:9", azure)
    credentials = "AK:SK:us-east-1" if place.store is Store.S3 else key
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1|refused"):
        stores.put(place, credentials, io.BytesIO(b"x"), "audio/wav")


AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Published in Azurite's documentation: it is the same on every machine."""


@pytest.fixture(scope="module")
def azurite(pytestconfig: pytest.Config) -> Iterator[str]:
    """The connection string of an Azure store that listens, with a container."""
    blob = pytest.importorskip("azure.storage.blob", reason="azure-storage-blob is not installed")
    node, npm = shutil.which("node", path=PATH), shutil.which("npm", path=PATH)
    if node is None or npm is None:
        pytest.skip("Azurite needs Node and npm")
    folder = pytestconfig.cache.mkdir("azurite") if pytestconfig.cache else pytest.skip("Azurite needs pytest's cache")
    main = folder / "node_modules/azurite/dist/src/blob/main.js"
    if not main.exists():
        command = [npm, "install", "--silent", "--no-fund", "--prefix", str(folder), "azurite@3"]
        installed = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        if installed.returncode:
            pytest.skip(f"npm cannot install Azurite: {installed.stderr.strip()[:200]}")
    options = ("--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck")
    with serving(node, str(main), *options, "--disableTelemetry") as url:
        connection = (
            f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AZURITE_KEY};"
            f"BlobEndpoint={url}/devstoreaccount1;"
        )
        with blob.BlobServiceClient.from_connection_string(connection) as service:
            service.create_container("calls")
        yield connection


async def test_azure_receives_the_recording(azurite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from azure.storage.blob import BlobServiceClient

    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite)
    async with wired() as sim:
        await recorded(sim, destinationUrl="azure://devstoreaccount1/calls/mine.wav", credentials=AZURITE_KEY)
        await sim.advance(5)
        assert told(sim)[-1] == ("recording_available", "azure://devstoreaccount1/calls/mine.wav")
        with BlobServiceClient.from_connection_string(azurite) as service:
            found = service.get_blob_client("calls", "mine.wav").download_blob()
            assert found.properties.content_settings.content_type == "audio/wav"
            assert keys_in(found.readall()) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]


async def test_a_wrong_key_of_azure_is_told(azurite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azurite)
    async with wired() as sim:
        await recorded(sim, destinationUrl="azure://devstoreaccount1/calls/other.wav", credentials="bm90IHRoZSBrZXk=")
        await sim.advance(3600)
        assert "RECORDING_UNDELIVERED" in await sim.codes()
