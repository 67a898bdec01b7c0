"""Says which host names are Sinch's.

Source: docs/platform/sdks.md#2, docs/platform/rest.md#1.1.

Whatever lies below one of ``DOMAINS`` counts, whether a product of the simulator serves it or not: a name too many is
answered by the simulator, a name too few would be a call that costs money.
"""

DOMAINS = ("sinch.com", "clxcommunications.com", "mblox.com")

_VOICE_REGIONS = ("euc1", "use1", "sae1", "apse1", "apse2")
_VOICE_V2_REGIONS = ("us1", "br1", "eu1", "sg1", "au1")
_SMS_REGIONS = ("us", "eu", "au", "br", "ca")
_OTHER_REGIONS = ("us", "eu", "br")

KNOWN_HOSTS = (
    "api.sinch.com",
    "auth.sinch.com",
    "calling.api.sinch.com",
    "callingapi.sinch.com",
    "dc-euc1-std.verification.api.sinch.com",
    "elastic-trunking.api.sinch.com",
    "fax.api.sinch.com",
    "lookup.api.sinch.com",
    "messagingapi.sinch.com",
    "numbers.api.sinch.com",
    "portalapi.sinch.com",
    "provisioning.api.sinch.com",
    "reportingapi.sinch.com",
    "sms.api.sinch.com",
    "userapi.sinch.com",
    "verification.api.sinch.com",
    "verificationapi-v1.sinch.com",
    "voice.api.sinch.com",
    "api.clxcommunications.com",
    "api.mblox.com",
    *(f"calling-{region}.api.sinch.com" for region in _VOICE_REGIONS),
    *(f"{region}.voice.api.sinch.com" for region in _VOICE_V2_REGIONS),
    *(f"{region}.sms.api.sinch.com" for region in _SMS_REGIONS),
    *(f"zt.{region}.sms.api.sinch.com" for region in _SMS_REGIONS),
    *(f"{region}.auth.sinch.com" for region in _OTHER_REGIONS),
    *(f"{region}.conversation.api.sinch.com" for region in _OTHER_REGIONS),
    *(f"{region}.template.api.sinch.com" for region in _OTHER_REGIONS),
)
"""By name, for what takes no patterns: hosts files and curl."""


def is_sinch_host(name: str) -> bool:
    """Tells whether a host name, with or without a trailing dot and in any case, is one of Sinch's."""
    plain = name.rstrip(".").lower()
    return any(plain == domain or plain.endswith("." + domain) for domain in DOMAINS)
