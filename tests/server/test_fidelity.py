"""The fidelity table says something about everything that the code knows, and about nothing else."""

from pathlib import Path

import pytest

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.callbacks.bodies import call_info
from sinch_simulator.products.voice.calling import dial
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.svaml.model import CallHeader
from sinch_simulator.server.fidelity.code_names import names_in_code
from sinch_simulator.server.fidelity.page import page
from sinch_simulator.server.fidelity.table import Kind, Status, rows
from support.pure_world import BEN, DID, PureWorld, custom_callout, menu, svaml, tts_callout
from support.wired_world import wired

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "fidelity.md"
OF_V2 = "v2 "
FROM_LIFE = ("ice.", "ace.", "pie.", "dice.", "notify.", "call.", OF_V2)
MENU = menu(
    {"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]}, reference="ref"
)


def written(kind: Kind) -> list[str]:
    return [row.name for row in rows() if row.kind is kind]


def from_life(name: str) -> bool:
    """Whether a field is one of an event or of a call's resource, which calls show and no table lists."""
    return name.startswith(FROM_LIFE)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.BEHAVIOUR], ids=lambda kind: kind.value)
def test_the_table_has_what_the_code_has(kind: Kind) -> None:
    in_code = [name for found, name in names_in_code() if found is kind]
    in_table = [name for name in written(kind) if kind is not Kind.FIELD or not from_life(name)]
    assert sorted(in_table) == sorted(in_code), "simulator/sinch_simulator/server/fidelity/table.tsv"


def test_no_thing_has_two_rows() -> None:
    seen = [(row.kind, row.name) for row in rows()]
    assert len(seen) == len(set(seen))


def test_every_fact_names_its_source() -> None:
    assert [row.name for row in rows() if row.status in (Status.VERIFIED, Status.DOCUMENTED) and not row.source] == []


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text() == page(PAGE.parent), "python -m sinch_simulator.server.fidelity.page > docs/fidelity.md"


async def test_the_control_api_gives_the_table_as_data() -> None:
    async with wired() as sim:
        document = await sim.control("GET", "/fidelity")
    assert [row["name"] for row in document["fidelity"]] == [row.name for row in rows()]
    assert sum(document["summary"].values()) == len(rows())


def test_events_and_calls_have_the_fields_of_the_table_and_no_others() -> None:
    seen = set()
    for world, call in lives():
        for callback in world.sent:
            seen |= {f"{callback.event}.{name}" for name in callback.body}
        seen |= {f"call.{name}" for name in call_info(call, world.simulation.now, world.simulation.epoch_ms)}
    assert sorted(seen) == sorted(
        name for name in written(Kind.FIELD) if from_life(name) and not name.startswith(OF_V2)
    )


# ---- calls that show every field


def lives() -> list[tuple[PureWorld, Call]]:
    stories = (a_menu, a_room, a_machine, a_recording, a_mistake, a_user, a_user_in_a_room, a_mistake_for_a_user)
    return [story() for story in stories]


def a_menu() -> tuple[PureWorld, Call]:
    world = PureWorld()
    world.on("ice", svaml(MENU, {"name": "setCookie", "key": "step", "value": "1"}))
    world.on("pie", svaml({"name": "connectPstn", "number": BEN}))
    call = world.dial(custom="order-42")
    world.press(call, "1")
    world.advance(5)
    world.hang_up(call)
    return world, call


def a_room() -> tuple[PureWorld, Call]:
    world = PureWorld()
    options = {"mode": "detect"}
    room = {"name": "connectConf", "conferenceId": "room", "conferenceDtmfOptions": options}
    recording = {"name": "startRecording", "options": {"destinationUrl": "sdrive://x"}}
    world.on("ace", svaml(room, recording))
    call = world.callout(custom_callout(custom="order-42"))
    world.advance(5)
    world.press(call, "1")
    world.patch(call, svaml(MENU))
    world.on("pie", svaml("continue"))
    world.press(call, "1")
    world.hang_up(call)
    world.advance(60)
    return world, call


def a_machine() -> tuple[PureWorld, Call]:
    world = PureWorld()
    amd = {"enabled": True, "async": True}
    world.on("ice", svaml({"name": "connectPstn", "number": BEN, "cli": DID, "amd": amd}))
    world.on("ace", svaml("continue"))
    call = world.callout(custom_callout(None, custom="order-42"))
    world.advance(20)
    world.hang_up(call)
    return world, call


def a_recording() -> tuple[PureWorld, Call]:
    world = PureWorld()
    world.on("ace", svaml("continue", {"name": "startRecording", "options": {}}))
    call = world.callout(tts_callout(custom="order-42"))
    world.advance(200)
    return world, call


def a_mistake() -> tuple[PureWorld, Call]:
    world = PureWorld()
    world.on("ice", svaml("nonsense"))
    return world, world.dial(custom="order-42")


def a_user() -> tuple[PureWorld, Call]:
    world = PureWorld()
    cookie = {"name": "setCookie", "key": "step", "value": "1"}
    world.on("ice", svaml({"name": "connectPstn", "cli": "private"}, cookie))
    world.on("ace", svaml("continue", {"name": "startRecording", "options": {}}))
    return world, in_app_call(world, Address(AddressKind.NUMBER, BEN))


def a_user_in_a_room() -> tuple[PureWorld, Call]:
    world = PureWorld()
    room = {"name": "connectConf", "conferenceId": "room", "conferenceDtmfOptions": {"mode": "detect"}}
    world.on("ice", svaml(room))
    return world, in_app_call(world, Address(AddressKind.CONFERENCE, "room"))


def a_mistake_for_a_user() -> tuple[PureWorld, Call]:
    world = PureWorld()
    world.on("ice", svaml("nonsense"))
    return world, in_app_call(world, Address(AddressKind.NUMBER, BEN))


def in_app_call(world: PureWorld, to: Address) -> Call:
    headers = (CallHeader("X-Ticket", "7"),)
    incoming = Incoming(Origin.MXP, "alice", to, "order-42", headers, base_url="http://sim.test")
    call = dial(world.simulation, world.application.key, incoming)
    world.settle()
    world.advance(10)
    world.press(call, "1")
    world.advance(10)
    world.hang_up(call)
    world.advance(60)
    return call
