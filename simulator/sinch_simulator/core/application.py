"""An application as the platform knows it: credentials and settings for every product, and its numbers."""

from functools import cache
from typing import Any

import attrs
from attrs import field

from sinch_simulator.core.application_settings import (
    Provisioning,
    Sender,
    ServiceSettings,
    SmsSettings,
    VerificationSettings,
)
from sinch_simulator.core.limits import Limits
from sinch_simulator.core.project import Project, generated_digits, generated_project
from sinch_simulator.core.values import Word, define

DEFAULT_NUMBER = "+14045550100"
"""The number of an application of which nobody has said another."""

Json = dict[str, Any]  # what goes out as JSON


class CallbackStyle(Word):
    """One URL for every event, or one below it for each: ``URL/ice``, ``URL/ace`` and so on."""

    SINGLE = "single"
    FUNCTIONS = "functions"


def _own_project(application: "Application") -> Project:
    return generated_project(application.key, seed=0)


@define
class Application:
    """Changed by configuration only, never by calls.

    The settings of each product are one value, which is replaced when one of them changes.
    """

    key: str
    secret: str
    numbers: list[str] = field(factory=list)
    """Those whose calls it answers."""
    made_with: list[str] | None = None
    """The numbers that its maker gave it, from when the platform has changed whose they are; None: ``numbers``."""
    given_back: set[str] = field(factory=set)
    """Those of them that it has released."""
    callback_url: str | None = None
    fallback_url: str | None = None
    callback_style: CallbackStyle = CallbackStyle.SINGLE
    ids_given: int = 0
    """How many ids this application has used up; the next one follows from the seed, the key and this count."""
    limits: Limits | None = None
    """Limits of credit, destinations and caller ids; None for none at all."""
    told_once: set[str] = field(factory=set)
    """Codes of the findings that are told only once."""
    project: Project = field(default=attrs.Factory(_own_project, takes_self=True), eq=False)
    """Shared with the other applications of the project."""
    service_plan_id: str = ""
    api_token: str = ""
    service: ServiceSettings = field(factory=cache(ServiceSettings))
    verification: VerificationSettings = field(factory=cache(VerificationSettings))
    sms: SmsSettings = field(factory=cache(SmsSettings))
    provisioning: Provisioning = field(factory=cache(Provisioning))

    @classmethod
    def generated(cls, key: str, secret: str, seed: int) -> "Application":
        """Makes an application whose other credentials follow from its key and the seed of its world."""
        digits = generated_digits(key, seed, "application")
        return cls(
            key,
            secret,
            project=generated_project(key, seed),
            service_plan_id=digits[:32],
            api_token=digits[32:64],
            service=ServiceSettings(f"Service {digits[64:72]}"),
        )

    @property
    def default_originator(self) -> str | None:
        """Returns who sends a batch that has no ``from``; None: nobody."""
        originator = self.sms.default_originator
        if originator is Sender.FIRST_NUMBER:
            return self.numbers[0] if self.numbers else None
        assert originator is None or isinstance(originator, str)
        return originator

    @property
    def own_numbers(self) -> list[str]:
        """Returns the numbers that it was made with and has not given back, whoever answers their calls."""
        numbers = self.numbers if self.made_with is None else self.made_with
        return [number for number in numbers if number not in self.given_back]

    def begin_anew(self) -> None:
        """Gives ids from one again, and tells again what is told once."""
        self.ids_given = 0
        self.told_once.clear()

    def urls(self) -> tuple[str | None, ...]:
        """Returns where the events of every product go; None where there is no such URL."""
        behavior = self.service.call_behavior
        return (
            self.callback_url,
            self.fallback_url,
            behavior.url,
            behavior.fallback_url,
            self.verification.callback_url,
            self.sms.callback_url,
            self.sms.classic_callback_url,
        )

    def urls_for(self, event: str) -> tuple[str, str | None] | None:
        """Returns where the event of this name is posted to, and where when that has failed (None for nowhere).

        None when no callback URL is configured.
        """
        url, fallback_url = self.callback_url, self.fallback_url
        if url is None:
            return None
        if self.callback_style is CallbackStyle.SINGLE:
            return url, fallback_url
        return _below(url, event), None if fallback_url is None else _below(fallback_url, event)

    def as_json(self) -> Json:
        """Writes credentials and settings, with those of its project, as the control API shows them."""
        return {
            "key": self.key,
            "secret": self.secret,
            "numbers": list(self.numbers),
            "callbackUrl": self.callback_url,
            "fallbackUrl": self.fallback_url,
            "callbackStyle": self.callback_style.value,
            **self._project_as_json(),
            "servicePlanId": self.service_plan_id,
            "apiToken": self.api_token,
            "serviceId": self.key,
            "serviceSecret": self.secret,
            "serviceName": self.service.name,
            "isDefault": self.project.default_key == self.key,
            "callBehavior": self.service.call_behavior.as_json(),
            "protocol": self.service.protocol.value,
            "verificationCallbackUrl": self.verification.callback_url,
            "verificationAuth": self.verification.auth.value,
            "verificationLanguage": self.verification.language,
            **self._sms_as_json(),
            "provisioning": {
                "after": self.provisioning.after_ms / 1000,
                "sms": self.provisioning.sms,
                "voice": self.provisioning.voice,
            },
        }

    def _project_as_json(self) -> Json:
        project, account = self.project, self.project.account
        return {
            "projectId": project.id,
            "keyId": project.key_id,
            "keySecret": project.key_secret,
            "tokenLifetime": project.token_lifetime_s,
            "account": {
                "email": account.email,
                "password": account.password,
                "organisationId": account.organisation_id,
            },
        }

    def _sms_as_json(self) -> Json:
        return {
            "smsCallbackUrl": self.sms.callback_url,
            "classicSmsCallbackUrl": self.sms.classic_callback_url,
            "smsWebhookSecret": self.sms.webhook_secret,
            "defaultOriginator": self.default_originator,
            "sandbox": self.sms.sandbox,
            "verifiedNumbers": list(self.sms.verified_numbers),
        }


def _below(url: str, event: str) -> str:
    return f"{url.rstrip('/')}/{event}"
