"""What a Host header says: the region, the product, and where the caller finds this server.

Source: docs/platform/rest.md#1.1.
"""

import re
from functools import lru_cache

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.values import frozen

DEFAULT_REGION = "euc1"

_REGION = re.compile(r"calling-([a-z0-9]+)\.", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9._~:\[\]-]+")
_PRODUCTS = {"calling.": "calling", "calling-": "calling", "callingapi.": "configuration", "reportingapi.": "reporting"}
_HOSTS = {"calling": "calling.", "configuration": "callingapi.", "reporting": "reportingapi."}
# By the first segment of the path; everything else is the calling API.
_PRODUCT_OF = {"configuration": "configuration", "users": "reporting", "counters": "reporting", "services": "reporting"}


@frozen
class Where:
    """``product`` is empty where the name of the host does not tell the products apart, as with localhost."""

    base_url: str
    region: str = DEFAULT_REGION
    product: str = ""


@lru_cache(maxsize=256)
def where_is(host: str) -> Where | None:
    """What a host says, None for what is no host at all."""
    if not _HOST.fullmatch(host):
        return None
    region = _REGION.match(host)
    product = next((product for prefix, product in _PRODUCTS.items() if host.lower().startswith(prefix)), "")
    return Where(f"http://{host}", region[1].lower() if region else DEFAULT_REGION, product)


def remark_on_host(where: Where, pattern: str) -> list[Diagnostic]:
    """The products have hosts of their own; here each answers on any, but there it does not.

    Source: docs/platform/gotchas.md#B7.
    """
    querying = pattern.startswith("/calling/query")
    right = "configuration" if querying else _PRODUCT_OF.get(pattern.split("/")[1], "calling")
    if where.product in ("", right):
        return []
    message = f"This is an endpoint of the {right} API, and the host is that of the {where.product} API."
    hint = f"Its host begins with {_HOSTS[right]}"
    return [Diagnostic("WRONG_HOST", Severity.WARNING, "headers.Host", message, hint)]
