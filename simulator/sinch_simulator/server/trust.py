"""Says whose certificates a simulator trusts when it asks an app, a stream, a file or a store over TLS.

Those whom this machine trusts (with ``SSL_CERT_FILE`` those of that file), and in addition the authorities of a file.
"""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class UntrustableError(Exception):
    """A file holds no certificates; the text says which and why."""


def trusting(ca_file: str) -> ssl.SSLContext:
    """Makes what connections are checked with, where the certificates of this PEM file are trusted too.

    Raises ``UntrustableError``.
    """
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        raise UntrustableError(f"{ca_file}: it holds no certificate; expected a PEM file") from None
    except OSError as error:
        raise UntrustableError(f"{ca_file}: it cannot be read: {error.strerror or error}") from None
    return context


@contextmanager
def bundle(ca_file: str, others: str) -> Iterator[str]:
    """Writes both PEM files into one, for libraries that take a single file; gives its path while it is there."""
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "trusted.pem"
        together.write_bytes(b"\n".join(Path(path).read_bytes() for path in (ca_file, others)))
        yield str(together)
