"""Recordings that are delivered into real stores, over the wire."""

import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.products.voice.recording import Place, Store
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.outbound import Outbound
from sinch_simulator.server.voice_io.recording_files.stores import DeliveryError, Stores
from support.ears import keys_in
from support.node_packages import installed, node
from support.recorded_calls import LIST, make_bare, recorded, told
from support.wired_world import serving as serving_here
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


async def test_s3_receives_the_recording_and_its_transcript(s3: str) -> None:
    async with wired(s3_endpoint=s3) as sim:
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


async def test_credentials_without_a_region_do_for_a_local_store(s3: str) -> None:
    async with wired(s3_endpoint=s3) as sim:
        await recorded(sim, destinationUrl="s3://calls/regionless.wav", credentials="AK:SK")
        await sim.advance(5)
        assert object_in(s3, "regionless.wav")[0] == "audio/wav"


async def test_a_missing_bucket_is_tried_four_times_and_told(s3: str) -> None:
    async with wired(s3_endpoint=s3) as sim:
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


@pytest.fixture
async def nobody() -> AsyncIterator[Stores]:
    """Stores at an address where nobody listens."""
    endpoints = {"s3": "http://127.0.0.1:9", "azure": "http://127.0.0.1:9"}
    sender = CallbackSender(1.0, Outbound(stores=endpoints))
    yield Stores(sender)
    await sender.close()


PLACES = [
    (Place(Store.S3, "calls", "a.wav"), "AK:SK:us-east-1"),
    (Place(Store.AZURE, "account/box", "a.wav"), "a2V5"),
]


@pytest.mark.parametrize(("place", "credentials"), PLACES)
async def test_a_store_that_does_not_answer_is_named(nobody: Stores, place: Place, credentials: str) -> None:
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:9"):
        await nobody.put(place, credentials, io.BytesIO(b"x"), "audio/wav")


@pytest.mark.parametrize("place", [place for place, _ in PLACES])
@pytest.mark.parametrize("credentials", ["", ":", "not base64!"])
async def test_credentials_come_from_the_svaml_and_from_nowhere_else(
    nobody: Stores, place: Place, credentials: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "SK")
    with pytest.raises(DeliveryError, match="credentials are not"):
        await nobody.put(place, credentials, io.BytesIO(b"x"), "audio/wav")


@pytest.mark.parametrize("container", ["", "..", "a/..", "arn:aws:s3:us-west-2:123456789012:accesspoint/mine/."])
async def test_a_container_cannot_lead_out_of_its_store(nobody: Stores, container: str) -> None:
    with pytest.raises(DeliveryError, match="empty part"):
        await nobody.put(Place(Store.S3, container, "a.wav"), "AK:SK", io.BytesIO(b"x"), "audio/wav")


@pytest.mark.parametrize(
    "variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_STORAGE_CONNECTION_STRING", "HTTP_PROXY"]
)
async def test_the_environment_is_no_wish_to_upload(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def store(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response()

    async with serving_here(store) as address:
        value = f"http://{address}"
        if variable.startswith("AZURE"):
            value = f"AccountName=devstoreaccount1;AccountKey={AZURITE_KEY};BlobEndpoint={value}/devstoreaccount1;"
        monkeypatch.setenv(variable, value)
        async with wired() as sim:
            await recorded(sim, destinationUrl="s3://calls/mine.wav", credentials="AK:SK:us-east-1")
            await recorded(sim, destinationUrl="azure://devstoreaccount1/calls/mine.wav", credentials=AZURITE_KEY)
            await sim.advance(5)
    assert asked == []


async def test_a_store_that_sends_elsewhere_is_not_followed() -> None:
    asked: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/other"})

    async with serving_here(elsewhere) as address, wired(s3_endpoint=f"http://{address}") as sim:
        await recorded(sim, destinationUrl="s3://calls/mine.wav", credentials="AK:SK:us-east-1")
        await sim.advance(3600)
        told_of = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert any("redirects are not followed" in found["message"] for found in told_of)
    assert set(asked) == {"/calls/mine.wav"}


AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Published in Azurite's documentation: it is the same on every machine."""


@pytest.fixture(scope="module")
def azurite() -> Iterator[str]:
    """The URL of an Azure store that listens, with a container."""
    blob = pytest.importorskip("azure.storage.blob", reason="azure-storage-blob is not installed")
    main = installed("azurite@3") / "node_modules/azurite/dist/src/blob/main.js"
    options = ("--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck")
    with serving(node(), str(main), *options, "--disableTelemetry") as url:
        with blob.BlobServiceClient.from_connection_string(connection_to(url)) as service:
            service.create_container("calls")
        yield url


def connection_to(url: str) -> str:
    return (
        f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AZURITE_KEY};"
        f"BlobEndpoint={url}/devstoreaccount1;"
    )


async def test_azure_receives_the_recording(azurite: str) -> None:
    from azure.storage.blob import BlobServiceClient

    async with wired(azure_endpoint=azurite) as sim:
        await recorded(sim, destinationUrl="azure://devstoreaccount1/calls/mine.wav", credentials=AZURITE_KEY)
        await sim.advance(5)
        assert told(sim)[-1] == ("recording_available", "azure://devstoreaccount1/calls/mine.wav")
        with BlobServiceClient.from_connection_string(connection_to(azurite)) as service:
            found = service.get_blob_client("calls", "mine.wav").download_blob()
            assert found.properties.content_settings.content_type == "audio/wav"
            assert keys_in(found.readall()) == [(4.0, "1"), (4.2, "2"), (4.4, "#")]


async def test_a_wrong_key_of_azure_is_told(azurite: str) -> None:
    async with wired(azure_endpoint=azurite) as sim:
        await recorded(sim, destinationUrl="azure://devstoreaccount1/calls/other.wav", credentials="bm90IHRoZSBrZXk=")
        await sim.advance(3600)
        assert "RECORDING_UNDELIVERED" in await sim.codes()
