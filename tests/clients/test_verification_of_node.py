"""npm @sinch/sdk-core 1.4.0, the newest that can be installed: every verification method, and its check of events."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from support.sdk_world import Account

RunNode = Callable[[str, Mapping[str, str]], str]
EVERY_METHOD = Path(__file__).with_name("every_verification_method.mjs")
VALIDATE = """
import { SinchClient, Verification } from '@sinch/sdk-core';
import { VerificationCallbackWebhooks } from '@sinch/verification';
const { APPLICATION_KEY: applicationKey, APPLICATION_SECRET: applicationSecret } = process.env;
const webhooks = new VerificationCallbackWebhooks({ applicationKey, applicationSecret });
const told = JSON.parse(process.env.CALLBACKS).map(({ headers, body, path }) => {
  const event = webhooks.parseEvent(body);
  return { valid: webhooks.validateAuthenticationHeader(headers, body, path, 'POST'), event: event.event };
});
console.log(JSON.stringify(told));
"""


def environment(account: Account) -> dict[str, str]:
    return {"SIMULATOR_URL": account.url, "APPLICATION_KEY": account.key, "APPLICATION_SECRET": account.secret}


def test_every_method_works(run_node: RunNode, account: Account) -> None:
    printed = run_node(EVERY_METHOD.read_text(), environment(account))
    assert int(printed.splitlines()[-1]) == 20


def test_the_sdk_takes_our_events_for_genuine(run_node: RunNode, account: Account) -> None:
    got: list[dict[str, object]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            got.append({"headers": headers, "body": body, "path": self.path})
            answer = b'{"action": "allow"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/verification"
        account.control("PATCH", f"/applications/{account.key}", {"verificationCallbackUrl": url})
        account.verify("sms", reference="order 42 åäö")
        account.advance(301)
        server.shutdown()
        thread.join()
    told = run_node(VALIDATE, {**environment(account), "CALLBACKS": json.dumps(got)})
    assert json.loads(told) == [
        {"valid": True, "event": event}
        for event in ("VerificationRequestEvent", "VerificationSmsDeliveredEvent", "VerificationResultEvent")
    ]
