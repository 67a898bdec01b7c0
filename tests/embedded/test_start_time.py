"""Where a world's clock begins, when somebody says so."""

import pytest

from sinch_simulator import SimulatorError, blocking
from sinch_simulator.cli import main
from sinch_simulator.config import ConfigError, read_time

ANNA = "+46700000001"


@pytest.mark.parametrize("clock", ["manual", "auto", "realtime"])
def test_a_world_begins_when_it_is_told_to(simulator: blocking.Simulator, clock: str) -> None:
    app = simulator.create_application(clock=clock, now="2026-06-01T11:00:00+02:00")
    app.mount(lambda event: {"action": {"name": "hangup"}})
    assert app.now.isoformat().startswith("2026-06-01T09:00:0")
    call = app.dial(from_=ANNA).wait_for("ended")
    assert call.callbacks[0].body["timestamp"].startswith("2026-06-01T09:00:0")
    app.close()


@pytest.mark.parametrize("text", ["tomorrow", "2026-06-01", "2026-06-01T09:00:00", "1960-01-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(simulator: blocking.Simulator, text: str) -> None:
    with pytest.raises(SimulatorError, match=r"now: .*ISO 8601 time with zone"):
        simulator.create_application(now=text)
    with pytest.raises(ConfigError, match="--now: expected an ISO 8601 time with zone"):
        read_time(text, "--now")


def test_a_world_that_is_there_has_begun(simulator: blocking.Simulator) -> None:
    first = simulator.create_application(world="shared")
    with pytest.raises(SimulatorError, match="shared is there already"):
        simulator.create_application(world="shared", now="2026-06-01T09:00:00Z")
    first.close()


def test_the_flag_of_start_is_read_like_that(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["start", "--now", "noon"]) == 2
    assert "--now: expected an ISO 8601 time with zone" in capsys.readouterr().err
