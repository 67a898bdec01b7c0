"""Gives Locust the people of a population as users: its workers play calls, its statistics count the callbacks.

A locustfile has a class for each scenario file with a population; docs/load.md shows it::

    from locust_sinch import PopulationUser

    class Morning(PopulationUser):
        scenario = "morning.yaml"
"""

from locust_sinch import hooks as hooks  # it listens to Locust's events from now on
from locust_sinch.population_user import PopulationUser

__all__ = ["PopulationUser"]
