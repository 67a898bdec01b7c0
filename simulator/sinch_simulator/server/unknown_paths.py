"""Says where a request that leads nowhere should have gone: to a path that is written a little otherwise, or to an API
of Sinch's that is not here. It is loaded for the first such request.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.values import frozen
from sinch_simulator.server.http_messages import shown_path

_Endpoint = tuple[Product, PlatformEndpoint]

_MOST_SEGMENTS = 12
_MOST_CHANGES = 2
_ALIKE = 0.8


@frozen
class _OtherApi:
    """An API of Sinch's by how its paths begin, in lower case, and what people call it."""

    name: str
    paths: "re.Pattern[str]"


# As the SDKs write them (docs/platform/sdks.md#1). Some begin as those of products here do.
_OTHER_APIS = (
    _OtherApi(
        "the Conversation API",
        re.compile(
            r"/v1/projects/[^/]+/(apps|capability|contacts|conversations|events|messages|optins|optouts|templates"
            r"|webhooks)\b|/v2/projects/[^/]+/templates\b"
        ),
    ),
    _OtherApi("the Fax API", re.compile(r"/v3/projects/")),
    _OtherApi(
        "Elastic SIP Trunking",
        re.compile(
            r"/v1/projects/[^/]+/(accesscontrollists|callblockingrules|calls|countrypermissions|credentiallists"
            r"|settings|trunks)\b"
        ),
    ),
    _OtherApi("Number Lookup", re.compile(r"/v2/projects/[^/]+/lookups\b")),
)
_SDK = re.compile(r"sinch-sdk/(?P<version>[0-9]+(?:\.[0-9]+)*)\S* \((?P<language>[A-Za-z.#+]+)")
_LANGUAGES = {"javascript": "Node"}


def wrong_method(method: str, path: str, allowed: Iterable[str]) -> ApiError:
    """Returns 405 for a path that is known, with the methods that it takes."""
    hint = f"{shown_path(path)} takes {' or '.join(sorted(allowed))}, not {method}."
    return ApiError(ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed", hint=hint)


def explain(path: str, user_agent: str, product: Product | None, endpoints: Sequence[_Endpoint]) -> ApiError:
    """Returns 501 for a path of another API of Sinch's, else 404; the hint names what was meant, or what is here.

    ``product`` is the one whose paths begin like this, if there is any; ``endpoints`` are those of all products.
    """
    other = _other_api(path)
    if other is not None:
        here = ", ".join(dict.fromkeys(each.api_name for each, _ in endpoints))
        what = f"{shown_path(path)} is of {other.name}, which is not simulated here"
        hint = f"{what}. Here are: {here}.{_sender(user_agent)}"
        return ApiError(ErrorCode.NOT_SUPPORTED, "Not Implemented", hint=hint)
    whose = "of any product here" if product is None else f"of the {product.api_name}"
    meant = meant_path(path, endpoints)
    ending = "" if meant is None else f"; did you mean {shown_path(meant)}?"
    hint = f"{shown_path(path)} is no endpoint {whose}{ending or '.'}"
    return ApiError(ErrorCode.NOT_FOUND, "Not Found", hint=hint)


def _other_api(path: str) -> _OtherApi | None:
    """Returns the API that is not here; None when the path is of none."""
    return next((each for each in _OTHER_APIS if each.paths.match(path.lower())), None)


def _sender(user_agent: str) -> str:
    """Says which SDK has sent the request (docs/platform/sdks.md#3)."""
    match = _SDK.match(user_agent)
    if match is None:
        return ""
    language = _LANGUAGES.get(match["language"].lower(), match["language"])
    return f" It was sent by the {language} SDK {match['version']}."


def meant_path(path: str, endpoints: Iterable[_Endpoint]) -> str | None:
    """Returns the path of an endpoint that differs least from this one: a word less, more or misspelt; else None."""
    if len(path) > 500 or path.count("/") > _MOST_SEGMENTS:
        return None
    best: tuple[int, str] | None = None
    for product, endpoint in endpoints:
        if endpoint.remark is not None:  # a spelling that nobody should use
            continue
        given = tuple(segment for segment in _without_prefixes(path, product).split("/") if segment)
        fit = _fit(given, tuple(endpoint.pattern.strip("/").split("/")))
        if fit is not None and fit[1] and fit[0] <= _MOST_CHANGES and (best is None or fit[0] < best[0]):
            best = fit[0], (endpoint.below or product.prefixes[0]) + "/" + "/".join(fit[2])
    return None if best is None or best[1] == path else best[1]


def _without_prefixes(path: str, product: Product) -> str:
    """Returns what follows the product's prefix, which a base URL may have brought along twice."""
    rest, longest_first = path, sorted(product.prefixes, key=len, reverse=True)
    for _ in range(2):
        for prefix in longest_first:
            if f"{rest.lower()}/".startswith(prefix + "/"):
                rest = rest[len(prefix) :]
                break
    return rest


_Fit = tuple[int, int, tuple[str, ...]]
"""How many words are missing or misspelt, how many are there, and the path."""


def _fit(given: tuple[str, ...], known: tuple[str, ...]) -> _Fit | None:
    """Returns how a path fits a pattern, whose words may be left out or misspelt; None when it does not."""
    if not known:
        return (0, 0, ()) if not given else None
    word, fits = known[0], []
    fixed = not word.startswith("{")
    if given:
        follows = _fit(given[1:], known[1:])
        differs = int(given[0].lower() != word.lower()) if fixed else 0
        if follows is not None and (not differs or _alike(given[0], word)):
            written = word if fixed else given[0]
            fits.append((follows[0] + differs, follows[1] + fixed, (written, *follows[2])))
    if fixed:
        follows = _fit(given, known[1:])
        if follows is not None:
            fits.append((follows[0] + 1, follows[1], (word, *follows[2])))
    return min(fits, key=lambda fit: (fit[0], -fit[1]), default=None)


def _alike(given: str, word: str) -> bool:
    return SequenceMatcher(None, given.lower(), word.lower()).ratio() >= _ALIKE

