"""Writes Unix times as ISO 8601 texts, as the platform and the control API show them."""

from datetime import UTC, datetime
from functools import lru_cache


def timestamp(unix_s: int) -> str:
    """Writes ``2025-01-15T10:30:00Z``: UTC in whole seconds, as in the published samples."""
    days, second = divmod(unix_s, 86_400)
    return f"{_day(days)}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def timestamp_ms(unix_ms: int) -> str:
    """Writes ``2025-01-15T10:30:00.125Z``: UTC with milliseconds."""
    seconds, ms = divmod(unix_ms, 1000)
    return f"{timestamp(seconds)[:-1]}.{ms:03}Z"


@lru_cache(maxsize=64)
def _day(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y-%m-%d")
