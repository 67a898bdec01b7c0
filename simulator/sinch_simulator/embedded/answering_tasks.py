"""Knows which tasks are answering a callback just now, so that what would wait for that answer is refused.

Threads that answer are known to ``caller_thread``.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

_answering: "WeakSet[asyncio.Task[Any]]" = WeakSet()


def this_task_answers() -> bool:
    """Tells whether the task that runs here is answering a callback."""
    return asyncio.current_task() in _answering


@contextmanager
def answering() -> "Iterator[asyncio.Task[Any]]":
    """Lets the task that runs here be one that answers, in here and until ``has_answered``."""
    task = asyncio.current_task()
    assert task is not None, "coroutines of apps run in tasks"
    _answering.add(task)
    try:
        yield task
    finally:
        _answering.discard(task)


def has_answered(task: "asyncio.Task[Any] | None") -> None:
    """Takes note that a task has given its answer; what it does now, nobody waits for."""
    if task is not None:
        _answering.discard(task)
