"""What a call costs, and how long the credit of its account lasts (docs/platform/lifecycle.md#5)."""

from sinch_simulator.core.effects import SetTimer
from sinch_simulator.core.prices import debit, rate_to
from sinch_simulator.products.voice.call import Call, Timer
from sinch_simulator.products.voice.effects import Effect

MINUTE_MS = 60_000


def cost(call: Call, now: int) -> int:
    """Returns what the call has cost by now: every started minute, nothing when it was not answered."""
    if call.to is None or (call.ending is not None and call.ending.result != "ANSWERED"):
        return 0
    return debit(call.duration_s(now), rate_to(call.to))


def credit_limit(call: Call, now: int) -> list[Effect]:
    """Cuts the call when the credit is used up; nothing for accounts without a limit. Somebody has answered."""
    limits = call.application.limits
    if limits is None or limits.credit is None or call.to is None or call.answered_ms is None:
        return []
    rate = rate_to(call.to)
    if rate == 0:
        return []
    lasts_until_ms = call.answered_ms + limits.credit // rate * MINUTE_MS
    return [SetTimer(call.id, Timer.CREDIT, max(lasts_until_ms - now, 0))]
