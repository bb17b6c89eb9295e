"""Files that the command line writes: complete or not at all."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.errors import InputError
from producer.files import write_file


def test_a_whole_file_has_its_name(tmp_path: Path) -> None:
    write_file(tmp_path / "book.txt", [b"a", b"b"])
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("book.txt", b"ab")]


@pytest.mark.parametrize("error", [httpx.ReadError("gone"), KeyboardInterrupt()], ids=["connection", "person"])
def test_what_breaks_off_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise error

    (tmp_path / "book.txt").write_bytes(b"before")
    with pytest.raises(type(error)):
        write_file(tmp_path / "book.txt", chunks())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("book.txt", b"before")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write to"):
        write_file(tmp_path / "none" / "book.txt", [b"a"])
