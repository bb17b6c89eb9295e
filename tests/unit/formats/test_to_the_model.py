"""Every test document on its way: read, split into sentences, translated by an engine, written."""

import asyncio
import codecs
import html
import io
import re
import zipfile
from functools import cache
from typing import NamedTuple

import pytest

from formats.document import SEPARATOR, Piece
from formats.joining import by_text
from segmenter.splitter import BUNDLED, Splitter
from tests.unit.formats.markup.test_markdown import Recording
from tests.unit.formats.test_contract import BESIDE, EXPECTED, FOLDER, GOOD, SAME, plain, texts_of, written
from translator.drafts import Drafter
from translator.scheduler import Scheduler

SPLITTER = Splitter(BUNDLED)
_ENDS = re.compile(r"^\W+|\W+$")
_NAME = re.compile(r"X\d+")
_HALF = re.compile(r"\\-\\ (?=und|oder)")
_TAG = re.compile(r"<[^<>]*>")


async def drafted(sources: list[str]) -> tuple[list[Piece], list[str]]:
    """Return sentences with translations in capitals, and what the engine saw of them."""
    engine, scheduler = Recording(), Scheduler(1)
    scheduler.start()
    try:
        found = await Drafter(engine, scheduler, urgent=True).translate(sources, align=[True] * len(sources))
    finally:
        await scheduler.stop()
    return [Piece(source, draft.text, draft.links) for source, draft in zip(sources, found, strict=True)], engine.seen


class Way(NamedTuple):
    """What became of a document on its way."""

    sentences: list[str]
    """As the segmenter found them."""
    seen: list[str]
    """By the engine."""
    made: bytes


@cache
def on_its_way(name: str) -> Way:
    """Take a document through the whole of its way, in capitals."""
    content = (FOLDER / name).read_bytes()
    texts = texts_of(name, content)
    whole = SEPARATOR.join(texts)
    spans = SPLITTER.spans(whole, "de", "segments")
    sentences, seen = asyncio.run(drafted([whole[start:end] for start, end in spans]))
    pieces: list[Piece] = []
    position = 0
    for (start, end), sentence in zip(spans, sentences, strict=True):
        pieces += [Piece(whole[position:start], None), sentence]
        position = end
    pieces.append(Piece(whole[position:], None))
    translated = list(by_text(texts, [one for one in pieces if one.source]))
    return Way([one.source for one in sentences], seen, written(name, content, iter(translated)))


def bare(text: str) -> str:
    """Return a text without the marks at its ends, which the engine is not shown, or shown others."""
    return _ENDS.sub("", plain(text))


def reached(sentence: str, seen: list[str]) -> bool:
    """Whether an engine saw a sentence whole: names may stand for parts of it, and halves of compounds are completed."""
    halves = _HALF.sub(r"\\w+ ", re.escape(sentence))
    return any(
        re.fullmatch(_NAME.sub(".+?", re.escape(one)), sentence) or re.fullmatch(halves, one) for one in map(bare, seen)
    )


def forms(content: bytes) -> list[str]:
    """Return all that is written in a file: as it stands, with references and escapes resolved, and without tags."""
    parts = [content]
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = [archive.read(name) for name in archive.namelist()]
    raw = "\0".join(map(decoded, parts))
    return [raw, html.unescape(raw), raw.replace("\\\\", "\\"), html.unescape(_TAG.sub("", raw))]


def decoded(part: bytes) -> str:
    if part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return part.decode("utf-16")
    try:
        return part.decode()
    except UnicodeDecodeError:
        return part.decode("cp1252", "replace")


@pytest.mark.parametrize("name", GOOD)
def test_all_that_people_read_reaches_the_engine_and_nothing_else(name: str) -> None:
    way, about = on_its_way(name), EXPECTED[name]
    read = " ".join(map(plain, way.sentences))
    wanted = [plain(one) for one in about.get("translate", ())]
    assert [one for one in wanted if one not in read] == []
    whole = [bare(one) for one in way.sentences if any(bare(one) in text or text in plain(one) for text in wanted)]
    assert [one for one in whole if re.search(r"[^\W\d_]{2}", one) and not reached(one, way.seen)] == []
    kept = [one for one in about.get("keep", ()) if not any(plain(one) in text for text in wanted)]
    assert [one for one in kept if any(one in text for text in way.seen)] == []


@pytest.mark.parametrize("name", SAME)
def test_what_is_kept_stands_in_the_result_as_often_as_before(name: str) -> None:
    content, made = (FOLDER / name).read_bytes(), on_its_way(name).made
    assert made != content or not EXPECTED[name].get("translate")
    before, after = forms(content), forms(made)
    for kept in EXPECTED[name].get("keep", ()):
        form = next(number for number, text in enumerate(before) if kept in text)
        was, is_ = before[form].count(kept), after[form].count(kept)
        # A translation that stands beside its text has the same placeholders.
        assert is_ >= was if name.startswith(BESIDE) else is_ == was, kept
