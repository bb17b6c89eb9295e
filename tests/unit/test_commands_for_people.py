"""Commands that change what is there, against an API that writes down what it is asked."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.command_line import UsageError
from pipeline.errors import InputError, SatzstromError
from producer.connecting import in_words
from satzstrom import Client, RefusedError
from tests.unit.fake_api import FakeApi, run, served

SENTENCE: dict[str, Any] = {"position": "0.0", "source": "Guten Tag.", "translation": "Guten Tag.", "span": [0, 10]}
SENTENCE |= {"flags": [], "suspect": [], "failed": False}
LAYOUT = {"paragraph": 0, "kind": "prose", "line": True, "above": "", "before": "", "level": 0}
TERMS = [{"source": "Tag", "target": "day", "kept": False}, {"source": "gut", "target": "good", "kept": True}]
PAIR = {"source": "de", "target": "en", "entries": 1}
GLOSSARY: dict[str, Any] = {
    "id": "g1",
    "name": "Begriffe",
    "version": "v",
    "created": "2026-01-01T00:00:00Z",
    "pairs": [PAIR],
}
GLOSSARY |= {"entries": 1}
CHANGED = {"type": "urn:satzstrom:problem:changed", "detail": "somebody has changed this sentence meanwhile"}


class People(FakeApi):
    """Has one sentence, which counts its versions, and one glossary."""

    version = 0
    asked: list[tuple[str, str, bytes]]

    def answer(self) -> None:
        body = self.body()
        type(self).asked.append((self.command, self.path, body))
        self.reply(*self.found(body))

    def found(self, body: bytes) -> tuple[int, object]:
        if "/sentences/" in self.path:
            return self.changed(json.loads(body)) if self.command == "PATCH" else (200, self.sentence("Guten Tag."))
        if "/sentences?" in self.path:
            told = {"alternatives": ["Hello.", "Good day."], "terms": TERMS, "layout": LAYOUT}
            return 200, {"items": [SENTENCE | told], "next": None}
        if "/file" in self.path:
            return 200, b"Vertrag\tcontract\n"
        if self.command == "DELETE":
            return 204, b""
        if self.command == "GET":
            return 200, {"items": [GLOSSARY]}
        return 201, GLOSSARY | {"left_out": [{"line": 2, "reason": "no term"}], "left_out_count": 3}

    def changed(self, given: dict[str, Any]) -> tuple[int, object]:
        if self.headers["If-Match"] not in (None, f'"{self.version}"'):
            return 412, CHANGED
        type(self).version += 1
        return 200, self.sentence(given.pop("text", None) or "Guten Tag.") | given

    def sentence(self, translation: str) -> dict[str, Any]:
        return SENTENCE | {"translation": translation, "version": self.version, "history": []}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[People]]:
    with served(People, monkeypatch, asked=[], version=0) as kind:
        yield kind


def test_a_correction_shows_what_was_and_what_is_and_changes_nothing_else(api: type[People]) -> None:
    shown = run("correct", "d", "0.0", "Good day.", "--approve", "--comment", "as agreed").stdout
    assert shown.splitlines() == [
        "0.0 version 1, approved", "  Guten Tag.", "- Guten Tag.", "+ Good day.", "  comment: as agreed",
    ]  # fmt: skip
    run("correct", "d", "0.0", "-", stdin="See you.\n")
    run("correct", "d", "0.0", "--no-approve")
    run("correct", "d", "0.0", "--machine", "--comment", "", "--json")
    assert [json.loads(body) for method, _, body in api.asked if method == "PATCH"] == [
        {"text": "Good day.", "approved": True, "comment": "as agreed"},
        {"text": "See you."},
        {"approved": False},
        {"text": None, "comment": ""},
    ]
    with pytest.raises(SatzstromError, match="meanwhile: version 4, Guten Tag"):
        run("correct", "d", "0.0", "x", "--expect", "0")
    for wrong in (("0.0",), ("0", "x"), ("0.x", "x"), ("²", "x"), ("0.0", "x", "--machine")):
        with pytest.raises(UsageError):
            run("correct", "d", *wrong)


def test_sentences_are_shown_with_their_other_translations_and_the_terms_that_they_lack(api: type[People]) -> None:
    assert run("sentences", "d").stdout.splitlines() == [
        "0.0", "  Guten Tag.", "  Guten Tag.", "  or: Hello.", "  or: Good day.", "  without the term: Tag → day",
    ]  # fmt: skip
    (told,) = json.loads(run("sentences", "d", "--json").stdout)
    assert (told["alternatives"], told["terms"], told["layout"]) == (["Hello.", "Good day."], TERMS, LAYOUT)


def test_glossaries_go_in_and_out_by_id_or_name(api: type[People], tmp_path: Path) -> None:
    assert "Begriffe  de→en      1" in run("glossary", "list").stdout
    assert json.loads(run("glossary", "list", "--json").stdout)[0]["id"] == "g1"
    file = tmp_path / "Begriffe.csv"
    file.write_text("Vertrag;contract\n", encoding="utf-8")
    made = run("glossary", "import", str(file), "--source", "de", "--target", "en", "--lenient")
    assert made.stdout == "g1\n"
    assert f"{file}: line 2 left out: no term\n{file}: 2 more lines left out\nBegriffe: 1 term\n" in made.stderr
    run("glossary", "import", str(file), "--into", "Begriffe", "--replace")
    sent = [
        (method, path, b"Vertrag;contract" in body) for method, path, body in api.asked if method in ("POST", "PUT")
    ]
    assert sent == [("POST", "/v1/glossaries", True), ("PUT", "/v1/glossaries/g1/entries", True)]
    run("glossary", "export", "g1", "-o", str(tmp_path / "new" / "b.TSV"))
    assert (tmp_path / "new" / "b.TSV").read_bytes() == b"Vertrag\tcontract\n"
    run("glossary", "export", "Begriffe", "--format", "tbx")
    assert [path.partition("?")[2] for _, path, _ in api.asked if "/file" in path] == ["format=tsv", "format=tbx"]
    run("glossary", "remove", "Begriffe")
    assert api.asked[-1][:2] == ("DELETE", "/v1/glossaries/g1")
    with pytest.raises(InputError, match="there is no glossary 'nothing'"):
        run("glossary", "remove", "nothing")
    for wrong in (("--replace",), ("--into", "g1", "--name", "x")):
        with pytest.raises(UsageError):
            run("glossary", "import", str(file), *wrong)
    with pytest.raises(InputError, match="cannot read"):
        run("glossary", "import", str(tmp_path / "nothing.csv"))


def test_a_comment_that_is_none_is_taken_away_and_one_that_is_not_said_stays(api: type[People]) -> None:
    with Client(os.environ["SATZSTROM_API"]) as client:
        client.correct("d", "0.0", comment=None)
        client.correct("d", "0.0", approved=True)
    assert [json.loads(body) for method, _, body in api.asked if method == "PATCH"] == [
        {"comment": None},
        {"approved": True},
    ]


def test_a_defect_is_told_with_the_id_under_which_the_log_has_it() -> None:
    said = str(in_words(RefusedError("defect", 500, "The API's log has it, under this request's id.", request="ab12")))
    assert said == "a defect of the API, whose log has the details under the id ab12; please report it"
