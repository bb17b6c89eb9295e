"""Documents through the command line."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx
import pytest

from pipeline.parts import cut
from pipeline.version import VERSION
from tests.conftest import ROOT
from tests.e2e.conftest import CommandLine
from tests.texts import CORNER_CASES
from tests.unit.test_encodings import FILES
from tests.waiting import until

BOOK = ROOT / "examples" / "die-verwandlung.txt"


def test_a_book_comes_back_byte_for_byte(pipeline: CommandLine, tmp_path: Path) -> None:
    output = tmp_path / "book.txt"
    done = pipeline.run("submit", str(BOOK), "--id", "book", "-o", str(output))
    assert output.read_bytes() == BOOK.read_bytes()
    assert done.stdout == b""
    assert "done: 710 of 710 sentences" in done.stderr.decode()
    status = json.loads(pipeline.run("status", "book", "--json").stdout)
    assert (status["state"], status["model"]) == ("done", "identity@1")
    assert b"710 of 710 sentences (100%)" in pipeline.run("status", "book").stdout
    assert pipeline.run("get", "book").stdout == BOOK.read_bytes()


@pytest.mark.parametrize("name", ["empty", "crlf", "byte order mark", "nul", "blank lines around", "right to left"])
def test_pipes(pipeline: CommandLine, name: str) -> None:
    text = CORNER_CASES[name].encode()
    done = pipeline.run("submit", "-", "--wait", "--quiet", stdin=text)
    assert done.stdout == text
    assert done.stderr == b""


def test_submit_prints_the_id_and_the_rest_follows_it(pipeline: CommandLine) -> None:
    document = pipeline.run("submit", "-", stdin=b"Guten Tag. Auf Wiedersehen.").stdout.decode().strip()
    assert b"done" in pipeline.run("watch", document).stderr
    assert pipeline.run("get", document).stdout == b"Guten Tag. Auf Wiedersehen."
    listed = json.loads(pipeline.run("list", "--json", "-n", "100").stdout)
    assert document in [entry["id"] for entry in listed]
    assert document.encode() in pipeline.run("list", "--state", "done").stdout
    pipeline.run("delete", document)
    assert pipeline.fails("status", document) == f"satzstrom: there is no document '{document}'"


def test_documents_straight_onto_kafka(pipeline: CommandLine) -> None:
    kafka = pipeline.ps()["kafka"]
    text = ("Ein Absatz.\n\n" * 9000).encode()
    done = pipeline.run("submit", "-", "--kafka", kafka, "--id", "direct", stdin=text)
    assert done.stdout == b"direct\n"
    until(lambda: pipeline.run("get", "direct", check=False).returncode == 0, what="the document")
    assert pipeline.run("get", "direct").stdout == text


def test_an_upload_goes_on_where_it_broke_off(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "book.txt"
    file.write_text("Ein Absatz mit einem Satz.\n\n" * 9000)
    first = tmp_path / "first.txt"
    # What the API would have had of it when the connection broke.
    first.write_text(cut(file.read_text())[0])
    with httpx.Client(base_url=pipeline.ps()["api"]) as http:
        path = "/v1/documents/resumed/parts/0"
        assert http.put(path, content=first.read_bytes(), headers={"Content-Type": "text/plain"}).status_code == 202
        until(lambda: http.get("/v1/documents/resumed/parts").json()["items"], what="the part")
    done = pipeline.run("submit", "--resume", "resumed", str(file), "--wait")
    assert b"sent 3 parts that were missing" in done.stderr
    assert done.stdout == file.read_bytes()
    assert "leave out --id" in pipeline.fails("submit", "--resume", "resumed", "--id", "other", str(file), status=2)


def test_a_file_of_another_kind_goes_on_where_it_broke_off(pipeline: CommandLine, tmp_path: Path) -> None:
    file, back = tmp_path / "blatt.html", tmp_path / "back.html"
    page = b"<p>Guten Tag.</p>" + b"<!-- %s -->\n" % (b"x" * 10_000) * 330
    file.write_bytes(page)
    # What the API has of it when the connection breaks.
    headers = {
        "Content-Range": f"bytes 0-{2**21 - 1}/{len(page)}", "Content-Type": "application/octet-stream",
    }  # fmt: skip
    with httpx.Client(base_url=pipeline.ps()["api"]) as http:
        path = "/v1/files/blatt?filename=blatt.html"
        assert http.put(path, content=page[: 2**21], headers=headers).json()["complete"] is False
        done = pipeline.run("submit", "--resume", "blatt", str(file), "-o", str(back))
        assert f"sent {len(page) - 2**21:,} bytes that were missing" in done.stderr.decode()
        assert back.read_bytes() == page
        assert http.get("/v1/files/blatt").status_code == 404
    assert b"sent 0 bytes" in pipeline.run("submit", "--resume", "blatt", str(file)).stderr
    other = tmp_path / "andere.html"
    other.write_bytes(page)
    assert f"{other}: document blatt is of another file" in pipeline.fails("submit", "--resume", "blatt", str(other))
    large = tmp_path / "gross.html"
    large.write_bytes(page)
    assert pipeline.run("submit", str(large), "--id", "gross", "--wait").stdout == page


def test_the_memory_is_left_out_and_other_forms_are_written_on_demand(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Ein Satz fürs Gedächtnis.")
    pipeline.run("submit", str(file), "--id", "kept", "--wait", "-q")
    pipeline.run("correct", "kept", "0.0", "A sentence to remember.")
    assert pipeline.run("submit", str(file), "--wait", "-q").stdout == b"A sentence to remember."
    said = ("--memory", "off", "--alternatives", "2", "--format", "jsonl", "--wait", "-q")
    (line,) = pipeline.run("submit", str(file), "--id", "alone", *said).stdout.splitlines()
    assert json.loads(line)["translation"] == "Ein Satz fürs Gedächtnis."
    (one,) = json.loads(pipeline.run("sentences", "alone", "--no-corrected", "--words", "SATZ", "--json").stdout)
    assert (one["alternatives"], one["memory"]) == ([], None)
    assert pipeline.run("sentences", "kept", "--no-corrected", "--json").stdout == b"[]\n"


def test_nothing_is_broken_into_lines_in_pipes(pipeline: CommandLine) -> None:
    sentence = "Ein ungewöhnlich langer Satz, der in zwanzig Zeichen gewiss keinen Platz hätte. "
    pipeline.run(
        "submit", "-", "--id", "wide", "--title", "Ein Titel " * 9, "--wait", "-q", stdin=sentence.encode() * 2
    )
    pipeline.run("correct", "wide", "0.0", "A sentence that is much too long for twenty characters in a line.")
    until(lambda: json.loads(pipeline.run("search", "ungewöhnlich", "--json").stdout), what="the word")
    commands = (
        ("ps",), ("list", "--words", "ungewöhnlich"), ("status", "wide"), ("sentences", "wide"), ("search", "ungewöhnlich"),
        ("dead-letters", "list"), ("keys", "list"), ("glossary", "list"),
    )  # fmt: skip
    for command in commands:
        narrow, wide = (pipeline.run(*command, environment={"COLUMNS": columns}).stdout for columns in ("20", "400"))
        assert [line.split() for line in narrow.decode().splitlines()] == [
            line.split() for line in wide.decode().splitlines()
        ], command


def test_several_files_are_one_batch(pipeline: CommandLine, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("eins.txt", "zwei.txt", "falsch.txt")]
    for file, content in zip(files, (b"Eins.", b"Zwei.", b"Gr\xfc\xdfe."), strict=True):
        file.write_bytes(content)
    folder = tmp_path / "out"
    folder.mkdir()
    good = [str(file) for file in files[:2]]
    assert pipeline.run("submit", *good, "--batch", "pair").stdout == b"pair.0\npair.1\n"
    done = pipeline.run("submit", *good, "--batch", "pair", "--wait", "-o", str(folder), "-q")
    assert (done.stdout, done.stderr) == (b"", b"")
    assert [(folder / file.name).read_bytes() for file in files[:2]] == [b"Eins.", b"Zwei."]
    failed = pipeline.run("submit", *good, str(files[2]), check=False)
    assert failed.returncode == 1
    assert len(failed.stdout.splitlines()) == 2
    assert b"byte 2 cannot be read" in failed.stderr
    assert b"1 of 3 files has no translation" in failed.stderr
    assert [entry["id"] for entry in json.loads(pipeline.run("list", "--batch", "pair", "--json").stdout)] == [
        "pair.1",
        "pair.0",
    ]
    assert "leave out --id" in pipeline.fails("submit", *good, "--id", "x", status=2)
    assert "has to name a folder" in pipeline.fails("submit", *good, "--wait", status=2)
    assert "would be overwritten" in pipeline.fails("submit", *good, "-o", str(tmp_path), status=2)
    assert "can hold only one" in pipeline.fails("submit", good[0], good[0], "-o", str(folder), status=2)


def test_forms_and_search(pipeline: CommandLine, tmp_path: Path) -> None:
    pipeline.run("submit", "-", "--id", "formed", "--wait", "-q", stdin=b"Ein Nashorn. Und noch eines.")
    output = tmp_path / "out.tmx"
    pipeline.run("get", "formed", "--format", "tmx", "-o", str(output))
    assert b"<seg>Ein Nashorn.</seg>" in output.read_bytes()
    lines = pipeline.run("get", "formed", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["position"] for line in lines] == ["0.0", "0.1"]
    assert pipeline.run("get", "formed", "--format", "html").stdout.startswith(b"<!DOCTYPE html>")
    found = until(lambda: json.loads(pipeline.run("search", "nashorn", "--json").stdout), what="the word")
    assert [(hit["document"], hit["sentence"]["position"]) for hit in found] == [("formed", "0.0")]
    assert b"formed 0.0" in pipeline.run("search", "nashorn", "--document", "formed").stdout
    assert b"formed" in pipeline.run("list", "--words", "nashorn", "--sort", "-finished").stdout
    assert "NAME=VALUE" in pipeline.fails("list", "--metadata", "author", status=2)
    assert pipeline.run("list", "--metadata", "author=Nobody", "--json").stdout == b"[]\n"


def test_cancelling(pipeline: CommandLine) -> None:
    pipeline.run("submit", "-", "--id", "finished", "--wait", stdin=b"Guten Tag.")
    assert "is done; there is nothing left to cancel" in pipeline.fails("cancel", "finished")
    assert pipeline.fails("cancel", "nobody") == "satzstrom: there is no document 'nobody'"


def test_what_is_said_of_a_document_is_kept(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "Brief an Milena.txt"
    file.write_text("Guten Tag.")
    said = ("--model", "identity", "--priority", "low")
    pipeline.run("submit", str(file), "--id", "said", *said, "--wait", "-q")
    status = json.loads(pipeline.run("status", "said", "--json").stdout)
    assert (status["metadata"]["filename"], status["model"]) == ("Brief an Milena.txt", "identity@1")
    lines = pipeline.run("list", "-n", "100", environment={"COLUMNS": "20"}).stdout.decode().splitlines()
    (line,) = [line for line in lines if line.startswith("said ")]
    assert line.endswith("Brief an Milena.txt")


def test_sentences_are_corrected_and_documents_renamed(pipeline: CommandLine) -> None:
    pipeline.run("submit", "-", "--id", "fixed", "--title", "Ein Brief", "--wait", "-q", stdin=b"Guten Tag. Bis bald.")
    done = pipeline.run("correct", "fixed", "0.0", "Good day.", "--approve", "--comment", "as agreed")
    assert done.stdout.decode().splitlines() == [
        "0.0 version 1, approved", "  Guten Tag.", "- Guten Tag.", "+ Good day.", "  comment: as agreed"
    ]  # fmt: skip
    assert pipeline.run("get", "fixed").stdout == b"Good day. Bis bald."
    assert pipeline.fails("correct", "fixed", "0.0", "Hello.", "--expect", "0").endswith("version 1, Good day.")
    assert pipeline.run("get", "fixed", "--version", "machine").stdout == b"Guten Tag. Bis bald."
    pipeline.run("correct", "fixed", "0.1", "-", stdin=b"See you soon.\n")
    again = json.loads(pipeline.run("correct", "fixed", "0.0", "--machine", "--comment", "", "--json").stdout)
    assert (again["translation"], again["comment"], again["version"]) == ("Guten Tag.", None, 2)
    assert pipeline.run("get", "fixed").stdout == b"Guten Tag. See you soon."
    for wrong in (("0.0",), ("0", "x"), ("0.0", "x", "--machine")):
        pipeline.fails("correct", "fixed", *wrong, status=2)
    assert "there is no sentence" in pipeline.fails("correct", "fixed", "0.9", "x")
    assert pipeline.run("rename", "fixed", "Zwei Sätze").stdout.decode() == "fixed: Zwei Sätze\n"
    assert pipeline.run("rename", "fixed", "").stdout.decode() == "fixed: Guten Tag. Bis bald.\n"


def test_glossaries_and_the_memory_go_into_files_and_out_of_them(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "Begriffe.csv"
    file.write_text("de;en\nVertrag;contract\n")
    made = pipeline.run("glossary", "import", str(file))
    glossary = made.stdout.decode().strip()
    assert made.stderr.decode() == "Begriffe: 1 term\n"
    file.write_text("Kaution;deposit\n;nothing\n")
    more = ("glossary", "import", str(file), "--into", "Begriffe", "--source", "de", "--target", "en")
    assert str(file) in pipeline.fails(*more)
    assert "line 2 left out" in pipeline.run(*more, "--lenient").stderr.decode()
    (listed,) = json.loads(pipeline.run("glossary", "list", "--json").stdout)
    assert (listed["id"], listed["entries"]) == (glossary, 2)
    assert b"de\xe2\x86\x92en" in pipeline.run("glossary", "list").stdout
    pipeline.run("glossary", "export", glossary, "-o", str(tmp_path / "out" / "b.tbx"))
    assert (
        b"<martif" in (tmp_path / "out" / "b.tbx").read_bytes() or b"<tbx" in (tmp_path / "out" / "b.tbx").read_bytes()
    )
    assert "Kaution\tdeposit" in pipeline.run("glossary", "export", "Begriffe", "--format", "tsv").stdout.decode()
    said = ("--title", "Der Vertrag", "--metadata", "for=me", "--glossary", glossary, "--wait", "-q")
    terms = tmp_path / "terms.json"
    terms.write_text('{"Tag": "day"}')
    pipeline.run("submit", "-", "--id", "agreed", *said, "--terms", str(terms), stdin=b"Der Vertrag. Ein Tag.")
    status = json.loads(pipeline.run("status", "agreed", "--json").stdout)
    assert (status["name"], status["metadata"]["for"]) == ("Der Vertrag", "me")
    sentences = json.loads(pipeline.run("sentences", "agreed", "--json").stdout)
    assert [one["source"] for one in sentences] == ["Der Vertrag.", "Ein Tag."]
    assert b"agreed" in pipeline.run("list", "--metadata", "for=me").stdout
    pipeline.run("glossary", "remove", "Begriffe")
    assert pipeline.run("glossary", "list", "--json").stdout == b"[]\n"
    assert "there is no glossary 'Begriffe'" in pipeline.fails("glossary", "remove", "Begriffe")

    pipeline.run("correct", "agreed", "0.1", "One day.")
    memory = tmp_path / "memory.tmx"
    pipeline.run("memory", "export", "-o", str(memory))
    assert b"One day." in memory.read_bytes()
    assert b"One day." in pipeline.run("memory", "export").stdout
    assert pipeline.run("memory", "import", str(memory)).stdout.startswith(b"0 new units, ")
    memory.write_bytes(memory.read_bytes().replace(b"Ein Tag.", b"Ein anderer Tag."))
    assert pipeline.run("memory", "import", str(memory)).stdout.startswith(b"1 new units, ")
    pipeline.run("submit", "-", "--id", "later", "--wait", "-q", stdin=b"Ein anderer Tag.")
    assert pipeline.run("get", "later").stdout == b"One day."
    assert b"1 from memory" in pipeline.run("status", "later").stdout
    memory.write_bytes(b"<tmx><body><tu>")
    assert str(memory) in pipeline.fails("memory", "import", str(memory))


def test_sources_stay_and_folders_are_made(pipeline: CommandLine, tmp_path: Path) -> None:
    file, link = tmp_path / "a.txt", tmp_path / "b.txt"
    file.write_text("Guten Tag.")
    link.symlink_to(file)
    for output in (file, link, tmp_path):
        assert "would be overwritten" in pipeline.fails("submit", str(file), "-o", str(output), status=2)
    folder = tmp_path / "several" / "levels"
    pipeline.run("submit", str(file), "-q", "-o", str(folder / "a.txt"))
    pipeline.run("submit", str(file), str(link), "-q", "-o", str(folder / "batch"))
    assert [path.read_text() for path in sorted(folder.rglob("*.txt"))] == ["Guten Tag."] * 3


def test_a_pipeline_is_found_by_its_folder(pipeline: CommandLine, tmp_path: Path) -> None:
    elsewhere = {"SATZSTROM_DATA": str(tmp_path), "SATZSTROM_API": "http://127.0.0.1:9"}
    pipeline.run("list", "--data", str(pipeline.data), environment=elsewhere)
    assert "127.0.0.1:9 does not answer" in pipeline.fails("list", environment=elsewhere)


def test_who_stops_waiting_is_told_how_to_find_the_document(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    # Whether it is waited for already or still sent: it can be found again.
    file.write_text("Ein Satz steht hier.\n\n" * 200_000)
    command = [sys.executable, "-m", "producer", "submit", str(file), "--id", "left", "--wait"]
    environment = os.environ | {"SATZSTROM_DATA": str(pipeline.data)}
    # A shell lets what it starts in the background ignore the signal, and that is inherited.
    interruptible = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,  # noqa: PLW1509 (the parent's other threads hold nothing that this call takes)
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert first == "document left\n"
    assert "satzstrom watch left" in said
    assert "Traceback" not in said
    pipeline.run("delete", "left")


def test_it_says_its_version(pipeline: CommandLine) -> None:
    assert pipeline.run("--version").stdout == f"satzstrom {VERSION}\n".encode()


def test_other_encodings(pipeline: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes("Grüße aus Köln.".encode("latin-1"))
    message = pipeline.fails("submit", str(file))
    assert message.startswith(f"satzstrom: {file}: ")
    assert "not utf-8: byte 2 cannot be read" in message
    assert "--encoding" in message
    done = pipeline.run("submit", str(file), "--encoding", "iso-8859-1", "--wait", "-q")
    assert done.stdout.decode() == "Grüße aus Köln."
    guessed = pipeline.run("submit", str(file), "--encoding", "detect", "--wait")
    assert guessed.stdout.decode() == "Grüße aus Köln."
    assert "was read as cp1252" in guessed.stderr.decode()
    file.write_bytes("Grüße aus Köln.".encode("utf-16"))
    assert pipeline.run("submit", str(file), "--wait", "-q").stdout.decode() == "Grüße aus Köln."


def test_files_that_are_not_text(pipeline: CommandLine, tmp_path: Path) -> None:
    word, text = tmp_path / "brief.txt", tmp_path / "gut.txt"
    word.write_bytes(FILES["a Word document"])
    text.write_text("Guten Tag.")
    for said in ((), ("--encoding", "windows-1252"), ("--encoding", "detect")):
        assert f"{word}: this is a Word document (.docx)" in pipeline.fails("submit", str(word), *said)
        several = pipeline.run("submit", str(word), str(text), *said, check=False)
        assert several.returncode == 1
        assert "brief.txt: this is a Word document (.docx)" in several.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "message", "status"),
    [
        (("submit", "/nowhere/book.txt"), "cannot read /nowhere/book.txt: No such file or directory", 1),
        (("submit", "/"), "cannot read /: Is a directory", 1),
        (("submit", str(BOOK), "-o", "/dev/null/out.txt"), "cannot write to /dev/null/out.txt", 2),
        (("submit", str(BOOK), "--source", "xx"), "unknown language 'xx'", 2),
        (("submit", str(BOOK), "--encoding", "klingon"), "'klingon' is no encoding of texts", 2),
        (("submit", str(BOOK), "--id", "a b"), "--id: ", 2),
        (("submit", str(BOOK), "--api", "http://127.0.0.1:9"), "the API at http://127.0.0.1:9 does not answer", 1),
        (("submit", str(BOOK), "--kafka", "127.0.0.1:9"), "Kafka at 127.0.0.1:9 does not answer", 1),
        (("submit", str(BOOK), "--api", "127.0.0.1:8000"), "write it as http://HOST:PORT", 2),
        (("submit", str(BOOK), "--metadata", "author"), "write NAME=VALUE", 2),
        (("submit", str(BOOK), "--terms", "/nowhere/terms.tsv"), "cannot read /nowhere/terms.tsv", 1),
        (("list", "--data", "/nowhere"), "start one with: satzstrom up --data /nowhere", 1),
        (("list", "--data", "/nowhere", "--api", "http://127.0.0.1:9"), "leave out one of them", 2),
        (("status", "nobody"), "there is no document 'nobody'", 1),
        (("get", "nobody"), "there is no document 'nobody'", 1),
        (("delete", "nobody"), "there is no document 'nobody'", 1),
        (("list", "--state", "lost"), "--state: ", 2),
    ],
)
def test_errors_are_one_clear_line(
    pipeline: CommandLine, arguments: tuple[str, ...], message: str, status: int
) -> None:
    assert message in pipeline.fails(*arguments, status=status)


def test_partial_texts(pipeline: CommandLine) -> None:
    api = pipeline.ps()["api"]
    good = "Ein ganzer Absatz mit Text.\n\n" * 5000
    message = pipeline.fails("submit", "-", "--id", "half", stdin=good.encode() + b"\xff")
    assert f"byte {len(good)} cannot be read" in message
    assert api
    partial = until(lambda: pipeline.run("get", "half", "--partial", check=False).stdout, what="a part of the text")
    assert good.encode().startswith(partial)
    assert "--partial" in pipeline.fails("get", "half")


def test_dead_letters(pipeline: CommandLine) -> None:
    assert "choose them by" in pipeline.fails("dead-letters", "drop", status=2)
    assert "no dead letter" in pipeline.fails("dead-letters", "show", "nothing-0-0")
    send = (
        "import asyncio\n"
        "from pipeline.kafka import KafkaClients\n"
        "from pipeline.publisher import Outgoing, Publisher\n"
        "async def main():\n"
        f"    publisher = Publisher(KafkaClients({pipeline.ps()['kafka']!r}))\n"
        "    await publisher.start()\n"
        "    await publisher.publish([Outgoing('documents', b'not json')])\n"
        "    await publisher.stop()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", send], cwd=ROOT, check=True)
    of_events = ("dead-letters", "list", "--reason", "EventError", "--json")
    found = until(lambda: json.loads(pipeline.run(*of_events).stdout), what="the dead letter")
    letter = found[0]["id"]
    assert b"EventError" in pipeline.run("dead-letters", "list").stdout
    assert pipeline.run("dead-letters", "show", letter, "--raw").stdout == b"not json"
    assert b"malformed" in pipeline.run("dead-letters", "show", letter).stdout
    assert b"sent again" in pipeline.run("dead-letters", "replay", letter).stdout
    assert b"dropped" in pipeline.run("dead-letters", "drop", "--reason", "EventError").stdout


def test_keys_are_made_in_the_pipeline_of_this_machine(pipeline: CommandLine) -> None:
    made = pipeline.run("keys", "create", "web page", "--requests", "60")
    assert made.stdout.startswith(b"satz_")
    (listed,) = json.loads(pipeline.run("keys", "list", "--json").stdout)
    assert (listed["name"], listed["requests_per_minute"], listed["revoked"]) == ("web page", 60, None)
    pipeline.run("keys", "revoke", listed["id"])
    assert "there is no key 'nobody'" in pipeline.fails("keys", "revoke", "nobody")
    # On a loopback address nobody is asked for one.
    pipeline.run("list")
