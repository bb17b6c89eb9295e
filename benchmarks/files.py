"""The test documents through argos-translate-files and through the readers here, with the same model."""

import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.environments import python_with
from benchmarks.file_counts import NAMES, Outcome, counts, opened
from benchmarks.pipelines import ROOT
from benchmarks.recorder import Recorder
from formats.document import Notes, Options, Piece, Translated
from formats.errors import DocumentError
from formats.table import kind_of
from pipeline.alignment import Link, words
from pipeline.errors import SetupError
from segmenter.splitter import Splitter
from translator.drafts import Drafter
from translator.engines import Engine, loading
from translator.scheduler import Scheduler

_DOCUMENTS = ROOT / "tests/data/formats"
_TAKEN = (".docx", ".pptx", ".odt", ".odp", ".epub", ".html", ".srt", ".pdf")
"""What argos-translate-files takes."""
ARGOS_FILES = "argos-translate-files==1.4.4"
_OPTIONS = Options(source="de", target="en")

Translate = Callable[[list[str]], list[Translated]]


_Side = Callable[[list[str], Path, Translate], dict[str, Outcome]]


def run(recorder: Recorder) -> None:
    """Measure each file by both: counts and opening with capitals, seconds with the bundled model.

    What changes needlessly is seen with translations that are their sources.
    """
    lines = (_DOCUMENTS / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    abouts = [
        one for one in map(json.loads, lines) if one["file"].endswith(_TAKEN) and not one["file"].startswith("bad/")
    ]
    names = [one["file"] for one in abouts]
    try:
        sides: dict[str, _Side] = {
            "argos-translate-files": _argos(python_with("argos-files", ARGOS_FILES)),
            "here": _own,
        }
    except SetupError as error:
        recorder.leave_out("argos-translate-files", str(error))
        sides = {"here": _own}
    with tempfile.TemporaryDirectory() as folder:
        loud = {side: through(names, _folder(folder, side), _capitals) for side, through in sides.items()}
        for side, through in sides.items():
            through(names, _folder(folder, f"{side}-same"), _same)
        opens = {side: opened(Path(folder, side)) for side in sides}
        engine = loading.load("ctranslate2", ROOT / "models", threads=1, isolated=False)[0]
        translate = _with_model(Splitter(ROOT / "models"), engine)
        made = {side: through(names, _folder(folder, f"{side}-model"), translate) for side, through in sides.items()}
        engine.stop()
        for about in abouts:
            name = about["file"]
            for side in sides:
                found = counts(about, loud[side][name], _DOCUMENTS / name, Path(folder, side), opens[side])
                note = ", ".join(f"{what} {count}" for what, count in zip(NAMES, found, strict=True))
                wrong = f"; {loud[side][name].error}" if loud[side][name].error else ""
                recorder.add(f"`{name}`, {side}", made[side][name].seconds, "s", note=note + wrong)


def _folder(folder: str, name: str) -> Path:
    found = Path(folder, name)
    found.mkdir()
    return found


def _argos(python: Path) -> _Side:
    return partial(_through_argos, python)


def _through_argos(python: Path, names: list[str], folder: Path, translate: Translate) -> dict[str, Outcome]:
    script = ROOT / "benchmarks/data/argos_files.py"
    command = [str(python), str(script), str(folder), *(str(_DOCUMENTS / name) for name in names)]
    found = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for name in names:
            outcome = found[name] = Outcome()
            while isinstance(said := json.loads(other.stdout.readline()), str):
                outcome.texts.append(said)
                # White space around a text is the caller's; argostranslate leaves texts of nothing else alone.
                answer = translate([said])[0].text if said.strip() else said
                print(json.dumps(answer), file=other.stdin, flush=True)
            outcome.seconds, outcome.error = said["seconds"], said["error"]
    return found


def _own(names: list[str], folder: Path, translate: Translate) -> dict[str, Outcome]:
    found = {}
    for name in names:
        outcome, kind = Outcome(), kind_of(name)
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
