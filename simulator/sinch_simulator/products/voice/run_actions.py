"""What each SVAML action makes a call do (docs/platform/svaml.md#3), and what going on as planned means.

Source: docs/platform/callbacks.md#3 to #5.
"""

from typing import assert_never

from attrs import evolve

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.effects import Diagnose, SetTimer
from sinch_simulator.phones.signals import Connect
from sinch_simulator.products.voice.call import Call, CallState, Leg, LegState, Outgoing, Program, Timer
from sinch_simulator.products.voice.call_end import fail_illegal, hang_up, release
from sinch_simulator.products.voice.callbacks.replies import lack_of
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.conferences.membership import attend, come_back, leave_room
from sinch_simulator.products.voice.dialing import (
    dial,
    lacks_cli,
    outgoing_limit,
    own_number,
    refuse_destination,
    refuse_without_cli,
    shown_cli,
)
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.menu import open_menu
from sinch_simulator.products.voice.parking import park
from sinch_simulator.products.voice.run_instructions import answer, begin
from sinch_simulator.products.voice.svaml.model import (
    Action,
    ConnectConf,
    ConnectMxp,
    ConnectPstn,
    ConnectSip,
    ConnectStream,
    Continue,
    Hangup,
    Instruction,
    Park,
    Prompt,
    RunMenu,
    Svaml,
)


def obey(
    call: Call,
    svaml: Svaml,
    now: int,
    *,
    event: CallbackEvent | None = None,
    callback_id: str = "",
    before: list[Instruction | Prompt] | None = None,
) -> list[Effect]:
    """Carries out a reply: what must come ``before``, its instructions, then its action.

    ``event`` and ``callback_id`` are of the callback that it is the reply to, if it is one.
    """
    todo = [*(before or ()), *svaml.instructions]
    call.program = Program(todo, svaml.action, (call.party.name,), event, callback_id)
    return run(call, call.program, now)


def run(call: Call, program: Program, now: int) -> list[Effect]:
    """Goes on with a program until something takes time, or to its action."""
    effects: list[Effect] = []
    while program.todo:
        done, takes_ms = begin(call, program, program.todo.pop(0), now)
        effects += _of_reply(program, done)
        if takes_ms:
            call.state = CallState.PROMPTING
            effects.append(SetTimer(call.id, Timer.PROMPT, takes_ms))
            return effects
    call.program = program.follower
    if program.follower is not None:
        return effects + run(call, program.follower, now)
    return effects + _of_reply(program, perform(call, program.action, program, now))


def _of_reply(program: Program, effects: list[Effect]) -> list[Effect]:
    """Returns the effects, with each finding among them said to be of the reply that the program is."""
    if program.event is None or not program.callback_id:
        return effects
    event, callback_id = program.event.value, program.callback_id
    return [
        evolve(each, event=event, callback_id=callback_id) if isinstance(each, Diagnose) else each for each in effects
    ]


def perform(call: Call, action: Action, program: Program, now: int) -> list[Effect]:
    """Does what an action says."""
    match action:
        case Hangup():
            return hang_up(call, now)
        case Continue():
            return proceed(call, now, event=program.event, resume=program.resume)
        case ConnectPstn():
            return _connect_pstn(call, action, now)
        case ConnectMxp():
            return _connect_mxp(call, action, now)
        case ConnectSip():
            return _connect_sip(call, action)
        case RunMenu():
            return [*answer(call, now), *open_menu(call, action)]
        case Park():
            return [*leave_room(call), *release(call, call.other), *park(call, action, now)]
        case ConnectConf():
            return attend(call, action, now)
        case ConnectStream():
            return _connect_stream(call, action)
        case _:
            assert_never(action)


def proceed(
    call: Call, now: int, *, event: CallbackEvent | None = None, resume: CallState | None = None
) -> list[Effect]:
    """Goes on as planned: back to the talk, across the bridge, or to what the callout was placed for."""
    if call.attendance is not None:
        return come_back(call)
    if resume is not None:
        call.state = resume
        return []
    if call.other.state is LegState.ANSWERED:
        return _bridge(call, now)
    callout = call.setup.callout
    if callout is None or call.plan_done:
        return hang_up(call, now)
    call.plan_done = True
    match callout.method:
        case CalloutMethod.TTS:
            return obey(call, Svaml(Hangup()), now, before=list(callout.prompts))
        case CalloutMethod.CONFERENCE:
            return obey(call, Svaml(_room_of(call)), now, before=list(callout.greeting))
        case CalloutMethod.CUSTOM if event is CallbackEvent.PIE:
            return hang_up(call, now)
        case CalloutMethod.CUSTOM:
            call.state = CallState.CONNECTED
            return [Connect(call.id, call.party.name)]
        case _:
            assert_never(callout.method)


def _room_of(call: Call) -> ConnectConf:
    callout = call.setup.callout
    assert callout is not None
    assert callout.conference_id is not None
    return ConnectConf(callout.conference_id, callout.conference_dtmf, callout.moh)


def _bridge(call: Call, now: int) -> list[Effect]:
    call.state = CallState.CONNECTED
    return [*answer(call, now), *(Connect(call.id, leg.name) for leg in call.legs)]


def _free_leg(call: Call) -> tuple[Leg, list[Effect]]:
    """The end at which the next party is dialled; whoever is there is let go."""
    leg = call.other if call.setup.callout is None or call.party.present else call.party
    return leg, [*leave_room(call), *release(call, leg)]


def _connect_pstn(call: Call, action: ConnectPstn, now: int) -> list[Effect]:
    number = action.number or call.dialled(AddressKind.NUMBER)
    if number is None:
        return _fail_without(call, action, now)
    address = Address(AddressKind.NUMBER, number)
    refused = refuse_destination(call, address, now)
    if refused is not None:
        return refused
    asked = call.setup.number if action.cli is not None and action.cli.lower() == "incoming" else action.cli
    if asked is None and lacks_cli(call):
        return refuse_without_cli(call, now)
    cli, found = shown_cli(call, asked)
    leg, released = _free_leg(call)
    outgoing = Outgoing(
        outgoing_limit(action.max_duration_ms),
        dtmf=action.dtmf,
        suppress_callbacks=action.suppress_callbacks,
        amd=action.amd,
        record=action.record,
    )
    return [
        *found,
        *released,
        *dial(
            call,
            leg,
            address,
            cli=cli or own_number(call),
            dial_timeout_ms=action.dial_timeout_ms,
            outgoing=outgoing,
        ),
    ]


def _connect_mxp(call: Call, action: ConnectMxp, now: int) -> list[Effect]:
    username = action.username or call.dialled(AddressKind.USERNAME)
    if username is None:
        return _fail_without(call, action, now)
    leg, released = _free_leg(call)
    outgoing = Outgoing(outgoing_limit(None), call_headers=action.call_headers)
    address = Address(AddressKind.USERNAME, username)
    return released + dial(call, leg, address, cli=action.cli, dial_timeout_ms=None, outgoing=outgoing)


def _fail_without(call: Call, action: Action, now: int) -> list[Effect]:
    lack = lack_of(call, action)
    assert lack is not None
    return fail_for(call, lack, now)


def fail_for(call: Call, lack: Diagnostic, now: int) -> list[Effect]:
    """Ends a call for a reply that can't be done to it."""
    return [Diagnose(call.id, lack), *fail_illegal(call, now, lack.message)]


def _connect_sip(call: Call, action: ConnectSip) -> list[Effect]:
    leg, released = _free_leg(call)
    outgoing = Outgoing(
        outgoing_limit(action.max_duration_ms),
        suppress_callbacks=action.suppress_callbacks,
        call_headers=action.call_headers,
        record=action.record,
    )
    address = Address(AddressKind.SIP, action.endpoint)
    return released + dial(call, leg, address, cli=action.cli, dial_timeout_ms=None, outgoing=outgoing)


def _connect_stream(call: Call, action: ConnectStream) -> list[Effect]:
    leg, released = _free_leg(call)
    outgoing = Outgoing(outgoing_limit(action.max_duration_ms), call_headers=action.call_headers, stream=action)
    address = Address(AddressKind.WEBSOCKET, action.endpoint)
    return released + dial(call, leg, address, cli=None, dial_timeout_ms=None, outgoing=outgoing)
