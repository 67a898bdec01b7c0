"""The arguments of ``create_application``, and the document of the control API that is made of them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.schema.words import did_you_mean

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what goes out as JSON


class ApplicationFields(TypedDict, total=False):
    """What may be said of a new application; all else is made up. See docs/control-api.md, POST /applications."""

    key: str | None
    secret: str | None
    numbers: Sequence[str] | None
    """E.164 numbers that lead to it."""
    callback_url: str | None
    """Where callbacks of Voice v1 go."""
    fallback_url: str | None
    callback_style: str | None
    """``single`` or ``functions``."""
    world: str | None
    """The world that it joins or makes; its own if not said."""
    clock: str | None
    """``manual``, ``auto`` or ``realtime``, of a new world."""
    seed: int | None
    now: str | None
    """Where the clock of its world begins, as ``2026-06-01T09:00:00Z``."""
    project_id: str | None
    """The project that it joins or makes; its own if not said."""
    key_id: str | None
    key_secret: str | None
    token_lifetime: int | None
    """Simulated seconds."""
    account: Mapping[str, str] | None
    """``{"email", "password", "organisationId"}`` of the number administration of 2015."""
    service_plan_id: str | None
    api_token: str | None
    service_name: str | None
    call_behavior: Mapping[str, object] | None
    """Of Voice v2, in wire form."""
    webhook_url: str | None
    """For a ``call_behavior`` of the type WEBHOOK."""
    webhook_fallback_url: str | None
    protocol: str | None
    """``auto``, ``v1`` or ``v2``: which Voice API a call that comes in speaks."""
    verification_callback_url: str | None
    verification_auth: str | None
    """``deny``, ``public``, ``basic`` or ``application``."""
    verification_language: str | None
    sms_callback_url: str | None
    classic_sms_callback_url: str | None
    sms_webhook_secret: str | None
    default_originator: str | None
    """Who sends a batch without a sender; None: nobody; the first number if not said."""
    sandbox: bool | None
    verified_numbers: Sequence[str] | None
    """Where a sandbox application may send classic SMS."""
    provisioning: Mapping[str, object] | None
    """``{"after": seconds, "sms": error code or None, "voice": the same}``."""
    credit: float | None
    """US dollars that are left."""
    barred: Sequence[str] | None
    caller_ids: Sequence[str] | None
    """The only numbers, beside its own, that its calls may show."""


FIELDS = tuple(ApplicationFields.__annotations__)


def application_settings(fields: ApplicationFields, function: str = "create_application") -> Json:
    """Writes the settings of an application in the words of the control API.

    Raises, in the name of ``function``, ``TypeError`` for an argument that is none, and ``SimulatorError`` for
    arguments that exclude each other.
    """
    given: dict[str, Any] = dict(fields)
    for name in given:
        if name not in FIELDS:
            meant = did_you_mean(name, FIELDS) or f"known are {', '.join(FIELDS)}"
            raise TypeError(f"{function}() has no argument {name!r}; {meant}")
    url, fallback_url = given.pop("webhook_url", None), given.pop("webhook_fallback_url", None)
    if url is not None:
        if given.get("call_behavior") is not None:
            raise SimulatorError("webhook_url: it makes a call_behavior; give one of the two")
        given["call_behavior"] = _webhook(url, fallback_url)
    elif fallback_url is not None:
        raise SimulatorError("webhook_fallback_url: it goes with webhook_url, which is missing")
    return {_wire_name(name): _plain(value) for name, value in given.items()}


def _webhook(url: str, fallback_url: str | None) -> Json:
    webhook = {"url": url} if fallback_url is None else {"url": url, "fallbackUrl": fallback_url}
    return {"type": "WEBHOOK", "webhook": webhook}


def _wire_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _plain(value: object) -> object:
    """Returns a list for a sequence, and an object for a mapping, as JSON has them."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
