"""What ``call`` does: find or start a simulator and a webhook, place the call by HTTP, follow it to its end.

It is a client of the control API like any other; only the simulator and the sample webhook may live in this process.
"""

import asyncio
import base64
import os
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web
from attrs import define, field, frozen

from sinch_simulator import config as settings
from sinch_simulator.ladder import Ladder
from sinch_simulator.samples import ivr
from sinch_simulator.server.app import SimulatorServer

Json = dict[str, Any]  # what the control API answers; read here and printed, never kept
Say = Callable[[str], object]

CALLER = "+46700000001"
CALLEE = "+14045550199"
TALK_S = 5.0
LAST_CALLBACKS_S = 30.0
LOOK_EVERY_S = 0.05
QUIET_KINDS = frozenset({"state", "timer.fired"})


class Refused(Exception):
    """The call cannot be placed: one line for a person."""


@frozen
class Order:
    """The call that is wanted, as the flags say it."""

    source: str | None
    destination: str | None
    callout: bool
    digits: str
    text: str | None
    callback_url: str | None
    simulator: str | None
    application: str | None
    clock: settings.ClockMode
    seed: int

    def credentials(self) -> tuple[str, str] | None:
        """Key and secret that were given, by flag or by the environment."""
        environment = os.environ.get("SINCH_APPLICATION_KEY"), os.environ.get("SINCH_APPLICATION_SECRET")
        if self.application is None and not any(environment):
            return None
        pairs = [self.application] if self.application is not None else []
        [application] = settings.read_applications(pairs, key=environment[0], secret=environment[1])
        return application.key, application.secret


@frozen
class Control:
    """A simulator's HTTP interface, and the application that is used there."""

    session: aiohttp.ClientSession
    url: str

    async def ask(self, method: str, path: str, body: Json | None = None, authorization: str | None = None) -> Json:
        """One request; an error answer, or none at all, is Refused."""
        headers = {"Authorization": authorization} if authorization else {}
        try:
            async with self.session.request(method, self.url + path, json=body, headers=headers) as response:
                answer = {} if response.status == 204 else await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Refused(f"no simulator answers at {self.url}: {error or type(error).__name__}") from None
        if not isinstance(answer, dict):
            raise Refused(f"{method} {path}: the answer is no simulator's")
        if response.status >= 400:
            raise Refused(_why_refused(answer, f"{method} {path} answered {response.status}"))
        return answer


def _why_refused(answer: Json, otherwise: str) -> str:
    error = answer.get("error", answer)
    words = [str(error[name]) for name in ("message", "hint") if error.get(name)] if isinstance(error, dict) else []
    return "; ".join(words) or otherwise


async def place_and_watch(order: Order, say: Say) -> tuple[Json, list[Json]]:
    """Place the call, tell its ladder line by line, and give the call and its callbacks as the control API has them."""
    async with AsyncExitStack() as stack:
        control, application = await _set_up(order, stack, say)
        call_id = await _place(order, control, application, stack)
        call = await _follow(control, application["key"], call_id, say)
        answer = await control.ask(
            "GET", f"/_simulator/callbacks?application={quote(application['key'])}&callId={call_id}"
        )
        callbacks = answer["callbacks"]
    say("")
    say(_verdict(call, callbacks))
    return call, callbacks


def went_wrong(call: Json, callbacks: Sequence[Json]) -> bool:
    """Whether the call failed, or the app failed one of its callbacks."""
    return call["result"] == "FAILED" or any(callback["outcome"] != "answered" for callback in callbacks)


def _verdict(call: Json, callbacks: Sequence[Json]) -> str:
    told = ", ".join(
        callback["event"] + ("" if callback["outcome"] == "answered" else f" ({callback['outcome']})")
        for callback in callbacks
    )
    how = "something went wrong" if went_wrong(call, callbacks) else "all went well"
    return (
        f"{call['result']}, {call['reason']}, {call['duration'] or 0} s. Callbacks: {told or 'none'}. Verdict: {how}."
    )


async def _set_up(order: Order, stack: AsyncExitStack, say: Say) -> tuple[Control, Json]:
    session = await stack.enter_async_context(aiohttp.ClientSession())
    if order.simulator is None:
        control = Control(session, await _start_simulator(order, stack, say))
        [application] = (await control.ask("GET", "/_simulator/applications"))["applications"]
        return control, application
    control = Control(session, settings.read_url(order.simulator, "--simulator").rstrip("/"))
    application = await _find_application(order, control, stack)
    if order.callback_url or not application["callbackUrl"]:
        url = order.callback_url or await _start_sample(application["key"], application["secret"], stack, say)
        await _borrow_callbacks(control, application, settings.read_url(url, "--callback-url"), stack)
    return control, application


async def _start_simulator(order: Order, stack: AsyncExitStack, say: Say) -> str:
    key, secret = order.credentials() or (settings.DEFAULT_KEY, settings.DEFAULT_SECRET)
    url = order.callback_url or await _start_sample(key, secret, stack, say)
    application = settings.ApplicationConfig(
        key=key,
        secret=secret,
        numbers=(settings.DEFAULT_NUMBER,),
        callback_url=settings.read_url(url, "--callback-url"),
    )
    config = settings.ServerConfig(port=0, applications=(application,), clock=order.clock, seed=order.seed)
    server = SimulatorServer(config)
    await server.start()
    stack.push_async_callback(server.stop)
    say(f"A simulator runs at {server.url} ({order.clock.value} clock), for this call only.")
    return server.url


async def _start_sample(key: str, secret: str, stack: AsyncExitStack, say: Say) -> str:
    runner = web.AppRunner(ivr.application(ivr.Company(key, secret)), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    say(f"The sample webhook runs at {url} (read it: sinch_simulator/samples/ivr.py).")
    return url


async def _find_application(order: Order, control: Control, stack: AsyncExitStack) -> Json:
    there = (await control.ask("GET", "/_simulator/applications"))["applications"]
    credentials = order.credentials()
    if credentials is None:
        if not there:
            raise Refused("--simulator: it has no application; name one with --application KEY:SECRET")
        first: Json = there[0]
        return first
    key, secret = credentials
    for application in there:
        if application["key"] == key:
            found: Json = application
            return found
    made = await control.ask("POST", "/_simulator/applications", {"key": key, "secret": secret})
    stack.push_async_callback(control.ask, "DELETE", f"/_simulator/applications/{quote(key)}")
    return made


async def _borrow_callbacks(control: Control, application: Json, url: str, stack: AsyncExitStack) -> None:
    path = f"/_simulator/applications/{quote(application['key'])}"
    await control.ask("PATCH", path, {"callbackUrl": url})
    stack.push_async_callback(control.ask, "PATCH", path, {"callbackUrl": application["callbackUrl"]})


async def _place(order: Order, control: Control, application: Json, stack: AsyncExitStack) -> str:
    if order.callout:
        return await _call_out(order, control, application, stack)
    body: Json = {
        "application": application["key"],
        "from": order.source or CALLER,
        "caller": {"then": _habits(order.digits)},
    }
    if order.destination:
        body["to"] = order.destination
    return str((await control.ask("POST", "/_simulator/calls", body))["callId"])


async def _call_out(order: Order, control: Control, application: Json, stack: AsyncExitStack) -> str:
    destination = order.destination or CALLEE
    await _teach(order, control, application["key"], destination, stack)
    fields: Json = {
        "cli": order.source or next(iter(application["numbers"]), CALLER),
        "destination": {"type": _kind_of(destination), "endpoint": destination},
    }
    if order.text is None:
        body = {"method": "customCallout", "customCallout": fields}
    else:
        body = {"method": "ttsCallout", "ttsCallout": {**fields, "text": order.text, "enableDice": True}}
    credentials = base64.b64encode(f"{application['key']}:{application['secret']}".encode()).decode()
    return str((await control.ask("POST", "/calling/v1/callouts", body, f"Basic {credentials}"))["callId"])


async def _teach(order: Order, control: Control, key: str, destination: str, stack: AsyncExitStack) -> None:
    """Let the person who is called press the keys and hang up, unless somebody has said how they behave."""
    path = f"/_simulator/phones/{quote(destination, safe='')}?application={quote(key)}"
    persona = await control.ask("GET", path)
    if "answer" not in persona or persona["answer"].get("as", "human") != "human" or persona.get("then"):
        return
    await control.ask("PUT", path, {**persona, "then": _habits(order.digits)})
    stack.push_async_callback(control.ask, "DELETE", path)


def _habits(digits: str) -> list[Json]:
    menu: list[Json] = [{"wait_for": "menu"}, {"press": digits}] if digits else []
    return [*menu, {"wait_for": "connected"}, {"wait": TALK_S}, {"hang_up": True}]


def _kind_of(address: str) -> str:
    if "@" in address:
        return "sip"
    return "number" if address.lstrip("+").isdigit() else "username"


async def _follow(control: Control, key: str, call_id: str, say: Say) -> Json:
    """The call once it is over and its last callback has come to an outcome, or has had time enough to."""
    by_hand = await _clock_stands_still(control, key)
    teller = Teller(say)
    looks = 0
    say("")
    while True:
        call = await control.ask("GET", f"/_simulator/calls/{quote(call_id)}")
        teller.tell(call)
        if call["status"] == "FINAL":
            break
        looks += 1
        if by_hand:
            # A second at a time while things happen, then a minute: a call may last for four hours.
            await _advance(control, key, seconds=1 if looks <= 120 else 60)
        else:
            await asyncio.sleep(LOOK_EVERY_S)
    for _ in range(round(LAST_CALLBACKS_S / LOOK_EVERY_S)):
        if not _under_way(call):
            break
        await asyncio.sleep(LOOK_EVERY_S)
        call = await control.ask("GET", f"/_simulator/calls/{quote(call_id)}")
        teller.tell(call)
    return call


@define
class Teller:
    """Says the lines of a timeline that it has not said yet."""

    say: Say
    ladder: Ladder = field(factory=Ladder)
    said: int = -1

    def tell(self, call: Json) -> None:
        """Say what is new."""
        for entry in call["timeline"]:
            if entry["seq"] > self.said:
                self.said = entry["seq"]
                if entry["kind"] not in QUIET_KINDS:
                    self.say(self.ladder.line(entry))


async def _clock_stands_still(control: Control, key: str) -> bool:
    clock = await control.ask("GET", f"/_simulator/clock?application={quote(key)}")
    return bool(clock["mode"] == settings.ClockMode.MANUAL.value)


async def _advance(control: Control, key: str, *, seconds: int) -> None:
    await control.ask("POST", f"/_simulator/clock/advance?application={quote(key)}", {"seconds": seconds})


def _under_way(call: Json) -> set[str]:
    """The callbacks that were sent and have not come to an outcome yet."""
    ids: dict[str, set[str]] = {"callback.sent": set(), "callback.answered": set(), "callback.failed": set()}
    for entry in call["timeline"]:
        if entry["kind"] in ids:
            ids[entry["kind"]].add(entry.get("callbackId", ""))
    return ids["callback.sent"] - ids["callback.answered"] - ids["callback.failed"]
