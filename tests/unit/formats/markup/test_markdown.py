"""Markdown goes its way as text: the segmenter reads it, and the translator keeps what is for programs in it."""

import re
from collections.abc import Sequence

import pytest

from formats.table import kind_of
from segmenter.splitter import BUNDLED, Splitter
from tests.unit.engines import UpperEngine
from tests.unit.formats.test_contract import EXPECTED, FOLDER
from translator.drafts import Drafter
from translator.engines import Tokens
from translator.scheduler import Scheduler

NAMES = [name for name in EXPECTED if name.startswith("md/")]
SPLITTER = Splitter(BUNDLED)


class Recording(UpperEngine):
    """An engine that translates into capitals and remembers what it saw."""

    limit = 200
    batch_tokens = 1000

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, text: str) -> Tokens:
        self.seen.append(text)
        return super().encode(text)


async def in_capitals(text: str) -> tuple[str, Sequence[str]]:
    spans = SPLITTER.spans(text, "de")
    engine, scheduler = Recording(), Scheduler(1)
    scheduler.start()
    try:
        drafts = await Drafter(engine, scheduler, urgent=True).translate(
            [text[start:end] for start, end in spans], align=[True] * len(spans)
        )
    finally:
        await scheduler.stop()
    out, position = "", 0
    for (start, end), draft in zip(spans, drafts, strict=True):
        out += text[position:start] + draft.text
        position = end
    return out + text[position:], engine.seen


def plain(text: str) -> str:
    return " ".join(re.sub(r"[*_>\\~]", "", text).split())


@pytest.mark.parametrize("name", NAMES)
async def test_what_people_read_of_markdown_is_translated_and_the_rest_stays(name: str) -> None:
    kind = kind_of(name)
    assert kind is not None
    assert kind.is_text
    text = (FOLDER / name).read_bytes().decode()
    loud, seen = await in_capitals(text)
    read = [plain(one) for one in seen]
    about = EXPECTED[name]
    assert not [one for one in about["translate"] if not any(part in plain(" ".join(read)) for part in (plain(one),))]
    assert not [one for one in about.get("keep", ()) if one not in loud]
    assert not [one for one in about.get("keep", ()) if any(one in part for part in seen)]
    assert loud.count("\n") == text.count("\n")
    assert loud.count("\r\n") == text.count("\r\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("# Titel\n\nText mit `code`.\n\n    make alles\n    rufe an\n\n    noch mehr\n\nEnde.\n", 3),
        ("# Titel\n\n**Wort** hier.\n\n\tmake alles\n", 1),
        # Below an item, a note or an admonition it is a paragraph of that.
        ("# Titel\n\n**Wort** hier.\n\n- Punkt\n\n    Ein Absatz dazu.\n", 0),
        ("# Titel\n\n**Wort** hier.\n\n[^1]: Note.\n\n    Ein Absatz dazu.\n", 0),
        ("# Titel\n\n**Wort** hier.\n\n!!! note\n\n    Ein Absatz dazu.\n", 0),
        # Below a line of words it goes on with those.
        ("# Titel\n\n**Wort** hier\n    und weiter.\n", 0),
        # What is no Markdown has verses and quotations.
        ("Er sprach:\n\n    Der Mond ist aufgegangen,\n    die Sterne prangen.\n", 0),
    ],
)
def test_indented_code_stays_and_indented_prose_does_not(text: str, kept: int) -> None:
    read = [text[start:end] for start, end in SPLITTER.spans(text, "de")]
    deep = [line.strip() for line in text.split("\n") if line.startswith(("    ", "\t"))]
    assert len([line for line in deep if not any(line in one for one in read)]) == kept


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('[a]: b.html "Zum Handbuch"', ["Zum Handbuch"]),
        ("[a]: <b c.html> 'Zum Handbuch'", ["Zum Handbuch"]),
        ("[a]: b.html (Zum Handbuch)", ["Zum Handbuch"]),
        ("[a]: b.html", []),
        # One word may be a name.
        ('[a]: b.html "Elsterberg"', []),
        ('!!! note "Hinweis"', ["Hinweis"]),
        ('??? note inline "Zum Handbuch"\n    Der Text.', ["Zum Handbuch", "Der Text."]),
    ],
)
def test_titles_are_read_without_what_they_stand_behind(text: str, read: list[str]) -> None:
    assert [text[start:end] for start, end in SPLITTER.spans(text, "de")] == read
