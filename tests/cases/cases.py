"""Reads the cases, takes their texts through segmenter and translator in this process, and says what is wrong."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from formats.markup.document import Markup
from formats.markup.rules import Rules
from pipeline.terms import Terms
from segmenter.splitter import Splitter
from translator.drafts import Draft, Drafter
from translator.engines import Engine
from translator.scheduler import Scheduler

FOLDER = Path(__file__).parent
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("»", "«"), ("›", "‹"))
_LINES = re.DOTALL | re.MULTILINE


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, and what has to hold in its translation; what is not given asks for nothing."""

    id: str
    text: str
    source: str = "de"
    target: str = "en"
    markup: Literal["html", "xml"] | None = None
    """The text has tags, which are taken out before and put back after, as the API does."""
    terms: dict[str, str] = {}
    """Terms of a glossary."""
    kept: list[str] = []
    """With `markup`: elements that are not translated."""
    has: list[str | list[str]] = []
    """Parts that are there; of those in a list of their own, one."""
    lacks: list[str] = []
    matches: list[str] = []
    """Regular expressions; the dot matches line breaks, ^ and $ are ends of lines."""
    lacks_match: list[str] = []
    equals: str | None = None
    lines: int | None = None
    """How many line breaks there are."""
    balanced: bool = False
    """Straight double quotation marks come in pairs, every other mark with its other half."""
    sentences: list[str] | None = None
    """These are the sentences and there are no others, to the letter and in order."""
    sentences_have: list[str] = []
    """These are sentences, to the letter."""
    sentences_lack_match: str | None = None
    """No sentence's source matches this."""
    or_suspect: bool = False
    """A sentence that is marked as suspect will do as well."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A text after both stages."""

    sources: list[str]
    drafts: list[Draft]
    text: str


def read(path: Path) -> list[Case]:
    """Return the cases of a file, one a line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [msgspec.json.decode(line, type=Case) for line in lines if line.strip()]


async def translate(cases: Sequence[Case], splitter: Splitter, engine: Engine) -> list[Translated]:
    """Take each text through segmenter and translator; the engine translates from German into English."""
    markups = [_markup(case) for case in cases]
    texts = [case.text if one is None else one.text for case, one in zip(cases, markups, strict=True)]
    spans = [splitter.spans(text, case.source) for case, text in zip(cases, texts, strict=True)]
    sources = [[text[start:end] for start, end in mine] for text, mine in zip(texts, spans, strict=True)]
    # All ask for links, so that their way through the translator is tried on every kind.
    flat = [(one, Terms(case.terms).within(one)) for case, mine in zip(cases, sources, strict=True) for one in mine]
    scheduler = Scheduler(engine.workers)
    scheduler.start()
    try:
        drafts = iter(
            await Drafter(engine, scheduler, urgent=False).translate(
                [one for one, _ in flat], [terms for _, terms in flat], align=[True] * len(flat)
            )
        )
    finally:
        await scheduler.stop()
    found = []
    for text, markup, places, mine in zip(texts, markups, spans, sources, strict=True):
        drafted = [next(drafts) for _ in mine]
        pieces = _pieces(text, places, drafted)
        links = [links for draft in drafted for links in ([], draft.links)]
        made = (
            "".join(translation for _, translation in pieces)
            if markup is None
            else markup.restore(pieces, [*links, []])
        )
        found.append(Translated(mine, drafted, made))
    return found


def _markup(case: Case) -> Markup | None:
    if case.markup is None:
        return None
    rules = Rules(html=case.markup == "html", kept=case.kept, source=case.source, target=case.target)
    return Markup(case.text, rules)


def _pieces(text: str, spans: Sequence[tuple[int, int]], drafts: Sequence[Draft]) -> list[tuple[str, str]]:
    """Return what stands between the sentences, and the sentences with their translations, in turn."""
    found: list[tuple[str, str]] = []
    position = 0
    for (start, end), draft in zip(spans, drafts, strict=True):
        found += [(text[position:start], text[position:start]), (text[start:end], draft.text)]
        position = end
    return [*found, (text[position:], text[position:])]


def complaints(case: Case, found: Translated) -> list[str]:
    """Return what is not as it has to be."""
    wrong = [*_in_text(case, found.text), *_in_sentences(case, found.sources)]
    return [] if wrong and case.or_suspect and any(draft.suspect for draft in found.drafts) else wrong


def _in_text(case: Case, text: str) -> Iterator[str]:
    for one in case.has:
        if not any(part in text for part in ([one] if isinstance(one, str) else one)):
            yield f"lacks {one!r}"
    yield from (f"has {one!r}" for one in case.lacks if one in text)
    yield from (f"no match of {one!r}" for one in case.matches if not re.search(one, text, _LINES))
    yield from (f"match of {one!r}" for one in case.lacks_match if re.search(one, text, _LINES))
    if case.equals is not None and text != case.equals:
        yield f"not equal to {case.equals!r}"
    if case.lines is not None and text.count("\n") != case.lines:
        yield f"{text.count(chr(10))} line breaks instead of {case.lines}"
    if case.balanced:
        if text.count('"') % 2:
            yield 'an odd number of "'
        yield from (f"{first} without {last}" for first, last in _PAIRS if text.count(first) != text.count(last))


def _in_sentences(case: Case, sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        if case.sentences_lack_match and re.search(case.sentences_lack_match, source):
            yield f"sentence {source!r}"
    wanted = case.sentences or []
    yield from (f"no sentence {one!r}" for one in [*wanted, *case.sentences_have] if one not in sources)
    if case.sentences is not None and list(sources) != wanted:
        yield f"sentences that are none, or out of order: {[one for one in sources if one not in wanted]}"
