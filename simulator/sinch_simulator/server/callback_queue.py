"""The callbacks of one world: which wait to go out, which are under way, and in which order their answers are taken.

Under the realtime clock answers count as they come. Under a clock that waits, callbacks that are due at one instant go
out together, and their answers are taken in the order of sending. Under every clock those about one subject go out one
after the other, each when the answer to the one before has been taken: no app sees a DiCE before the PIE of the same
hang-up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from attrs import field

from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.delivery import Delivered
from sinch_simulator.core.values import define

Post = Callable[[SendCallback, int, int], Awaitable[Delivered]]
"""Posts a callback, given its number in the order of sending and the simulated time; never raises."""
Conclude = Callable[[Delivered], list[SendCallback]]
"""Lets the world know what came of a callback, and returns those that this has caused."""


@define(eq=False)
class _Waiting:
    """A callback that waits to go out since ``at_ms``, and for the answer to the one that it is ``behind``."""

    callback: SendCallback
    at_ms: int
    behind: "_Waiting | None"
    sent: bool = False
    taken: bool = False
    """Whether its answer has been taken."""

    def holds_back(self, at_ms: int) -> bool:
        """Returns whether a callback about the same subject, caused at this moment, has to wait for the answer to this.

        One for whose answer the subject stood still holds nothing back once it is out: what is caused then makes an end
        of the standing still, as somebody who hangs up does (docs/platform/callbacks.md#9).
        """
        return self.at_ms == at_ms and not (self.taken or (self.sent and self.callback.awaited))


@define(eq=False)
class _Delivery:
    """A callback under way; ``started_s`` is of the event loop's clock."""

    order: int
    waited: _Waiting
    started_s: float
    future: "asyncio.Future[Delivered]"

    @property
    def callback(self) -> SendCallback:
        """Returns what was sent."""
        return self.waited.callback


@define(eq=False)
class CallbackQueue:
    """``now`` gives the simulated time, ``next_order`` the number of the next callback; ``wake`` says one came back."""

    _post: Post
    _next_order: Callable[[], int]
    _now: Callable[[], int]
    _wake: Callable[[], None]
    _loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.get_running_loop)
    _waiting: list[_Waiting] = field(init=False, factory=list)
    _newest: dict[str, _Waiting] = field(init=False, factory=dict)
    """By subject, the last callback about it, until the answer to that has been taken."""
    _under_way: dict[int, _Delivery] = field(init=False, factory=dict)
    _done: list[_Delivery] = field(init=False, factory=list)
    _afterwards: list[_Waiting] = field(init=False, factory=list)
    """What the answers taken so far have caused: it goes out when all that is under way has been answered."""

    @property
    def waits(self) -> bool:
        """Returns whether callbacks wait to go out."""
        return bool(self._waiting)

    @property
    def under_way(self) -> bool:
        """Returns whether the answer to any callback has not been taken yet."""
        return bool(self._under_way)

    def add(self, callbacks: list[SendCallback]) -> None:
        """Lets callbacks that are due now wait until ``send``."""
        if callbacks:
            self._waiting += self._lined_up(callbacks)

    def _lined_up(self, callbacks: list[SendCallback]) -> list[_Waiting]:
        now_ms, lined_up = self._now(), []
        for callback in callbacks:
            before = self._newest.get(callback.subject)
            behind = before if before is not None and before.holds_back(now_ms) else None
            waiting = self._newest[callback.subject] = _Waiting(callback, now_ms, behind)
            lined_up.append(waiting)
        return lined_up

    def send(self, *, in_rounds: bool) -> None:
        """Sends all that wait, together, but for those that wait for the answer to another.

        In rounds those wait until nothing at all is under way, so that it makes no difference which answer is the
        first to come.
        """
        held_back = []
        in_a_round = in_rounds and bool(self._under_way)
        for waiting in self._waiting:
            if waiting.behind is not None and (in_a_round or not waiting.behind.taken):
                held_back.append(waiting)
                continue
            waiting.behind = None
            waiting.sent = True
            order = self._next_order()
            future = asyncio.ensure_future(self._post(waiting.callback, order, waiting.at_ms))
            delivery = _Delivery(order, waiting, self._loop.time(), future)
            self._under_way[order] = delivery
            future.add_done_callback(partial(self._came_back, delivery))
        self._waiting = held_back

    def take_as_they_come(self, conclude: Conclude) -> None:
        """Takes the answers that are here, in the order in which they came."""
        done, self._done = self._done, []
        for delivery in done:
            if delivery.order in self._under_way:
                self._take(delivery, conclude)
        self._line_up_afterwards()

    def take_in_turn(self, conclude: Conclude) -> None:
        """Takes answers in the order of sending, each as soon as those before it are in.

        The app's next answers are worked on while earlier ones are taken, and the run still repeats: what the answers
        cause is kept back until the last of them has been taken. An answer that a request waits for does not wait
        for others: whoever sent the request may be the one who has not answered yet.
        """
        for delivery in [each for each in self._done if each.callback.holds_request]:
            self._done.remove(delivery)
            if delivery.order in self._under_way:
                self._take(delivery, conclude)
        while self._under_way:
            first = next(iter(self._under_way.values()))
            if not first.future.done():
                return
            self._take(first, conclude)
        self._done.clear()
        self._line_up_afterwards()

    def reasons(self, shown: Callable[[SendCallback], str]) -> list[str]:
        """Returns what is waited for, in words, and for how many seconds."""
        now_s = self._loop.time()
        return [
            f"the reply to {shown(each.callback)}, {now_s - each.started_s:.1f} s"
            for each in self._under_way.values()
            if not each.future.done()
        ]

    def forget(self, application_key: str) -> None:
        """Drops the callbacks of this application, and takes no notice of what it still answers."""
        for delivery in [*self._under_way.values()]:
            if delivery.callback.application_key == application_key:
                del self._under_way[delivery.order]
                delivery.future.cancel()
        self._done = [each for each in self._done if each.order in self._under_way]
        self._waiting = [each for each in self._waiting if each.callback.application_key != application_key]
        self._afterwards = [each for each in self._afterwards if each.callback.application_key != application_key]
        for subject, newest in [*self._newest.items()]:
            if newest.callback.application_key == application_key:
                del self._newest[subject]

    def open_futures(self) -> list["asyncio.Future[Delivered]"]:
        """Returns what is still to be answered."""
        return [each.future for each in self._under_way.values() if not each.future.done()]

    def close(self) -> None:
        """Ends all that is under way; nothing here leads back to the world afterwards."""
        for delivery in self._under_way.values():
            delivery.future.cancel()
        self._under_way.clear()
        del self._post, self._next_order, self._now, self._wake

    def _came_back(self, delivery: _Delivery, future: "asyncio.Future[Delivered]") -> None:
        if delivery.order in self._under_way:
            self._done.append(delivery)
            self._wake()

    def _take(self, delivery: _Delivery, conclude: Conclude) -> None:
        del self._under_way[delivery.order]
        waited = delivery.waited
        waited.taken = True
        if self._newest.get(waited.callback.subject) is waited:
            del self._newest[waited.callback.subject]
        caused = conclude(delivery.future.result())
        if caused:
            self._afterwards += self._lined_up(caused)

    def _line_up_afterwards(self) -> None:
        self._waiting += self._afterwards
        self._afterwards.clear()
