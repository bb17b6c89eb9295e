"""Deletions that are interrupted: nothing of the text stays, whatever call is the last."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from pymongo.errors import AutoReconnect

from api.canceller import Canceller
from api.janitor import Janitor
from pipeline.errors import UnavailableError
from pipeline.events import Control, SegmentedPart, decode
from pipeline.publisher import Outgoing
from pipeline.topics import Topics
from store.collections import Collections
from store.dead_letters import DeadLetterStore
from store.documents.batches import BatchStore
from store.documents.deleting import Deletion, DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.files import FileStore
from store.memory.keeping import MemoryKeeper
from store.memory.units import Made, Place, Unit
from store.ownership import EVERYBODY, Ownership
from store.writing.backlog import Backlog, PartWork
from store.writing.indexing import SearchIndex
from store.writing.remembering import MachineMemory
from tests.integration.storing import part, write
from tests.unit.records import FakeRecord

TOPICS = Topics()
STEPS = [
    ("documents", "find_one_and_update"),
    ("parts", "delete_many"),
    ("charges", "delete_many"),
    ("search", "delete_many"),
    ("dead_letters", "delete_many"),
    ("memory", "delete_many"),
    ("files", "update_one"),
    ("chunks", "delete_many"),
    ("files", "delete_one"),
    ("control", "publish"),
    ("documents", "update_one"),
]
SECRET = "vertraulich"


class Interrupted:
    """A collection of which one call fails once: before it does anything, or after, when only its answer is lost."""

    def __init__(self, collection: Any, method: str, *, after: bool) -> None:
        self._collection, self._method, self._after = collection, method, after
        self.failed = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._collection, name)
        if name != self._method or self.failed:
            return found

        async def fail(*arguments: Any, **options: Any) -> None:
            self.failed = True
            if self._after:
                await found(*arguments, **options)
            raise AutoReconnect("failover")

        return fail


class ControlTopic:
    """Takes what is published; the first time it does not, if it is to fail."""

    def __init__(self, *, fails: bool) -> None:
        self.fails, self.failed = fails, False
        self.cancelled: list[str] = []

    async def publish_within(self, _: float, records: list[Outgoing]) -> None:
        if self.fails and not self.failed:
            self.failed = True
            raise UnavailableError("Kafka", "here", "gone")
        self.cancelled += [str(decode(Control, record.value).document) for record in records]


class Deleting:
    """What deletes, with one step that fails."""

    def __init__(self, collections: Collections, step: tuple[str, str], *, after: bool) -> None:
        name, method = step
        self.control = ControlTopic(fails=name == "control")
        # A copy, so that the test itself reads and writes undisturbed.
        broken = Collections(collections.client, collections.documents.database.name)
        self.interrupted: Any = self.control
        if name != "control":
            self.interrupted = Interrupted(getattr(broken, name), method, after=after)
            setattr(broken, name, self.interrupted)
        self.deletion = DocumentDeletion(broken)
        lifecycle = DocumentLifecycle(broken)
        self.canceller = Canceller(lifecycle, self.deletion, self.control, TOPICS)  # type: ignore[arg-type]
        self.janitor = Janitor(lifecycle, self.deletion, self.canceller, BatchStore(broken), FileStore(broken), None)


async def secret(collections: Collections, *, last: bool) -> None:
    """Make a document that has something in every collection; unless `last` it is under way."""
    events = part(0, SECRET, last=last)
    lifecycle = DocumentLifecycle(collections)
    (segmented, *_) = events
    assert isinstance(segmented, SegmentedPart)
    await lifecycle.register(
        Ownership("alice", everything=False),
        "d",
        source="de",
        target="en",
        model=None,
        metadata={"title": SECRET},
        revision=segmented.revision,
        internal={"file": {"id": "f", "digest": "1234"}},
    )
    files = FileStore(collections)
    file = await files.begin(
        Ownership("alice", everything=False), "f", name=SECRET, media_type="text/html", document="d"
    )
    await files.append(file, 0, SECRET.encode())
    await files.complete(file, "1234")
    await write(collections, events)
    await collections.charges.insert_one({"_id": f"d/0000000/{segmented.revision}", "key": "alice"})
    await collections.search.insert_one({"_id": "d/0000000", "document": "d", "words": SECRET})
    await DeadLetterStore(collections).add([letter()])
    unit = Unit(
        source="de", target="en", text=SECRET, translation="secret", place=Place("d", 0, 0), made=Made(model="m@1")
    )
    await MemoryKeeper(collections).save(Ownership("alice", everything=False), [unit])


def letter() -> FakeRecord:
    return FakeRecord(f'{{"document":"d","text":"{SECRET}"}}'.encode(), topic=TOPICS.dead_letters)


async def leftovers(collections: Collections) -> dict[str, Any]:
    """Return what is in any collection but the trace."""
    database = collections.documents.database
    found = {name: await database[name].find().to_list(None) for name in await database.list_collection_names()}
    (trace,) = found.pop("documents")
    assert (trace["_id"], trace["owner"], trace["state"], trace["cleared"]) == ("d", "alice", "deleted", True)
    assert trace["expires"] > datetime.now(UTC)
    assert SECRET not in str(trace)
    return {name: entries for name, entries in found.items() if entries}


CASES = [
    pytest.param(step, after, id=f"{step[0]}-{step[1]}-{'after' if after else 'before'}")
    for step in STEPS
    for after in ((False,) if step[0] == "control" else (False, True))
]


@pytest.mark.parametrize(("step", "after"), CASES)
@pytest.mark.parametrize("last", [False, True], ids=["under-way", "done"])
async def test_the_janitor_finishes_what_was_interrupted(
    collections: Collections, step: tuple[str, str], after: bool, last: bool
) -> None:
    await secret(collections, last=last)
    deleting = Deleting(collections, step, after=after)
    if last and step[0] == "control":
        assert await deleting.canceller.delete(EVERYBODY, "d"), "of a document that is done nobody has to be told"
        assert not deleting.control.cancelled
        return
    with pytest.raises(UnavailableError):
        await deleting.canceller.delete(EVERYBODY, "d")
    assert deleting.interrupted.failed
    trace = await collections.documents.find_one({"_id": "d"})
    begun = step != STEPS[0] or after
    assert trace is not None
    assert (trace["state"] == "deleted") == begun
    if not begun:
        return
    completed = step == STEPS[-1] and after
    assert ("expires" in trace) == completed, "the trace of what still has a text does not expire"
    await deleting.janitor.tidy()
    assert await leftovers(collections) == {}
    assert set(deleting.control.cancelled) == (set() if last else {"d"})
    assert await deleting.deletion.interrupted() == []


async def test_a_document_that_is_older_than_the_retention_goes_with_its_file(collections: Collections) -> None:
    await secret(collections, last=True)
    await collections.documents.update_one({"_id": "d"}, {"$set": {"state": "done", "finished": datetime.now(UTC)}})
    deleting = Deleting(collections, ("documents", "none"), after=False)
    for retention, kept in ((None, True), (timedelta(days=1), True), (timedelta(hours=1), False)):
        janitor = Janitor(
            DocumentLifecycle(collections),
            deleting.deletion,
            deleting.canceller,
            BatchStore(collections),
            FileStore(collections),
            retention,
        )
        await janitor.tidy()
        assert await collections.files.count_documents({}) == await collections.chunks.count_documents({}) == int(kept)
        assert await collections.documents.count_documents({"state": "done"}) == int(kept)
        before = datetime.now(UTC) - timedelta(hours=2)
        await collections.documents.update_one({"_id": "d", "state": "done"}, {"$set": {"finished": before}})
    assert await leftovers(collections) == {}
    assert deleting.control.cancelled == []


@pytest.mark.parametrize(("step", "after"), CASES)
async def test_asking_again_finishes_what_was_interrupted(
    collections: Collections, step: tuple[str, str], after: bool
) -> None:
    await secret(collections, last=False)
    deleting = Deleting(collections, step, after=after)
    with pytest.raises(UnavailableError):
        await deleting.canceller.delete(EVERYBODY, "d")
    assert not await deleting.canceller.delete(Ownership("bob", everything=False), "d"), "it is not his"
    found = await deleting.canceller.delete(EVERYBODY, "d")
    # When all but the last answer had come, all of it was done.
    assert found == (not (step == STEPS[-1] and after))
    assert await leftovers(collections) == {}
    assert set(deleting.control.cancelled) == {"d"}
    assert not await deleting.canceller.delete(EVERYBODY, "d")


async def test_a_dead_letter_that_comes_after_the_deletion_is_not_kept(collections: Collections) -> None:
    await secret(collections, last=True)
    assert await Deleting(collections, STEPS[0], after=False).deletion.interrupted() == []
    deletion = DocumentDeletion(collections)
    begun = await deletion.delete(EVERYBODY, "d")
    assert begun is not None
    await deletion.complete(begun)
    await DeadLetterStore(collections).add([letter()])
    assert await leftovers(collections) == {}


@pytest.mark.parametrize("work", [SearchIndex, MachineMemory])
async def test_no_words_stay_of_a_document_that_is_deleted_while_it_becomes_searchable_or_is_remembered(
    collections: Collections, work: Callable[[Collections], PartWork]
) -> None:
    segmented, *made = part(0, SECRET, last=True)
    assert isinstance(segmented, SegmentedPart)
    await write(collections, [replace(segmented, pinned="m@1"), *made])
    index = Backlog(collections, work(collections))
    waiting = await collections.documents.find_one({"_id": "d"})
    assert waiting is not None
    deletion = DocumentDeletion(collections)
    real = index._only_parts

    async def deleted_when_read(documents: Any) -> Any:
        """Read the part, and delete the document before anything is written."""
        found = await real(documents)
        begun = await deletion.delete(EVERYBODY, "d")
        assert begun is not None
        await deletion.complete(begun)
        return found

    index._only_parts = deleted_when_read  # type: ignore[method-assign]
    # Nothing that follows the write clears up: a process may be killed there.
    assert not await index.add_next(), "there is nothing left to add"
    for place in (collections.search, collections.memory):
        assert await place.find().to_list(None) == []


async def test_traces_of_an_older_release_are_finished(collections: Collections) -> None:
    await secret(collections, last=True)
    await collections.documents.replace_one(
        {"_id": "d"}, {"owner": "alice", "state": "deleted", "expires": datetime.now(UTC)}
    )
    deleting = Deleting(collections, STEPS[0], after=False)
    deleting.interrupted.failed = True
    await deleting.janitor.tidy()
    assert await leftovers(collections) == {}
    assert not deleting.control.cancelled


@pytest.mark.parametrize("last", [False, True], ids=["under-way", "done"])
async def test_a_brief_trace_is_forgotten_when_all_has_gone_through(collections: Collections, last: bool) -> None:
    await write(collections, part(0, SECRET, last=last))
    waited_for = {"synchronous": True, "dialect": "deepl"}
    await collections.documents.update_one({"_id": "d"}, {"$set": {"internal": waited_for}})
    deletion = DocumentDeletion(collections)
    before = datetime.now(UTC)
    # Interrupted once, between the store's part and the end.
    assert await deletion.delete(EVERYBODY, "d") == Deletion("d", under_way=not last, brief=last)
    begun = await deletion.delete(EVERYBODY, "d")
    assert begun == Deletion("d", under_way=not last, brief=last)
    await deletion.complete(begun)
    assert await deletion.forget(before) == 0
    # Work on one that was not done may go on elsewhere: its trace stays as long as Kafka keeps what comes of that.
    assert await deletion.forget(datetime.now(UTC)) == int(last)
    assert await collections.documents.count_documents({}) == int(not last)
