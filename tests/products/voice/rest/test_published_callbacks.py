"""Callbacks beside the examples and the schemas of the published OpenAPI, version 1.0.1: names, types and words.

Each call here is one that its example could be of. The examples say callId and the schemas callid, which is what goes
over the wire (docs/platform/callbacks.md#10). What only docs/platform knows is named where it comes.
"""

from pathlib import Path

import pytest

from support.published_shapes import IDENTITY, Shape, published_event, words
from support.recorded_calls import make_bare
from support.wired_world import ANNA, BEN, CONNECT, CONTINUE, HANG_UP, MENU, Json, Wired, wired

OF_CALLS = {"event", "callid", "timestamp", "version", "applicationKey"}
OF_NOTIFY = {"event", "callid", "version", "type"}
OF_ICE = OF_CALLS | {"callResourceUrl", "userRate", "cli", "to", "domain", "originationType", "rdnis"}
OF_DICE = OF_CALLS | {"reason", "result", "debit", "userRate", "to", "from"}


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_bare(monkeypatch, tmp_path)


def of(sim: Wired, event: str) -> list[Json]:
    """The bodies of the callbacks of this event, in order."""
    return [posted.body for posted in sim.webhook.posted if posted.event == event]


def assert_published(body: Json, names: set[str], **known_elsewhere: Shape) -> None:
    """These properties and no others, all with the published types and words."""
    assert set(body) == names
    assert published_event(body, **known_elsewhere) == []


async def bridged(sim: Wired, action: Json | None = None, **fields: object) -> str:
    """A call from Anna to Ben, who has answered; its id."""
    sim.webhook.on("ice", CONNECT if action is None else {"action": action})
    sim.webhook.on("ace", CONTINUE)
    call_id: str = (await sim.dial(**fields))["callId"]
    await sim.advance(4)
    return call_id


def test_a_stranger_a_wrong_type_and_a_wrong_word_are_no_published_body() -> None:
    ace = {"event": "ace", "callid": 5, "version": True, "amd": {"status": "robot", "reason": "beep", "sure": 1}}
    assert published_event(ace) == [
        "callid has a type that is not published: 5",
        "version has a type that is not published: True",
        "amd.status has a word that is not published: 'robot'",
        "amd.sure is not published",
    ]


# ---- ICE, ACE, DiCE ---------------------------------------------------------------------------------------------


async def test_the_events_of_a_call_to_a_rented_number_are_as_published() -> None:
    """The example of ICE; it has no ``rdnis``, which the samples of SDKs have (docs/platform/callbacks.md#3)."""
    async with wired() as sim:
        call_id = await bridged(sim, custom="room 207")
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "callee"})
        [ice], [ace], [dice] = of(sim, "ice"), of(sim, "ace"), of(sim, "dice")
        assert_published(ice, OF_ICE | {"custom"})
        assert_published(ace, OF_CALLS | {"custom"})
        assert_published(dice, OF_DICE | {"custom", "duration"})
        assert (ice["to"]["type"], ice["domain"], ice["originationType"]) == ("did", "pstn", "PSTN")
        assert (ice["cli"], ice["to"]["endpoint"][0]) == (ANNA.removeprefix("+"), "+")
        assert ice["callResourceUrl"] == f"{sim.server.url}/calling/v1/calls/id/{call_id}"
        assert (dice["reason"], dice["result"]) == ("CALLEEHANGUP", "ANSWERED")


async def test_the_end_of_a_call_that_failed_is_as_published() -> None:
    """The example of DiCE: nothing debited, no duration; it says did, where samples say number.

    Source: docs/platform/callbacks.md#2.1.
    """
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "connectPstn"}})
        await sim.dial()
        [dice] = of(sim, "dice")
        assert_published(dice, OF_DICE)
        assert (dice["reason"], dice["result"], dice["debit"]["amount"]) == ("GENERALERROR", "FAILED", 0)
        assert (dice["to"]["type"], dice["to"]["endpoint"][0], dice["from"][0]) == ("number", "1", "4")


async def test_the_headers_of_an_in_app_caller_are_as_published() -> None:
    """The schemas of ICE and DiCE; ``user`` is of older documents (docs/platform/callbacks.md#2)."""
    async with wired() as sim:
        headers = [{"key": "day", "value": "monday"}]
        about: Json = {"from": "alice", "origin": "mxp", "to": {"type": "number", "endpoint": BEN}}
        call_id = await bridged(sim, callHeaders=headers, **about)
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
        [ice], [ace], [dice] = of(sim, "ice"), of(sim, "ace"), of(sim, "dice")
        assert_published(ice, OF_ICE | {"user", "callHeaders"}, user=str)
        assert_published(ace, OF_CALLS | {"user"}, user=str)
        assert_published(dice, OF_DICE | {"user", "duration", "callHeaders"}, user=str)
        assert ice["callHeaders"] == dice["callHeaders"] == headers
        assert (ice["originationType"], ice["to"]["type"]) == ("MXP", "number")


async def test_what_is_not_published_is_known_to_the_reference() -> None:
    """A user who calls a room, a trunk, and a cookie: conference, sip and cookies.

    Source: docs/platform/callbacks.md#2 and #3.
    """
    async with wired() as sim:
        sim.webhook.on("ice", {"instructions": [{"name": "setCookie", "key": "day", "value": "monday"}], **HANG_UP})
        await sim.dial(**{"from": "alice"}, origin="mxp", to={"type": "conference", "endpoint": "MondayRoom"})
        await sim.dial(**{"from": "alice@pbx.example.com"}, origin="sip", to="+14045550177")
        to: Shape = {**IDENTITY, "type": words("conference")}
        by_user, by_trunk = of(sim, "ice")
        assert_published(by_user, OF_ICE | {"user"}, user=str, to=to)
        assert_published(by_trunk, OF_ICE, domain=words("sip"), originationType=words("SIP"))
        cookies: Shape = [{"key": str, "value": str}]
        ended_by_user, ended_by_trunk = of(sim, "dice")
        assert_published(ended_by_user, OF_DICE | {"user", "cookies"}, user=str, cookies=cookies, to=to)
        assert_published(ended_by_trunk, OF_DICE | {"cookies"}, cookies=cookies)


# ---- PIE --------------------------------------------------------------------------------------------------------


async def test_the_result_of_a_menu_is_as_published() -> None:
    """The example of PIE, and the other words of its schema that a caller brings about."""
    menu = {"id": "main", "repeats": 0, "options": [{"dtmf": "1", "action": "return(monday)"}]}
    digits = {"id": "main", "maxDigits": 4}
    seen = {}
    for wanted, shown, keys in (
        ("return", menu, "1"),
        ("sequence", digits, "2468"),
        ("invalidinput", menu, "5"),
        ("timeout", menu, ""),
        ("hangup", menu, None),
    ):
        async with wired() as sim:
            sim.webhook.on("ice", {"action": {"name": "runMenu", "menus": [shown]}})
            sim.webhook.on("pie", HANG_UP)
            call_id = (await sim.dial(custom="room 207"))["callId"]
            if keys is None:
                await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
            elif keys:
                await sim.control("POST", f"/calls/{call_id}/press", {"digits": keys})
            await sim.advance(10)
            [pie] = of(sim, "pie")
            assert_published(pie, OF_CALLS | {"custom", "menuResult"})
            assert set(pie["menuResult"]) == {"menuId", "type", "value", "inputMethod"}
            seen[wanted] = pie["menuResult"]["type"]
    assert list(seen.values()) == list(seen)


async def test_keys_in_a_conference_are_told_as_published() -> None:
    """The mode ``detect`` of 1.0.1: a PIE of the room, with its ``conferenceId``."""
    async with wired() as sim:
        options = {"mode": "detect", "maxDigits": 2, "timeoutMills": 3000}
        action = {"name": "connectConf", "conferenceId": "MondayRoom", "conferenceDtmfOptions": options}
        sim.webhook.on("ice", {"action": action})
        call_id = (await sim.dial())["callId"]
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "24"})
        await sim.advance(1)
        [pie] = of(sim, "pie")
        assert_published(pie, OF_CALLS | {"conferenceId", "menuResult"})
        assert (pie["conferenceId"], pie["menuResult"]["value"]) == ("MondayRoom", "24")


# ---- machine detection ------------------------------------------------------------------------------------------


async def detected(sim: Wired, **amd: bool) -> str:
    """A call from Anna to Ben's answering machine."""
    await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 1, "as": "machine"}, "greeting": 8, "beep": True})
    call_id = await bridged(sim, {**CONNECT["action"], "amd": {"enabled": True, **amd}})
    await sim.advance(20)
    return call_id


async def test_the_verdict_of_machine_detection_comes_with_ace_as_published() -> None:
    """The schema of ACE."""
    async with wired() as sim:
        await detected(sim)
        [ace] = of(sim, "ace")
        assert_published(ace, OF_CALLS | {"amd"})
        assert set(ace["amd"]) == {"status", "reason", "duration"}
        assert (ace["amd"]["status"], ace["amd"]["reason"]) == ("machine", "longgreeting")


async def test_the_verdict_and_the_beep_are_notified_as_published() -> None:
    """The two examples of Notify; that ACE says ``inprogress`` before is not published.

    Source: docs/platform/callbacks.md#8.
    """
    async with wired() as sim:
        call_id = await detected(sim, **{"async": True})
        [ace] = of(sim, "ace")
        assert_published(ace, OF_CALLS | {"amd"}, amd={"status": words("inprogress")})
        verdict, beep = of(sim, "notify")
        for notify in (verdict, beep):
            assert_published(notify, OF_NOTIFY | {"amd"})
            assert notify["callid"] == call_id
        assert (verdict["type"], verdict["amd"]["status"], verdict["amd"]["reason"]) == (
            "amd",
            "machine",
            "longgreeting",
        )
        assert (beep["type"], beep["amd"]["status"], beep["amd"]["reason"]) == ("amd_beep", "machine", "beep")
        assert beep["amd"]["duration"] > verdict["amd"]["duration"]


# ---- other notifications ----------------------------------------------------------------------------------------


async def test_recordings_are_notified_as_published() -> None:
    """The two examples of Notify: only what is available has a ``destination``."""
    async with wired() as sim:
        recording = {"name": "startRecording", "options": {"destination": "s3://our-calls/"}}
        sim.webhook.on("ice", {"instructions": [recording], **CONNECT})
        sim.webhook.on("ace", CONTINUE)
        call_id = (await sim.dial())["callId"]
        await sim.advance(5)
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
        await sim.advance(60)
        finished, available = of(sim, "notify")
        assert_published(finished, OF_NOTIFY)
        assert_published(available, OF_NOTIFY | {"destination"})
        assert (finished["type"], available["type"]) == ("recording_finished", "recording_available")


async def test_an_error_in_svaml_is_notified_as_published() -> None:
    """The schema of the error notification: its code is a number, ``user`` and ``custom`` come where there are any."""
    async with wired() as sim:
        sim.webhook.on("ice", MENU | {"action": {"name": "runMenu", "menus": []}})
        await sim.dial()
        await sim.dial(**{"from": "alice"}, origin="mxp", to={"type": "number", "endpoint": BEN}, custom="room 207")
        by_phone, by_user = of(sim, "notify")
        assert_published(by_phone, OF_NOTIFY | {"errorCode", "errorMsg"})
        assert_published(by_user, OF_NOTIFY | {"errorCode", "errorMsg", "user", "custom"})
        assert (by_phone["type"], by_phone["errorCode"]) == ("callingerror", 40001)
