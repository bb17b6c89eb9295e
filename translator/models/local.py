"""Models on this machine: a folder, or a zip file."""

import hashlib
import shutil
from pathlib import Path

import msgspec

from pipeline.errors import SetupError
from translator.models.archives import names_in, unpack
from translator.models.checksums import sha256
from translator.models.folder import Description, Origin
from translator.models.forms import Form, Found, recognise
from translator.models.sources import Resolved, clean_name


class LocalSource:
    """A model that lies here already."""

    def __init__(self, path: Path, checksum: str | None) -> None:
        """`checksum`: what the SHA-256 of a file has to be."""
        self._path = path
        self._checksum = checksum
        self._found: Found | None = None

    def resolve(self) -> Resolved:
        """Read all of it: what its bytes are is its revision."""
        if not self._path.exists():
            raise SetupError(f"there is no {self._path}")
        try:
            return self._resolve_folder() if self._path.is_dir() else self._resolve_file()
        except OSError as error:
            raise SetupError(f"cannot read {error.filename or self._path}: {error.strerror}") from None

    def fetch(self, into: Path) -> None:
        """Copy the model's files."""
        if self._found is None:
            unpack(self._path, into)
            return
        for name in self._found.names:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._path / name, into / name)

    def _resolve_file(self) -> Resolved:
        found = sha256(self._path)
        if self._checksum not in (None, found):
            raise SetupError(f"{self._path} is not what it should be: its SHA-256 is {found}, not {self._checksum}")
        recognise(names_in(self._path), str(self._path))
        origin = Origin(source=str(self._path.absolute()), revision=f"sha256:{found}")
        return Resolved(clean_name(self._path.stem), found[:12], origin, self._path.stat().st_size)

    def _resolve_folder(self) -> Resolved:
        names = [path.relative_to(self._path).as_posix() for path in self._path.rglob("*") if path.is_file()]
        self._found = recognise(names, str(self._path))
        digest = hashlib.sha256()
        for name in self._found.names:
            digest.update(f"{name}\0{sha256(self._path / name)}\n".encode())
        revision = digest.hexdigest()
        size = sum((self._path / name).stat().st_size for name in self._found.names)
        origin = Origin(source=str(self._path.absolute()), revision=f"sha256:{revision}")
        if self._found.form is Form.OWN:
            described = read_description(self._path / self._found.folder)
            kept = described.origin or origin
            return Resolved(described.name, described.revision, kept, size)
        return Resolved(clean_name(self._path.absolute().name), revision[:12], origin, size)


def read_description(folder: Path) -> Description:
    """Return what a model of our own form says of itself. Raises `SetupError`."""
    path = folder / "model.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Description)
    except (OSError, msgspec.DecodeError) as error:
        raise SetupError(f"{path}: {error}") from None
