"""CTranslate2: fast on CPUs (int8), and on NVIDIA GPUs where there is one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import ctranslate2

from pipeline.errors import SetupError
from translator.attention import from_pieces
from translator.engines import USUAL, Decoding, Hypothesis, Tokens, at_once, output_cap
from translator.engines.room import Room, batch_tokens, free_gpu_memory
from translator.engines.vocabulary import MARKS, Encoder, check_tokens, target_vocabulary
from translator.models.folder import Model

_UNKNOWN = "<unk>"
_SPACE = "\u2581"


class CTranslate2Engine:
    """A model converted for CTranslate2, with its SentencePiece vocabularies beside it.

    On a CPU it works on `threads` batches at once with one thread each: on two cores that does two to four times as many
    sentences a second as one batch with two threads.
    """

    verbatim = False

    def __init__(self, model: Model, threads: int) -> None:
        folder = model.folder_for("ctranslate2")
        cuda = ctranslate2.get_cuda_device_count() > 0
        self.model = model.offered[0]
        self.device = "cuda" if cuda else "cpu"
        self.limit = model.max_tokens
        self.workers = 2 if cuda else threads
        # On a CPU a batch takes its share of the cores from others; a GPU works on one after the other all the same.
        self.spare = 0 if cuda else 1
        self.round_size = 4096 if cuda else 80 * threads
        self.encode = Encoder(model)
        self._marks = model.language_tokens() | MARKS
        self._target = target_vocabulary(folder)
        for pair in model.offered:
            before, prefix = model.prompt_for(pair)
            check_tokens(folder, "source", before)
            check_tokens(folder, "target", prefix)
        self._usual = model.description.search
        if self._usual.vocabulary_map and not (folder / "vmap.txt").is_file():
            raise SetupError(
                f"{folder} has no vmap.txt: make one (docs/models.md), or take vocabulary_map out of model.json"
            )
        self._translator: Any = ctranslate2.Translator(
            str(folder),
            device=self.device,
            compute_type="int8_float16" if cuda else "int8",
            inter_threads=at_once(self),
            intra_threads=1,
        )
        # More than about 512 tokens in a batch is slower on a CPU: it no longer fits the cache.
        # A weight takes a byte or more.
        weights = (folder / "model.bin").stat().st_size
        self.batch_tokens = batch_tokens(free_gpu_memory(), weights, self.workers) if cuda else 512
        self._room = Room(self.batch_tokens)

    def stop(self) -> None:
        """Nothing to give back."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate the batch with beam search, in parts if memory is short.

        What is not in the vocabulary (€, an emoji, a foreign script) is taken over as it is: attention tells where it stood.
        To compute it in every search would cost five percent.
        """
        return self._room.run(batch, partial(self._generate, decoding=decoding))

    def _generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        cap = output_cap(max(map(len, batch)))
        asked = [[*decoding.before, *tokens] for tokens in batch]
        found = [
            self._without_unknown(*one, decoding.prefix)
            for one in zip(asked, self._search(asked, decoding, cap), strict=True)
        ]
        attentions = self._attentions(asked, found, decoding) if decoding.attention else [None] * len(batch)
        return [self._hypothesis(*one, cap) for one in zip(batch, found, attentions, strict=True)]

    def _without_unknown(self, asked: Tokens, found: "_Found", prefix: Sequence[str]) -> "_Found":
        """Return what was found with pieces of the source in place of those that are not in the vocabulary."""
        if not any(_UNKNOWN in pieces for pieces in found.hypotheses):
            return found
        return found._replace(hypotheses=[self._copied(asked, pieces, prefix) for pieces in found.hypotheses])

    def _copied(self, asked: Tokens, pieces: list[str], prefix: Sequence[str]) -> list[str]:
        """Return the pieces, each unknown one as that of the source to which the model attended most when it made it.

        The model is given what it made up to the last of them: that costs a third of another search.
        """
        known = list(pieces)
        places = [place for place, piece in enumerate(pieces) if piece == _UNKNOWN]
        if not places:
            return known
        given = [*prefix, *pieces[: places[-1] + 1]]
        (again,) = self._translator.translate_batch(
            [asked],
            target_prefix=[given],
            beam_size=1,
            max_decoding_length=len(given),
            max_input_length=0,
            return_attention=True,
        )
        rows = again.attention[0][len(prefix) :]
        for place in places:
            known[place] = asked[max(range(len(asked)), key=rows[place].__getitem__)]
        return known

    def _hypothesis(
        self, tokens: Tokens, found: "_Found", rows: Sequence[Sequence[float]] | None, cap: int
    ) -> Hypothesis:
        text, *others = map(self._text, found.hypotheses)
        best = found.hypotheses[0]
        # Rows belong to the pieces that they make; the end mark has none.
        attention = from_pieces(self._texts(tokens), self._texts(best), rows) if rows is not None else None
        return Hypothesis(text, capped=len(best) >= cap, score=found.score, others=tuple(others), attention=attention)

    def _text(self, pieces: Sequence[str]) -> str:
        text: str = self._target.decode([piece for piece in pieces if piece not in self._marks])
        return text

    def _texts(self, pieces: Sequence[str]) -> list[str]:
        """Return what the pieces stand for in a text."""
        return ["" if piece in self._marks else piece.replace(_SPACE, " ") for piece in pieces]

    def _attentions(
        self, asked: Sequence[Tokens], found: Sequence["_Found"], decoding: Decoding
    ) -> list[Sequence[Sequence[float]]]:
        """Return the attention of each sentence without its prompt, that of its first piece made for it alone.

        In a batch CTranslate2 gives all of them that of the longest. It depends on no choice of the search, so one step for
        each sentence tells it; that costs less than half of the search.
        """
        rows = [list(one.attention) for one in found]
        if len(asked) > 1:
            prefix = decoding.prefix
            alone = self._translator.translate_batch(
                asked,
                target_prefix=[list(prefix)] * len(asked) if prefix else None,
                beam_size=1,
                max_batch_size=1,
                max_decoding_length=1 + len(prefix),
                max_input_length=0,
                return_attention=True,
            )
            for mine, one in zip(rows, alone, strict=True):
                mine[:1] = one.attention[0][len(prefix) :][:1] if mine else []
        skipped = len(decoding.before)
        return [[row[skipped:] for row in mine] for mine in rows]

    def _search(self, asked: Sequence[Tokens], decoding: Decoding, cap: int) -> list["_Found"]:
        """Return for each sentence its translations, in pieces, and their attention if it is wanted."""
        prefix, settings = decoding.prefix, self._settings(decoding)
        results = self._translator.translate_batch(
            asked,
            target_prefix=[list(prefix)] * len(asked) if prefix else None,
            **settings,
            num_hypotheses=decoding.hypotheses,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            max_decoding_length=cap + len(prefix),
            # Its own limit would cut the input without a word; `limit` is kept by the translator.
            max_input_length=0,
            return_scores=True,
            return_attention=decoding.attention,
        )
        penalty = settings.get("length_penalty", 1.0)
        return [_without(one, len(prefix), penalty, attention=decoding.attention) for one in results]

    def _settings(self, decoding: Decoding) -> dict[str, Any]:
        """Return the model's own settings for the usual search. Every other one weighs the whole vocabulary."""
        if replace(decoding, attention=False, before=(), prefix=()) != USUAL:
            return {"beam_size": decoding.beam_size}
        mine = self._usual
        return {"beam_size": mine.beam, "length_penalty": mine.length_penalty, "use_vmap": mine.vocabulary_map}


class _Found(NamedTuple):
    """What the search found for a sentence, without the tokens that it was given to begin with."""

    hypotheses: list[list[str]]
    score: float
    attention: list[Sequence[float]]
    """Of the best one."""


def _without(result: Any, prefix: int, penalty: float, *, attention: bool) -> _Found:
    # The sum is divided by that power of the length, the tokens counted that were given, which add nothing to it.
    length = len(result.hypotheses[0]) + 1
    return _Found(
        [pieces[prefix:] for pieces in result.hypotheses],
        result.scores[0] * length**penalty / max(1, length - prefix),
        result.attention[0][prefix:] if attention else [],
    )
