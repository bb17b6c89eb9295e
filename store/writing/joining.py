"""How a part joins its document."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import InsertOne, UpdateOne

from pipeline.errors import ConflictError
from pipeline.events import SegmentedPart
from pipeline.naming import first_words
from store.driver import Entry


def join_known(part: SegmentedPart, known: Entry | None) -> InsertOne[Entry] | UpdateOne | None:
    """Return what `join` does to a document that is still as `known` (None: there is none), with less work.

    None where it neither is new nor waits for more of its text. If it is not as `known` any more, nothing is changed.
    """
    created = datetime.fromtimestamp(part.created / 1000, UTC)
    number = part.part + 1
    said: Entry = {"state": "translating" if part.last else "receiving", "size": number}
    if part.last:
        said["parts"] = number
    if part.part == 0:
        said["beginning"] = first_words(part.text)
        if part.detected:
            said["detected"] = part.detected
    asked = {name: getattr(part, name) for name in ("source", "target", "model")}
    if known is None:
        times = {"created": created, "touched": created}
        return InsertOne({"_id": part.document, **asked, "metadata": part.metadata, **times, **said})
    waits = known["state"] == "receiving" and known.get("parts") is None and (known.get("size") or 0) < number
    if not (waits and part.metadata.keys() <= (known.get("metadata") or {}).keys()):
        return None
    same = {"state": "receiving", "parts": None, "size": known.get("size"), **asked}
    return UpdateOne(
        {"_id": part.document, **same},
        {"$set": said, "$min": {"created": created}, "$max": {"touched": created}, "$unset": {"stalled": ""}},
    )


def join(part: SegmentedPart) -> UpdateOne:
    """Return the update of a document that follows from one of its parts.

    It changes nothing if the document is deleted, if the part does not fit it, or if all of it is known. Update and decision
    are one: of two parts that contradict each other the first one that comes is taken, also if both come at the same moment.
    """
    created = datetime.fromtimestamp(part.created / 1000, UTC)
    number = part.part + 1
    # Where it had been given up because parts were missing, one that was sent since begins it anew.
    goes_on = {"$and": [{"$eq": ["$state", "incomplete"]}, "$stalled", {"$gt": [{"$literal": created}, "$touched"]}]}
    fields: Entry = {
        "state": {"$cond": [goes_on, "receiving", {"$ifNull": ["$state", "receiving"]}]},
        "source": {"$literal": part.source},
        "target": {"$literal": part.target},
        "model": {"$literal": part.model},
        "metadata": {"$mergeObjects": [{"$literal": part.metadata}, "$metadata"]},
        "created": {"$min": ["$created", created]},
        # When its newest part was sent: derived from the parts, so repetition changes nothing.
        "touched": {"$max": ["$touched", created]},
        # Parts up to the last one that joined, whether those before it have come or not.
        "size": {"$max": ["$size", number]},
    }
    if part.last:
        fields["parts"] = number
    if part.detected and part.part == 0:
        # A document is in the language of its beginning.
        fields["detected"] = {"$literal": part.detected}
    if part.part == 0:
        # What it is called where nobody gave it a name.
        fields["beginning"] = {"$literal": first_words(part.text)}
    joined = {"$cond": ["$_fits", {"$mergeObjects": ["$$ROOT", fields]}, "$$ROOT"]}
    all_sent = {"$and": ["$_fits", {"$in": ["$state", ["receiving", "incomplete"]]}, {"$gt": ["$parts", None]}]}
    stalled = {"$or": [{"$not": ["$_fits"]}, {"$eq": ["$state", "incomplete"]}]}
    return UpdateOne(
        {"_id": part.document},
        [
            {"$set": {"_fits": _fits(part)}},
            {"$replaceWith": joined},
            {"$set": {"state": {"$cond": [all_sent, "translating", "$state"]}}},
            {"$set": {"stalled": {"$cond": [stalled, "$stalled", "$$REMOVE"]}}},
            {"$unset": "_fits"},
        ],
        upsert=True,
    )


def _fits(part: SegmentedPart) -> Entry:
    """Return whether a part fits its document, as MongoDB is to reckon it; to a new one everything fits."""
    number = part.part + 1
    same = [
        {"$eq": [{"$ifNull": [f"${name}", None]}, {"$literal": getattr(part, name)}]}
        for name in ("source", "target", "model")
    ]
    before_end = {"$eq" if part.last else "$gte": ["$parts", number]}
    is_end = {"$lte": ["$size", number]} if part.last else True
    ends = {"$cond": [{"$gt": ["$parts", None]}, before_end, is_end]}
    return {
        "$and": [
            {"$ne": ["$state", "deleted"]},
            {"$or": [{"$eq": [{"$type": "$state"}, "missing"]}, {"$and": [*same, ends]}]},
        ]
    }


def check_joined(part: SegmentedPart, document: Mapping[str, Any]) -> None:
    """Raise `ConflictError` if a part did not fit the document, as that is after `join`."""
    stored = (document["source"], document["target"], document["model"])
    if stored != (part.source, part.target, part.model):
        raise ConflictError(
            f"document {part.document} was submitted as {stored[0]}→{stored[1]}; this part is {part.source}→{part.target}, "
            "or for another model; choose another id or delete the document first"
        )
    end, size = document.get("parts"), document["size"]
    if (part.last and end != part.part + 1) or (end is not None and part.part >= end):
        others = f"has a part {size - 1}" if end is None else f"ends with part {end - 1}"
        raise ConflictError(
            f"part {part.part}{', as the last one,' if part.last else ''} does not fit document {part.document}, "
            f"which {others}; choose another id or delete the document first"
        )
