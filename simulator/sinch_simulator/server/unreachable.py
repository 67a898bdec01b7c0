"""Says why something that was asked over the network could not be reached, and what would help where that is known."""

import errno
import re
import socket
import ssl
from collections.abc import Iterator

import aiohttp

_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})
"""What OpenSSL calls an answer that is no TLS, by its version."""
_PLAIN = {"https": "http", "wss": "ws"}
_WHERE_CAUSES_ARE = ("certificate_error", "os_error")
"""The attributes in which aiohttp keeps the error from which its own came."""
_EACH_REFUSED = re.compile(rf"Multiple exceptions: (\[Errno {errno.ECONNREFUSED}\] [^\[]*)+")
"""What asyncio says when every address of a host refuses, as those of localhost do."""
_OTHER_NAME = (62, 64)
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""


def why_unreachable(error: BaseException, url: str) -> str:
    """The words of an error about this URL; for those of TLS, what would be right."""
    scheme = url.partition(":")[0].lower()
    for cause in _causes(error):
        # The errors of aiohttp are of these classes without having what these classes have.
        if isinstance(cause, ssl.SSLCertVerificationError) and hasattr(cause, "verify_message"):
            return _of_certificate(cause)
        if isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None) in _NO_TLS:
            return f"what answers there speaks no TLS: write {_PLAIN.get(scheme, 'http')}:// in place of {scheme}://"
    told = _in_plain_words(error) or str(error) or type(error).__name__
    if scheme == "http" and isinstance(error, aiohttp.ServerDisconnectedError | ConnectionResetError):
        return f"{told}; if it speaks TLS, write https:// in place of http://"
    return told


def _in_plain_words(error: BaseException) -> str:
    """Says what happens every day in words that name no number of an operating system; "" for what is rarer."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "its host name is not known"
        if isinstance(cause, OSError) and (cause.errno == errno.ECONNREFUSED or _EACH_REFUSED.fullmatch(str(cause))):
            return "nothing listens there (connection refused)"
        if isinstance(cause, ConnectionResetError):
            return "the connection was broken off (connection reset)"
    return ""


def _of_certificate(error: ssl.SSLCertVerificationError) -> str:
    told = error.verify_message.rstrip(".")
    if error.verify_code in _OTHER_NAME:
        return f"its certificate is for another name: {told}"
    return (
        f"its certificate is not trusted ({told}): name the file of its authority with --ca FILE, or in the "
        "environment variable SSL_CERT_FILE"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and those from which it came."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        wrapped = (getattr(cause, name, None) for name in _WHERE_CAUSES_ARE)
        waiting += [each for each in wrapped if isinstance(each, BaseException)]
        waiting += [cause.__cause__, cause.__context__]
