"""Goes through every method of the voice domain of ``sinch`` 2, against the simulator at ``SIMULATOR_URL``.

It runs in an environment of its own, where that version is installed. It prints, as JSON, which methods it has not
called, and which events have come: how the SDK names each, whether it has found it genuine, and the result in it.
"""

import json
import os
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sinch import SinchClient
from sinch.domains.voice.api.v2.exceptions import VoiceException

URL, KEY = os.environ["SIMULATOR_URL"], os.environ["APPLICATION_KEY"]
client = SinchClient(
    project_id=os.environ["PROJECT_ID"], key_id=os.environ["KEY_ID"], key_secret=os.environ["KEY_SECRET"]
)
client.configuration.auth_origin = client.configuration.voice_v2_origin = URL
voice = client.voice.v2
called: list[str] = []
events: list[list[Any]] = []
replies: dict[str, Any] = {}
BEN = "+14045550199"
PHONE = {"type": "PHONE", "phone": {"number": BEN}}
HANG_UP = {"command": "hangup"}


def do(name: str, /, *positional: Any, **named: Any) -> Any:
    api, method = name.split(".")
    called.append(name)
    return getattr(getattr(voice, api), method)(*positional, **named)


def control(method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{URL}/_simulator{path}", data, method=method)) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def advance(seconds: float) -> None:
    control("POST", f"/clock/advance?application={KEY}", {"seconds": seconds})


class Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service = SERVICES[self.headers["authorization"].split()[1].partition(":")[0]]
        genuine = voice.sinch_events.validate_authentication_header(
            "POST", self.path, dict(self.headers), body, service.service_id, service.service_secret
        )
        event = voice.sinch_events.parse_event(body, dict(self.headers))
        events.append([event.event, genuine, event.call.call_result])
        reply = replies.get(event.event, lambda event: voice.sinch_events.build_response([]))(event)
        answer = json.dumps(voice.sinch_events.serialize_response(reply)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: Any) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
threading.Thread(target=server.serve_forever, daemon=True).start()
webhook = f"http://127.0.0.1:{server.server_port}/events"

# ---- services

(default,) = do("services.list", is_default=True).iterator()
whole = do("services.get", default.service_id)
behavior = {"type": "EVENT_DESTINATION", "event_destination": {"url": webhook}}
changed = do("services.update", default.service_id, name="Main", description=None, call_behavior=behavior)
assert (changed.name, changed.call_behavior.type, changed.is_default) == ("Main", "EVENT_DESTINATION", True)
assert changed.call_behavior.event_destination.url == webhook
SERVICES = {whole.service_id: whole}
static = {"type": "STATIC", "static": {"commands": [HANG_UP]}}
made = do("services.create", name="Second", description="To be deleted", call_behavior=static)
SERVICES[made.service_id] = made
assert do("services.get", made.service_id).call_behavior.static.commands[0].command == "hangup"
assert {each.name for each in do("services.list", page_size=1).iterator()} == {"Main", "Second"}

# ---- calls and a session

control("PUT", f"/phones/{BEN}?application={KEY}", {"answer": {"after": 1}})
started = do("calls.start", {"command": "dial", "call_name": "ben", "to": PHONE}, idempotency_key="once-and-only-once")
again = do("calls.start", [HANG_UP], idempotency_key="once-and-only-once")
assert again.session_id == started.session_id
session = do("sessions.get", started.session_id)
(call,) = session.calls
assert (session.state, call.call_result, call.call_name) == ("IN_PROGRESS", "INITIATED", "ben")
say = {"command": "messages", "messages": [{"type": "SAY", "say": {"text": "Hello", "voice_name": "Emma"}}]}
replies["call.answered"] = lambda event: voice.sinch_events.build_response([say])
advance(30)
assert do("calls.get", call.call_id).call_result == "IN_PROGRESS"
ask = {"command": "customEvent", "custom_event_name": "next", "url": webhook}
assert do("calls.interact_by_call_id", call.call_id, [ask]) is None
advance(1)
assert do("calls.interact_by_call_name", started.session_id, "ben", [HANG_UP]) is None
advance(1)
ended = do("calls.get", call.call_id)
assert (ended.call_result, ended.call_reason) == ("COMPLETED", "MANAGER_HANGUP"), ended
assert ended.call_duration_seconds == 30, ended
for _ in range(2):
    do("calls.start", {"command": "dial", "to": PHONE})
listed = list(do("calls.list", to=BEN, page_size=2, start_time=call.start_time).iterator())
assert len(listed) == 3, listed
assert [each.call_id for each in do("calls.list", call_result="COMPLETED").iterator()] == [call.call_id]

# ---- a call that comes in

menu = {
    "command": "menu",
    "start_menu": "main",
    "menus": {"main": {"prompt": {"messages": say["messages"]}, "maximum_input_length": 2}},
}
replies["call.incoming"] = lambda event: voice.sinch_events.build_incoming_call_response(
    [{"command": "answer"}, menu], call_name="customer", on_hangup=[]
)
incoming = control("POST", "/calls", {"application": KEY, "from": "+46700000001"})
advance(2)
control("POST", f"/calls/{incoming['callId']}/press", {"digits": "42"})
advance(1)
control("POST", f"/calls/{incoming['callId']}/hangup", {})

# ---- batches

entries = [{"number": BEN}, {"number": "+14045550198"}]
dial = {"command": "dial", "to": {"type": "PHONE", "phone": {"number": "@number"}}, "events": {}}
batch = do("batches.start", dial, parameters=entries, batch_options={"max_cps": 1})
summary = do("batches.get", batch.batch_id)
assert (summary.session_count, summary.queued, summary.in_progress) == (2, 1, 1), summary
assert do("batches.get_details", batch.batch_id).sessions[0].parameters == entries[0]
assert do("batches.stop", batch.batch_id).result == "STOP_REQUESTED"

# ---- documents

assert do("svaml.validate", [say]).is_valid is True
invalid = do("svaml.validate", [{"command": "hangup", "unknown": 1}], validation_type="STRICT")
assert (invalid.is_valid, len(invalid.errors)) == (False, 1), invalid
assert do("svaml.describe", [HANG_UP]).description.startswith("1. Hang up")

# ---- refusals, and a token that expires

control("POST", f"/tokens/expire?application={KEY}")
assert do("services.delete", made.service_id) is None
refused = None
try:
    do("services.get", made.service_id)
except VoiceException as refusal:
    refused = refusal
assert refused is not None, "a deleted service is still there"
assert (refused.http_response.status_code, refused.instance.rpartition("/")[2]) == (404, made.service_id)
assert str(refused).startswith("Not Found: there is no service")
server.shutdown()
apis = ("batches", "calls", "services", "sessions", "svaml")
methods = [f"{api}.{name}" for api in apis for name in dir(type(getattr(voice, api))) if not name.startswith("_")]
print(json.dumps({"uncalled": sorted({*methods} - {*called}), "events": events}))
