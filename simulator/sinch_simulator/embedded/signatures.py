"""Makes signatures for users' own code under test, checks them, and says why one is wrong.

Source: docs/platform/auth.md#3 and #5.
"""

import time

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.signing import callback_headers, callback_path, decode_secret, verify
from sinch_simulator.server.security.explain_signature import explain

__all__ = ["explain", "sign", "verify"]


def sign(
    secret: str,
    *,
    application_key: str,
    url: str,
    body: bytes,
    wall_time: float | None = None,
    scheme: str = "application",
) -> dict[str, str]:
    """Makes the headers of a genuine callback with this body to this URL (or path).

    ``secret`` is the base64 text from the dashboard; ``wall_time`` is seconds since 1970, now if not said. For tests
    that post to a webhook themselves; ``scheme`` is ``service`` for events of Voice v2. Raises ``SimulatorError`` for
    what can't be signed.
    """
    if not isinstance(body, bytes):
        raise SimulatorError("body: expected the bytes that are sent, because it is they that are signed")
    try:
        key = decode_secret(secret)
    except ValueError as error:
        raise SimulatorError(str(error)) from None
    path = url.partition("?")[0] if url.startswith("/") else callback_path(url)
    moment = time.time() if wall_time is None else wall_time
    return callback_headers(application_key, key, path, body, moment, scheme)
