"""One entry for one worker, of several that ask at the same time."""

from collections.abc import Mapping
from typing import Any

from pymongo import ReturnDocument

from store.driver import Collection, Entry


async def claim(
    collection: Collection,
    wanted: Entry,
    change: Entry,
    *,
    projection: Mapping[str, Any] | None = None,
    sort: list[tuple[str, int]] | None = None,
) -> Entry | None:
    """Change one entry that is as `wanted`, and return it as it is then; None if there is none.

    After `change` it must not be as `wanted` any more: so each entry is given out once. It is looked for first and then
    changed by its id, because a sharded collection changes single entries by their key alone.
    """
    while (found := await collection.find_one(wanted, {"_id": 1}, sort=sort)) is not None:
        entry: Entry | None = await collection.find_one_and_update(
            {"_id": found["_id"], **wanted}, change, projection=projection, return_document=ReturnDocument.AFTER
        )
        if entry is not None:
            return entry
        # Somebody else has it; so there is one less to look for.
    return None
