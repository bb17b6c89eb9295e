"""Files whose API is killed, as the kernel or a power cut does it, while it reads or writes them."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import CommandLine
from tests.waiting import until

_TEXTS = 12_000
_PAGE = (
    b"<html lang=de>"
    + b"".join(b"<p>Das ist der Satz mit der Nummer %d.</p>\n" % one for one in range(_TEXTS))
    + b"</html>"
)
_WITHIN = 60
# What is to be killed in the middle takes little time.
_OFTEN = 0.002


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path / "data")
    running.run("up", "-d", "--engine", "identity", "--port", "18700")
    yield running
    running.run("down", check=False)


def ask(http: httpx.Client, url: str, **options: Any) -> "httpx.Response | None":
    """Return an answer, or None while the API is away."""
    try:
        return http.request(options.pop("method", "GET"), url, **options)
    except httpx.TransportError:
        return None


def writes(pid: int) -> bool:
    """Whether a process has a part of the page in a file without a name, beside the whole page that it came as."""
    sizes = set()
    with suppress(OSError):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            # Some are closed while they are looked at.
            with suppress(OSError):
                if str(one.readlink()).endswith("(deleted)"):
                    sizes.add(one.stat().st_size)
    return len(_PAGE) in sizes and any(0 < size < len(_PAGE) for size in sizes)


def test_an_api_that_is_killed_loses_nothing_of_a_file(line: CommandLine) -> None:
    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        pid = line.pids()["api"]

        def send() -> None:
            # Nobody answers it: its API is killed.
            ask(http, "/v1/documents?id=d&filename=a.html&source=de&target=en", method="POST", content=_PAGE)

        sender = threading.Thread(target=send)
        sender.start()

        def status() -> dict[str, Any]:
            answer = ask(http, "/v1/documents/d")
            return answer.json() if answer is not None and answer.status_code == 200 else {}

        read = until(lambda: status().get("read"), what="the first texts that are read", every=_OFTEN)
        os.kill(pid, signal.SIGKILL)
        sender.join(_WITHIN)
        assert read < _TEXTS, "it was killed before it had read all"
        until(lambda: line.pids().get("api") not in (None, pid), what="another API", every=_OFTEN)
        left = until(status, what="the new API", every=_OFTEN)
        assert left["state"] == "receiving", left
        until(lambda: status().get("state") == "done", what="the end of the document", every=_OFTEN)
        assert status()["read"] == _TEXTS
        answer = until(lambda: ask(http, "/v1/documents/d/file"), what="the result", every=_OFTEN)
        assert answer.content == _PAGE

        # While it writes: the answer breaks off or never begins, and is never a shorter file that looks whole.
        pid = line.pids()["api"]
        killed: list[httpx.Response | None] = []
        asker = threading.Thread(target=lambda: killed.append(ask(http, "/v1/documents/d/file")))
        asker.start()
        until(lambda: writes(pid), what="the API writes", every=_OFTEN)
        os.kill(pid, signal.SIGKILL)
        asker.join(_WITHIN)
        assert killed == [None]
        answer = until(lambda: ask(http, "/v1/documents/d/file"), what="the result, asked for again", every=_OFTEN)
        assert (answer.status_code, answer.content) == (200, _PAGE)
