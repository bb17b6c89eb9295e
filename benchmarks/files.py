"""The test documents through argos-translate-files and through the readers here, with the same model, side by side.

ARGOS names the Python of an environment that has argos-translate-files; it is no dependency of this project.
"""

import asyncio
import json
import os
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.pipelines import ROOT
from formats.document import Notes, Options, Piece, Translated
from formats.errors import DocumentError
from formats.table import kind_of
from pipeline.alignment import Link, words
from segmenter.splitter import Splitter
from translator.drafts import Drafter
from translator.engines import Engine, loading
from translator.scheduler import Scheduler

_DOCUMENTS = ROOT / "tests/data/formats"
_TAKEN = (".docx", ".pptx", ".odt", ".odp", ".epub", ".html", ".srt", ".pdf")
"""What argos-translate-files takes."""
_OFFICE = (".docx", ".docm", ".pptx", ".odt", ".odp")
_OPTIONS = Options(source="de", target="en")

Translate = Callable[[list[str]], list[Translated]]


@dataclass
class _Outcome:
    """What one side made of a file."""

    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""


def run() -> None:
    """Print a row a file, argos-translate-files first: counts and opening with capitals, seconds with the bundled model.

    What changes needlessly is seen with translations that are their sources.
    """
    if not os.environ.get("ARGOS"):
        print("files: set ARGOS to the Python of an environment that has argos-translate-files")
        return
    lines = (_DOCUMENTS / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    abouts = [
        one for one in map(json.loads, lines) if one["file"].endswith(_TAKEN) and not one["file"].startswith("bad/")
    ]
    names = [one["file"] for one in abouts]
    with tempfile.TemporaryDirectory() as folder:
        loud = {side: _sides[side](names, _folder(folder, side), _capitals) for side in _sides}
        for side, through in _sides.items():
            through(names, _folder(folder, f"{side}-same"), _same)
        opened = {side: _opened(Path(folder, side)) for side in _sides}
        engine = loading.load("ctranslate2", ROOT / "models", threads=1, isolated=False)[0]
        translate = _with_model(Splitter(ROOT / "models"), engine)
        made = {side: _sides[side](names, _folder(folder, f"{side}-model"), translate) for side in _sides}
        engine.stop()
        print("| file | missed | cut at markup | kept sent | opens | parts changed needlessly | seconds |")
        print("|---|---|---|---|---|---|---|")
        for about in abouts:
            name = about["file"]
            both = [_figures(about, loud[side][name], Path(folder, side), opened[side]) for side in _sides]
            for cells, side in zip(both, _sides, strict=True):
                cells.append(f"{made[side][name].seconds:.1f}")
            print(f"| `{name}` | {' | '.join(' / '.join(pair) for pair in zip(*both, strict=True))} |")
            for side in _sides:
                if error := loud[side][name].error:
                    print(f"{side}: {error}")


def _folder(folder: str, name: str) -> Path:
    found = Path(folder, name)
    found.mkdir()
    return found


def _argos(names: list[str], folder: Path, translate: Translate) -> dict[str, _Outcome]:
    script = ROOT / "benchmarks/data/argos_files.py"
    command = [os.environ["ARGOS"], str(script), str(folder), *(str(_DOCUMENTS / name) for name in names)]
    found = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for name in names:
            outcome = found[name] = _Outcome()
            while isinstance(said := json.loads(other.stdout.readline()), str):
                outcome.texts.append(said)
                # White space around a text is the caller's; argostranslate leaves texts of nothing else alone.
                answer = translate([said])[0].text if said.strip() else said
                print(json.dumps(answer), file=other.stdin, flush=True)
            outcome.seconds, outcome.error = said["seconds"], said["error"]
    return found


def _own(names: list[str], folder: Path, translate: Translate) -> dict[str, _Outcome]:
    found = {}
    for name in names:
        outcome, kind = _Outcome(), kind_of(name)
        assert kind is not None
        begin = time.perf_counter()
        try:
            with (_DOCUMENTS / name).open("rb") as file:
                outcome.texts = list(kind.reader().read(file, _OPTIONS, Notes()))
                translated = translate(outcome.texts)
                suffix = ".docx" if kind.outputs else ""
                with (folder / (name.replace("/", "-") + suffix)).open("wb") as result:
                    result.writelines(kind.reader().write(file, iter(translated), _OPTIONS))
        except DocumentError as error:
            outcome.error = str(error)
        outcome.seconds = time.perf_counter() - begin
        found[name] = outcome
    return found


_sides = {"argos": _argos, "here": _own}


def _same(texts: list[str]) -> list[Translated]:
    return [Translated([Piece(text, text)]) for text in texts]


def _capitals(texts: list[str]) -> list[Translated]:
    return [
        Translated([Piece(text, loud, [Link(*pair, 1.0) for pair in zip(words(text), words(loud), strict=False)])])
        for text in texts
        for loud in [text.upper()]
    ]


def _with_model(splitter: Splitter, engine: Engine) -> Translate:
    async def drafted(texts: list[str]) -> list[Translated]:
        spans = [splitter.spans(text, "de", "segments") for text in texts]
        sentences = [text[slice(*span)] for text, mine in zip(texts, spans, strict=True) for span in mine]
        scheduler = Scheduler(engine.workers)
        scheduler.start()
        try:
            drafter = Drafter(engine, scheduler, urgent=False)
            drafts = iter(await drafter.translate(sentences, align=[True] * len(sentences)))
        finally:
            await scheduler.stop()
        found = []
        for text, mine in zip(texts, spans, strict=True):
            pieces, position = [], 0
            for start, end in mine:
                draft = next(drafts)
                pieces += [Piece(text[position:start], None), Piece(text[start:end], draft.text, draft.links)]
                position = end
            found.append(Translated([*pieces, Piece(text[position:], None)]))
        return found

    return lambda texts: asyncio.run(drafted(texts))


def _figures(about: dict[str, Any], outcome: _Outcome, folder: Path, opened: set[str]) -> list[str]:
    """Return texts missed, sentences cut at markup, texts sent that stay, opening, parts changed needlessly."""
    texts = [_plain(text) for text in outcome.texts]
    wanted = about.get("translate", [])
    kept = [one for one in about.get("keep", []) if not any(one in text for text in wanted)]
    inline = about.get("inline", [])
    missed, cut, touched = (
        (sum(not _reached(one, texts) for one in wanted), len(wanted)),
        (sum(not _reached(one["in"], texts) for one in inline), len(inline)),
        (sum(_reached(one, texts) for one in kept), len(kept)),
    )
    counts = [f"{number} of {of}" if of else "–" for number, of in (missed, cut, touched)]
    name = about["file"]
    results = list(folder.glob(f"{name.replace('/', '-')}*"))
    if outcome.error or not results:
        return [*counts, "no file", "–"]
    opens = "–" if results[0].suffix not in _OFFICE else "yes" if results[0].stem in opened else "no"
    return [*counts, opens, _changed(_DOCUMENTS / name, Path(f"{folder}-same", results[0].name))]


def _reached(wanted: str, texts: list[str]) -> bool:
    return any(_plain(wanted) in text for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _changed(before: Path, after: Path) -> str:
    """Return how many parts have other bytes than before though all translations are their sources."""
    if before.suffix != after.suffix or before.suffix == ".pdf":
        return "–"
    if not zipfile.is_zipfile(before):
        return f"{int(before.read_bytes() != after.read_bytes())} of 1"
    with zipfile.ZipFile(before) as one, zipfile.ZipFile(after) as other:
        kept = set(other.namelist())
        changed = sum(name not in kept or one.read(name) != other.read(name) for name in one.namelist())
        return f"{changed} of {len(one.namelist())}"


def _opened(folder: Path) -> set[str]:
    """Return the stems of the files that LibreOffice opens; it does not read books, which are left out."""
    results = folder / "opened"
    files = [str(path) for path in sorted(folder.iterdir()) if path.suffix in _OFFICE]
    profile = f"-env:UserInstallation={folder.resolve().as_uri()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(results), *files]
    subprocess.run(command, check=False, capture_output=True, timeout=600)
    return {path.stem for path in results.glob("*.pdf")}


if __name__ == "__main__":
    run()
