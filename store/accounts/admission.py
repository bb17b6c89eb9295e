"""New documents of a key that may have only so many under way."""

from pymongo.errors import DuplicateKeyError

from pipeline.errors import TooManyDocumentsError
from store.collections import UNDER_WAY, Collections
from store.driver import Entry, Session


async def insert_within(collections: Collections, entry: Entry, limit: int) -> None:
    """Insert a document whose owner has fewer than `limit` under way, exactly so with any number of API processes.

    Raises `TooManyDocumentsError`, or `DuplicateKeyError` if the document is there already.
    """
    documents, owner = collections.documents, entry["owner"]

    async def insert(session: Session) -> None:
        if await documents.find_one({"_id": entry["_id"]}, {"_id": 1}, session=session):
            raise DuplicateKeyError("the document is there")
        # Two that count at the same time would both find room; as both write this entry, one of them counts again.
        await collections.usage.update_one({"_id": owner}, {"$inc": {"begun": 1}}, upsert=True, session=session)
        mine = {"owner": owner, "state": {"$in": UNDER_WAY}}
        if await documents.count_documents(mine, limit=limit, session=session) >= limit:
            raise TooManyDocumentsError(limit)
        await documents.insert_one(entry, session=session)

    await collections.transactions.run(owner, insert)
