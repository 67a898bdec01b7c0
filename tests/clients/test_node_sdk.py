"""npm @sinch/sdk-core 1.4.0: every method of its voice domain, and its check of our callbacks."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from support.sdk_world import Account

RunNode = Callable[[str, Mapping[str, str]], str]
EVERY_METHOD = Path(__file__).with_name("every_method.mjs")
VALIDATE = """
import { SinchClient } from '@sinch/sdk-core';
import { VoiceCallbackWebhooks } from '@sinch/voice';
const { headers, body, path } = JSON.parse(process.env.CALLBACK);
const { APPLICATION_KEY: applicationKey, APPLICATION_SECRET: applicationSecret } = process.env;
const webhooks = new VoiceCallbackWebhooks({ applicationKey, applicationSecret });
const event = webhooks.parseEvent(body);
const valid = webhooks.validateAuthenticationHeader(headers, body, path, 'POST');
console.log(JSON.stringify({ valid, event: event.event, callid: event.callid }));
"""


def test_every_method_works(run_node: RunNode, account: Account) -> None:
    printed = run_node(EVERY_METHOD.read_text(), account.environment)
    assert int(printed.splitlines()[-1]) == 17


def test_the_sdk_takes_our_callbacks_for_genuine(run_node: RunNode, account: Account) -> None:
    got: list[dict[str, object]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            got.append({"headers": headers, "body": body, "path": self.path})
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/voice"
        account.control("PATCH", f"/applications/{account.key}", {"callbackUrl": url})
        call = account.control("POST", "/calls", {"application": account.key, "from": "+46700000001", "custom": "åäö"})
        server.shutdown()
        thread.join()
    told = run_node(VALIDATE, {**account.environment, "CALLBACK": json.dumps(got[0])})
    assert json.loads(told) == {"valid": True, "event": "ice", "callid": call["callId"]}
