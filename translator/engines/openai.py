"""A large language model behind a server that speaks OpenAI's protocol: Ollama, vLLM, llama.cpp and others."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Coroutine, Iterable, Sequence
from itertools import groupby
from typing import Any

from pipeline.events import OfferedModel
from translator.engines import SECOND_TRY, Decoding, Engine, Hypothesis, Surroundings, Tokens
from translator.llm import answers, prompts
from translator.llm.answers import AnswerError
from translator.llm.doubts import doubts
from translator.llm.reach import text_goes
from translator.llm.server import RequestError, Server
from translator.llm.settings import LanguageModelSettings, language_model

logger = logging.getLogger(__name__)

# A word, a sign, or a character of a script that has no spaces, each with the space before it. Words of any usual length
# count the same: nothing is known of the tokens of the model behind the server.
_PIECE = re.compile(r"\s*+(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]{1,24}|\S)|\s++")
_LIMIT = 300
# Tokens that a translation may take: of some scripts a character is two, and JSON has its own.
_TOKENS_A_CHARACTER, _TOKENS_BESIDE = 2, 128
_MORE = 4
# Shorter ones may well be the same: "Ja." and "Doch."
_LONG_ENOUGH = 25
# Sentences whose translations are remembered for when a round is done again because the server went away in the middle.
_REMEMBERED = 2048


class Words(tuple[str, ...]):
    """A sentence as words and signs; joined they are its text."""

    around = Surroundings()

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(self)


class CutError(Exception):
    """An answer ended at the number of tokens that it might have."""


class OpenAIEngine:
    """Translates between one pair of languages with a model on a server. Engines of other pairs may share the server.

    A batch is one question. An answer counts if it has exactly one text for each sentence (`llm/answers.py`); otherwise each
    sentence is asked for alone, twice at most, and fails then. An answer that was cut off, and a question that the server
    refuses or fails on, is halved. So n sentences take at most 4n + 1 questions, and none gets what is another's.
    Sentences of different texts are never in one question, so that no document has a say in the translation of another.

    `generate` raises `UnavailableError` while the server is away; nothing is the sentences' fault then.
    """

    device = "server"
    verbatim = False
    limit = _LIMIT

    def __init__(self, server: Server, model: OfferedModel) -> None:
        self.model = model
        self.workers = server.model.parallel
        self.spare = 0
        self.batch_tokens = server.model.words
        self.context = server.model.context
        # About two requests for each that can be sent at once.
        self.round_size = max(20, 20 * self.workers)
        self._server = server
        self._known: OrderedDict[tuple[object, ...], Hypothesis] = OrderedDict()

    @property
    def away(self) -> bool:
        """Whether the server does not answer at the moment."""
        return self._server.away

    def encode(self, text: str) -> Tokens:
        """Return the words and signs of a sentence."""
        return Words(_PIECE.findall(text))

    def placed(self, tokens: Tokens, around: Surroundings) -> Tokens:
        """Return a sentence that knows what stands around it."""
        words = Words(tokens)
        words.around = around
        return words

    def stop(self) -> None:
        """End all questions of all engines of this server."""
        self._server.stop()

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch. On the second try, and in no other way of decoding, each sentence is asked for alone."""
        careful = decoding.no_repeat_ngram == SECOND_TRY.no_repeat_ngram
        sentences = [one if isinstance(one, Words) else Words(one) for one in batch]
        return self._server.run(self._translate(sentences, careful=careful))

    async def _translate(self, sentences: Sequence[Words], *, careful: bool) -> list[Hypothesis]:
        found: dict[int, Hypothesis] = {}
        asked = []
        for place, one in enumerate(sentences):
            if not one.text.strip():
                found[place] = Hypothesis(one.text)
            elif (known := self._known.get(_key(one, careful))) is not None:
                found[place] = known
            else:
                asked.append(place)
        # A sentence of which nobody says whose it is, is alone; so is each on a second try.
        groups = [
            list(places)
            for _, places in groupby(asked, lambda place: place if careful else sentences[place].around.text or place)
        ]
        made = await _all(self._answer([sentences[place] for place in places], careful=careful) for places in groups)
        for places, hypotheses in zip(groups, made, strict=True):
            found.update(zip(places, hypotheses, strict=True))
        return [found[place] for place in range(len(sentences))]

    async def _answer(self, sentences: Sequence[Words], *, careful: bool) -> list[Hypothesis]:
        """Return the translations of sentences of one text; ask again, for fewer at once, if there are none."""
        try:
            made = await self._ask(sentences, careful=careful)
        except AnswerError as error:
            if len(sentences) == 1:
                return [await self._alone(sentences[0], str(error))]
            logger.info("an answer for %d sentences cannot be used (%s); asking for each", len(sentences), error)
            parts = [[one] for one in sentences]
        except (CutError, RequestError) as error:
            if isinstance(error, RequestError):
                await self._server.blame(error)
            if len(sentences) == 1:
                return [await self._alone(sentences[0], str(error))]
            middle = len(sentences) // 2
            parts = [list(sentences[:middle]), list(sentences[middle:])]
        else:
            self._known.update(zip((_key(one, careful) for one in sentences), made, strict=True))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return made
        found = await _all(self._answer(part, careful=careful) for part in parts)
        return [one for part in found for one in part]

    async def _alone(self, sentence: Words, reason: str) -> Hypothesis:
        """Ask once more for a sentence for which there was no answer."""
        try:
            (made,) = await self._ask([sentence], careful=True, room=_MORE)
        except (AnswerError, CutError, RequestError) as error:
            if isinstance(error, RequestError):
                await self._server.blame(error)
            logger.error(  # noqa: TRY400 (where it was raised says nothing)
                "no translation: no answer for a sentence of %d characters (%s; %s)", len(sentence.text), reason, error
            )
            return Hypothesis("", failure=f"the model gave no translation: {error}")
        return made

    async def _ask(self, sentences: Sequence[Words], *, careful: bool, room: int = 1) -> list[Hypothesis]:
        """Return what one answer says. Raises `AnswerError`, `CutError`, `RequestError`, `UnavailableError`.

        `room`: how many times the usual number of tokens the answer may have.
        """
        model = self._server.model
        source, target = self.model.source, self.model.target
        passage = [(one.text, one.around) for one in sentences]
        asked = prompts.messages(passage, source, target, model.instructions, careful=careful)
        characters = sum(len(one.text) for one in sentences)
        limit = (_TOKENS_BESIDE + _TOKENS_A_CHARACTER * characters + model.thinking_tokens) * room
        reply = await self._server.ask(asked, prompts.schema(len(sentences)), limit)
        if reply.cut:
            raise CutError(f"the answer was cut off at {limit} tokens")
        if reply.refused:
            raise AnswerError("a refusal")
        texts = answers.read(reply.content, len(sentences))
        if _says_again(sentences, texts):
            raise AnswerError("one translation for different sentences")
        return [self._hypothesis(one.text, answers.cleaned(text)) for one, text in zip(sentences, texts, strict=True)]

    def _hypothesis(self, source: str, text: str) -> Hypothesis:
        if not text:
            raise AnswerError("an empty translation")
        return Hypothesis(text, doubts=doubts(source, text, self.model.source, self.model.target))


def load(settings: LanguageModelSettings) -> list[Engine]:
    """Return an engine for each pair of languages of a model on a server, and say where texts go.

    A server that is away is waited for later. Raises `SetupError` for settings that cannot be used.
    """
    model = language_model(settings)
    goes = text_goes(model.url)
    said = {
        "machine": "they stay on this machine",
        "network": "they stay in this network",
        "outside": "THEY LEAVE THIS NETWORK",
    }
    logger.info("texts go to the language model at %s: %s", model.url, said[goes])
    if goes == "outside" and model.url.startswith("http://"):
        logger.warning("%s is no https address: texts and the key can be read by everybody on the way", model.url)
    server = Server(model)
    try:
        server.run(server.check())
    except BaseException:
        server.stop()
        raise
    return [OpenAIEngine(server, pair) for pair in model.pairs]


def _says_again(sentences: Sequence[Words], texts: Sequence[str]) -> bool:
    """Whether sentences that are long enough to differ have the same translation: one is left out, or they were made one."""
    long = [(text, one.text) for one, text in zip(sentences, texts, strict=True) if len(text) >= _LONG_ENOUGH]
    return len({text for text, _ in long}) < len(set(long))


def _key(sentence: Words, careful: bool) -> tuple[object, ...]:
    return sentence.text, sentence.around, careful


async def _all(work: Iterable[Coroutine[Any, Any, list[Hypothesis]]]) -> list[list[Hypothesis]]:
    """Return what all of them return; if one raises, when none is under way any more."""
    made = await asyncio.gather(*work, return_exceptions=True)
    for one in made:
        if isinstance(one, BaseException):
            raise one
    return [one for one in made if not isinstance(one, BaseException)]
