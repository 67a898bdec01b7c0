"""A local simulator of the Sinch Voice platform.

``Simulator`` and what it gives are loaded when they are first asked for, so that importing this costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sinch_simulator import strategies as strategies
    from sinch_simulator.faces import blocking as blocking
    from sinch_simulator.faces.awaitable import Application as Application
    from sinch_simulator.faces.awaitable import Call as Call
    from sinch_simulator.faces.awaitable import Callback as Callback
    from sinch_simulator.faces.awaitable import Conference as Conference
    from sinch_simulator.faces.awaitable import Participant as Participant
    from sinch_simulator.faces.awaitable import Phone as Phone
    from sinch_simulator.faces.awaitable import Simulator as Simulator
    from sinch_simulator.faces.errors import CalloutRefused as CalloutRefused
    from sinch_simulator.faces.errors import NotSeen as NotSeen
    from sinch_simulator.faces.errors import ScenarioFailed as ScenarioFailed
    from sinch_simulator.faces.errors import SimulatorError as SimulatorError
    from sinch_simulator.faces.signatures import explain as explain
    from sinch_simulator.faces.signatures import sign as sign
    from sinch_simulator.faces.signatures import verify as verify

__version__ = "0.1.0"

_FACES = "sinch_simulator.faces"
_HOMES = {
    **dict.fromkeys(
        ("Application", "Call", "Callback", "Conference", "Participant", "Phone", "Simulator"), f"{_FACES}.awaitable"
    ),
    **dict.fromkeys(("CalloutRefused", "NotSeen", "ScenarioFailed", "SimulatorError"), f"{_FACES}.errors"),
    **dict.fromkeys(("explain", "sign", "verify"), f"{_FACES}.signatures"),
}
_MODULES = {"blocking": f"{_FACES}.blocking", "strategies": "sinch_simulator.strategies"}


def __getattr__(name: str) -> object:
    if name not in _HOMES and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = import_module(_MODULES[name]) if name in _MODULES else getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
