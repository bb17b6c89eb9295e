"""The command that shows logs."""

from pathlib import Path

from embedded.reading_logs import Tail


def test_the_last_lines_and_then_what_is_new(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_bytes(b"one\ntwo\nthree\nfo")
    tail = Tail(log, 3)
    assert tail.more() == ["two", "three"]
    with log.open("ab") as stream:
        stream.write(b"ur\n\xff\n")
    assert tail.more() == ["four", "\ufffd"]
    assert tail.more() == []


def test_a_log_that_is_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_bytes(b"before\n")
    tail = Tail(log, 10)
    assert tail.more() == ["before"]
    log.rename(tmp_path / "api.log.1")
    assert tail.more() == []
    log.write_bytes(b"after\n")
    assert tail.more() == ["after"]
    log.write_bytes(b"x\n")
    assert tail.more() == ["x"]
