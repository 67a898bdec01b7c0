"""Offers ``Simulator`` as users import it: awaited in an event loop, or by ``in_thread`` blocking."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sinch_simulator.embedded import async_api
from sinch_simulator.embedded.loop_thread import refuse_inside_a_loop

if TYPE_CHECKING:
    from sinch_simulator.embedded import sync_api

__tracebackhide__ = True  # pytest shows the line of the test instead


class Simulator(async_api.Simulator):
    """A simulator that serves on 127.0.0.1, in the event loop that runs where it is started.

    ``clock`` is ``manual`` (time moves by ``advance`` and ``wait_for``), ``auto`` or ``realtime``, for
    applications that do not say otherwise; ``speed`` is simulated seconds per real one (realtime only). The same
    ``seed`` gives the same ids. ``callback_timeout`` is real seconds. Port 0 takes a free one.
    ``allow_hosts`` are patterns of hosts that may be contacted besides this machine and the callback URLs that you set.
    """

    @staticmethod
    def in_thread(
        *,
        clock: str = "manual",
        seed: int = 0,
        callback_timeout: float = 5.0,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
        allow_hosts: Sequence[str] = (),
        s3_endpoint: str | None = None,
        azure_endpoint: str | None = None,
    ) -> "sync_api.Simulator":
        """Gives one for synchronous tests, scripts and ``unittest``: it serves in its own thread, nothing is awaited.

        Raises ``SimulatorError`` where an event loop runs: waiting would stop it.
        """
        refuse_inside_a_loop("Simulator.in_thread()", "use 'async with Simulator(...)' and await")
        from sinch_simulator.embedded import sync_api

        return sync_api.Simulator(
            clock=clock,
            seed=seed,
            callback_timeout=callback_timeout,
            host=host,
            port=port,
            speed=speed,
            allow_hosts=allow_hosts,
            s3_endpoint=s3_endpoint,
            azure_endpoint=azure_endpoint,
        )
