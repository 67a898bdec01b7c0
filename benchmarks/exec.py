"""What exec costs beyond the simulator: until the command runs, and for a command that does nothing as a whole.

    python benchmarks/exec.py [ROUNDS]

``start`` counts from its process to its first answer, as in benchmarks/startup.py. The command of ``exec`` says when it
runs by a line on its stdout. They take turns, so that a busy machine is unkind to both. Must reach: less than 400 ms.
"""

import json
import statistics
import subprocess
import sys
import time
import urllib.request

SIMULATOR = [sys.executable, "-m", "sinch_simulator"]
MOST_MS = 400


def until_start_answers() -> float:
    """Milliseconds from starting the process to the first answer of the platform in hand."""
    began = time.perf_counter()
    with subprocess.Popen([*SIMULATOR, "start", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(url + "/_simulator/calls") as response:
            response.read()
        taken = (time.perf_counter() - began) * 1000
        process.kill()
    return taken


def until_the_command_runs_and_all_is_over() -> tuple[float, float]:
    """Milliseconds to the command's first word, and to the end of everything."""
    began = time.perf_counter()
    command = [*SIMULATOR, "exec", "--", "echo", "here"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        running = (time.perf_counter() - began) * 1000
    return running, (time.perf_counter() - began) * 1000


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    taken: dict[str, list[float]] = {"start answers": [], "exec: the command runs": [], "exec: all is over": []}
    for number in range(rounds + 1):
        values = [until_start_answers(), *until_the_command_runs_and_all_is_over()]
        if number:  # the first round warms the file cache
            for name, value in zip(taken, values, strict=True):
                taken[name].append(value)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    base = medians["start answers"]
    print(f"{'':<24}{'median ms':>10}{'best ms':>10}{'beyond':>8}")
    for name, median in medians.items():
        print(f"{name:<24}{median:>10.0f}{min(taken[name]):>10.0f}{median - base:>8.0f}")
    reached = medians["exec: the command runs"] - base < MOST_MS
    print(f"less than {MOST_MS} ms beyond the simulator: {'yes' if reached else 'NO'}")
    sys.exit(not reached)


if __name__ == "__main__":
    main()
