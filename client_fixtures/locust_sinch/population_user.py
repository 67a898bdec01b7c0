"""The user class: one user of Locust is one caller at a time, drawn from the population of a scenario file."""

import inspect
from collections.abc import Sequence
from pathlib import Path

from locust import User, task

from locust_sinch.load_run import RUNS


class PopulationUser(User):
    """Plays callers, one after the other, against the app whose callback URL is Locust's host.

    ``scenario`` is a file with a population; a relative path begins where the class is written. ``run_options`` are
    further flags of ``sinch-simulator run``, as ``("--callback-timeout", "2")``. Without a host the bundled app answers
    that the file names under ``app:``. SINCH_APPLICATION_KEY and SINCH_APPLICATION_SECRET, where a worker has them, are
    those of the one application that the app knows.
    """

    abstract = True
    scenario = ""
    run_options: Sequence[str] = ()

    @task
    def call(self) -> None:
        """Plays one call to its end. Raises ``StopUser`` when the test is being stopped."""
        RUNS[self.environment].play(type(self).__name__)

    @classmethod
    def file(cls) -> Path:
        """Gives the path of the scenario file. Raises ``ValueError`` when the class names none."""
        if not cls.scenario:
            raise ValueError(f'{cls.__name__}: which population? Write scenario = "FILE.yaml" in the class')
        return Path(inspect.getfile(cls)).resolve().parent / cls.scenario
