"""Lists and copies bundled scenarios and prints the schema of the language: ``sinch-simulator scenario``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command

if TYPE_CHECKING:
    from sinch_scenarios.catalogue import Entry


@click.group()
def command() -> None:
    """List, show and copy bundled scenarios; print their schema."""


@command.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def list_scenarios(*, as_json: bool) -> int:
    """List the bundled scenarios by theme."""
    from sinch_scenarios.catalogue import entries

    read = [(entry, entry.scenario()) for entry in entries()]
    if as_json:
        rows = [
            {
                "name": entry.name,
                "theme": entry.theme,
                "title": scenario.name,
                "description": scenario.description,
                "app": None if scenario.sample is None else scenario.sample.value,
                "file": str(entry.path),
            }
            for entry, scenario in read
        ]
        click.echo(json.dumps({"scenarios": rows}))
        return 0
    width = max(len(entry.name) for entry, _ in read)
    theme = ""
    for entry, scenario in read:
        if entry.theme != theme:
            theme = entry.theme
            click.echo(f"\n{theme}")
        click.echo(f"  {entry.name:<{width}}  {scenario.description}")
    click.echo("\nRun one: sinch-simulator run $(sinch-simulator scenario copy NAME .)")
    return 0


@command.command("show", cls=Command)
@click.argument("name")
def show(*, name: str) -> int:
    """Print a bundled scenario, or all of a theme."""
    found = _find(name)
    for entry in found:
        if len(found) > 1:
            click.echo(f"# ---- {entry.name}")
        click.echo(entry.path.read_text(encoding="utf-8"), nl=False)
    return 0


@command.command("copy", cls=Command)
@click.argument("name")
@click.argument("folder", type=click.Path(), default=".")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def copy(*, name: str, folder: str, force: bool) -> int:
    """Copy a scenario, a theme or `all` into a folder.

    Prints the files that were written.
    """
    from sinch_scenarios.catalogue import entries

    for entry in entries() if name == "all" else _find(name):
        target = Path(folder) / entry.path.name if name != "all" else Path(folder) / f"{entry.name}.yaml"
        if target.exists() and not force:
            raise click.ClickException(f"{target} is there already; --force writes over it")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(entry.path.read_bytes())
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror or error}") from None
        click.echo(str(target))
    return 0


@command.command("schema", cls=Command)
def schema() -> int:
    """Print the JSON Schema of scenario files, for editors."""
    from sinch_scenarios.language.schema import schema as document

    click.echo(json.dumps(document(), indent=2))
    return 0


def _find(name: str) -> "list[Entry]":
    from sinch_scenarios.catalogue import find

    try:
        return find(name)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
