"""A page of HTML: source and translation side by side, to read and to print."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from html import escape
from itertools import groupby

from api.exports.languages import source_of
from api.exports.names import title_of
from api.exports.remarks import confidence, doubt, missed, remembered, said, unsure
from store.documents.reading import Document
from store.parts import StoredSentence

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 Georgia, serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th { border-bottom: 2px solid; text-align: start; }
th, td { padding: .4rem 1.6rem .4rem 0; vertical-align: top; width: 50%; }
td { overflow-wrap: anywhere; }
.heading td { font-weight: bold; padding-top: 1.6rem; }
.rule { text-align: center; }
.suspect { text-decoration: underline wavy #b35900; text-decoration-thickness: 1px; }
small { color: #a34f00; display: block; font-family: sans-serif; font-weight: normal; }
sup { color: #a34f00; font-family: sans-serif; font-size: .7em; }
@media (prefers-color-scheme: dark) { small, sup { color: #ffb066; } }
small.medium, small.said { color: inherit; opacity: .7; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  thead { display: table-header-group; }
  tr { break-inside: auto; }
}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy of the page: nothing but its own style."""


async def write_page(document: Document, parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield the document as a page that needs nothing else and runs nothing.

    A row a paragraph. Doubtful sentences are marked, and numbered remarks below the paragraph say why; so do those on
    terms of the glossary that it misses, on how far it can be relied on, where that is not high, whether it comes from
    memory, and what people did to it.
    Of a sentence without translation it says so.
    """
    title, languages = escape(title_of(document)), (escape(source_of(document)), escape(document.target))
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<table>\n"
        f'<thead><tr><th scope="col">Source ({languages[0]})</th>'
        f'<th scope="col">Translation ({languages[1]})</th></tr></thead>\n<tbody>\n'
    )
    async for sentences in parts:
        yield "".join(_row(paragraph, *languages) for paragraph in _paragraphs(sentences))
    yield "</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def _paragraphs(sentences: Sequence[StoredSentence]) -> Iterator[list[StoredSentence]]:
    for _, found in groupby(sentences, key=lambda one: one.layout.paragraph):
        yield list(found)


def _row(paragraph: Sequence[StoredSentence], source: str, target: str) -> str:
    layout, remarks = paragraph[0].layout, list[str]()
    sides = ["", ""]
    for place, sentence in enumerate(paragraph):
        before = escape(f"{sentence.layout.before} ") if sentence.layout.before else ""
        apart = "" if not place else "<br>" if sentence.layout.line else " "
        sides[0] += f"{apart}{before}<span>{_text(sentence.source)}</span>"
        sides[1] += f"{apart}{before}{_translation(sentence, source, remarks)}"
    rule = f'<tr><td colspan="2" class="rule">{_text(layout.above)}</td></tr>\n' if layout.above else ""
    return (
        f'{rule}<tr class="{layout.kind}"><td lang="{source}" dir="auto">{sides[0]}</td>'
        f'<td lang="{target}" dir="auto">{sides[1]}{"".join(remarks)}</td></tr>\n'
    )


def _translation(sentence: StoredSentence, source: str, remarks: list[str]) -> str:
    """Return a translation with the numbers of its remarks, which are added to those of its paragraph."""
    note, numbers = doubt(sentence), ""
    for remark, kind in (
        (note, "doubt"),
        (missed(sentence), "doubt"),
        (said(sentence), "said"),
        (unsure(sentence), confidence(sentence).level),
        (remembered(sentence), "medium"),
    ):
        if remark:
            numbers += f"<sup>{len(remarks) + 1}</sup>"
            remarks.append(f'<small lang="en" class="{kind}">{len(remarks) + 1}: {_text(remark)}</small>')
    marked = ' class="suspect"' if note else ""
    language = f' lang="{source}"' if sentence.failed else ""
    place = f"s{sentence.part}.{sentence.index}"
    return f'<span id="{place}"{language}{marked}>{_text(sentence.translation or "")}</span>{numbers}'


def _text(text: str) -> str:
    # HTML has no NUL; parsers drop it or replace it.
    return escape(" ".join(text.replace("\0", "\ufffd").split()))
