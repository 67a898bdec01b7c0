"""Runs one seed with fault rules again and again, each in a process with a hash seed of its own, and compares.

    python tests/attack/repeat_runs.py [RUNS]

With and without the extra ``speed``, in turn; the pace of the app differs each time. It ends with 1 when two differ.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

TESTS = Path(__file__).parents[1]
WITHOUT_SPEED = "import sys; sys.modules['orjson'] = sys.modules['uvloop'] = None"
"""What is None there cannot be imported."""
_ONE_RUN = "import sys; sys.path.insert(0, {tests!r}); from attack.repeat_runs import tell_one; tell_one({pace})"


def tell_one(pace: int) -> None:
    """Runs once and prints the digest of what came of it."""
    from sinch_simulator.server.process import run
    from support.faulty_runs import faulty_run

    outcome = run(faulty_run("auto", Random(pace)))
    print(hashlib.sha256(json.dumps(outcome).encode()).hexdigest())


def main(runs: int) -> int:
    """Runs so often; returns 0 when all are the same."""
    digests: Counter[str] = Counter()
    for pace in range(runs):
        code = _ONE_RUN.format(tests=str(TESTS), pace=pace)
        command = [sys.executable, "-c", f"{WITHOUT_SPEED}; {code}" if pace % 2 else code]
        made = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": str(pace)}, capture_output=True, text=True)
        if made.returncode:
            print(made.stderr)
            return 1
        digests[made.stdout] += 1
    print(f"{digests.most_common(1)[0][1]} of {runs} runs are the same, {len(digests)} kinds in all")
    return int(len(digests) > 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
