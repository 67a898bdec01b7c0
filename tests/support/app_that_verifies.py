"""What a customer's app does with the Verification API, over HTTP with its key and secret, for tests."""

import base64
import json
import urllib.error
import urllib.request
from typing import Any

from sinch_simulator import blocking

ANNA = "+46700000001"


def ask(app: blocking.Application, method: str, path: str, body: object) -> Any:
    """A request below ``/verifications``; what it is answered with, refusals too."""
    credentials = base64.b64encode(f"{app.key}:{app.secret}".encode()).decode()
    url = f"{app.url}/verification/v1/verifications{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    request.add_header("Authorization", f"Basic {credentials}")
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return json.load(error)


def start(app: blocking.Application, method: str = "sms", **fields: object) -> Any:
    """Starts a verification of Anna's number."""
    return ask(app, "POST", "", {"identity": {"type": "number", "endpoint": ANNA}, "method": method, **fields})
