"""What a simulator is started with, checked: every mistake is a ConfigError of one line that says what would be right.

It reads texts, not the environment and not files: the command line does that.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve, field

from sinch_simulator.core.allowed_hosts import AllowedHosts, NotAllowed, read_pattern
from sinch_simulator.core.application import DEFAULT_NUMBER as DEFAULT_NUMBER
from sinch_simulator.core.application import Application, CallbackStyle
from sinch_simulator.core.application_settings import (
    BehaviorKind,
    CallBehavior,
    Protocol,
    ServiceSettings,
    SmsSettings,
    VerificationAuth,
    VerificationSettings,
)
from sinch_simulator.core.project import CustomerAccount
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.schema.shapes import Field, Findings
from sinch_simulator.core.schema.texts import (
    E164,
    AccessKeyId,
    ApiToken,
    ApplicationKey,
    PathId,
    Secret,
    Url,
    VisibleSecret,
)
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.sinch_hosts import is_sinch_host
from sinch_simulator.core.values import frozen

DEFAULT_PORT = 7462
DEFAULT_KEY = "00000000-0000-4000-8000-000000007462"
DEFAULT_SECRET = "c2luY2gtc2ltdWxhdG9yIQ=="
DEFAULT_PROJECT = (
    "00000000-0000-4000-8000-000000007463",
    "00000000-0000-4000-8000-000000007464",
    "sinch-simulator-key-secret",
)
"""Project id, key id and key secret of the default application."""
DEFAULT_SERVICE_PLAN = ("51630000000000000000000000007462", "51630000000000000000000000000001")
"""Service plan id and API token of the default application."""
DEFAULT_ACCOUNT = ("simulator@example.com", "sinch-simulator", "7462")
"""E-mail address, password and organisation of the default application's account."""
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,200}")


class ConfigError(ValueError):
    """A setting that cannot be: one line for a person, naming the setting."""


class ClockMode(Enum):
    """Who moves simulated time: the wall clock, the user, or the simulator itself whenever nothing is under way."""

    REALTIME = "realtime"
    MANUAL = "manual"
    AUTO = "auto"


class LogFormat(Enum):
    """How log lines look on stderr."""

    TEXT = "text"
    JSON = "json"


@frozen
class ApplicationConfig:
    """An application as the command line names it; it lives in the world ``default``.

    What is None is generated from the seed. Without anything said it is the default application.
    """

    key: str = DEFAULT_KEY
    secret: str = DEFAULT_SECRET
    numbers: tuple[str, ...] = ()
    callback_url: str | None = None
    fallback_url: str | None = None
    callback_style: CallbackStyle = CallbackStyle.SINGLE
    project: tuple[str, str, str] | None = DEFAULT_PROJECT
    """Project id, key id and key secret."""
    service_plan: tuple[str, str] | None = DEFAULT_SERVICE_PLAN
    """Service plan id and API token."""
    account: tuple[str, str, str] | None = DEFAULT_ACCOUNT
    """E-mail address, password and organisation id."""
    verification_callback_url: str | None = None
    verification_auth: VerificationAuth = VerificationAuth.PUBLIC
    sms_callback_url: str | None = None
    classic_sms_callback_url: str | None = None
    webhook_url: str | None = None
    """Decides about calls of Voice v2 that come in; None: they are turned away."""
    webhook_fallback_url: str | None = None
    protocol: Protocol = Protocol.AUTO

    def application(self, seed: int) -> Application:
        """Makes the application; what it does not say follows from the seed and the key."""
        made = Application.generated(self.key, self.secret, seed)
        made.numbers = list(self.numbers)
        made.callback_url, made.fallback_url = self.callback_url, self.fallback_url
        made.callback_style = self.callback_style
        if self.project is not None:
            made.project.id, made.project.key_id, made.project.key_secret = self.project
        if self.account is not None:
            made.project.account = CustomerAccount(*self.account)
        if self.service_plan is not None:
            made.service_plan_id, made.api_token = self.service_plan
        made.verification = VerificationSettings(self.verification_callback_url, self.verification_auth)
        made.sms = SmsSettings(self.sms_callback_url, self.classic_sms_callback_url)
        behavior = CallBehavior()
        if self.webhook_url is not None:
            behavior = CallBehavior(BehaviorKind.WEBHOOK, self.webhook_url, self.webhook_fallback_url)
        made.service = ServiceSettings(made.service.name, behavior, self.protocol)
        return made


@frozen
class ServerConfig:
    """Everything a server needs to know before it starts.

    Port 0 takes a free one. The first application is the default one. ``speed`` is simulated seconds per real second,
    under the realtime clock only. ``callback_timeout_s`` is real seconds.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    applications: tuple[ApplicationConfig, ...] = field(default=(ApplicationConfig(numbers=(DEFAULT_NUMBER,)),))
    clock: ClockMode = ClockMode.REALTIME
    speed: float = 1.0
    callback_timeout_s: float = 5.0
    seed: int = 0
    scenario_files: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    """Patterns of hosts that may be contacted, beside this machine and where the user lets callbacks go."""
    s3_endpoint: str | None = None
    """Where recordings for ``s3://`` go; None for nowhere: their delivery is simulated."""
    azure_endpoint: str | None = None
    control_token: str | None = None
    """Asked of control requests; None: of nobody, or one that is made where other machines can reach the server."""
    log_format: LogFormat = LogFormat.TEXT
    keep_calls: int | None = None
    """How many finished calls each world keeps, with their journal; None for all."""
    ca_file: str | None = None
    """A PEM file whose certificates are trusted in addition to those of this machine."""
    begins_at_ms: int | None = None
    """Unix milliseconds at which simulated clocks begin; None: now under the realtime clock, else a fixed moment."""

    def __attrs_post_init__(self) -> None:
        check_seconds("--callback-timeout", self.callback_timeout_s)
        check_seconds("--speed", self.speed)
        if self.speed != 1.0 and self.clock is not ClockMode.REALTIME:
            raise ConfigError(f"--speed: only the realtime clock has a speed, and the clock is {self.clock.value}")
        refuse_hosts(self.allow_hosts)
        if self.control_token is not None and not _TOKEN.fullmatch(self.control_token):
            raise ConfigError("--control-token: expected 8 to 200 letters, digits, or any of - . _ ~")
        allowed = AllowedHosts(self.allow_hosts)
        for setting, url in (("--s3-endpoint", self.s3_endpoint), ("--azure-endpoint", self.azure_endpoint)):
            if url is not None:
                _refuse_endpoint(setting, url, allowed)
        keys = [application.key for application in self.applications]
        for key in keys:
            if keys.count(key) > 1:
                raise ConfigError(f"--application: the key {key} is given twice")


def read_time(text: str, setting: str) -> int:
    """Reads a moment from 1970 on, as Unix milliseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        moment = datetime.min
    if moment.tzinfo is None or moment.timestamp() < 0:
        right = "an ISO 8601 time with zone, from 1970 on, as in 2026-06-01T09:00:00Z"
        raise ConfigError(f"{setting}: expected {right}, and got {shown(text)}")
    return round(moment.timestamp() * 1000)


def refuse_hosts(patterns: Sequence[str], setting: str = "--allow-host") -> None:
    """Refuses what names no hosts that may be allowed."""
    for pattern in patterns:
        if read_pattern(pattern) != pattern:
            right = "a host or an address, * for any characters, without scheme, port and path, as in *.example.com"
            raise ConfigError(f"{setting}: expected {right}, and got {shown(pattern)}")
        if is_sinch_host(pattern.removeprefix("*.")):
            raise ConfigError(f"{setting}: {pattern}: hosts of Sinch are never contacted, whatever is allowed")


def _refuse_endpoint(setting: str, url: str, allowed: AllowedHosts) -> None:
    host = urlsplit(read_url(url, setting)).hostname or ""
    try:
        allowed.check_name(host, given=False)
    except NotAllowed as refusal:
        raise ConfigError(f"{setting}: {refusal}. {refusal.hint}") from None


def read_credentials(text: str, setting: str = "--application") -> tuple[str, str]:
    """Reads ``KEY:SECRET``, split at the first colon; the secret is base64 text (docs/platform/auth.md#1)."""
    key, colon, secret = text.partition(":")
    if not colon:
        raise ConfigError(f"{setting}: expected KEY:SECRET, and {shown(text)} has no colon")
    return read_key(key, setting), read_secret(secret, setting)


def read_key(text: str, setting: str) -> str:
    """Reads an application key: visible ASCII without a colon."""
    value: str = _read(ApplicationKey(), text, setting)
    return value


def read_secret(text: str, setting: str) -> str:
    """Reads an application secret: base64 text in either alphabet, with or without padding. No error shows it."""
    value: str = _read(Secret(), text, setting)
    return value


def read_number(text: str, setting: str = "--number") -> str:
    """Reads a phone number in E.164 form with its plus sign."""
    value: str = _read(_NUMBER, text, setting)
    return value


def read_url(text: str, setting: str) -> str:
    """Reads an absolute http or https URL."""
    value: str = _read(Url(), text, setting)
    return value


_NUMBER = BoundedText(pattern=E164, phrase="an E.164 number", right=f"+ and 4 to 15 digits, as in {DEFAULT_NUMBER}")


def _read(item: Field, value: object, setting: str) -> Any:
    """Reads the value of a setting. Raises ``ConfigError``."""
    findings = Findings()
    read: Any = item.read(setting, value, "", findings)
    error = findings.first_error
    if error is not None:
        raise ConfigError(f"{error.path}: {error.message}; {error.hint}")
    return read


def check_seconds(setting: str, value: float) -> None:
    """Refuses what is not a positive, finite number."""
    if not (math.isfinite(value) and value > 0):
        raise ConfigError(f"{setting}: expected a number above 0, got {value}")


# ---- the applications of the flags and of the environment

_PROJECT = (PathId(), AccessKeyId(), VisibleSecret())
_SERVICE_PLAN = (PathId(), ApiToken())
_PROJECT_FIELDS = ("projectId", "keyId", "keySecret")
_SERVICE_PLAN_FIELDS = ("servicePlanId", "apiToken")
_PROJECT_VARIABLES = ("SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET")
_SERVICE_PLAN_VARIABLES = ("SINCH_SERVICE_PLAN_ID", "SINCH_API_TOKEN")


def read_applications(
    pairs: Sequence[str],
    environment: Mapping[str, str],
    *,
    numbers: Sequence[str] = (),
    project: str | None = None,
    service_plan: str | None = None,
    callback_style: str = CallbackStyle.SINGLE.value,
    verification_auth: str = VerificationAuth.PUBLIC.value,
    protocol: str = Protocol.AUTO.value,
    **urls: str | None,
) -> tuple[ApplicationConfig, ...]:
    """Reads the applications of the flags: the first is the default one, and all but ``pairs`` is about it.

    What the environment says counts where no flag does. ``urls`` are by the names of ``ApplicationConfig``.
    """
    credentials = read_all_credentials(pairs, environment) or [(DEFAULT_KEY, DEFAULT_SECRET)]
    read_urls: dict[str, Any] = {
        name: read_url(url, "--" + name.replace("_", "-")) for name, url in urls.items() if url is not None
    }
    if "webhook_fallback_url" in read_urls and "webhook_url" not in read_urls:
        raise ConfigError("--webhook-fallback-url: it goes with --webhook-url, which is missing")
    default = ApplicationConfig(
        key=credentials[0][0],
        secret=credentials[0][1],
        numbers=tuple(dict.fromkeys(read_number(number) for number in numbers)) or (DEFAULT_NUMBER,),
        callback_style=CallbackStyle(callback_style),
        project=read_project(project) if project is not None else _project_of(environment),
        service_plan=read_service_plan(service_plan) if service_plan is not None else _service_plan_of(environment),
        verification_auth=VerificationAuth(verification_auth),
        protocol=Protocol(protocol),
    )
    others = (
        ApplicationConfig(key=key, secret=secret, project=None, service_plan=None, account=None)
        for key, secret in credentials[1:]
    )
    return (evolve(default, **read_urls), *others)


def read_all_credentials(pairs: Sequence[str], environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Reads key and secret of every ``--application``, else of the environment; nothing when neither has any."""
    if pairs:
        return [read_credentials(pair) for pair in pairs]
    key, secret = environment.get("SINCH_APPLICATION_KEY"), environment.get("SINCH_APPLICATION_SECRET")
    if not key and not secret:
        return []
    if not key or not secret:
        there, missing = ("KEY", "SECRET") if key else ("SECRET", "KEY")
        raise ConfigError(f"SINCH_APPLICATION_{missing}: not set, but SINCH_APPLICATION_{there} is; set both or none")
    return [(read_key(key, "SINCH_APPLICATION_KEY"), read_secret(secret, "SINCH_APPLICATION_SECRET"))]


def read_project(text: str, setting: str = "--project") -> tuple[str, str, str]:
    """Reads ``PROJECT:KEYID:KEYSECRET``; the secret may have colons."""
    parts = text.split(":", 2)
    if len(parts) != len(_PROJECT):
        raise ConfigError(f"{setting}: expected PROJECT:KEYID:KEYSECRET, and got {len(parts) - 1} colons")
    id_, key_id, secret = (_read(item, part, setting) for item, part in zip(_PROJECT, parts, strict=True))
    return id_, key_id, secret


def read_service_plan(text: str, setting: str = "--service-plan") -> tuple[str, str]:
    """Reads ``PLAN:TOKEN``."""
    parts = text.split(":", 1)
    if len(parts) != len(_SERVICE_PLAN):
        raise ConfigError(f"{setting}: expected PLAN:TOKEN, and {shown(text)} has no colon")
    plan_id, token = (_read(item, part, setting) for item, part in zip(_SERVICE_PLAN, parts, strict=True))
    return plan_id, token


def read_other_credentials(
    project: str | None, service_plan: str | None, environment: Mapping[str, str]
) -> dict[str, str]:
    """Reads what the flags, else the environment, say of project and service plan, in the words of the control API."""
    said = {
        field_name: _read(item, environment[variable], variable)
        for variables, items, names in (
            (_PROJECT_VARIABLES, _PROJECT, _PROJECT_FIELDS),
            (_SERVICE_PLAN_VARIABLES, _SERVICE_PLAN, _SERVICE_PLAN_FIELDS),
        )
        for variable, item, field_name in zip(variables, items, names, strict=True)
        if environment.get(variable)
    }
    if project is not None:
        said |= zip(_PROJECT_FIELDS, read_project(project), strict=True)
    if service_plan is not None:
        said |= zip(_SERVICE_PLAN_FIELDS, read_service_plan(service_plan), strict=True)
    return said


def _project_of(environment: Mapping[str, str]) -> tuple[str, str, str]:
    """Reads project id, key id and key secret; each that is not set is the default application's."""
    id_, key_id, secret = _of_environment(_PROJECT_VARIABLES, _PROJECT, environment, DEFAULT_PROJECT)
    return id_, key_id, secret


def _service_plan_of(environment: Mapping[str, str]) -> tuple[str, str]:
    """Reads service plan id and API token; each that is not set is the default application's."""
    plan_id, token = _of_environment(_SERVICE_PLAN_VARIABLES, _SERVICE_PLAN, environment, DEFAULT_SERVICE_PLAN)
    return plan_id, token


def _of_environment(
    variables: Sequence[str], items: Sequence[Field], environment: Mapping[str, str], defaults: Sequence[str]
) -> list[str]:
    return [
        _read(item, environment.get(name) or default, name)
        for name, item, default in zip(variables, items, defaults, strict=True)
    ]
