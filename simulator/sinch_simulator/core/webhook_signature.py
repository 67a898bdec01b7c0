"""Signs callbacks with the secret of a webhook, as SMS does.

Source: docs/platform/sms.md#8. The secret is used as text, not decoded; the timestamp is wall time.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from hashlib import blake2b, sha256

from sinch_simulator.core.signing import fold_headers
from sinch_simulator.core.values import frozen

SIGNATURE = "x-sinch-webhook-signature"
ALGORITHM = "x-sinch-webhook-signature-algorithm"
NONCE = "x-sinch-webhook-signature-nonce"
TIMESTAMP = "x-sinch-webhook-signature-timestamp"
ALGORITHM_NAME = "HmacSHA256"
_CONTENT_TYPE = "application/json"


def webhook_signature(secret: str, body: bytes, nonce: str, timestamp: str) -> str:
    """Returns the base64 signature of a body with this nonce and this timestamp."""
    signed = b".".join((body, nonce.encode(), timestamp.encode()))
    return b64encode(hmac.digest(secret.encode(), signed, sha256)).decode()


@frozen(eq=False)
class WebhookSignature:
    """Signs with the text of a secret."""

    secret: str

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns content type, signature, algorithm, nonce and timestamp."""
        timestamp = str(int(wall_time))
        nonce = blake2b(b"%f" % wall_time + body, digest_size=13).hexdigest().upper()
        return {
            "Content-Type": _CONTENT_TYPE,
            SIGNATURE: webhook_signature(self.secret, body, nonce, timestamp),
            ALGORITHM: ALGORITHM_NAME,
            NONCE: nonce,
            TIMESTAMP: timestamp,
        }

    def signed(self, path: str, body: bytes, headers: Mapping[str, str]) -> str:
        """Returns body, nonce and timestamp, joined by dots."""
        folded = fold_headers(headers)
        return f"{body.decode(errors='replace')}.{folded.get(NONCE, '')}.{folded.get(TIMESTAMP, '')}"

    def forged(self) -> "WebhookSignature":
        """Returns the same with another secret."""
        return WebhookSignature(f"not {self.secret}")
