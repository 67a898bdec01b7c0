"""Puts a verification without a call into the form of a call, for whoever shows calls line by line."""

from typing import Any

Json = dict[str, Any]  # as the control API shows it


def verification_as_call(verification: Json) -> Json:
    """Returns a verification, as the control API shows it, in the form in which calls are shown."""
    ended = verification["status"] != "PENDING"
    return {
        "callId": verification["id"],
        "origin": f"verification by {verification['method']}",
        "from": "Sinch",
        "to": verification["number"],
        "status": "FINAL" if ended else "ONGOING",
        "state": verification["state"],
        "result": verification["status"],
        "reason": verification["reason"] or "N/A",
        "duration": None,
        "startedAt": verification["startedAt"],
        "legs": [],
        "timeline": verification["timeline"],
    }
