"""The demo: what it prints, and that its book is there afterwards."""

import json
import shlex
from pathlib import Path

from tests.e2e.conftest import CommandLine

TEXT = """Die Brücke

Die alte Brücke führt seit vielen Jahren über den Fluss. Jeden Morgen gehen die Kinder über sie zur Schule, und jeden Abend
kommen sie wieder zurück.

Im Winter liegt Schnee auf dem Weg. Dann gehen die Kinder langsam, weil der Stein glatt ist, und manchmal bleibt eines
von ihnen stehen und sieht in das Wasser.
"""


def test_the_book_of_the_demo_is_in_the_history_of_the_pipeline_that_it_names(tmp_path: Path) -> None:
    file, line = tmp_path / "Die Brücke.txt", CommandLine(tmp_path / "data")
    file.write_text(TEXT, encoding="utf-8")
    # As `make demo` calls it, with a folder of its own.
    elsewhere = {"SATZSTROM_DATA": str(tmp_path / "elsewhere")}
    shown = line.run("demo", str(file), "--data", str(line.data), environment=elsewhere).stdout.decode()
    assert "Deutsch" in shown
    assert "Die alte Brücke führt" in shown
    assert "marked as doubtful" in shown
    output = line.data / "Die Brücke.en.txt"
    assert str(output) in shown
    assert output.read_text(encoding="utf-8").count("\n\n") == 2
    (start,) = [words for words in map(str.strip, shown.splitlines()) if " up --data " in words]
    (submit,) = [words for words in map(str.strip, shown.splitlines()) if " submit " in words]
    assert shlex.split(submit)[-2:] == ["--data", str(line.data)]
    line.run(*shlex.split(start)[1:], "--detach", "--engine", "identity", "--port", "18140", environment=elsewhere)
    try:
        (book,) = json.loads(line.run("list", "--data", str(line.data), "--json", environment=elsewhere).stdout)
        assert (book["name"], book["state"], book["sentences"]["total"]) == ("Die Brücke.txt", "done", 5)
    finally:
        line.run("down", "--data", str(line.data))
