"""Tables and plots of the documentation, made of the results.

A page says where: between `<!-- benchmark NAME -->` and `<!-- end -->` stands all that NAME gave, between `<!-- aims -->`
and `<!-- end -->` whatever has an aim. What has no results yet says so.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.plots import draw
from benchmarks.recorder import Figure, Results, read

DOCS = Path(__file__).parent.parent / "docs"

_BLOCK = re.compile(r"(<!-- (?:benchmark ([a-z_]+)|aims) -->\n).*?(<!-- end -->)", re.DOTALL)
_TOLD = ("ctranslate2", "kafka", "mongodb", "python")


def pages(results: Sequence[Results], docs: Path = DOCS) -> dict[Path, str]:
    """Return the pages and plots as they should be, by path."""
    named = {one.name: one for one in results}
    found = {}
    for page in sorted(docs.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if _BLOCK.search(text):
            found[page] = _BLOCK.sub(_filled(named), text)
    for one in results:
        for plot in one.plots:
            found[docs / "plots" / f"{plot.name}.svg"] = draw(plot)
    return found


def named(docs: Path = DOCS) -> set[str]:
    """Return the benchmarks whose results stand in the documentation."""
    texts = [page.read_text(encoding="utf-8") for page in docs.rglob("*.md")]
    return {match[2] for text in texts for match in _BLOCK.finditer(text) if match[2]}


def write() -> None:
    """Make the documentation agree with the results."""
    for path, text in pages(list(read())).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _filled(results: dict[str, Results]) -> Callable[[re.Match[str]], str]:
    def fill(match: re.Match[str]) -> str:
        lines = _one(match[2], results.get(match[2])) if match[2] else _aims(results)
        return match[1] + "\n" + "\n".join(lines) + "\n" + match[3]

    return fill


def _aims(results: dict[str, Results]) -> Iterator[str]:
    yield "| | measured | spread | aim | reached | `make bench` |"
    yield "|---|---:|---|---:|---|---|"
    for one in results.values():
        for figure in one.figures:
            if figure.aim:
                reached = "yes" if figure.aim.met(figure.median) else "no"
                cells = [figure.name, figure.value, figure.spread, str(figure.aim), reached, f"`{one.name}`"]
                yield _row(cells)
    yield ""


def _one(name: str, results: Results | None) -> Iterator[str]:
    if not results:
        yield f"No run is kept yet: `make bench NAMES={name}`."
        yield ""
        return
    aims = any(figure.aim for figure in results.figures)
    notes = any(figure.note for figure in results.figures)
    head = ["", "median", "spread", *(["aim"] if aims else []), *([""] if notes else [])]
    yield _row(head)
    yield "|" + "|".join("---:" if name in {"median", "aim"} else "---" for name in head) + "|"
    for figure in results.figures:
        yield _row(_cells(figure, aims=aims, notes=notes))
    yield ""
    for plot in results.plots:
        yield f"![{plot.title}](plots/{plot.name}.svg)"
        yield ""
    for what, reason in results.left_out.items():
        yield f"Left out: {what}, {reason}."
        yield ""
    yield _origin(results)
    yield ""


def _cells(figure: Figure, *, aims: bool, notes: bool) -> list[str]:
    aim = [str(figure.aim) if figure.aim else ""] if aims else []
    return [figure.name, figure.value, figure.spread, *aim, *([figure.note] if notes else [])]


def _origin(results: Results) -> str:
    machine, commit = results.machine, results.commit
    changed = " with changes" if commit.changed else ""
    load = "" if machine.load is None else f", load {machine.load} before"
    versions = ", ".join(f"{name} {results.versions[name]}" for name in _TOLD if name in results.versions)
    return (
        f"*{results.about} {results.date} UTC, commit {commit.id}{changed}, {machine.cores} cores ({machine.processor}), "
        f"{machine.memory_gb:.0f} GB{load}; {versions}.*"
    )


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
