"""Charts and diagrams that belong to a part with shapes: to a slide, a sheet, a Word document."""

from formats.document import Notes
from formats.office.blocks import Known, Says, Walk
from formats.office.drawing import charts, shapes
from formats.office.package import Package
from formats.office.sheets.embedded import in_step


def ask(package: Package, name: str, done: set[str], notes: Notes, cells: Known | None = None) -> Walk[None]:
    """Ask for the texts of charts and diagrams of a part, each once.

    `cells`: the translations of the cells that charts show, where the document has those itself; else a chart's workbook is
    kept in step with the chart.
    """
    known: Known = {}
    # A diagram's drawing says again what the diagram says.
    for relation in package.related(name, ("chart", "chartEx", "diagramData", "diagramDrawing")):
        if relation.target in done:
            continue
        done.add(relation.target)
        part = package.part(relation.target)
        if relation.kind == "diagramData":
            yield from package.ask(part, shapes.blocks(part, notes), known)
        elif relation.kind == "diagramDrawing":
            yield from package.ask(part, shapes.blocks(part, Notes(), Says.AGAIN), known)
        elif cells is not None:
            yield from package.ask(part, charts.blocks(part, Says.AFTER), cells)
            yield from _on_chart(package, relation.target, done, notes)
        else:
            shown: Known = {}
            yield from package.ask(part, charts.blocks(part), shown)
            yield from _on_chart(package, relation.target, done, notes)
            for workbook in package.related(relation.target, ("package",)):
                in_step(package, workbook.target, shown, notes)


def _on_chart(package: Package, chart: str, done: set[str], notes: Notes) -> Walk[None]:
    """Ask for the texts of shapes that are drawn on a chart."""
    for relation in package.related(chart, ("chartUserShapes",)):
        done.add(relation.target)
        part = package.part(relation.target)
        yield from package.ask(part, shapes.blocks(part, notes), {})
