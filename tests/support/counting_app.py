"""Serves an app of a thread that counts the callbacks it gets, for tests of load tests."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from attrs import define, field

Json = dict[str, Any]
Answer = Callable[[Json], tuple[int, Json]]
MENU = {
    "action": {
        "name": "runMenu",
        "menus": [{"id": "main", "mainPrompt": "#tts[Hello]", "options": [{"dtmf": "2", "action": "return(two)"}]}],
    }
}


def greet(event: Json) -> tuple[int, Json]:
    """Plays a menu to whoever calls, and hangs up after a choice."""
    if event["event"] == "ice":
        return 200, MENU
    return 200, {"action": {"name": "hangup"}} if event["event"] == "pie" else {}


@define(eq=False)
class CountingApp:
    """What an app has been sent: how many callbacks of each event, from which addresses, of which calls."""

    url: str
    events: Counter[str] = field(factory=Counter)
    callers: set[str] = field(factory=set)
    calls: set[str] = field(factory=set)


@contextmanager
def counting_app(answer: Answer = greet) -> Iterator[CountingApp]:
    """Serves on a free port; ``answer`` gives status and body for an event."""
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer is one packet

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                app.events[event["event"]] += 1
                app.calls.add(event["callid"])
                if event["event"] == "ice":
                    app.callers.add(event["cli"])
            status, body = answer(event)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        app = CountingApp(f"http://127.0.0.1:{server.server_address[1]}/voice")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            thread.join()
