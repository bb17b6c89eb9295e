"""Trains a boundary model: `python -m segmenter.training FOLDER --gold a.spacy --pairs b.tsv.xz`.

Gold texts are spaCy's DocBin files with sentence starts. Pairs are lines of a tag, a German sentence and an English one:
where lines are joined a sentence begins, and inside of a line none does if the English side has no end inside of it and the
first model, of the gold texts alone, does not disagree. The same files give the same model.
"""

import argparse
import json
from pathlib import Path

from segmenter.training.examples import examples_of, examples_of_pairs
from segmenter.training.regression import fit
from segmenter.training.texts import gold_texts, lexicon_of, pairs


def main() -> None:
    """Train a model and write it to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    gold = [text for path in options.gold for text in gold_texts(path)]
    lines = pairs(options.pairs)
    lexicon = (
        lexicon_of((german for german, _ in lines), 0.99) if lines else lexicon_of((text for text, _ in gold), 0.9)
    )
    # Where nouns have capital letters, a word with one says less.
    kinds, without_stop = ("s", 2.0) if lines else ("slLmUu?", 0.0)
    # A part of the texts is read without the lexicon, so that languages that it does not know are read, too.
    examples = examples_of(gold if lines else [one for n, one in enumerate(gold) if n % 5], lexicon, kinds)
    if not lines:
        examples += examples_of(gold[::5], {}, kinds)
    weights = fit(examples, least=4, steps=100)
    if lines:
        examples += examples_of_pairs(lines, lexicon, kinds, weights)
        weights = fit(examples, least=6, steps=150)
    # No text at hand has them, and no sentence goes on behind them.
    weights["。"] = 10.0
    model = {
        "kinds": kinds,
        "without_stop": without_stop,
        "lexicon": {kind: " ".join(word for word, one in lexicon.items() if one == kind) for kind in "slLmUu"},
        "weights": dict(sorted(weights.items())),
    }
    options.folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(model, ensure_ascii=False, indent=0)
    (options.folder / "weights.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
