"""Presentations: what is on the slides, in their order, with their notes and comments; then what stands on all of them."""

from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.office import package as packages
from formats.office.attributes import contents
from formats.office.blocks import Walk
from formats.office.drawing import related, shapes
from formats.office.drawing.shapes import PREFIXES, Shape
from formats.office.package import Package
from formats.office.pictures import local
from formats.xml.part import Start

_KIND = "a presentation"


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield paragraphs, alternative texts, names in charts and diagrams, notes and comments; those of hidden slides, too."""
    return packages.read(file, _KIND, options, notes, _walk)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the presentation with translations."""
    return packages.write(file, _KIND, translated, options, _walk)


def _walk(package: Package, notes: Notes) -> Walk[None]:
    main = package.main()
    slides, masters = _listed(package, main)
    done: set[str] = set()
    for slide in slides:
        yield from _slide(package, slide, done, notes)
    for master in masters:
        yield from _pattern(package, master, done, notes)
    yield from package.about()
    package.relabel([main, *done])


def _slide(package: Package, slide: str, done: set[str], notes: Notes) -> Walk[None]:
    part = package.part(slide)
    done.add(slide)
    yield from package.ask(part, shapes.blocks(part, notes), {})
    yield from related.ask(package, slide, done, notes)
    for relation in package.related(slide, ("notesSlide", "comments")):
        if relation.target not in done:
            done.add(relation.target)
            part = package.part(relation.target)
            # As PowerPoint wrote comments before there were answers to them.
            is_old = relation.kind == "comments" and b"txBody" not in part.data
            yield from package.ask(part, contents(part, "text") if is_old else shapes.blocks(part, notes), {})
    embedded = len(package.related(slide, ("package", "oleObject")))
    if embedded:
        notes.left["embedded documents"] += embedded


def _pattern(package: Package, master: str, done: set[str], notes: Notes) -> Walk[None]:
    """Ask for what stands on every slide of a master or a layout; what is a pattern only is never shown."""
    for name in (master, *(one.target for one in package.related(master, ("slideLayout",)))):
        if name not in done:
            done.add(name)
            part = package.part(name)
            yield from package.ask(part, shapes.blocks(part, notes, wanted=_stands), {})
            yield from related.ask(package, name, done, notes)


def _stands(shape: Shape) -> bool:
    return not shape.placeholder


def _listed(package: Package, main: str) -> tuple[list[str], list[str]]:
    """Return the slides and the masters of a presentation, in its order."""
    relations = package.relations(main)
    found: dict[str, list[str]] = {"sldId": [], "sldMasterId": []}
    for event in package.part(main).events(PREFIXES):
        if isinstance(event, Start) and (names := found.get(local(event.name))) is not None:
            # Its own number is called so as well, without a namespace.
            key = next((value for name, value in event.attributes.items() if name.endswith("}id")), "")
            if key in relations:
                names.append(relations[key].target)
    return found["sldId"], found["sldMasterId"]
