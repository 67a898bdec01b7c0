"""Says of what XMS had once, and the simulator has not, what to do instead (docs/platform/sms.md#3)."""

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.sms.rest.plans import endpoint

_HINT = "tags are not simulated: keep them in the app, or use client_reference, by which batches and reports are found"


def refuse_tags(request: PlatformRequest) -> Answer:
    """Refuses every request about tags: 501."""
    raise ApiError(ErrorCode.NOT_SUPPORTED, "Tags are not supported", hint=_HINT)


ENDPOINTS: tuple[PlatformEndpoint, ...] = tuple(
    endpoint(method, f"/{kind}/tags", refuse_tags, f"tags of {what}; not simulated")
    for kind, what in (("batches/{batch_id}", "a batch"), ("groups/{group_id}", "a group"))
    for method in ("GET", "PUT", "POST")
)
