"""Going on with an upload that broke off."""

from collections.abc import Iterable, Iterator

from pipeline.document_info import DocumentInfo
from pipeline.encodings import TextDecoder
from pipeline.errors import InputError
from pipeline.events import DocumentPart
from pipeline.parts import PartCutter
from pipeline.revisions import revision
from satzstrom import Client, RefusedError
from satzstrom.orders import Order


def resume(
    client: Client,
    info: DocumentInfo,
    chunks: Iterable[bytes],
    *,
    filename: str | None = None,
    order: Order | None = None,
) -> int:
    """Send the parts of a document in UTF-8 that the API does not have, in their order; return how many these were.

    A document that was never begun is begun, with its languages, and with what else is said. Memory: a few parts, and 40
    bytes for each one that is there.

    Raises `InputError` if what is there is not the beginning of this text, `RefusedError`, `UnavailableError`.
    """
    known: dict[int, str] = {}
    document, source, target, model = info.id, info.source, info.target, None
    try:
        for page in client.parts(document):
            source, target, model = page.source, page.target, page.model
            known |= {part.part: part.revision for part in page.items}
    except RefusedError as error:
        if error.kind != "not-found":
            raise
    sent = 0
    for number, (text, last) in enumerate(_cut(chunks)):
        part = DocumentPart(text=text, source=source, target=target, model=model)
        if number not in known:
            client.put_part(
                document, number, text, last=last, source=source, target=target, filename=filename, **(order or {})
            )
            sent += 1
        elif known[number] != revision(part):
            raise InputError(
                f"document {document} was begun with another text (its part {number} differs); "
                "name the right file, or submit this one under another id"
            )
    return sent


def _cut(chunks: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, each with whether it is the last; where they end depends on the text alone."""
    decoder = TextDecoder("utf-8")
    cutter = PartCutter()
    for chunk in chunks:
        for text in cutter.feed(decoder.feed(chunk)):
            yield text, False
    yield from ((text, False) for text in cutter.feed(decoder.finish()))
    *others, last = cutter.finish()
    yield from ((text, False) for text in others)
    yield last, True
