"""Call ids from a seed: the same key and seed, made again, give the same ids; two applications never share one."""

from functools import lru_cache
from hashlib import blake2b

from sinch_simulator.core.application import Application


def next_id(application: Application, seed: int) -> str:
    """Returns a fresh id of this application, in the shape of a version 4 UUID (docs/platform/rest.md#11)."""
    application.ids_given += 1
    hashed = _begun(seed, application.key).copy()
    hashed.update(str(application.ids_given).encode())
    digest = hashed.hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:]}"


@lru_cache(maxsize=256)
def _begun(seed: int, key: str) -> blake2b:
    return blake2b(f"{seed}:{key}:".encode(), digest_size=16)
