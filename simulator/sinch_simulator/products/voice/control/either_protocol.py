"""Calls of both protocols, and of other products, as the control API meets them: which there are, who is on the line.

It says how each is shown, too. Voice v2 is loaded with its first call.
"""

from collections.abc import Iterator
from heapq import merge
from typing import TYPE_CHECKING, Any

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.core.rest.journal_views import Json
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice import v2
from sinch_simulator.products.voice.call import Call, LegState
from sinch_simulator.products.voice.control.phone_call_views import (
    brief_phone_call_view,
    leg_state,
    phone_call_view,
)
from sinch_simulator.products.voice.control.views import brief_call_view, call_view
from sinch_simulator.products.voice.exchange import exchange_of

if TYPE_CHECKING:
    from sinch_simulator.products.voice.v2.session import Call as SessionCall

AnyCall = Call | PhoneCall | Any  # the last is a ``SessionCall``, whose type is not worth loading for calls of Voice v1


def newest_calls(world: SimulatedWorld) -> Iterator[AnyCall]:
    """Gives every call of a world, the newest first."""
    newest = reversed(exchange_of(world).calls.values())
    session_calls, phone_calls = _session_calls(world), world.phone_calls
    if not session_calls and not phone_calls:
        return iter(newest)
    others = (reversed([*session_calls.values()]), reversed([*phone_calls.values()]))
    return merge(newest, *others, key=_started_ms, reverse=True)


def find_call(world: SimulatedWorld, call_id: str) -> AnyCall | None:
    """Returns the call of this id; None when there is none."""
    found = exchange_of(world).calls.get(call_id) or _session_calls(world).get(call_id)
    return found or world.phone_calls.get(call_id)


def owner_of(call: AnyCall) -> Application:
    """Returns whose call it is."""
    owner: Application = call.application if isinstance(call, Call | PhoneCall) else call.session.application
    return owner


def person_on(call: AnyCall) -> LegName:
    """Returns at which end the person is whom the platform talks to."""
    if isinstance(call, PhoneCall):
        return LegName.CALLEE
    leg: LegName = call.party.name if isinstance(call, Call) else call.leg
    return leg


def ends_of(call: AnyCall) -> list[LegName]:
    """Returns at which ends somebody is, or was."""
    if isinstance(call, Call):
        return [each.name for each in call.legs if each.address is not None]
    return [person_on(call)]


def is_ringing(call: AnyCall) -> bool:
    """Returns whether the callee's phone rings."""
    if isinstance(call, PhoneCall):
        return call.ringing
    if not isinstance(call, Call):
        from sinch_simulator.products.voice.v2.session import CallState

        return call.state is CallState.DIALING
    callee = call.callee
    phone = callee.address is not None and callee.address.kind is not AddressKind.WEBSOCKET
    return phone and callee.state is LegState.RINGING


def states_of_ends(call: AnyCall) -> str:
    """Says in words how far each end is."""
    if isinstance(call, Call):
        return " and ".join(f"the {each.name.value} {each.state.value}" for each in call.legs)
    state = leg_state(call) if isinstance(call, PhoneCall) else call.state
    return f"the {person_on(call).value} {state.value}"


def view(world: SimulatedWorld, call: AnyCall, *, timeline: bool = True) -> Json:
    """Shows a call with its ends, and with its timeline unless that is left out."""
    if isinstance(call, Call):
        return call_view(world, call, timeline=timeline)
    if isinstance(call, PhoneCall):
        return phone_call_view(world, call, timeline=timeline)
    from sinch_simulator.products.voice.v2.control.views import session_call_view

    return session_call_view(world, call, timeline=timeline)


def brief_view(world: SimulatedWorld, call: AnyCall) -> Json:
    """Shows a call for a list of thousands."""
    if isinstance(call, Call):
        return brief_call_view(world, call.id)
    if isinstance(call, PhoneCall):
        return brief_phone_call_view(world, call)
    from sinch_simulator.products.voice.v2.control.views import brief_session_call_view

    return brief_session_call_view(world, call.id)


def _session_calls(world: SimulatedWorld) -> "dict[str, SessionCall]":
    exchange = world.machines.get(v2.NAME)
    calls: dict[str, SessionCall] = {} if exchange is None else exchange.calls
    return calls


def _started_ms(call: AnyCall) -> int:
    if isinstance(call, PhoneCall):
        return call.dialled_ms
    started_ms: int = call.setup.started_ms if isinstance(call, Call) else call.started_ms
    return started_ms
