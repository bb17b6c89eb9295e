"""Plots as SVG, small, and readable by day and by night."""

import math
from collections.abc import Iterable, Iterator
from html import escape

from benchmarks.recorder import Plot, shown

_WIDTH, _HEIGHT, _LEFT, _TOP = 420, 240, 64, 16
_COLOURS = ("#1d6fb8", "#c2571a", "#3d8f4f", "#8456a8", "#a8384c", "#777777")
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #333; }
.grid { stroke: #8886; stroke-width: 1; }
.even { stroke: #888; stroke-dasharray: 4 4; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }
"""
_STEPS = 5


class _Axis:
    """Places of values between zero and a round number above the greatest."""

    def __init__(self, values: Iterable[float], start: float, length: float) -> None:
        greatest = max(values, default=1.0) or 1.0
        rough = greatest / _STEPS
        size = 10.0 ** math.floor(math.log10(rough))
        self.step: float = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
        self.ticks = [self.step * number for number in range(math.ceil(greatest / self.step - 1e-9) + 1)]
        self._start, self._length = start, length

    def __call__(self, value: float) -> float:
        return round(self._start + value / self.ticks[-1] * self._length, 1)


def draw(plot: Plot) -> str:
    """Return the plot as SVG."""
    points = [point for line in plot.lines.values() for point in line]
    x = _Axis((point[0] for point in points), _LEFT, _WIDTH)
    y = _Axis((point[1] for point in points), _TOP + _HEIGHT, -_HEIGHT)
    parts = [*_grid(x, y)]
    if plot.diagonal:
        parts.append(f'<path class="even" d="M{x(0)} {y(0)}L{x(x.ticks[-1])} {y(y.ticks[-1])}"/>')
    for number, (name, line) in enumerate(plot.lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(x(across), y(up)) for across, up in line]
        path = "L".join(f"{across} {up}" for across, up in places)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across}" cy="{up}" r="3" fill="{colour}"/>' for across, up in places]
        place = f'x="{_LEFT + _WIDTH + 12}" y="{_TOP + 12 + 18 * number}"'
        parts.append(f'<text {place} style="fill:{colour}">{escape(name)}</text>')
    names = max((len(name) for name in plot.lines), default=0)
    width, height = _LEFT + _WIDTH + 24 + 7 * names, _TOP + _HEIGHT + 44
    parts += [
        f'<text x="{_LEFT + _WIDTH / 2}" y="{height - 6}" text-anchor="middle">{escape(plot.across)}</text>',
        f'<text transform="translate(14 {_TOP + _HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(plot.up)}</text>',
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img">\n<title>{escape(plot.title)}</title><style>{_STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    for value in x.ticks:
        yield f'<path class="grid" d="M{x(value)} {y(0)}V{y(y.ticks[-1])}"/>'
        yield f'<text x="{x(value)}" y="{y(0) + 16}" text-anchor="middle">{shown(value)}</text>'
    for value in y.ticks:
        yield f'<path class="grid" d="M{x(0)} {y(value)}H{x(x.ticks[-1])}"/>'
        yield f'<text x="{x(0) - 6}" y="{y(value) + 4}" text-anchor="end">{shown(value)}</text>'
