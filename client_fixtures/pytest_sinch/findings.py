"""Shows the warnings about a test's calls in the summary of warnings of pytest.

The user's filters choose which are shown (``ignore:CODE``). A filter that makes errors of warnings fails no test here:
what is found about an app is no warning of Python, and ``fail_on`` says whether it fails a test.
"""

import warnings
from collections.abc import Iterable, Mapping

import pytest


class SinchWarning(UserWarning):
    """Says what was found about an app in a test that may pass all the same; it begins with a code."""


def show_warnings(node: pytest.Item, findings: Iterable[Mapping[str, object]], allowed: Iterable[str] = ()) -> None:
    """Shows one line for each kind of warning, with the test that it came of; nothing of the codes ``allowed``."""
    from sinch_simulator.ladder import kinds_of

    unsaid = set(allowed)
    wanted = [one for one in findings if one["severity"] == "warning" and one["code"] not in unsaid]
    path, line, _ = node.location
    for text in kinds_of(wanted):
        message = SinchWarning(text.removeprefix("warning "))
        if _passes_the_filters(message, path):
            recorded = warnings.WarningMessage(message, SinchWarning, path, (line or 0) + 1, line="")
            node.ihook.pytest_warning_recorded.call_historic(
                kwargs={"warning_message": recorded, "nodeid": node.nodeid, "when": "runtest", "location": None}
            )


def _passes_the_filters(message: SinchWarning, path: str) -> bool:
    with warnings.catch_warnings(record=True) as shown:
        try:
            warnings.warn_explicit(message, SinchWarning, path, 1, registry={})
        except SinchWarning:
            return True
    return bool(shown)
