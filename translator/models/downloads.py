"""Models in zip files on a web server."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from pipeline.errors import SetupError, UnavailableError
from translator.models.archives import unpack
from translator.models.checksums import sha256
from translator.models.folder import Origin
from translator.models.sources import Resolved, clean_name

_PAIR = re.compile("[a-z]{2}-[a-z]{2}")
_TIMEOUT = httpx.Timeout(30.0)


class DownloadSource:
    """An .argosmodel or .zip behind an address."""

    def __init__(self, address: str, checksum: str | None) -> None:
        """`checksum`: what the SHA-256 of the file has to be."""
        self._address = address
        self._checksum = checksum
        self._size: int | None = None
        self._tag = ""

    def resolve(self) -> Resolved:
        """Ask the server which file it has; what tells it from an earlier one is its revision."""
        with self._errors(), httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
            answer = client.head(self._address, headers={"Accept-Encoding": "identity"})
            self._check(answer)
        length = answer.headers.get("Content-Length")
        self._size = int(length) if length else None
        self._tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        told = self._checksum or hashlib.sha256(f"{self._address} {self._tag} {length}".encode()).hexdigest()
        revision = f"sha256:{self._checksum}" if self._checksum else self._tag.strip('"') or told
        path = PurePosixPath(unquote(urlsplit(self._address).path))
        # OPUS-MT's server has a folder for each pair, and names the files by their dates.
        folder = path.parent.name
        pairs = ((folder[:2], folder[3:]),) if _PAIR.fullmatch(folder) else ()
        name = f"opus-{folder}-{path.stem.removeprefix('opus-')}" if pairs else path.stem
        origin = Origin(source=self._address, revision=revision, url=self._address)
        return Resolved(clean_name(name), told[:12], origin, self._size, pairs)

    def fetch(self, into: Path) -> None:
        """Bring the file, unpack it and remove it."""
        file = into / ".download.zip"
        with self._errors():
            self._download(file)
        found = sha256(file)
        if self._checksum not in (None, found):
            file.unlink()
            raise SetupError(f"{self._address} is not what it should be: its SHA-256 is {found}, not {self._checksum}")
        try:
            unpack(file, into)
        finally:
            file.unlink()

    def _download(self, file: Path) -> None:
        begun = file.stat().st_size if file.exists() else 0
        if self._size is not None and begun == self._size:
            return
        headers = {"Accept-Encoding": "identity"}
        # Without a tag nobody could tell whether the rest belongs to the beginning.
        if begun and self._tag:
            headers |= {"Range": f"bytes={begun}-", "If-Range": self._tag}
        with httpx.stream("GET", self._address, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as answer:
            self._check(answer)
            with file.open("ab" if answer.status_code == httpx.codes.PARTIAL_CONTENT else "wb") as out:
                for chunk in answer.iter_bytes():
                    out.write(chunk)
        size = file.stat().st_size
        if self._size is not None and size != self._size:
            raise UnavailableError("the server", self._address, f"sent {size} of {self._size} bytes", answers=True)

    def _check(self, answer: httpx.Response) -> None:
        if answer.status_code in (401, 403):
            raise SetupError(f"{self._address} may not be read without a login ({answer.status_code})")
        if answer.status_code in (404, 410):
            raise SetupError(f"there is no {self._address} ({answer.status_code})")
        if answer.is_error:
            raise UnavailableError("the server", self._address, f"status {answer.status_code}", answers=True)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise SetupError(f"{self._address}: {error}") from None
        except httpx.HTTPError as error:
            raise UnavailableError("the server", self._address, str(error) or type(error).__name__) from None
