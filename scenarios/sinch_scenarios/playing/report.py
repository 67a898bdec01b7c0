"""Writes the results of scenarios as text, JSON and JUnit XML."""

from collections.abc import Sequence
from xml.etree import ElementTree

from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.playing.results import Result
from sinch_simulator.ladder import kinds_of


def line_of(result: Result) -> str:
    """Says in one line how a scenario went."""
    if result.failure is None:
        return f"ok      {result.name}  ({result.seconds:.2f} s)"
    return f"FAILED  {result.name}  ({result.seconds:.2f} s)"


def story_of(result: Result) -> str:
    """Tells why a scenario failed: the step with its place, what was expected, what came, and each call's ladder."""
    failure = result.failure
    if failure is None:
        return ""
    place = f"{result.file}:{failure.line}:{failure.column}: step {failure.step}: {failure.message}"
    return "\n\n".join([place, *failure.ladders])


def table(results: Sequence[Result]) -> str:
    """Lists all results under one another, and counts them."""
    if not results:
        return "no scenario was played"
    width = max(len(result.name) for result in results)
    rows = [
        f"{'ok' if result.passed else 'FAILED':<6}  {result.name:<{width}}  {result.simulated_s:>9.1f} s simulated  "
        f"{result.seconds:>6.2f} s"
        for result in results
    ]
    failed = sum(not result.passed for result in results)
    counted = sum(len(result.warnings) for result in results)
    told = f", {counted} warning{'s' * (counted != 1)}" if counted else ""
    return "\n".join([*rows, *_warnings(results), "", f"{len(results) - failed} passed, {failed} failed{told}"])


def _warnings(results: Sequence[Result]) -> list[str]:
    """Lists the warnings: under each scenario that has any, one line for each kind."""
    lines: list[str] = []
    for result in results:
        if result.warnings:
            lines += ["", f"{result.name}:", *(f"  {line}" for line in kinds_of(result.warnings))]
    return lines


def json_report(results: Sequence[Result]) -> dict[str, Json]:
    """Gives the document of ``--json``."""
    scenarios: list[Json] = []
    for result in results:
        failure: Json = None
        if result.failure is not None:
            failure = {
                "step": result.failure.step,
                "line": result.failure.line,
                "column": result.failure.column,
                "message": result.failure.message,
                "ladders": list(result.failure.ladders),
            }
        scenarios.append(
            {
                "file": result.file,
                "name": result.name,
                "passed": result.passed,
                "seconds": round(result.seconds, 3),
                "simulatedSeconds": result.simulated_s,
                "failure": failure,
                "warnings": list(result.warnings),
            }
        )
    failed = sum(not result.passed for result in results)
    warnings = sum(len(result.warnings) for result in results)
    return {"passed": len(results) - failed, "failed": failed, "warnings": warnings, "scenarios": scenarios}


def junit_report(results: Sequence[Result]) -> str:
    """Gives the document of ``--junit``: a test case for each scenario."""
    suite = ElementTree.Element(
        "testsuite",
        name="sinch-simulator run",
        tests=str(len(results)),
        failures=str(sum(not result.passed for result in results)),
        errors="0",
        time=f"{sum(result.seconds for result in results):.3f}",
    )
    for result in results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=_xml_text(result.file),
            name=_xml_text(result.name),
            time=f"{result.seconds:.3f}",
        )
        if result.failure is not None:
            failure = ElementTree.SubElement(case, "failure", message=_xml_text(result.failure.message))
            failure.text = _xml_text(story_of(result))
        if result.warnings:
            ElementTree.SubElement(case, "system-out").text = _xml_text("\n".join(kinds_of(result.warnings)))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _xml_text(text: str) -> str:
    """Leaves out the control characters that XML has no way to write."""
    return "".join(character if character >= " " or character in "\n\t" else "\ufffd" for character in text)
