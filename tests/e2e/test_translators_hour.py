"""A translator's hour on a contract."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest

from tests.e2e.conftest import CommandLine
from tests.waiting import until

PAIR = {"source": "de", "target": "en"}


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path / "data")
    start(running)
    yield running
    running.run("down", check=False)


def start(line: CommandLine) -> None:
    line.run("up", "-d", "--engine", "marking", "--port", "18760")


def done(http: httpx.Client, document: str) -> dict[str, Any]:
    def check() -> Any:
        status = http.get(f"/v1/documents/{document}").json()
        return status if status.get("state") == "done" else None

    found: dict[str, Any] = until(check, what=f"{document} done")
    return found


def correct(http: httpx.Client, document: str, index: int, **fields: Any) -> dict[str, Any]:
    """Change a sentence that nobody has changed, again and again with the same version until the answer is known."""

    def ask() -> Any:
        answer = http.patch(f"/v1/documents/{document}/sentences/0/{index}", json=fields, headers={"If-Match": '"0"'})
        assert answer.status_code in (200, 500, 503), answer.text
        return answer.json() if answer.status_code == 200 else None

    found: dict[str, Any] = until(ask, what=f"correction of {index}")
    return found


def sentences(http: httpx.Client, document: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/v1/documents/{document}/sentences?limit=1000{query}").json()["items"]
    return found


_CLAUSES = [
    "Der Verkäufer liefert die Ware innerhalb von 14 Tagen.",
    "Der Käufer zahlt den Preis sofort nach der Lieferung.",
    "Die Gewährleistung beträgt zwei Jahre ab der Übergabe.",
    "Der Verkäufer haftet nicht für leichte Fahrlässigkeit.",
    "Die Ware bleibt bis zur Zahlung sein Eigentum.",
    "Änderungen dieses Vertrags bedürfen der Schriftform.",
    "Mündliche Abreden bestehen zwischen den Parteien nicht.",
    "Der Gerichtsstand für alle Klagen ist die Stadt Berlin.",
    "Es gilt allein das Recht der Bundesrepublik Deutschland.",
    "Der Vertrag beginnt mit der Unterschrift beider Parteien.",
    "Jede Partei erhält eine Ausfertigung dieses Vertrags.",
    "Die Kosten der Lieferung trägt allein der Käufer.",
]
_CORRECTED = 10
_CHANGED = 3  # The clause that the second edition has otherwise.


def contract(clauses: list[str]) -> bytes:
    """Return a Word file with a clause a paragraph; the word `Verkäufer` is bold."""
    made = docx.Document()
    # Of the template that the library begins with.
    made.core_properties.comments = ""
    for clause in clauses:
        paragraph = made.add_paragraph()
        before, bold, after = clause.partition("Verkäufer")
        paragraph.add_run(before)
        paragraph.add_run(bold).bold = True
        paragraph.add_run(after)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def submit(http: httpx.Client, document: str, clauses: list[str]) -> dict[str, Any]:
    answer = http.post(
        "/v1/documents", params={"id": document, "filename": "vertrag.docx", **PAIR},
        content=contract(clauses), headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    return done(http, document)


def paragraphs(http: httpx.Client, document: str, query: str = "") -> list[str]:
    answer = http.get(f"/v1/documents/{document}/file{query}")
    assert answer.status_code == 200, answer.text
    return [one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs if one.text]


def test_a_translators_hour(line: CommandLine) -> None:
    corrected = [f"Clause number {number}, as the seller wants it." for number in range(_CORRECTED)]
    edition = [*_CLAUSES]
    edition[_CHANGED] = "Der Verkäufer haftet nicht für einfache Fahrlässigkeit."
    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        submit(http, "first", _CLAUSES)
        assert len(sentences(http, "first")) == len(_CLAUSES)
        for index, text in enumerate(corrected):
            correct(http, "first", index, text=text, approved=True)
        correct(http, "first", _CORRECTED, approved=True)
        status = submit(http, "second", edition)
        # The last clause is the machine's, and that has been made, too.
        assert status["sentences"]["remembered"] >= len(_CLAUSES) - 2

    def check(http: httpx.Client) -> None:
        first = http.get("/v1/documents/first").json()["sentences"]
        assert (first["corrected"], first["approved"]) == (_CORRECTED, _CORRECTED + 1)
        assert paragraphs(http, "first")[:_CORRECTED] == corrected
        assert paragraphs(http, "first", "?version=machine")[0] == f"⟦{_CLAUSES[0]}⟧"
        tmx = http.get("/v1/documents/first/export?format=tmx").text
        assert all(f"<seg>{text}</seg>" in tmx for text in corrected)
        second = sentences(http, "second")
        for index in range(_CORRECTED):
            if index == _CHANGED:
                assert (second[index]["memory"], second[index]["translation"]) == (None, f"⟦{edition[index]}⟧")
            else:
                assert second[index]["translation"] == corrected[index]
                assert second[index]["memory"] in ("context", "exact")
        assert paragraphs(http, "second")[:_CHANGED] == corrected[:_CHANGED]
        (match,) = http.get(f"/v1/documents/second/sentences/0/{_CHANGED}/matches").json()["items"][:1]
        assert (match["unit"]["translation"], 75 <= match["likeness"] < 100) == (corrected[_CHANGED], True)
        assert {"change": "removed", "text": "leichte "} in match["difference"]

    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        check(http)
    line.run("down")
    line.run("up", "-d", "--engine", "marking", "--port", "18760")
    with httpx.Client(base_url=line.ps()["api"], timeout=100) as http:
        check(http)
        submit(http, "third", edition)
        assert [one["translation"] for one in sentences(http, "third")] == [
            one["translation"] for one in sentences(http, "second")
        ]
