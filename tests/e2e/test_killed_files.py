"""Files whose API is killed, as the kernel or a power cut does it, while it reads or writes them."""

import io
import os
import signal
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import CommandLine
from tests.waiting import until

_TEXTS = 12_000
_BODY = b"".join(b"<p>Das ist der Satz mit der Nummer %d.</p>\n" % one for one in range(_TEXTS))
_PAGE = b"<html lang=de>" + _BODY + b"</html>"
_CONTAINER = (
    b'<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    b'<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = (
    b'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
    b'<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
    b'<spine><itemref idref="a"/></spine></package>'
)
_WITHIN = 60
# What is to be killed in the middle takes little time.
_OFTEN = 0.002


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path_factory.mktemp("killed"))
    running.run("up", "-d", "--engine", "identity", "--port", "18700")
    yield running
    running.run("down", check=False)


def ask(http: httpx.Client, url: str, **options: Any) -> "httpx.Response | None":
    """Return an answer, or None while the API is away."""
    try:
        return http.request(options.pop("method", "GET"), url, **options)
    except httpx.TransportError:
        return None


def book() -> bytes:
    """Return an EPUB whose one chapter has the same texts as the page."""
    made = io.BytesIO()
    chapter = b'<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>' + _BODY + b"</body></html>"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("a.opf", _PACKAGE)
        archive.writestr("a.xhtml", chapter)
    return made.getvalue()


def writes(pid: int, length: int, least: int) -> bool:
    """Whether a process has a shorter file without a name, of `least` bytes, beside one that is as long as what came."""
    sizes = set()
    with suppress(OSError):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            # Some are closed while they are looked at.
            with suppress(OSError):
                if str(one.readlink()).endswith("(deleted)"):
                    sizes.add(one.stat().st_size)
    return length in sizes and any(least <= size < length for size in sizes)


# Of an archive nothing is in the result before all its members are made: it is caught while those are.
@pytest.mark.parametrize(
    ("name", "content", "least"), [("a.html", _PAGE, 1), ("a.epub", book(), 0)], ids=["page", "book"]
)
def test_an_api_that_is_killed_loses_nothing_of_a_file(
    line: CommandLine, name: str, content: bytes, least: int
) -> None:
    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        pid = line.pids()["api"]

        def send() -> None:
            # Nobody answers it: its API is killed.
            ask(http, f"/v1/documents?id={name}&filename={name}&source=de&target=en", method="POST", content=content)

        sender = threading.Thread(target=send)
        sender.start()

        def status() -> dict[str, Any]:
            answer = ask(http, f"/v1/documents/{name}")
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
        answer = until(lambda: ask(http, f"/v1/documents/{name}/file"), what="the result", every=_OFTEN)
        assert answer.content == content

        # While it writes: the answer breaks off or never begins, and is never a shorter file that looks whole.
        pid = line.pids()["api"]
        killed: list[httpx.Response | None] = []
        asker = threading.Thread(target=lambda: killed.append(ask(http, f"/v1/documents/{name}/file")))
        asker.start()
        until(lambda: writes(pid, len(content), least), what="the API writes", every=_OFTEN)
        os.kill(pid, signal.SIGKILL)
        asker.join(_WITHIN)
        assert killed == [None]
        answer = until(
            lambda: ask(http, f"/v1/documents/{name}/file"), what="the result, asked for again", every=_OFTEN
        )
        assert (answer.status_code, answer.content) == (200, content)
