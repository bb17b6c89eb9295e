"""How good and how fast a model is on sentences whose translation is known, as the pipeline would translate them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline import languages
from pipeline.errors import SetupError
from translator.engines import Engine
from translator.models.folder import Model
from translator.models.routes import Pair

_OWN = Path(__file__).parent / "sets"
_WARM_UP = 8


@dataclass(frozen=True)
class TestSet:
    """Sentences of one language and what they are in the other."""

    __test__ = False  # for pytest, which would take it for tests

    name: str
    sources: list[str]
    references: list[str]


@dataclass(frozen=True)
class Score:
    """What a model made of a test set."""

    model: str
    engine: str
    device: str
    sentences: int
    seconds: float
    """Without loading the model."""
    suspect: int
    """Translations that the pipeline would mark for a reader to check."""
    bleu: float
    chrf: float
    signatures: tuple[str, str]
    """Exactly how BLEU and chrF were counted."""

    @property
    def rate(self) -> float:
        """Sentences a second."""
        return self.sentences / self.seconds


def own_set(pair: Pair) -> TestSet:
    """Return the small set that comes with the translator. Raises `SetupError` if there is none for the pair."""
    names = [languages.primary(code) for code in pair]
    for first, second in (names, names[::-1]):
        path = _OWN / f"{first}-{second}.tsv"
        if path.exists():
            found = read_tsv(path)
            turned = [first, second] != names
            sides = (found.references, found.sources) if turned else (found.sources, found.references)
            return TestSet(f"{path.stem} (own)", *sides)
    raise SetupError(
        f"there is no test set for {pair[0]}-{pair[1]} here; name one of yours: --test FILE.tsv (source, tab, translation),"
        " or --source FILE --reference FILE"
    )


def read_tsv(path: Path) -> TestSet:
    """Read sentences and their translations, a pair a line with a tab between. Raises `SetupError`."""
    rows = [line.split("\t") for line in _lines(path)]
    wrong = next((number for number, row in enumerate(rows, 1) if len(row) < 2 or not row[0].strip()), None)
    if wrong or not rows:
        raise SetupError(f"{path}, line {wrong or 1}: expected a sentence, a tab and its translation")
    return TestSet(path.name, [row[0] for row in rows], [row[1] for row in rows])


def read_two(source: Path, reference: Path) -> TestSet:
    """Read sentences and their translations from two files with as many lines. Raises `SetupError`."""
    sources, references = _lines(source), _lines(reference)
    if len(sources) != len(references) or not sources:
        raise SetupError(
            f"{source} has {len(sources)} lines and {reference} {len(references)}; they have to be as many"
        )
    return TestSet(source.name, sources, references)


def bench(model: Model, pair: Pair, test: TestSet, engine: str, threads: int, tell: Callable[[int], None]) -> Score:
    """Translate a test set with a model and score it. `tell` hears how many sentences are done.

    Raises `SetupError` if the model cannot be loaded, does not have the pair, or what counts BLEU is not installed.
    """
    try:
        from sacrebleu.metrics import BLEU, CHRF
    except ImportError:
        raise SetupError(
            "BLEU and chrF are counted by sacrebleu, which is not installed: pip install 'satzstrom-server[bench]'"
        ) from None
    from translator.engines.loading import serve
    from translator.engines.pool import EnginePool

    pool = EnginePool()
    try:
        found = [
            one
            for one in pool.add(serve(engine, model, threads))
            if languages.same(one.model.source, pair[0]) and languages.same(one.model.target, pair[1])
        ]
        if not found:
            offered = ", ".join(f"{one.source}-{one.target}" for one in model.offered)
            raise SetupError(f"{model.id} does not translate {pair[0]}-{pair[1]}, but {offered}")
        made, suspect, seconds = asyncio.run(_translate(found[0], test.sources, tell))
        device = found[0].device
    finally:
        pool.stop()
    bleu, chrf = BLEU(trg_lang=languages.primary(pair[1])), CHRF()
    return Score(
        model=model.id,
        engine=engine,
        device=device,
        sentences=len(made),
        seconds=seconds,
        suspect=suspect,
        bleu=bleu.corpus_score(made, [test.references]).score,
        chrf=chrf.corpus_score(made, [test.references]).score,
        signatures=(str(bleu.get_signature()), str(chrf.get_signature())),
    )


async def _translate(engine: Engine, texts: list[str], tell: Callable[[int], None]) -> tuple[list[str], int, float]:
    # What translates is not read by commands that do not translate.
    from translator.drafts import Drafter
    from translator.scheduler import Scheduler

    scheduler = Scheduler(engine.workers)
    scheduler.start()
    drafter = Drafter(engine, scheduler, urgent=False)
    try:
        await drafter.translate(texts[:_WARM_UP])
        made: list[str] = []
        suspect = 0
        began = time.perf_counter()
        size = engine.round_size
        for start in range(0, len(texts), size):
            drafts = await drafter.translate(texts[start : start + size])
            made += [draft.text for draft in drafts]
            suspect += sum(bool(draft.suspect) for draft in drafts)
            tell(len(made))
        return made, suspect, time.perf_counter() - began
    finally:
        await scheduler.stop()


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"cannot read {path}: {error}") from None
    # Only line ends count: other separators may stand in a sentence.
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
