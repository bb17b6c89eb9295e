"""Failures of MongoDB in the words of the pipeline.

Only what is known to be the fault of one entry is an `InputError`, which makes a dead letter of a record. Everything else
is an outage: MongoDB grows new codes with each release, and an outage that is taken for a bad record loses good ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from pipeline.errors import InputError, UnavailableError

DUPLICATE = 11000
"""Code of the error that the key is there already."""

_ENTRY_AT_FAULT = {
    DUPLICATE,
    10334,  # more than 16 MiB, at the parser
    17419,  # more than 16 MiB, after an update
    17420,  # more than 16 MiB, of an upsert
    15,  # nested deeper than BSON may be
    22,  # not BSON
    52,  # a name that begins with a dollar
    57,  # a name with a dot
    121,  # a rule that whoever runs MongoDB has made for the collection
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise `UnavailableError` for an outage, and `InputError` for an entry that MongoDB can never hold."""
    try:
        yield
    except (ConnectionFailure, WriteConcernError) as error:
        raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", _short(error)) from error
    except BulkWriteError as error:
        refused = error.details.get("writeErrors", [])
        # One at fault would be refused again; the others go first, and it is found when they are written.
        if outages := [*error.details.get("writeConcernErrors", []), *(one for one in refused if not at_fault(one))]:
            raise _refuses(_first(outages)) from error
        raise InputError(f"MongoDB cannot store this: {_first(refused)}") from error
    except OperationFailure as error:
        if error.code in _ENTRY_AT_FAULT and not error.has_error_label("RetryableWriteError"):
            raise InputError(f"MongoDB cannot store this: {_short(error)[:200]}") from error
        raise _refuses(_short(error)) from error
    except (BSONError, OverflowError, UnicodeEncodeError) as error:
        raise InputError(f"MongoDB cannot store this: {error}") from error
    except PyMongoError as error:
        raise _refuses(_short(error)) from error


def at_fault(problem: Mapping[str, Any]) -> bool:
    """Whether one of the errors of a bulk write lies with its entry and not with MongoDB."""
    return problem.get("code") in _ENTRY_AT_FAULT


def _refuses(reason: str) -> UnavailableError:
    return UnavailableError("MongoDB", "SATZSTROM_MONGODB", reason, answers=True)


def _first(problems: Iterable[Mapping[str, Any]]) -> str:
    return next((str(problem.get("errmsg", ""))[:200] for problem in problems), "no reason given")


def _short(error: Exception) -> str:
    """Return what the driver says without its time-outs and its description of every server."""
    return str(error).partition(" (configured timeouts")[0].partition(", Timeout:")[0].partition(", full error:")[0]
