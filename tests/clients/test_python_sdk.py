"""PyPI sinch 1.1.4, blocking and asynchronous: every method of its voice domain."""

import inspect
from typing import Any

import pytest
from attrs import define, field
from sinch import SinchClient, SinchClientAsync
from sinch.domains.voice import Applications, Callouts, Calls, Conferences
from sinch.domains.voice.exceptions import VoiceException

from support.sdk_world import CALLEE, Account

TO = {"type": "number", "endpoint": CALLEE}
CLASSES = {"applications": Applications, "callouts": Callouts, "calls": Calls, "conferences": Conferences}
EVERY_METHOD = {
    f"{name}.{method}"
    for name, of in CLASSES.items()
    for method, _ in inspect.getmembers(of, inspect.isfunction)
    if not method.startswith("_")
}


@define
class Voice:
    """The voice domain of a client, blocking or not; it remembers what was called. The SDK has no type hints."""

    client: Any
    called: set[str] = field(factory=set)

    async def call(self, method: str, *arguments: object, **named: object) -> Any:
        """Call ``group.method`` and give what it comes to."""
        group, name = method.split(".")
        self.called.add(method)
        result = getattr(getattr(self.client.voice, group), name)(*arguments, **named)
        return await result if inspect.isawaitable(result) else result


@pytest.fixture(params=[SinchClient, SinchClientAsync], ids=["blocking", "asynchronous"])
async def voice(request: pytest.FixtureRequest, account: Account) -> Any:
    """A client of either kind, pointed at the simulator as docs/clients.md says."""
    client = request.param(application_key=account.key, application_secret=account.secret)
    client.configuration.disable_https = True
    client.configuration.voice_origin = account.address
    client.configuration.voice_applications_origin = account.address
    yield Voice(client)
    if isinstance(client, SinchClient):
        client.configuration.transport.http_session.close()
    elif client.configuration.transport.http_session is not None:
        await client.configuration.transport.close_session()


async def test_every_method_works(voice: Voice, account: Account) -> None:
    await numbers_and_callbacks(voice, account)
    await callouts_and_calls(voice, account)
    await rooms(voice, account)
    assert voice.called == EVERY_METHOD


async def numbers_and_callbacks(voice: Voice, account: Account) -> None:
    key = account.key
    [owned] = (await voice.call("applications.get_numbers")).numbers
    assert (owned.number, owned.applicationkey, owned.capability) == (account.number, key, "voice")
    await voice.call("applications.unassign_number", account.number, key, "voice")
    [spare] = (await voice.call("applications.get_numbers")).numbers
    assert spare.applicationkey is None
    await voice.call("applications.assign_numbers", [account.number], key, "voice")
    assert (await voice.call("applications.get_numbers")).numbers == [owned]
    await voice.call("applications.update_callback_urls", key, "http://127.0.0.1:9/a", "http://127.0.0.1:9/b")
    urls = await voice.call("applications.get_callback_urls", key)
    assert (urls.primary, urls.fallback) == ("http://127.0.0.1:9/a", "http://127.0.0.1:9/b")
    asked = await voice.call("applications.query_number", "+46730170101")
    assert (asked.country_id, asked.number_type, asked.normalized_number) == ("SE", "Mobile", "+46730170101")
    assert asked.restricted is False


async def callouts_and_calls(voice: Voice, account: Account) -> None:
    say = {"name": "say", "text": "One moment", "locale": "en-US"}
    spoken = await voice.call("callouts.text_to_speech", TO, cli=account.number, text="Hello", custom="order-42")
    account.advance(3)
    assert account.call(spoken.call_id)["heard"] == ["Hello"]
    ended = await voice.call("calls.get", spoken.call_id)
    assert (ended.status, ended.result, ended.reason) == ("FINAL", "ANSWERED", "MANAGERHANGUP")
    assert (ended.to, ended.custom, ended.domain) == ({"type": "Number", "endpoint": CALLEE}, "order-42", "pstn")
    ace = '{"action": {"name": "continue"}}'
    custom = await voice.call("callouts.custom", cli=account.number, destination=TO, ace=ace)
    account.advance(3)
    assert (await voice.call("calls.get", custom.call_id)).status == "ONGOING"
    await voice.call("calls.manage_with_call_leg", custom.call_id, "callee", [say], {"name": "continue"})
    await voice.call("calls.update", custom.call_id, [], {"name": "hangup"})
    account.advance(5)
    assert (await voice.call("calls.get", custom.call_id)).reason == "MANAGERHANGUP"


async def rooms(voice: Voice, account: Account) -> None:
    dtmf = {"mode": "forward", "max_digits": 1, "timeout_mills": 3000}
    first = await voice.call(
        "callouts.conference", TO, "room", cli=account.number, conference_dtmf_options=dtmf, moh_class="music1"
    )
    second = await voice.call("conferences.call", {"type": "number", "endpoint": "+14045550198"}, "room")
    account.advance(3)
    found = (await voice.call("conferences.get", "room")).participants
    assert [participant.id for participant in found] == [first.call_id, second.call_id]
    await voice.call("conferences.manage_participant", first.call_id, "room", "mute")
    await voice.call("conferences.manage_participant", second.call_id, "room", "onhold", "music2")
    found = (await voice.call("conferences.get", "room")).participants
    assert [(participant.muted, participant.onhold) for participant in found] == [(True, False), (False, True)]
    await voice.call("conferences.kick_participant", first.call_id, "room")
    assert len((await voice.call("conferences.get", "room")).participants) == 1
    await voice.call("conferences.kick_all", "room")
    with pytest.raises(VoiceException, match="No such ongoing conference"):
        await voice.call("conferences.get", "room")


async def test_an_error_has_its_code_and_its_text(voice: Voice) -> None:
    with pytest.raises(VoiceException, match="Call not found") as failure:
        await voice.call("calls.get", "nobody")
    assert failure.value.http_response.status_code == 404
    assert failure.value.http_response.body["errorCode"] == 40400
    with pytest.raises(VoiceException, match=r"ttsCallout\.destination\.endpoint"):
        await voice.call("callouts.text_to_speech", {"type": "number", "endpoint": "nobody"})


async def test_a_wrong_secret_is_refused(voice: Voice) -> None:
    voice.client.configuration.application_secret = "d3Jvbmc="
    with pytest.raises(VoiceException, match="Invalid Signature") as failure:
        await voice.call("applications.get_numbers")
    assert failure.value.http_response.body["errorCode"] == 40102
    assert failure.value.http_response.headers["X-Sinch-Simulator-Hint"]
