"""Where models come from: a source says exactly what it has, and brings it.

    hf:ORG/NAME[@REVISION]          a repository on the Hugging Face hub; `ORG/NAME` alone is the same
    PATH                            a folder, or a file (.argosmodel, .zip)
    https://…/NAME.argosmodel       such a file on a server
    mlflow:/NAME@ALIAS, mlflow:/NAME/VERSION   a model that is registered on an MLflow server

Behind any of them `#de-fr+de-es` says which pairs of languages the model shall serve, where it serves many or does not say;
behind an address also `#sha256=…`, what the file has to be.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import SetupError
from translator.models.folder import Origin
from translator.models.routes import Pair, parse_pair

_PUBLIC = "https://huggingface.co"
_REPOSITORY = re.compile(r"(?<![\w.-])[\w.-]++/[\w.-]++(?:@[\w./-]++)?", re.ASCII)
# A few old ones have no organisation.
_NAMED_REPOSITORY = re.compile(r"hf:(?:[\w.-]++/)?[\w.-]++(?:@[\w./-]++)?", re.ASCII)
# As it stands in a browser's bar.
_PAGE = re.compile(r"(?<![\w.-])([\w.-]++/[\w.-]++)(?:/tree/([\w./-]++))?/?", re.ASCII)
_NAME = re.compile(r"[^A-Za-z0-9._-]++")
KNOWN = "hf:ORG/NAME[@REVISION], a folder, a file or address of an .argosmodel or .zip, or mlflow:/NAME@ALIAS"
"""What a source can be, for messages."""


@dataclass(frozen=True)
class Resolved:
    """Exactly what a source has now."""

    name: str
    """The model's name on this machine, unless another is asked for."""
    revision: str
    """Exactly which, as it stands behind the name; short: a commit's first twelve digits, a version."""
    origin: Origin
    size: int | None = None
    """Bytes that have to be brought; None if the source does not tell."""
    pairs: tuple[Pair, ...] = ()
    """Pairs of languages, where the source knows them."""


class Source(Protocol):
    """One model somewhere else. Errors are `SetupError` (a person has to act) and `UnavailableError` (later may help)."""

    def resolve(self) -> Resolved:
        """Ask what there is; nothing is brought yet."""
        ...

    def fetch(self, into: Path) -> None:
        """Bring exactly what was resolved into an existing folder, and go on where an earlier attempt there broke off.

        Afterwards the folder holds a model in a form that `translator.models.forms` knows, each file as its source says.
        Errors of the folder's disk (`OSError`) are left to the caller.
        """
        ...


@dataclass(frozen=True)
class Spec:
    """What a person writes to name a model somewhere else, taken apart."""

    place: str
    """Without what stands behind `#`."""
    pairs: tuple[Pair, ...] = ()
    sha256: str | None = None


def parse_spec(text: str) -> Spec:
    """Take a specification apart. Raises `SetupError`."""
    place, _, asked = text.strip().partition("#")
    pairs: list[Pair] = []
    checksum = None
    for one in filter(None, asked.split("+")):
        name, found, value = one.partition("=")
        if found and name == "sha256" and re.fullmatch("[0-9a-f]{64}", value):
            checksum = value
            continue
        try:
            pairs.append(parse_pair(one))
        except ValueError as error:
            raise SetupError(f"{text}: {error}") from None
    return Spec(_repository_of(place) or place, tuple(pairs), checksum)


def source_of(spec: Spec) -> Source:
    """Return the source that a specification names. Raises `SetupError` if it names none."""
    place = spec.place
    path = Path(place).expanduser()
    if place.startswith("mlflow:"):
        from translator.models.mlflow import MlflowSource

        return MlflowSource(place)
    if place.startswith(("http://", "https://")):
        from translator.models.downloads import DownloadSource

        return DownloadSource(place, spec.sha256)
    # A folder that lies there goes before a repository of the same name, as it does in Hugging Face's own libraries.
    if path.exists() or (not place.startswith("hf:") and (place.startswith((".", "/", "~")) or _is_archive(place))):
        from translator.models.local import LocalSource

        return LocalSource(path, spec.sha256)
    if _REPOSITORY.fullmatch(place) or _NAMED_REPOSITORY.fullmatch(place):
        from translator.models.hub import HubSource

        return HubSource(*_split(place.removeprefix("hf:")))
    raise SetupError(f"{place!r} is no source of a model; say {KNOWN}")


def endpoint() -> str:
    """Return the address of the hub."""
    return (os.environ.get("HF_ENDPOINT") or _PUBLIC).rstrip("/")


def clean_name(text: str) -> str:
    """Return a name as models have them."""
    return _NAME.sub("-", text).strip("-.")[:64] or "model"


def _repository_of(place: str) -> str | None:
    """Return what the address of a page on the hub names, as a source."""
    for hub in (endpoint(), _PUBLIC):
        match = _PAGE.fullmatch(place.removeprefix(f"{hub}/")) if place.startswith(f"{hub}/") else None
        # An archive is no repository, wherever it lies.
        if match and not _is_archive(place):
            return f"hf:{match[1]}{f'@{match[2]}' if match[2] else ''}"
    return None


def _is_archive(place: str) -> bool:
    return place.endswith((".argosmodel", ".zip"))


def _split(repository: str) -> tuple[str, str | None]:
    name, _, revision = repository.partition("@")
    return name, revision or None
