"""Trains a boundary model: `python -m segmenter.training FOLDER --gold a.spacy --pairs b.tsv.xz`.

Gold texts are spaCy's DocBin files with sentence starts. Pairs are lines of a tag, a German sentence and an English one:
where lines are joined a sentence begins, and inside of a line none does if the English side has no end inside of it and the
first model, of the gold texts alone, does not disagree. Without pairs the model is one for several languages. The same files
give the same model.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmenter.boundaries import lexicon_from
from segmenter.training.examples import examples_of, examples_of_pairs
from segmenter.training.made import made
from segmenter.training.regression import fit
from segmenter.training.texts import endings_of, gold_texts, lexicon_of, pairs

Text = tuple[str, set[int]]

_ONE_SENTENCE = re.compile(r"(?=[A-ZÄÖÜ])[^.!?…:]{20,200}+[.!?]")


def main() -> None:
    """Train a model and write it to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    gold = [text for path in options.gold for text in gold_texts(path)]
    model = german(gold, pairs(options.pairs)) if options.pairs else other(gold)
    # No text at hand has them, and no sentence goes on behind them.
    model["weights"]["。"] = 10.0
    options.folder.mkdir(parents=True, exist_ok=True)
    model["weights"] = dict(sorted(model["weights"].items()))
    text = json.dumps(model, ensure_ascii=False, indent=0)
    (options.folder / "weights.json").write_text(f"{text}\n", encoding="utf-8")


def german(gold: Sequence[Text], lines: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a model of texts with known sentences and of pairs; where nouns have capital letters, one says less."""
    written = by_kind(lexicon_of((german for german, _ in lines), 0.99), "slLmUu")
    endings = by_kind(endings_of(german for german, _ in lines), "nfo")
    lexicon = lexicon_from(written, endings)
    examples = examples_of(gold, lexicon, "s")
    frames = made([line for line, _ in lines if _ONE_SENTENCE.fullmatch(line)][::7], lexicon, 2000)
    examples += [one._replace(weight=0.2) for one in examples_of(list(frames), lexicon, "s")]
    examples += examples_of_pairs(lines, lexicon, "s", fit(examples, least=4, steps=100))
    weights = fit(examples, least=6, steps=150)
    return {"kinds": "s", "without_stop": 2.0, "lexicon": written, "endings": endings, "weights": weights}


def other(gold: Sequence[Text]) -> dict[str, Any]:
    """Return a model of texts in several languages."""
    kinds = "slLmUu?"
    lexicon = lexicon_of((text for text, _ in gold), 0.9)
    # A part of the texts is read without the lexicon, so that languages that it does not know are read, too.
    examples = examples_of([one for number, one in enumerate(gold) if number % 5], lexicon, kinds)
    examples += examples_of(gold[::5], {}, kinds)
    weights = fit(examples, least=4, steps=100)
    return {"kinds": kinds, "without_stop": 0.0, "lexicon": by_kind(lexicon, "slLmUu"), "weights": weights}


def by_kind(lexicon: Mapping[str, str], kinds: str) -> dict[str, str]:
    """Return for each kind its words, with spaces between."""
    return {kind: " ".join(word for word, one in lexicon.items() if one == kind) for kind in kinds}


if __name__ == "__main__":
    main()
