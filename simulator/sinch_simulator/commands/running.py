"""Reaches a simulator that is running already: what the commands that look at one, and act in it, have in common."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import click

if TYPE_CHECKING:
    from sinch_simulator.client.control import Client
    from sinch_simulator.client.errors import Refused

Json = dict[str, Any]  # what the control API answers; read here and printed, never kept
Result = TypeVar("Result")
Function = TypeVar("Function", bound=Callable[..., object])

DEFAULT_URL = "http://127.0.0.1:7462"
_TOKEN = "sinch_simulator.control_token"


def _keep_token(context: click.Context, parameter: click.Parameter, token: str | None) -> None:
    context.meta[_TOKEN] = token


def given_token() -> str | None:
    """The control token that the command was given."""
    token: str | None = click.get_current_context().meta.get(_TOKEN)
    return token


def of_a_running_simulator(function: Function) -> Function:
    """Gives a command the flags that say which simulator it speaks to, and ``--json``."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="JSON in place of text."),
        click.option("--application", "key", metavar="KEY", help="The application.  [default: the command line's]"),
        click.option(
            "--control-token", metavar="TOKEN", envvar="SINCH_SIMULATOR_CONTROL_TOKEN", expose_value=False,
            callback=_keep_token, help="Of a simulator that asks for one.",
        ),
        click.option(
            "--url", default=DEFAULT_URL, show_default=True, metavar="URL", envvar="SINCH_SIMULATOR_URL",
            help="Where the simulator runs.",
        ),
    ):
        function = option(function)
    return function


MOST_IDS = 5
"""Of the calls of a session, in an error."""


@dataclass(frozen=True)
class Running:
    """A simulator that runs, and the application there whose world is meant; None for the default world."""

    client: "Client"
    key: str | None

    async def control(self, method: str, path: str, body: Json | None = None, **query: str) -> Json:
        """The answer of the control API; ``path`` follows its prefix. Raises ``Refused``."""
        about = query if self.key is None else {"application": self.key, **query}
        return await self.client.ask(method, f"/_simulator{path}", body, query=about)

    async def act(self, call_id: str, what: str, body: Json) -> Json:
        """The call after somebody on the line has done something (``press``, ``speak``, ``hangup``, …)."""
        return await self.client.ask("POST", f"/_simulator/calls/{quote(call_id, safe='')}/{what}", body)

    async def call(self, name: str) -> Json:
        """The call of this id, or the one call whose id begins like this, or a verification in the form of a call.

        A session of Voice v2 stands for its call, where it has one only. Raises ``click.ClickException``.
        """
        from sinch_simulator.client.as_call import verification_as_call
        from sinch_simulator.client.errors import Refused

        try:
            if name:
                return await self.client.ask("GET", f"/_simulator/calls/{quote(name, safe='')}")
        except Refused as error:
            if error.status != 404 or error.code is None:
                raise
        calls = (await self.control("GET", "/calls"))["calls"]
        verifications = (await self.control("GET", "/verifications"))["verifications"]
        calls += [verification_as_call(each) for each in verifications if each["callId"] is None]
        found: list[Json] = [call for call in calls if name and call["callId"].startswith(name)]
        if len(found) == 1:
            return found[0]
        if not found and name:
            found = [call for call in calls if (call.get("sessionId") or "").startswith(name)]
            if len(found) == 1:
                return found[0]
            if found:
                ids = ", ".join(call["callId"] for call in found[:MOST_IDS])
                raise click.ClickException(f"{name!r} is a session of {len(found)} calls; show one of them: {ids}")
        if not found:
            raise click.ClickException(f"no call's id begins with {name!r}; `sinch-simulator calls` lists them")
        raise click.ClickException(f"{len(found)} calls begin with {name!r}; give more of the id")


def in_running(url: str, key: str | None, work: Callable[[Running], Awaitable[Result]]) -> Result:
    """Does the work with a simulator that runs; what goes wrong becomes one line that says what would be right."""
    import asyncio

    from sinch_simulator.client.errors import Refused
    from sinch_simulator.config import ConfigError, read_url

    token = given_token()

    async def reach() -> Result:
        from sinch_simulator.client.http import connected

        async with connected(read_url(url, "--url"), token) as client:
            return await work(Running(client, key))

    try:
        return asyncio.run(reach())
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    except Refused as error:
        raise click.ClickException(why_refused(error, url)) from None


def why_refused(error: "Refused", url: str) -> str:
    """One line about a request that was refused, or that no simulator has answered."""
    if error.status == 0 and url.startswith("https:"):
        return str(error)
    if error.status == 0:
        return f"no simulator runs at {url}; start one with `sinch-simulator start`, or say with --url where it runs"
    if error.code is None:
        return f"what answers at {url} is no simulator ({error}); say with --url where it runs"
    return str(error)


def print_json(document: object) -> None:
    """Prints one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False))


def complete_calls(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids of the calls that a shell may complete to; none when no simulator answers soon."""
    from urllib.request import ProxyHandler, Request, build_opener

    url = str(context.params.get("url") or DEFAULT_URL).rstrip("/")
    key = context.params.get("key")
    query = f"?application={quote(key)}" if key else ""
    token = context.meta.get(_TOKEN)
    try:
        asked = Request(f"{url}/_simulator/calls{query}", headers={"Authorization": f"Bearer {token}"} if token else {})
        with build_opener(ProxyHandler({})).open(asked, timeout=0.5) as response:
            calls = json.load(response)["calls"]
    except (OSError, ValueError, KeyError):
        return []
    return [call["callId"] for call in calls if call["callId"].startswith(incomplete)]
