"""SVAML of the shapes that the published OpenAPI gives as examples: lint finds no error in it, and calls obey it.

The documents have our own numbers and words. All shapes are of version 1.0.1 of the specification; the only ones of
1.0.0 are updates, which ``test_published_updates`` sends.
"""

import json
from pathlib import Path

import pytest

from sinch_simulator.config import DEFAULT_NUMBER
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import lint_document
from support.recorded_calls import make_bare
from support.stream_listeners import connect_stream, echo, listening
from support.wired_world import BEN, CONNECT, CONTINUE, HANG_UP, MENU, Json, Wired, wired

HEADERS = [{"key": "day", "value": "monday"}, {"key": "room", "value": "207"}]
BYE: Json = {"instructions": [{"name": "say", "text": "Bye now.", "locale": "en-US"}], **HANG_UP}
CHOICES = "#tts[Press 1 for Monday or 2 for more.]"

TO_PHONE: Json = {
    "action": {
        "name": "connectPstn",
        "number": BEN,
        "locale": "en-US",
        "maxDuration": 3000,
        "dialTimeout": 10,
        "cli": DEFAULT_NUMBER,
        "suppressCallbacks": False,
        "indications": "se",
        "amd": {"enabled": True},
    }
}
TO_USER: Json = {
    "action": {"name": "connectMxp", "destination": {"type": "username", "endpoint": "ben"}, "callHeaders": HEADERS}
}
TO_ROOM: Json = {"action": {"name": "connectConf", "conferenceId": "MondayRoom", "moh": "ring"}}
TO_SIP: Json = {
    "action": {
        "name": "connectSip",
        "destination": {"endpoint": "14045550199@pbx.example.com", "type": "Sip"},
        "maxDuration": 3000,
        "cli": "private",
        "transport": "tls",
        "suppressCallbacks": False,
        "callHeaders": HEADERS,
    }
}
PARK: Json = {
    "action": {
        "name": "park",
        "introPrompt": "#tts[Hello]",
        "holdPrompt": "#tts[Thank you for waiting.]",
        "maxDuration": 180,
    }
}
TWO_MENUS: Json = {
    "action": {
        "name": "runMenu",
        "barge": True,
        "mainMenu": "main",
        "menus": [
            {
                "id": "main",
                "mainPrompt": CHOICES,
                "options": [{"dtmf": 1, "action": "return(monday)"}, {"dtmf": 2, "action": "menu(more)"}],
            },
            {"id": "more", "mainPrompt": "#tts[Four digits.]", "options": [{"dtmf": 1, "action": "menu(main)"}]},
        ],
    }
}
PIN_MENU: Json = {
    "action": {
        "name": "runMenu",
        "barge": True,
        "menus": [
            {
                "id": "main",
                "mainPrompt": CHOICES,
                "options": [{"dtmf": "1", "action": "return(monday)"}, {"dtmf": "2", "action": "menu(more)"}],
            },
            {
                "id": "more",
                "mainPrompt": "#tts[Four digits.]",
                "repeatPrompt": "#tts[Four digits, please.]",
                "repeats": 3,
                "maxDigits": 4,
            },
        ],
    }
}
HELLO: Json = {"name": "playFiles", "ids": ["#tts[Hello]"], "locale": "en-US"}
RECORD: Json = {
    "name": "startRecording",
    "options": {"destination": "s3://our-calls/", "credentials": "AK:SK:eu-north-1", "notificationEvents": True},
}


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_bare(monkeypatch, tmp_path)


def linted(event: str, document: Json) -> list[str]:
    """What ``sinch-simulator lint`` finds."""
    return [found.code for found in lint_document(json.dumps(document).encode(), SvamlContext(event))]


async def reach(sim: Wired, event: str, document: Json) -> Json:
    """A call from Anna, six seconds after it began, in which the app gives this document in this event."""
    sim.webhook.on("ice", {"ice": document, "ace": CONNECT}.get(event, MENU))
    sim.webhook.on("ace", document if event == "ace" else CONTINUE)
    sim.webhook.on("pie", document if event == "pie" else HANG_UP)
    call_id = (await sim.dial())["callId"]
    if event == "pie":
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
    await sim.advance(6)
    return await sim.call(call_id)


# ---- actions ----------------------------------------------------------------------------------------------------

IN_ICE = [
    pytest.param("ice", HANG_UP, "ENDED", id="hangup in ice"),
    pytest.param("ice", TO_PHONE, "CONNECTED", id="connectPstn in ice"),
    pytest.param("ice", TO_USER, "CONNECTED", id="connectMxp in ice"),
    pytest.param("ice", TO_ROOM, "IN_CONFERENCE", id="connectConf in ice"),
    pytest.param("ice", TO_SIP, "CONNECTED", id="connectSip in ice"),
    pytest.param("ice", TWO_MENUS, "IN_MENU", id="runMenu in ice"),
    pytest.param("ice", PARK, "PARKED", id="park in ice"),
]
IN_ACE = [
    pytest.param("ace", HANG_UP, "ENDED", id="hangup in ace"),
    pytest.param("ace", CONTINUE, "CONNECTED", id="continue in ace"),
    pytest.param("ace", TO_ROOM, "IN_CONFERENCE", id="connectConf in ace"),
    pytest.param("ace", TWO_MENUS, "IN_MENU", id="runMenu in ace"),
    pytest.param("ace", PIN_MENU, "IN_MENU", id="the reply to ACE that plays a menu"),
    pytest.param("ace", BYE, "ENDED", id="the reply to ACE that says something and hangs up"),
]
IN_PIE = [
    pytest.param("pie", HANG_UP, "ENDED", id="hangup in pie"),
    pytest.param("pie", CONTINUE, "ENDED", id="continue in pie, nobody to connect to (docs/platform/svaml.md#3.2)"),
    pytest.param("pie", TO_PHONE, "CONNECTED", id="connectPstn in pie"),
    pytest.param("pie", TO_ROOM, "IN_CONFERENCE", id="connectConf in pie"),
    pytest.param("pie", TO_SIP, "CONNECTED", id="connectSip in pie"),
    pytest.param("pie", TWO_MENUS, "IN_MENU", id="runMenu in pie"),
    pytest.param("pie", BYE, "ENDED", id="the reply to PIE that says something and hangs up"),
]


@pytest.mark.parametrize(("event", "document", "state"), [*IN_ICE, *IN_ACE, *IN_PIE])
async def test_a_published_action_is_obeyed_wherever_it_belongs(event: str, document: Json, state: str) -> None:
    assert linted(event, document) == []
    async with wired() as sim:
        assert (await reach(sim, event, document))["state"] == state
        assert await sim.codes() == []


EVERY_PROPERTY = [
    pytest.param(
        {
            "name": "connectPstn",
            "number": BEN,
            "locale": "en-US",
            "maxDuration": 3000,
            "dialTimeout": 3000,
            "cli": "private",
            "suppressCallbacks": False,
            "dtmf": "ww207#w#",
            "indications": "us",
            "amd": {"enabled": True, "async": False},
        },
        [],
        "CONNECTED",
        id="connectPstn",
    ),
    pytest.param(
        {"name": "connectPstn", "number": BEN, "indications": False},
        ["INDICATION_BOOL"],
        "CONNECTED",
        id="connectPstn, with Norway as its schema has it",
    ),
    pytest.param(
        {
            "name": "connectMxp",
            "destination": {"type": "Username", "endpoint": "ben"},
            "callheaders": HEADERS,
        },
        [],
        "CONNECTED",
        id="connectMxp, whose headers the schema spells otherwise than the example",
    ),
    pytest.param(
        {
            "name": "connectConf",
            "conferenceId": "MondayRoom",
            "conferenceDtmfOptions": {"mode": "forward", "maxDigits": 1, "timeoutMills": 3000},
            "moh": "music1",
        },
        [],
        "IN_CONFERENCE",
        id="connectConf",
    ),
    pytest.param(
        {
            "name": "connectSip",
            "destination": {"type": "sip", "endpoint": "+14045550199@pbx.example.com"},
            "maxDuration": 3000,
            "cli": "private",
            "transport": "UDP",
            "suppressCallbacks": False,
            "callHeaders": HEADERS,
            "moh": "music2",
        },
        [],
        "CONNECTED",
        id="connectSip",
    ),
    pytest.param(
        {
            "name": "runMenu",
            "barge": True,
            "locale": "en-US",
            "mainMenu": "main",
            "enableVoice": True,
            "menus": [
                {
                    "id": "main",
                    "mainPrompt": "#tts[Say or press.];#ssml[<speak>Please</speak>];#href[https://media.example.com/a.mp3]",
                    "repeatPrompt": "https://media.example.com/b.mp3",
                    "repeats": 3,
                    "timeoutMills": 5000,
                    "maxTimeoutMills": 20000,
                    "options": [{"dtmf": "1", "action": "menu(main)"}, {"dtmf": "2", "action": "return (monday)"}],
                }
            ],
        },
        [],
        "IN_MENU",
        id="runMenu",
    ),
    pytest.param(PARK["action"] | {"locale": "en-US"}, [], "PARKED", id="park"),
]


@pytest.mark.parametrize(("action", "codes", "state"), EVERY_PROPERTY)
async def test_an_action_with_every_published_property_is_obeyed(action: Json, codes: list[str], state: str) -> None:
    """Put together from the schemas, with the types of their properties' examples."""
    assert linted("ice", {"action": action}) == codes
    async with wired() as sim:
        assert (await reach(sim, "ice", {"action": action}))["state"] == state
        # What is beyond this machine is not fetched, which is told when it is to be played.
        fetched = ["MEDIA_NOT_FETCHED"] if "media.example.com" in json.dumps(action) else []
        assert await sim.codes() == codes + fetched


async def test_the_published_reply_to_ice_is_heard_as_early_media() -> None:
    """Words and a hangup, without ``answer``: the caller is told, and the developer that it may not be.

    Source: docs/platform/svaml.md#5.
    """
    document: Json = {"instructions": [{"name": "say", "text": "We are closed."}], **HANG_UP}
    assert linted("ice", document) == ["PROMPT_BEFORE_ANSWER"]
    async with wired() as sim:
        call = await reach(sim, "ice", document)
        assert (call["state"], call["heard"], call["answeredAt"]) == ("ENDED", ["We are closed."], None)
        assert await sim.codes() == ["PROMPT_BEFORE_ANSWER"]


async def test_a_published_stream_is_connected() -> None:
    """connectStream: to a server of this machine, which has no TLS; lint reads the scheme of the example."""
    options: Json = {
        "streamingOptions": {"version": 1, "sampleRate": 44100},
        "maxDuration": 3600,
        "callHeaders": HEADERS,
    }
    assert linted("ice", connect_stream("wss://app.example.com/audio", **options)) == ["STREAM_CLOSED_BETA"]
    async with wired() as sim, listening(echo) as listener:
        sim.webhook.on("ice", connect_stream(listener.url, **options))
        call_id = (await sim.dial())["callId"]
        [connect] = listener.connects
        assert (connect["version"], connect["sampleRate"], connect["callId"]) == (1, 44100, call_id)
        assert connect["callHeaders"] == {"day": "monday", "room": "207"}
        assert (await sim.call(call_id))["state"] == "CONNECTED"
        assert await sim.codes("?severity=error") == []


async def test_the_published_menus_lead_from_one_to_the_other_and_back() -> None:
    """runMenu: keys as numbers, ``menu(..)`` both ways and ``return(..)``."""
    async with wired() as sim:
        call_id = (await reach(sim, "ice", TWO_MENUS))["callId"]
        for key, menu in (("2", "more"), ("1", "main")):
            assert (await sim.control("POST", f"/calls/{call_id}/press", {"digits": key}))["menuId"] == menu
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
        result = {"menuId": "main", "type": "return", "value": "monday", "inputMethod": "dtmf"}
        assert [each.body["menuResult"] for each in sim.webhook.posted if each.event == "pie"] == [result]


async def test_the_published_menu_collects_its_digits() -> None:
    """The reply to ACE that plays a menu; the result is that of the example of PIE."""
    async with wired() as sim:
        call_id = (await reach(sim, "ace", PIN_MENU))["callId"]
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "24680"})
        result = {"menuId": "more", "type": "sequence", "value": "4680", "inputMethod": "dtmf"}
        assert [each.body["menuResult"] for each in sim.webhook.posted if each.event == "pie"] == [result]


# ---- instructions -----------------------------------------------------------------------------------------------

EARLY = ["PROMPT_BEFORE_ANSWER"]
DROPPED = ["INSTRUCTION_NOT_ALLOWED"]


@pytest.mark.parametrize(
    ("instruction", "in_ice", "in_ace", "in_pie"),
    [
        pytest.param(HELLO, EARLY, [], [], id="playFiles"),
        pytest.param(
            {"name": "playFiles", "ids": ["#ssml[Hello]"], "locale": "en-US"}, EARLY, [], [], id="playFiles with SSML"
        ),
        pytest.param({"name": "say", "text": "It is Monday.", "locale": "en-US"}, EARLY, [], [], id="say"),
        pytest.param({"name": "sendDtmf", "value": "ww207#w#"}, [], DROPPED, [], id="sendDtmf"),
        pytest.param({"name": "setCookie", "key": "day", "value": "monday"}, [], [], [], id="setCookie"),
        pytest.param({"name": "answer"}, [], DROPPED, DROPPED, id="answer"),
        pytest.param(RECORD, [], [], [], id="startRecording, with the older destination (docs/platform/svaml.md#4)"),
        pytest.param(
            {
                "name": "startRecording",
                "options": {
                    "destinationUrl": "s3://our-calls/",
                    "credentials": "AK:SK:eu-north-1",
                    "format": "mp3",
                    "notificationEvents": True,
                    "transcriptionOptions": {"enabled": True, "locale": "en-US"},
                },
            },
            [],
            [],
            [],
            id="startRecording, with every property of the schema",
        ),
        pytest.param({"name": "stopRecording"}, [], [], [], id="stopRecording"),
    ],
)
async def test_a_published_instruction_is_obeyed_with_an_action(
    instruction: Json, in_ice: list[str], in_ace: list[str], in_pie: list[str]
) -> None:
    """The examples of instructions stand alone, which only an update of a call may (docs/platform/svaml.md#1)."""
    for event, codes in (("ice", in_ice), ("ace", in_ace), ("pie", in_pie)):
        document = {"instructions": [instruction], **HANG_UP}
        assert linted(event, document) == codes
        assert linted(event, {"instructions": [instruction]})[-1] == "NO_ACTION"
        async with wired() as sim:
            assert (await reach(sim, event, document))["reason"] == "MANAGERHANGUP"
            assert await sim.codes("?severity=error") == []
            assert set(codes) <= set(await sim.codes())


async def test_an_instruction_without_an_action_is_illegal_but_in_ace() -> None:
    """docs/platform/svaml.md#1: instructions do nothing alone; ACE then continues (docs/platform/callbacks.md#1.1)."""
    for event, state in (("ice", "ENDED"), ("ace", "CONNECTED"), ("pie", "ENDED")):
        async with wired() as sim:
            assert (await reach(sim, event, {"instructions": [HELLO]}))["state"] == state
            assert "NO_ACTION" in await sim.codes()
