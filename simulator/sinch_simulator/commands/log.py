"""Tells each finding about a call, a callback or a request as it is made: all that ``start --quiet`` says."""

import json

from sinch_simulator.commands.line_writer import LineWriter
from sinch_simulator.config import LogFormat
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.journal_views import diagnostic_view
from sinch_simulator.core.values import define
from sinch_simulator.ladder.steps import event_name, hint_of, printable
from sinch_simulator.server.worlds import World


@define
class Log:
    """Follows the findings of a world from ``open`` to ``close``."""

    world: World
    log_format: LogFormat
    _writer: LineWriter

    def open(self) -> None:
        """Begins to tell."""
        self._writer.open()
        self.world.simulation.journal.follow(self._note, "diagnostic")

    def close(self) -> None:
        """Tells what is left."""
        self._writer.close()

    def _note(self, entry: Entry) -> None:
        found = {name: str(value) for name, value in diagnostic_view(self.world.simulation, entry).items()}
        self._writer.say(json.dumps(found) if self.log_format is LogFormat.JSON else _as_text(found))


def _as_text(found: dict[str, str]) -> str:
    about = event_name(found) if "event" in found else found.get("request", "")
    place = " ".join(part for part in (about, found["path"]) if part)
    call = f" [call {found['callId']}]" if "callId" in found else ""
    told = f"{found['message']}{hint_of(found)}"
    return printable(f"{found['at']} {found['severity']} {found['code']} {place}: {told}{call}")
