"""What makes finished documents searchable: an entry a part with its words, which a text index holds."""

import asyncio
import random

from store.collections import Collections, part_id
from store.driver import Entry, Session
from store.failures import translated
from store.parts import pieces_of
from store.words import words

# Several sinks choose among so many, so that they seldom choose the same.
_CHOICE = 16
# Characters up to which a document counts as short. Short ones are done together: most of their time is waiting for the
# disk.
_SHORT = 4096


class SearchIndex:
    """Takes up documents that are marked as `unsearched`, part by part.

    The mark holds the next part to do, and the last one (`until`) if that is not the document's; it is moved on only if
    nobody else has touched it. So each call may be repeated,
    and several processes may work at once; the worst is work done twice.
    """

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents
        self._parts = collections.parts
        self._search = collections.search
        self._transactions = collections.transactions

    async def add_next(self) -> bool:
        """Make one part more searchable, or some short documents; return whether there was anything to do that no other did.

        Every second time those go first of which most is done, so that a long document does not wait for all that are new.
        Raises `UnavailableError`.
        """
        fields = {"unsearched": 1, "created": 1, "parts": 1, "metadata": 1, "owner": 1, "counts.characters": 1}
        order = random.choice((1, -1))  # noqa: S311 (spreads work, guards nothing)
        found = self._documents.find({"unsearched.part": {"$gte": 0}}, fields).sort("unsearched.part", order)
        with translated():
            waiting = await found.limit(_CHOICE).to_list(None)
            if not waiting:
                return False
            chosen = random.choice(waiting)  # noqa: S311 (as above)
            short = [document for document in waiting if _is_short(document)]
            added = await asyncio.gather(*map(self._add, short if _is_short(chosen) else [chosen]))
        return any(added)

    async def _add(self, document: Entry) -> bool:
        """Add the next part of a document; return whether no other did so at the same moment."""
        name, mark = document["_id"], document["unsearched"]
        behind = {"_id": {"$gte": part_id(name, mark["part"]), "$lt": f"{name}0"}, "text": {"$exists": True}}
        part: Entry | None = await self._parts.find_one(
            behind, {"text": 1, "spans": 1, "part": 1, "translations": 1, "corrections": 1}, sort=[("_id", 1)]
        )
        moved: Entry = {"$unset": {"unsearched": ""}}
        # How many parts there are is not known of all that were cancelled.
        ends = (document.get("parts"), mark.get("until", -1) + 1)
        if part is not None and part["part"] + 1 not in ends:
            moved = {"$set": {"unsearched.part": part["part"] + 1}}

        async def add(session: Session) -> bool:
            mine = {"_id": name, "unsearched": mark}
            if not (await self._documents.update_one(mine, moved, session=session)).modified_count:
                return False
            if part is not None:
                await self._search.replace_one(
                    {"_id": part["_id"]}, _entry(document, part), upsert=True, session=session
                )
            return True

        # Together, or the words of a document that is deleted at this moment could stay for ever.
        return await self._transactions.run(name, add)


def _is_short(document: Entry) -> bool:
    # One that was cancelled has no counts.
    return bool(document.get("counts", {}).get("characters", _SHORT + 1) <= _SHORT)


def _entry(document: Entry, part: Entry) -> Entry:
    texts = [part["text"], *(text for _, text in pieces_of(part) if text is not None)]
    if part["part"] == 0:
        # So that the list of documents finds a file by its name.
        texts += [
            document["_id"],
            *(value for value in document.get("metadata", {}).values() if isinstance(value, str)),
        ]
    found = {word for text in texts for word, _, _ in words(text) if word}
    # Each word between spaces: a word can be looked for as it is.
    owner = {"owner": document["owner"]} if "owner" in document else {}
    return owner | {
        "document": document["_id"],
        "part": part["part"],
        "created": document["created"],
        "words": f" {' '.join(sorted(found))} ",
    }
