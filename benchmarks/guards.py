"""How many wrong translations the guards find or repair, how many right ones they flag, and what they cost."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.pipelines import ROOT
from benchmarks.recorder import Recorder
from tests.hard_translations import HELD_OUT, Judged, judge, translate
from translator import guards
from translator.engines import USUAL, Engine, Hypothesis, loading
from translator.facts import Facts
from translator.preparation import prepare

# A sentence a line. SENTENCES names another file; docs/fidelity.md says which one its figures are from.
_ORDINARY = ROOT / "tests" / "data" / "ordinary_de.txt"


def run(recorder: Recorder) -> None:
    """Measure all figures."""
    engine = loading.load("ctranslate2", ROOT / "models", threads=2, isolated=False)[0]
    hard(recorder, "labelled", asyncio.run(judge(engine)))
    hard(recorder, "held out", asyncio.run(judge(engine, HELD_OUT)))
    path = Path(os.environ.get("SENTENCES", _ORDINARY))
    sentences = path.read_text(encoding="utf-8").splitlines()
    ordinary(recorder, engine, sentences)
    cost(recorder, engine, sentences)


def hard(recorder: Recorder, name: str, judged: Sequence[Judged]) -> None:
    """Measure what became of the labelled set, by kind."""
    kinds = [*dict.fromkeys(one.entry.kind for one in judged), "all"]
    for kind in kinds:
        mine = [one for one in judged if kind in (one.entry.kind, "all")]
        wrong = [one for one in mine if one.faults_before]
        repaired = sum(not one.faults for one in wrong)
        flagged = sum(bool(one.faults) and one.flagged for one in wrong)
        needless = sum(one.flagged and not one.faults for one in mine)
        missed = len(wrong) - repaired - flagged
        note = f"{repaired} repaired, {flagged} flagged, {missed} missed; {needless} flagged needlessly of {len(mine)}"
        share = 100 * (1 - missed / len(wrong)) if wrong else 100.0
        recorder.add(f"{name}, {kind}: wrong ones repaired or flagged", share, "%", note=note)
    helped = Counter(
        repair for one in judged if not one.faults and not one.draft.suspect for repair in one.draft.repairs
    )
    recorder.add(f"{name}: right after a second try", helped["second_try"], "inputs")
    recorder.add(f"{name}: right after splitting", helped["split"], "inputs")


def ordinary(recorder: Recorder, engine: Engine, sentences: Sequence[str]) -> None:
    """Measure how many of ordinary sentences are flagged."""
    drafts = asyncio.run(translate(engine, sentences))
    flagged = [draft for draft in drafts if draft.suspect]
    reasons = Counter(reason for draft in flagged for reason in draft.suspect)
    note = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    recorder.add("ordinary sentences flagged", 100 * len(flagged) / len(drafts), "%", note=note)
    recorder.add("ordinary sentences made again", sum(bool(draft.repairs) for draft in drafts) / len(drafts) * 100, "%")


def cost(recorder: Recorder, engine: Engine, sentences: Sequence[str]) -> None:
    """Measure the time of preparing and checking as a share of the engine's own on one core."""
    facts = Facts(engine.model.source, engine.model.target)
    begin = time.process_time()
    prepared = [prepare(sentence, engine, {}, facts) for sentence in sentences]
    preparing = time.process_time() - begin
    pieces = [(piece.text, tokens) for one in prepared for piece, tokens in zip(one.pieces, one.tokens, strict=True)]
    texts: list[Hypothesis] = []
    begin = time.process_time()
    for start in range(0, len(pieces), 16):
        texts += engine.generate([tokens for _, tokens in pieces[start : start + 16]], USUAL)
    generating = time.process_time() - begin
    begin = time.process_time()
    for (source, _), hypothesis in zip(pieces, texts, strict=True):
        text = facts.mended(source, hypothesis.text)
        guards.reasons(source, replace(hypothesis, text=text), facts)
    checking = time.process_time() - begin
    recorder.add("preparing ÷ engine", 100 * preparing / generating, "%")
    recorder.add("checking ÷ engine", 100 * checking / generating, "%")
