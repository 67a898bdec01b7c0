"""Draws the plots of a load test's report as SVG: columns and bars by group; every axis has its unit."""

from collections.abc import Sequence
from html import escape

from sinch_simulator.core.values import frozen

_WIDTH, _HEIGHT = 640, 160
_LEFT, _TOP, _BELOW = 56, 10, 38
_BAR_LEFT, _BAR_WIDTH, _ROW = 240, 330, 22
_MOST_TICKS = 5


@frozen
class Group:
    """Counts that belong together under one heading: each with its name."""

    name: str
    rows: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All counts of the group together."""
        return sum(count for _, count in self.rows)


def columns(rows: Sequence[tuple[int, int]], *, step: int, across: str, up: str) -> str:
    """Draws how often each value was there; ``step`` is the width of a column, ``across`` and ``up`` name the axes."""
    if not rows:
        return ""
    ends, most = rows[-1][0] + step, max(count for _, count in rows)
    ticks_up = ticks(most)
    top = max(most, ticks_up[-1])
    parts = [_line_up(value, top) for value in ticks_up]
    for value, count in rows:
        x, width = _x(value, ends), max(1.0, step / ends * _WIDTH - 1)
        height = max(1.0, count / top * _HEIGHT)
        upto = f"{value} to {value + step}" if step > 1 else str(value)
        parts.append(
            f'<rect x="{x:.1f}" y="{_TOP + _HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}">'
            f"<title>{escape(across)} {upto}: {count} {escape(up)}</title></rect>"
        )
    parts += [_tick_across(value, ends) for value in ticks(ends)]
    parts.append(_text(_LEFT + _WIDTH / 2, _TOP + _HEIGHT + 34, across, "middle"))
    middle = _TOP + _HEIGHT / 2
    parts.append(f'<text transform="translate(12 {middle}) rotate(-90)" text-anchor="middle">{escape(up)}</text>')
    label = f"{up} by {across}"
    return _svg(_LEFT + _WIDTH + 40, _TOP + _HEIGHT + _BELOW, label, parts)


def bars(groups: Sequence[Group], unit: str) -> str:
    """Draws counts below the name of their group, each with its part of all."""
    shown = [group for group in groups if group.rows]
    if not shown:
        return ""
    most = max((count for group in shown for _, count in group.rows), default=0) or 1
    total = sum(group.total for group in shown) or 1
    parts, y = [], 0
    for group in shown:
        if group.name:
            heading = f"{group.name}: {group.total} {unit} ({group.total / total:.1%})"
            parts.append(f'<text x="0" y="{y + 15}" style="font-weight:600">{escape(heading)}</text>')
            y += _ROW
        for name, count in group.rows:
            width = max(1, round(count / most * _BAR_WIDTH))
            parts.append(_text(_BAR_LEFT - 7, y + 15, name[:44], "end"))
            parts.append(f'<rect x="{_BAR_LEFT}" y="{y + 3}" width="{width}" height="16"/>')
            parts.append(_text(_BAR_LEFT + width + 6, y + 15, f"{count} ({count / total:.1%})", "start"))
            y += _ROW
    return _svg(_LEFT + _WIDTH + 40, y + 4, unit, parts)


def ticks(most: int) -> list[int]:
    """Gives round numbers from 0 up to the first that is not below ``most``, at most six of them."""
    power = 1
    while most > _MOST_TICKS * 5 * power:
        power *= 10
    step = next(step for step in (power, 2 * power, 5 * power) if most <= _MOST_TICKS * step)
    return [value * step for value in range(-(-most // step) + 1)]


def _x(value: float, ends: int) -> float:
    return _LEFT + value / ends * _WIDTH


def _line_up(value: int, top: int) -> str:
    y = _TOP + _HEIGHT - value / top * _HEIGHT
    return (
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        + _text(_LEFT - 6, y + 4, str(value), "end")
    )


def _tick_across(value: int, ends: int) -> str:
    return "" if value > ends else _text(_x(value, ends), _TOP + _HEIGHT + 16, str(value), "middle")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: int, height: int, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" style="max-width:100%" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg>'
    )
