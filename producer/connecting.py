"""Which API a command speaks to, and what it says of what that refuses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pipeline.command_line import UsageError
from pipeline.data_folder import data_folder, running_api
from pipeline.errors import EncodingError, InputError, SatzstromError
from satzstrom import Client, RefusedError, UnavailableError
from satzstrom import SatzstromError as ClientError

Api = Annotated[
    str | None,
    typer.Option(
        "--api", metavar="URL", help="Address of the API (default: $SATZSTROM_API, else the pipeline on this machine)."
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Data folder of the pipeline on this machine whose API is meant."),
]

_KEY = "SATZSTROM_API_KEY"
# Kinds of problems that come of a value that somebody wrote on the command line.
_WRONG_VALUES = ("invalid", "unknown-language", "unknown-pair", "unknown-model")


def client_for(api: str | None, data: Path | None = None) -> Client:
    """Return a client for the API that was named, else for the one of the pipeline on this machine. Raises `UsageError`."""
    if api and data:
        raise UsageError("--api and --data both say which API is meant; leave out one of them")
    return Client(_address(api, data), key=os.environ.get(_KEY))


def _address(api: str | None, data: Path | None) -> str:
    named = api or ("" if data else os.environ.get("SATZSTROM_API", ""))
    if named:
        if "://" not in named:
            raise UsageError(f"{named} is no address of an API; write it as http://HOST:PORT")
        return named
    folder = data_folder(data)
    if found := running_api(folder):
        return found
    if data is not None:
        raise SatzstromError(f"no pipeline runs on {folder}; start one with: satzstrom up --data {data}")
    return "http://127.0.0.1:8000"


def in_words(error: ClientError) -> SatzstromError:
    """Return what to say of an error of the client's on the command line."""
    if not isinstance(error, RefusedError):
        return SatzstromError(str(error))
    if error.status == 401:
        if os.environ.get(_KEY):
            return SatzstromError(f"the API does not know the key in {_KEY}")
        return SatzstromError(f"the API asks for a key; put yours into the environment variable {_KEY}")
    if error.kind == "invalid" and error.fields:
        said = "; ".join(f"{_option(name)}: {message}" for name, message in error.fields)
        return UsageError(said)
    if error.kind == "defect":
        return SatzstromError(
            f"a defect of the API, whose log has the details under the id {error.request}; please report it"
        )
    return (UsageError if error.kind in _WRONG_VALUES else SatzstromError)(str(error))


def _option(field: str) -> str:
    """Return how a field of the API is called on the command line."""
    place, _, name = field.partition(".")
    return f"--{name.replace('_', '-')}" if place in ("query", "body", "form") and name else name or field


@contextmanager
def about(file: str) -> Iterator[None]:
    """Let errors say which file they are about, and speak of options. Raises `InputError`, `SatzstromError`."""
    name = "standard input" if file == "-" else file
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    except InputError as error:
        raise InputError(f"{name}: {of_options(str(error))}") from None
    except RefusedError as error:
        said = in_words(error)
        if isinstance(said, UsageError) or error.status == 401:
            raise said from None
        raise SatzstromError(f"{name}: {of_options(str(said))}") from None
    except UnavailableError:
        raise
    except ClientError as error:
        raise SatzstromError(f"{name}: {error}") from None


def of_options(message: str) -> str:
    """Return a message that speaks of encodings, for somebody who writes options."""
    return message.replace(EncodingError.REMEDY, "say which it is: --encoding NAME; detect: it is guessed")
