"""Writes what happened to an application's calls down as a scenario file."""

from sinch_simulator.call_recorder.recorder import recorded
from sinch_simulator.call_recorder.scenario_text import scenario_text
from sinch_simulator.client.control import ApplicationClient


async def record(application: ApplicationClient, name: str) -> str:
    """Gives the text of the file. Raises ``LookupError`` without calls."""
    recorder = recorded(await application.calls(), await application.callbacks(), application.number)
    return scenario_text(recorder, name)
