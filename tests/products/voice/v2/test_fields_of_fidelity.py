"""The fidelity table has every field of events and sessions of Voice v2, and no others."""

from collections.abc import Iterator
from typing import Any

from sinch_simulator.products.voice.v2.bodies import session_body
from sinch_simulator.products.voice.v2.callbacks.events import HEADERS
from sinch_simulator.server.fidelity.table import Kind, rows
from support.session_world import EPOCH_MS, SessionWorld, command, dial
from support.svaml_v2 import menu


def fields_of(body: dict[str, Any]) -> Iterator[str]:
    """Gives the fields of an event, those of its call and its menu too."""
    for name, value in body.items():
        yield f"v2 event.{name}"
        if name in ("call", "menu"):
            yield from (f"v2 event.{name}.{inner}" for inner in value)


def test_events_and_sessions_have_the_fields_of_the_table() -> None:
    world = SessionWorld()
    world.on("call.incoming", {"callName": "customer", "commands": [command("answer"), menu()]})
    caller = world.dial_in()
    world.press(caller, "1")
    world.hang_up(caller)
    to = {"from": {"type": "PHONE", "phone": {"number": "+14045550100"}}}
    world.on(
        "call.answered",
        [command("bridgeCall", bridgeName="main"), command("webhook", webhookName="w", url="http://app.test")],
    )
    batch = world.batch({**dial(name="agent"), **to})
    world.advance(5)
    world.hang_up(next(iter(batch.sessions[0].calls.values())))
    seen = {name for sent in world.sent for name in fields_of(sent.body)}
    for session in (caller.session, batch.sessions[0]):
        seen |= {f"v2 session.{name}" for name in session_body(session, EPOCH_MS, "")}
    assert seen == {row.name for row in rows() if row.kind is Kind.FIELD and row.name.startswith("v2 ")}


def test_an_event_has_the_headers_of_the_table() -> None:
    world = SessionWorld()
    world.dial_in()
    (sent,) = world.sent
    assert sent.signature is not None
    signed = sent.signature.headers("/voice", b"{}", 0.0)
    assert sorted([*dict(sent.headers), *(name.lower() for name in signed)]) == sorted(HEADERS)
