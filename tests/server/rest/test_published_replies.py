"""SVAML of the shapes that the published OpenAPI gives as examples: lint finds no error in it, and calls obey it.

The documents have our own numbers and words. All shapes are of version 1.0.1 of the specification; the only ones of 1.0.0
are updates, which ``test_published_updates`` sends.
"""

import json

import pytest

from sinch_simulator.config import DEFAULT_NUMBER
from sinch_simulator.exchange.diagnostics import Severity
from sinch_simulator.exchange.markup import SvamlContext
from sinch_simulator.exchange.svaml.lint import lint_document
from stream_listeners import connect_stream, echo, listening
from wired_world import BEN, CONNECT, CONTINUE, HANG_UP, MENU, Json, Wired, wired

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
INSTRUCTIONS: list[Json] = [
    {"name": "playFiles", "ids": ["#tts[Hello]"], "locale": "en-US"},
    {"name": "playFiles", "ids": ["#ssml[Hello]"], "locale": "en-US"},
    {"name": "say", "text": "It is Monday.", "locale": "en-US"},
    {"name": "sendDtmf", "value": "207#"},
    {"name": "setCookie", "key": "day", "value": "monday"},
    {"name": "answer"},
    {
        "name": "startRecording",
        "options": {"destination": "s3://our-calls/", "credentials": "AK:SK:eu-north-1", "notificationEvents": True},
    },
    {"name": "stopRecording"},
]
ICE, ACE, PIE = SvamlContext.ICE, SvamlContext.ACE, SvamlContext.PIE


def named(document: Json) -> str:
    """For the names of tests."""
    return str(document["name"])


async def reach(sim: Wired, event: str, document: Json) -> Json:
    """A call from Anna in which the app gives this document in this event, and ``continue`` or a hang-up later."""
    sim.webhook.on("ice", {"ice": document, "ace": CONNECT}.get(event, MENU))
    sim.webhook.on("ace", document if event == "ace" else CONTINUE)
    sim.webhook.on("pie", document if event == "pie" else HANG_UP)
    call_id = (await sim.dial())["callId"]
    if event == "pie":
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
    await sim.advance(6)
    return await sim.call(call_id)


# ---- actions ----------------------------------------------------------------------------------------------------

ACTIONS = [
    pytest.param(HANG_UP, (ICE, ACE, PIE), "ENDED", id="hangup"),
    pytest.param(CONTINUE, (ACE, PIE), None, id="continue"),
    pytest.param(TO_PHONE, (ICE, PIE), "CONNECTED", id="connectPstn"),
    pytest.param(TO_USER, (ICE,), "CONNECTED", id="connectMxp"),
    pytest.param(TO_ROOM, (ICE, ACE, PIE), "IN_CONFERENCE", id="connectConf"),
    pytest.param(TO_SIP, (ICE, PIE), "CONNECTED", id="connectSip"),
    pytest.param(TWO_MENUS, (ICE, ACE, PIE), "IN_MENU", id="runMenu"),
    pytest.param(PARK, (ICE,), "PARKED", id="park"),
    pytest.param(PIN_MENU, (ACE,), "IN_MENU", id="the reply to ACE that plays a menu"),
    pytest.param(BYE, (ACE, PIE), "ENDED", id="the replies to ACE and PIE that say something and hang up"),
]
PLACED = [
    pytest.param(document, context.value, state, id=f"{each.id} in {context.value}")
    for each in ACTIONS
    for document, contexts, state in [each.values]
    for context in contexts
]


@pytest.mark.parametrize(("document", "event", "state"), PLACED)
async def test_a_published_action_is_obeyed_wherever_it_belongs(document: Json, event: str, state: str) -> None:
    assert lint_document(json.dumps(document).encode(), SvamlContext(event)) == []
    async with wired() as sim:
        call = await reach(sim, event, document)
        print(event, call["state"], call["result"], call["reason"], await sim.codes(), sim.webhook.events, call["heard"])
        assert await sim.codes() == []
