"""The calibration curve as a picture."""

from collections.abc import Mapping
from html import escape
from typing import Any

_SIZE, _MARGIN = 300, 44
_COLOURS = ("#1d6fb8", "#c2571a", "#3d8f4f", "#8456a8")
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #333; }
.grid { stroke: #8886; stroke-width: 1; }
.even { stroke: #888; stroke-dasharray: 4 4; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }
"""


def _x(value: float) -> float:
    return round(_MARGIN + value / 100 * _SIZE, 1)


def _y(value: float) -> float:
    return round(12 + _SIZE - value / 100 * _SIZE, 1)


def draw(results: Mapping[str, Any]) -> str:
    """Return an SVG with a line for each set: what was told against what was so, in ten steps of equally many sentences."""
    parts = []
    for value in range(0, 101, 20):
        parts += [
            f'<path class="grid" d="M{_x(0)} {_y(value)}H{_x(100)}M{_x(value)} {_y(0)}V{_y(100)}"/>',
            f'<text x="{_x(0) - 6}" y="{_y(value) + 4}" text-anchor="end">{value}</text>',
            f'<text x="{_x(value)}" y="{_y(0) + 16}" text-anchor="middle">{value}</text>',
        ]
    parts.append(f'<path class="even" d="M{_x(0)} {_y(0)}L{_x(100)} {_y(100)}"/>')
    for number, ((name, one), colour) in enumerate(zip(results["sets"].items(), _COLOURS, strict=False)):
        places = [f"{_x(told)} {_y(mean)}" for told, mean in one["curve"]]
        parts.append(f'<path d="M{"L".join(places)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in map(str.split, places)]
        parts.append(f'<text x="{_x(4)}" y="{_y(94) + 16 * number}" style="fill:{colour}">{escape(name)}</text>')
    width, height = _MARGIN + _SIZE + 12, _SIZE + 56
    parts += [
        f'<text x="{_x(50)}" y="{height - 8}" text-anchor="middle">confidence</text>',
        f'<text transform="translate(12 {_y(50)}) rotate(-90)" text-anchor="middle">chrF</text>',
    ]
    title = "Confidence and the chrF that sentences with it had"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img">'
        f"<title>{title}</title><style>{_STYLE}</style>" + "".join(parts) + "</svg>\n"
    )
