"""Finds out whose project, or whose service plan, sends a request: OAuth2 tokens, access keys, API tokens.

Source: docs/platform/oauth.md#1, #4 and #6.

A product asks for these schemes on its page. Where the path names a project its parameter is called ``projectId``, and
where it names a service plan or a project ``servicePlanId``: credentials of another one are refused with 403. The
request is then one of the project's default service (``Directory.acting_for``), or of the plan's application.
"""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ErrorCode, SenderRefused
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.project import Project
from sinch_simulator.core.rest.platform_request import TokenScheme
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.signing import same_text

PROJECT = "projectId"
PLAN_OR_PROJECT = "servicePlanId"

_FETCH_ONE = "Get one: POST /oauth2/token of this simulator, with Basic base64(KEY_ID:KEY_SECRET)."
_CHALLENGE = 'Bearer realm="Sinch"'
_EXPIRED = f'{_CHALLENGE}, error="invalid_token", error_description="The access token expired"'
_NOT_VALID = f'{_CHALLENGE}, error="invalid_token", error_description="The access token is not valid"'
_ELSEWHERE = f'{_CHALLENGE}, error="insufficient_scope", error_description="Not allowed for this project"'


def by_token(token: str, path: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns the default service of the project whose OAuth2 token this is.

    Raises ``SenderRefused``: 401 for a token that has ended or never was, 403 for one of another project.
    """
    project_id = _project_id_in(token)
    project = None if project_id is None else worlds.directory.projects.get(project_id)
    application = None if project is None else worlds.directory.acting_for(project)
    until = None if project is None else project.tokens.get(token)
    if project is None or application is None or until is None:
        if project_id is None:
            what, hint = "AUTH_TOKEN_UNREADABLE", f"The Bearer token is no OAuth2 token. {_FETCH_ONE}"
        else:
            what = "AUTH_TOKEN_UNKNOWN"
            hint = f"This simulator has not issued the token, or it was reset or revoked since. {_FETCH_ONE}"
        raise _refused(what, "The access token is not valid.", hint, application, header=_NOT_VALID)
    if worlds.simulation_of(application).now >= until:
        hint = "SDKs get a new one when they see this answer. Tokens live on the simulated clock (tokenLifetime)."
        raise _refused("AUTH_TOKEN_EXPIRED", "The access token expired.", hint, application, header=_EXPIRED)
    _refuse_other_project(project, path.get(PROJECT), application)
    return application


def by_access_key(encoded: str, path: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns the default service of the project whose access key this is, ``base64(KEY_ID:KEY_SECRET)``.

    Raises ``SenderRefused``: 401 for no such key, 403 for one of another project.
    """
    key_id, colon, secret = _read_basic(encoded).partition(":")
    if not colon:
        raise missing_access("Basic")
    project = project_of_access_key(key_id, secret, worlds)
    application = worlds.directory.acting_for(project)
    _refuse_other_project(project, path.get(PROJECT), application)
    return application


def project_of_access_key(key_id: str, secret: str, worlds: SimulatedWorlds) -> Project:
    """Returns the project of an access key. Raises ``SenderRefused`` with 401, and says which half is wrong."""
    project = worlds.directory.projects_by_key_id.get(key_id)
    if project is None:
        application = worlds.application(key_id)
        if application is not None:
            hint = "This is an application key. Here the access key of a project is due: key id and key secret."
            raise _refused("AUTH_APPLICATION_KEY", f"{key_id} is no access key.", hint, application)
        hint = (
            "Use keyId and keySecret of an application of this simulator (GET /_simulator/applications), or make yours "
            "known to it: start --project PROJECT:KEYID:KEYSECRET, or exec with the same flag."
        )
        raise _refused("AUTH_UNKNOWN_KEY_ID", f"There is no access key with the id {key_id[:60]!r}.", hint)
    if not same_text(project.key_secret, secret):
        message = f"The password is not the secret of access key {key_id}."
        hint = "It is the field keySecret of its application."
        raise _refused("AUTH_WRONG_KEY_SECRET", message, hint, worlds.directory.acting_for(project))
    return project


def by_plan_or_project(token: str, path: Mapping[str, str], worlds: SimulatedWorlds) -> Application:
    """Returns the application of a service plan whose API token this is, or the default service of a token's project.

    Raises ``SenderRefused`` as ``by_token`` does, and 401 for a wrong API token.
    """
    id_ = path[PLAN_OR_PROJECT]
    application = worlds.directory.applications_by_plan.get(id_)
    if application is None:
        if _project_id_in(token) is None and id_ not in worlds.directory.projects:
            hint = (
                "Use servicePlanId and apiToken of an application of this simulator (GET /_simulator/applications), or "
                "make yours known to it: exec --service-plan PLAN:TOKEN -- COMMAND, or start --service-plan PLAN:TOKEN."
            )
            message = f"There is no service plan, and no project, {id_[:60]!r}."
            raise _refused("AUTH_UNKNOWN_PLAN", message, hint, header=_NOT_VALID)
        return by_token(token, {PROJECT: id_}, worlds)
    if same_text(application.api_token, token):
        return application
    if _project_id_in(token) is not None:
        hint = "A service plan takes its API token (field apiToken). OAuth2 tokens are for the project id in its place."
        raise _refused("AUTH_TOKEN_FOR_PLAN", f"{id_} is a service plan.", hint, application, header=_NOT_VALID)
    message = f"The Bearer token is not that of service plan {id_}."
    hint = "It is the field apiToken of its application."
    raise _refused("AUTH_WRONG_API_TOKEN", message, hint, application, header=_NOT_VALID)


def missing_access(authorization: str) -> SenderRefused:
    """Refuses a request without credentials that such a product takes; ``authorization`` is the header, or empty."""
    scheme = authorization.partition(" ")[0][:30]
    if not authorization:
        return _refused("AUTH_MISSING", "There is no Authorization header.", f"Expected 'Bearer TOKEN'. {_FETCH_ONE}")
    if scheme.lower() == "application":
        hint = f"Application key and secret are for Voice v1, Verification and classic SMS. {_FETCH_ONE}"
        return _refused("AUTH_APPLICATION_KEY", "A signed request is not taken here.", hint)
    return _of_another_scheme(scheme, f"Expected 'Bearer TOKEN'. {_FETCH_ONE}")


def missing_plan_access(authorization: str) -> SenderRefused:
    """Refuses a request of a service plan without its API token; ``authorization`` is the header, or empty."""
    scheme = authorization.partition(" ")[0][:30]
    hint = (
        "Expected 'Authorization: Bearer API_TOKEN' with the API token of the service plan (field apiToken); with a "
        "project id in place of the plan, an OAuth2 token."
    )
    if not authorization:
        return _refused("AUTH_MISSING", "There is no Authorization header.", hint)
    if scheme.lower() == "application":
        return missing_access(authorization)
    return _of_another_scheme(scheme, hint)


def _of_another_scheme(scheme: str, hint: str) -> SenderRefused:
    return _refused("AUTH_MALFORMED", f"The credentials of the scheme {scheme!r} are not taken here.", hint)


def _refuse_other_project(project: Project, wanted: str | None, application: Application) -> None:
    if wanted is not None and wanted != project.id:
        message = f"The credentials are those of project {project.id}, and the path names {wanted[:60]!r}."
        finding = _finding("AUTH_OTHER_PROJECT", message, "Use the project id that goes with the access key.")
        headers = {"WWW-Authenticate": _ELSEWHERE}
        raise SenderRefused(ErrorCode.OTHER_PROJECT, message, (finding,), claimed=application, headers=headers)


def _refused(
    code: str, message: str, hint: str, claimed: Application | None = None, *, header: str = _CHALLENGE
) -> SenderRefused:
    headers = {"WWW-Authenticate": header}
    finding = _finding(code, message, hint)
    error = ErrorCode.INVALID_CREDENTIALS
    return SenderRefused(error, message, (finding,), claimed=claimed, headers=headers)


def _finding(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, "Authorization", message, hint)


@lru_cache(maxsize=256)
def _project_id_in(token: str) -> str | None:
    """Returns the project that an OAuth2 token says it is of; None for what is no such token. It proves nothing."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, NotJsonError):
        return None
    project_id = claims.get("project_id") if isinstance(claims, dict) else None
    return project_id if isinstance(project_id, str) else None


@lru_cache(maxsize=256)
def _read_basic(encoded: str) -> str:
    """Returns the text in Basic credentials, "" when there is none. What is remembered is only what they say."""
    try:
        return binascii.a2b_base64(encoded, strict_mode=True).decode()
    except ValueError:
        return ""


TOKEN = TokenScheme("bearer", by_token, missing_access)
"""An OAuth2 token of a project."""
ACCESS_KEY = TokenScheme("basic", by_access_key, missing_access)
"""Basic with the access key of a project."""
PROJECT_ACCESS = (TOKEN, ACCESS_KEY)
"""What Numbers and Voice v2 take."""
PLAN_OR_PROJECT_TOKEN = TokenScheme("bearer", by_plan_or_project, missing_plan_access)
"""What SMS takes: the API token of the service plan in the path, or an OAuth2 token of the project in its place."""
