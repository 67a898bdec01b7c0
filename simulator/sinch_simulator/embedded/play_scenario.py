"""Scenario files in a test: played in the application that the test has, in leaping time.

Whoever plays none does without the package that reads them: it is imported when the first file is played.
"""

from pathlib import Path

from sinch_simulator.client.errors import ScenarioFailed, SimulatorError
from sinch_simulator.config import ClockMode
from sinch_simulator.embedded.application import Tenant

__tracebackhide__ = True  # pytest shows the line of the test instead

_NOBODY_ANSWERS = (
    "\n\nThe application has no callback URL, so nobody answered: set callback_url, mount(app), or take a webhook. "
    "(A bundled `app:` of the file answers only where the file is played on its own.)"
)


async def play(tenant: Tenant, path: str | Path) -> None:
    """Play a file. Raises ``ScenarioFailed``, and ``SimulatorError`` for a file that can't be played.

    Time leaps, also under the auto clock: what moves time by itself would run ahead of the steps. Under the realtime
    clock it passes as ever.
    """
    from sinch_scenarios.language.yaml_nodes import ScenarioError
    from sinch_scenarios.playing.files import play_file_in
    from sinch_scenarios.playing.report import story_of
    from sinch_simulator.client.control import Refused

    tenant.check()
    application, runner = tenant.application, tenant.world.runner
    by_itself = runner.mode is ClockMode.AUTO
    clock = "realtime" if runner.mode is ClockMode.REALTIME else "auto"
    if by_itself:
        runner.set_clock(ClockMode.MANUAL, 1.0)
    try:
        result = await play_file_in(
            tenant.server.url, path, key=application.key, secret=application.secret, clock=clock
        )
    except (ScenarioError, Refused) as error:
        raise SimulatorError(str(error)) from None
    finally:
        if by_itself:
            runner.set_clock(ClockMode.AUTO, 1.0)
    tenant.foreseen |= result.expected_failures
    if result.failure is not None:
        raise ScenarioFailed(story_of(result) + _NOBODY_ANSWERS * (application.callback_url is None))
