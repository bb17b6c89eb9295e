"""Files that the command line writes: complete or not at all."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.command_line import UsageError
from pipeline.errors import InputError
from producer.files import check_writable, write_file


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


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    write_file(tmp_path / "a" / "b" / "book.txt", [b"a"])
    assert (tmp_path / "a" / "b" / "book.txt").read_bytes() == b"a"
    with pytest.raises(InputError, match="cannot write to"):
        write_file(tmp_path / "a" / "b" / "book.txt" / "c", [b"a"])


def test_what_a_link_stands_for_is_written_and_devices_stay(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_bytes(b"before")
    (tmp_path / "link").symlink_to("book.txt")
    write_file(tmp_path / "link", [b"after"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "book.txt").read_bytes() == b"after"
    null = Path("/dev/null")
    write_file(null, [b"a"])
    assert null.is_char_device()


def test_a_file_that_is_called_as_a_draft_might_be_stays(tmp_path: Path) -> None:
    (tmp_path / "book.txt.part").write_bytes(b"mine")
    write_file(tmp_path / "book.txt", [b"a"])
    assert (tmp_path / "book.txt.part").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["a.txt", "./x/../a.txt", "hard.txt", "soft.txt", "x/in.txt", "folder/a.txt"])
def test_the_source_is_never_overwritten(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"Satz.")
    (tmp_path / "hard.txt").hardlink_to(tmp_path / "a.txt")
    (tmp_path / "soft.txt").symlink_to("a.txt")
    (tmp_path / "x" / "in.txt").symlink_to("../a.txt")
    for source, output in (("a.txt", name), (name, "a.txt")):
        with pytest.raises(UsageError, match="would be overwritten"):
            check_writable(Path(output), source)
    check_writable(tmp_path / "other.txt", "a.txt")
    check_writable(tmp_path / "new" / "folder" / "a.txt", "a.txt")


def test_what_cannot_be_written_is_said_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path, tmp_path / "file" / "a.txt"):
        with pytest.raises(UsageError, match="cannot write to"):
            check_writable(path)
