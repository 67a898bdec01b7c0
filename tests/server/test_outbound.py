"""What leaves this machine: what the user has named, and nothing else."""

import asyncio
import socket
from typing import Any

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, ApplicationConfig, ConfigError, ServerConfig
from support.wired_world import HANG_UP, Json, Wired, serving, wired

OUTSIDE = "http://app.example/hook"
URLS = "/v1/configuration/callbacks/applications/" + DEFAULT_KEY


class Network:
    """Names that resolve to addresses of the test's choice, and what was asked of it."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.asked: list[str] = []


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """A resolver that knows the names that it is told."""
    network = Network()
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host in (None, "127.0.0.1", "::1"):
            return look_up(host, port, *args, **more)
        network.asked.append(host)
        if host not in network.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(network.names[host], port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return network


async def found(sim: Wired, code: str) -> list[Json]:
    everything = (await sim.control("GET", "/diagnostics"))["diagnostics"]
    return [each for each in everything if each["code"] == code]


async def test_a_callback_url_that_the_app_sets_reaches_no_other_machine(network: Network) -> None:
    async with wired() as sim:
        assert (await sim.rest("POST", URLS, {"url": {"primary": OUTSIDE}})).status == 204
        await sim.dial()
        [ice, *_] = await sim.callbacks("?event=ice")
        assert ice["outcome"] == "unreachable"
        [finding, *_] = await found(sim, "CALLBACK_UNREACHABLE")
        assert "app.example is not this machine, and nobody has allowed it" in finding["message"]
        assert "--allow-host app.example" in finding["hint"]
    assert network.asked == []


@pytest.mark.parametrize("way", ["flag", "control"])
async def test_a_callback_url_that_the_user_gives_is_a_word_and_is_told_once(network: Network, way: str) -> None:
    async with wired(callback_url=None) as sim:
        url = sim.webhook.url.replace("127.0.0.1", "app.example")
        network.names["app.example"] = "127.0.0.1"
        if way == "control":
            await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"callbackUrl": url})
            await play_two_calls(sim)
        else:
            async with wired(callback_url=url) as other:
                other.webhook = sim.webhook
                await play_two_calls(other)


async def play_two_calls(sim: Wired) -> None:
    sim.webhook.on("ice", HANG_UP)
    await sim.dial()
    await sim.dial()
    assert sim.webhook.events == ["ice", "dice"] * 2
    [told] = await found(sim, "CALLBACKS_LEAVE")
    assert (told["severity"], "app.example" in told["message"]) == ("info", True)


async def test_the_word_is_for_that_application_and_that_port(network: Network) -> None:
    network.names["app.example"] = "127.0.0.1"
    async with wired(callback_url="http://app.example:1/") as sim:
        await sim.rest("POST", URLS, {"url": {"primary": "http://app.example:2/"}})
        await sim.dial()
        assert "nobody has allowed it" in (await found(sim, "CALLBACK_UNREACHABLE"))[0]["message"]
    assert network.asked == []


async def test_an_allowed_host_may_be_named_by_the_app(network: Network) -> None:
    async with wired(allow_hosts=("*.example",)) as sim:
        network.names["app.example"] = "127.0.0.1"
        sim.webhook.on("ice", HANG_UP)
        url = sim.webhook.url.replace("127.0.0.1", "app.example")
        await sim.rest("POST", URLS, {"url": {"primary": url}})
        await sim.dial()
        assert sim.webhook.events == ["ice", "dice"]


@pytest.mark.parametrize("host", ["api.sinch.com", "CALLING-use1.API.sinch.com.", "\uff53inch.com", "mblox.com"])
async def test_hosts_of_sinch_are_never_contacted_whatever_is_allowed(network: Network, host: str) -> None:
    async with wired(callback_url=f"http://{host}/", allow_hosts=("*",)) as sim:
        await sim.dial()
        assert "a host of Sinch" in (await found(sim, "CALLBACK_UNREACHABLE"))[0]["message"]
    assert network.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254"])
async def test_an_allowed_name_that_leads_to_the_secrets_of_a_cloud_is_refused(
    network: Network, address: str, scheme: str
) -> None:
    network.names["app.example"] = address
    async with wired(callback_url=f"{scheme}://app.example:9/", timeout_s=1.0) as sim:
        await sim.dial()
        assert "where clouds keep their secrets" in (await found(sim, "CALLBACK_UNREACHABLE"))[0]["message"]


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "0.0.0.0"])
async def test_this_machine_is_open_and_asks_no_resolver(network: Network, host: str) -> None:
    async with wired() as sim:
        sim.webhook.on("ice", HANG_UP)
        url = sim.webhook.url.replace("127.0.0.1", host)
        if host == "127.9.9.9":
            url = "http://127.9.9.9:9/"  # nobody listens there, and it may be tried
        await sim.rest("POST", URLS, {"url": {"primary": url}})
        await sim.dial()
        if host == "127.9.9.9":
            assert "nobody has allowed" not in (await found(sim, "CALLBACK_UNREACHABLE"))[0]["message"]
        else:
            assert sim.webhook.events == ["ice", "dice"]
    assert network.asked == []


async def test_a_name_that_changes_its_address_is_connected_to_the_address_that_was_looked_at(network: Network) -> None:
    async with wired(callback_url=None, allow_hosts=("app.example",)) as sim:
        network.names["app.example"] = "127.0.0.1"
        sim.webhook.on("ice", HANG_UP)
        await sim.rest("POST", URLS, {"url": {"primary": sim.webhook.url.replace("127.0.0.1", "app.example")}})
        await sim.dial()
    assert network.asked == ["app.example"]


async def test_svaml_by_url_reaches_no_other_machine(network: Network) -> None:
    async with wired() as sim:
        callout = {"destination": {"type": "number", "endpoint": "+14045550199"}, "ice": "http://svaml.example/ice"}
        reply = await sim.rest("POST", "/calling/v1/callouts", {"method": "customCallout", "customCallout": callout})
        assert reply.status == 200
        await sim.advance(5)
        finding = (await found(sim, "CALLBACK_UNREACHABLE"))[0]
        assert "svaml.example is not this machine" in finding["message"]
    assert network.asked == []


async def test_files_of_other_machines_are_not_fetched_and_that_is_told_once(network: Network) -> None:
    plays = {"name": "playFiles", "ids": ["https://cdn.example/hi.wav"]}
    async with wired() as sim:
        sim.webhook.on("ice", {"instructions": [plays], "action": {"name": "hangup"}})
        for _ in range(2):
            await sim.dial()
            await sim.advance(30)
        [told] = await found(sim, "MEDIA_NOT_FETCHED")
        assert (told["severity"], "--allow-host cdn.example" in told["hint"]) == ("info", True)
    assert network.asked == []


async def test_a_file_that_is_elsewhere_by_a_redirect_is_not_fetched(network: Network) -> None:
    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://cdn.example/hi.wav"})

    async with serving(elsewhere) as address, wired() as sim:
        files = [f"http://{address}/hi.wav"]
        sim.webhook.on("ice", {"instructions": [{"name": "playFiles", "ids": files}], "action": {"name": "hangup"}})
        await sim.dial()
        await sim.advance(30)
        everything = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert any("cdn.example is not this machine" in each["message"] for each in everything)
    assert network.asked == []


async def test_a_stream_reaches_no_other_machine_by_itself_or_by_a_redirect(network: Network) -> None:
    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://stream.example/"})

    async with serving(elsewhere) as address:
        for endpoint in ("wss://stream.example/", f"ws://{address}/"):
            destination = {"type": "Websocket", "endpoint": endpoint}
            async with wired() as sim:
                sim.webhook.on("ice", {"action": {"name": "connectStream", "destination": destination}})
                call = await sim.dial()
                [finding] = await found(sim, "STREAM_UNREACHABLE")
                assert "stream.example is not this machine" in finding["message"]
                assert "--allow-host stream.example" in finding["hint"]
                assert (await sim.call(call["callId"]))["result"] == "FAILED"
    assert network.asked == []


@pytest.mark.parametrize("pattern", ["http://a.example", "a.example/x", "", "a b", "*.sinch.com", "mblox.com", "A.de"])
def test_what_names_no_host_is_refused_at_once(pattern: str) -> None:
    with pytest.raises(ConfigError, match="--allow-host"):
        ServerConfig(allow_hosts=(pattern,))


@pytest.mark.parametrize("setting", ["s3_endpoint", "azure_endpoint"])
def test_a_store_elsewhere_needs_a_second_word(setting: str) -> None:
    def started(url: str, **more: Any) -> ServerConfig:
        return ServerConfig(**{setting: url, **more})

    with pytest.raises(ConfigError, match=r"--allow-host s3\.amazonaws\.com"):
        started("https://s3.amazonaws.com")
    started("https://s3.amazonaws.com", allow_hosts=("s3.amazonaws.com",))
    with pytest.raises(ConfigError, match="a host of Sinch"):
        started("https://store.sinch.com", allow_hosts=("*",))


def test_an_application_of_the_flags_needs_no_more_words() -> None:
    ServerConfig(applications=(ApplicationConfig(callback_url=OUTSIDE),))


@pytest.mark.parametrize("host", ["\u00fc..example", "\u00fc" * 80, "\u00ad"])
async def test_a_host_that_no_name_can_be_is_unreachable(network: Network, host: str) -> None:
    async with wired(callback_url=None) as sim:
        made = await sim.control("POST", "/applications", {"callbackUrl": f"http://{host}/"})
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"callbackUrl": made["callbackUrl"]})
        await sim.dial()
        assert (await sim.callbacks("?event=ice"))[0]["outcome"] == "unreachable"
    assert network.asked == []


async def test_the_resolver_is_asked_off_the_event_loop(network: Network) -> None:
    """A slow resolver must not stand in the way of other calls."""
    async with wired(callback_url="http://slow.example/") as sim:
        await asyncio.gather(sim.dial(), sim.control("GET", "/health"))
    assert network.asked.count("slow.example") >= 1
