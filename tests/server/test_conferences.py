"""Conferences over real sockets: the platform's endpoints, and the view of the control API."""

from sinch_simulator.config import DEFAULT_NUMBER
from support.wired_world import ANNA, Json, Reply, Wired, wired

CARL = "+46700000003"
DORA = "+46700000004"
ROOM = "/calling/v1/conferences/id/team%20room"


def join(**properties: object) -> Json:
    """A reply that leads into the room."""
    return {"action": {"name": "connectConf", "conferenceId": "team room", **properties}}


async def meet(sim: Wired, *numbers: str, **properties: object) -> list[str]:
    """People call in, a second apart, and meet; the ids of their calls."""
    sim.webhook.on("ice", join(**properties))
    calls = []
    for number in numbers:
        calls.append((await sim.dial(**{"from": number}))["callId"])
        await sim.advance(1)
    return calls


async def hears(sim: Wired) -> list[list[str]]:
    """Whom each participant of the only room hears."""
    [room] = (await sim.control("GET", "/conferences"))["conferences"]
    return [participant["hears"] for participant in room["participants"]]


def assert_no_such_room(reply: Reply) -> None:
    """The platform's answer about a room that is not there."""
    assert (reply.status, reply.error_code) == (404, 40400)
    assert reply.json["message"] == "No such ongoing conference 'team room' in the application's context"


async def test_participants_are_shown_with_exactly_the_documented_fields() -> None:
    async with wired() as sim:
        anna, carl = await meet(sim, ANNA, CARL)
        reply = await sim.rest("GET", ROOM)
        assert reply.status == 200
        assert reply.json == {
            "participants": [
                {"cli": ANNA, "id": anna, "duration": 2, "muted": False, "onhold": False},
                {"cli": CARL, "id": carl, "duration": 1, "muted": False, "onhold": False},
            ]
        }
        assert (await sim.rest("GET", "/v1/conferences/id/team%20room/")).json == reply.json


async def test_the_control_api_shows_who_hears_whom() -> None:
    async with wired() as sim:
        anna, carl, dora = await meet(sim, ANNA, CARL, DORA)
        for call_id, command in ((anna, "mute"), (carl, "onhold")):
            reply = await sim.rest("PATCH", f"{ROOM}/{call_id}", {"command": command, "moh": "music2"})
            assert (reply.status, reply.raw, reply.headers["Content-Length"]) == (200, b"", "0")
        assert await hears(sim) == [[dora], [], []]
        [room] = (await sim.control("GET", "/conferences"))["conferences"]
        assert (room["conferenceId"], room["region"]) == ("team room", "euc1")
        assert room["participants"][1] == {
            "callId": carl,
            "cli": CARL,
            "joinedAt": "2025-01-15T10:30:01.000Z",
            "muted": False,
            "onhold": True,
            "hears": [],
        }
        assert (await sim.call(carl))["heard"] == ["music2"]
        assert await sim.codes() == ["MOH_IGNORED"]
        for call_id, command in ((anna, "unmute"), (carl, "resume")):
            await sim.rest("PATCH", f"{ROOM}/{call_id}", {"command": command})
        assert await hears(sim) == [[carl, dora], [anna, dora], [anna, carl]]


async def test_kicking_one_is_200_and_kicking_all_is_204() -> None:
    async with wired() as sim:
        anna, carl, dora = await meet(sim, ANNA, CARL, DORA)
        one = await sim.rest("DELETE", f"{ROOM}/{carl}")
        assert (one.status, one.raw) == (200, b"")
        ended = await sim.call(carl)
        assert (ended["result"], ended["reason"], ended["conferenceId"]) == ("ANSWERED", "MANAGERHANGUP", "team room")
        rest = await sim.rest("DELETE", ROOM)
        assert (rest.status, rest.raw) == (204, b"")
        assert [(await sim.call(call_id))["status"] for call_id in (anna, dora)] == ["FINAL", "FINAL"]
        await sim.advance(0)
        assert sim.webhook.events == ["ice"] * 3 + ["dice"] * 3
        assert {posted.body["conferenceId"] for posted in sim.webhook.posted if posted.event == "dice"} == {"team room"}
        assert (await sim.control("GET", "/conferences"))["conferences"] == []
        assert_no_such_room(await sim.rest("GET", ROOM))


async def test_what_is_not_there_is_not_found() -> None:
    async with wired() as sim:
        for method, path in (("GET", ROOM), ("DELETE", ROOM), ("DELETE", f"{ROOM}/abc")):
            assert_no_such_room(await sim.rest(method, path))
        assert_no_such_room(await sim.rest("PATCH", f"{ROOM}/abc", {"command": "mute"}))
        await meet(sim, ANNA)
        for method in ("PATCH", "DELETE"):
            reply = await sim.rest(method, f"{ROOM}/abc", {"command": "mute"})
            assert (reply.status, reply.error_code, reply.json["message"]) == (404, 40400, "Call not found")


async def test_an_unknown_command_is_refused_by_name() -> None:
    async with wired() as sim:
        [anna] = await meet(sim, ANNA)
        for body in ({"command": "explode"}, {}, {"command": "onhold", "moh": "polka"}):
            reply = await sim.rest("PATCH", f"{ROOM}/{anna}", body)
            assert (reply.status, reply.error_code) == (400, 40003)
            assert "expected one of" in reply.json["message"]


async def test_a_room_of_another_region_is_not_found_and_the_developer_is_told_where_it_is() -> None:
    async with wired() as sim:
        await meet(sim, ANNA)
        assert_no_such_room(await sim.rest("GET", ROOM, headers={"Host": "calling-use1.localhost"}))
        [finding] = [
            each
            for each in (await sim.control("GET", "/diagnostics"))["diagnostics"]
            if each["code"] == "CONF_REGION"
        ]
        assert "euc1" in finding["message"]


async def test_callouts_of_two_regions_meet_in_two_rooms() -> None:
    async with wired() as sim:
        about = {"cli": DEFAULT_NUMBER, "conferenceId": "team room", "mohClass": "ring", "greeting": "Hi"}
        destination = {"type": "number", "endpoint": CARL}
        body = {"method": "conferenceCallout", "conferenceCallout": {**about, "destination": destination}}
        hosts = [{"Host": f"calling-{region}.localhost"} for region in ("use1", "sae1")]
        placed = [(await sim.rest("POST", "/calling/v1/callouts", body, headers=host)).json["callId"] for host in hosts]
        await sim.advance(10)
        shown = [(await sim.rest("GET", ROOM, headers=host)).json["participants"] for host in hosts]
        assert [[each["id"] for each in participants] for participants in shown] == [[placed[0]], [placed[1]]]
        assert (await sim.call(placed[0]))["heard"] == ["Hi", "ring"]


async def test_another_application_has_other_rooms() -> None:
    async with wired() as sim:
        await meet(sim, ANNA)
        other = await sim.application(world="default")
        reply = await sim.rest("GET", ROOM, key=other["key"], secret=other["secret"])
        assert_no_such_room(reply)
        assert (await sim.control("GET", f"/conferences?application={other['key']}"))["conferences"] == []


async def test_detected_keys_come_as_pie_and_need_no_reply() -> None:
    async with wired() as sim:
        options = {"mode": "detect", "maxDigits": 4}
        [anna] = await meet(sim, ANNA, conferenceDtmfOptions=options)
        await sim.control("POST", f"/calls/{anna}/press", {"digits": "12#"})
        [pie] = [posted.body for posted in sim.webhook.posted if posted.event == "pie"]
        assert pie["callid"] == anna
        assert pie["menuResult"] == {
            "type": "sequence",
            "value": "12",
            "menuId": "team room",
            "inputMethod": "dtmf",
        }
        assert (await sim.call(anna))["state"] == "IN_CONFERENCE"
        [record] = await sim.callbacks("?event=pie")
        assert (record["outcome"], record["diagnostics"]) == ("answered", [])


async def test_svaml_in_the_reply_to_detected_keys_does_nothing_and_the_developer_is_told() -> None:
    async with wired() as sim:
        [anna] = await meet(sim, ANNA, conferenceDtmfOptions={"mode": "detect"})
        sim.webhook.on("pie", {"action": {"name": "hangup"}})
        pressed = await sim.control("POST", f"/calls/{anna}/press", {"digits": "1"})
        assert pressed["state"] == "IN_CONFERENCE"
        assert await sim.codes(f"?callId={anna}") == ["SVAML_IGNORED"]


async def test_the_timeline_of_a_participant_tells_what_was_done_to_it() -> None:
    async with wired() as sim:
        [anna] = await meet(sim, ANNA)
        for command in ("mute", "unmute", "onhold", "resume"):
            await sim.rest("PATCH", f"{ROOM}/{anna}", {"command": command})
        await sim.rest("DELETE", f"{ROOM}/{anna}")
        kinds = [line["kind"] for line in (await sim.call(anna))["timeline"] if line["kind"].startswith("conference.")]
        assert kinds == [
            f"conference.{what}" for what in ("joined", "muted", "unmuted", "held", "resumed", "left", "ended")
        ]


async def test_the_control_api_mutes_holds_and_kicks_as_the_app_would() -> None:
    async with wired() as sim:
        anna, carl, dora = await meet(sim, ANNA, CARL, DORA)
        for call_id, command in ((anna, "mute"), (carl, "onhold")):
            call = await sim.control("POST", f"/calls/{call_id}/conference", {"command": command})
            assert call["callId"] == call_id
        assert await hears(sim) == [[dora], [], []]
        await sim.control("POST", f"/calls/{anna}/conference", {"command": "unmute"})
        await sim.control("POST", f"/calls/{carl}/conference", {"command": "resume"})
        assert await hears(sim) == [[carl, dora], [anna, dora], [anna, carl]]
        kicked = await sim.control("POST", f"/calls/{dora}/conference", {"command": "kick"})
        assert (kicked["status"], len(await hears(sim))) == ("FINAL", 2)
        reply = await sim.request("POST", f"/_simulator/calls/{dora}/conference", {"command": "mute"})
        assert (reply.status, reply.error["code"]) == (409, "not_in_a_conference")
        reply = await sim.request("POST", f"/_simulator/calls/{anna}/conference", {"command": "shout"})
        assert reply.status == 400
