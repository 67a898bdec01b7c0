"""A local simulator of the Sinch platform.

``Simulator`` and what it gives are loaded when they are first asked for, so that importing this costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sinch_simulator import strategies as strategies
    from sinch_simulator.client.errors import CalloutRefused as CalloutRefused
    from sinch_simulator.client.errors import NotSeen as NotSeen
    from sinch_simulator.client.errors import ScenarioFailed as ScenarioFailed
    from sinch_simulator.client.errors import SimulatorError as SimulatorError
    from sinch_simulator.embedded import sync_api
    from sinch_simulator.embedded.async_api import Application as Application
    from sinch_simulator.embedded.async_api import Call as Call
    from sinch_simulator.embedded.async_api import Callback as Callback
    from sinch_simulator.embedded.async_api import Conference as Conference
    from sinch_simulator.embedded.async_api import Message as Message
    from sinch_simulator.embedded.async_api import MissedCall as MissedCall
    from sinch_simulator.embedded.async_api import Participant as Participant
    from sinch_simulator.embedded.async_api import Phone as Phone
    from sinch_simulator.embedded.async_api import Verification as Verification
    from sinch_simulator.embedded.signatures import explain as explain
    from sinch_simulator.embedded.signatures import sign as sign
    from sinch_simulator.embedded.signatures import verify as verify
    from sinch_simulator.embedded.simulator import Simulator as Simulator
    from sinch_simulator.embedded.webhook import Webhook as Webhook

    blocking = sync_api

__version__ = "0.1.0"

_EMBEDDED = "sinch_simulator.embedded"
_HOMES = {
    **dict.fromkeys(
        (
            "Application",
            "Call",
            "Callback",
            "Conference",
            "Message",
            "MissedCall",
            "Participant",
            "Phone",
            "Verification",
        ),
        f"{_EMBEDDED}.async_api",
    ),
    "Simulator": f"{_EMBEDDED}.simulator",
    "Webhook": f"{_EMBEDDED}.webhook",
    **dict.fromkeys(("CalloutRefused", "NotSeen", "ScenarioFailed", "SimulatorError"), "sinch_simulator.client.errors"),
    **dict.fromkeys(("explain", "sign", "verify"), f"{_EMBEDDED}.signatures"),
}
_MODULES = {"blocking": f"{_EMBEDDED}.sync_api", "strategies": "sinch_simulator.strategies"}


def __getattr__(name: str) -> object:
    if name not in _HOMES and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = import_module(_MODULES[name]) if name in _MODULES else getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
