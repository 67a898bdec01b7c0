"""``sinch-simulator numbers``: the numbers of a simulator that runs, and what each leads to, as a table."""

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.calls import table
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json

_WORDS = {"RTC": "application", "EST": "SIP trunk", "FAX": "fax service"}


@click.command(cls=Command)
@of_a_running_simulator
def command(*, url: str, key: str | None, as_json: bool) -> int:
    """List the numbers of a running simulator: those of its applications, and those that were rented."""

    async def get(running: Running) -> Json:
        return await running.control("GET", "/numbers")

    answer = in_running(url, key, get)
    if as_json:
        print_json(answer)
    elif answer["numbers"]:
        for line in table([row(number) for number in answer["numbers"]]):
            click.echo(line)
    else:
        click.echo("no number: the Numbers API rents some, or `start --number +14045550100`", err=True)
    return 0


def row(number: Json) -> list[str]:
    """A number as the columns of a table."""
    what, can = f"{number['regionCode']} {number['type']}".strip(), ", ".join(number["capabilities"])
    return [number["number"], what, can, f"calls {calls(number)}", f"texts {texts(number)}"]


def calls(number: Json) -> str:
    """What calls lead to, and what is under way."""
    voice, under_way = number["voice"], number["provisioning"]["voice"]
    leads = "to nobody" if voice is None else f"to {_WORDS[voice['type']]} {voice['id']}"
    return leads if under_way is None else f"{leads} ({under_way['status'].replace('_', ' ').lower()})"


def texts(number: Json) -> str:
    """What texts lead to, and what is under way."""
    plan, under_way = number["servicePlanId"], number["provisioning"]["sms"]
    leads = "to nobody" if plan is None else f"to service plan {plan}"
    return leads if under_way is None else f"{leads} ({under_way['status'].replace('_', ' ').lower()})"
