"""Where models come from: a source says exactly what it has, and brings it.

    hf:ORG/NAME[@REVISION]          a repository on the Hugging Face hub; `ORG/NAME` alone is the same
    PATH                            a folder, or a file (.argosmodel, .zip)
    https://…/NAME.argosmodel       such a file on a server
    mlflow:/NAME@ALIAS, mlflow:/NAME/VERSION   a model that is registered on an MLflow server

Behind any of them `#de-fr+de-es` says which pairs of languages the model shall serve, where it serves many or does not say.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from translator.models.folder import Origin


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
    pairs: tuple[tuple[str, str], ...] = ()
    """Pairs of languages, where the source knows them."""


class Source(Protocol):
    """One model somewhere else. Errors are `SetupError` (a person has to act) and `UnavailableError` (later may help)."""

    def resolve(self) -> Resolved:
        """Ask what there is; nothing is brought yet."""
        ...

    def fetch(self, into: Path) -> None:
        """Bring exactly what was resolved into an existing folder, and go on where an earlier attempt there broke off.

        Afterwards the folder holds a model in a form that `translator.models.forms` knows, each file as its source says.
        """
        ...
