"""Tables for people, which stay tables in pipes: columns with spaces between, a row a line, nothing broken or cut.

Only on a terminal, and only where a row would not fit, one column is cut that says nothing needed to go on.
"""

import shutil
import sys
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_LEAST = 12


def print_table(rows: Sequence[Sequence[str]], *, flexible: int) -> None:
    """Print rows, of which the first has the names of the columns; `flexible`: the column that may be cut."""
    clean = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*clean, strict=True)]
    if sys.stdout.isatty():
        others = sum(widths) - widths[flexible] + 2 * (len(widths) - 1)
        widths[flexible] = min(widths[flexible], max(_LEAST, shutil.get_terminal_size().columns - others))
    for row in clean:
        cells = [_fitted(cell, width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _fitted(cell: str, width: int) -> str:
    return set_cell_size(cell, width) if cell_len(cell) <= width else set_cell_size(cell, width - 1) + "…"
