"""What ``exec`` does once its flags are read: simulator, interception, command, and a summary of what was asked."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from attrs import frozen

from sinch_simulator.client.control import CONTROL
from sinch_simulator.client.errors import Refused
from sinch_simulator.client.http import connected
from sinch_simulator.commands.exec_summary import Summary
from sinch_simulator.commands.start import made_of
from sinch_simulator.config import ClockMode
from sinch_simulator.intercept.command import CannotExecuteError, EndedEarlyError, Signals
from sinch_simulator.intercept.interception import Interception, intercept
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.process import collect_rarely

if TYPE_CHECKING:
    from sinch_simulator.client.control import Client
    from sinch_simulator.config import ServerConfig
    from sinch_simulator.phones.behaviour import Persona
    from sinch_simulator.server.worlds import Worlds

# By the field of an application's document: the variable that programs read.
_CREDENTIALS = {
    "key": "SINCH_APPLICATION_KEY",
    "secret": "SINCH_APPLICATION_SECRET",
    "projectId": "SINCH_PROJECT_ID",
    "keyId": "SINCH_KEY_ID",
    "keySecret": "SINCH_KEY_SECRET",
    "servicePlanId": "SINCH_SERVICE_PLAN_ID",
    "apiToken": "SINCH_API_TOKEN",
}

_LONGEST_END_S = 8.0
"""Real seconds in which calls may come to their end once the command has ended."""
_LONGEST_CALL_S = 5 * 3600
"""Simulated seconds that pass for it at most: a call lasts for four hours."""
_STEP_S = 60


@frozen
class Order:
    """The command and exec's own flags."""

    arguments: tuple[str, ...]
    strict: bool
    confined: bool
    ladder: bool
    page: bool
    quiet: bool


async def run_command(
    order: Order, config: "ServerConfig", phones: "Mapping[str, Persona]", signals: Signals
) -> int:
    """Runs the command against a simulator of this configuration, and gives the exit code of exec."""

    def prepare(worlds: "Worlds") -> None:
        for address, persona in phones.items():
            worlds.default.simulation.phonebook.script(address, persona)
        collect_rarely()

    server = SimulatorServer(config, prepare)
    try:
        await server.start()
    except OSError as error:
        from sinch_simulator.server.refused_address import why_not_served

        raise click.ClickException(why_not_served(config.host, config.port, error)) from None
    try:
        async with intercept(
            server.url, os.environ, strict=order.strict, confined=order.confined
        ) as interception:
            if order.page:
                token = f"?token={server.control_token}" if server.control_token is not None else ""
                _say(f"the page is at {server.url}/{token}")
            code = await _run(order, config, server, interception, signals)
            if not order.quiet:
                await _sum_up(order, server, interception, config.seed, config.clock)
            if order.page and sys.stderr.isatty():
                await _serve_on(server.url, signals)
            return code
    finally:
        await server.stop()


async def _run(
    order: Order, config: "ServerConfig", server: SimulatorServer, interception: Interception, signals: Signals
) -> int:
    application = made_of(config)[0].as_json()
    variables = {"SINCH_SIMULATOR_URL": server.url}
    if server.control_token is not None:
        variables["SINCH_SIMULATOR_CONTROL_TOKEN"] = server.control_token
    for name, variable in _CREDENTIALS.items():
        variables[variable] = application[name]
    warn = (lambda text: None) if order.quiet else _say
    try:
        return await interception.run(order.arguments, variables, signals, warn)
    except CannotExecuteError as error:
        _say(str(error))
        return error.code
    except EndedEarlyError as error:
        return error.code


async def _sum_up(
    order: Order, server: SimulatorServer, interception: Interception, seed: int, clock: ClockMode
) -> None:
    try:
        async with connected(server.url, server.control_token) as client:
            if clock is ClockMode.AUTO:
                await _play_to_the_end(client)
            calls = (await client.ask("GET", f"{CONTROL}/calls"))["calls"]
            messages = (await client.ask("GET", f"{CONTROL}/messages"))["messages"]
            findings = (await client.ask("GET", f"{CONTROL}/diagnostics"))["diagnostics"]
    except Refused as error:
        _say(f"the simulator says no more what happened: {error}")
        return
    summary = Summary(interception.asked, interception.given_up, calls, messages, findings, seed)
    for line in summary.lines(ladder=order.ladder):
        click.echo(line, err=True)


async def _play_to_the_end(client: "Client") -> None:
    """Lets calls and texts that are under way come to their end where nothing but simulated time is wanting.

    It gives up after a few real seconds: an app may not answer, a stream may go on.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_END_S):
            await client.ask("POST", f"{CONTROL}/clock/advance", {"seconds": 0})
            for _ in range(_LONGEST_CALL_S // _STEP_S):
                if not await _is_under_way(client):
                    return
                await client.ask("POST", f"{CONTROL}/clock/advance", {"seconds": _STEP_S})


async def _is_under_way(client: "Client") -> bool:
    """Whether a call goes on, or what becomes of a text is not known yet."""
    if (await client.ask("GET", f"{CONTROL}/calls?status=ONGOING&timeline=false"))["calls"]:
        return True
    messages = (await client.ask("GET", f"{CONTROL}/messages?direction=outbound"))["messages"]
    return any(message["finalAt"] is None for message in messages)


async def _serve_on(url: str, signals: Signals) -> None:
    """Serves until a signal says that nobody looks at the page any more."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def stop(number: int) -> None:
        loop.call_soon_threadsafe(stopped.set)

    signals.deliver_to(stop, also_from_terminal=True)
    _say(f"the command has ended; {url}/ is served until Ctrl-C")
    await stopped.wait()


def _say(text: str) -> None:
    click.echo(f"sinch-simulator exec: {text}", err=True)
