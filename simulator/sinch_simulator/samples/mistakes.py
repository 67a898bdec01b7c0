"""A webhook to learn from: it makes one mistake for each number that calls it, so that you see what becomes of a call.

Run it by itself with ``python -m sinch_simulator.samples.mistakes``, and let the numbers of ``MISTAKES`` call.
"""

import json

from aiohttp import web

from sinch_simulator.samples.serving import Platform, serve

MENU = {"action": {"name": "runMenu", "menus": [{"id": "main", "mainPrompt": "#tts[Press 1.]", "maxDigits": 1}]}}
DIAL = {"action": {"name": "connectPstn", "number": "+14045550120"}}

# Who calls, what goes wrong at which event, and what the answer is: a status, or a document.
MISTAKES: dict[str, tuple[str, int | str]] = {
    "46700000101": ("ice", 500),
    "46700000102": ("ice", "this is no JSON"),
    "46700000103": ("ice", '{"action": {"name": "conectPstn"}}'),
    "46700000104": ("ice", '{"instructions": [{"name": "say", "text": "Hello"}]}'),
    "46700000105": ("ice", '{"action": {"name": "runMenu", "menus": [{"id": "first"}]}}'),
    "46700000106": ("ace", 503),
    "46700000107": ("ace", '{"action": {"name": "park"}}'),
    "46700000108": ("pie", 500),
    "46700000109": ("pie", '{"action": {"name": "runMenu", "menus": []}}'),
    "46700000110": ("dice", 500),
    "46700000111": ("ice", 302),
    "46700000112": ("ice", '{"action": {"name": "hangup"}, "instructions": [{"name": "sayy", "text": "Hello"}]}'),
}
WITHOUT_MISTAKE = {"ice": MENU, "ace": {"action": {"name": "continue"}}, "pie": {"action": {"name": "hangup"}}}


def answer(event: dict[str, object], mistakes: dict[object, str]) -> web.Response:
    """Answers an event; ``mistakes`` remembers who called in which call."""
    call_id, name = event["callid"], str(event["event"])
    if name == "ice":
        mistakes[call_id] = str(event["cli"])
    wrong_event, what = MISTAKES.get(mistakes.get(call_id, ""), ("", 200))
    if name == wrong_event:
        return web.Response(status=what) if isinstance(what, int) else web.Response(text=what)
    right = DIAL if name == "ice" and wrong_event == "ace" else WITHOUT_MISTAKE.get(name, {})
    return web.json_response(right)


def webhook(platform: Platform) -> web.Application:
    """Makes the web application. It does not check signatures either."""
    mistakes: dict[object, str] = {}

    async def receive(request: web.Request) -> web.Response:
        return answer(json.loads(await request.read()), mistakes)

    app = web.Application()
    app.router.add_post("/", receive)
    return app


if __name__ == "__main__":
    serve(webhook)
