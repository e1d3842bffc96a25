"""Charts as SVG, drawn on the server: lines, bars, sparks, areas of a map. Pages put a table beside.

Colours and strokes are classes of `kernel/charts.css`, so that a chart prints, follows the type size
and hangs on the wall. A second series is dotted as well as of another colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 28
_MOST_LABELS: Final = 8
SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, and a value for each label; None leaves a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """One area of a map: the attribute `d`, where its name stands, how dark it is (0 to 4).

    note: a second line. url: where a click leads. is_hot: drawn in the colour of lateness.
    """

    name: str
    d: str
    x: float
    y: float
    shade: int
    note: str = ""
    url: str = ""
    is_hot: bool = False


def line(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Draw lines over labels, from nought up. The title is what a screen reader says."""
    top = _nice(max((v for one in series for v in one.values if v is not None), default=0))
    parts = [*_grid(top), *_below(labels)]
    for number, one in enumerate(series):
        points = [
            None if value is None else (_x(at, len(labels)), _y(value, top))
            for at, value in enumerate(one.values)
        ]
        parts += [f'<path class="chart__line chart__line--{number}" d="{_path(points)}"/>']
        parts += _dots(points, number)
    return _svg(title, "chart", WIDTH, HEIGHT, parts)


def spark(title: str, values: Sequence[float | None]) -> SafeString:
    """Draw a small line without axes."""
    top = max((v for v in values if v is not None), default=0) or 1
    points = [
        None if value is None else (2 + at * 96 / max(len(values) - 1, 1), 26 - value / top * 22)
        for at, value in enumerate(values)
    ]
    parts = [f'<path class="chart__line chart__line--0" d="{_path(points)}"/>']
    return _svg(title, "spark", 100, 28, parts)


def meter(share: float, target: float | None = None, *, is_late: bool = False) -> SafeString:
    """Draw a share as a bar, with a mark where the target is; the words stand beside it."""
    tone = " meter__fill--late" if is_late else ""
    parts = [
        '<rect class="meter__track" width="100" height="6"/>',
        f'<rect class="meter__fill{tone}" width="{_clip(share * 100):.1f}" height="6"/>',
    ]
    if target is not None:
        at = _clip(target * 100, most=99)
        parts.append(f'<rect class="meter__mark" x="{at:.1f}" width="1" height="6"/>')
    inner = "".join(parts)
    return SafeString(
        '<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f"{inner}</svg>"
    )


def shaded_map(
    title: str, view_box: str, shapes: Sequence[Shape], *, size: float = 22
) -> SafeString:
    """Draw areas, darker where there is more. size: of the letters, in units of the drawing."""
    drawn, named = [], []
    width, height = map(float, view_box.split()[2:])
    places: list[tuple[float, float, float]] = []
    for one in shapes:
        tone = "hot" if one.is_hot else str(min(max(one.shade, 0), SHADES - 1))
        area = f'<path class="area area--{tone}" fill-rule="evenodd" d="{one.d}"/>'
        drawn.append(_linked(one, area))
        x, y = _free_place(one, size, width, height, places)
        named.append(_label(one, x, y, size, "1" if tone in ("3", "4", "hot") else "0"))
    # What holds links is a group: of an image a screen reader hears nothing but the title.
    role = "group" if any(one.url for one in shapes) else "img"
    parts = [*drawn, *named]
    return _svg(title, "map-chart", width, height, parts, role=role)


def shade_of(value: float, most: float) -> int:
    """Return how dark a value is drawn where `most` is the largest, 0 to 4; nothing is 0."""
    return 0 if value <= 0 or most <= 0 else min(int(value / most * (SHADES - 1) + 0.999), 4)


def _linked(one: Shape, area: str) -> str:
    if not one.url:
        return area
    name = escape(f"{one.name} {one.note}".strip())
    return f'<a href="{escape(one.url)}" aria-label="{name}">{area}</a>'


def _free_place(
    one: Shape, size: float, width: float, height: float, places: list[tuple[float, float, float]]
) -> tuple[float, float]:
    """Return where a name stands: whole within the drawing, and on no other; nearest its own middle."""
    half = max(len(one.name) * size, len(one.note) * size * 0.6) / 2
    x = min(max(one.x, half), max(width - half, half))
    rows = 2.5 if one.note else 1.3
    lowest = height - (rows - 1) * size
    for step in (0, 1, -1, 2, -2, 3, -3):
        y = min(max(one.y + step * size * 1.3, size), lowest)
        if all(
            abs(x - at) >= half + wide or abs(y - top) >= rows * size for at, top, wide in places
        ):
            break
    places.append((x, y, half))
    return x, y


def _label(one: Shape, x: float, y: float, size: float, tone: str) -> str:
    lines = [(one.name, size, ""), (one.note, size * 0.8, " area__note")]
    found = []
    for number, (words, letters, css) in enumerate(lines):
        if words:
            line = y + number * size * 1.2
            found.append(
                f'<text class="area__name area__name--{tone}{css}" aria-hidden="true"'
                f' x="{x:.0f}" y="{line:.0f}" font-size="{letters:.0f}" text-anchor="middle">'
                f"{escape(words)}</text>"
            )
    return "".join(found)


def _svg(
    title: str, css: str, width: float, height: float, parts: Sequence[str], *, role: str = "img"
) -> SafeString:
    return SafeString(
        f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}" role="{role}"'
        f' aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _nice(value: float) -> float:
    """Return a round number a little above a value, for the top of an axis."""
    for ten in range(9):
        for step in (4, 8, 12, 20, 28):
            if value <= step * 10**ten:
                return float(step * 10**ten)
    return value


def _grid(top: float) -> list[str]:
    found = []
    for part in range(5):
        value = top * part / 4
        y = _y(value, top)
        found.append(
            f'<line class="chart__grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="chart__label" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{value:,.0f}</text>"
        )
    return found


def _below(labels: Sequence[str]) -> list[str]:
    every = max(1, -(-len(labels) // _MOST_LABELS))
    return [
        f'<text class="chart__label" x="{_x(at, len(labels)):.1f}" y="{HEIGHT - 8}"'
        f' text-anchor="middle">{escape(words)}</text>'
        for at, words in enumerate(labels)
        if at % every == 0
    ]


def _x(at: int, number: int) -> float:
    room = WIDTH - _LEFT - _RIGHT - 24
    return _LEFT + 12 + (room * at / (number - 1) if number > 1 else room / 2)


def _y(value: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - value / (top or 1))


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    found, is_drawing = [], False
    for point in points:
        if point is not None:
            found.append(f"{'L' if is_drawing else 'M'}{point[0]:.1f} {point[1]:.1f}")
        is_drawing = point is not None
    return "".join(found) or "M0 0"


def _dots(points: Sequence[tuple[float, float] | None], number: int) -> list[str]:
    """Mark points that no line reaches, and the last one."""
    found = []
    for at, point in enumerate(points):
        alone = all(
            not 0 <= near < len(points) or points[near] is None for near in (at - 1, at + 1)
        )
        is_last = all(later is None for later in points[at + 1 :])
        if point is not None and (alone or is_last):
            found.append(
                f'<circle class="chart__dot chart__dot--{number}" cx="{point[0]:.1f}"'
                f' cy="{point[1]:.1f}" r="4"/>'
            )
    return found


def _clip(value: float, *, most: float = 100) -> float:
    return min(max(value, 0.0), most)
