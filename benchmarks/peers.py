"""The same story with the same weights through the pipeline, LibreTranslate and the classic design, by turns."""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import httpx
import spacy

from benchmarks.environments import python_with
from benchmarks.pipelines import ROOT, finish, pipeline
from benchmarks.recorder import Aim, Recorder, least
from benchmarks.servers import free_port, server
from benchmarks.texts import STORY, sentences
from pipeline.errors import SetupError
from translator.models.folder import read

_MODEL = ROOT / "models" / "de-en"
_LIBRETRANSLATE = ("libretranslate==1.9.6", "spacy==3.8.18")
_TUNED = {"ARGOS_INTRA_THREADS": "1", "ARGOS_INTER_THREADS": str(len(os.sched_getaffinity(0)))}
_AT_ONCE = 4
"""Requests to LibreTranslate, which has as many threads for them."""
_SHORT, _FEW = 8_000, 40
"""Characters for LibreTranslate, sentences for the classic design: the whole story would take minutes a round."""
Speed = Callable[[], float]


def run(recorder: Recorder, rounds: int = 3) -> None:
    """Measure the pipeline by turns with each of the others that can run here."""
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
        others = _others(recorder, stack, Path(made))
        with pipeline("ctranslate2") as (client, _):

            def through() -> float:
                begin = time.perf_counter()
                status = finish(client, client.submit(iter([STORY.encode()])), 0.05)
                return float(status.sentences.total / (time.perf_counter() - begin))

            through()
            speeds: dict[str, list[float]] = {name: [] for name in ("pipeline", *others)}
            for speed, _, _ in others.values():
                speed()
            for _ in range(rounds):
                speeds["pipeline"].append(through())
                for name, (speed, _, _) in others.items():
                    speeds[name].append(speed())
    for name, (_, aim, note) in others.items():
        ratios = [ours / theirs for ours, theirs in zip(speeds["pipeline"], speeds[name], strict=True)]
        recorder.add(f"pipeline ÷ {name}", ratios, aim=aim, note=note)
    for name, found in speeds.items():
        recorder.add(name, found, "sentences/s")


def _others(recorder: Recorder, stack: ExitStack, folder: Path) -> Mapping[str, tuple[Speed, Aim, str]]:
    found: dict[str, tuple[Speed, Aim, str]] = {}
    try:
        python = python_with("libretranslate", *_LIBRETRANSLATE)
    except SetupError as error:
        recorder.leave_out("LibreTranslate", str(error))
    else:
        for name, more, aim in (("as installed", {}, least(12)), ("one thread a worker", _TUNED, least(4))):
            settings = _argos_settings(folder) | more
            note = f"{_LIBRETRANSLATE[0]}, paragraphs, {_AT_ONCE} requests at once; sentences by spaCy's rules"
            found[f"LibreTranslate, {name}"] = (_libretranslate(stack, python, settings), aim, note)
    if find_spec("torch") and find_spec("transformers"):
        note = "FastAPI, spaCy's rules and transformers, a request a sentence, one after the other"
        found["the classic design"] = (_classic(stack), least(40), note)
    else:
        recorder.leave_out("the classic design", "transformers and PyTorch are not installed (`make .venv/.train`)")
    return found


def _argos_settings(folder: Path) -> dict[str, str]:
    """Make packages as LibreTranslate has them, of the bundled weights, and return where they are.

    Both directions have the same weights: with fewer than two packages it would download all that there are.
    """
    packages = folder / "packages"
    for source, target in (("de", "en"), ("en", "de")):
        package = packages / f"{source}_{target}"
        if package.exists():
            break
        shutil.copytree(_MODEL / "ctranslate2", package / "model")
        shutil.copy(_MODEL / "ctranslate2" / "source.spm", package / "sentencepiece.model")
        config = package / "model" / "config.json"
        # It does not append the end mark that the model was trained with; CTranslate2 does.
        config.write_text(json.dumps(json.loads(config.read_text()) | {"add_source_eos": True}))
        about = {"package_version": "1.9", "argos_version": "1.9", "from_code": source, "to_code": target}
        names = {"from_name": source, "to_name": target}
        (package / "metadata.json").write_text(json.dumps(about | names))
        spacy.blank(source).to_disk(package / "spacy")
    # Where it would keep spaCy's model that it downloads; the packages have one.
    cached = folder / "cache" / "argos-translate" / "spacy" / "senter"
    cached.mkdir(parents=True, exist_ok=True)
    (cached / "model").touch()
    return {
        "ARGOS_PACKAGES_DIR": str(packages),
        "ARGOS_CHUNK_TYPE": "SPACY",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


def _libretranslate(stack: ExitStack, python: Path, settings: Mapping[str, str]) -> Speed:
    port = free_port()
    command = [str(python.with_name("libretranslate")), "--port", str(port), "--disable-web-ui"]
    stack.enter_context(server(command, f"http://127.0.0.1:{port}/languages", settings))
    client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=600))
    text = STORY[:_SHORT]
    pages = [page for page in text.split("\n\n") if page.strip()]
    total = len(sentences(text))

    def ask(page: str) -> None:
        answer = client.post("/translate", json={"q": page, "source": "de", "target": "en", "format": "text"})
        assert answer.raise_for_status().json()["translatedText"]

    def speed() -> float:
        begin = time.perf_counter()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(ask, pages))
        return total / (time.perf_counter() - begin)

    return speed


def _classic(stack: ExitStack) -> Speed:
    port = free_port()
    command = [sys.executable, str(ROOT / "benchmarks/data/classic.py"), str(_MODEL / "hf"), str(port)]
    search = read(_MODEL / "model.json").description.search
    told = {"BEAM": str(search.beam), "LENGTH_PENALTY": str(search.length_penalty)}
    stack.enter_context(server(command, f"http://127.0.0.1:{port}/health", told))
    client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=600))
    split = spacy.blank("de")
    split.add_pipe("sentencizer")

    def speed() -> float:
        begin = time.perf_counter()
        found = [sentence.text for sentence in split(STORY[:_SHORT]).sents][:_FEW]
        for sentence in found:
            assert client.post("/translate", json={"text": sentence}).raise_for_status().json()["translation"]
        return len(found) / (time.perf_counter() - begin)

    return speed
