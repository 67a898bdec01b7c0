"""Runs a simulator beside a Locust worker, in a process of its own, and orders calls from it.

Locust replaces sockets and threads of its process by gevent's, with which asyncio does not run. The simulator is a
plain ``sinch-simulator run FILE --calls-on-stdin``: it gets numbers of calls, and gives back what came of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gevent
from attrs import define, field
from gevent.event import AsyncResult, Event

_ANSWERS_AFTER_S = 60.0
"""Real seconds that calls under way have to come to their end; an app has 5 for a callback, unless told otherwise."""


class SimulatorEnded(Exception):
    """The simulator of a worker has ended before it was told to; its own words are in the worker's output."""


@define(eq=False)
class SimulatorProcess:
    """A simulator for one population; ``tell`` gets each message of it: the callbacks and the tally of some calls."""

    arguments: Sequence[str]
    tell: Callable[[Mapping[str, Any]], None]
    _process: "subprocess.Popen[str] | None" = field(init=False, default=None)
    _waiting: dict[int, AsyncResult] = field(init=False, factory=dict)
    _orders: list[int] = field(init=False, factory=list)
    _ordered: Event = field(init=False, factory=Event)
    _greenlets: list[gevent.Greenlet] = field(init=False, factory=list)
    ended: bool = field(init=False, default=False)
    lost: bool = field(init=False, default=False)
    """Whether it has ended before it was told to."""

    def start(self) -> None:
        """Starts the process."""
        process = subprocess.Popen(  # others run meanwhile, so this may have been ended already
            [sys.executable, "-m", "sinch_simulator", "run", *self.arguments, "--calls-on-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C is Locust's: it lets the calls under way come to their end.
            start_new_session=os.name == "posix",
        )
        self._process = process
        if self.ended:
            self.kill()
        else:
            self._greenlets = [gevent.spawn(self._read, process), gevent.spawn(self._write, process)]

    def play(self, number: int) -> None:
        """Plays the call of this number, and returns when it is over. Raises ``SimulatorEnded``."""
        if self.ended:
            raise SimulatorEnded("the simulator has ended")
        over = self._waiting[number] = AsyncResult()
        self._orders.append(number)
        self._ordered.set()
        over.get()

    def finish(self) -> None:
        """Lets the calls under way come to their end, and ends the process; it is no error when it has ended."""
        if self.ended:
            return
        self.ended = True
        self._ordered.set()
        gevent.joinall(self._greenlets, timeout=_ANSWERS_AFTER_S)
        self.kill()

    def kill(self) -> None:
        """Ends the process at once; it is no error when it has ended, or has not begun."""
        self.ended = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _write(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        try:
            while not self.ended:
                self._ordered.wait()
                self._ordered.clear()
                # What users order in the same turn is one write, and so may share a world.
                orders, self._orders = self._orders, []
                process.stdin.write("".join(f"{number}\n" for number in orders))
                process.stdin.flush()
            process.stdin.close()
        except OSError:
            return  # it has ended; that is told where its words are read

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                message = json.loads(line)
                self.tell(message)
                for number in message["numbers"]:
                    over = self._waiting.pop(number, None)
                    if over is not None:
                        over.set()
        except ValueError:  # what it writes can't be read
            process.kill()
            raise
        finally:
            self.lost, self.ended = not self.ended, True
            self._ordered.set()
            code = process.wait()
            for over in self._waiting.values():
                over.set_exception(SimulatorEnded(f"the simulator has ended with exit code {code}"))
            self._waiting.clear()
