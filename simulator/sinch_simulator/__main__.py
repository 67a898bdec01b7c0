"""``python -m sinch_simulator`` and the command ``sinch-simulator``: Ctrl-C is silent from the first moment on."""

import signal
import sys


def run() -> int:
    """Runs the command line; gives its exit code. Until that is loaded, Ctrl-C ends the process without a word."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        from sinch_simulator.cli import main

        return main()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sinch_simulator.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return main()


if __name__ == "__main__":
    sys.exit(run())
