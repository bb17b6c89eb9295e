"""A Word file: source and translation in two columns, to read, mark and hand on."""

from collections.abc import AsyncIterator, Sequence

from api.exports.languages import right_to_left, source_of
from api.exports.names import title_of
from api.exports.remarks import doubt, missed, remembered, said, unsure
from formats.making.word import Look, WordFile, paragraph, row, run, table_start
from store.documents.reading import Document
from store.parts import StoredSentence

# Word takes 32,767 rows a table, and is slow long before.
_ROWS = 2000
_WORTH_CHECKING = "FFF2CC"
_HEAD = "E7E6E6"


async def write_word(document: Document, parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[bytes]:
    """Yield the document as a Word file (docx) with a table of two columns, a row a sentence.

    Doubts stand below a translation in small letters, as on the page of both sides; what is doubtful is shaded.
    """
    title, languages = title_of(document), (source_of(document), document.target)
    file = WordFile(title, landscape=True)
    heads = [
        paragraph(run(name, Look(bold=True))) for name in (f"Source ({languages[0]})", f"Translation ({languages[1]})")
    ]
    start = table_start(2, file.width) + row(heads, [_HEAD, _HEAD], head=True)
    yield file.write(paragraph(run(title), style="Heading1") + start)
    rows = 0
    async for sentences in parts:
        body = []
        for sentence in sentences:
            if rows == _ROWS:
                # Tables without a paragraph between them are one.
                body.append(f"</w:tbl>{paragraph('')}{start}")
                rows = 0
            body.append(_row(sentence, *languages))
            rows += 1
        yield file.write("".join(body))
    yield file.write(f"</w:tbl>{paragraph('')}") + file.finish()


def _row(sentence: StoredSentence, source: str, target: str) -> str:
    note = doubt(sentence)
    remarks = [
        remark for remark in (note, missed(sentence), unsure(sentence), remembered(sentence), said(sentence)) if remark
    ]
    translation = _text(sentence.translation or "", source if sentence.failed else target)
    translation += "".join(paragraph(run(remark, Look(italic=True, language="en", small=True))) for remark in remarks)
    return row([_text(sentence.source, source), translation], ["", _WORTH_CHECKING if note else ""])


def _text(text: str, language: str) -> str:
    other_way = right_to_left(language)
    return paragraph(run(text, Look(language=language, right_to_left=other_way)), right_to_left=other_way)
