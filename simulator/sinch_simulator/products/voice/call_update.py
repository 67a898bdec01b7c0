"""SVAML sent to an ongoing call by REST: what is legal in which state, and what it does (docs/platform/svaml.md#8)."""

from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import Hush, LegName
from sinch_simulator.products.voice import menu
from sinch_simulator.products.voice.call import Call, CallState, Program
from sinch_simulator.products.voice.call_end import end, hang_up
from sinch_simulator.products.voice.callbacks.replies import lack_of
from sinch_simulator.products.voice.conferences.membership import step_aside
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.events import Updated
from sinch_simulator.products.voice.parking import unpark
from sinch_simulator.products.voice.run_actions import obey, run
from sinch_simulator.products.voice.svaml.model import (
    ConnectConf,
    Continue,
    Hangup,
    Park,
    PlayFiles,
    RunMenu,
    Say,
    SendDtmf,
    Svaml,
    SvamlContext,
)

_TALKING = (CallState.CONNECTED, CallState.IN_CONFERENCE, CallState.PROMPTING)
# Where a farewell can still be heard: before these there is nobody yet, or somebody who is being rung.
_AUDIENCE = (*_TALKING, CallState.AWAITING_ACE, CallState.IN_MENU, CallState.AWAITING_PIE)
_LEGS = {"caller": (LegName.CALLER,), "callee": (LegName.CALLEE,), "both": (LegName.CALLER, LegName.CALLEE)}


def context_for(call: Call) -> SvamlContext:
    """Returns by which rules an update is read: a parked call still owes its ICE answer."""
    return SvamlContext.UNPARK if call.state is CallState.PARKED else SvamlContext.PATCH


def refuse_illegal(call: Call, svaml: Svaml, leg: str | None = None) -> None:
    """Raises ``ApiError`` (400/40003, 404/40400) when this update can't be done to this call now."""
    if call.final:
        raise ApiError.not_found("Call not found")
    if call.in_app_only:
        raise ApiError.invalid_request("only calls from or to a phone or SIP can be updated")
    if leg is not None and leg not in _LEGS:
        raise ApiError.invalid_request(f"callLeg must be caller, callee or both, not {leg!r}")
    lack = lack_of(call, svaml.action)
    if lack is not None:
        raise ApiError.invalid_request(f"{lack.path}: {lack.message}", hint=lack.hint)
    if call.state is CallState.PARKED or isinstance(svaml.action, Hangup):
        return
    if call.state not in _TALKING or not call.answered:
        raise ApiError.invalid_request(f"a call that is {call.state.value} can only be hung up")
    if isinstance(svaml.action, RunMenu) and call.state is not CallState.IN_CONFERENCE:
        raise ApiError.invalid_request("runMenu can only be sent to a call in a conference, or to a parked one")
    if not isinstance(svaml.action, Continue | Park | RunMenu | ConnectConf):
        raise ApiError.invalid_request("connecting actions can only be sent to a parked call")


def update(call: Call, event: Updated, now: int) -> list[Effect]:
    """Carries out an update that ``refuse_illegal`` has let pass."""
    svaml = event.svaml
    if call.parking is not None:
        return [*unpark(call), *obey(call, svaml, now)]
    if isinstance(svaml.action, Hangup) and not (_audible(svaml) and call.answered and call.state in _AUDIENCE):
        return [*_stop_prompt(call), *_end(call, now)]
    if call.program is not None:
        return _queue(call.program, svaml, _listeners(call, event.leg))
    resume = call.state if isinstance(svaml.action, Continue) else None
    call.awaited = None
    stopped = _stop_menu(call)
    call.program = Program(list(svaml.instructions), svaml.action, _listeners(call, event.leg), resume=resume)
    aside = step_aside(call) if call.state is CallState.IN_CONFERENCE else []
    return [*stopped, *aside, *run(call, call.program, now)]


def _end(call: Call, now: int) -> list[Effect]:
    """Nobody has answered a call that the app gives up, whether it rings somewhere or not.

    Source: docs/platform/svaml.md#8.
    """
    if call.answered:
        return hang_up(call, now)
    return end(call, now, result="NOANSWER", reason="MANAGERHANGUP")


def _listeners(call: Call, leg: str | None) -> tuple[LegName, ...]:
    """Who hears the message: a leg is only asked for in a bridged call (docs/platform/rest.md#4.3)."""
    if leg is None or call.setup.callout is not None or call.state is CallState.IN_CONFERENCE:
        return (call.party.name,)
    return _LEGS[leg]


def _queue(program: Program, svaml: Svaml, listeners: tuple[LegName, ...]) -> list[Effect]:
    """What is sent while a prompt plays comes after it; only ``continue`` leaves the earlier reply in force."""
    while program.follower is not None:
        program = program.follower
    action = svaml.action
    if isinstance(action, Continue):
        action = program.action
    else:
        program.todo.clear()
    program.follower = Program(list(svaml.instructions), action, listeners, program.event, resume=program.resume)
    return []


def _audible(svaml: Svaml) -> bool:
    return any(isinstance(instruction, PlayFiles | Say | SendDtmf) for instruction in svaml.instructions)


def _stop_prompt(call: Call) -> list[Effect]:
    if call.program is None and call.menu is None:
        return []
    return [Hush(call.id, call.party.name)]


def _stop_menu(call: Call) -> list[Effect]:
    if call.menu is None:
        return []
    return [Hush(call.id, call.menu.leg), *menu.close(call, call.menu)]
