"""Engines: what turns sentences of one language into sentences of another.

One protocol for all. The contract that each of them keeps is `tests/contract/test_engines.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pipeline.events import OfferedModel
from translator.attention import Attention

Tokens = Sequence[Any]
"""A sentence as the engine's own tokens; only its length means something to others."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to search for a translation."""

    beam_size: int = 4
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    """Length of the token sequences that may not occur twice; 0 allows all."""
    hypotheses: int = 1
    """How many translations to give; at most `beam_size`."""
    attention: bool = False
    """Whether to say what each word was made from (`Hypothesis.attention`). It changes no translation."""
    before: tuple[str, ...] = ()
    """Tokens that the model reads before those of each sentence: they tell it the languages."""
    prefix: tuple[str, ...] = ()
    """Tokens with which the decoder begins; they are no part of the translation."""


USUAL = Decoding()
SECOND_TRY = Decoding(beam_size=2, repetition_penalty=1.15, no_repeat_ngram=4)
"""For a sentence on which the usual search went wrong: it makes repetition dear, which is how small models fail most.

A wider beam mended no more of 150 such sentences, and took a tenth of the time of all.
"""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What an engine made of one sentence."""

    text: str
    capped: bool = False
    """Whether the search ended because the longest allowed length was reached."""
    failure: str | None = None
    """Why there is no translation: the engine fails or dies on this sentence."""
    score: float | None = None
    """Mean log-probability of its tokens; None where the engine does not tell."""
    others: tuple[str, ...] = ()
    """Up to `Decoding.hypotheses` less one, the best first."""
    attention: Attention | None = None
    """What the words of `text` were made from, where `Decoding.attention` asks for it and the engine can tell."""
    doubts: tuple[str, ...] = ()
    """Why a reader should check it, as far as the engine itself can tell; reasons as `translator.guards` has them."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a sentence, for an engine that reads more than the sentence (`ReadingEngine`)."""

    text: str = ""
    """Of which text it is a sentence. Those of different texts are never shown to a model together."""
    before: tuple[str, ...] = ()
    """The sentences before it, as far as they are known, in reading order."""
    after: tuple[str, ...] = ()
    """The same behind it."""
    terms: tuple[tuple[str, str], ...] = ()
    """Names in the sentence that stand for terms of a glossary, and the translation of each."""


class Engine(Protocol):
    """One loaded model on one device. All methods may be called from `workers` threads at once."""

    model: OfferedModel
    device: str
    verbatim: bool
    """Takes text as it is, line breaks included, of any length: nothing is prepared, split or checked."""
    limit: int
    """Longest sentence in tokens that the model translates well; longer ones are split before."""
    batch_tokens: int
    """Size of a batch, in source tokens counting padding, at which the device works best."""
    workers: int
    """How many batches the engine works on at once."""
    spare: int
    """How many batches more it begins with at once all the same: of what cannot wait for the others."""
    round_size: int
    """How many sentences should be fetched together, to be sorted into batches of like length."""

    @property
    def encode(self) -> Callable[[str], Tokens]:
        """Cuts a sentence into tokens. It must not shorten it."""
        ...

    def stop(self) -> None:
        """Give back what the engine holds outside of this process."""
        ...

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch; the results are in its order, one for each."""
        ...


def at_once(engine: Engine) -> int:
    """Return how many batches may be given to an engine at once, where one waits beside those that it works on.

    One that has a spare place begins with that one, too.
    """
    return engine.workers + (1 + engine.spare if engine.spare else 0)


@runtime_checkable
class ReadingEngine(Engine, Protocol):
    """An engine that reads a sentence with what stands around it, in any spelling: a large language model.

    A batch for it has sentences of one text in their order. It tells neither scores nor attention nor other translations.
    """

    context: int
    """How many sentences on either side it wants to see."""

    @property
    def away(self) -> bool:
        """Whether its model cannot be reached at the moment; sentences wait for it then."""
        ...

    def placed(self, tokens: Tokens, around: Surroundings) -> Tokens:
        """Return the tokens of a sentence that stands there; without it a sentence is a text of its own."""
        ...


def several(count: int) -> Decoding:
    """Return how to search for a translation and up to `count` others."""
    return Decoding(beam_size=max(USUAL.beam_size, count + 1), hypotheses=count + 1)


def output_cap(longest: int) -> int:
    """Return the longest allowed translation in tokens, for a batch whose longest sentence has `longest` tokens.

    English has about as many tokens as German; twice as many and a margin for very short sentences is never a good
    translation, but a loop.
    """
    return 2 * longest + 16
