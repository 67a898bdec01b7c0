"""From the first ring to the app's first word: a callout or a caller comes in; the far end answers, or does not."""

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number
from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import CancelTimer, SetTimer, TimerFired
from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, Answered, Cause, Declined, HungUp, LegName
from sinch_simulator.products.voice import amd
from sinch_simulator.products.voice.call import LONGEST_CALL_MS, Call, CallState, LegState, Origin, Outgoing, Timer
from sinch_simulator.products.voice.call_end import end, fail_illegal_reply, hang_up, leave
from sinch_simulator.products.voice.callbacks.replies import lack_of
from sinch_simulator.products.voice.callbacks.rules import ace_owed, ask, tell, warn
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.charging import credit_limit
from sinch_simulator.products.voice.dialing import (
    decline,
    dial,
    outgoing_limit,
    refuse_cli,
    shows_verified,
)
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.events import Arrived, CallbackEvent, Placed
from sinch_simulator.products.voice.recording_transitions import start
from sinch_simulator.products.voice.run_actions import fail_for, obey
from sinch_simulator.products.voice.run_instructions import limit, play
from sinch_simulator.products.voice.svaml.model import (
    Answer,
    ConnectConf,
    ConnectMxp,
    ConnectPstn,
    Continue,
    Hangup,
    Instruction,
    Park,
    Prompt,
    PromptKind,
    RunMenu,
    SendDtmf,
    Svaml,
)

_NO_ACE = "Put what the user is to hear into the callout itself."
_ORDINARY = Outgoing(LONGEST_CALL_MS)
_ERROR_PROMPT = Prompt(PromptKind.FILE, "error", 0)


def start_callout(call: Call, event: Placed, now: int) -> list[Effect]:
    """Begins a callout: rings its destination, or asks the app what to do."""
    callout = call.setup.callout
    assert callout is not None
    if callout.method is CalloutMethod.TTS and callout.cli is None and _to_phone(callout.destination):
        # Accepted, but it never reaches anybody; whoever reads the request tells of it (docs/platform/rest.md#3.1).
        return end(call, now, result="FAILED", reason="GENERALERROR")
    if not shows_verified(call, callout.cli) and _to_phone(callout.destination):
        return refuse_cli(call, now)
    if CallbackEvent.ICE in callout.documents or CallbackEvent.ICE in callout.urls:
        return ask(call, CallbackEvent.ICE)
    if callout.destination is not None:
        outgoing = _ORDINARY
        if callout.max_duration_ms is not None or callout.dtmf:
            outgoing = Outgoing(outgoing_limit(callout.max_duration_ms), dtmf=callout.dtmf)
        return dial(call, call.callee, callout.destination, cli=callout.cli, dial_timeout_ms=None, outgoing=outgoing)
    if call.can_ask(CallbackEvent.ICE):
        return ask(call, CallbackEvent.ICE)
    return [
        warn(
            call,
            "NO_CALLBACK_URL",
            "A customCallout without destination and ice asks the application's callback URL, and there is none.",
            hint="Give a destination, an ice document, or configure a callback URL.",
            severity=Severity.ERROR,
        ),
        *end(call, now, result="FAILED", reason="GENERALERROR"),
    ]


def meet_caller(call: Call, event: Arrived, now: int) -> list[Effect]:
    """Asks the app about a caller; without a callback URL the call goes where it was dialled to.

    Source: docs/platform/lifecycle.md#3.
    """
    if not call.setup.assigned:
        return _answered_by_nobody(call, now)
    if call.can_ask(CallbackEvent.ICE):
        return ask(call, CallbackEvent.ICE)
    dialled = call.setup.dialled
    assert dialled is not None
    direct = _direct_route(call.setup.origin, dialled)
    if direct is None:
        return [
            warn(
                call,
                "NO_CALLBACK_URL",
                "There is no callback URL to ask, and what was dialled leads nowhere by itself: the call fails.",
                hint="Configure a callback URL for the application.",
                severity=Severity.ERROR,
            ),
            *end(call, now, result="FAILED", reason="GENERALERROR"),
        ]
    return [
        warn(
            call,
            "NO_CALLBACK_DIRECT",
            "There is no callback URL, so the call goes straight to the destination that was dialled.",
            hint="Configure a callback URL for the application to be asked with ICE.",
            severity=Severity.INFO,
        ),
        *obey(call, direct, now),
    ]


def _answered_by_nobody(call: Call, now: int) -> list[Effect]:
    """Ends a call to a number that leads to no application (docs/platform/lifecycle.md#2, row 24)."""
    assert call.setup.dialled is not None
    number = call.setup.dialled.endpoint
    message = f"{number} is not assigned to this application: nobody answers the call, and the app hears nothing of it."
    return [
        warn(
            call,
            "NUMBER_NOT_ASSIGNED",
            message,
            hint="Assign it, or dial one of the application's numbers.",
            severity=Severity.ERROR,
            path="to",
        ),
        *end(call, now, result="FAILED", reason="GENERALERROR"),
    ]


def _direct_route(origin: Origin, dialled: Address) -> Svaml | None:
    if origin is Origin.PSTN:
        return None
    match dialled.kind:
        case AddressKind.NUMBER | AddressKind.DID:
            return Svaml(ConnectPstn(dialled.endpoint))
        case AddressKind.USERNAME:
            return Svaml(ConnectMxp(dialled.endpoint))
        case AddressKind.CONFERENCE:
            return Svaml(ConnectConf(dialled.endpoint))
        case _:
            user = dialled.endpoint.partition("@")[0]
            number = normalise_number(user)
            return None if number is None else Svaml(ConnectPstn(number))


def obey_ice(call: Call, event: AppReplied, now: int) -> list[Effect]:
    """Does what the reply to ICE says. Menus, parks and rooms answer the caller, who hears what comes before."""
    call.awaited = None
    assert isinstance(event.answer, Svaml)
    lack = lack_of(call, event.answer.action)
    if lack is not None:
        return fail_for(call, lack, now)
    before: list[Instruction | Prompt] = []
    if isinstance(event.answer.action, RunMenu | Park | ConnectConf):
        before.append(Answer())
    remarks = _remarks_on_route(call, event.answer)
    answer, callback_id = event.answer, event.callback_id
    return [*remarks, *obey(call, answer, now, event=CallbackEvent.ICE, callback_id=callback_id, before=before)]


def _remarks_on_route(call: Call, svaml: Svaml) -> list[Effect]:
    dialled = call.setup.dialled
    if dialled is None or dialled.kind is not AddressKind.USERNAME or isinstance(svaml.action, ConnectMxp | Hangup):
        return []
    message = "An in-app user was dialled, and the reply to ICE is neither connectMxp nor hangup: they hear nothing."
    hint = "Answer with connectMxp to put the call through to the app."
    return [warn(call, "ICE_NO_MXP", message, hint=hint, path="action.name")]


def refuse_caller(call: Call, event: AppFailed, now: int) -> list[Effect]:
    """Plays an error message and disconnects the call: there is no usable reply to ICE.

    Source: docs/platform/callbacks.md#1.1.
    """
    call.awaited = None
    if event.outcome is Outcome.BAD_SVAML:
        return fail_illegal_reply(call, event, now)
    heard = play(call, [call.party], _ERROR_PROMPT)
    return [*heard, *end(call, now, result="FAILED", reason="CALLBACKERROR")]


def pick_up(call: Call, event: Answered, now: int) -> list[Effect]:
    """Detects machines when the dialled party has answered, if that was asked for, then puts it to the app."""
    leg = call.leg(event.leg)
    leg.state = LegState.ANSWERED
    leg.manner = event.manner
    if call.answered_ms is None:
        call.answered_ms = now
    effects: list[Effect] = [CancelTimer(call.id, Timer.DIAL), limit(call, now)]
    if call.application.limits is not None:
        effects += credit_limit(call, now)
    assert call.outgoing is not None
    if call.outgoing.record is not None:
        effects += start(call, call.outgoing.record, now)
    if call.outgoing.amd is None:
        return effects + _announce(call, now, None)
    verdict = amd.verdict(event.manner)
    effects.append(SetTimer(call.id, Timer.DETECTION, verdict.duration_ms))
    call.verdict = verdict
    if call.outgoing.amd.asynchronous:
        return effects + _announce(call, now, amd.INPROGRESS)
    call.state = CallState.DETECTING
    return effects


def detect(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Sends ACE, held back until now, with the verdict that detection has come to."""
    return _announce(call, now, call.verdict)


def hang_up_undetected(call: Call, event: HungUp, now: int) -> list[Effect]:
    """Ends the call when somebody hangs up during detection: ACE says so and has no consequence.

    Source: docs/platform/callbacks.md#8.
    """
    told: list[Effect] = []
    if event.leg is LegName.CALLEE and ace_owed(call) and not call.has_document(CallbackEvent.ACE):
        assert call.answered_ms is not None
        heard_ms = now - call.answered_ms
        told = tell(call, CallbackEvent.ACE, verdict=AmdVerdict(AmdStatus.HANGUP, AmdReason.NA, heard_ms))
    return told + leave(call, event.leg, now, lost_network=event.lost_network)


def hang_up_ringing(call: Call, event: HungUp, now: int) -> list[Effect]:
    """Ends a call that rings: the caller gives up, or whoever is being rung turns it down.

    Source: docs/platform/lifecycle.md#2, rows 8 and 6.
    """
    leg = call.leg(event.leg)
    is_rung = call.setup.callout is not None or leg is call.callee
    if is_rung and leg.state is LegState.RINGING:
        return decline(call, leg, Cause.REJECTED, now)
    return leave(call, event.leg, now, lost_network=event.lost_network)


def be_declined(call: Call, event: Declined, now: int) -> list[Effect]:
    """Ends the call because the dialled party can't or won't answer."""
    return decline(call, call.leg(event.leg), event.cause, now)


def give_up(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Ends the call because it has rung for long enough.

    To the client of an in-app caller the callee is busy (docs/platform/lifecycle.md#2, rows 7 and 7b).
    """
    if call.setup.origin is Origin.MXP:
        return end(call, now, result="BUSY", reason="N/A")
    return end(call, now, result="NOANSWER", reason="TIMEOUT")


def obey_ace(call: Call, event: AppReplied, now: int) -> list[Effect]:
    """Does what the reply to ACE says; tones that were asked for come first."""
    call.awaited = None
    assert isinstance(event.answer, Svaml)
    tones = _tones(call)
    return obey(
        call, event.answer, now, event=CallbackEvent.ACE, callback_id=event.callback_id, before=tones
    )


def connect_anyway(call: Call, event: AppFailed, now: int) -> list[Effect]:
    """Connects the call without a usable reply to ACE, unless the reply was illegal SVAML.

    Source: docs/platform/callbacks.md#1.1.
    """
    call.awaited = None
    if event.outcome is Outcome.BAD_SVAML:
        return fail_illegal_reply(call, event, now)
    return [
        warn(
            call,
            "ACE_TIMEOUT",
            "ACE got no usable answer: the call goes on as if the app had said continue.",
            hint="Answer ACE with 200 and SVAML within the callback timeout.",
        ),
        *obey(
            call,
            Svaml(Continue()),
            now,
            event=CallbackEvent.ACE,
            callback_id=event.callback_id,
            before=_tones(call),
        ),
    ]


def _announce(call: Call, now: int, verdict: AmdVerdict | None) -> list[Effect]:
    """Put the answer to the app, or go on without it."""
    if ace_owed(call):
        if call.has_document(CallbackEvent.ACE):
            if call.inline_ace_used:
                return _bridge_without_ace(call, now)
            call.inline_ace_used = True
        return ask(call, CallbackEvent.ACE, verdict=verdict)
    if call.is_callout(CalloutMethod.CUSTOM) and _to_phone(call.to) and not call.can_ask(CallbackEvent.ACE):
        return [
            warn(
                call,
                "NO_CALLBACK_URL",
                "Nobody can say what to do with this answered call: no inline ace, no URL. It is hung up.",
                hint="Give customCallout.ace, or configure a callback URL.",
            ),
            *hang_up(call, now),
        ]
    suppressed: list[Effect] = []
    callout = call.setup.callout
    if callout is not None and callout.enable_ace and not _to_phone(call.to):
        suppressed = [warn(call, "ACE_SUPPRESSED_INAPP", "ACE is never sent for an in-app destination.", hint=_NO_ACE)]
    return [*suppressed, *obey(call, Svaml(Continue()), now, before=_tones(call))]


def _bridge_without_ace(call: Call, now: int) -> list[Effect]:
    """Lets the parties talk: the inline ace was for the first who answered alone (docs/platform/rest.md#3.4)."""
    message = "The inline ace is run once, for the first who answered: this one is connected without it."
    hint = "Give ace as a URL to be asked about everybody who answers."
    return [
        warn(call, "INLINE_ACE_USED", message, hint=hint, path="customCallout.ace"),
        *obey(call, Svaml(Continue()), now, before=_tones(call)),
    ]


def _tones(call: Call) -> list[Instruction | Prompt]:
    """The tones that were asked for with the destination, sent after the pick-up."""
    return [SendDtmf(call.outgoing.dtmf)] if call.outgoing is not None and call.outgoing.dtmf else []


def _to_phone(address: Address | None) -> bool:
    return address is not None and address.kind not in (AddressKind.USERNAME, AddressKind.WEBSOCKET)
