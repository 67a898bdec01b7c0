"""Delivery of a callback that may meet faults: late, twice, wrongly signed, or not at all.

A fault stands for the network or for the app's host: what is lost never reaches the app. Each attempt meets the rules
anew, so a rule that applies once lets the fallback URL have the event.
"""

import asyncio
from urllib.parse import urlsplit

from attrs import evolve

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.products.voice.events import Outcome
from sinch_simulator.server.callback_log import Attempt, Response
from sinch_simulator.server.callback_sender import Courier
from sinch_simulator.server.faults.rules import Fault, FaultKind, FaultRules, FaultSide, Occasion, Trouble

_WRONG_SECRET = "bm90IHRoZSByaWdodCBzZWNyZXQ="
"""Base64, like any secret: what is signed with it is well formed and wrong."""


@frozen
class FaultyDelivery:
    """What came of a delivery: its attempts, a duplicate's, and the faults that were met."""

    attempts: list[Attempt]
    duplicate: Attempt | None
    met: tuple[Fault, ...]


async def deliver(
    courier: Courier, rules: FaultRules, callback: SendCallback, application: Application, *, patient: bool
) -> FaultyDelivery:
    """Deliver a callback. ``patient`` waits for a time-out as long as the platform would; else it comes at once."""
    attempts: list[Attempt] = []
    met: list[Fault] = []
    twice = False
    for url in (callback.url, callback.fallback_url):
        if url is None:
            break
        trouble = rules.meet(_occasion(callback, url))
        met += trouble.faults
        attempt = await _attempt(courier, callback, application, url, trouble, patient)
        attempts.append(attempt)
        kind = None if trouble.decisive is None else trouble.decisive.kind
        twice = twice or kind is FaultKind.DUPLICATE
        if attempt.outcome is Outcome.ANSWERED or kind is FaultKind.DROP:
            break
    duplicate = await courier.post(callback, application, attempts[-1].url) if twice else None
    return FaultyDelivery(attempts, duplicate, tuple(met))


def _occasion(callback: SendCallback, url: str) -> Occasion:
    path = urlsplit(url).path.rstrip("/") or "/"
    return Occasion(
        FaultSide.CALLBACK, callback.application_key, "POST", path, event=callback.event, call_id=callback.call_id
    )


async def _attempt(
    courier: Courier, callback: SendCallback, application: Application, url: str, trouble: Trouble, patient: bool
) -> Attempt:
    late_ms = round(trouble.delay_s * 1000)
    limit_ms = round(courier.timeout_s * 1000)
    kind = None if trouble.decisive is None else trouble.decisive.kind
    if late_ms >= limit_ms:
        await asyncio.sleep(courier.timeout_s)
        return _lost(url, Outcome.TIMEOUT, f"no reply within {courier.timeout_s:g} s", limit_ms)
    if late_ms:
        await asyncio.sleep(trouble.delay_s)
    match kind:
        case FaultKind.TIMEOUT:
            if patient:
                await asyncio.sleep(courier.timeout_s - trouble.delay_s)
            return _lost(url, Outcome.TIMEOUT, "a fault rule let it time out", limit_ms)
        case FaultKind.DROP:
            return _lost(url, Outcome.TIMEOUT, "a fault rule dropped it", late_ms)
        case FaultKind.DISCONNECT:
            return _lost(url, Outcome.UNREACHABLE, "a fault rule closed the connection", late_ms)
        case FaultKind.STATUS:
            assert trouble.decisive is not None
            status = int(trouble.decisive.number)
            lost = _lost(url, Outcome.BAD_STATUS, f"HTTP status {status}, by a fault rule", late_ms)
            return evolve(lost, response=Response(status, {}, b""))
        case FaultKind.BAD_SIGNATURE:
            forged = evolve(application, secret=_WRONG_SECRET)
            return _later(await courier.post(callback, forged, url), late_ms, limit_ms)
        case _:
            return _later(await courier.post(callback, application, url), late_ms, limit_ms)


def _lost(url: str, outcome: Outcome, why: str, latency_ms: int) -> Attempt:
    return Attempt(url, {}, outcome, latency_ms, None, why)


def _later(attempt: Attempt, late_ms: int, limit_ms: int) -> Attempt:
    """An answer that came in time, but for the delay, may have come too late."""
    latency_ms = attempt.latency_ms + late_ms
    if late_ms and attempt.outcome is Outcome.ANSWERED and latency_ms > limit_ms:
        return evolve(attempt, outcome=Outcome.TIMEOUT, latency_ms=latency_ms, why="the reply came too late")
    return evolve(attempt, latency_ms=latency_ms)
