"""An application of a simulator in another process, for tests of clients: what its owner can do from outside."""

import json
import urllib.request
from typing import Any

from attrs import frozen

CALLEE = "+14045550199"

Json = dict[str, Any]  # JSON as tests look at it


@frozen
class Account:
    """An application of its own world, and what its owner can do from outside."""

    url: str
    key: str
    secret: str
    number: str

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")

    def control(self, method: str, path: str, body: object = None) -> Json:
        """A request to the control API that must succeed."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_simulator{path}", data, method=method)
        with urllib.request.urlopen(request) as response:
            text = response.read()
        document: Json = json.loads(text) if text else {}
        return document

    def advance(self, seconds: float) -> None:
        """Simulated time passes."""
        self.control("POST", f"/clock/advance?application={self.key}", {"seconds": seconds})

    def call(self, call_id: str) -> Json:
        """A call as the control API shows it."""
        return self.control("GET", f"/calls/{call_id}")
