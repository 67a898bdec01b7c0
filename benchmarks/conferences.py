"""How long rooms full of people take: 1,000 conferences of 10 come and go, without sockets, in simulated time.

Run it from the root of the project: ``PYTHONPATH=simulator python benchmarks/conferences.py``. It counts processor time
of one core. Everybody calls in, is led into a room by the reply to ICE, and hangs up; every call's DiCE is answered. In
each room somebody is muted, somebody is put on hold and comes back, and somebody presses a key that the others hear.
"""

import sys
import time

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import AppReplied, SendCallback
from sinch_simulator.phones.signals import HungUp, LegName
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.calling import dial, press
from sinch_simulator.products.voice.events import Commanded, ConferenceCommand
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.svaml.model import ConferenceDtmf, ConferenceDtmfMode, ConnectConf, Svaml
from sinch_simulator.simulation import Simulation

KEY = "00000000-0000-4000-8000-000000007462"
DID = "+14045550100"
ALLOWED_S = 5.0


def answer_callbacks(simulation: Simulation, reply: Svaml) -> None:
    """The app says the same to every ICE, and nothing to DiCE."""
    for callback in simulation.take_outbox():
        assert isinstance(callback, SendCallback)
        svaml = reply if callback.event == "ice" else None
        simulation.receive(AppReplied(callback.subject, callback.id, svaml))


def fill(simulation: Simulation, room: str, people: int) -> list[str]:
    """Let so many people into a room; returns their calls."""
    forward = ConferenceDtmf(ConferenceDtmfMode.FORWARD)
    reply = Svaml(ConnectConf(room, forward, moh="music1"))
    calls = []
    for _ in range(people):
        incoming = Incoming(Origin.PSTN, "+46700000001", Address(AddressKind.DID, DID))
        calls.append(dial(simulation, KEY, incoming).id)
        answer_callbacks(simulation, reply)
        simulation.run_to(simulation.now + 10)
    return calls


def stir(simulation: Simulation, calls: list[str]) -> None:
    """Commands and a key."""
    simulation.receive(Commanded(calls[0], ConferenceCommand.MUTE))
    simulation.receive(Commanded(calls[1], ConferenceCommand.ONHOLD, "music2"))
    simulation.receive(Commanded(calls[1], ConferenceCommand.RESUME))
    press(simulation, exchange_of(simulation).calls[calls[-1]], LegName.CALLER, "1")


def empty(simulation: Simulation, calls: list[str]) -> None:
    """Everybody hangs up."""
    for call_id in calls:
        simulation.receive(HungUp(call_id, LegName.CALLER))
        answer_callbacks(simulation, Svaml(ConnectConf("nowhere")))


def main() -> None:
    """Print the seconds, and exit with 1 when there are too many."""
    rooms = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    simulation = Simulation((VOICE,), seed=7)
    simulation.add_application(Application(KEY, "c2VjcmV0", [DID], callback_url="http://app.test/voice"))
    began = time.process_time()
    full = [fill(simulation, f"room-{number}", people) for number in range(rooms)]
    assert sum(len(room.participants) for room in exchange_of(simulation).rooms.of(KEY)) == rooms * people
    for calls in full:
        stir(simulation, calls)
    for calls in full:
        empty(simulation, calls)
    taken_s = time.process_time() - began
    assert not exchange_of(simulation).rooms.of()
    print(f"{rooms} rooms of {people}: {taken_s:.2f} s ({taken_s / rooms / people * 1e6:.0f} µs a participant)")
    sys.exit(taken_s > ALLOWED_S)


if __name__ == "__main__":
    main()
