"""Texts that are sent, and the sentences that are in them."""

from benchmarks.pipelines import ROOT
from pipeline.parts import cut
from segmenter.splitter import Splitter
from translator.writing.layout import flatten

# Sentences of 170 characters on average; in STORY they have 98, which is more usual.
BOOK = (ROOT / "examples" / "die-verwandlung.txt").read_text(encoding="utf-8")
STORY = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")
NOTE = "Das Haus steht am Ende der Straße, und im Garten blühen die Rosen."


def sentences(text: str) -> list[str]:
    """Return the sentences of a text as an engine gets them."""
    splitter = Splitter(ROOT / "models")
    return [flatten(part[start:end])[0] for part in cut(text) for start, end in splitter.spans(part, "de")]
