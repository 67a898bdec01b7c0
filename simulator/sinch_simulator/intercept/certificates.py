"""Makes the certificates of one run: an authority that exists in memory only, and one for each host that is asked for.

Only the authority's certificate is written to a file, in the forms in which programs take it: a bundle beside the
authorities that they trust anyway, and a trust store for Java.
"""

import base64
import hashlib
import re
import shutil
import ssl
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field

from sinch_simulator.core.sinch_hosts import KNOWN_HOSTS, is_sinch_host

if TYPE_CHECKING:
    import trustme

STORE_PASSWORD = "changeit"
"""Java's own default; a trust store holds nothing secret."""

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
)
_JAVA_STORES = ("/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts", "/etc/pki/ca-trust/extracted/java/cacerts")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----")


def system_bundles() -> list[Path]:
    """Lists the files in which this system keeps the authorities that it trusts, the usual one first."""
    there = [Path(name).resolve() for name in _BUNDLES if Path(name).is_file()]
    return list(dict.fromkeys(there))


def java_stores(java_home: str | None) -> list[Path]:
    """Lists the trust stores of this system's Javas: shared ones, that of ``java_home`` and that of ``java`` itself."""
    homes = [Path(java_home)] if java_home else []
    if command := shutil.which("java"):
        homes.append(Path(command).resolve().parent.parent)
    places = [*map(Path, _JAVA_STORES), *(home / "lib" / "security" / "cacerts" for home in homes)]
    return list(dict.fromkeys(place.resolve() for place in places if place.is_file()))


@define(eq=False)
class Certificates:
    """One authority and the TLS contexts of the hosts that clients ask for."""

    _authority: "trustme.CA" = field(init=False)
    _contexts: dict[str, ssl.SSLContext] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        import trustme

        self._authority = trustme.CA(organization_name="sinch-simulator exec", organization_unit_name="this machine")

    @property
    def authority_pem(self) -> str:
        """The authority's certificate as PEM text."""
        return self._authority.cert_pem.bytes().decode()

    def server_context(self) -> ssl.SSLContext:
        """Makes the TLS context of a server for every Sinch host: the certificate follows the name asked for."""
        context = self._context_for(*KNOWN_HOSTS)
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        if name is not None and name not in KNOWN_HOSTS and is_sinch_host(name):
            if name not in self._contexts:
                self._contexts[name] = self._context_for(name)
            connection.context = self._contexts[name]

    def _context_for(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._authority.issue_cert(*names).configure_cert(context)
        return context


def java_trust_store(bundle: str) -> bytes:
    """Writes the certificates of a PEM bundle as a Java key store (JKS, version 2) of trusted certificates."""
    entries = [
        struct.pack(">I", 2) + _text(f"trusted-{number}") + struct.pack(">Q", 0) + _text("X.509") + _sized(certificate)
        for number, certificate in enumerate(base64.b64decode(match) for match in _CERTIFICATE.findall(bundle))
    ]
    content = struct.pack(">III", 0xFEEDFEED, 2, len(entries)) + b"".join(entries)
    # The digest as the format has it: over the password in UTF-16, this sentence, and the content.
    return content + hashlib.sha1(STORE_PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + content).digest()


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def _sized(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
