"""Recordings that are delivered into real stores, over the wire."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.products.voice.recording import Place, Store
from sinch_simulator.server.voice_io.recording_files.stores import DeliveryError, Stores
from support.ears import keys_in
from support.node_packages import installed, node
from support.recorded_calls import LIST, make_bare, recorded, told
from support.wired_world import wired


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_bare(monkeypatch, tmp_path)


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
    azure = (
        f"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={key};BlobEndpoint=http://127.0.0.1:9/account;"
    )
    stores = Stores("http://127.0.0.1:9", azure)
    credentials = "AK:SK:us-east-1" if place.store is Store.S3 else key
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1|refused"):
        stores.put(place, credentials, io.BytesIO(b"x"), "audio/wav")


AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Published in Azurite's documentation: it is the same on every machine."""


@pytest.fixture(scope="module")
def azurite() -> Iterator[str]:
    """The connection string of an Azure store that listens, with a container."""
    blob = pytest.importorskip("azure.storage.blob", reason="azure-storage-blob is not installed")
    main = installed("azurite@3") / "node_modules/azurite/dist/src/blob/main.js"
    options = ("--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck")
    with serving(node(), str(main), *options, "--disableTelemetry") as url:
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
