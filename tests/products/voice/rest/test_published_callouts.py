"""Callouts of the shapes that the published OpenAPI gives as examples: each is accepted, and does what it says.

The bodies have our own numbers, names and words. 1.0.1 and 1.0.0 are the versions of the specification.
"""

import json

import pytest

from sinch_simulator.config import DEFAULT_NUMBER
from support.published_shapes import CALL, CALLOUT_ANSWER, misfits, words
from support.wired_world import BEN, HANG_UP, Json, Wired, wired

PATH = "/calling/v1/callouts"
TO_BEN: Json = {"type": "number", "endpoint": BEN}
ASKS_FOR_NO_EVENTS = "CALLOUT_EVENTS_DISABLED"


def tts(**fields: object) -> Json:
    return {"method": "ttsCallout", "ttsCallout": fields}


def conference(**fields: object) -> Json:
    return {"method": "conferenceCallout", "conferenceCallout": fields}


def custom(**fields: object) -> Json:
    return {"method": "customCallout", "customCallout": fields}


def text(document: Json) -> str:
    """A document as the text that a customCallout carries."""
    return json.dumps(document)


LEADS_TO_BEN: Json = {"action": {"name": "connectPstn", "number": BEN, "cli": DEFAULT_NUMBER}}
SAYS_HELLO: Json = {"instructions": [{"name": "say", "text": "It is Monday."}], "action": {"name": "hangup"}}

EXAMPLES = [
    pytest.param(
        tts(cli=DEFAULT_NUMBER, destination=TO_BEN, locale="en-US", text="It is Monday."),
        [ASKS_FOR_NO_EVENTS],
        ["It is Monday."],
        id="1.0.1 and 1.0.0 tts with text",
    ),
    pytest.param(
        tts(
            cli=DEFAULT_NUMBER,
            destination=TO_BEN,
            locale="en-US",
            prompts='#ssml[<speak><p>The room is <say-as interpret-as="digits">207</say-as></p><p>Come in</p></speak>]',
        ),
        [ASKS_FOR_NO_EVENTS],
        ["The room is 207 Come in"],
        id="1.0.1 tts with SSML",
    ),
    pytest.param(
        tts(
            cli=DEFAULT_NUMBER,
            destination=TO_BEN,
            locale="en-US",
            prompts="#href[https://media.example.com/monday.mp3]",
        ),
        [ASKS_FOR_NO_EVENTS],
        ["https://media.example.com/monday.mp3"],
        id="1.0.1 tts with a file",
    ),
    pytest.param(
        tts(
            cli=DEFAULT_NUMBER,
            destination=TO_BEN,
            dtmf="ww207#w#",
            domain="pstn",
            custom="room 207",
            locale="en-US",
            prompts="#tts[It is Monday];#ssml[<speak><break time='250ms'/>Come in</speak>]",
            enableAce=False,
            enableDice=False,
            enablePie=True,
        ),
        [],
        ["It is Monday", "Come in"],
        id="1.0.1 tts with every property of the schema",
    ),
    pytest.param(
        conference(
            cli=DEFAULT_NUMBER, destination=TO_BEN, locale="en-US", greeting="Hello all", conferenceId="Monday room"
        ),
        [ASKS_FOR_NO_EVENTS],
        ["Hello all"],
        id="1.0.1 conference",
    ),
    pytest.param(
        conference(
            cli=DEFAULT_NUMBER,
            destination={"type": "number", "number": BEN},
            locale="en-US",
            greeting="Hello all",
            conferenceId="Monday room",
        ),
        ["DESTINATION_NUMBER", ASKS_FOR_NO_EVENTS],
        ["Hello all"],
        id="1.0.0 conference, whose destination has a number (an artefact: docs/platform/rest.md#10)",
    ),
    pytest.param(
        conference(
            cli=DEFAULT_NUMBER.removeprefix("+"),
            destination=TO_BEN,
            conferenceId="Monday room",
            conferenceDtmfOptions={"mode": "ignore", "maxDigits": 1, "timeoutMills": 3000},
            dtmf="ww207#w#",
            maxDuration=600,
            custom="room 207",
            enableAce=False,
            enableDice=False,
            enablePie=False,
            locale="en-US",
            greeting="Hello all",
            mohClass="ring",
            domain="pstn",
        ),
        [ASKS_FOR_NO_EVENTS],
        ["Hello all", "ring"],
        id="1.0.1 conference with every property of the schema",
    ),
    pytest.param(
        conference(cli=DEFAULT_NUMBER, destination=TO_BEN, conferenceId="Monday room", maxDuration="600"),
        ["TYPE_COERCED", ASKS_FOR_NO_EVENTS],
        [],
        id="1.0.0 conference, whose maximal duration is text",
    ),
    pytest.param(
        {"pop": "eu-north", **custom(ice=text(LEADS_TO_BEN), ace=text(SAYS_HELLO))},
        ["UNKNOWN_PROPERTY"],
        ["It is Monday."],
        id="1.0.1 custom, beside which there is a pop (docs/platform/rest.md#3.4: an artefact, ignored)",
    ),
    pytest.param(
        custom(
            ice=text({"action": {**LEADS_TO_BEN["action"], "amd": {"enabled": "true"}}}),
            enableAce=True,
            enableDice=True,
        ),
        ["TYPE_COERCED", "FLAG_IGNORED", "FLAG_IGNORED"],
        [],
        id="1.0.1 custom with machine detection, enabled by a text, with flags it lacks (docs/platform/rest.md#3.4)",
    ),
    pytest.param(
        {
            "pop": "eu-north",
            **custom(
                ice={
                    "instructions": [{"name": "say", "text": "One moment!"}, {"name": "say", "text": "Here it is!"}],
                    "action": {"name": "ConnectPSTN", "number": 14045550199, "cli": 14045550100},
                },
                ace={"action": {"name": "continue"}},
            ),
        },
        [
            "UNKNOWN_PROPERTY",
            "SVAML_NOT_STRING",
            "TYPE_COERCED",
            "TYPE_COERCED",
            "PROMPT_BEFORE_ANSWER",
            "PROMPT_BEFORE_ANSWER",
            "SVAML_NOT_STRING",
        ],
        [],
        id="1.0.0 custom, whose ice and ace are objects with numbers for text (docs/platform/rest.md#3.4)",
    ),
    pytest.param(
        custom(
            ice=text({"action": {"name": "connectPstn", "number": BEN.removeprefix("+"), "maxDuration": 90}}),
            ace=text(
                {
                    "action": {
                        "name": "RunMenu",
                        "locale": "en-US",
                        "menus": [
                            {
                                "id": "main",
                                "mainPrompt": "#tts[ Press 1 or 2</speak>]",
                                "timeoutMills": 5000,
                                "options": [
                                    {"dtmf": "1", "action": "return(monday)"},
                                    {"dtmf": "2", "action": "return(sunday)"},
                                ],
                            }
                        ],
                    }
                }
            ),
        ),
        [],
        [" Press 1 or 2</speak>"] * 4,
        id="1.0.1 custom, the ice and ace of the schema's properties",
    ),
    pytest.param(
        tts(
            cli=DEFAULT_NUMBER.removeprefix("+"),
            destination={"type": "number", "number": BEN},
            domain="pstn",
            custom="room 207",
            locale="en-US",
            prompts="It is Monday",
        ),
        ["DESTINATION_NUMBER", "PROMPT_NOT_FILE", ASKS_FOR_NO_EVENTS],
        ["It is Monday"],
        id="1.0.1 tts of the introduction, with a number and bare words (docs/platform/rest.md#3.2)",
    ),
    pytest.param(
        tts(cli=DEFAULT_NUMBER, destination={"type": "Number", "endpoint": BEN}, text="It is Monday."),
        [ASKS_FOR_NO_EVENTS],
        ["It is Monday."],
        id="1.0.1 a capitalised Number",
    ),
    pytest.param(
        tts(cli=DEFAULT_NUMBER, destination={"type": "Username", "endpoint": "ben"}, text="It is Monday."),
        [ASKS_FOR_NO_EVENTS],
        ["It is Monday."],
        id="1.0.1 a capitalised Username",
    ),
    pytest.param(
        conference(
            cli=DEFAULT_NUMBER,
            destination={"type": "sip", "endpoint": "+14045550199@pbx.example.com"},
            conferenceId="Monday room",
        ),
        [ASKS_FOR_NO_EVENTS],
        [],
        id="1.0.1 a SIP address",
    ),
]


async def place(sim: Wired, body: Json, path: str = PATH) -> str:
    """The call of an accepted callout, whose answer is as published."""
    reply = await sim.rest("POST", path, body)
    assert reply.status == 200, reply.raw
    assert misfits(reply.json, CALLOUT_ANSWER) == []
    call_id: str = reply.json["callId"]
    return call_id


@pytest.mark.parametrize(("body", "told", "heard"), EXAMPLES)
async def test_a_published_callout_is_accepted_and_does_what_it_says(
    body: Json, told: list[str], heard: list[str]
) -> None:
    async with wired() as sim:
        sim.webhook.on("pie", HANG_UP)
        call_id = await place(sim, body)
        assert await sim.codes() == told
        # Only the domain of a call to SIP is a word of ours: neither version has one (docs/platform/callbacks.md#3).
        shown = (await sim.rest("GET", f"/calling/v1/calls/id/{call_id}")).json
        assert (misfits(shown, {**CALL, "domain": words("pstn mxp sip")}), shown["status"]) == ([], "ONGOING")
        await sim.advance(30)
        call = await sim.call(call_id)
        assert (call["answeredAt"] is not None, call["heard"]) == (True, heard)
        assert await sim.codes("?severity=error") == []


async def test_a_custom_callout_with_every_property_but_ice_sends_each_event_where_it_says() -> None:
    """1.0.1 and 1.0.0: ``ace`` is text with SVAML, ``pie`` and ``dice`` are URLs."""
    async with wired() as sim:
        sim.webhook.on("pie", HANG_UP)
        menu = {"id": "main", "maxDigits": 1, "options": [{"dtmf": "1", "action": "return (monday)"}]}
        body = custom(
            cli=DEFAULT_NUMBER,
            destination=TO_BEN,
            dtmf="ww207#w#",
            custom="room 207",
            maxDuration=600,
            ace=text({"action": {"name": "runMenu", "menus": [menu]}}),
            pie=sim.webhook.url + "/menu",
            dice=sim.webhook.url + "/end",
        )
        call_id = await place(sim, body)
        await sim.advance(6)
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
        pie, dice = sim.webhook.posted
        assert (pie.event, pie.path, pie.body["menuResult"]["value"]) == ("pie", "/hook/menu", "monday")
        assert (dice.event, dice.path, dice.body["custom"]) == ("dice", "/hook/end", "room 207")
        assert await sim.codes() == []


async def test_both_published_spellings_of_the_path_place_a_call() -> None:
    """1.0.0 ends with a slash, 1.0.1 does not."""
    async with wired() as sim:
        for path in (PATH, PATH + "/"):
            await place(sim, tts(cli=DEFAULT_NUMBER, destination=TO_BEN, text="It is Monday."), path)


async def test_the_snippets_of_the_specification_leave_out_the_cli_and_their_call_never_arrives() -> None:
    """1.0.1, Java and Node.js beside POST callouts: accepted, as docs/platform/rest.md#3.1 says, and told."""
    async with wired() as sim:
        call_id = await place(sim, tts(destination=TO_BEN, text="It is Monday."))
        assert await sim.codes() == ["CLI_MISSING", ASKS_FOR_NO_EVENTS]
        await sim.advance(5)
        assert (await sim.call(call_id))["result"] == "FAILED"
