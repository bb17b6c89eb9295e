"""What files of a model are, to the bit."""

import hashlib
from pathlib import Path

from pipeline.errors import SetupError
from translator.models.folder import FileSum, Model

_DESCRIPTION = "model.json"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git_sha1(path: Path) -> str:
    """Return what git calls a file with these bytes."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def sums(folder: Path) -> dict[str, FileSum]:
    """Return what every file of a model's folder is, by its path there; the description itself is left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        name: FileSum(size=path.stat().st_size, sha256=sha256(path))
        for path in files
        if (name := path.relative_to(folder).as_posix()) != _DESCRIPTION
    }


def damaged(model: Model) -> list[str]:
    """Return the files of a model that are not what its description says, by their paths. Raises `SetupError`."""
    found = []
    for name, file in model.description.files.items():
        try:
            if sha256(model.folder / name) != file.sha256:
                found.append(name)
        except OSError as error:
            raise SetupError(f"cannot read {model.folder / name}: {error.strerror}") from None
    return found
