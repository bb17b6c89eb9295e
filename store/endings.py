"""What the end of a document sets off."""

from datetime import datetime

from store.driver import Entry


def due_at(now: datetime) -> Entry:
    """Return the field `callback` of a document that ends, as MongoDB is to reckon it: due, if there is one.

    Before the end it is not due, so whoever looks for callbacks does not meet documents that are under way.
    """
    there = {"$eq": [{"$type": "$callback"}, "object"]}
    return {"$cond": [there, {"$mergeObjects": ["$callback", {"due": now}]}, "$$REMOVE"]}
