"""Short texts, translated while their sender waits: through the same pipeline as everything else, before everything else.

The texts of a request are one document, each text in parts of its own, so that none touches another and each may be in its
own language. The document is deleted when its translation is read; one that is not read in time by `api/janitor.py`.
"""

import asyncio
import dataclasses
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request

from api.callers import Caller
from api.canceller import Canceller
from api.intake import Intake
from api.live.completions import Completions
from api.problems import TooLargeError, TooManyError, TooSlowError
from api.waiting import ClientGoneError, while_connected
from formats.markup.document import Markup, Piece
from formats.markup.rules import Rules
from pipeline.alignment import Link, transferred, unpack
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo, new_id
from pipeline.errors import EndedError, LimitError
from pipeline.events import DocumentPart
from pipeline.parts import cut
from pipeline.submission import make_part
from store.documents.reading import Document, DocumentReader
from store.ownership import Ownership
from store.parts import StoredSentence, TranslatedPart

TEXTS_LIMIT = 1000
"""Texts in one request: each costs a record of its own."""


MARKUP_LIMIT = 1024 * 1024
"""Characters of texts with tags in one request: taken apart they need up to 55 times their size in memory."""


@dataclass(frozen=True, slots=True)
class Interpreted:
    """A translated text, and the language that it was translated from."""

    text: str
    source: str
    alternatives: list[str]
    """Whole texts that differ from the translation: each with the next best of every sentence that has one."""


@dataclass(frozen=True, slots=True)
class InSentences:
    """Texts that were translated, as one: sentence by sentence."""

    document: Document
    """As it was when it was done."""
    sentences: list[StoredSentence]
    text: str
    """The translation: what is not in a sentence is as it was."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Texts on their way."""

    owner: Ownership
    info: DocumentInfo
    sources: list[Markup] | None
    """The texts taken apart if they have tags."""
    cuts: list[list[str]]
    """The parts of each text."""


class Interpreter:
    """Translates texts at once."""

    def __init__(
        self, intake: Intake, reader: DocumentReader, canceller: Canceller, completions: Completions, patience: float
    ) -> None:
        """`patience`: seconds that a sender waits at most."""
        self._intake = intake
        self._reader = reader
        self._canceller = canceller
        self._completions = completions
        self._patience = patience

    async def accept(
        self, caller: Caller, texts: Sequence[str], wanted: DocumentInfo, *, rules: Rules | None
    ) -> Accepted:
        """Send texts on their way. `wanted` says everything but the id; `rules` what their tags mean.

        With `rules` None they are plain. Raises as `Intake.accept` does.
        """
        if len(texts) > TEXTS_LIMIT:
            raise TooManyError(f"{len(texts)} texts in one request; at most {TEXTS_LIMIT} are taken")
        if rules is not None and sum(map(len, texts)) > MARKUP_LIMIT:
            raise TooLargeError(f"texts with tags may have {MARKUP_LIMIT} characters in one request")
        # Who has nothing left makes no work.
        await self._intake.check_quota(caller, min(1, sum(map(len, texts))))
        if rules is not None:
            known = "" if wanted.source == AUTO else wanted.source
            rules = dataclasses.replace(rules, source=known, target=wanted.target)
        # In a thread: a megabyte of tags takes longer than other requests should wait.
        sources = await asyncio.to_thread(lambda: [Markup(text, rules) for text in texts] if rules else None)
        cuts = await asyncio.to_thread(lambda: [cut(one.text) for one in sources] if sources else list(map(cut, texts)))
        info = dataclasses.replace(
            wanted,
            id=new_id(),
            priority="high",
            internal=wanted.internal | {"synchronous": True},
            candidates=self._intake.candidates(wanted.source, wanted.target),
            align=sources is not None,
        )
        self._intake.check(info)
        await self._intake.check_quota(caller, sum(len(part) for parts in cuts for part in parts))
        try:
            await self._intake.accept_parts(caller, info, _parts(info, cuts))
        except LimitError:
            await self._canceller.delete(caller.ownership, info.id)
            raise
        return Accepted(caller.ownership, info, sources, cuts)

    async def answer(self, accepted: Accepted, request: Request) -> list[Interpreted]:
        """Wait, and return the translations of the texts in order. What is not in a sentence comes back byte for byte.

        Raises `TooSlowError`, which names the document; `EndedError`, `UnavailableError`; `ClientGoneError` when the sender
        of the request has gone, and then the document is cancelled.
        """
        info, sources, cuts = accepted.info, accepted.sources, accepted.cuts
        await self._done(accepted, request)
        found = deque([part async for part in self._reader.translated(accepted.owner, info.id)])
        await self._canceller.delete(accepted.owner, info.id)
        mine = [[found.popleft() for _ in pieces] for pieces in cuts]
        restore = [source.restore for source in sources] if sources else [_joined] * len(cuts)
        made = await asyncio.to_thread(
            lambda: [
                [one(pieces, links, parts[0].detected or info.source) for pieces, links in _versions(parts)]
                for one, parts in zip(restore, mine, strict=True)
            ]
        )
        return [
            Interpreted(text, parts[0].detected or info.source, others)
            for (text, *others), parts in zip(made, mine, strict=True)
        ]

    async def sentences(self, accepted: Accepted, request: Request) -> InSentences:
        """As `answer`, for plain texts; returns the sentences of all of them with what is known of each."""
        await self._done(accepted, request)
        document = await self._reader.get(accepted.owner, accepted.info.id)
        found = [one async for part in self._reader.all_sentences(accepted.owner, accepted.info.id) for one in part]
        await self._canceller.delete(accepted.owner, accepted.info.id)
        if document is None:
            raise _ended(accepted)
        return InSentences(document, found, _replaced("".join(map("".join, accepted.cuts)), found))

    async def _done(self, accepted: Accepted, request: Request) -> None:
        """Wait until the texts are translated. Raises as `answer` does."""
        document = accepted.info.id
        try:
            state = await while_connected(request, self._completions.wait(document, self._patience))
        except ClientGoneError:
            await self._canceller.delete(accepted.owner, document)
            raise
        if state not in ("done", "cancelled", None):
            raise TooSlowError(document, self._patience)
        if state != "done":
            raise _ended(accepted)


def _ended(accepted: Accepted) -> EndedError:
    return EndedError(f"document {accepted.info.id} was ended by somebody else; send the texts again")


def _replaced(text: str, sentences: Sequence[StoredSentence]) -> str:
    """Return a text with the translations of its sentences, each in its place."""
    pieces, position = [], 0
    for sentence in sentences:
        start, end = sentence.span
        pieces += [text[position:start], text[start:end] if sentence.translation is None else sentence.translation]
        position = end
    return "".join([*pieces, text[position:]])


async def _parts(info: DocumentInfo, cuts: Sequence[Sequence[str]]) -> AsyncIterator[DocumentPart]:
    pieces = [piece for parts in cuts for piece in parts]
    for number, piece in enumerate(pieces):
        yield await make_part(info, number, piece, last=number == len(pieces) - 1)


def _versions(parts: Sequence[TranslatedPart]) -> Iterator[tuple[list[Piece], list[list[Link]]]]:
    """Yield the pieces of a text with its translation, then with alternatives as long as any sentence has another one.

    With each, for each piece, which words belong together.
    """
    pieces = [piece for part in parts for piece in part.pieces]
    alternatives = [others for part in parts for others in part.alternatives]
    links = [unpack(numbers) for part in parts for numbers in part.alignments]
    yield pieces, links
    for number in range(max(map(len, alternatives))):
        others = [
            (source, mine[number] if number < len(mine) else translation)
            for (source, translation), mine in zip(pieces, alternatives, strict=True)
        ]
        yield (
            others,
            [
                transferred(mine, first or "", other or "")
                for mine, (_, first), (_, other) in zip(links, pieces, others, strict=True)
            ],
        )


def _joined(pieces: Sequence[Piece], links: Sequence[Sequence[Link]], source: str) -> str:
    del links, source
    return "".join(source if translation is None else translation for source, translation in pieces)
