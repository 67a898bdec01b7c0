"""Issues and revokes OAuth2 tokens for whoever has the access key of a project (docs/platform/oauth.md#2 and #3)."""

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from urllib.parse import parse_qsl

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode, SenderRefused
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.project import Project
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest, Scheme, TokenScheme
from sinch_simulator.core.rest.project_access import by_access_key, project_of_access_key
from sinch_simulator.server.oauth2.errors import GrantRefused

GRANT = "client_credentials"
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20
_WITHOUT_CACHE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_EXPECTED = "Send Basic base64(KEY_ID:KEY_SECRET): the fields keyId and keySecret of an application."


def post_token(request: PlatformRequest) -> Answer:
    """Issues a token. One is good for every product of the project; ``scope`` is not looked at."""
    form = _form(request)
    project = _client(request, form)
    grant = form.get("grant_type")
    if grant is None:
        raise _wrong("grant_type is missing", f"Send grant_type={GRANT}.")
    if grant != GRANT:
        text = f"grant_type {grant[:40]!r} is not supported"
        raise GrantRefused(ErrorCode.INVALID_REQUEST, text, hint=f"Send grant_type={GRANT}.", path="grant_type")
    token = _new_token(project, request.base_url)
    application = request.worlds.directory.acting_for(project)
    project.keep_token(token, request.worlds.simulation_of(application).now)
    issued = {"access_token": token, "token_type": "bearer", "expires_in": project.token_lifetime_s, "scope": ""}
    return json_answer(issued, headers=_WITHOUT_CACHE)


def post_revocation(request: PlatformRequest) -> Answer:
    """Ends a token of the client's project; what is no such token is answered alike (RFC 7009)."""
    form = _form(request)
    project = _client(request, form)
    token = form.get("token")
    if token is None:
        raise _wrong("token is missing", "Send token=ACCESS_TOKEN.")
    project.tokens.pop(token, None)
    return Answer(200, headers=_WITHOUT_CACHE)


def _form(request: PlatformRequest) -> Mapping[str, str]:
    """Reads the fields of the body."""
    type_ = request.headers.get("Content-Type", _FORM).partition(";")[0].strip().lower()
    if type_ != _FORM:
        raise _wrong(f"the body is {type_[:60]!r}", f"Send a form: Content-Type: {_FORM}.")
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise _wrong("the form cannot be read", f"Send grant_type={GRANT}.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _wrong("a field is given twice", "Give each once.")
    return form


def _client(request: PlatformRequest, form: Mapping[str, str]) -> Project:
    """Returns whose access key the request has, in its header or in the form."""
    if request.headers.get("Authorization"):
        return request.application.project
    if "client_id" in form:
        return project_of_access_key(form["client_id"], form.get("client_secret", ""), request.worlds)
    raise _no_client("")


def _no_client(authorization: str) -> SenderRefused:
    """Refuses a request without an access key; ``authorization`` is its header, or empty."""
    scheme = authorization.partition(" ")[0][:30]
    message = f"Credentials of the scheme {scheme!r} are not taken here." if scheme else "There is no access key."
    code = "AUTH_MALFORMED" if scheme else "AUTH_MISSING"
    finding = Diagnostic(code, Severity.ERROR, "Authorization", message, _EXPECTED)
    return SenderRefused(ErrorCode.INVALID_CREDENTIALS, "Unauthorized", (finding,))


def _wrong(message: str, hint: str) -> ApiError:
    return ApiError(ErrorCode.INVALID_REQUEST, message, hint=hint)


def _new_token(project: Project, issuer: str) -> str:
    """Makes a JWT. Its times are wall time, because SDKs compare them with their own clock.

    Whether it is good is not read from it: the project knows its tokens.
    """
    now = int(time.time())
    claims = {
        "iss": issuer,
        "sub": project.key_id,
        "client_id": project.key_id,
        "project_id": project.id,
        "iat": now,
        "exp": now + project.token_lifetime_s,
        "jti": secrets.token_hex(16),
    }
    signed = f"{_encoded(encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'simulator'}))}.{_encoded(encode(claims))}"
    return f"{signed}.{_encoded(hmac.digest(_signing_secret(), signed.encode(), sha256))}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@cache
def _signing_secret() -> bytes:
    return secrets.token_bytes(32)


_SCHEMES = (TokenScheme("basic", by_access_key, _no_client), Scheme.NOBODY)
ENDPOINTS = (
    PlatformEndpoint("POST", "/token", post_token, "issues a token", schemes=_SCHEMES),
    PlatformEndpoint("POST", "/revoke", post_revocation, "revokes a token", schemes=_SCHEMES),
)
