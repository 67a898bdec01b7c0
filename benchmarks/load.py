"""One process of ``run --calls``, and Locust with one and with two workers, against the same app in the same run.

    python benchmarks/load.py [SECONDS]

The app is the webhook of ``local_webhook.py``, the population is that of ``scenarios.py``: eight callbacks a call. Each
row has callbacks a second, the app's latency as the simulator has it, and the processor time that one callback takes of
each process that has a part in it, starts included. Where the cores are not to be had alone, go by the processor times:
their inverse is what a whole core would make.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
from attrs import frozen
from local_webhook import running

from scenarios import JOURNEY

USERS = 200
LOCUSTFILE = """
from locust_sinch import PopulationUser

class Journeys(PopulationUser):
    scenario = "journey.yaml"
"""
PORT = "5657"
EVERY_S = 0.1


@frozen
class Row:
    """One way to press. ``processor_s`` is by part: simulators, Locust's processes, the app."""

    name: str
    report: dict[str, Any]
    processor_s: dict[str, float]


def processor_s(process: psutil.Process) -> float:
    """Returns what a process has taken so far, 0 when it is gone."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def below(process: psutil.Process) -> Iterator[psutil.Process]:
    """Lists a process and all that it has started."""
    try:
        yield process
        yield from process.children(recursive=True)
    except psutil.Error:
        return


def watched(*processes: "subprocess.Popen[str]", app: psutil.Process) -> dict[str, float]:
    """Waits for the processes to end; adds up by part what they, what they have started, and the app have taken."""
    taken: dict[int, tuple[str, float]] = {}
    app_began_s = processor_s(app)
    while any(process.poll() is None for process in processes):
        for process in processes:
            for each in below(psutil.Process(process.pid)) if process.poll() is None else ():
                try:
                    part = "Locust" if "locust" in " ".join(each.cmdline()[:3]) else "simulator"
                except psutil.Error:
                    continue
                taken[each.pid] = (part, max(processor_s(each), taken.get(each.pid, ("", 0.0))[1]))
        time.sleep(EVERY_S)
    parts = {"simulator": 0.0, "Locust": 0.0, "app": processor_s(app) - app_began_s}
    for part, seconds in taken.values():
        parts[part] += seconds
    return parts


def run_alone(folder: Path, url: str, app: psutil.Process, calls: int) -> Row:
    """Plays with ``sinch-simulator run --calls``."""
    command = ["-m", "sinch_simulator", "run", "journey.yaml", "--calls", str(calls), "--concurrency", str(USERS)]
    report = folder / "alone.json"
    with report.open("w") as out, subprocess.Popen(
        [sys.executable, *command, "--callback-url", url, "--json"], cwd=folder, stdout=out, text=True
    ) as process:  # fmt: skip
        parts = watched(process, app=app)
    return Row("run --calls, one process", json.loads(report.read_text()), parts)


def run_with_locust(folder: Path, url: str, app: psutil.Process, workers: int, seconds: int) -> Row:
    """Plays with a master and so many workers."""
    locust = [sys.executable, "-m", "locust", "--loglevel", "WARNING"]
    master = ["--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", PORT, "--headless", "--only-summary"]
    load = ["--users", str(USERS), "--spawn-rate", str(USERS), "--run-time", f"{seconds}s", "--expect-workers"]
    places = ["--host", url, "--sinch-report", "reports"]
    commands = [[*locust, *master, *load, str(workers), *places]]
    commands += [[*locust, "--worker", "--master-host", "127.0.0.1", "--master-port", PORT]] * workers
    with ExitStack() as stack:
        nowhere = subprocess.DEVNULL
        started = [subprocess.Popen(each, cwd=folder, text=True, stdout=nowhere, stderr=nowhere) for each in commands]
        processes = [stack.enter_context(process) for process in started]
        parts = watched(*processes, app=app)
    report = json.loads((folder / "reports" / "Journeys.json").read_text())
    return Row(f"Locust, {workers} worker{'s' * (workers > 1)}", report, parts)


def show(row: Row) -> None:
    """Prints a line of the table."""
    report = row.report
    assert report["passed"], report["verdict"]
    us = {part: seconds / report["callbacks"] * 1_000_000 for part, seconds in row.processor_s.items()}
    latency = report["latencyMs"]["all"]
    print(
        f"| {row.name} | {report['callbacksPerSecond']:,.0f} | {latency['p50']} | {latency['p99']} | "
        f"{us['simulator']:.0f} | {us['Locust']:.0f} | {us['app']:.0f} | {report['busy']:.0%} |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print("| what | callbacks/s | p50 ms | p99 ms | us of simulators | of Locust | of the app | busiest simulator |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name, running() as url:
        folder = Path(name)
        (folder / "journey.yaml").write_text(JOURNEY)
        (folder / "locustfile.py").write_text(LOCUSTFILE)
        [app] = psutil.Process().children()
        show(run_alone(folder, url, app, calls=100 * seconds))
        for workers in (1, 2):
            show(run_with_locust(folder, url, app, workers, seconds))


if __name__ == "__main__":
    main()
