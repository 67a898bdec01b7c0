"""Apps, streams and stores behind TLS: whom the simulator trusts, and what it says when TLS is what is wrong."""

import io
from pathlib import Path

import pytest
from aiohttp import web

from sinch_simulator.client.errors import Refused
from sinch_simulator.client.http import connected
from sinch_simulator.products.voice.recording import Place, Store
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.outbound import Outbound
from sinch_simulator.server.voice_io.recording_files.stores import DeliveryError, Stores
from support.stream_listeners import connect_stream, listening, say
from support.tls_servers import OwnAuthority, in_front_of
from support.wired_world import HANG_UP, Json, Wired, serving, wired


@pytest.fixture
def own(tmp_path: Path) -> OwnAuthority:
    return OwnAuthority(tmp_path)


def address_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


async def call_to(sim: Wired, callback_url: str) -> Json:
    """The first attempt to deliver the ICE of a call to an app of this URL."""
    key = sim.server.config.applications[0].key
    await sim.control("PATCH", f"/applications/{key}", {"callbackUrl": callback_url})
    sim.webhook.on("ice", HANG_UP)
    await sim.dial()
    return (await sim.callbacks("?event=ice"))[0]


async def test_an_app_with_a_certificate_of_its_own_is_trusted_by_the_file_of_its_authority(
    own: OwnAuthority,
) -> None:
    async with wired(ca_file=own.file) as sim, in_front_of(address_of(sim.webhook.url), own.context()) as address:
        assert (await call_to(sim, f"https://{address}/hook"))["outcome"] == "answered"
        assert sim.webhook.events == ["ice", "dice"]


async def test_without_that_file_it_is_told_what_would_help(own: OwnAuthority) -> None:
    async with wired() as sim, in_front_of(address_of(sim.webhook.url), own.context()) as address:
        record = await call_to(sim, f"https://{address}/hook")
        assert record["outcome"] == "unreachable"
        assert "not trusted" in record["diagnostics"][0]["message"]
        assert "--ca FILE" in record["diagnostics"][0]["message"]


async def test_a_certificate_for_another_name_is_told(own: OwnAuthority) -> None:
    context = own.context("app.example")
    async with wired(ca_file=own.file) as sim, in_front_of(address_of(sim.webhook.url), context) as address:
        message = (await call_to(sim, f"https://{address}/hook"))["diagnostics"][0]["message"]
        assert "its certificate is for another name" in message


async def test_an_app_that_speaks_no_tls_is_told_as_that() -> None:
    async with wired() as sim:
        message = (await call_to(sim, sim.webhook.url.replace("http:", "https:")))["diagnostics"][0]["message"]
        assert "what answers there speaks no TLS: write http:// in place of https://" in message


async def test_an_app_that_speaks_tls_alone_is_told_as_that(own: OwnAuthority) -> None:
    async with wired() as sim, in_front_of(address_of(sim.webhook.url), own.context()) as address:
        message = (await call_to(sim, f"http://{address}/hook"))["diagnostics"][0]["message"]
        assert "if it speaks TLS, write https:// in place of http://" in message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_app_that_does_not_run_is_told_without_numbers_of_the_operating_system(host: str) -> None:
    async with wired() as sim:
        message = (await call_to(sim, f"http://{host}:9/hook"))["diagnostics"][0]["message"]
        assert message == (
            f"ICE could not be delivered to http://{host}:9/hook: nothing listens there (connection refused)."
        )


async def test_a_host_that_nobody_knows_is_told_as_that() -> None:
    async with wired(allow_hosts=("app.invalid",)) as sim:
        message = (await call_to(sim, "http://app.invalid/hook"))["diagnostics"][0]["message"]
        assert "its host name is not known" in message


async def test_a_simulator_that_is_asked_by_https_is_told_as_that() -> None:
    async with wired() as sim:
        url = sim.server.url.replace("http:", "https:")
        async with connected(url) as client:
            with pytest.raises(Refused, match=r"speaks no TLS, as no simulator does: write http:// in place of https://"):
                await client.applications()


async def stream_to(sim: Wired, url: str) -> Json:
    sim.webhook.on("ice", connect_stream(url))
    call_id = (await sim.dial())["callId"]
    call: Json = await sim.call(call_id)
    return call


async def test_a_stream_over_tls_is_trusted_by_that_file_too(own: OwnAuthority) -> None:
    async with (
        wired(ca_file=own.file) as sim,
        listening(say("answer")) as listener,
        in_front_of(address_of(listener.url), own.context()) as address,
    ):
        assert (await stream_to(sim, f"wss://{address}/audio"))["state"] == "CONNECTED"


async def test_a_stream_that_speaks_no_tls_is_told_as_that() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        await stream_to(sim, listener.url.replace("ws:", "wss:"))
        told = str((await sim.control("GET", "/diagnostics"))["diagnostics"])
        assert "speaks no TLS: write ws:// in place of wss://" in told


async def takes_files(request: web.BaseRequest) -> web.StreamResponse:
    """Takes every file, as S3 and Azure do."""
    if "Expect" in request.headers:
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    await request.read()
    headers = {"ETag": '"1"', "Last-Modified": "Wed, 15 Jan 2025 10:30:00 GMT"}
    return web.Response(status=201 if "x-ms-version" in request.headers else 200, headers=headers)


@pytest.mark.parametrize("place", [Place(Store.S3, "calls", "a.wav"), Place(Store.AZURE, "account/box", "a.wav")])
async def test_a_store_over_tls_is_trusted_by_that_file_too(place: Place, own: OwnAuthority) -> None:
    async def store(address: str, ca_file: str | None) -> None:
        endpoint = f"https://{address}"
        sender = CallbackSender(1.0, Outbound(stores={"s3": endpoint, "azure": endpoint}, ca_file=ca_file))
        credentials = "AK:SK:us-east-1" if place.store is Store.S3 else "a2V5"
        try:
            await Stores(sender).put(place, credentials, io.BytesIO(b"sound"), "audio/wav")
        finally:
            await sender.close()

    async with serving(takes_files) as plain, in_front_of(plain, own.context()) as address:
        await store(address, own.file)
        with pytest.raises(DeliveryError, match="--ca FILE"):
            await store(address, None)
