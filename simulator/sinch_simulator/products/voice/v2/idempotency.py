"""Answers that are given again to a request that comes again with the same ``Idempotency-Key``.

Source: docs/platform/voice-v2.md#1.6. Ten minutes count on the simulated clock.
"""

from collections.abc import Callable

from attrs import field

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.values import define, frozen

REMEMBERED_MS = 600_000
SHORTEST_KEY = 16
LONGEST_KEY = 128


@frozen
class _Remembered:
    application_key: str
    until_ms: int
    answer: Answer | ApiError


@define
class RememberedAnswers:
    """Those of one world, the oldest first."""

    _answers: dict[tuple[str, str, str, str], _Remembered] = field(factory=dict)
    """By project, method, path and key."""

    def once(
        self,
        scope: tuple[str, str, str, str],
        now: int,
        application_key: str,
        make: Callable[[], Answer],
    ) -> Answer:
        """Returns what was answered the first time, or else what ``make`` answers.

        ``scope`` is project, method, path and the key. A refusal is raised again too, but for one with 400: the request
        may be put right and sent again.
        """
        self._forget_old(now)
        remembered = self._answers.get(scope)
        if remembered is not None:
            if isinstance(remembered.answer, ApiError):
                raise remembered.answer.with_traceback(None)
            return remembered.answer
        try:
            answer = make()
        except ApiError as refusal:
            if refusal.status != 400:
                self._answers[scope] = _Remembered(application_key, now + REMEMBERED_MS, refusal)
            raise
        self._answers[scope] = _Remembered(application_key, now + REMEMBERED_MS, answer)
        return answer

    def forget(self, application_key: str) -> None:
        """Forgets what was answered to an application."""
        self._answers = {key: each for key, each in self._answers.items() if each.application_key != application_key}

    def _forget_old(self, now: int) -> None:
        while self._answers:
            oldest = next(iter(self._answers))
            if self._answers[oldest].until_ms > now:
                return
            del self._answers[oldest]
