"""The catalogue against the bundled apps, and a population against a webhook in another process.

    python benchmarks/scenarios.py [CALLS]

The catalogue is played by the command, start included. The population (IVR journeys of eight callbacks) stands beside a
bare aiohttp client that posts signed bodies to the same webhook with the same concurrency; they take turns, and the
ratio is that of the medians. At the end CALLS calls (10,000 unless said otherwise) show what memory does.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time

import aiohttp
from attrs import evolve
from bare_posting import bare_per_second
from local_webhook import running

from sinch_scenarios.catalogue import FOLDER
from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.model import Scenario
from sinch_scenarios.load.run import LoadTest
from sinch_scenarios.load.tally import Tally
from sinch_scenarios.load.worlds import LoadWorlds
from sinch_scenarios.playing.results import Settings
from sinch_scenarios.playing.session import Session, SessionOptions
from sinch_simulator.config import ServerConfig
from sinch_simulator.embedded.host import Host
from sinch_simulator.server.process import collect_rarely

CONCURRENCY = 200
CALLS = 2000
ROUNDS = 5
JOURNEY = """
name: IVR journeys
population:
  people:
    - share: rest
      phone:
        then:
          - {wait_for: menu}
          - {wait: {lognormal: {median: 2, sigma: 0.5}}}
          - {press: {one_of: ["1", "2"]}}
          - {wait_for: menu}
          - {press: "1"}
          - {wait_for: menu}
          - {press: "1"}
          - {wait_for: menu}
          - {press: "1"}
          - {wait_for: menu}
          - {press: "56"}
          - {wait_for: connected}
          - {wait: {uniform: [5, 60]}}
          - {hang_up: true}
"""


def catalogue_s() -> float:
    """Seconds that the whole catalogue takes."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "sinch_simulator", "run", str(FOLDER), "--json"]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(finished.stdout)["failed"] == 0
    return time.perf_counter() - began


async def load_tally(session: Session, scenario: Scenario, calls: int) -> Tally:
    """So many calls of the population."""
    assert scenario.population is not None
    tally = await LoadTest(scenario.population, calls, CONCURRENCY, 0, LoadWorlds(session, scenario, 0).open).play()
    assert tally.passed, tally
    assert tally.callback_count == 8 * calls
    return tally


async def measure(webhook: str, calls: int) -> None:
    """Print the rows of the population."""
    scenario = load_text(JOURNEY, "journey.yaml")
    collect_rarely()  # as the command does
    async with SessionOptions(Settings(), Host(ServerConfig(port=0, applications=()))).open() as opened:
        place = evolve(opened, callback_url=webhook)
        bare, ours, bare_us, ours_us = [], [], [], []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            for _ in range(ROUNDS):
                before_s = time.process_time()
                bare.append(await bare_per_second(session, webhook, count=CALLS * 8, at_once=CONCURRENCY))
                between_s = time.process_time()
                tally = await load_tally(place, scenario, CALLS)
                ours.append(tally.callback_count / tally.seconds)
                bare_us.append((between_s - before_s) / CALLS / 8 * 1_000_000)
                ours_us.append((time.process_time() - between_s) / CALLS / 8 * 1_000_000)
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        tally = await load_tally(place, scenario, calls)
        after_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"| bare signed posts, {CONCURRENCY} at once | {statistics.median(bare):,.0f} callbacks/s | |")
    print(f"| population, {CONCURRENCY} calls at once | {statistics.median(ours):,.0f} callbacks/s | |")
    print(f"| ratio | {ratio:.2f} | 0.60 |")
    of_cpu = statistics.median(bare_us) / statistics.median(ours_us)
    print(f"| ratio of processor time, {statistics.median(ours_us):.0f} us for a callback | {of_cpu:.2f} | |")
    print(f"| peak memory before {calls:,} calls | {before_mb:.0f} MB | |")
    print(f"| peak memory after them, {calls / tally.seconds:,.0f} calls/s | {after_mb:.0f} MB | the same |")


def main() -> None:
    """Print the table."""
    print("| what | result | target |")
    print("| --- | ---: | ---: |")
    print(f"| the catalogue, start included | {catalogue_s():.1f} s | under 10 s |")
    with running() as url:
        asyncio.run(measure(url, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()
