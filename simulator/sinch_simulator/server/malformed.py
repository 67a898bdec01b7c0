"""Refuses what is no HTTP, in the error form of the side that it was for: the control API's or the platform's."""

import uuid

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.product import classic_error
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.server.guard import CONTROL_PREFIX

_LONGEST = 300


def refuse(received: bytes, status: int, why: str) -> Answer:
    """Returns the answer to ``received``, of which ``why`` says what is wrong; without a body to a HEAD."""
    line = received.split(b"\n", 1)[0][:_LONGEST].decode("latin-1")
    shown = " ".join(part.strip() for part in why.splitlines() if part.strip(" ^"))[:_LONGEST]
    if line.partition(" ")[2].startswith(CONTROL_PREFIX):
        error = ControlError(status, "malformed_request", f"the request cannot be read: {shown}", "send HTTP/1.1")
        answer = json_answer(error.document(), status)
    elif status == 400:
        answer = classic_error(ApiError.invalid_request(f"the request cannot be read: {shown}"), str(uuid.uuid4()))
    else:
        answer = classic_error(ApiError(status * 100, "Internal error"), str(uuid.uuid4()))
    return Answer(answer.status, b"", answer.headers) if line.startswith("HEAD ") else answer
