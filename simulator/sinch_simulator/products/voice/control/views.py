"""What the control API shows of a world: calls, callbacks, journal lines, applications."""

from typing import Any

from attrs import asdict

from sinch_simulator.core.account import Account
from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.money import UNITS_PER_DOLLAR
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.products.voice.call import Call, Leg
from sinch_simulator.products.voice.callbacks.bodies import domain_of, timestamp
from sinch_simulator.server.callback_log import Record, Response
from sinch_simulator.server.worlds import World

Json = dict[str, Any]  # what goes out as JSON and is never read again


def time_text(world: World, at_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds, of a simulated moment."""
    seconds, ms = divmod(world.simulation.epoch_ms + at_ms, 1000)
    return f"{timestamp(seconds)[:-1]}.{ms:03}Z"


def entry_view(world: World, entry: Entry) -> Json:
    """A line of the journal."""
    about = {} if entry.call_id is None else {"callId": entry.call_id}
    return {"seq": entry.seq, "at": time_text(world, entry.at_ms), "kind": entry.kind, **about, **entry.fields}


def diagnostic_view(world: World, entry: Entry) -> Json:
    """A line of the journal that is a finding."""
    view = entry_view(world, entry)
    del view["seq"], view["kind"]
    return view


def application_view(world: World, application: Application) -> Json:
    """An application with its credentials, and the clock that it lives by."""
    return {
        "key": application.key,
        "secret": application.secret,
        "numbers": list(application.numbers),
        "callbackUrl": application.callback_url,
        "fallbackUrl": application.fallback_url,
        "callbackStyle": application.callback_style.value,
        **_limits_view(application.account),
        "world": world.name,
        "clock": world.runner.mode.value,
        "seed": world.seed,
    }


def _limits_view(account: Account | None) -> Json:
    """US dollars of credit, barred destinations, verified numbers; null and empty where there is no limit."""
    if account is None:
        return {"credit": None, "barred": [], "verifiedNumbers": None}
    return {
        "credit": None if account.credit is None else account.credit / UNITS_PER_DOLLAR,
        "barred": list(account.barred),
        "verifiedNumbers": None if account.verified is None else list(account.verified),
    }


def call_view(world: World, call: Call) -> Json:
    """A call with its ends and its timeline."""
    ending = call.ending
    return {
        "callId": call.id,
        "applicationKey": call.application.key,
        "status": "ONGOING" if ending is None else "FINAL",
        "state": call.state.value,
        "origin": call.setup.origin.value,
        "domain": domain_of(call.to),
        "from": call.setup.cli or None,
        "to": None if call.to is None else call.to.endpoint,
        "cli": call.cli or None,
        "custom": call.setup.custom,
        "cookies": [{"key": key, "value": value} for key, value in call.cookies.items()],
        "conferenceId": call.conference_id,
        "menuId": None if call.menu is None else call.menu.menu_id,
        "result": "N/A" if ending is None else ending.result,
        "reason": "N/A" if ending is None else ending.reason,
        "startedAt": time_text(world, call.setup.started_ms),
        "answeredAt": None if call.answered_ms is None else time_text(world, call.answered_ms),
        "endedAt": None if ending is None else time_text(world, ending.at_ms),
        "duration": call.duration_s(world.simulation.now),
        "legs": [_leg_view(leg) for leg in call.legs if leg.address is not None],
        "heard": list(call.party.heard),
        "timeline": [entry_view(world, entry) for entry in world.simulation.journal.of_call(call.id)],
    }


def _leg_view(leg: Leg) -> Json:
    address = leg.address
    return {
        "leg": leg.name.value,
        "address": None if address is None else address.endpoint,
        "state": leg.state.value,
        "heard": list(leg.heard),
        "dtmf": leg.dtmf,
    }


def callback_view(world: World, record: Record) -> Json:
    """One attempt to deliver a callback."""
    attempt = record.attempt
    return {
        "id": record.id,
        "callId": record.callback.call_id,
        "applicationKey": record.callback.application_key,
        "event": record.callback.event.value,
        "url": attempt.url,
        "attempt": record.number,
        "sentAt": time_text(world, record.sent_at_ms),
        "latencyMs": attempt.latency_ms,
        "request": {"headers": dict(attempt.headers), "body": record.callback.body},
        "response": None if attempt.response is None else _response_view(attempt.response),
        "outcome": attempt.outcome.value,
        "diagnostics": [_finding_view(record, finding) for finding in record.diagnostics],
    }


def _response_view(response: Response) -> Json:
    """The body as JSON where it is JSON, else as text."""
    body: object
    try:
        body = parse_json(response.body)
    except NotJsonError:
        body = response.body.decode("utf-8", "replace")
    return {"status": response.status, "headers": dict(response.headers), "body": body}


def _finding_view(record: Record, finding: Diagnostic) -> Json:
    fields = asdict(finding)
    fields["severity"] = finding.severity.value
    return {**fields, "callId": record.callback.call_id, "event": record.callback.event.value}
