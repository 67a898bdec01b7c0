"""An app that names hosts of other machines in every place where it can: nothing leaves, and each place says so.

All other tests run under the same hook (``tests/conftest.py``), with apps that mean no harm.
"""

import socket

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PROJECT, DEFAULT_SERVICE_PLAN
from support import closed_network
from support.wired_world import Json, Wired, basic, wired

OUTSIDE = "outside.example"
URLS = f"/v1/configuration/callbacks/applications/{DEFAULT_KEY}"
BEN = {"type": "number", "endpoint": "+14045550199"}


def everything(prefix: str) -> Json:
    """SVAML that names a file, a recording and a stream elsewhere."""
    options = {
        "destinationUrl": f"{prefix}{OUTSIDE}/calls",
        "credentials": "AK:SK",
        "transcriptionOptions": {"enabled": True},
    }
    return {
        "instructions": [
            {"name": "answer"},
            {"name": "playFiles", "ids": [f"https://{OUTSIDE}/hello.wav"]},
            {"name": "startRecording", "options": options},
        ],
        "action": {
            "name": "connectStream",
            "destination": {"type": "Websocket", "endpoint": f"wss://{OUTSIDE}/audio"},
        },
    }


async def names_outside_everywhere(sim: Wired) -> None:
    """The app's calls, and its requests to the platform."""
    for prefix in ("s3://", "azure://account.", "https://"):
        sim.webhook.on("ice", everything(prefix))
        await sim.dial()
        await sim.advance(600)
    document = f'{{"instructions": [], "action": {{"name": "hangup"}}, "url": "http://{OUTSIDE}"}}'
    for ice in (f"http://{OUTSIDE}/ice", document):
        custom = {"destination": BEN, "ice": ice, "ace": f"https://{OUTSIDE}/ace", "pie": f"http://{OUTSIDE}/pie"}
        await sim.rest("POST", "/calling/v1/callouts", {"method": "customCallout", "customCallout": custom})
        await sim.advance(60)
    urls = {"primary": f"http://{OUTSIDE}/hook", "fallback": f"https://{OUTSIDE}:8443/hook"}
    assert (await sim.rest("POST", URLS, {"url": urls})).status == 204
    await sim.dial()
    await sim.call_out(enableAce=True)
    await sim.advance(60)


async def names_outside_in_other_products(sim: Wired) -> None:
    """Batches, numbers, services and calls of Voice v2 that lead elsewhere, as an app can ask for them."""
    project, key_id, secret = DEFAULT_PROJECT
    access = {**basic(key_id, secret), "Content-Type": "application/json"}
    plan, token = DEFAULT_SERVICE_PLAN
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    hook = f"http://{OUTSIDE}/hook"

    async def ask(path: str, body: Json, headers: dict[str, str], method: str = "POST") -> Json:
        reply = await sim.request(method, path, body, headers=headers)
        assert reply.status in (200, 201), reply.raw
        answer: Json = reply.json
        return answer

    batch = {"to": ["+46700000001"], "from": "+14045550100", "body": "Hello", "delivery_report": "full"}
    await ask(f"/xms/v1/{plan}/batches", {**batch, "callback_url": hook}, bearer)
    numbers = f"/v1/projects/{project}"
    wanted = {"regionCode": "US", "type": "LOCAL", "voiceConfiguration": {"appId": DEFAULT_KEY}, "callbackUrl": hook}
    await ask(f"{numbers}/availableNumbers:rentAny", wanted, access)
    calls = f"/v2/projects/{project}"
    webhook = {"type": "WEBHOOK", "webhook": {"url": hook, "fallbackUrl": f"https://{OUTSIDE}/b"}}
    [service] = (await sim.request("GET", f"{calls}/services", headers=access)).json["services"]
    await ask(f"{calls}/services/{service['serviceId']}", {"callBehavior": webhook}, access, "PATCH")
    await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"protocol": "v2"})
    await sim.dial()
    ben = {"type": "PHONE", "phone": {"number": "+14045550199"}}
    handlers = {"onAnswer": [{"command": "webhook", "webhookName": "asked", "url": hook}]}
    await ask(f"{calls}/calls", {"commands": [{"command": "dial", "to": ben, "events": handlers}]}, access)
    stream = {"type": "STREAM", "stream": {"endpoint": f"wss://{OUTSIDE}/audio"}}
    await ask(f"{calls}/calls", {"commands": [{"command": "dial", "to": stream}]}, access)
    behavior = {"name": "Another", "callBehavior": webhook}
    await ask(f"{calls}/services", behavior, access)
    await sim.advance(600)


@pytest.mark.parametrize("clock", ["manual", "auto"])
async def test_no_product_reaches_what_only_the_app_has_named(clock: str) -> None:
    async with wired(clock) as sim:
        await names_outside_in_other_products(sim)
        callbacks = [each for each in await sim.callbacks() if OUTSIDE in each["url"]]
        assert {each["product"] for each in callbacks} == {"sms", "numbers", "voice-v2"}
        assert {each["outcome"] for each in callbacks} == {"unreachable"}
    assert closed_network.left == []


@pytest.mark.parametrize("clock", ["manual", "auto"])
async def test_an_app_that_names_other_machines_everywhere_reaches_none(
    clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(variable, f"http://{OUTSIDE}:3128")
    connection = f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;BlobEndpoint=https://{OUTSIDE}/a;"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
    async with wired(clock) as sim:
        await names_outside_everywhere(sim)
        codes = set(await sim.codes())
        assert {"CALLBACK_UNREACHABLE", "MEDIA_NOT_FETCHED", "STREAM_UNREACHABLE"} <= codes
        hints = [each["hint"] for each in (await sim.control("GET", "/diagnostics"))["diagnostics"]]
        assert sum(f"--allow-host {OUTSIDE}" in hint for hint in hints) > 5
    assert closed_network.left == []


@pytest.mark.leaves
async def test_what_is_allowed_would_leave_so_the_hook_sees_it() -> None:
    async with wired(allow_hosts=(OUTSIDE,)) as sim:
        await names_outside_everywhere(sim)
    assert f"socket.getaddrinfo {OUTSIDE}" in closed_network.left


@pytest.mark.leaves
def test_the_hook_sees_connections_too() -> None:
    with socket.socket() as outside, pytest.raises(closed_network.LeavesThisMachineError):
        outside.connect(("203.0.113.7", 80))
    with pytest.raises(closed_network.LeavesThisMachineError):
        socket.getaddrinfo(OUTSIDE, 80)
