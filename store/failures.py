"""Failures of MongoDB in the words of the pipeline."""

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from pipeline.errors import InputError, UnavailableError

# Operations that fail because of the server's state and not because of what was asked of it: unauthorized,
# authentication failed, lock timeout, exceeded time limit (2), write conflict, shutdown in progress, stepped down,
# interrupted (3), out of disk space, database being dropped.
_OUTAGES = {13, 18, 24, 50, 262, 112, 91, 189, 11600, 11601, 11602, 14031, 215}

# An entry of more than 16 MiB, at the parser and after an update (2).
_TOO_LARGE = {10334, 17419, 17420}


@contextmanager
def translated() -> Iterator[None]:
    """Raise `UnavailableError` for an outage, and `InputError` for an entry that MongoDB can never hold."""
    try:
        yield
    except (ConnectionFailure, WriteConcernError) as error:
        raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", _short(error)) from error
    except BulkWriteError as error:
        problems = error.details.get("writeErrors", [])
        if not problems or any(problem["code"] in _OUTAGES for problem in problems):
            raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", _first(problems) or _short(error)) from error
        raise InputError(f"MongoDB cannot store this: {_first(problems)}") from error
    except OperationFailure as error:
        if error.code in _OUTAGES or error.has_error_label("RetryableWriteError"):
            raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", _short(error)) from error
        if error.code in _TOO_LARGE:
            raise InputError(f"MongoDB cannot store this: {_short(error)[:200]}") from error
        raise
    except (BSONError, OverflowError) as error:
        raise InputError(f"MongoDB cannot store this: {error}") from error
    except PyMongoError as error:
        raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", _short(error)) from error


def _first(problems: list[dict[str, object]]) -> str:
    return str(problems[0].get("errmsg", "")) if problems else ""


def _short(error: Exception) -> str:
    """Return what the driver says without its time-outs and its description of every server."""
    return str(error).partition(" (configured timeouts")[0].partition(", Timeout:")[0]
