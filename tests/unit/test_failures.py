"""Whose fault it is when MongoDB refuses something: an entry's, or nobody's that writes."""

from collections.abc import Collection, Sequence
from typing import Any

import bson
import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from pipeline.errors import InputError, UnavailableError
from pipeline.events import DocumentCompleted, DocumentPart, Translation, encode
from pipeline.publisher import Outgoing
from pipeline.records import Received
from pipeline.step import Refused
from pipeline.topics import Topics
from sink.handler import DeadLetterHandler, DeadLetterRecord, Handler
from store.failures import translated
from store.ownership import Ownership
from store.writing.filling import PartUpdate
from store.writing.writer import Written
from tests.unit.records import FakeRecord
from tests.unit.test_stage import run

# What has no primary, cannot be reached, is shutting down, has no room, elects, or is wrongly set up.
OUTAGES = (133, 6, 7, 89, 9001, 134, 202, 384, 365, 46, 175, 246, 290, 462, 8000, 13, 18, 24, 50, 91, 112, 189, 262, 11600,
           11602, 14031, 2, 43, 59, 1_000_000)  # fmt: skip
ENTRY_AT_FAULT = (11000, 10334, 17419, 17420)


def bulk(*codes: int) -> BulkWriteError:
    return BulkWriteError(
        {"writeErrors": [{"index": at, "code": code, "errmsg": "no"} for at, code in enumerate(codes)]}
    )


@pytest.mark.parametrize("code", OUTAGES)
def test_what_is_not_known_to_be_an_entrys_fault_is_waited_for(code: int) -> None:
    for error in (OperationFailure("no", code), bulk(code), bulk(11000, code)):
        with pytest.raises(UnavailableError, match="refuses the work"), translated():
            raise error


@pytest.mark.parametrize("code", ENTRY_AT_FAULT)
def test_what_an_entry_is_to_blame_for_is_said_of_it(code: int) -> None:
    for error in (OperationFailure("no", code), bulk(code), bulk(code, 10334)):
        with pytest.raises(InputError), translated():
            raise error


def test_only_a_connection_that_fails_is_a_server_that_does_not_answer() -> None:
    for error, said in (
        (AutoReconnect("gone"), "does not answer"),
        (OperationFailure("hint provided does not correspond to an existing index", 2), "refuses the work .hint"),
        (InvalidOperation("no"), "refuses the work"),
    ):
        with pytest.raises(UnavailableError, match=said), translated():
            raise error


def test_a_write_that_no_majority_has_is_waited_for() -> None:
    unconfirmed = BulkWriteError(
        {"writeErrors": [], "writeConcernErrors": [{"code": 64, "errmsg": "waiting timed out"}]}
    )
    for error in (WriteConcernError("no", 64), unconfirmed):
        with pytest.raises(UnavailableError), translated():
            raise error


@pytest.mark.parametrize("value", ["\ud800", 1 << 64, {1: 2}], ids=["surrogate", "long", "name"])
def test_what_bson_cannot_hold_is_an_entrys_fault(value: Any) -> None:
    with pytest.raises(InputError), translated():
        bson.encode({"value": value})


class FailingWriter:
    """Fails with what MongoDB says during an election, then works."""

    def __init__(self, error: PyMongoError) -> None:
        self.errors = [error] * 2
        self.calls = 0

    async def write(self, updates: Sequence[PartUpdate]) -> Written:
        self.calls += 1
        with translated():
            if self.errors:
                raise self.errors.pop()
        return Written([], [])

    async def cancel_early(self, ownership: Ownership, documents: Collection[str]) -> list[DocumentCompleted]:
        raise AssertionError("nothing is cancelled here")


@pytest.mark.parametrize("error", [OperationFailure("no primary", 133), bulk(133)], ids=["alone", "bulk"])
async def test_an_election_makes_no_dead_letters(error: PyMongoError) -> None:
    writer = FailingWriter(error)
    handler = Handler(writer, writer, Topics())

    async def store(received: Sequence[Received[DocumentPart]]) -> list[Outgoing | Refused]:
        made = Translation(
            document="d", part=0, index=0, revision="0" * 16, text="a", source="de", target="en", model="m@1"
        )
        return await handler([Received(made, one.record) for one in received])

    records = [FakeRecord(encode(DocumentPart(text="a")), offset=number) for number in range(50)]
    log, out = await run(records, handler=store, round_size=50)
    assert not out
    assert writer.calls == 3
    assert "commit 50" in log


class FailingLetters:
    """As `FailingWriter`, of dead letters."""

    def __init__(self) -> None:
        self.errors = [OperationFailure("no primary", 133)]
        self.stored = 0

    async def add(self, records: Sequence[FakeRecord]) -> None:
        with translated():
            if self.errors:
                raise self.errors.pop()
        self.stored += len(records)


async def test_an_election_makes_no_dead_letters_of_dead_letters() -> None:
    store: Any = FailingLetters()
    handler = DeadLetterHandler(store)

    async def keep(received: Sequence[Received[DocumentPart]]) -> list[Outgoing]:
        return await handler([Received(DeadLetterRecord(), one.record) for one in received])

    records = [FakeRecord(encode(DocumentPart(text="a")), offset=number) for number in range(5)]
    _, out = await run(records, handler=keep)
    assert not out
    assert store.stored == 5
