"""Corrections through the death of whatever has to do with them, and a translator's hour on a contract."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest

from tests.e2e.conftest import CommandLine
from tests.waiting import until

_WITHIN = 60
_SENTENCES = 60
_PAIR = {"source": "de", "target": "en"}


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path / "data")
    running.run("up", "-d", "--engine", "marking", "--port", "18760")
    yield running
    running.run("down", check=False)


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


def _reached(saved: list[int], failed: list[BaseException], wanted: int) -> bool:
    return saved[0] >= wanted or bool(failed)


def test_no_correction_is_lost_or_made_twice_when_something_is_killed(line: CommandLine) -> None:
    text = "\n".join(f"Das ist der Satz mit der Nummer {one}." for one in range(_SENTENCES))
    victims = ["api", "mongodb", "sink", "api"]
    with httpx.Client(base_url=line.ps()["api"], timeout=20) as http:
        assert http.post("/v1/documents", json={"id": "d", "text": text, **_PAIR}).status_code == 202
        done(http, "d")
        left = iter(range(_SENTENCES))
        taking, saved = threading.Lock(), [0]

        def work() -> None:
            with httpx.Client(base_url=http.base_url, timeout=20) as mine:
                while True:
                    with taking:
                        index = next(left, None)
                    if index is None:
                        return
                    found = correct(mine, "d", index, text=f"Sentence {index}.", approved=index % 2 == 0)
                    assert (found["translation"], found["version"]) == (f"Sentence {index}.", 1)
                    saved[0] += 1

        failed: list[BaseException] = []

        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failed.append(error)
                raise

        workers = [threading.Thread(target=guarded) for _ in range(4)]
        for worker in workers:
            worker.start()
        for number, victim in enumerate(victims):
            # Each in the middle of the work.
            wanted = (number + 1) * _SENTENCES // (len(victims) + 2)
            until(partial(_reached, saved, failed, wanted), what=f"{wanted} corrections")
            os.kill(line.pids()[victim], signal.SIGKILL)
        for worker in workers:
            worker.join(2 * _WITHIN)
        assert not failed
        status = until(lambda: http.get("/v1/documents/d").json(), what="the status")
        assert (status["edits"], status["sentences"]["corrected"], status["sentences"]["approved"]) == (
            _SENTENCES, _SENTENCES, _SENTENCES // 2,
        )  # fmt: skip
        found = sentences(http, "d")
        assert [one["translation"] for one in found] == [f"Sentence {index}." for index in range(_SENTENCES)]
        assert {one["version"] for one in found} == {1}
        # Each is in the memory, once, with what was corrected.
        again = {"id": "again", "text": text, **_PAIR}
        assert http.post("/v1/documents", json=again).status_code == 202
        status = done(http, "again")
        assert status["sentences"]["remembered"] == _SENTENCES
        assert [one["translation"] for one in sentences(http, "again")] == [one["translation"] for one in found]


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
        "/v1/documents", params={"id": document, "filename": "vertrag.docx", **_PAIR},
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
    with httpx.Client(base_url=line.ps()["api"], timeout=20) as http:
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

    with httpx.Client(base_url=line.ps()["api"], timeout=20) as http:
        check(http)
    line.run("down")
    line.run("up", "-d", "--engine", "marking", "--port", "18760")
    with httpx.Client(base_url=line.ps()["api"], timeout=20) as http:
        check(http)
        submit(http, "third", edition)
        assert [one["translation"] for one in sentences(http, "third")] == [
            one["translation"] for one in sentences(http, "second")
        ]
