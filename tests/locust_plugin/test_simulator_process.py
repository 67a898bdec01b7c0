"""The simulator of a Locust worker: that it is gone is told, whether or not a call waits for it."""

import subprocess
import sys

LOSES = """
import gevent
from locust.env import Environment
from locust_sinch.load_run import LoadRun, Population

run = LoadRun(Environment(), {"Callers": Population(("no-such-file.yaml",), ())}, 1)
run.begin()
run.start_simulators({"Callers": None}, 0)
gevent.joinall(run._simulators["Callers"]._greenlets)
try:
    run.play("Callers")
except Exception as error:
    print(type(error).__name__, run.lost)
"""


def test_a_simulator_that_has_gone_while_no_call_waited_is_a_lost_one() -> None:
    command = [sys.executable, "-c", LOSES]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert finished.stdout == "SimulatorEnded True\n", finished.stderr
