"""Reads queries and bodies of the Numbers API (docs/platform/numbers.md#3).

Names are taken in snake case too, because the Python SDK 1.1.4 writes some so (docs/platform/sdks.md#3).
"""

import re
from urllib.parse import parse_qsl

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.numbering_plan import NumberType, SearchPattern
from sinch_simulator.core.numbers import Capability
from sinch_simulator.core.rest.control_shapes import words
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Anything, BoundedText, Choice, Entries, Integer, Nested, Text
from sinch_simulator.core.schema.request_findings import RequestFindings, read_body
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.texts import E164, Url
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.values import define
from sinch_simulator.products.numbers.records import Settings, SmsTarget, VoiceTarget, VoiceType
from sinch_simulator.products.numbers.rest.errors import invalid, unknown_word

MOST_PER_PAGE = 1000
_IDS = {VoiceType.RTC: "appId", VoiceType.EST: "trunkId", VoiceType.FAX: "serviceId"}
"""By type, which field names what answers."""


@define
class NumbersFindings(RequestFindings):
    """What was found in a request to the Numbers API; the first mistake is what it is refused for."""

    any_case = False
    numerals = False
    coerces = False

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Refuses a value that cannot be."""
        self.refuse(invalid(path, message, hint))

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Refuses a value that a field cannot have."""
        if isinstance(item, Choice):
            self.refuse(unknown_word(path, value, item.expected))
        else:
            self.refuse(invalid(path, f"{shown(value)} {problem or 'is not possible here'}", right or item.expected))

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Refuses a request without a field that must be there."""
        self.refuse(invalid(prefix + item.name, "it is missing", item.expected))


@define
class _QueryFindings(NumbersFindings):
    """The same for a query, where numbers are written as texts."""

    numerals = True


class _UrlOrEmpty(Url):
    """A URL, or an empty text, which takes it away."""

    right: str = "an http:// or https:// URL with a host, or an empty text"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the URL as it is written."""
        return "" if value == "" else Url.read(self, name, value, prefix, findings)


# ---- shapes -----------------------------------------------------------------------------------------------------

_TYPE = Choice("type", "what sort of number", choices=words(NumberType))
_CAPABILITY = Choice(choices=tuple(each.name for each in Capability))
_DIGITS = re.compile(r"\+?[0-9]{1,15}")


def _pattern(name: str, *aliases: str) -> Field:
    right = "1 to 15 digits, with or without a plus sign"
    return BoundedText(name, "digits of the number", pattern=_DIGITS, right=right, aliases=aliases)


def _search_pattern(name: str, *aliases: str) -> Field:
    default = SearchPattern.START.value
    return Choice(name, "where they stand", choices=words(SearchPattern), default=default, aliases=aliases)


_REGION = BoundedText(
    "regionCode",
    "the country",
    pattern=re.compile(r"[A-Z]{2}"),
    right="two capital letters, as US",
)
_NEEDED_REGION = BoundedText(
    "regionCode", "the country", pattern=_REGION.pattern, right=_REGION.right, required=True
)
_CAPABILITIES = Entries("capabilities", "what it can do", of=_CAPABILITY, aliases=("capability",))
_PATTERNS = (
    _pattern("numberPattern.pattern", "pattern"),
    _search_pattern("numberPattern.searchPattern", "searchPattern"),
)
REGIONS = Shape(
    "a list of regions",
    (Entries("types", "of numbers", of=Choice(choices=words(NumberType)), aliases=("type",)),),
)
SEARCH = Shape(
    "a search",
    (
        _NEEDED_REGION,
        _TYPE,
        *_PATTERNS,
        _CAPABILITIES,
        Integer("size", "how many at most", minimum=1, maximum=MOST_PER_PAGE, default=10),
    ),
)
LISTING = Shape(
    "a list of active numbers",
    (
        _REGION,
        _TYPE,
        *_PATTERNS,
        _CAPABILITIES,
        Integer("pageSize", "how many at most", minimum=1, maximum=MOST_PER_PAGE, default=100),
        BoundedText("pageToken", "nextPageToken of the page before", filled=False),
        Choice(
            "orderBy",
            "by what they are sorted",
            choices=("phoneNumber", "displayName", "number", "display_name"),
            default="phoneNumber",
        ),
    ),
)
_SMS = Nested(
    "smsConfiguration",
    "where texts go",
    aliases=("sms_configuration",),
    shape=Shape(
        "smsConfiguration",
        (
            Text("servicePlanId", "the service plan; empty: none", aliases=("service_plan_id",)),
            Text("campaignId", "the 10DLC campaign; empty: none", aliases=("campaign_id",)),
            Anything("scheduledProvisioning", "of an answer, ignored"),
        ),
    ),
)
_VOICE = Nested(
    "voiceConfiguration",
    "what answers calls",
    aliases=("voice_configuration",),
    shape=Shape(
        "voiceConfiguration",
        (
            Choice("type", "what sort of thing", choices=words(VoiceType)),
            Text("appId", "with RTC: the key of a Voice application; empty: none", aliases=("app_id",)),
            Text("trunkId", "with EST: a SIP trunk; empty: none", aliases=("trunk_id",)),
            Text("serviceId", "with FAX: a fax service; empty: none", aliases=("service_id",)),
            Anything("lastUpdatedTime", "of an answer, ignored"),
            Anything("scheduledVoiceProvisioning", "of an answer, ignored"),
        ),
    ),
)
_CALLBACK_URL = _UrlOrEmpty("callbackUrl", "where its events go; empty: nowhere", aliases=("callback_url",))
RENTING = Shape("a rental", (_SMS, _VOICE, _CALLBACK_URL))
RENTING_ANY = Shape(
    "a rental of any number",
    (
        _NEEDED_REGION,
        _TYPE,
        Nested(
            "numberPattern",
            "which digits it has",
            shape=Shape("numberPattern", (_pattern("pattern"), _search_pattern("searchPattern"))),
        ),
        _CAPABILITIES,
        *RENTING.fields,
    ),
)
CHANGING = Shape(
    "a change of a number", (Text("displayName", "a name for people", aliases=("display_name",)), *RENTING.fields)
)
CALLBACK_CONFIGURATION = Shape(
    "a callback configuration",
    (
        BoundedText(
            "hmacSecret",
            "signs events; empty: nothing does",
            required=True,
            filled=False,
            longest=36,
            aliases=("hmac_secret",),
        ),
    ),
)


# ---- reading ----------------------------------------------------------------------------------------------------


def read_query(request: PlatformRequest, shape: Shape) -> Values:
    """Reads the query of a request; a parameter that is a list may be given several times."""
    # A plus sign is the one of a phone number: a space means nothing in these queries.
    text = request.query.replace("+", "%2B")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="backslashreplace", max_num_fields=100)
    except ValueError:
        raise invalid("query", "it has too many parameters", "100 at most") from None
    document: dict[str, object] = {}
    for name, value in pairs:
        item = shape.exact.get(name)
        if value == "":  # an SDK may write a parameter that it has no value for
            continue
        if not isinstance(item, Entries):
            document[name] = value
            continue
        listed = document.setdefault(item.name, [])
        assert isinstance(listed, list)
        listed.append(value)
    return _read(request, shape, document, _QueryFindings())


def read_json(request: PlatformRequest, shape: Shape) -> Values:
    """Reads the JSON object in a request; no body is an object without fields."""
    return _read(request, shape, request.json() if request.body.strip() else {}, NumbersFindings())


def _read(request: PlatformRequest, shape: Shape, document: object, findings: NumbersFindings) -> Values:
    values = read_body(shape, document, findings)
    request.diagnose(findings.found)
    return values


def read_number(request: PlatformRequest) -> str:
    """Reads the number in the path: E.164 with a plus sign only."""
    number = request.parameters["phoneNumber"]
    if not E164.fullmatch(number):
        raise invalid("phoneNumber", f"{shown(number)} is no E.164 number", "a plus sign and digits, as +12025550134")
    return number


def read_settings(values: Values) -> Settings:
    """Returns what a body asks for a number."""
    sms, voice = values.object("smsConfiguration"), values.object("voiceConfiguration")
    return Settings(
        display_name=values.get("displayName"),
        callback_url=values["callbackUrl"],
        sms=None if sms is None else SmsTarget(sms["servicePlanId"], sms["campaignId"]),
        voice=None if voice is None else _voice_target(voice),
    )


def _voice_target(voice: Values) -> VoiceTarget:
    """Returns what shall answer calls; without a type the id that is there says it (docs/platform/numbers.md#4)."""
    given = {type_: voice.text_or_none(name) for type_, name in _IDS.items()}
    if voice["type"] is not None:
        type_ = VoiceType(voice["type"])
    else:
        type_ = next((each for each, id_ in given.items() if id_ is not None), VoiceType.RTC)
    target = given[type_]
    if target is None:
        raise _no_target(type_)
    return VoiceTarget(type_, target)


def _no_target(type_: VoiceType) -> ApiError:
    example = f'{{"type": "{type_.value}", "{_IDS[type_]}": "..."}}'
    return invalid("voiceConfiguration", f"it has no {_IDS[type_]}", example)
