"""The Voice API v2 as a product: sessions of calls, batches, services, checks and descriptions of SVAML."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sinch_simulator.core.product import HostName, Machine, Product, WorldData
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.rest.project_access import PROJECT_ACCESS
from sinch_simulator.products.voice.v2 import NAME

if TYPE_CHECKING:
    from sinch_simulator.core.application import Application
    from sinch_simulator.core.diagnostics import Diagnostic
    from sinch_simulator.core.errors import ApiError
    from sinch_simulator.core.rest.answer import Answer
    from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlHandler
    from sinch_simulator.core.rest.worlds import SimulatedWorld


def _machine(data: WorldData) -> Machine:
    from sinch_simulator.products.voice.v2.exchange import SessionExchange

    return SessionExchange(data)


def _brief(world: "SimulatedWorld", subject: str) -> "Mapping[str, Any] | None":
    from sinch_simulator.products.voice.v2.control.views import brief_session_call_view
    from sinch_simulator.products.voice.v2.exchange import exchange_of

    return brief_session_call_view(world, subject) if subject in exchange_of(world).calls else None


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.products.voice.v2.rest.endpoints import PLATFORM_ENDPOINTS

    return PLATFORM_ENDPOINTS


def _control_endpoints() -> "tuple[ControlEndpoint[ControlHandler], ...]":
    from sinch_simulator.products.voice.v2.control import sessions

    return sessions.ENDPOINTS


def _known_names() -> Iterable[tuple[str, str]]:
    from sinch_simulator.products.voice.v2.rest.endpoints import known_names

    return known_names()


def _write_error(error: "ApiError", reference: str) -> "Answer":
    from sinch_simulator.products.voice.v2.rest.problems import write_problem

    return write_problem(error)


def _subject_of(request: PlatformRequest) -> str | None:
    """Returns the call, the session or the batch that a path names, if it is one of the project."""
    machine = request.world.machine(NAME)
    for parameter in ("callId", "sessionId", "batchId"):
        subject = request.parameters.get(parameter, "")
        if subject in machine.subjects:
            owner = request.world.applications.get(machine.owner(subject))
            return subject if owner is not None and owner.project is request.application.project else None
    return None


def _wrong_setting(application: "Application") -> "Diagnostic | None":
    """Returns the first error in the document of a static call behavior."""
    svaml = application.service.call_behavior.svaml
    if svaml is None:
        return None
    from sinch_simulator.products.voice.v2.rest.services import error_in_static

    return error_in_static(svaml)


VOICE_V2 = Product(
    name=NAME,
    machine=_machine,
    brief=_brief,
    api_name="Voice API v2",
    prefixes=("/v2/projects",),
    endpoints=_endpoints,
    # docs/platform/voice-v2.md#1.1
    hosts=(
        HostName("voice.", r"voice\."),
        HostName("REGION.voice.", r"(?P<region>us1|br1|eu1|sg1|au1)\.voice\."),
    ),
    default_region="global",
    over=("call.ended", "session.ended", "batch.ended"),
    subject_of=_subject_of,
    schemes=PROJECT_ACCESS,
    control_endpoints=_control_endpoints,
    write_error=_write_error,
    # docs/platform/voice-v2.md#4.2; a webhook command's event has its own name after call.webhook.
    events=MappingProxyType(
        {
            name: name
            for name in (
                "call.incoming", "call.answered", "call.busy", "call.rejected", "call.timeout", "call.failed",
                "call.hangup", "call.amd.human", "call.amd.machine", "call.amd.beep", "call.amd.unknown",
                "call.message.finished", "call.recording.finished", "call.recording.failed", "call.menu",
            )
        }
    ),
    own_events="call.webhook.",
    slow_answer="the call stands still",
    wrong_setting=_wrong_setting,
    known_names=_known_names,
)  # fmt: skip
