"""How much of a model is there, whoever brings it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_EVERY = 0.5


@contextmanager
def watched(folder: Path, total: int | None, tell: Callable[[int, int | None], None]) -> Iterator[None]:
    """Tell the bytes of the files below a folder, half-finished ones too, twice a second and at the end."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY):
            tell(bytes_in(folder), total)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    tell(total or bytes_in(folder), total)


def bytes_in(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    found = 0
    for path in folder.rglob("*"):
        # Files are renamed and removed while they are counted.
        with suppress(OSError):
            found += path.stat().st_size if path.is_file() else 0
    return found
