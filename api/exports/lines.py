"""JSON lines: a sentence a line, for programs."""

from collections.abc import AsyncIterator, Sequence

from api.schemas.sentences import Sentence
from store.parts import StoredSentence


async def write_lines(parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield a line of JSON for each sentence, as `GET …/sentences` gives it."""
    async for sentences in parts:
        yield "".join(f"{Sentence.of(sentence).model_dump_json()}\n" for sentence in sentences)
