"""Writes the result of a load test as JSON, as text, and as an HTML page with plots that needs nothing else."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.plots import Group, bars, columns
from sinch_scenarios.load.tally import Tally
from sinch_scenarios.load.worlds import Sample
from sinch_simulator.ladder import render
from sinch_simulator.ladder.page import call_part, heading, page

PERCENTILES = (50, 90, 95, 99, 100)
NEARLY_ALL_OF_A_CORE = 0.9
LONG_ENOUGH_TO_SAY_S = 2.0
_UNTOLD = frozenset({"state", "timer.fired"})


def json_report(tally: Tally) -> dict[str, Json]:
    """Gives the document of ``--json``."""
    latencies: dict[str, Json] = {event: {**_percentiles(counts)} for event, counts in tally.latencies.items()}
    latencies["all"] = {**_percentiles(_all_latencies(tally))}
    return {
        "calls": tally.calls,
        "seconds": round(tally.seconds, 3),
        "busy": round(tally.busy, 2),
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
        "verdict": verdict(tally),
        "seed": tally.seed,
        "date": tally.date,
        "samples": [
            {"kind": kind, "callId": sample.call["callId"], "ladder": _ladder(sample)}
            for kind, sample in tally.samples.items()
        ],
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
        _pace(tally),
        f"callback latency: {told or 'no callbacks'}",
        "calls by outcome:",
        *_lines(_grouped(tally.outcomes)),
        "callbacks by outcome:",
        *_lines(_grouped(_by_outcome(tally.callbacks))),
    ]
    if tally.diagnostics:
        lines.append("diagnostics:")
        lines += [f"  {count:>8}  {code} ({severity})" for (code, severity), count in tally.diagnostics.most_common()]
    if tally.refused:
        lines.append("refused requests:")
        lines += [f"  {count:>8}  {message}" for message, count in tally.refused.most_common(20)]
    lines.append(f"stuck calls: {tally.stuck}")
    for kind, sample in tally.samples.items():
        lines += ["", f"one call of this kind: {kind}", _ladder(sample)]
    lines += ["", _when(tally), verdict(tally)]
    return "\n".join(lines)


def _lines(groups: Sequence[Group]) -> list[str]:
    lines: list[str] = []
    for group in groups:
        lines.append(f"  {group.total:>8}  {group.name}")
        lines += [f"  {count:>16}  {name}" for name, count in group.rows]
    return lines


def _ladder(sample: Sample) -> str:
    return render(entry for entry in sample.call["timeline"] if entry["kind"] not in _UNTOLD)


def html_report(tally: Tally, title: str) -> str:
    """Writes the page."""
    people = [(name, tally.kinds[index]) for index, name in _numbered(tally.people)]
    findings = [(f"{code} ({severity})", count) for (code, severity), count in tally.diagnostics.most_common()]
    latencies = _all_latencies(tally)
    step = _step(latencies)
    histogram = columns(_histogram(latencies, step), step=step, across="ms until the app had answered", up="callbacks")
    finished = columns(sorted(tally.finished.items()), step=1, across="s since the start", up="calls over per s")
    sections = [
        ("Calls over per second", finished),
        ("How long your app took", histogram + _latency_table(tally) if latencies else ""),
        ("How calls ended", bars(_grouped(tally.outcomes), "calls")),
        ("What became of callbacks", bars(_grouped(_by_outcome(tally.callbacks)), "callbacks")),
        ("Who called, or was called", bars([Group("", tuple(people))], "people")),
        ("Findings", bars([Group("", tuple(findings))], "findings")),
        ("Refused requests", bars([Group("", tuple(tally.refused.most_common(20)))], "requests")),
    ]
    css = "good" if tally.passed else "bad"
    parts = [heading(title, _when(tally)), f'<p class="{css}"><strong>{escape(verdict(tally))}</strong></p>']
    parts.append(f'<p class="sub">{escape(_pace(tally))}</p>')
    parts += [f"<h2>{escape(name)}</h2>\n{plot}" for name, plot in sections if plot]
    if tally.samples:
        parts.append("<h2>One call of each kind of failure</h2>")
        for kind, sample in tally.samples.items():
            parts += [f"<h2 class=\"bad\">{escape(kind)}</h2>", call_part(sample.call, sample.callbacks)]
    return page(title, parts)


def verdict(tally: Tally) -> str:
    """Says in one line whether all went well, and if not what did not."""
    if tally.passed:
        return f"Passed: {_counted(tally.calls, 'call')}, every callback answered, no call stuck, no request refused."
    wrong = []
    if tally.failed_callbacks:
        kinds = [f"{event} {outcome} {count}" for (event, outcome), count in tally.callbacks.most_common()
                 if outcome != "answered"]  # fmt: skip
        of_all = f"{tally.failed_callbacks} of {_counted(tally.callback_count, 'callback')}"
        wrong.append(f"{of_all} failed ({', '.join(kinds)})")
    if tally.stuck:
        wrong.append(f"{_counted(tally.stuck, 'call')} stuck")
    if tally.refused:
        wrong.append(f"{_counted(sum(tally.refused.values()), 'request')} refused")
    return f"FAILED: {', '.join(wrong)}."


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


def _step(counts: Counter[int]) -> int:
    """The width of a column, where there are at most forty from nothing to the longest."""
    return max(counts) // 40 + 1 if counts else 1


def _histogram(counts: Counter[int], step: int) -> list[tuple[int, int]]:
    found: Counter[int] = Counter()
    for value, count in counts.items():
        found[value // step * step] += count
    return sorted(found.items())


def _by_outcome(callbacks: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter({(outcome, event): count for (event, outcome), count in callbacks.items()})


def _grouped(counts: Counter[tuple[str, str]]) -> list[Group]:
    """Counts by the first name, the largest group first."""
    rows: dict[str, list[tuple[str, int]]] = {}
    for (name, below), count in counts.most_common():
        rows.setdefault(name, []).append((below, count))
    return sorted((Group(name, tuple(each)) for name, each in rows.items()), key=lambda group: -group.total)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _when(tally: Tally) -> str:
    """Says what is needed to repeat it, and when it was."""
    return f"seed {tally.seed} (the same seed draws the same people)" + f", {tally.date}" * bool(tally.date)


def _pace(tally: Tally) -> str:
    pace = (
        f"{_counted(tally.calls, 'call')} in {tally.seconds:.1f} s: {_rate(tally.calls, tally):.0f} calls/s, "
        f"{_rate(tally.callback_count, tally):.0f} callbacks/s"
    )
    if tally.busy < NEARLY_ALL_OF_A_CORE or tally.seconds < LONG_ENOUGH_TO_SAY_S:
        return pace
    return (
        f"{pace}; the simulator's process took {tally.busy:.0%} of a core, so it may be the simulator that sets this "
        "pace, not the app: docs/load.md shows how more processes press"
    )


def _named(counts: Counter[tuple[str, str]]) -> dict[str, Json]:
    return {" ".join(names): count for names, count in counts.most_common()}


def _numbered(names: Sequence[str]) -> list[tuple[int, str]]:
    """Gives names with their place; a name that is there twice gets its place added."""
    return [(index, name if names.count(name) == 1 else f"{name} ({index + 1})") for index, name in enumerate(names)]


def _latency_table(tally: Tally) -> str:
    rows = "".join(
        f"<tr><td>{escape(event)}</td>"
        + "".join(f"<td>{value} ms</td>" for value in _percentiles(counts).values())
        + "</tr>"
        for event, counts in sorted(tally.latencies.items())
    )
    heads = "".join(f"<th>{'max' if each == 100 else f'p{each}'}</th>" for each in PERCENTILES)
    return f"<table><tr><th>callback</th>{heads}</tr>{rows}</table>" if rows else ""
