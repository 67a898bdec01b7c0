"""Plays scenario files in the application that a test has, in leaping time.

Whoever plays none does without the package that reads them: it is imported when the first file is played.
"""

from pathlib import Path

from sinch_simulator.client.errors import Refused, ScenarioFailed, SimulatorError
from sinch_simulator.config import ClockMode
from sinch_simulator.embedded.application import HostedApplication

__tracebackhide__ = True  # pytest shows the line of the test instead

_NOBODY_ANSWERS = (
    "\n\nThe application has no callback URL, so nobody answered: set callback_url, mount(app), or take a webhook. "
    "(A bundled `app:` of the file answers only where the file is played on its own.)"
)


async def play(application: HostedApplication, path: str | Path) -> None:
    """Plays a file. Raises ``ScenarioFailed``, and ``SimulatorError`` for a file that can't be played.

    Time leaps, also under the auto clock: what moves time by itself would run ahead of the steps. Under the realtime
    clock it passes as ever.
    """
    from sinch_scenarios.language.yaml_nodes import ScenarioError
    from sinch_scenarios.playing.files import play_file_in
    from sinch_scenarios.playing.report import story_of

    application.check()
    runner = application.world.runner
    by_itself = runner.mode is ClockMode.AUTO
    clock = "realtime" if runner.mode is ClockMode.REALTIME else "auto"
    if by_itself:
        runner.set_clock(ClockMode.MANUAL, 1.0)
    try:
        present = await application.client.client.application(application.settings.key)
        result = await play_file_in(present, path, clock=clock)
    except (ScenarioError, Refused) as error:
        raise SimulatorError(str(error)) from None
    finally:
        if by_itself:
            runner.set_clock(ClockMode.AUTO, 1.0)
    application.foreseen |= result.expected_failures
    if result.failure is not None:
        raise ScenarioFailed(story_of(result) + _NOBODY_ANSWERS * (application.settings.callback_url is None))
