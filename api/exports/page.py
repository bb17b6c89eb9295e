"""A page of HTML: source and translation side by side, to read and to print."""

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from html import escape

from api.exports.languages import source_of
from api.exports.names import title_of
from api.exports.remarks import confidence, doubt, remembered, said, unsure
from store.documents.reading import Document
from store.parts import StoredSentence

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 Georgia, serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th { border-bottom: 2px solid; text-align: start; }
th, td { padding: .3rem .8rem .3rem 0; vertical-align: top; width: 50%; }
td { border-bottom: 1px solid #8884; overflow-wrap: anywhere; white-space: pre-wrap; }
.suspect { border-inline-start: 4px solid #b35900; padding-inline-start: .5rem; }
small { color: #a34f00; display: block; font-family: sans-serif; white-space: normal; }
@media (prefers-color-scheme: dark) { small { color: #ffb066; } }
small.medium, small.said { color: inherit; opacity: .7; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy of the page: nothing but its own style."""


async def write_page(document: Document, parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield the document as a page that needs nothing else and runs nothing.

    A row a sentence. Suspect sentences are marked, with their reasons; of one without translation it says so. How far a
    translation can be relied on is written below it in small letters, where it is not high, and that it comes from memory.
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
        yield "".join(_row(sentence, *languages) for sentence in sentences)
    yield "</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def _row(sentence: StoredSentence, source: str, target: str) -> str:
    translation, note, sure = sentence.translation or "", doubt(sentence), unsure(sentence)
    level, origin, person = confidence(sentence).level, remembered(sentence), said(sentence)
    marked = ' class="suspect"' if note else ""
    language = source if sentence.failed else target
    return (
        f'<tr id="s{sentence.part}.{sentence.index}"><td lang="{source}" dir="auto">{_text(sentence.source)}</td>'
        f'<td lang="{language}" dir="auto"{marked}>{_text(translation)}'
        + (f'<small lang="en">{escape(note)}</small>' if note else "")
        + (f'<small lang="en" class="said">{_text(person)}</small>' if person else "")
        + (f'<small lang="en" class="{level}">{escape(sure)}</small>' if sure else "")
        + (f'<small lang="en" class="medium">{escape(origin)}</small>' if origin else "")
        + "</td></tr>\n"
    )


def _text(text: str) -> str:
    # HTML has no NUL; parsers drop it or replace it.
    return escape(text.replace("\0", "\ufffd")).replace("\r", "&#13;")
