"""What a command of ``sinch-simulator`` has said, for tests that type one."""

import json
from collections.abc import Callable
from typing import Any

from attrs import frozen


@frozen
class Told:
    """The exit code of a command, and what it has written."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


Typed = Callable[..., Told]
"""Types a command: its words are the arguments."""
