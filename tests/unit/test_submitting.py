"""What `submit` sends: every option, and files that go on where they broke off, by the command that it names."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.errors import InputError, SatzstromError
from tests.unit.fake_api import FakeApi, run, served

MIB = 1024 * 1024
PAGE = b"<p>Guten Tag.</p>" + b"<!-- x -->\n" * 250_000


class Files(FakeApi):
    """Takes files in pieces and makes documents of them; `breaks`: the first upload ends in the middle."""

    asked: list[tuple[str, str, dict[str, list[str]], bytes]]
    files: dict[str, bytes]
    breaks = False
    refuses = False

    def answer(self) -> None:
        kind, place = type(self), urlsplit(self.path)
        name = place.path.rpartition("/")[2]
        if kind.breaks and self.command == "PUT":
            kind.breaks = False
            kind.files[name] = self.rfile.read(2 * MIB)
            self.close_connection = True
            return
        body = self.body()
        kind.asked.append((self.command, place.path, parse_qs(place.query), body))
        self.reply(*self.found(name, place.path, body))

    def found(self, name: str, path: str, body: bytes) -> tuple[int, object]:
        kind = type(self)
        nothing = 404, {"type": "urn:satzstrom:problem:not-found", "detail": f"there is nothing of the id {name}"}
        if path == "/v1/documents":
            if kind.refuses:
                return 422, {"type": "urn:satzstrom:problem:file", "detail": "this file cannot be read"}
            return 201, {"id": "d"}
        if not path.startswith("/v1/files/"):
            return nothing
        if self.command == "DELETE":
            del kind.files[name]
            return 204, None
        if self.command == "PUT":
            kind.files[name] = kind.files.get(name, b"") + body
        if name not in kind.files:
            return nothing
        there = kind.files[name]
        whole = len(there) == len(PAGE)
        digest = hashlib.sha256(there).hexdigest() if whole else None
        return 200, {"id": name, "filename": "a.html", "bytes": len(there), "complete": whole, "digest": digest}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Files]]:
    with served(Files, monkeypatch, asked=[], files={}) as kind:
        yield kind


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE)
    return file


def test_all_that_can_be_said_is_sent(api: type[Files], tmp_path: Path) -> None:
    file, terms = tmp_path / "a.txt", tmp_path / "terms.json"
    file.write_text("Guten Tag.")
    terms.write_text('{"Tag": "day"}')
    said = {
        "model": "m@1", "priority": "high", "title": "Ein Brief", "glossary": "g1", "alternatives": "2", "memory": "off",
        "source": "de", "target": "fr", "id": "d",
    }  # fmt: skip
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    run(
        "submit",
        str(file),
        *options,
        "--callback",
        "https://a.example/x",
        "--metadata",
        "for=me",
        "--terms",
        str(terms),
    )
    ((method, path, query, body),) = api.asked
    assert (method, path, body) == ("POST", "/v1/documents", b"Guten Tag.")
    more = {"callback_url": "https://a.example/x", "metadata": '{"for": "me"}', "terms": '{"Tag": "day"}'}
    assert {name: value for name, (value,) in query.items()} == said | more | {"filename": "a.txt"}


def test_a_file_that_broke_off_goes_on_by_the_command_that_is_told(api: type[Files], page: Path) -> None:
    api.breaks = True
    with pytest.raises(SatzstromError) as broke:
        run("submit", str(page), "--id", "d", "--title", "Ein Blatt")
    told = f"satzstrom submit --resume d {page} and the same options"
    assert str(broke.value).endswith(f"send what is missing with: {told}")
    assert len(api.files["d"]) == 2 * MIB
    said = run("submit", "--resume", "d", str(page), "--title", "Ein Blatt").stderr
    assert said == f"sent {len(PAGE) - 2 * MIB:,} bytes that were missing\n"
    sent = [body for method, _, _, body in api.asked if method == "PUT"]
    assert sent == [PAGE[2 * MIB :]]
    made = [query for method, _, query, _ in api.asked if method == "POST"]
    assert made == [{"source": ["de"], "target": ["en"], "id": ["d"], "file": ["d"], "title": ["Ein Blatt"]}]
    assert api.files == {}


def test_of_a_file_that_is_refused_nothing_stays(api: type[Files], page: Path) -> None:
    api.refuses = True
    with pytest.raises(SatzstromError, match=r"a\.html: this file cannot be read"):
        run("submit", str(page))
    assert api.files == {}


def test_a_file_that_is_another_one_is_not_mixed_with_what_is_there(api: type[Files], page: Path) -> None:
    api.files["d"] = b"y" * (2 * MIB)
    with pytest.raises(SatzstromError, match=r"a\.html: .*was of another file, and is deleted; send it again"):
        run("submit", "--resume", "d", str(page))
    assert api.files == {}
    api.files["d"] = PAGE.replace(b"Tag", b"Rat")
    with pytest.raises(SatzstromError, match=r"a\.html: .*another file is there; choose another id"):
        run("submit", "--id", "d", str(page))
    assert [path for method, path, _, _ in api.asked if method == "POST"] == []
    assert len(api.files["d"]) == len(PAGE)


def test_errors_of_a_single_file_name_it(api: type[Files], tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes("Grüße".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.txt: .*byte 2 cannot be read"):
        run("submit", "--resume", "d", str(file))
    api.refuses = True
    with pytest.raises(SatzstromError, match=r"latin\.txt: this file cannot be read"):
        run("submit", str(file))
