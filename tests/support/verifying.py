"""The Verification API over HTTP, for tests: short words for its requests."""

import json
from datetime import UTC, datetime
from typing import Any

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import decode_secret, sign
from support.wired_world import ANNA as ANNA
from support.wired_world import Json, Reply, Wired, basic

VERIFICATIONS = "/verification/v1/verifications"
SIGNED, BASIC, PUBLIC, NONE = "signed", "basic", "public", "none"


def identity(number: str = ANNA) -> Json:
    """Whose number is verified."""
    return {"type": "number", "endpoint": number}


def authorization(
    level: str, method: str, path: str, body: bytes = b"", *, key: str = DEFAULT_KEY, secret: str = DEFAULT_SECRET
) -> dict[str, str]:
    """The headers of a request of this level; ``path`` is what is signed."""
    if level == NONE:
        return {}
    if level == BASIC:
        return basic(key, secret)
    if level == PUBLIC:
        return {"Authorization": f"Application {key}"}
    timestamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    content_type = "application/json; charset=UTF-8"
    signature = sign(
        decode_secret(secret), method=method, body=body, content_type=content_type, timestamp=timestamp, path=path
    )
    return {
        "Authorization": f"Application {key}:{signature}",
        "x-timestamp": timestamp,
        "Content-Type": content_type,
    }


async def ask(
    sim: Wired, method: str, path: str, body: object = None, *, level: str = SIGNED, signed: str = "", **headers: str
) -> Reply:
    """A request below ``VERIFICATIONS``; ``signed`` is the path that is signed, where it is another."""
    raw = b"" if body is None else json.dumps(body).encode()
    whole = VERIFICATIONS + path
    sent = {**authorization(level, method, signed or whole, raw), **headers}
    return await sim.request(method, whole, raw=raw or None, headers=sent)


async def start(sim: Wired, how: str = "sms", number: str = ANNA, *, level: str = SIGNED, **fields: Any) -> Reply:
    """Starts a verification."""
    return await ask(sim, "POST", "", {"identity": identity(number), "method": how, **fields}, level=level)


async def started(sim: Wired, how: str = "sms", number: str = ANNA, **fields: Any) -> Json:
    """A verification that has begun, as the control API shows it."""
    reply = await start(sim, how, number, **fields)
    assert reply.status == 200, reply.raw
    return await seen(sim, reply.json["id"])


async def seen(sim: Wired, verification_id: str) -> Json:
    """A verification as the control API shows it."""
    return await sim.control("GET", f"/verifications/{verification_id}")


async def report(sim: Wired, verification: Json, secret: str | None = None, *, level: str = SIGNED) -> Reply:
    """Reports by id: the right secret unless another is given."""
    how = verification["method"]
    flash = how == "flashcall"
    told = (verification["cli"] if flash else verification["code"]) if secret is None else secret
    about = {"cli": told} if flash else {"code": told}
    body = {"method": how, "flashCall" if flash else how: about}
    return await ask(sim, "PUT", f"/id/{verification['id']}", body, level=level)
