"""JSON lines: a sentence a line, for programs."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from api.schemas import Judgement, changed
from store.parts import StoredSentence

_encoder = msgspec.json.Encoder()


async def write_lines(parts: AsyncIterator[Sequence[StoredSentence]]) -> AsyncIterator[str]:
    """Yield a line of JSON for each sentence, with the fields that `GET …/sentences` gives."""
    async for sentences in parts:
        yield "".join(_line(sentence) for sentence in sentences)


def _line(sentence: StoredSentence) -> str:
    fields = {
        "position": f"{sentence.part}.{sentence.index}",
        "source": sentence.source,
        "translation": sentence.translation,
        "span": sentence.span,
        "flags": sentence.flags,
        "suspect": sentence.suspect,
        "failed": sentence.failed,
        "memory": sentence.memory,
        **Judgement.of(sentence.confidence, sentence.suspect, sentence.translation)._asdict(),
        **changed(sentence),
    }
    return _encoder.encode(fields).decode() + "\n"
