"""Checks SVAML documents without a call: ``sinch-simulator lint``."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command

if TYPE_CHECKING:
    from sinch_simulator.core.diagnostics import Diagnostic

_ANSWERED = {
    "ice": "the answer to an ICE",
    "ace": "the answer to an ACE",
    "pie": "the answer to a PIE",
    "patch": "an update of a call by PATCH",
    "dice": "the answer to a DiCE",
}


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@click.option(
    "--event",
    type=click.Choice(["ice", "ace", "pie", "patch", "dice"]),
    default="ice",
    show_default=True,
    help="What the documents answer: it decides which actions are allowed.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, files: tuple[str, ...], event: str, as_json: bool) -> int:
    """Check SVAML documents; - reads stdin. Exit 0 when no finding is an error, 1 otherwise."""
    documents = [(name, _read(name)) for name in files]

    from sinch_simulator.core.diagnostics import Severity
    from sinch_simulator.products.voice.svaml.model import SvamlContext
    from sinch_simulator.products.voice.svaml.reading import lint_document

    findings = [(name, found) for name, text in documents for found in lint_document(text, SvamlContext(event))]
    if as_json:
        click.echo(json.dumps({"diagnostics": [_as_json(name, found) for name, found in findings]}))
    else:
        for name, found in findings:
            click.echo(_as_text(name, found))
        for name in dict.fromkeys(files):
            if name not in {there for there, _ in findings}:
                click.echo(f"{name}: nothing wrong, as {_ANSWERED[event]} (--event {event})")
    return 1 if any(found.severity is Severity.ERROR for _, found in findings) else 0


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror or error}") from None


def _as_json(name: str, found: "Diagnostic") -> dict[str, str]:
    return {"file": name, **found.as_json()}


def _as_text(name: str, found: "Diagnostic") -> str:
    hint = f" ({found.hint})" if found.hint else ""
    return f"{name}: {found.path or 'document'}: {found.code}: {found.message}{hint}"
