"""Delivers a callback that may meet faults: late, twice, wrongly signed, or not at all.

A fault stands for the network or for the app's host: what is lost never reaches the app. Each attempt meets the rules
anew, so a rule that applies once lets the fallback URL have the event.
"""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from attrs import evolve

from sinch_simulator.core.callback import Attempt, Outcome, Response, SendCallback
from sinch_simulator.core.delivery import Tried, is_done
from sinch_simulator.core.values import frozen
from sinch_simulator.server.callback_sender import CallbackSender, Read, judged
from sinch_simulator.server.faults.rules import Fault, FaultKind, FaultRules, FaultSide, Occasion, Trouble

Planned = tuple[str, Trouble]
"""The URL of an attempt, and what the attempt meets there."""


@frozen
class FaultyDelivery:
    """What came of a delivery: its attempts, a duplicate's, the faults that were met, and those that were spared."""

    attempts: list[Tried]
    duplicate: Attempt | None
    met: tuple[Fault, ...]
    spared: tuple[Fault, ...]


def plan(rules: FaultRules, callback: SendCallback) -> tuple[Planned, ...]:
    """Returns what each attempt to deliver a callback will meet, the one at the fallback URL included.

    It is settled when the callback is sent, so that no app's speed has a say in it. A rule that applies is counted at
    once; when the fallback is not needed, ``FaultRules.spare`` takes back what was counted for it.
    """
    urls = (callback.url,) if callback.fallback_url is None else (callback.url, callback.fallback_url)
    planned: list[Planned] = []
    for index, url in enumerate(urls):
        trouble = rules.meet(_occasion(callback, url, callback.attempt + index))
        planned.append((url, trouble))
        if trouble.decisive is not None and trouble.decisive.kind is FaultKind.DROP:
            break
    return tuple(planned)


async def deliver(
    sender: CallbackSender, callback: SendCallback, planned: Sequence[Planned], read: Read, *, patient: bool
) -> FaultyDelivery:
    """Delivers a callback. ``patient`` waits for a time-out as long as the platform would; else it comes at once."""
    attempts: list[Tried] = []
    twice = False
    for url, trouble in planned:
        attempt, reading = judged(await _attempt(sender, callback, url, trouble, patient), read)
        attempts.append((attempt, reading))
        twice = twice or (trouble.decisive is not None and trouble.decisive.kind is FaultKind.DUPLICATE)
        if is_done(attempts[-1]):
            break
    duplicate = await sender.post(callback, attempts[-1][0].url) if twice else None
    made = len(attempts)
    return FaultyDelivery(attempts, duplicate, _faults(planned[:made]), _faults(planned[made:]))


def _faults(planned: Sequence[Planned]) -> tuple[Fault, ...]:
    return tuple(fault for _, trouble in planned for fault in trouble.faults)


def _occasion(callback: SendCallback, url: str, number: int) -> Occasion:
    path = urlsplit(url).path.rstrip("/") or "/"
    return Occasion(
        FaultSide.CALLBACK,
        callback.application_key,
        "POST",
        path,
        callback.product,
        event=callback.event,
        call_id=callback.about.call_id,
        attempt_id=f"{callback.id} {number}",
    )


async def _attempt(
    sender: CallbackSender, callback: SendCallback, url: str, trouble: Trouble, patient: bool
) -> Attempt:
    late_ms = round(trouble.delay_s * 1000)
    limit_ms = round(sender.timeout_s * 1000)
    kind = None if trouble.decisive is None else trouble.decisive.kind
    if late_ms >= limit_ms:
        await asyncio.sleep(sender.timeout_s)
        return _lost(url, Outcome.TIMEOUT, f"no reply within {sender.timeout_s:g} s", limit_ms)
    if late_ms:
        await asyncio.sleep(trouble.delay_s)
    match kind:
        case FaultKind.TIMEOUT:
            if patient:
                await asyncio.sleep(sender.timeout_s - trouble.delay_s)
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
            forged = None if callback.signature is None else callback.signature.forged()
            return _later(await sender.post(evolve(callback, signature=forged), url), late_ms, limit_ms)
        case _:
            return _later(await sender.post(callback, url), late_ms, limit_ms)


def _lost(url: str, outcome: Outcome, why: str, latency_ms: int) -> Attempt:
    return Attempt(url, {}, outcome, latency_ms, None, why)


def _later(attempt: Attempt, late_ms: int, limit_ms: int) -> Attempt:
    """Adds the delay to an attempt; an answer that came in time, but for the delay, has then come too late."""
    latency_ms = attempt.latency_ms + late_ms
    if late_ms and attempt.outcome is Outcome.ANSWERED and latency_ms > limit_ms:
        return evolve(attempt, outcome=Outcome.TIMEOUT, latency_ms=latency_ms, why="the reply came too late")
    return evolve(attempt, latency_ms=latency_ms)
