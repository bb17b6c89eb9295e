"""TMX 1.4b: sentences and translations for translation memories."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from api.exports.languages import source_of
from api.exports.remarks import terms
from formats.making.xml import FORBIDDEN, content, quoted
from pipeline.version import VERSION
from store.documents.reading import Document
from store.parts import StoredSentence


async def write_tmx(document: Document, parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield the document as TMX: a unit a sentence that has a translation.

    Sentences of which no translation could be made are left out, because a memory would offer their source as one.
    Reasons for doubt are properties `x-suspect`, how far a translation can be relied on is `x-confidence` (0 to 100).
    That a translation came from memory is `x-memory`, with how it was found (`context`, `exact`, `numbers`, `repeat`).
    Terms of the document's glossary are `x-term` (`Vertrag → contract`), those that the translation misses `x-term-missed`.
    Characters that XML cannot hold become U+FFFD, and are named in properties `x-replaced`.
    """
    # No DOCTYPE: many readers would look for its file, and none needs it.
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="Satzstrom" creationtoolversion={quoted(VERSION)} segtype="sentence" '
        f'o-tmf="Satzstrom" adminlang="en" srclang={quoted(source_of(document))} datatype="plaintext" '
        f'creationdate="{datetime.now(UTC):%Y%m%dT%H%M%SZ}">\n'
        f'<prop type="x-document">{content(document.id)}</prop>\n</header>\n<body>\n'
    )
    async for sentences in parts:
        yield "".join(
            _unit(document, sentence)
            for sentence in sentences
            if sentence.translation is not None and not sentence.failed
        )
    yield "</body>\n</tmx>\n"


def _unit(document: Document, sentence: StoredSentence) -> str:
    source, translation = sentence.source, sentence.translation or ""
    replaced = sorted({f"U+{ord(character):04X}" for character in FORBIDDEN.findall(source + translation)})
    properties = [("x-suspect", reason) for reason in sentence.suspect]
    properties += [("x-flag", flag) for flag in sentence.flags]
    properties += [("x-memory", sentence.memory)] if sentence.memory is not None else []
    properties += [("x-confidence", str(sentence.confidence))] if sentence.confidence is not None else []
    properties += [("x-term", term) for term in terms(sentence, kept=True)]
    properties += [("x-term-missed", term) for term in terms(sentence, kept=False)]
    properties += [("x-replaced", character) for character in replaced]
    change, person = sentence.change, ""
    if change is not None:
        properties += [("x-approved", "yes")] if change.approved else []
        # Who gave the translation, as memories ask for it.
        person = f' changedate="{change.at:%Y%m%dT%H%M%SZ}"' + (f" changeid={quoted(change.by)}" if change.by else "")
    note = f"<note>{content(change.comment)}</note>" if change is not None and change.comment else ""
    return (
        f'<tu tuid="{sentence.part}.{sentence.index}">'
        + "".join(f"<prop type={quoted(name)}>{content(value)}</prop>" for name, value in properties)
        + f"{note}<tuv xml:lang={quoted(source_of(document))}><seg>{content(source)}</seg></tuv>"
        f"<tuv xml:lang={quoted(document.target)}{person}><seg>{content(translation)}</seg></tuv></tu>\n"
    )
