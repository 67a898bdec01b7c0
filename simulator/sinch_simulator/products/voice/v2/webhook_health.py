"""Remembers which webhooks have failed: one that fails again and again is passed over in favour of its fallback.

Source: docs/platform/voice-v2.md#4.5. What is remembered belongs to an application and its pair of URL and fallback,
on the simulated clock.
"""

from attrs import field

from sinch_simulator.core.values import define, frozen

MOST_FAILURES = 3
"""After so many in a row the first URL is passed over; the platform gives no number: *assumed*."""
PROBE_MS = 60_000
"""So long after its last failure, or after the last try, it is tried once more."""

Urls = tuple[str, str | None]
"""A URL and its fallback; None: it has none."""


@frozen
class Route:
    """Where a callback goes: first to ``url``, then to ``fallback_url``. ``bypassed``: the pair's first is left out."""

    url: str
    fallback_url: str | None
    bypassed: bool = False


@define
class _Failures:
    count: int = 0
    next_try_ms: int = 0


@define
class WebhookHealth:
    """Of one world. Without a fallback there is nothing to remember: the URL is asked every time."""

    _failures: dict[str, dict[Urls, _Failures]] = field(factory=dict)
    """By application key."""

    def route(self, application_key: str, urls: Urls, now: int) -> Route:
        """Returns where a callback to this pair goes now."""
        url, fallback_url = urls
        failures = self._failures.get(application_key, {}).get(urls)
        if fallback_url is None or failures is None or failures.count < MOST_FAILURES:
            return Route(url, fallback_url)
        if now >= failures.next_try_ms:
            failures.next_try_ms = now + PROBE_MS
            return Route(url, fallback_url)
        return Route(fallback_url, None, bypassed=True)

    def note(self, application_key: str, urls: Urls, now: int, *, failed: bool) -> None:
        """Notes what came of trying the first URL of a pair."""
        if not failed:
            self._failures.get(application_key, {}).pop(urls, None)
        elif urls[1] is not None:
            failures = self._failures.setdefault(application_key, {}).setdefault(urls, _Failures())
            failures.count += 1
            failures.next_try_ms = now + PROBE_MS

    def forget(self, application_key: str) -> None:
        """Forgets the failures of an application's webhooks."""
        self._failures.pop(application_key, None)
