"""``python -m sinch_simulator`` is the command ``sinch-simulator``."""

import sys

from sinch_simulator.cli import main

sys.exit(main())
