"""What makes finished documents searchable: an entry a part with its words, which a text index holds."""

from collections.abc import Sequence

from pymongo import ReplaceOne

from store.collections import Collections
from store.driver import Entry, Session
from store.parts import pieces_of
from store.words import vocabulary


class SearchIndex:
    """Puts the words of documents that are marked as `unsearched` into the search."""

    mark = "unsearched"
    of_document: Sequence[str] = ("metadata",)
    of_part: Sequence[str] = ("text", "spans", "translations", "corrections")

    def __init__(self, collections: Collections) -> None:
        self._search = collections.search

    async def do(self, parts: Sequence[tuple[Entry, Entry]], session: Session) -> None:
        """Make parts searchable."""
        entries = [
            ReplaceOne({"_id": part["_id"], "document": document["_id"]}, _entry(document, part), upsert=True)
            for document, part in parts
        ]
        await self._search.bulk_write(entries, ordered=False, session=session)


def _entry(document: Entry, part: Entry) -> Entry:
    texts = [part["text"], *(text for _, text in pieces_of(part) if text is not None)]
    if part["part"] == 0:
        # So that the list of documents finds a file by its name.
        texts += [
            document["_id"],
            *(value for value in document.get("metadata", {}).values() if isinstance(value, str)),
        ]
    found = vocabulary(texts)
    # Each word between spaces: a word can be looked for as it is.
    owner = {"owner": document["owner"]} if "owner" in document else {}
    return owner | {
        "document": document["_id"],
        "part": part["part"],
        "created": document["created"],
        "words": f" {' '.join(sorted(found))} ",
    }
