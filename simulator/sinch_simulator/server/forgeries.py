"""Makes callbacks that are not genuine out of genuine ones: what an app that checks signatures must refuse."""

from enum import Enum
from typing import Any

from attrs import evolve

from sinch_simulator.core.callback import SendCallback, Signature
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.values import frozen

_AGE_S = 3600.0
"""How old a stale callback is; no app should take one of more than five minutes (docs/platform/auth.md#5)."""


class Forgery(Enum):
    """What is wrong with a forged callback."""

    SIGNATURE = "signature"
    """It is signed with another secret."""
    BODY = "body"
    """Its body was changed after it was signed."""
    STALE = "stale"
    """It is an hour old, and otherwise genuine."""
    UNSIGNED = "unsigned"
    """It has no signature."""


@frozen(eq=False)
class _OfAnotherBody:
    """Signs another body than the one that is sent."""

    signature: Signature
    body: bytes

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns the headers that would make the other body genuine."""
        return self.signature.headers(path, self.body, wall_time)

    def signed(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Returns what a signature of the body that is sent would be made over."""
        return self.signature.signed(path, body, headers)

    def forged(self) -> Signature:
        """Returns the same with a wrong secret."""
        return _OfAnotherBody(self.signature.forged(), self.body)


@frozen(eq=False)
class _OfEarlier:
    """Signs as some time ago."""

    signature: Signature

    def headers(self, path: str, body: bytes, wall_time: float) -> dict[str, str]:
        """Returns the headers that made the body genuine then."""
        return self.signature.headers(path, body, wall_time - _AGE_S)

    def signed(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Returns what the signature is made over."""
        return self.signature.signed(path, body, headers)

    def forged(self) -> Signature:
        """Returns the same with a wrong secret."""
        return _OfEarlier(self.signature.forged())


def forge(callback: SendCallback, forgery: Forgery) -> SendCallback:
    """Returns a callback with what is wrong with it; one that is not signed anyway stays as it is."""
    signature = callback.signature
    if signature is None:
        return callback
    match forgery:
        case Forgery.SIGNATURE:
            return evolve(callback, signature=signature.forged())
        case Forgery.BODY:
            genuine = encode(callback.body)
            return evolve(callback, body=_changed(callback.body), signature=_OfAnotherBody(signature, genuine))
        case Forgery.STALE:
            return evolve(callback, signature=_OfEarlier(signature))
        case Forgery.UNSIGNED:
            return evolve(callback, signature=None)


def _changed(body: dict[str, Any]) -> dict[str, Any]:
    """Returns a body with one more member, so that it still says all that an app reads in it."""
    return {**body, "forged": True}
