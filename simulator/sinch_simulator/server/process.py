"""A process that is nothing but a simulator: its event loop, and how often it looks for garbage.

Not for a process that somebody else's code runs in. Nothing is imported here before it is used: a start begins here.
"""

import gc
import importlib
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:  # what a coroutine takes and gives in between is asyncio's affair
    """Runs a coroutine as ``asyncio.run`` does, on uvloop where the extra ``speed`` is installed.

    It may have as many connections as the system lets this process have.
    """
    import asyncio

    from sinch_simulator.server.descriptors import handle_loop_exception, raise_limit

    raise_limit()
    with asyncio.Runner(loop_factory=_factory()) as runner:
        runner.get_loop().set_exception_handler(handle_loop_exception)
        return runner.run(main)


def _factory() -> "Callable[[], asyncio.AbstractEventLoop] | None":
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def collect_nothing_yet() -> None:
    """Looks for no garbage until ``collect_rarely``: what a start loads stays; to look takes a tenth of the start."""
    gc.disable()


def collect_rarely() -> None:
    """Looks through each call once, and hardly ever again: calls are kept and hold no cycles.

    To look through all of them again and again took a third of the time.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(5_000, 1_000, 10)
