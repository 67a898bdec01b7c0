"""Makes the endpoints of XMS, which are below the id of a service plan, or of a project (docs/platform/sms.md#1)."""

from collections.abc import Callable

from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.rest.project_access import PLAN_OR_PROJECT

PREFIX = "/xms/v1"


def endpoint(
    method: str, pattern: str, handler: Callable[[PlatformRequest], Answer], what: str
) -> PlatformEndpoint:
    """Makes an endpoint; ``pattern`` follows the id."""
    return PlatformEndpoint(method, f"/{{{PLAN_OR_PROJECT}}}{pattern}", handler, what, below=PREFIX)
