"""What is written of a part: its text with the places of its sentences, and their translations."""

from dataclasses import dataclass, field

from pymongo import DeleteOne, InsertOne, UpdateOne

from pipeline.events import MEMORY, SegmentedPart, Translation
from store.collections import part_id
from store.driver import Entry
from store.tallying import TALLY, tally

# Of sentences that no model takes, and of those that a person translated.
_NO_MODEL = ["none", MEMORY]


@dataclass
class PartUpdate:
    """What is new about one revision of a part: its text and spans, translations, or both."""

    document: str
    part: int
    revision: str
    segmented: SegmentedPart | None = None
    translations: list[Translation] = field(default_factory=list)


def insert(update: PartUpdate) -> InsertOne[Entry] | None:
    """Return how a part is written of which nothing is there yet: a fifth of the work of `merge`, whose result it has.

    None if its text is not among what is new. Where there is something, MongoDB refuses it (`store.failures.DUPLICATE`).
    """
    if (segmented := update.segmented) is None or update.translations:
        return None
    text = _text_of(segmented)
    return InsertOne(
        {
            "_id": part_id(update.document, update.part),
            "document": update.document,
            "revision": update.revision,
            "part": update.part,
            **text,
            "translations": {},
            **tally({}, text["total"]),
        }
    )


def complete(update: PartUpdate, total: int) -> UpdateOne | None:
    """Return how all translations of a part are written that has none; it is not found if it has any.

    Less work than `merge`, whose result it has. None if these are not all of its `total` sentences.
    """
    made = _made(update)
    if update.segmented is not None or len(made) != total or not made.keys() <= set(map(str, range(total))):
        return None
    own = {"_id": part_id(update.document, update.part), "document": update.document, "revision": update.revision}
    return UpdateOne(
        {**own, "total": total, "translations": {}, "corrections": None, "model": None},
        {
            "$set": {"translations": made, "model": _model_of(update), **tally(made, total)},
            "$currentDate": {"started": True},
        },
    )


def stray(update: PartUpdate) -> DeleteOne:
    """Return the deletion of what is there in the place of a part, if it is no part but only translations."""
    text = {"revision": {"$ne": update.revision}, "text": {"$exists": False}}
    return DeleteOne({"_id": part_id(update.document, update.part), "document": update.document, **text})


def merge(update: PartUpdate) -> UpdateOne:
    """Return the update of one part. What is there already stays; counts follow from what is there then."""
    fresh: Entry = {"document": {"$literal": update.document}, "part": update.part}
    if (segmented := update.segmented) is not None:
        fresh |= {name: {"$literal": value} for name, value in _text_of(segmented).items()}
        if segmented.pinned:
            # That which it had first: its sentences were sent with that.
            fresh["pinned"] = {"$ifNull": ["$pinned", {"$literal": segmented.pinned}]}
    if update.translations:
        known = {"$ifNull": ["$model", "none"]}
        fresh["model"] = {"$cond": [{"$in": [known, _NO_MODEL]}, {"$literal": _model_of(update)}, "$model"]}
        fresh["started"] = {"$ifNull": ["$started", "$$NOW"]}
    # Of two translations of one sentence the stored one stays, unless it only stands for one that could not be made.
    made = _made(update)
    good = [index for index, entry in made.items() if "failed" not in entry]
    replaced = {"$and": [{"$eq": ["$$this.v.failed", True]}, {"$in": ["$$this.k", good]}]}
    kept = {"$filter": {"input": {"$objectToArray": "$translations"}, "cond": {"$not": [replaced]}}}
    stored = {"$cond": [{"$gt": ["$failed", 0]}, {"$arrayToObject": kept}, "$translations"]}
    # What is stored comes first and keeps its place: MongoDB writes and replicates what differs, in the order of the fields.
    # With the new ones in front it would write all of them anew with each round.
    fresh["translations"] = {"$mergeObjects": [stored, {"$literal": made}, stored]}
    return UpdateOne(
        # The document too: where parts are sharded, that is what they are found by.
        {"_id": part_id(update.document, update.part), "document": update.document, "revision": update.revision},
        [{"$set": fresh}, *TALLY],
        upsert=True,
    )


def _text_of(part: SegmentedPart) -> Entry:
    """Return the fields that follow from a part alone: what else its sentences need in case they are sent again, too."""
    text: Entry = {
        "text": part.text,
        "spans": part.spans,
        "characters": len(part.text),
        "total": len(part.spans) // 2,
    }
    if part.alternatives:
        text["alternatives"] = part.alternatives
    if part.align:
        text["align"] = True
    if part.detected:
        text["detected"] = part.detected
    if part.pinned:
        text["pinned"] = part.pinned
    if part.headings is not None:
        text["headings"] = part.headings
    if part.priority != "normal":
        text["priority"] = part.priority
    if part.terms:
        # In pairs, because a term may be written as names of fields must not be.
        text["terms"] = [list(term) for term in part.terms.items()]
    return text


def _model_of(update: PartUpdate) -> str:
    return max((one.model for one in update.translations), key=lambda name: name not in _NO_MODEL)


def _made(update: PartUpdate) -> dict[str, Entry]:
    """Return the translations by their sentences: of two of one sentence the first that could be made."""
    made: dict[str, Entry] = {}
    for one in sorted(update.translations, key=lambda one: one.failed):
        made.setdefault(str(one.index), _entry(one))
    return made


def _entry(translation: Translation) -> Entry:
    entry: Entry = {"text": translation.text}
    if translation.flags:
        entry["flags"] = translation.flags
    if translation.suspect:
        entry["suspect"] = translation.suspect
    if translation.alternatives:
        entry["alternatives"] = translation.alternatives
    if translation.alignment:
        entry["alignment"] = translation.alignment
    if translation.confidence is not None:
        entry["confidence"] = translation.confidence
    if translation.memory is not None:
        entry["memory"] = translation.memory
    if translation.missed:
        entry["missed"] = translation.missed
    if translation.failed:
        entry["failed"] = True
    return entry
