"""Leads one command's requests to Sinch's hosts to one simulator: starts the parts, and takes them away again."""

import asyncio
import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from sinch_simulator.intercept.certificates import Certificates
from sinch_simulator.intercept.command import Command, Enclosure, Signals
from sinch_simulator.intercept.environment import Doors, Surroundings
from sinch_simulator.intercept.gateway import Asked, Gateway
from sinch_simulator.intercept.other_hosts import OtherHosts
from sinch_simulator.intercept.proxy import Proxy

_MOST_MARKERS = 1000


@frozen
class Interception:
    """What a command needs to be led to the simulator, and what it has asked of the platform so far."""

    gateway: Gateway
    proxy: Proxy
    surroundings: Surroundings
    confined: bool
    """Whether the kernel is to help, where it can."""

    @property
    def asked(self) -> list[Asked]:
        """Gives the requests to the platform that have been answered."""
        return self.gateway.asked

    @property
    def given_up(self) -> Mapping[str, int]:
        """Gives, by host, how many connections ended before any request."""
        return self.proxy.given_up

    async def run(
        self, arguments: Sequence[str], variables: Mapping[str, str], signals: Signals, warn: Callable[[str], None]
    ) -> int:
        """Runs the command with these variables beside its own, and gives its exit code.

        ``warn`` gets a text when the kernel holds back nothing. Raises ``CannotExecuteError`` and ``EndedEarlyError``.
        """
        environment = {**self.surroundings.variables, **variables}
        command = Command(arguments, environment, signals, self._enclosure())
        listener = await asyncio.to_thread(command.prepare)
        if listener is None and self.confined:
            why = command.problems.get("filter", "it is not Linux")
            warn(f"this system sets no connection filter ({why}): what heeds neither proxy nor hook is not held back")
        with self._filtering(listener):
            await asyncio.to_thread(command.start)
            code = await asyncio.to_thread(command.wait)
        await self.proxy.settle()
        return code

    def _enclosure(self) -> Enclosure:
        if sys.platform != "linux" or not self.confined:
            return Enclosure()
        return Enclosure(self.surroundings.replaced_files(), filtered=True, strict=self.proxy.strict)

    @contextlib.contextmanager
    def _filtering(self, listener: int | None) -> Iterator[None]:
        if listener is None:
            yield
            return
        from sinch_simulator.intercept.connection_filter import ConnectionFilter

        ports = frozenset(port for _, port in self.proxy.others.addresses_of_proxies())
        connections = ConnectionFilter(listener, self.proxy, self.surroundings.doors.marker, ports)
        connections.open()
        try:
            yield
        finally:
            connections.close()


@contextlib.asynccontextmanager
async def intercept(
    simulator_url: str, environment: Mapping[str, str], *, strict: bool, confined: bool = True
) -> AsyncIterator[Interception]:
    """Opens the doors to the simulator at this URL, for a command with this environment; leaves nothing behind."""
    certificates = await asyncio.to_thread(Certificates)
    gateway = Gateway(simulator_url, certificates)
    await gateway.start()
    proxy = Proxy(gateway.tls_port, gateway.plain_port, OtherHosts.of_environment(), strict)
    gateway.spoken = proxy.spoken
    try:
        await proxy.start()
        with tempfile.TemporaryDirectory(prefix="sinch-simulator-exec-", ignore_cleanup_errors=True) as folder:
            # The command may become another user: there is nothing secret in here.
            os.chmod(folder, 0o755)
            doors = Doors(proxy.port, await _choose_marker(proxy), strict)
            surroundings = Surroundings(Path(folder), doors, certificates.authority_pem)
            surroundings.prepare(environment)
            yield Interception(gateway, proxy, surroundings, confined)
    finally:
        await proxy.stop()
        await gateway.stop()


async def _choose_marker(proxy: Proxy) -> str:
    """Chooses an address of this machine that stands for Sinch's hosts, and listens there where the system allows it.

    Where it does not, a connection to it is led to the proxy on its way, or refused.
    """
    for number in range(os.getpid(), os.getpid() + _MOST_MARKERS):
        marker = f"127.74.{number // 250 % 250}.{number % 250 + 1}"
        try:
            await proxy.listen_at(marker, 443)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue  # that is another exec's
            break
        with contextlib.suppress(OSError):
            await proxy.listen_at(marker, 80)
        break
    return marker
