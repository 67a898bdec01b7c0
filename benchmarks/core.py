"""The core alone, without sockets: how many complete calls a second, and what a four-hour call costs.

    python benchmarks/core.py

A call is a ttsCallout: placed, rung, answered, ACE answered with continue, text spoken, hung up, DiCE. The figure that
counts is the best of several runs: the machine's own noise only ever adds time.
"""

import time

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import AppReplied, SendCallback
from sinch_simulator.products.voice.calling import accept
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.product import VOICE
from sinch_simulator.products.voice.svaml.model import Continue, Prompt, PromptKind, Svaml
from sinch_simulator.simulation import Simulation

KEY = "00000000-0000-4000-8000-000000007462"
CALLOUT = Callout(
    CalloutMethod.TTS,
    Address(AddressKind.NUMBER, "+4670123456"),
    cli="+14045550100",
    enable_ace=True,
    enable_dice=True,
    prompts=(Prompt(PromptKind.TTS, "Hello from the bank", 1500),),
)
CONTINUE = Svaml(Continue())
TARGET_PER_S = 10_000


def calls_per_second(calls: int) -> float:
    """Place calls one after the other, each to its end, in a fresh world."""
    simulation = Simulation((VOICE,), seed=1, epoch_ms=1_736_937_000_000)
    simulation.add_application(Application(KEY, "c2VjcmV0", callback_url="http://app.test/voice"))
    began = time.perf_counter()
    for _ in range(calls):
        accept(simulation, KEY, CALLOUT)
        play_out(simulation)
    return calls / (time.perf_counter() - began)


def play_out(simulation: Simulation) -> None:
    """Let time pass until nothing is to come; each callback is answered at once."""
    while True:
        for callback in simulation.take_outbox():
            assert isinstance(callback, SendCallback)
            reply = CONTINUE if callback.awaited else None
            simulation.receive(AppReplied(callback.subject, callback.id, reply))
        due = simulation.next_due()
        if due is None:
            return
        simulation.run_to(due)


def main() -> None:
    """Print the table."""
    best = max(calls_per_second(3000) for _ in range(7))
    print("| what | calls/s | target |")
    print("| --- | ---: | ---: |")
    print(f"| complete calls, core alone, best of 7 | {best:,.0f} | {TARGET_PER_S:,} |")


if __name__ == "__main__":
    main()
