"""How often a process that is nothing but a simulator looks for garbage."""

import gc


def collect_nothing_yet() -> None:
    """What a start loads stays: looking through it for garbage takes a tenth of the start. Until ``collect_rarely``."""
    gc.disable()


def collect_rarely() -> None:
    """Calls are kept and hold no cycles: each is looked through once, and the old ones hardly ever again.

    To look through all of them again and again took a third of the time. Not for a process that somebody else's code
    runs in.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(5_000, 1_000, 10)
