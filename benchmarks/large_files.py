"""A large Word file and a large EPUB: when the first sentence is there after the upload, and how much the API grows."""

import io
import random
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.sax.saxutils import escape

import psutil

from benchmarks.memory import Sampler
from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, most
from benchmarks.texts import BOOK
from satzstrom import Client, RefusedError

_MIB = 1 << 20
_SMALL = 100_000
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_WITHIN = 2.0
_GROWTH = 100.0


def _paragraphs(size: int) -> Iterator[str]:
    """Yield paragraphs of a book, again and again, until they have so many bytes of markup around them, too."""
    texts = [escape(" ".join(text.split())) for text in BOOK.split("\n\n") if text.strip()]
    number = written = 0
    while written < size:
        yield texts[number % len(texts)]
        written += len(texts[number % len(texts)].encode()) + 100
        number += 1


def _runs(text: str) -> Iterator[str]:
    """Yield a paragraph in pieces of ten words, as Word cuts it."""
    words = text.split(" ")
    for start in range(0, len(words), 10):
        bold = "<w:b/>" if start == 10 else ""
        said = " ".join(words[start : start + 10])
        yield f'<w:r w:rsidR="00A{start:04d}"><w:rPr>{bold}</w:rPr><w:t xml:space="preserve">{said} </w:t></w:r>'


def word_file(size: int = 19 * _MIB // 2, text: int = 5 * _MIB) -> bytes:
    """Return a Word file of about so many bytes: 11 MB of text and markup, the rest a picture."""
    body = "".join(f"<w:p>{''.join(_runs(one))}</w:p>" for one in _paragraphs(text))
    kinds = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>'
    )
    links = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
    )
    members = {
        "[Content_Types].xml": kinds,
        "_rels/.rels": links,
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>',
    }
    return _packed(members, "word/media/image1.png", size)


def book(size: int = 5 * _MIB, text: int = 5 * _MIB) -> bytes:
    """Return an EPUB of about so many bytes: a chapter of 5 MiB, the rest a picture."""
    body = "".join(f"<p>{one}</p>\n" for one in _paragraphs(text))
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Ein Buch</dc:title>'
        '<dc:language>de</dc:language><dc:identifier id="i">x</dc:identifier></metadata>'
        '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="p" href="a.png" media-type="image/png"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de"><head/><body>{body}</body></html>'
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "a.opf": package,
        "a.xhtml": chapter,
    }
    return _packed(members, "a.png", size)


def _packed(members: dict[str, str], picture: str, size: int) -> bytes:
    """Return a zip file with the members, and as much that cannot be packed as is lacking to its size."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else None)
        archive.writestr(picture, random.Random(1).randbytes(max(0, size - made.tell())))  # noqa: S311 (no secret)
    return made.getvalue()


class _Upload(io.BytesIO):
    """A file that knows when the last of it was asked for."""

    ended = 0.0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.ended = time.perf_counter()
        return found


def run(recorder: Recorder, rounds: int = 5) -> None:
    """Measure the first sentence with the bundled model, and the API with the identity engine, which gets to the end."""
    for name, content in {"novel.docx": word_file(), "novel.epub": book()}.items():
        size = f"{len(content) / 1_000_000:.1f} MB"
        with pipeline("ctranslate2") as (client, _):
            first = [_first_sentence(client, f"{number}", name, content) for number in range(rounds)]
        note = f"{size}; each: {', '.join(f'{one:.2f}' for one in first)} s"
        recorder.add(f"`{name}`, first sentence after the upload", first, "s", aim=most(_WITHIN), note=note)
        reading, writing = _growth(name, content)
        recorder.add(f"`{name}`, growth of the API that reads it", reading, "MB", aim=most(_GROWTH), note=size)
        recorder.add(f"`{name}`, growth of the API that writes it", writing, "MB", aim=most(_GROWTH), note=size)


def _first_sentence(client: Client, document: str, name: str, content: bytes) -> float:
    """Return the seconds from the end of an upload to the first translated sentence; the document ends there."""
    file = _Upload(content)
    sender = threading.Thread(target=_send, args=(client, file, name, document))
    sender.start()
    while not _translated(client, document):
        time.sleep(0.02)
    seconds = time.perf_counter() - file.ended
    client.cancel(document)
    sender.join()
    return seconds


def _send(client: Client, file: IO[bytes], name: str, document: str) -> None:
    try:
        client.submit_file(file, filename=name, document=document)
    except RefusedError as error:
        # It was cancelled while it was read.
        if error.kind != "ended":
            raise


def _translated(client: Client, document: str) -> bool:
    try:
        first = next(iter(client.sentences(document)), None)
    except RefusedError:
        # Not known yet.
        return False
    return first is not None and first.translation is not None


def _growth(name: str, content: bytes) -> tuple[float, float]:
    """Return the MB by which the API grows above what it has after a small file: reading, then writing."""
    with pipeline("identity") as (client, state):
        pids = {one["name"]: one["pid"] for one in state["processes"] if one["name"] == "api"}
        make = word_file if name.endswith("docx") else book
        _there_and_back(client, pids, f"small-{name}", make(_SMALL, _SMALL))
        before = psutil.Process(pids["api"]).memory_info().rss
        reading, writing = _there_and_back(client, pids, name, content)
    return (reading - before) / 1_000_000, (writing - before) / 1_000_000


def _there_and_back(client: Client, pids: dict[str, int], name: str, content: bytes) -> tuple[int, int]:
    """Return the peaks of the API while it reads a file, and while it writes the result."""
    with Sampler(pids) as reading:
        client.submit_file(io.BytesIO(content), filename=name, document=name)
    finish(client, name)
    with Sampler(pids) as writing:
        for _ in client.file(name):
            """Nothing is done with it."""
    return reading.peaks["api"], writing.peaks["api"]
