"""Writes the result of a load test as JSON, as text, and as an HTML page with plots that needs nothing else."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.run import Tally
from sinch_simulator.ladder.page import heading, page

PERCENTILES = (50, 90, 95, 99, 100)
_BAR_WIDTH = 360
_PLOT_WIDTH, _PLOT_HEIGHT = 640, 160


def json_report(tally: Tally) -> dict[str, Json]:
    """Gives the document of ``--json``."""
    latencies: dict[str, Json] = {event: {**_percentiles(counts)} for event, counts in tally.latencies.items()}
    latencies["all"] = {**_percentiles(_all_latencies(tally))}
    return {
        "calls": tally.calls,
        "seconds": round(tally.seconds, 3),
        "callsPerSecond": round(_rate(tally.calls, tally), 1),
        "callbacks": tally.callback_count,
        "callbacksPerSecond": round(_rate(tally.callback_count, tally), 1),
        "latencyMs": latencies,
        "people": {title: tally.kinds[index] for index, title in _numbered(tally.people)},
        "outcomes": _named(tally.outcomes),
        "callbackOutcomes": _named(tally.callbacks),
        "diagnostics": {code: count for (code, _), count in tally.diagnostics.most_common()},
        "refused": dict(tally.refused.most_common(20)),
        "stuckCalls": tally.stuck,
        "passed": tally.passed,
    }


def progress(tally: Tally, calls: int) -> str:
    """Says in one line how far it is, while it runs."""
    return (
        f"{tally.calls}/{calls} calls, {_rate(tally.calls, tally):.0f} calls/s, "
        f"{_rate(tally.callback_count, tally):.0f} callbacks/s, {tally.failed_callbacks} failed, {tally.stuck} stuck"
    )


def text_report(tally: Tally) -> str:
    """Writes the result for a terminal."""
    all_latencies = _percentiles(_all_latencies(tally))
    told = ", ".join(f"{name} {value} ms" for name, value in all_latencies.items())
    lines = [
        f"{tally.calls} calls in {tally.seconds:.1f} s: {_rate(tally.calls, tally):.0f} calls/s, "
        f"{_rate(tally.callback_count, tally):.0f} callbacks/s",
        f"callback latency: {told or 'no callbacks'}",
        "outcomes:",
        *(f"  {count:>8}  {name}" for name, count in _named(tally.outcomes).items()),
        "callbacks:",
        *(f"  {count:>8}  {name}" for name, count in _named(tally.callbacks).items()),
    ]
    if tally.diagnostics:
        lines.append("diagnostics:")
        lines += [f"  {count:>8}  {code} ({severity})" for (code, severity), count in tally.diagnostics.most_common()]
    if tally.refused:
        lines.append("refused requests:")
        lines += [f"  {count:>8}  {message}" for message, count in tally.refused.most_common(20)]
    lines.append(f"stuck calls: {tally.stuck}")
    return "\n".join(lines)


def html_report(tally: Tally, title: str) -> str:
    """Writes the page."""
    people = [(name, tally.kinds[index]) for index, name in _numbered(tally.people)]
    diagnostics = [(f"{code} ({severity})", count) for (code, severity), count in tally.diagnostics.most_common()]
    sections = [
        ("Calls over per second", _columns(sorted(tally.finished.items()), "s")),
        ("Callback latency", _columns(_histogram(_all_latencies(tally)), "ms") + _latency_table(tally)),
        ("Outcomes", _bars(_named(tally.outcomes).items())),
        ("Callbacks", _bars(_named(tally.callbacks).items())),
        ("People", _bars(people)),
        ("Diagnostics", _bars(diagnostics)),
        ("Refused requests", _bars(tally.refused.most_common(20))),
    ]
    summary = (
        f"{tally.calls} calls in {tally.seconds:.1f} s: {_rate(tally.calls, tally):.0f} calls/s, "
        f"{_rate(tally.callback_count, tally):.0f} callbacks/s, {tally.failed_callbacks} failed callbacks, "
        f"{tally.stuck} stuck calls"
    )
    plots = [f"<h2>{escape(name)}</h2>\n{plot}" for name, plot in sections if plot]
    return page(title, [heading(title, summary), *plots])


# ---- numbers


def _rate(count: int, tally: Tally) -> float:
    return count / tally.seconds if tally.seconds > 0 else 0.0


def _all_latencies(tally: Tally) -> Counter[int]:
    together: Counter[int] = Counter()
    for counts in tally.latencies.values():
        together.update(counts)
    return together


def _percentiles(counts: Counter[int]) -> dict[str, int]:
    total = sum(counts.values())
    found: dict[str, int] = {}
    passed = 0
    wanted = list(PERCENTILES) if total else []
    for value in sorted(counts):
        passed += counts[value]
        while wanted and passed * 100 >= wanted[0] * total:
            found["max" if wanted[0] == 100 else f"p{wanted[0]}"] = value
            wanted.pop(0)
    return found


def _histogram(counts: Counter[int]) -> list[tuple[int, int]]:
    """Counts in at most forty columns from nothing to the longest."""
    if not counts:
        return []
    step = max(counts) // 40 + 1
    columns: Counter[int] = Counter()
    for value, count in counts.items():
        columns[value // step * step] += count
    return sorted(columns.items())


def _named(counts: Counter[tuple[str, str]]) -> dict[str, Json]:
    return {" ".join(names): count for names, count in counts.most_common()}


def _numbered(names: Sequence[str]) -> list[tuple[int, str]]:
    """Gives names with their place; a name that is there twice gets its place added."""
    return [(index, name if names.count(name) == 1 else f"{name} ({index + 1})") for index, name in enumerate(names)]


# ---- plots


def _bars(rows: Iterable[tuple[str, Json]]) -> str:
    numbers = [(name, value) for name, value in rows if isinstance(value, int)]
    if not numbers:
        return ""
    most = max(value for _, value in numbers) or 1
    parts = []
    for index, (name, value) in enumerate(numbers):
        y = index * 22
        width = max(1, round(value / most * _BAR_WIDTH))
        parts.append(
            f'<text x="215" y="{y + 14}" text-anchor="end">{escape(name[:40])}</text>'
            f'<rect x="222" y="{y + 2}" width="{width}" height="16"/>'
            f'<text x="{228 + width}" y="{y + 14}">{value}</text>'
        )
    return f'<svg width="{_PLOT_WIDTH + 20}" height="{len(numbers) * 22}" role="img">{"".join(parts)}</svg>'


def _columns(rows: Sequence[tuple[int, int]], unit: str) -> str:
    if not rows:
        return ""
    last, most = rows[-1][0] or 1, max(count for _, count in rows)
    width = max(2.0, min(40.0, _PLOT_WIDTH / (len(rows) + 1) - 1))
    parts = []
    for value, count in rows:
        height = max(1, round(count / most * _PLOT_HEIGHT))
        x = value / last * (_PLOT_WIDTH - width)
        parts.append(
            f'<rect x="{x:.1f}" y="{_PLOT_HEIGHT - height}" width="{width:.1f}" height="{height}">'
            f"<title>{value} {unit}: {count}</title></rect>"
        )
    axis = (
        f'<text x="0" y="{_PLOT_HEIGHT + 16}">{rows[0][0]} {unit}</text>'
        f'<text x="{_PLOT_WIDTH}" y="{_PLOT_HEIGHT + 16}" text-anchor="end">{rows[-1][0]} {unit}; at most {most}</text>'
    )
    return f'<svg width="{_PLOT_WIDTH + 20}" height="{_PLOT_HEIGHT + 24}" role="img">{"".join(parts)}{axis}</svg>'


def _latency_table(tally: Tally) -> str:
    rows = "".join(
        f"<tr><td>{escape(event)}</td>"
        + "".join(f"<td>{value} ms</td>" for value in _percentiles(counts).values())
        + "</tr>"
        for event, counts in sorted(tally.latencies.items())
    )
    heads = "".join(f"<th>{'max' if each == 100 else f'p{each}'}</th>" for each in PERCENTILES)
    return f"<table><tr><th>event</th>{heads}</tr>{rows}</table>" if rows else ""
