"""What models made of finished documents, into the memory of who sent them: the sentence cache."""

from collections.abc import Iterator, Sequence

from pipeline.lanes import sentences_of
from store.collections import Collections
from store.driver import Entry, Session
from store.memory.keeping import MemoryKeeper
from store.memory.units import Made, Place, Unit
from store.ownership import Ownership
from store.parts import segmented_of


class MachineMemory:
    """Puts the sentences of documents that are marked as `unremembered` into the memory, as a machine's units.

    Also what is doubtful, with its reasons: the same model would make the same of it again. Not what failed, nor what
    another model than the document's made, nor what people made, which is in the memory already. What stayed as it was is
    quicker to translate than to remember.
    """

    mark = "unremembered"
    of_document: Sequence[str] = ("source", "target", "model")
    of_part: Sequence[str] = (
        "document", "revision", "text", "spans", "translations", "detected", "terms", "alternatives", "align", "pinned"
    )  # fmt: skip

    def __init__(self, collections: Collections) -> None:
        self._keeper = MemoryKeeper(collections)

    async def do(self, parts: Sequence[tuple[Entry, Entry]], session: Session) -> None:
        """Remember parts."""
        units = (
            (Ownership(document.get("owner"), everything=False), unit)
            for document, part in parts
            for unit in _units(document, part)
        )
        await self._keeper.save_of_several(units, session=session)


def _units(document: Entry, part: Entry) -> Iterator[Unit]:
    segmented = segmented_of(part, document)
    model = segmented.exact_model
    if model is None:
        return
    for sentence in sentences_of(segmented):
        made = part["translations"].get(str(sentence.index))
        if made is None or not _is_kept(sentence.text, made):
            continue
        yield Unit(
            source=sentence.source,
            target=sentence.target,
            text=sentence.text,
            translation=made["text"],
            place=Place(sentence.document, sentence.part, sentence.index),
            made=Made(
                model=model,
                terms=sentence.terms,
                alignment=made.get("alignment", ()),
                confidence=made.get("confidence"),
                flags=made.get("flags", ()),
                suspect=made.get("suspect", ()),
                alternatives=made.get("alternatives", ()),
            ),
        )


def _is_kept(source: str, made: Entry) -> bool:
    by_another = made.get("failed") or "model" in made.get("flags", ())
    return not by_another and made.get("memory") in (None, "repeat") and made["text"].strip() != source.strip()
