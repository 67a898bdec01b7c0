"""Keeps the worlds of a server: each is made with its first application and dropped with its last.

A world is a simulation, the clock that drives it, and the records of its callbacks. Nothing is shared between two.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Coroutine, Iterator, Sequence
from functools import partial
from typing import Any

from attrs import evolve, field

from sinch_simulator.config import ClockMode, ServerConfig
from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.delivery import Delivered, Record, conclude
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.directory import Directory
from sinch_simulator.core.effects import Log, Order
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.numbers import Inventory
from sinch_simulator.core.product import Product
from sinch_simulator.core.project import Project
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.core.values import define
from sinch_simulator.server.app_work import go_on
from sinch_simulator.server.callback_log import CallbackLog, again
from sinch_simulator.server.callback_sender import CallbackSender, Read
from sinch_simulator.server.changes import Changes
from sinch_simulator.server.faults import callbacks as faulty_sender
from sinch_simulator.server.faults.callbacks import Planned
from sinch_simulator.server.faults.rules import Fault, FaultRules
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.server.kept_calls import KeptCalls
from sinch_simulator.server.outside import Outside, Surroundings
from sinch_simulator.server.products import OUTSIDE
from sinch_simulator.server.runner import Runner
from sinch_simulator.server.security.refused_callbacks import explained
from sinch_simulator.simulation import Simulation

DEFAULT_WORLD = "default"
FIXED_EPOCH_MS = 1_736_937_000_000
"""2025-01-15T10:30:00Z: where worlds begin whose time is simulated, so that two runs are the same to the letter."""
_MOST_LINES_BEHIND = 100_000


@define(eq=False)
class World:
    """One simulation and what belongs to it."""

    name: str
    sender: CallbackSender
    seed: int
    clock: ClockMode
    products: tuple[Product, ...]
    speed: float = 1.0
    begins_at_ms: int | None = None
    """Unix milliseconds; None: now under the realtime clock, else a fixed moment."""
    keep_calls: int | None = None
    """How many finished calls are kept; None for all."""
    inventory: Inventory = field(factory=Inventory)
    """The numbers that can be rented; those of the simulator."""
    callbacks: CallbackLog = field(init=False, factory=CallbackLog)
    run: str = field(init=False, factory=lambda: os.urandom(4).hex())
    """Another text for each world that was ever made, so that a line's number is of one journal."""
    faults: FaultRules = field(init=False)
    simulation: Simulation = field(init=False)
    runner: Runner = field(init=False)
    changes: Changes = field(init=False)
    outside: dict[str, Outside] = field(init=False, factory=dict)
    """By product, what carries out the orders of its machine."""
    _kept: KeptCalls | None = field(init=False, default=None)
    _followers: set["asyncio.Queue[Entry | None]"] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        self.faults = FaultRules(self.seed)
        realtime = self.clock is ClockMode.REALTIME
        epoch_ms = int(time.time()) * 1000 if realtime else FIXED_EPOCH_MS
        if self.begins_at_ms is not None:
            epoch_ms = self.begins_at_ms
        self.simulation = Simulation(self.products, self.seed, epoch_ms, machine_made=self._make_outside)
        self.simulation.data.pool.inventory = self.inventory
        self.runner = Runner(
            self.simulation,
            self._deliver,
            self._publish,
            self.callbacks.add_findings,
            self.callbacks.next_order,
            self._carry_out,
            self.clock,
            self.speed,
        )
        if self.keep_calls is not None:
            self._kept = KeptCalls(self.keep_calls, self.simulation, self.callbacks)
        self.changes = Changes(self.simulation, self.products)

    @property
    def applications(self) -> list[Application]:
        """Returns who lives here, in the order of their coming."""
        return list(self.simulation.applications.values())

    def reset(self, key: str | None) -> None:
        """Drops what an application has, or everything; if nobody else has anything, the world begins anew."""
        keys = [key] if key is not None else [application.key for application in self.applications]
        for each in keys:
            self.runner.forget(each)
            self.callbacks.drop(each)
            self.simulation.renew(each)
            self.faults.drop(each)
            for outside in self.outside.values():
                outside.forget(each)
        for project in {self.simulation.applications[each].project for each in keys}:
            if set(project.application_keys) <= set(keys):  # else other applications still use what it has
                project.begin_anew()
        if key is None or not self.faults:
            self.faults.restart()
        if self.simulation.empty:
            self.simulation.restart()
            self.runner.restarted()
        self.callbacks.stir()
        self.changes.restart()

    def follow(self) -> "asyncio.Queue[Entry | None]":
        """Gives the lines of the journal from now on; None is the last of them."""
        queue: asyncio.Queue[Entry | None] = asyncio.Queue()
        self.simulation.journal.follow(self._tell_followers)
        self._followers.add(queue)
        return queue

    def unfollow(self, queue: "asyncio.Queue[Entry | None]") -> None:
        """Gives a queue of ``follow`` no more lines."""
        self._followers.discard(queue)

    async def stop(self) -> None:
        """Gives callbacks a short grace, then ends."""
        self._dismiss_followers()
        await self.runner.stop()
        self.close()
        await asyncio.gather(*(outside.closed() for outside in self.outside.values()))

    def close(self) -> None:
        """Ends at once; whoever waits for something here goes on.

        A world that is dropped leaves no cycles behind: load tests drop thousands, and garbage is rarely looked for.
        """
        self._dismiss_followers()
        self.simulation.journal.dismiss()
        self.simulation.machine_made = None
        self.runner.close()
        for outside in self.outside.values():
            outside.close()
        self.callbacks.close()
        self.changes.close()

    def _dismiss_followers(self) -> None:
        for queue in self._followers:
            queue.put_nowait(None)
        self._followers.clear()

    def _tell_followers(self, entry: Entry) -> None:
        for queue in [*self._followers]:
            behind = queue.qsize() > _MOST_LINES_BEHIND
            queue.put_nowait(None if behind else entry)
            if behind:
                self._followers.discard(queue)

    def _deliver(
        self, callback: SendCallback, order: int, at_ms: int
    ) -> Coroutine[Any, Any, Delivered]:  # what a coroutine takes and gives in between is asyncio's affair
        self._tell_where_it_goes(callback)
        read = partial(self.simulation.machine(callback.product).read_answer, callback)
        if self.faults:
            planned = faulty_sender.plan(self.faults, callback)
            if any(trouble.faults for _, trouble in planned):
                return self._deliver_with_faults(callback, read, planned, order, at_ms)
        return self._deliver_without_faults(callback, read, order, at_ms)

    async def _deliver_without_faults(self, callback: SendCallback, read: Read, order: int, at_ms: int) -> Delivered:
        attempts = await self.sender.deliver(callback, read)
        product = self.simulation.product(callback.product)
        return explained(conclude(product, callback, attempts, order=order, sent_at_ms=at_ms))

    def _tell_where_it_goes(self, callback: SendCallback) -> None:
        """Tells, once for each host, that callbacks leave this machine: the user allows it, and might not mean it."""
        for url in (callback.url, callback.fallback_url):
            host = None if url is None else self.sender.leaves_for(callback.application_key, url)
            if host is None:
                continue
            application = self.simulation.applications.get(callback.application_key)
            if application is None or f"CALLBACKS_LEAVE {host}" in application.told_once:
                continue
            application.told_once.add(f"CALLBACKS_LEAVE {host}")
            message = f"Callbacks of {application.key} leave this machine for {host}."
            hint = "That is meant if the app under test runs there; no other request goes there."
            finding = Diagnostic("CALLBACKS_LEAVE", Severity.INFO, "", message, hint)
            self.simulation.diagnose(None, finding, applicationKey=application.key)

    async def _deliver_with_faults(
        self, callback: SendCallback, read: Read, planned: Sequence[Planned], order: int, at_ms: int
    ) -> Delivered:
        patient = self.runner.mode is ClockMode.REALTIME
        delivery = await faulty_sender.deliver(self.sender, callback, planned, read, patient=patient)
        product = self.simulation.product(callback.product)
        return evolve(
            conclude(product, callback, delivery.attempts, order=order, sent_at_ms=at_ms),
            faults=tuple(_told(fault, callback) for fault in delivery.met),
            spared=tuple(each.id for each in delivery.spared),
            duplicate=delivery.duplicate,
        )

    def _make_outside(self, product: str, machine: Any) -> None:  # a machine of that product
        make = OUTSIDE.get(product)
        if make is not None:
            surroundings = Surroundings(self.simulation, self.sender, self.runner.tasks, self.runner.pace)
            self.outside[product] = make(surroundings, machine)

    def _carry_out(self, order: Order) -> None:
        self.outside[order.product].carry_out(order)

    def file_for(self, order: Order) -> MadeFile:
        """Returns how to make the file that an answer consists of."""
        return self.outside[order.product].file_for(order)

    def _publish(self, delivered: Delivered) -> None:
        self.faults.spare(delivered.spared)
        for record in delivered.records:
            self.keep(record)
        if delivered.duplicate is not None:
            last, order = delivered.records[-1], self.callbacks.next_order()
            self.keep(again(last, delivered.duplicate, order=order, sent_at_ms=last.sent_at_ms))
        if self._kept is not None:
            self._kept.tidy_up()  # Only now: what goes takes the records of its last callback along.

    def keep(self, record: Record) -> None:
        """Keeps the record of an attempt whose answer counts from now on; an app of this process may go on."""
        self.callbacks.add(go_on(self.simulation, self.runner.tasks, record))


def _told(fault: Fault, callback: SendCallback) -> Log:
    fields = {"faultId": fault.id, "do": fault.order, "event": callback.event}
    return Log(callback.subject, "fault.met", fields)


@define(eq=False)
class Worlds:
    """Every world of a server, by name, and every application, by its normalised key."""

    config: ServerConfig
    sender: CallbackSender
    products: tuple[Product, ...]
    base_url: str = ""
    """Of this server, without a trailing slash; known once it listens."""
    applications: dict[str, Application] = field(init=False, factory=dict)
    inventory: Inventory = field(init=False)
    """The numbers that can be rented, one for all worlds."""
    directory: Directory = field(init=False, factory=Directory)
    _homes: dict[str, World] = field(init=False, factory=dict)
    _worlds: dict[str, World] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.inventory = Inventory(self.config.seed, self.applications)

    def open(self) -> None:
        """Makes the default world, and the applications of the configuration in it."""
        for each in self.config.applications:
            self.add(each.application(self.config.seed), self.default)

    def __iter__(self) -> Iterator[World]:
        return iter([*self._worlds.values()])

    @property
    def default(self) -> World:
        """Returns the world of the command line's applications."""
        return self._worlds.get(DEFAULT_WORLD) or self.make(
            DEFAULT_WORLD, self.config.clock, self.config.seed, self.config.speed, self.config.begins_at_ms
        )

    def named(self, name: str) -> World | None:
        """Returns the world of this name, None when nobody lives in one."""
        return self.default if name == DEFAULT_WORLD else self._worlds.get(name)

    def make(
        self, name: str, clock: ClockMode, seed: int, speed: float = 1.0, begins_at_ms: int | None = None
    ) -> World:
        """Makes a new, empty world."""
        world = World(
            name, self.sender, seed, clock, self.products, speed, begins_at_ms, self.config.keep_calls, self.inventory
        )
        self._worlds[name] = world
        return world

    def add(self, application: Application, world: World) -> None:
        """Lets an application live in a world; its key is not in use. The user has given its URLs."""
        self.sender.outbound.give(application.key, application.urls())
        self._enter(application, world)

    def join(self, application: Application, other: Application) -> None:
        """Lets a new application, which an app has made, live in the world of another; its key is not in use.

        Nobody but the app has named its URLs.
        """
        self._enter(application, self.home_of(other))

    def _enter(self, application: Application, world: World) -> None:
        self.applications[normalise_key(application.key)] = application
        self.directory.add(application)
        self._homes[application.key] = world
        world.simulation.add_application(application)

    def application(self, key: str) -> Application | None:
        """Returns the application of this key; case and dashes make no difference."""
        return self.applications.get(normalise_key(key))

    def home_of(self, application: Application) -> World:
        """Returns the world that an application lives in."""
        return self._homes[application.key]

    def home_of_project(self, project: Project) -> World:
        """Returns the world that the applications of a project live in."""
        return self._homes[project.application_keys[0]]

    def present(self, application: Application | None) -> World:
        """Returns the world of an application, or the default world for None, with its clock brought up to date."""
        world = self.default if application is None else self.home_of(application)
        world.runner.catch_up()
        return world

    def simulation_of(self, application: Application | None) -> SimulatedWorld:
        """Returns the simulation of ``present``, for those who need to know nothing of the server."""
        return self.present(application).simulation

    def simulations(self) -> Iterator[SimulatedWorld]:
        """Gives every world, with its clock brought up to date."""
        for world in self:
            world.runner.catch_up()
            yield world.simulation

    def world_of(self, simulation: SimulatedWorld) -> World:
        """Returns the world that runs this simulation."""
        return next(world for world in self if world.simulation is simulation)

    def remove(self, application: Application) -> None:
        """Drops an application, what it had, and with the last one its world."""
        world = self._homes.pop(application.key)
        del self.applications[normalise_key(application.key)]
        self.directory.remove(application)
        self.sender.outbound.forget(application.key)
        world.runner.forget(application.key)
        world.callbacks.drop(application.key)
        world.simulation.remove_application(application.key)
        world.changes.restart()
        if not world.applications:
            del self._worlds[world.name]
            world.close()

    def holding(self, subject: str) -> World | None:
        """Returns the world in which a product has this call, or the like; None when there is no such thing."""
        return next((world for world in self if world.simulation.knows(subject)), None)

    def free_number(self, key: str) -> str:
        """Returns a number that follows from an application's key, and that nobody has."""
        taken = self.inventory.taken()
        digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big")
        while (number := f"+1404{556 + digest % 400}{digest // 400 % 10_000:04}") in taken:
            digest += 1
        return number

    def tell_watchers(self) -> None:
        """Lets those look who watch a world: something was changed that no line of a journal tells."""
        for world in self:
            world.changes.wake()

    async def stop(self) -> None:
        """Stops every world."""
        await asyncio.gather(*(world.stop() for world in self))
