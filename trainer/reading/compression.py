"""Files that may be compressed."""

import gzip
import lzma
from pathlib import Path
from typing import BinaryIO, cast

_COMPRESSED = (".gz", ".xz")


def plain_name(path: Path) -> str:
    """Return a file's name without `.gz` or `.xz`."""
    return path.stem if path.suffix.lower() in _COMPRESSED else path.name


def opened(path: Path) -> BinaryIO:
    """Open a file to read its bytes as they were before they were compressed.

    What is wrong with compressed data comes as `OSError` or `EOFError` while it is read (`lzma.LZMAError` is made one).
    """
    match path.suffix.lower():
        case ".xz":
            return cast("BinaryIO", _Xz(path))
        case ".gz":
            return cast("BinaryIO", gzip.open(path, "rb"))
        case _:
            return path.open("rb")


class _Xz(lzma.LZMAFile):
    """An .xz file whose damage is an `OSError`, as a damaged .gz file's is."""

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except lzma.LZMAError as error:
            raise OSError(f"damaged: {error}") from None

    def readline(self, size: int | None = -1) -> bytes:
        try:
            return super().readline(size)
        except lzma.LZMAError as error:
            raise OSError(f"damaged: {error}") from None
