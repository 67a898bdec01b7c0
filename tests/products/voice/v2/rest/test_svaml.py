"""Documents are checked and described by REST."""

from support.svaml_v2 import ONE_OF_EACH, Json, dial, say
from support.voice_v2_api import v2
from support.wired_world import wired

BAD: Json = {"commands": [dial(events={"onAnswer": [{**say(), "voice": "Emma"}]}), {"command": "dial"}]}


async def test_a_document_is_checked_as_a_call_is_started_or_strictly() -> None:
    async with wired() as sim:
        good = await v2(sim, "POST", "/svaml/validate", {"svaml": {"commands": ONE_OF_EACH}})
        assert (good.status, good.json) == (200, {"isValid": True})
        (missing,) = (await v2(sim, "POST", "/svaml/validate", {"svaml": BAD})).json["errors"]
        assert missing.startswith("Invalid dial command. commands[1].to: it is missing")
        strict = (await v2(sim, "POST", "/svaml/validate", {"svaml": BAD, "validationType": "STRICT"})).json
        assert strict["isValid"] is False
        assert [text.split(":")[0] for text in strict["errors"]] == [
            "Invalid messages command. commands[0].events.onAnswer[0].voice",
            "Invalid dial command. commands[1].to",
        ]
        assert (await v2(sim, "POST", "/svaml/validate", {"svaml": []})).json["isValid"] is False


async def test_a_request_that_is_no_validation_is_refused() -> None:
    async with wired() as sim:
        assert (await v2(sim, "POST", "/svaml/validate", {})).status == 400
        assert (await v2(sim, "POST", "/svaml/validate", {"svaml": {}, "validationType": "LOOSE"})).status == 400


async def test_a_document_is_described() -> None:
    async with wired() as sim:
        described = await v2(sim, "POST", "/svaml/describe", {"svaml": {"commands": [dial("agent")]}})
        expected = {"description": "1. Dial the number +14045550101 as agent, for at most 240 minutes."}
        assert (described.status, described.json) == (200, expected)
        assert (await v2(sim, "POST", "/svaml/describe", {"svaml": BAD})).status == 400
