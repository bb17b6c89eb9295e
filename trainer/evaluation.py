"""How good a model is: BLEU and chrF of what it makes of test sets."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from trainer.pairs import Pair

_BEAM, _TOKENS, _LONGEST = 4, 2048, 256
END = "</s>"


class Score(Struct, frozen=True):
    """The figures of one test set."""

    sentences: int
    bleu: float
    bleu_signature: str
    """Exactly how sacrebleu counted: only figures with the same signature can be compared."""
    chrf: float
    chrf_signature: str


def evaluate(model: Path, pairs: Sequence[Pair], threads: int) -> Score:
    """Translate the sources of a test set with a model in CTranslate2's form, and compare with its translations."""
    return score(translate(model, [pair.source for pair in pairs], threads), [pair.target for pair in pairs])


def score(translations: Sequence[str], references: Sequence[str]) -> Score:
    """Compare translations with good ones."""
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    found = [metric.corpus_score(list(translations), [list(references)]).score for metric in (bleu, chrf)]
    signatures = [str(metric.get_signature()) for metric in (bleu, chrf)]
    return Score(len(references), round(found[0], 2), signatures[0], round(found[1], 2), signatures[1])


def translate(model: Path, sentences: Sequence[str], threads: int) -> list[str]:
    """Return the translations as the model makes them, without what a translator does before and after."""
    import ctranslate2
    import sentencepiece

    engine = ctranslate2.Translator(str(model), device="cpu", compute_type="int8", intra_threads=threads)
    source, target = (
        sentencepiece.SentencePieceProcessor(model_file=str(model / f"{side}.spm")) for side in ("source", "target")
    )
    found = engine.translate_batch(
        [[*pieces, END] for pieces in source.encode(list(sentences), out_type=str)],
        beam_size=_BEAM,
        max_batch_size=_TOKENS,
        batch_type="tokens",
        max_input_length=0,
        max_decoding_length=_LONGEST,
    )
    return [target.decode(one.hypotheses[0]) for one in found]
