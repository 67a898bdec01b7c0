"""Places one call, watches it climb down its ladder, and says how it went: ``sinch-simulator call``.

It is a client of the control API like any other; only the simulator and the sample webhook may live in this process.
"""

import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.trust_option import allow_host_option, ca_option

if TYPE_CHECKING:
    from sinch_simulator.client.control import ApplicationClient, Client
    from sinch_simulator.config import ClockMode

Json = dict[str, Any]  # what the control API answers; read here and printed, never kept
Say = Callable[[str], object]

CALLER = "+46700000001"
CALLEE = "+14045550199"
TALK_S = 5.0
LAST_CALLBACKS_S = 30.0
LOOK_EVERY_S = 0.05
QUIET_KINDS = frozenset({"state", "timer.fired"})


@click.command(cls=Command)
@click.option("--from", "source", metavar="+E164", help="Who calls.  [default: +46700000001; a callout: our number]")
@click.option(
    "--to", "destination", metavar="ADDRESS", help="Who is called.  [default: our number; a callout: +14045550199]"
)
@click.option("--callout", is_flag=True, help="The app calls out, by the REST API, instead of being called.")
@click.option(
    "--press", "digits", default="1", show_default=True, metavar="DIGITS", help="Keys pressed once a menu opens."
)
@click.option("--text", help="What a callout reads out (a ttsCallout); without it, it is a customCallout.")
@click.option("--callback-url", metavar="URL", help="Your webhook.  [default: a bundled sample]")
@click.option("--simulator", metavar="URL", help="A simulator that runs.  [default: one is started for this call]")
@click.option("--application", metavar="KEY:SECRET", help="The application.  [default: the simulator's first]")
@click.option(
    "--clock", type=click.Choice(["realtime", "manual", "auto"]), default="auto", show_default=True,
    help="Of the simulator that is started. With manual, the command itself advances time.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the simulator that is started.")
@ca_option
@allow_host_option
@click.option("--json", "as_json", is_flag=True, help="One document, {call, callbacks}, when it is over.")
@click.pass_context
def command(
    context: click.Context,
    *,
    source: str | None,
    destination: str | None,
    callout: bool,
    digits: str,
    text: str | None,
    callback_url: str | None,
    simulator: str | None,
    application: str | None,
    clock: str,
    seed: int,
    ca_file: str | None,
    allow_hosts: tuple[str, ...],
    as_json: bool,
) -> int:
    """Place one call and print what happens in it, line by line.

    Without --simulator and --callback-url nothing else is needed: a simulator and a sample webhook are started for this
    one call. Exit 0 when it went well, 1 when a callback or the call failed.
    """
    _refuse_what_contradicts_itself(context, digits=digits, text=text, callout=callout, simulator=simulator)
    import asyncio

    from sinch_simulator.client.errors import SimulatorError
    from sinch_simulator.config import ClockMode, ConfigError

    try:
        wanted = WantedCall(
            source=source,
            destination=destination,
            callout=callout,
            digits=digits,
            text=text,
            callback_url=callback_url,
            simulator=simulator,
            application=application,
            clock=ClockMode(clock),
            seed=seed,
            ca_file=ca_file,
            allow_hosts=allow_hosts,
        )
        say = (lambda line: None) if as_json else click.echo
        call, callbacks = asyncio.run(place_and_watch(wanted, say))
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    except SimulatorError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({"call": call, "callbacks": callbacks}))
    return 1 if went_wrong(call, callbacks) else 0


def _refuse_what_contradicts_itself(
    context: click.Context, *, digits: str, text: str | None, callout: bool, simulator: str | None
) -> None:
    if not re.fullmatch(r"[0-9*#w]*", digits):
        raise click.BadParameter("expected keys 0-9 * #, and w for a pause", param_hint="--press")
    if text is not None and not callout:
        raise click.UsageError("--text: only a callout reads a text out; add --callout")
    typed = click.core.ParameterSource.COMMANDLINE
    for flag in ("clock", "seed"):
        if simulator and context.get_parameter_source(flag) is typed:
            raise click.UsageError(f"--{flag}: the simulator at --simulator has its own")


@dataclass(frozen=True)
class WantedCall:
    """The call that is wanted, as the flags say it."""

    source: str | None
    destination: str | None
    callout: bool
    digits: str
    text: str | None
    callback_url: str | None
    simulator: str | None
    application: str | None
    clock: "ClockMode"
    seed: int
    ca_file: str | None = None
    allow_hosts: tuple[str, ...] = ()

    def credentials(self) -> tuple[str, str] | None:
        """Reads key and secret that were given, by flag or by the environment."""
        from sinch_simulator.config import read_all_credentials

        pairs = [self.application] if self.application is not None else []
        return next(iter(read_all_credentials(pairs, os.environ)), None)


async def place_and_watch(wanted: WantedCall, say: Say) -> tuple[Json, list[Json]]:
    """Places the call, tells its ladder, and gives the call and its callbacks as the control API has them."""
    async with AsyncExitStack() as stack:
        application = await _set_up(wanted, stack, say)
        call_id = await _place(wanted, application, stack)
        call = await _follow(application, call_id, say)
        callbacks = await application.callbacks(call_id)
    say("")
    say(_verdict(call, callbacks))
    return call, callbacks


def went_wrong(call: Json, callbacks: Sequence[Json]) -> bool:
    """Tells whether the call failed, or the app failed one of its callbacks."""
    from sinch_simulator.client.ended_calls import result_of

    return result_of(call)[0] == "FAILED" or any(callback["outcome"] != "answered" for callback in callbacks)


def _verdict(call: Json, callbacks: Sequence[Json]) -> str:
    from sinch_simulator.client.ended_calls import result_of

    told = ", ".join(
        callback["event"] + ("" if callback["outcome"] == "answered" else f" ({callback['outcome']})")
        for callback in callbacks
    )
    result, reason = result_of(call)
    how = "something went wrong" if went_wrong(call, callbacks) else "all went well"
    return (
        f"{result}, {reason}, {call['duration'] or 0} s. Callbacks: {told or 'none'}. Verdict: {how}."
    )


# ---- a simulator, an application, and who answers


async def _set_up(wanted: WantedCall, stack: AsyncExitStack, say: Say) -> "ApplicationClient":
    from sinch_simulator.client.control import ApplicationClient
    from sinch_simulator.client.http import connected
    from sinch_simulator.config import read_url

    if wanted.simulator is None:
        client = await _start_simulator(wanted, stack, say)
        [application] = await client.applications()
        return ApplicationClient.of(client, application)
    token = os.environ.get("SINCH_SIMULATOR_CONTROL_TOKEN")
    client = await stack.enter_async_context(connected(read_url(wanted.simulator, "--simulator"), token))
    application = await _find_application(wanted, client, stack)
    if wanted.callback_url or not application["callbackUrl"]:
        url = wanted.callback_url or await _start_sample(application["key"], application["secret"], stack, say)
        await _borrow_callbacks(client, application, read_url(url, "--callback-url"), stack)
    return ApplicationClient.of(client, application)


async def _start_simulator(wanted: WantedCall, stack: AsyncExitStack, say: Say) -> "Client":
    from sinch_simulator import config
    from sinch_simulator.embedded.host import Host

    key, secret = wanted.credentials() or (config.DEFAULT_KEY, config.DEFAULT_SECRET)
    url = wanted.callback_url or await _start_sample(key, secret, stack, say)
    application = config.ApplicationConfig(
        key=key,
        secret=secret,
        numbers=(config.DEFAULT_NUMBER,),
        callback_url=config.read_url(url, "--callback-url"),
    )
    started = config.ServerConfig(
        port=0,
        applications=(application,),
        clock=wanted.clock,
        seed=wanted.seed,
        ca_file=wanted.ca_file,
        allow_hosts=wanted.allow_hosts,
    )
    host = Host(started)
    await host.start()
    stack.push_async_callback(host.stop)
    say(f"A simulator runs at {host.url} ({wanted.clock.value} clock), for this call only.")
    return host.client


async def _start_sample(key: str, secret: str, stack: AsyncExitStack, say: Say) -> str:
    from aiohttp import web

    from sinch_simulator.samples import ivr

    runner = web.AppRunner(ivr.application(ivr.Company(key, secret)), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    say(f"The sample webhook runs at {url} (read it: {ivr.__file__}).")
    return url


async def _find_application(wanted: WantedCall, client: "Client", stack: AsyncExitStack) -> Json:
    from sinch_simulator.client.errors import SimulatorError

    there = await client.applications()
    credentials = wanted.credentials()
    if credentials is None:
        if not there:
            raise SimulatorError("--simulator: it has no application; name one with --application KEY:SECRET")
        return there[0]
    key, secret = credentials
    for application in there:
        if application["key"] == key:
            return application
    made = await client.ask("POST", "/_simulator/applications", {"key": key, "secret": secret})
    stack.push_async_callback(client.ask, "DELETE", _path_of(made))
    return made


async def _borrow_callbacks(client: "Client", application: Json, url: str, stack: AsyncExitStack) -> None:
    path = _path_of(application)
    await client.ask("PATCH", path, {"callbackUrl": url})
    stack.push_async_callback(client.ask, "PATCH", path, {"callbackUrl": application["callbackUrl"]})


def _path_of(application: Json) -> str:
    return f"/_simulator/applications/{quote(application['key'], safe='')}"


# ---- the call


async def _place(wanted: WantedCall, application: "ApplicationClient", stack: AsyncExitStack) -> str:
    if wanted.callout:
        return await _call_out(wanted, application, stack)
    body: Json = {"from": wanted.source or CALLER, "caller": {"then": _habits(wanted.digits)}}
    if wanted.destination:
        body["to"] = wanted.destination
    return str((await application.dial(body))["callId"])


async def _call_out(wanted: WantedCall, application: "ApplicationClient", stack: AsyncExitStack) -> str:
    destination = wanted.destination or CALLEE
    await _teach(wanted, application, destination, stack)
    fields: Json = {
        "cli": wanted.source or application.number or CALLER,
        "destination": {"type": _kind_of(destination), "endpoint": destination},
    }
    if wanted.text is None:
        return await application.call_out({"method": "customCallout", "customCallout": fields})
    fields |= {"text": wanted.text, "enableDice": True}
    return await application.call_out({"method": "ttsCallout", "ttsCallout": fields})


async def _teach(
    wanted: WantedCall, application: "ApplicationClient", destination: str, stack: AsyncExitStack
) -> None:
    """Lets the person who is called press the keys and hang up, unless somebody has said how they behave."""
    path = f"/phones/{quote(destination, safe='')}"
    persona = await application.control("GET", path)
    if "answer" not in persona or persona["answer"].get("as", "human") != "human" or persona.get("then"):
        return
    await application.script(destination, {**persona, "then": _habits(wanted.digits)})
    stack.push_async_callback(application.control, "DELETE", path)


def _habits(digits: str) -> list[Json]:
    menu: list[Json] = [{"wait_for": "menu"}, {"press": digits}] if digits else []
    return [*menu, {"wait_for": "connected"}, {"wait": TALK_S}, {"hang_up": True}]


def _kind_of(address: str) -> str:
    if "@" in address:
        return "sip"
    return "number" if address.lstrip("+").isdigit() else "username"


async def _follow(application: "ApplicationClient", call_id: str, say: Say) -> Json:
    """Follows the call until it is over and its last callback has an outcome, or has had time enough for one."""
    import asyncio

    by_hand = (await application.control("GET", "/clock"))["mode"] == "manual"
    tell = _teller(say)
    looks = 0
    say("")
    while True:
        call = await application.call(call_id)
        tell(call)
        if call["status"] == "FINAL":
            break
        looks += 1
        if by_hand:
            # A second at a time while things happen, then a minute: a call may last for four hours.
            await application.advance(1000 if looks <= 120 else 60_000)
        else:
            await asyncio.sleep(LOOK_EVERY_S)
    for _ in range(round(LAST_CALLBACKS_S / LOOK_EVERY_S)):
        if not _under_way(call):
            break
        await asyncio.sleep(LOOK_EVERY_S)
        call = await application.call(call_id)
        tell(call)
    return call


def _teller(say: Say) -> Callable[[Json], None]:
    """Gives a function that says the lines of a call's timeline that it has not said yet."""
    from sinch_simulator.ladder import Ladder
    from sinch_simulator.ladder.repeats import without_repeats

    ladder = Ladder()
    said = -1

    def tell(call: Json) -> None:
        nonlocal said
        new = [entry for entry in call["timeline"] if entry["seq"] > said]
        said = new[-1]["seq"] if new else said
        for told in without_repeats(entry for entry in new if entry["kind"] not in QUIET_KINDS):
            say(ladder.line_of(told))

    return tell


def _under_way(call: Json) -> set[str]:
    """Finds the callbacks that were sent and have no outcome yet."""
    ids: dict[str, set[str]] = {"callback.sent": set(), "callback.answered": set(), "callback.failed": set()}
    for entry in call["timeline"]:
        if entry["kind"] in ids:
            ids[entry["kind"]].add(entry.get("callbackId", ""))
    return ids["callback.sent"] - ids["callback.answered"] - ids["callback.failed"]
