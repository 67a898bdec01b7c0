"""Ids from a seed: the same key and seed, made again, give the same ids; two applications never share one."""

from functools import lru_cache
from hashlib import blake2b

from sinch_simulator.core.application import Application

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_RANDOM_BITS = 80


def next_id(application: Application, seed: int) -> str:
    """Returns a fresh id of this application, in the shape of a version 4 UUID (docs/platform/rest.md#11)."""
    digest = _next_digest(application, seed)
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:]}"


def next_ulid(application: Application, seed: int, unix_ms: int) -> str:
    """Returns a fresh id of this application as a ULID, 26 characters of Crockford's alphabet.

    The first ten tell ``unix_ms``, the simulated moment, so that ids sort by when they were made. Source:
    docs/platform/voice-v2.md#1.4.
    """
    number = unix_ms << _RANDOM_BITS | int(_next_digest(application, seed)[:20], 16)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -10, -10)])


def _next_digest(application: Application, seed: int) -> str:
    application.ids_given += 1
    hashed = _begun(seed, application.key).copy()
    hashed.update(str(application.ids_given).encode())
    return hashed.hexdigest()


@lru_cache(maxsize=256)
def _begun(seed: int, key: str) -> blake2b:
    return blake2b(f"{seed}:{key}:".encode(), digest_size=16)
