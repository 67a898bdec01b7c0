"""Finds out who sends a request: Basic or signed credentials in, an application out, or the platform's refusal.

Source: docs/platform/auth.md#3.1.

Knows no web server: a request is the few values that authentication looks at. A refusal carries diagnostics that say
why, and never a secret.
"""

import base64
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ErrorCode, SenderRefused
from sinch_simulator.core.rest.platform_request import Scheme, TokenScheme
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.signing import (
    SKEW_S,
    decode_secret,
    fits_a_path,
    normalise_key,
    path_variants,
    same_text,
    split_credentials,
)
from sinch_simulator.core.values import frozen

_LONGEST_HEADER = 4096
_SCHEME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")
_WORD_BEFORE_KEY = re.compile(r"\Aapplication[:\\](?=.)", re.IGNORECASE)
_EXPECTED = "Expected 'Basic base64(KEY:SECRET)' or 'Application KEY:SIGNATURE'."


@frozen
class SignedRequest:
    """What authentication looks at.

    ``raw_path`` is the path as it came over the wire, percent-encoding and trailing slash included, without the query;
    ``query`` is what stood after the question mark. ``header_values`` gives all values of a header by its lower-case
    name, in their order, an empty sequence when it is absent. ``body`` is the bytes as received.
    """

    method: str
    raw_path: str
    query: str
    header_values: Callable[[str], Sequence[str]]
    body: bytes

    def header(self, name: str) -> str:
        """Returns the first value, "" when the header is absent."""
        values = self.header_values(name)
        return values[0] if values else ""


_MESSAGES = {
    ErrorCode.NO_AUTHORIZATION: "Authorization Header",
    ErrorCode.BAD_TIMESTAMP: "Timestamp Header",
    ErrorCode.INVALID_SIGNATURE: "Invalid Signature",
    ErrorCode.INVALID_CREDENTIALS: "Invalid credentials",
    ErrorCode.INVALID_SCHEME: "Invalid authorization scheme for calling the method",
}


def known_by_password(authorization: Sequence[str], applications: Mapping[str, Application]) -> Application | None:
    """Returns the application of good Basic credentials; None for all else, which ``authenticate`` takes or explains.

    Most requests are of this kind: they are not worth a ``SignedRequest``.
    """
    if len(authorization) != 1 or authorization[0][:6] != "Basic " or len(authorization[0]) > _LONGEST_HEADER:
        return None
    credentials = _read_basic(authorization[0][6:])
    if credentials is None:
        return None
    _, key, password = credentials
    application = applications.get(key)
    return application if application is not None and same_text(application.secret, password) else None


def known_by_token(
    authorization: Sequence[str],
    schemes: Mapping[str, TokenScheme],
    parameters: Mapping[str, str],
    worlds: SimulatedWorlds,
) -> Application | None:
    """Returns the application whose token this is, None when the header is of none of these schemes.

    ``parameters`` are the texts at the braces of the path, which may say whose token is wanted.

    ``ApiError`` is what the product says about a token of its own that is not good.
    """
    if len(authorization) != 1:
        return None
    name, _, token = authorization[0].strip().partition(" ")
    scheme = schemes.get(name.lower())
    return None if scheme is None else scheme.application_of(token.strip(), parameters, worlds)


def authenticate(
    request: SignedRequest,
    applications: Mapping[str, Application],
    wall_time: float,
    skew_s: float | None = SKEW_S,
    strict: bool = False,
    schemes: Collection[Scheme | TokenScheme] = (Scheme.BASIC, Scheme.SIGNED),
    api_name: str = "Voice API",
) -> Application:
    """Returns who sends this request, or raises ``SenderRefused`` with 401/40100, 40101, 40102, 40108 or 403/40301.

    ``applications`` are by ``normalise_key``. ``wall_time`` is real seconds since 1970; with ``skew_s`` None a
    timestamp of any age will do. ``strict`` takes a signature over the raw path only; without it also what the Java SDK
    signs (the decoded path) and the .NET SDK (path and query). Only these ``schemes`` are taken, by a product that
    people call ``api_name``; tokens are not looked at here.
    """
    scheme, rest = _authorization(request)
    if scheme == "basic" and Scheme.BASIC in schemes:
        return _by_password(rest, applications)
    if scheme == "application" and Scheme.KEY_ONLY in schemes and rest.isprintable() and ":" not in rest:
        return _by_key(rest, applications)
    if scheme == "application" and Scheme.SIGNED in schemes:
        return _by_signature(rest, request, applications, wall_time, skew_s, strict)
    raise _wrong_scheme(scheme, api_name)


def _authorization(request: SignedRequest) -> tuple[str, str]:
    """Returns the scheme, in lower case, and the credentials; refused with 40100 when there is no such pair."""
    values = request.header_values("authorization")
    if len(values) != 1:
        what = f"There are {len(values)} Authorization headers." if values else "There is no Authorization header."
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MISSING" if not values else "AUTH_MALFORMED", what, _EXPECTED)
    return _scheme_and_credentials(values[0])


@lru_cache(maxsize=256)
def _scheme_and_credentials(header: str) -> tuple[str, str]:
    """Clients repeat the same header with every request; what is remembered is only what the text says."""
    if len(header) > _LONGEST_HEADER or not (header.isascii() and header.isprintable()):
        why = "has a character that is not printable ASCII" if len(header) <= _LONGEST_HEADER else "is too long"
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MALFORMED", f"The Authorization header {why}.", _EXPECTED)
    scheme, _, rest = header.strip().partition(" ")
    scheme, rest = scheme.lower(), rest.strip()
    if scheme.endswith(":"):
        hint = "Write 'Basic ' without a colon; one old page prints it with one." if scheme == "basic:" else _EXPECTED
        message = "There is a colon after the authorization scheme."
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MALFORMED", message, hint)
    if not scheme or not rest or not _SCHEME_CHARACTERS.issuperset(scheme):
        message = "The Authorization header is not a scheme and credentials."
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MALFORMED", message, _EXPECTED)
    return scheme, rest


def _by_password(encoded: str, applications: Mapping[str, Application]) -> Application:
    credentials = _read_basic(encoded)
    if credentials is None:
        message = "The Basic credentials are not base64 of KEY:SECRET."
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MALFORMED", message, "Expected 'Basic base64(KEY:SECRET)'.")
    key, normalised, password = credentials
    application = applications.get(normalised)
    if application is None:
        raise _unknown_key(key)
    if not same_text(application.secret, password):
        message = f"The password is not the secret of application {application.key}."
        hint = "The password is the application secret as the dashboard shows it: base64 text, not decoded."
        raise _refusal(ErrorCode.INVALID_CREDENTIALS, "AUTH_WRONG_SECRET", message, hint)
    return application


def _by_key(key: str, applications: Mapping[str, Application]) -> Application:
    application = applications.get(normalise_key(key))
    if application is None:
        raise _unknown_key(key)
    return application


@lru_cache(maxsize=256)
def _read_basic(encoded: str) -> tuple[str, str, str] | None:
    """Returns key, normalised key and password; a secret has no colon, a user name may be ``application:KEY``.

    What is remembered is only what the text says, not whether it is right, so changed credentials need no forgetting.
    """
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8")
    except ValueError:
        return None
    user, colon, password = text.rpartition(":")
    key = _WORD_BEFORE_KEY.sub("", user)
    return (key, normalise_key(key), password) if colon and key else None


def _by_signature(
    text: str,
    request: SignedRequest,
    applications: Mapping[str, Application],
    wall_time: float,
    skew_s: float | None,
    strict: bool,
) -> Application:
    key, signature = _signed_credentials(text)
    application = applications.get(normalise_key(key))
    if application is None:
        raise _unknown_key(key)
    timestamp = _timestamp(request, wall_time, skew_s)
    try:
        secret = decode_secret(application.secret)
    except ValueError as error:
        # Only an application that was configured with such a secret gets here; nobody can sign for it.
        message = f"The configured secret of {application.key} cannot sign: {error}."
        raise _refusal(
            ErrorCode.INVALID_SIGNATURE, "AUTH_SECRET_NOT_BASE64", message, "Configure a base64 secret."
        ) from error
    content_type = request.header("content-type")
    paths = (request.raw_path,) if strict else path_variants(request.raw_path, request.query)
    if fits_a_path(
        signature,
        secret,
        paths,
        method=request.method,
        body=request.body,
        content_type=content_type,
        timestamp=timestamp,
    ):
        return application
    # What explains a mistake is loaded when there is one.
    from sinch_simulator.server.security.explain_signature import explain_signature
    from sinch_simulator.server.security.signature_mistakes import SignedParts

    parts = SignedParts(
        method=request.method,
        body=request.body,
        content_type=content_type,
        timestamp=timestamp,
        path=request.raw_path,
        query=request.query,
        host=request.header("host"),
    )
    raise _refused(ErrorCode.INVALID_SIGNATURE, explain_signature(application.secret, signature, parts))


def _signed_credentials(text: str) -> tuple[str, str]:
    if ":" not in text and " " not in text:
        message = f"'Application {text[:60]}' has no signature: the public form is for verification only."
        hint = "Expected 'Application KEY:SIGNATURE'."
        raise _refusal(ErrorCode.INVALID_SCHEME, "AUTH_PUBLIC_KEY_ONLY", message, hint)
    credentials = split_credentials(text)
    if credentials is None:
        message = "The credentials are not KEY:SIGNATURE."
        hint = "Expected 'Application KEY:SIGNATURE', without a space at the colon."
        raise _refusal(ErrorCode.NO_AUTHORIZATION, "AUTH_MALFORMED", message, hint)
    return credentials


def _timestamp(request: SignedRequest, wall_time: float, skew_s: float | None) -> str:
    from sinch_simulator.server.security.explain_signature import explain_timestamp

    values = request.header_values("x-timestamp")
    if len(values) > 1:
        message = f"There are {len(values)} x-timestamp headers."
        raise _refusal(ErrorCode.BAD_TIMESTAMP, "AUTH_TIMESTAMP_UNREADABLE", message, "Send one.")
    timestamp = values[0] if values else ""
    wrong = explain_timestamp(timestamp, wall_time, skew_s)
    if wrong is not None:
        raise _refused(ErrorCode.BAD_TIMESTAMP, (wrong,))
    return timestamp


def claimed_key(authorization: str) -> str | None:
    """Returns the key of whom a refused request claims to come from, None when there is none to be read.

    It proves nothing: it serves to put the findings where the developer of that application looks.
    """
    scheme, _, rest = authorization.strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "basic":
        credentials = _read_basic(rest)
        return None if credentials is None else credentials[0]
    if scheme.lower() != "application":
        return None
    return rest.partition(":")[0] or None


def _unknown_key(key: str) -> SenderRefused:
    message = f"There is no application with the key {key[:60]!r}."
    hint = (
        "Use the key of an application of this simulator, or make this one known to it: "
        "sinch-simulator exec --application KEY:SECRET -- COMMAND, or start --application KEY:SECRET. "
        "Project access keys are another kind of key."
    )
    return _refusal(ErrorCode.INVALID_CREDENTIALS, "AUTH_UNKNOWN_KEY", message, hint)


def _wrong_scheme(scheme: str, api_name: str) -> SenderRefused:
    if scheme == "bearer":
        message = f"The {api_name} takes no Bearer token."
        hint = "Project access keys and OAuth2 tokens are for other products; use the application key and secret."
        return _refusal(ErrorCode.INVALID_SCHEME, "AUTH_PROJECT_KEY", message, hint)
    message = f"The {api_name} does not take the authorization scheme {scheme[:30]!r}."
    return _refusal(ErrorCode.INVALID_SCHEME, "AUTH_SCHEME", message, _EXPECTED)


def _refusal(code: ErrorCode, diagnostic: str, message: str, hint: str) -> SenderRefused:
    path = "x-timestamp" if code is ErrorCode.BAD_TIMESTAMP else "Authorization"
    finding = Diagnostic(code=diagnostic, severity=Severity.ERROR, path=path, message=message, hint=hint)
    return _refused(code, (finding,))


def _refused(code: ErrorCode, diagnostics: tuple[Diagnostic, ...]) -> SenderRefused:
    return SenderRefused(code, _MESSAGES[code], diagnostics)
