"""An application of a simulator in another process, for tests of clients: what its owner can do from outside."""

import base64
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
    project_id: str
    key_id: str
    key_secret: str
    service_plan_id: str
    api_token: str

    @classmethod
    def of(cls, url: str, shown: Json) -> "Account":
        """That of an application which the control API has shown."""
        return cls(
            url, shown["key"], shown["secret"], shown["numbers"][0], shown["projectId"], shown["keyId"],
            shown["keySecret"], shown["servicePlanId"], shown["apiToken"],
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """What a program that is run by ``run_node`` or ``run_sinch_2`` has to know, as variables."""
        return {
            "SIMULATOR_URL": self.url,
            "APPLICATION_KEY": self.key,
            "APPLICATION_SECRET": self.secret,
            "NUMBER": self.number,
            "PROJECT_ID": self.project_id,
            "KEY_ID": self.key_id,
            "KEY_SECRET": self.key_secret,
            "SERVICE_PLAN_ID": self.service_plan_id,
            "API_TOKEN": self.api_token,
        }

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

    def verification(self, verification_id: str) -> Json:
        """A verification, with its secrets, as the control API shows it."""
        return self.control("GET", f"/verifications/{verification_id}")

    def verify(self, method: str, **fields: object) -> Json:
        """The app starts a verification of the callee, with the key and the secret (Basic)."""
        body = {"identity": {"type": "number", "endpoint": CALLEE}, "method": method, **fields}
        credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        request = urllib.request.Request(f"{self.url}/verification/v1/verifications", json.dumps(body).encode())
        request.add_header("Authorization", f"Basic {credentials}")
        with urllib.request.urlopen(request) as response:
            started: Json = json.load(response)
        return started

    @staticmethod
    def followed(url: str) -> Json:
        """What there is at the end of a URL's redirects, as JSON."""
        with urllib.request.urlopen(url) as response:
            document: Json = json.load(response)
        return document
