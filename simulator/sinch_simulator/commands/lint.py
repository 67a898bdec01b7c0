"""Checks SVAML documents without a call: ``sinch-simulator lint``."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command

if TYPE_CHECKING:
    from collections.abc import Callable

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
    help="What the documents answer: it decides which actions are allowed.  [default: ice]",
)
@click.option(
    "--v2", is_flag=True, help="SVAML of Voice API v2, by the rules of its svaml/validate, type STRICT."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(*, files: tuple[str, ...], event: str | None, v2: bool, as_json: bool) -> int:
    """Check SVAML documents; - reads stdin. Exit 0 when no finding is an error, 1 otherwise."""
    if v2 and event is not None:
        raise click.UsageError("--event is for SVAML of Voice API v1: a document of v2 is the same at every event")
    documents = [(name, _read(name)) for name in files]

    from sinch_simulator.core.diagnostics import Severity

    check = _check_v2 if v2 else _checker(event or "ice")
    findings = [(name, found) for name, text in documents for found in check(text)]
    if as_json:
        click.echo(json.dumps({"diagnostics": [_as_json(name, found) for name, found in findings]}))
    else:
        for name, found in findings:
            click.echo(_as_text(name, found))
        for name in dict.fromkeys(files):
            if name not in {there for there, _ in findings}:
                click.echo(f"{name}: nothing wrong, {_read_as(event or 'ice', v2=v2)}")
    return 1 if any(found.severity is Severity.ERROR for _, found in findings) else 0


def _checker(event: str) -> "Callable[[bytes], list[Diagnostic]]":
    from sinch_simulator.products.voice.svaml.model import SvamlContext
    from sinch_simulator.products.voice.svaml.reading import lint_document

    return lambda text: lint_document(text, SvamlContext(event))


def _check_v2(text: bytes) -> "list[Diagnostic]":
    from sinch_simulator.products.voice.v2.svaml.reading import lint_document

    return lint_document(text)


def _read_as(event: str, *, v2: bool) -> str:
    return "as a document of Voice API v2 (--v2)" if v2 else f"as {_ANSWERED[event]} (--event {event})"


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
