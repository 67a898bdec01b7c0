"""Writes what a request to the control API says about an application into a copy of it, which is checked and then kept.

So what is refused changes nothing.
"""

from copy import copy

from attrs import evolve, fields

from sinch_simulator.core.application import Application, CallbackStyle
from sinch_simulator.core.application_settings import (
    BehaviorKind,
    CallBehavior,
    Protocol,
    Provisioning,
    ServiceSettings,
    SmsSettings,
    VerificationAuth,
    VerificationSettings,
)
from sinch_simulator.core.limits import Limits
from sinch_simulator.core.prices import UNITS_PER_DOLLAR
from sinch_simulator.core.project import Project
from sinch_simulator.core.schema.shapes import ABSENT, Values

_URLS = ("callbackUrl", "fallbackUrl", "verificationCallbackUrl", "smsCallbackUrl", "classicSmsCallbackUrl")


def changed(application: Application, body: Values) -> Application:
    """Returns a copy with the settings that the body names; its project is the same as before."""
    copied = copy(application)
    copied.secret = body["secret"] or application.secret
    copied.callback_url = _given(body["callbackUrl"], application.callback_url)
    copied.fallback_url = _given(body["fallbackUrl"], application.fallback_url)
    if body["callbackStyle"] is not None:
        copied.callback_style = CallbackStyle(body["callbackStyle"])
    if body["numbers"] not in (ABSENT, None):
        copied.numbers = list(dict.fromkeys(body["numbers"]))
    copied.api_token = body["apiToken"] or application.api_token
    copied.limits = _limits(body, application.limits)
    copied.service = _service(body, application.service)
    copied.verification = _verification(body, application.verification)
    copied.sms = _sms(body, application.sms)
    copied.provisioning = _provisioning(body.object("provisioning"), application.provisioning)
    return copied


def changed_project(project: Project, body: Values) -> Project:
    """Returns a copy with the settings of the project that the body names."""
    copied = copy(project)
    copied.key_secret = body["keySecret"] or project.key_secret
    copied.token_lifetime_s = body["tokenLifetime"] or project.token_lifetime_s
    account = body.object("account")
    if account is not None:
        copied.account = evolve(
            project.account,
            email=account["email"] or project.account.email,
            password=account["password"] or project.account.password,
            organisation_id=account["organisationId"] or project.account.organisation_id,
        )
    return copied


def urls_in(body: Values) -> list[str | None]:
    """Returns every URL that the body names: whoever uses the control API may send events there."""
    behavior = body.object("callBehavior")
    webhook = None if behavior is None else behavior.object("webhook")
    named = [webhook.text("url"), webhook.text_or_none("fallbackUrl")] if webhook is not None else []
    return [*named, *(_given(body[name], None) for name in _URLS)]


def keep(copied: Application, application: Application) -> None:
    """Writes the settings of a copy into the application that it was made of."""
    for each in fields(Application):
        if each.name not in ("key", "ids_given", "told_once", "project", "service_plan_id"):
            setattr(application, each.name, getattr(copied, each.name))


def keep_project(copied: Project, project: Project) -> None:
    """Writes the settings of a copy into the project that it was made of."""
    project.key_secret = copied.key_secret
    project.token_lifetime_s = copied.token_lifetime_s
    project.account = copied.account


def _given(value: object, present: str | None) -> str | None:
    """Returns what a nullable text says, or what there is where nothing is said."""
    if value is ABSENT:
        return present
    assert value is None or isinstance(value, str)
    return value


def _limits(body: Values, present: Limits | None) -> Limits | None:
    """Returns the limits of calls; null takes one away, and without any there is none."""
    credit, barred, caller_ids = body["credit"], body["barred"], body["callerIds"]
    limits = Limits() if present is None else evolve(present)
    if credit is not ABSENT:
        limits.credit = None if credit is None else round(credit * UNITS_PER_DOLLAR)
    if barred is not ABSENT:
        limits.barred = barred or ()
    if caller_ids is not ABSENT:
        limits.caller_ids = caller_ids
    return None if limits == Limits() else limits


def _service(body: Values, present: ServiceSettings) -> ServiceSettings:
    behavior, protocol = body.object("callBehavior"), body["protocol"]
    return evolve(
        present,
        name=body["serviceName"] or present.name,
        call_behavior=present.call_behavior if behavior is None else _call_behavior(behavior),
        protocol=present.protocol if protocol is None else Protocol(protocol),
    )


def _call_behavior(behavior: Values) -> CallBehavior:
    kind, webhook = BehaviorKind(behavior["type"]), behavior.object("webhook")
    if webhook is None:
        return CallBehavior(kind, svaml=behavior["static"])
    return CallBehavior(kind, webhook.text("url"), webhook.text_or_none("fallbackUrl"))


def _verification(body: Values, present: VerificationSettings) -> VerificationSettings:
    auth = body["verificationAuth"]
    return evolve(
        present,
        callback_url=_given(body["verificationCallbackUrl"], present.callback_url),
        auth=present.auth if auth is None else VerificationAuth(auth),
        language=body["verificationLanguage"] or present.language,
    )


def _sms(body: Values, present: SmsSettings) -> SmsSettings:
    originator, verified = body["defaultOriginator"], body["verifiedNumbers"]
    sandbox = body["sandbox"]
    return evolve(
        present,
        callback_url=_given(body["smsCallbackUrl"], present.callback_url),
        classic_callback_url=_given(body["classicSmsCallbackUrl"], present.classic_callback_url),
        webhook_secret=_given(body["smsWebhookSecret"], present.webhook_secret),
        default_originator=present.default_originator if originator is ABSENT else originator,
        sandbox=present.sandbox if sandbox is None else sandbox,
        verified_numbers=present.verified_numbers if verified in (ABSENT, None) else tuple(dict.fromkeys(verified)),
    )


def _provisioning(given: Values | None, present: Provisioning) -> Provisioning:
    if given is None:
        return present
    after_ms = given["after"]
    return Provisioning(
        present.after_ms if after_ms is None else after_ms,
        _given(given["sms"], present.sms),
        _given(given["voice"], present.voice),
    )
