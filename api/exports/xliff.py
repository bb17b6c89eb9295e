"""XLIFF 2.0: sentences and translations for translation programs."""

from collections.abc import AsyncIterator, Sequence

from api.exports.languages import source_of
from api.exports.names import title_of
from api.exports.remarks import confidence, doubt, remembered, terms
from formats.making.xml import FORBIDDEN, content, quoted
from store.documents.reading import Document
from store.parts import StoredSentence


async def write_xliff(document: Document, parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield the document as XLIFF: a unit a sentence, of one segment.

    A sentence without a translation has no target and is `initial`, one that a person has corrected is `reviewed`, an
    approved one is `final`, any other is `translated`. Notes say what is worth checking (`suspect`), how far the translation
    can be relied on (`confidence`), where it comes from if that is the memory (`memory`), which terms of the
    glossary it has (`term`) and misses (`term-missed`), what people say of it (`comment`), and what became of it (`flag`).
    """
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" '
        f"srcLang={quoted(source_of(document))} trgLang={quoted(document.target)}>\n"
        f'<file id="document" original={quoted(title_of(document))} canResegment="no" xml:space="preserve">\n'
    )
    empty = True
    async for sentences in parts:
        empty = empty and not sentences
        yield "".join(map(_unit, sentences))
    # A file has to have a unit.
    yield ('<unit id="empty"><segment><source/></segment></unit>\n' if empty else "") + "</file>\n</xliff>\n"


def _unit(sentence: StoredSentence) -> str:
    there = sentence.translation is not None and not sentence.failed
    target = f"<target>{_coded(sentence.translation or '')}</target>" if there else ""
    notes = "".join(f'<note category="{kind}">{content(text)}</note>' for kind, text in _notes(sentence))
    return (
        f'<unit id="{sentence.part}.{sentence.index}">{f"<notes>{notes}</notes>" if notes else ""}'
        f'<segment state="{_state(sentence) if there else "initial"}">'
        f"<source>{_coded(sentence.source)}</source>{target}</segment></unit>\n"
    )


def _state(sentence: StoredSentence) -> str:
    change = sentence.change
    if change is not None and change.approved:
        return "final"
    return "reviewed" if change is not None and change.text is not None else "translated"


def _notes(sentence: StoredSentence) -> list[tuple[str, str]]:
    notes = [("suspect", doubt(sentence))] if sentence.translation is not None and doubt(sentence) else []
    judged = confidence(sentence)
    if judged.level:
        notes.append(("confidence", f"{judged.level} ({judged.confidence}): {judged.reason}"))
    if sentence.memory:
        notes.append(("memory", remembered(sentence)))
    notes += [("term", term) for term in terms(sentence, kept=True)]
    notes += [("term-missed", term) for term in terms(sentence, kept=False)]
    if sentence.change is not None and sentence.change.comment:
        notes.append(("comment", sentence.change.comment))
    return notes + [("flag", flag) for flag in sentence.flags]


def _coded(text: str) -> str:
    """Return a text as content; XLIFF has an element for what XML cannot hold."""
    pieces, position = [], 0
    for found in FORBIDDEN.finditer(text):
        pieces.append(f'{content(text[position : found.start()])}<cp hex="{ord(found.group()):04X}"/>')
        position = found.end()
    return "".join(pieces) + content(text[position:])
