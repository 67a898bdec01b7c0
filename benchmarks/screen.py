"""What the live screen of ``start`` costs: callouts a second without it, with it, and with it on a terminal.

    python benchmarks/screen.py [SECONDS]

The same callouts as in callouts.py, to three servers that take turns; the figure that counts is processor time for each
callout. Targets: nothing where there is no terminal, under 5 % on one. The terminal is a pseudo one, read at once.
"""

import asyncio
import json
import os
import pty
import statistics
import subprocess
import sys
import threading

from callouts import FLAGS, answered_per_second, cpu_s

ROUNDS = 7
QUIET, NOWHERE, TERMINAL = "--quiet", "no terminal", "a terminal"


def read_all(descriptor: int) -> None:
    """Read what a terminal is sent, as its window would."""
    try:
        while os.read(descriptor, 65536):
            pass
    except OSError:
        return


def callout_cost_us(kind: str, seconds: float) -> tuple[float, float]:
    """Callouts a second, and processor microseconds for each, of a server in a process of its own."""
    window, end = pty.openpty()
    threading.Thread(target=read_all, args=(window,), daemon=True).start()
    command = [sys.executable, "-m", "sinch_simulator", *FLAGS, *(["--quiet"] if kind == QUIET else [])]
    stderr = end if kind == TERMINAL else subprocess.DEVNULL
    cores = sorted(os.sched_getaffinity(0))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        os.close(end)
        os.sched_setaffinity(process.pid, cores[:1])
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        os.sched_setaffinity(0, cores[1:] or cores)
        asyncio.run(answered_per_second(url, 0.3))
        before = cpu_s(process)
        rate = asyncio.run(answered_per_second(url, seconds))
        cost = (cpu_s(process) - before) / (rate * seconds) * 1_000_000
        process.terminate()
        os.sched_setaffinity(0, cores)
    os.close(window)
    return rate, cost


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(ROUNDS + 1):
        for kind in (QUIET, NOWHERE, TERMINAL):
            measured = callout_cost_us(kind, seconds if number else 0.3)
            if number:  # the first round warms the file cache
                found.setdefault(kind, []).append(measured)
    quiet = statistics.median(cost for _, cost in found[QUIET])
    print(f"{'screen':<14}{'callouts/s':>12}{'cpu us each':>13}{'more than quiet':>17}")
    for kind, values in found.items():
        cost = statistics.median(cost for _, cost in values)
        print(f"{kind:<14}{statistics.median(rate for rate, _ in values):>12.0f}{cost:>13.1f}{cost / quiet - 1:>16.1%}")


if __name__ == "__main__":
    main()
