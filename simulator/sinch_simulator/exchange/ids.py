"""Call ids from a seed: the same key and seed, made again, give the same ids; two applications never share one."""

from hashlib import blake2b

from sinch_simulator.exchange.application import Application


def next_id(application: Application, seed: int) -> str:
    """A fresh id of this application, in the shape of a version 4 UUID (rest.md 11)."""
    application.ids_given += 1
    digest = blake2b(f"{seed}:{application.key}:{application.ids_given}".encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:]}"
