"""Lets the time of one world pass, and says why it does not.

Under the realtime clock time runs on. Under manual and auto it stands still while a callback or a background task is
under way. What is under way is counted, never guessed. It is driven by ``wake``; there is no loop that looks.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from attrs import field

from sinch_simulator.config import ClockMode
from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.delivery import Delivered
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.effects import Order
from sinch_simulator.core.rest.answer import Answer, Pending
from sinch_simulator.core.values import define
from sinch_simulator.server.background_tasks import BackgroundTasks
from sinch_simulator.server.callback_queue import CallbackQueue, Post
from sinch_simulator.server.descriptors import OutOfDescriptors, as_ours
from sinch_simulator.server.waiting import Leap, PendingAnswers, WaitedInVain, finish, in_time
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
    """Drives the clock of one world.

    ``post`` posts a callback, ``publish`` keeps what came of it, ``found`` what was found when its answer was obeyed;
    ``next_order`` numbers callbacks; ``carry_out`` begins what a product has ordered outside.
    """

    _simulation: Simulation
    _post: Post
    _publish: Callable[[Delivered], None]
    _found: Callable[[list[tuple[str, Diagnostic]]], None]
    _next_order: Callable[[], int]
    _carry_out: Callable[[Order], None]
    mode: ClockMode
    speed: float = 1.0
    tasks: BackgroundTasks = field(init=False)
    callbacks: CallbackQueue = field(init=False)
    _pending: PendingAnswers = field(init=False, factory=PendingAnswers)
    _loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.get_running_loop)
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
        self.tasks = BackgroundTasks(self.wake)
        self.callbacks = CallbackQueue(self._post, self._next_order, self._now_ms, self.wake)
        self._rebase()

    # ---- what others ask of it

    def wake(self) -> None:
        """Has whatever is to be done looked for soon."""
        if not self._scheduled and not self._stopped:
            self._scheduled = True
            self._loop.call_soon(self._take_turn)

    def hold(self) -> None:
        """Keeps callbacks from going out and time from leaping while a REST request is answered, until ``let_go``."""
        self.catch_up()
        self._holds += 1

    def let_go(self) -> None:
        """Ends one hold."""
        self._holds -= 1
        self._quiet_since_s = self._loop.time()
        self.wake()

    def catch_up(self) -> None:
        """Lets happen, under realtime, what is due by now, so that whoever looks sees the present."""
        if self._runs_by_itself():
            self._run_to_the_present()
            if self.callbacks.waits:
                self.wake()

    async def completed(self, pending: Pending, application_key: str = "") -> Answer:
        """Returns an answer when it can be given, and holds back from that moment what it causes.

        It is called, and returns or raises, under a hold, and lets it go while it waits. Raises ``WaitedInVain`` when
        the application whose request waits, or the world, is dropped.
        """
        if self._stopped or self._failure is not None:
            raise WaitedInVain("the world has ended")
        future = self._pending.add(application_key, pending.answer)
        self.let_go()
        try:
            return await in_time(future, pending)
        finally:
            # When it is not cancelled, whoever has ended it has taken up the hold.
            self._holds += future.cancelled()

    async def settled(self) -> None:
        """Returns when nothing is under way and nothing due at this instant; at once under realtime."""
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
        """Lets so much time pass, callback by callback, and returns the new time. Who asks first is served first."""
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

    def time_left_ms(self) -> int:
        """Returns how much simulated time can still pass: there is no ISO date after the year 9999."""
        return LAST_UNIX_MS - self._simulation.epoch_ms - self._simulation.now

    def pace(self) -> float | None:
        """Returns the speed of a clock that runs by itself; None when time waits for what is under way."""
        return self.speed if self._runs_by_itself() else None

    def set_clock(self, mode: ClockMode, speed: float) -> None:
        """Lets time pass in this way from now on."""
        self.catch_up()
        self.mode, self.speed = mode, speed
        self._rebase()
        self._quiet_since_s = self._loop.time()
        self.wake()

    def forget(self, application_key: str) -> None:
        """Takes no notice of what this application still answers."""
        self.callbacks.forget(application_key)
        self._holds += self._pending.give_up("what it is about was dropped", application_key)
        self.tasks.forget(application_key)
        self.wake()

    def restarted(self) -> None:
        """Takes note that the simulation was set back to its start: nobody waits for time to pass any more."""
        for leap in self._leaps:
            finish(leap.future, self._simulation.now)
        self._leaps.clear()
        self._rebase()
        self.wake()

    def waiting_for(self) -> list[str]:
        """Returns why time stands still, in words; nothing when it does not."""
        if self._runs_by_itself():
            return []
        reasons = self.callbacks.reasons(self._shown)
        if self._holds:
            reasons.append("the answer to a REST request")
        reasons += self.tasks.reasons()
        if not reasons and not self._leaps:
            if self.mode is ClockMode.MANUAL:
                reasons.append("an advance: the clock is manual")
            elif self._simulation.next_due() is None:
                reasons.append("somebody to do something: nothing is due")
        return reasons

    async def stop(self) -> None:
        """Gives what is under way, and what waits for its answer, a short grace; then ends everything."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_GRACE_S):
                while futures := self.callbacks.open_futures():
                    await asyncio.wait(futures)
        self.close()
        await asyncio.gather(*futures, return_exceptions=True)

    def close(self) -> None:
        """Ends everything now; whoever waits goes on. Nothing here leads back to the world afterwards."""
        if self._stopped:
            return
        self._stopped = True
        self._cancel_timer()
        self.callbacks.close()
        self.tasks.close()
        self._release_waiters()
        del self._post, self._publish, self._found, self._carry_out, self._next_order

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
            self._fail(as_ours(error))

    def _turn_in_realtime(self) -> None:
        self._run_to_the_present()
        self._take_outcomes()
        self.callbacks.take_as_they_come(self._conclude)
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
            if self.callbacks.under_way:
                self.callbacks.take_in_turn(self._conclude)
                if self.callbacks.under_way:
                    self._holds += self._pending.look()
                    return
            elif self._holds:
                return
            elif self.tasks:
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
        if (left_s := self._quiet_since_s + GRACE_S - self._loop.time()) > 0:
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
        if now < leap.target and not leap.future.cancelled():
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

    # ---- what leaves the world, and what comes back

    def _take_outbox(self) -> list[SendCallback]:
        """Begins what the products have ordered outside, and returns the callbacks that must go out."""
        self._found(self._simulation.take_findings_of_answers())
        callbacks: list[SendCallback] = []
        for item in self._simulation.take_outbox():
            if isinstance(item, SendCallback):
                callbacks.append(item)
            else:
                self._carry_out(item)
        return callbacks

    def _collect(self) -> None:
        self.callbacks.add(self._take_outbox())

    def _send(self) -> None:
        self._holds += self._pending.look()
        if not self._holds and self.callbacks.waits:
            self.callbacks.send(in_rounds=not self._runs_by_itself())

    def _conclude(self, delivered: Delivered) -> list[SendCallback]:
        self._simulation.conclude(delivered)
        self._publish(delivered)
        self._quiet_since_s = self._loop.time()
        return self._take_outbox()

    def _take_outcomes(self) -> bool:
        """Lets happen what has come of background tasks; returns whether any of them is done."""
        done, events = self.tasks.take()
        for event in events:
            self._simulation.receive(event)
        if done:
            self._quiet_since_s = self._loop.time()
        return done

    # ---- small parts

    def _runs_by_itself(self) -> bool:
        return self.mode is ClockMode.REALTIME and not self._leaps and not self._stopped and self._failure is None

    def _shown(self, callback: SendCallback) -> str:
        product = self._simulation.product(callback.product)
        return f"{product.title(callback.event)} of {callback.about.in_words()}"

    def _now_ms(self) -> int:
        return self._simulation.now

    def _present_ms(self) -> int:
        since_s, at_ms = self._base
        return at_ms + int(min((self._loop.time() - since_s) * 1000 * self.speed, LAST_UNIX_MS))

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
        self._holds += self._pending.give_up("the world has ended")

    def _fail(self, error: Exception) -> None:
        """A failure of ours: this world stops, and says so to everybody who asks it for something."""
        self._failure = error
        if not isinstance(error, OutOfDescriptors):
            lines = "\n".join(f"  {entry}" for entry in self._simulation.journal.entries[-_LINES_OF_A_FAILURE:])
            _log.critical("A mistake in the simulator. The last lines of the journal:\n%s", lines, exc_info=error)
        self._release_waiters()

    def raise_failure(self) -> None:
        """Raises ``WorldFailed`` once a mistake of ours has stopped this world."""
        if self._failure is not None:
            raise WorldFailed(f"the simulator failed: {self._failure!r}") from self._failure

