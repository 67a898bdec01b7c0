"""``sinch-simulator check-signature``: tests whether an app takes genuine callbacks and refuses all others."""

import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json

_TIMEOUT_S = 5.0
_HOUR_S = 3600.0
_OTHER_SECRET = "bm90IHRoZSByaWdodCBzZWNyZXQ="
_OTHER_KEY = "11111111-1111-4111-8111-111111111111"


class Event(NamedTuple):
    """What is posted to the app, and how its signature is announced."""

    body: bytes
    scheme: str
    headers: dict[str, str]  # beside those of the signature


class Case(NamedTuple):
    """A callback that is sent, and whether the app is to take it."""

    name: str
    headers: dict[str, str]
    body: bytes
    is_genuine: bool = False


@click.command(cls=Command, name="check-signature")
@click.option("--callback-url", metavar="URL", required=True, help="The app's webhook.")
@click.option("--v2", is_flag=True, help="Events of Voice API v2, signed by a service.")
@of_a_running_simulator
def command(*, callback_url: str, v2: bool, url: str, key: str | None, as_json: bool) -> int:
    """Test an app's check of signatures: it must take a genuine callback, and refuse forged, stale and foreign ones.

    --application is the KEY of a simulator that runs, or KEY:SECRET, for which none need run. When a genuine callback
    is refused, callbacks signed with the usual mistakes are tried: one that the app takes tells its mistake. The app
    gets ICE callbacks of an invented call, with --v2 call.incoming. Exit 0 when all is right, 1 when not.
    """
    from sinch_simulator.config import ConfigError, read_credentials, read_url

    try:
        target = read_url(callback_url, "--callback-url")
        pair = read_credentials(key, "--application") if key is not None and ":" in key else None
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    own_key, secret = pair or in_running(url, key, _credentials)
    event = _event_of_v2(own_key) if v2 else _event()
    results = [_result(target, case) for case in _cases(own_key, secret, target, event)]
    wrong = [each for each in results if not each["ok"]]
    mistake = _mistake_of(target, own_key, secret, event) if wrong and wrong[0]["case"] == "genuine" else ""
    if as_json:
        print_json({"passed": not wrong, "cases": results, "mistake": mistake or None})
    else:
        for each in results:
            wanted = "" if each["ok"] else f": expected {each['expected']}"
            click.echo(f"{'ok' if each['ok'] else 'WRONG':<6} {each['case']:<12} {each['came']}{wanted}")
        if mistake:
            click.echo(f"\n{mistake}")
    return 1 if wrong else 0


async def _credentials(running: Running) -> tuple[str, str]:
    listed = (await running.client.ask("GET", "/_simulator/applications"))["applications"]
    for each in listed:
        if running.key in (None, each["key"]):
            return each["key"], each["secret"]
    raise click.ClickException(f"the simulator has no application {running.key or 'at all'}")


def _event() -> Event:
    from sinch_simulator.core.json_codec import encode

    body = encode(
        {
            "event": "ice",
            "callid": str(uuid4()),
            "callResourceUrl": "https://calling-euc1.api.sinch.com/calling/v1/calls/id/check",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "version": 1,
            "userRate": {"currencyId": "USD", "amount": 0},
            "cli": "46700000001",
            "to": {"type": "did", "endpoint": "+14045550100"},
            "domain": "pstn",
            "originationType": "PSTN",
        }
    )
    return Event(body, "application", {})


def _event_of_v2(service_id: str) -> Event:
    from sinch_simulator.core.json_codec import encode
    from sinch_simulator.products.voice.v2.callbacks.events import EVENT_TYPE

    project_id, call_id = str(uuid4()), "01JHMX0000CHECKS1GNATVRE00"
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    call = {
        "callId": call_id,
        "projectId": project_id,
        "serviceId": service_id,
        "sessionId": "01JHMX0000CHECKS1GNATVRE01",
        "direction": "INBOUND",
        "originationType": "PHONE",
        "callType": "PHONE",
        "from": {"type": "PHONE", "phone": {"number": "+46700000001"}},
        "to": {"type": "PHONE", "phone": {"number": "+14045550100"}},
        "startTime": f"{now}.000Z",
        "callResult": "INITIATED",
        "callRate": {"currencyCode": "USD", "amount": "0.0000"},
        "callResourceUrl": f"https://voice.api.sinch.com/v2/projects/{project_id}/calls/{call_id}",
    }
    headers = {
        "ce-specversion": "1.0",
        "ce-type": EVENT_TYPE,
        "ce-source": f"projects/{project_id}/services/{service_id}",
        "ce-id": str(uuid4()),
        "ce-time": f"{now}.000+00:00",
    }
    return Event(encode({"event": "call.incoming", "call": call}), "service", headers)


def _cases(key: str, secret: str, url: str, event: Event) -> Iterator[Case]:
    from sinch_simulator.core.signing import callback_headers, callback_path, decode_secret

    path, now = callback_path(url), time.time()

    def headers(of: bytes, *, by: str = key, with_secret: str = secret, at: float = now) -> dict[str, str]:
        return {**event.headers, **callback_headers(by, decode_secret(with_secret), path, of, at, event.scheme)}

    body = event.body
    yield Case("genuine", headers(body), body, is_genuine=True)
    yield Case("forged", headers(body, with_secret=_OTHER_SECRET), body)
    yield Case("changed body", headers(body), body.replace(b"46700000001", b"46700000002"))
    yield Case("stale", headers(body, at=now - _HOUR_S), body)
    yield Case("other key", headers(body, by=_OTHER_KEY, with_secret=_OTHER_SECRET), body)
    yield Case("unsigned", {**event.headers, "Content-Type": "application/json; charset=utf-8"}, body)


def _result(url: str, case: Case) -> Json:
    status, came = _post(url, case.headers, case.body)
    ok = 200 <= status < 300 if case.is_genuine else status in (400, 401, 403)
    expected = "a 2xx status" if case.is_genuine else "401 or 403"
    return {"case": case.name, "came": came, "status": status or None, "expected": expected, "ok": ok}


def _post(url: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    """Returns the status of the app's answer (0 for none), and what came in words."""
    try:
        with urlopen(Request(url, body, headers, method="POST"), timeout=_TIMEOUT_S) as response:
            return response.status, str(response.status)
    except HTTPError as error:
        return error.code, str(error.code)
    except (URLError, OSError) as error:
        return 0, f"no answer ({getattr(error, 'reason', error)})"


def _mistake_of(url: str, key: str, secret: str, event: Event) -> str:
    """Finds a usual mistake with which the app takes a callback; tells what to look at when there is none."""
    from sinch_simulator.core.signing import (
        CALLBACK_CONTENT_TYPE,
        callback_headers,
        callback_path,
        decode_secret,
        timestamp_text,
    )
    from sinch_simulator.server.security.explain_signature import mistaken_signatures
    from sinch_simulator.server.security.signature_mistakes import SignedParts

    timestamp, path = timestamp_text(time.time()), callback_path(url)
    parts = SignedParts("POST", event.body, CALLBACK_CONTENT_TYPE, timestamp, path)
    for signature, explanation in mistaken_signatures(secret, parts):
        headers = {
            **event.headers,
            "Content-Type": CALLBACK_CONTENT_TYPE,
            "x-timestamp": timestamp,
            "authorization": f"{event.scheme} {key}:{signature}",
        }
        if 200 <= _post(url, headers, event.body)[0] < 300:
            return f"The app's mistake: {explanation}"
    other = "application" if event.scheme == "service" else "service"
    signed = callback_headers(key, decode_secret(secret), path, event.body, time.time(), other)
    if 200 <= _post(url, {**event.headers, **signed}, event.body)[0] < 300:
        given, expected = event.scheme.capitalize(), other.capitalize()
        return f"The app takes the scheme {expected}, not {given}: v1 has Application, v2 (--v2) has Service."
    return (
        "The app refuses genuine callbacks, and makes none of the usual mistakes. It may know another application or "
        f"secret than {key}, or see another path than {path}. Signed is: POST, the base64 MD5 of the raw body, the "
        "Content-Type header, x-timestamp:TIME, the path; joined by LF; HMAC-SHA256 with the base64-decoded secret; "
        "base64 of that."
    )
