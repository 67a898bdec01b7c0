"""Says whose certificates a simulator trusts when it asks an app, a stream, a file or a store over TLS.

Those whom this machine trusts (with ``SSL_CERT_FILE`` those of that file), and in addition the authorities of a file.
"""

import ssl


class UntrustableError(Exception):
    """A file holds no certificates; the text says which and why."""


def trusting(ca_file: str | None) -> ssl.SSLContext:
    """Makes what connections are checked with; the certificates of this PEM file, if any, are trusted too.

    Raises ``UntrustableError``.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        raise UntrustableError(f"{ca_file}: it holds no certificate; expected a PEM file") from None
    except OSError as error:
        raise UntrustableError(f"{ca_file}: it cannot be read: {error.strerror or error}") from None
    return context
