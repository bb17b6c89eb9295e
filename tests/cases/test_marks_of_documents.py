"""The marked words of the test documents stay marked: bold, links and marks of notes, through the bundled model.

Which words should be marked was decided on the model's translations, before it was seen where the marks
stand; an article before a marked noun may be in it or not. Of words that the model lost nothing may be marked.
"""

import json
from typing import Any

from formats.document import Piece, Translated
from formats.markup.placing import Sentence, place
from formats.markup.tree import Tag
from segmenter.splitter import Splitter
from tests.cases.cases import Case, translate
from tests.conftest import MODELS, ROOT
from tests.unit.formats.test_contract import EXPECTED
from tests.unit.test_markup_placing import count_right
from translator.engines import loading

INLINE = {
    (one["in"], one["text"]): one["kind"] for about in EXPECTED.values() for one in about.get("inline", ())
}  # fmt: skip
BEHIND = "footnote mark behind it"
LABELLED = [
    json.loads(line) for line in (ROOT / "tests/data/marked_documents_de.jsonl").read_text("utf-8").splitlines()
]


def of_document(source: str, sentences: list[str], drafts: list[Any]) -> Translated:
    """Return a text of a document with what became of its sentences."""
    pieces: list[Piece] = []
    position = 0
    for sentence, draft in zip(sentences, drafts, strict=True):
        start = source.index(sentence, position)
        pieces += [Piece(source[position:start], None), Piece(sentence, draft.text, draft.links)]
        position = start + len(sentence)
    return Translated([*pieces, Piece(source[position:], None)])


def right_behind(became: Translated, tag: dict[str, Any]) -> bool:
    """Whether a mark that stands behind a word stands behind what that became."""
    mark = Tag(tag["source"][1], "<t/>", "empty", "t")
    found = place(Sentence(became.source, became.text, [mark], [], [], became.links), str)
    return len(found.partition("<t/>")[0].split()) - 1 in tag["must"]


async def test_marks_of_the_test_documents_stand_at_the_right_words() -> None:
    labels = {(one["source"], tag["text"]): tag for one in LABELLED for tag in one["tags"]}
    assert labels.keys() == INLINE.keys()
    engine = loading.load("ctranslate2", MODELS, threads=2, isolated=False)[0]
    try:
        found = await translate(
            [Case(id=one["file"], text=one["source"]) for one in LABELLED], Splitter(MODELS), engine
        )
    finally:
        engine.stop()
    right = compared = 0
    for one, translated in zip(LABELLED, found, strict=True):
        became = of_document(one["source"], translated.sources, translated.drafts)
        if became.text != one["translation"]:
            # Another processor may round otherwise; the labels are of this translation alone.
            continue
        behind = [tag for tag in one["tags"] if INLINE[one["source"], tag["text"]] == BEHIND]
        around = [tag for tag in one["tags"] if tag not in behind]
        compared += sum(bool(tag["must"]) for tag in one["tags"])
        right += count_right(one | {"tags": around}, became.links)
        right += sum(right_behind(became, tag) for tag in behind)
    assert compared > len(INLINE) / 2
    # Where they were labelled 52 were right: 84 % of all 62, 90 % of the 58 whose words the translation has.
    assert right >= 0.85 * compared, (right, compared)
