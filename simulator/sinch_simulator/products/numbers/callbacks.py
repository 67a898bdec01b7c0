"""Makes the events that tell an app what has become of an assignment, and signs them (docs/platform/numbers.md#5)."""

import hashlib
import hmac
from typing import Any

from sinch_simulator.core.time_texts import timestamp_ms
from sinch_simulator.core.values import Word, frozen

EVENTS = {
    "PROVISIONING_TO_SMS_PLATFORM": "the assignment to SMS",
    "DEPROVISIONING_FROM_SMS_PLATFORM": "the end of the assignment to SMS",
    "PROVISIONING_TO_CAMPAIGN": "the assignment to a campaign",
    "DEPROVISIONING_FROM_CAMPAIGN": "the end of the assignment to a campaign",
    "PROVISIONING_TO_VOICE_PLATFORM": "the assignment to Voice",
    "DEPROVISIONING_FROM_VOICE_PLATFORM": "the end of the assignment to Voice",
}
"""The names of the events, and how each reads in a message."""
SIGNATURE_HEADER = "X-Sinch-Signature"


class Platform(Word):
    """What a number is assigned to, as the names of the events end."""

    SMS = "SMS_PLATFORM"
    CAMPAIGN = "CAMPAIGN"
    VOICE = "VOICE_PLATFORM"


@frozen
class HexSha1Signature:
    """Signs the bytes of a body with the secret of a project: HMAC-SHA1, in hex."""

    secret: str

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns the content type and the signature."""
        signature = hmac.new(self.secret.encode(), body, hashlib.sha1).hexdigest()
        return {"Content-Type": "application/json", SIGNATURE_HEADER: signature}

    def signed(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Returns the body: nothing else is signed."""
        return body.decode()

    def forged(self) -> "HexSha1Signature":
        """Returns the same with another secret."""
        return HexSha1Signature(f"not {self.secret}")


def event_body(
    *, event_id: str, event: str, project_id: str, number: str, unix_ms: int, failure_code: str | None
) -> dict[str, Any]:
    """Returns the body of an event. Its time has no zone and nine decimals, and means UTC: so does the platform's."""
    return {
        "eventId": event_id,
        "timestamp": timestamp_ms(unix_ms)[:-1] + "000000",
        "projectId": project_id,
        "resourceId": number,
        "resourceType": "ACTIVE_NUMBER",
        "eventType": event,
        "status": "SUCCEEDED" if failure_code is None else "FAILED",
        "failureCode": failure_code,
    }
