"""Shows a session of Voice v2 to programs and tests: what only looks. Its calls are in ``people_async.py``."""

from typing import Any

from sinch_simulator.core.values import define
from sinch_simulator.embedded.application import HostedApplication

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what came as JSON


@define(eq=False, repr=False)
class SessionView:
    """A session: the calls that one request, or one call that came in, has led to."""

    _application: HostedApplication
    _seen: Json
    """The session as it was seen last, in the form of the control API."""

    def _now(self) -> Json:
        self._seen = self._application.session(self.id)
        return self._seen

    @property
    def id(self) -> str:
        """The id that the app knows it by."""
        session_id: str = self._seen["sessionId"]
        return session_id

    @property
    def state(self) -> str:
        """``QUEUED``, ``IN_PROGRESS``, ``COMPLETED`` or ``EXPIRED``."""
        return str(self._now()["state"])

    @property
    def ended(self) -> bool:
        """Whether nothing happens in it any more."""
        return self.state in ("COMPLETED", "EXPIRED")

    @property
    def batch_id(self) -> str | None:
        """The batch that it is of; None for none."""
        batch_id: str | None = self._seen["batchId"]
        return batch_id

    @property
    def waiting(self) -> list[str]:
        """What its commands wait for, one for each sequence of them: ``pause``, ``webhook`` or ``menu``."""
        return [each["command"] for each in self._now()["waiting"]]

    def _calls(self) -> list[Json]:
        return [self._application.call(call_id) for call_id in self._now()["calls"]]

    def __repr__(self) -> str:
        return f"<Session {self.id}>"
