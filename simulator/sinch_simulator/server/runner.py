"""Lets the time of one world pass, and says why it does not.

Under the realtime clock time runs on, and replies count as they come. Under manual and auto it stands still while a
callback is under way: those that are due at one instant go out together, and their replies are taken in the order of
sending. What is under way is counted, never guessed. It is driven by ``wake``; there is no loop that looks.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial

from attrs import define, field

from sinch_simulator.config import ClockMode
from sinch_simulator.products.voice.callbacks.replies import Delivered
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.server.background_tasks import Errands
from sinch_simulator.server.callback_queue import Delivery, Leap, Post, finish
from sinch_simulator.simulation import Simulation

GRACE_S = 0.005
"""Under auto, how long nothing must be under way before time leaps: work that an app does in its background fits in."""
STOP_GRACE_S = 0.3
"""How long a stop waits for callbacks that are under way."""
LAST_UNIX_MS = 253_402_300_799_000
"""The last second of the year 9999: there is no ISO date after it, so time stops there."""

_MOST_INSTANTS = 200
"""After so many in a row everybody else gets a turn."""
_LINES_OF_A_FAILURE = 15

_log = logging.getLogger("sinch_simulator")


class WorldFailed(Exception):
    """The simulator itself has a mistake, and this world stopped at it."""


@define(eq=False)
class Runner:
    """The clock of one world."""

    _simulation: Simulation
    _deliver: Post
    _publish: Callable[[Delivered], None]
    _next_order: Callable[[], int]
    _hand_over: Callable[[], None]
    """Begins the errands that the simulation has ordered."""
    mode: ClockMode
    speed: float = 1.0
    _loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.get_running_loop)
    _pending: list[tuple[SendCallback, int]] = field(init=False, factory=list)
    _under_way: dict[int, Delivery] = field(init=False, factory=dict)
    _done: list[Delivery] = field(init=False, factory=list)
    _afterwards: list[tuple[SendCallback, int]] = field(init=False, factory=list)
    """What the replies taken so far have caused: it goes out when all that is under way has been answered."""
    errands: Errands = field(init=False)
    _leaps: deque[Leap] = field(init=False, factory=deque)
    _settlers: list["asyncio.Future[None]"] = field(init=False, factory=list)
    _holds: int = field(init=False, default=0)
    _scheduled: bool = field(init=False, default=False)
    _timer: asyncio.TimerHandle | None = field(init=False, default=None)
    _quiet_since_s: float = field(init=False, default=0.0)
    _base: tuple[float, int] = field(init=False, default=(0.0, 0))
    """Under realtime: at this loop time it was this simulated time."""
    _failure: Exception | None = field(init=False, default=None)
    _stopped: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self.errands = Errands(self.wake)
        self._rebase()

    # ---- what others ask of it

    def wake(self) -> None:
        """Something may be to be done."""
        if not self._scheduled and not self._stopped:
            self._scheduled = True
            self._loop.call_soon(self._take_turn)

    def hold(self) -> None:
        """While a REST request is answered, no callback goes out and time does not leap; ``let_go`` ends that."""
        self.catch_up()
        self._holds += 1

    def let_go(self) -> None:
        """End one hold."""
        self._holds -= 1
        self._quiet_since_s = self._loop.time()
        self.wake()

    def catch_up(self) -> None:
        """Under realtime: let happen what is due by now, so that whoever looks sees the present."""
        if self._runs_by_itself():
            self._run_to_the_present()
            if self._pending:
                self.wake()

    async def settled(self) -> None:
        """Return when nothing is under way and nothing due at this instant; at once under realtime."""
        self.raise_failure()
        self._quiet_since_s = self._loop.time()
        self.wake()
        if self.mode is ClockMode.REALTIME or self._stopped:
            return
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._settlers.append(waiter)
        await waiter
        self.raise_failure()

    async def advance(self, ms: int) -> int:
        """Let so much time pass, callback by callback, and give the new time. Orders are carried out in turn."""
        self.raise_failure()
        self.catch_up()
        if self._stopped:
            return self._simulation.now
        leap = Leap(ms, self._loop.create_future())
        self._leaps.append(leap)
        self.wake()
        now = await leap.future
        self.raise_failure()
        return now

    def pace(self) -> float | None:
        """The speed of a clock that runs by itself; None when time waits for what is under way."""
        return self.speed if self._runs_by_itself() else None

    def set_clock(self, mode: ClockMode, speed: float) -> None:
        """From now on time passes in this way."""
        self.catch_up()
        self.mode, self.speed = mode, speed
        self._rebase()
        self._quiet_since_s = self._loop.time()
        self.wake()

    def forget(self, application_key: str) -> None:
        """Take no notice of what this application still answers."""
        dropped = [each for each in self._under_way.values() if each.callback.application_key == application_key]
        for delivery in dropped:
            del self._under_way[delivery.order]
            delivery.task.cancel()
        self.errands.forget(application_key)
        self._done = [each for each in self._done if each.order in self._under_way]
        self._pending = [each for each in self._pending if each[0].application_key != application_key]
        self._afterwards = [each for each in self._afterwards if each[0].application_key != application_key]
        self.wake()

    def restarted(self) -> None:
        """The simulation was set back to its start: orders to advance are void."""
        for leap in self._leaps:
            finish(leap.future, self._simulation.now)
        self._leaps.clear()
        self._rebase()
        self.wake()

    def waiting_for(self) -> list[str]:
        """Why time stands still; empty when it does not."""
        if self._runs_by_itself():
            return []
        now_s = self._loop.time()
        reasons = [each.shown(now_s) for each in self._under_way.values() if not each.task.done()]
        if self._holds:
            reasons.append("the answer to a REST request")
        reasons += self.errands.reasons()
        if not reasons and not self._leaps:
            if self.mode is ClockMode.MANUAL:
                reasons.append("an advance: the clock is manual")
            elif self._simulation.next_due() is None:
                reasons.append("somebody to do something: nothing is due")
        return reasons

    async def stop(self) -> None:
        """Give what is under way a short grace, then end everything."""
        tasks = [delivery.task for delivery in self._under_way.values() if not delivery.task.done()]
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_GRACE_S)
        self.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        """End everything now; whoever waits goes on. Nothing here leads back to the world afterwards."""
        if self._stopped:
            return
        self._stopped = True
        self._cancel_timer()
        for delivery in self._under_way.values():
            delivery.task.cancel()
        self._under_way.clear()
        self.errands.close()
        self._release_waiters()
        del self._deliver, self._publish, self._hand_over

    # ---- turns

    def _take_turn(self) -> None:
        self._scheduled = False
        if self._stopped or self._failure is not None:
            return
        self._cancel_timer()
        try:
            if self._runs_by_itself():
                self._turn_in_realtime()
            else:
                self._turn_in_lockstep()
        except Exception as error:
            self._fail(error)

    def _turn_in_realtime(self) -> None:
        self._run_to_the_present()
        self._take_outcomes()
        self._take_replies()
        self._collect()
        self._send()
        self._settle()
        due = self._simulation.next_due()
        if due is not None:
            self._wake_in((due - self._present_ms()) / 1000 / self.speed)

    def _turn_in_lockstep(self) -> None:
        for _ in range(_MOST_INSTANTS):
            self._collect()
            self._send()
            if self._under_way:
                self._take_replies_in_turn()
                if self._under_way:
                    return
            elif self._holds:
                return
            elif self.errands:
                if not self._take_outcomes():
                    return
            elif self._simulation.next_due() == self._simulation.now:
                self._simulation.run_to(self._simulation.now)
            else:
                self._settle()
                if not self._pass_time():
                    return
        self.wake()

    def _pass_time(self) -> bool:
        """One instant further, if anybody or anything wants that."""
        due = self._simulation.next_due()
        if self._leaps:
            return self._leap(due)
        if self.mode is not ClockMode.AUTO or due is None:
            return False
        left_s = self._quiet_since_s + GRACE_S - self._loop.time()
        if left_s > 0:
            self._wake_in(left_s)
            return False
        self._simulation.run_to(self._no_later(due))
        self._quiet_since_s = self._loop.time()
        return True

    def _leap(self, due: int | None) -> bool:
        leap = self._leaps[0]
        now = self._simulation.now
        if leap.target is None:
            leap.target = self._no_later(now + leap.ms)
        if now < leap.target:
            self._simulation.run_to(leap.target if due is None else min(due, leap.target))
            return True
        self._leaps.popleft()
        finish(leap.future, now)
        self._quiet_since_s = self._loop.time()
        self._rebase()
        if self.mode is ClockMode.REALTIME and not self._leaps:
            self.wake()
            return False
        return True

    def _run_to_the_present(self) -> None:
        simulation = self._simulation
        present = self._no_later(self._present_ms())
        for _ in range(_MOST_INSTANTS):
            due = simulation.next_due()
            simulation.run_to(max(simulation.now, present if due is None else min(due, present)))
            self._collect()
            due = simulation.next_due()
            if simulation.now >= present and (due is None or due > present):
                return
        self.wake()

    # ---- callbacks

    def _collect(self) -> None:
        self._hand_over()
        self._pending += [(callback, self._simulation.now) for callback in self._simulation.take_callbacks()]

    def _send(self) -> None:
        if self._holds:
            return
        for callback, at_ms in self._pending:
            order = self._next_order()
            task = asyncio.ensure_future(self._deliver(callback, order, at_ms))
            delivery = Delivery(order, callback, self._loop.time(), task)
            self._under_way[order] = delivery
            task.add_done_callback(partial(self._came_back, delivery))
        self._pending.clear()

    def _came_back(self, delivery: Delivery, task: "asyncio.Future[Delivered]") -> None:
        if delivery.order in self._under_way:
            self._done.append(delivery)
            self.wake()

    def _take_replies(self) -> None:
        """Under realtime: in the order in which they came."""
        done, self._done = self._done, []
        for delivery in done:
            if delivery.order in self._under_way:
                self._take_reply(delivery)
        self._pending += self._afterwards
        self._afterwards.clear()

    def _take_replies_in_turn(self) -> None:
        """Under a clock that waits: in the order of sending, each as soon as those before it are in.

        The app's next answers are worked on while earlier ones are taken, and the run still repeats: what the replies
        cause is kept back until the last of them has been taken.
        """
        while self._under_way:
            first = next(iter(self._under_way.values()))
            if not first.task.done():
                return
            self._take_reply(first)
            self._afterwards += [(callback, self._simulation.now) for callback in self._simulation.take_callbacks()]
        self._done.clear()
        self._pending += self._afterwards
        self._afterwards.clear()

    def _take_reply(self, delivery: Delivery) -> None:
        del self._under_way[delivery.order]
        delivered = delivery.task.result()
        for finding in delivered.diagnostics:
            self._simulation.diagnose(delivery.callback.call_id, finding, event=delivery.callback.event.value)
        self._simulation.receive(delivered.event)
        self._publish(delivered)
        self._quiet_since_s = self._loop.time()

    def _take_outcomes(self) -> bool:
        """What has come of errands; whether any of them is done."""
        done, events = self.errands.take()
        for event in events:
            self._simulation.receive(event)
        if done:
            self._quiet_since_s = self._loop.time()
        return done

    # ---- small parts

    def _runs_by_itself(self) -> bool:
        return self.mode is ClockMode.REALTIME and not self._leaps and not self._stopped and self._failure is None

    def _present_ms(self) -> int:
        since_s, at_ms = self._base
        passed = (self._loop.time() - since_s) * 1000 * self.speed
        return at_ms + int(min(passed, LAST_UNIX_MS))

    def _no_later(self, moment_ms: int) -> int:
        return max(self._simulation.now, min(moment_ms, LAST_UNIX_MS - self._simulation.epoch_ms))

    def _rebase(self) -> None:
        self._base = (self._loop.time(), self._simulation.now)

    def _wake_in(self, seconds: float) -> None:
        # A loop of asyncio takes no timers further ahead than a day or so.
        self._timer = self._loop.call_later(min(max(seconds, 0.0), 3600.0), self.wake)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _settle(self) -> None:
        settlers, self._settlers = self._settlers, []
        for waiter in settlers:
            finish(waiter, None)
        if settlers:
            self._quiet_since_s = self._loop.time()

    def _release_waiters(self) -> None:
        self._settle()
        for leap in self._leaps:
            finish(leap.future, self._simulation.now)
        self._leaps.clear()

    def _fail(self, error: Exception) -> None:
        """A mistake of ours: this world stops, and says so to everybody who asks it for something."""
        self._failure = error
        last = [f"  {entry}" for entry in self._simulation.journal.entries[-_LINES_OF_A_FAILURE:]]
        _log.critical("A mistake in the simulator. The last lines of the journal:\n%s", "\n".join(last), exc_info=error)
        self._release_waiters()

    def raise_failure(self) -> None:
        """``WorldFailed`` once a mistake of ours has stopped this world."""
        if self._failure is not None:
            raise WorldFailed(f"the simulator failed: {self._failure!r}") from self._failure
