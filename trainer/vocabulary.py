"""The pieces into which a model cuts sentences."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

from pipeline.errors import SetupError

END, UNKNOWN, PAD = "</s>", "<unk>", "<pad>"
FILES = ("source.spm", "target.spm", "vocab.json")
# So many sentences say what the pieces of a language are.
_MOST_SENTENCES = 1_200_000


@dataclass(frozen=True)
class Vocabulary:
    """Cuts sentences of both sides into ids; the last id is <pad>, with which the decoder begins."""

    ids: dict[str, int]
    source: Any
    target: Any

    @property
    def size(self) -> int:
        """How many ids there are."""
        return len(self.ids)

    @property
    def pad(self) -> int:
        """The id that fills batches up."""
        return self.ids[PAD]

    @property
    def end(self) -> int:
        """The id at the end of every sentence."""
        return self.ids[END]

    def encode_sources(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of sentences, without the end mark."""
        return self._encode(self.source, texts)

    def encode_targets(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of translations, without the end mark."""
        return self._encode(self.target, texts)

    def _encode(self, pieces: Any, texts: Sequence[str]) -> list[list[int]]:
        # A vocabulary may number its pieces in another way than the two files do.
        unknown = self.ids[UNKNOWN]
        numbers = np.array([self.ids.get(pieces.id_to_piece(at), unknown) for at in range(pieces.get_piece_size())])
        sentences: list[list[int]] = pieces.encode(list(texts))
        if (numbers == np.arange(len(numbers))).all():
            return sentences
        return [numbers[sentence].tolist() if sentence else [] for sentence in sentences]


def load(folder: Path) -> Vocabulary:
    """Return the vocabulary of a model in Hugging Face's form. Raises `SetupError`."""
    try:
        ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        source, target = (sentencepiece.SentencePieceProcessor(model_file=str(folder / name)) for name in FILES[:2])
    except (OSError, RuntimeError, ValueError) as error:
        raise SetupError(
            f"{folder}: its vocabulary cannot be read ({error}); there must be {', '.join(FILES)}"
        ) from None
    if not {END, UNKNOWN, PAD} <= ids.keys() or ids[PAD] != len(ids) - 1:
        raise SetupError(f"{folder}/vocab.json: the last id must be {PAD}, and {END} and {UNKNOWN} must be there")
    return Vocabulary(ids, source, target)


def make(sources: Sequence[str], targets: Sequence[str], size: int, folder: Path, threads: int = 1) -> Vocabulary:
    """Make a vocabulary of `size` ids for both languages together from a training set, and write its files.

    There are fewer where the texts are too few for so many. What the pieces do not cover is unknown to the model, and
    engines take it over from the source. The same texts give the same pieces. Raises `SetupError` for too few texts.
    """
    every = max(1, 2 * len(sources) // _MOST_SENTENCES)
    with tempfile.TemporaryDirectory(dir=folder) as room:
        text = Path(room) / "text"
        with text.open("w", encoding="utf-8") as file:
            for source, target in zip(sources[::every], targets[::every], strict=True):
                file.write(f"{source}\n{target}\n")
        try:
            sentencepiece.SentencePieceTrainer.train(
                input=str(text),
                model_prefix=str(Path(room) / "joint"),
                vocab_size=size - 1,
                hard_vocab_limit=False,
                character_coverage=0.9998,
                model_type="unigram",
                eos_id=0,
                unk_id=1,
                bos_id=-1,
                pad_id=-1,
                num_threads=threads,
                minloglevel=2,
            )
        except RuntimeError as error:
            raise SetupError(f"the pairs are too few for a vocabulary ({error}); bring more, or use --init") from None
        return adopt(Path(room) / "joint.model", folder)


def adopt(model: Path, folder: Path) -> Vocabulary:
    """Take a SentencePiece model for both languages together, and write the files of its vocabulary. Raises `SetupError`."""
    try:
        for name in FILES[:2]:
            shutil.copyfile(model, folder / name)
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    except (OSError, RuntimeError) as error:
        raise SetupError(f"{model}: it cannot be read as a SentencePiece model ({error})") from None
    ids = {pieces.id_to_piece(at): at for at in range(pieces.get_piece_size())}
    ids[PAD] = len(ids)
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    return load(folder)
