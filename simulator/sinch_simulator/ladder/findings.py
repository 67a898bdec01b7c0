"""Findings for people: one line for each kind, and which of them fail a test."""

from collections.abc import Collection, Iterable

from sinch_simulator.ladder.steps import Entry, finding, printable, said


def kinds_of(findings: Iterable[Entry]) -> list[str]:
    """One line for each code: the first finding of it, and how many more there are."""
    by_code: dict[str, list[str]] = {}
    for each in findings:
        by_code.setdefault(said(each, "code"), []).append(finding(each))
    return [printable(first) + (f" (and {len(more)} more)" if more else "") for first, *more in by_code.values()]


def condemned(findings: Iterable[Entry], fail_on: Collection[str], allowed: Collection[str] = ()) -> list[str]:
    """One line for each code of findings that fail a test: ``fail_on`` names severities, ``allowed`` codes.

    ``warning`` stands for errors too. An error in an app's reply has failed its callback, and is judged by that.
    """
    severities = {"warning", "error"} if "warning" in fail_on else {"error"} if "error" in fail_on else set()
    return kinds_of(
        each
        for each in findings
        if said(each, "severity") in severities
        and said(each, "code") not in allowed
        and not (said(each, "severity") == "error" and each.get("event"))
    )
