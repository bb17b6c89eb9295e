"""How many wrong translations the guards find or repair, how many right ones they flag, and what they cost."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.pipelines import ROOT
from tests.hard_translations import HELD_OUT, Judged, judge, translate
from translator import guards
from translator.engines import USUAL, Engine, Hypothesis, loading
from translator.facts import Facts
from translator.preparation import prepare

# A sentence a line. SENTENCES names another file; docs/fidelity.md says which one its figures are from.
_ORDINARY = ROOT / "tests" / "data" / "ordinary_de.txt"


def run() -> None:
    """Print all figures."""
    engine = loading.load("ctranslate2", ROOT / "models", threads=2, isolated=False)[0]
    hard(asyncio.run(judge(engine)))
    hard(asyncio.run(judge(engine, HELD_OUT)))
    path = Path(os.environ.get("SENTENCES", _ORDINARY))
    sentences = path.read_text(encoding="utf-8").splitlines()
    ordinary(engine, sentences)
    cost(engine, sentences)


def hard(judged: Sequence[Judged]) -> None:
    """Print what became of the labelled set, by kind."""
    print(f"{'kind':<14}{'inputs':>7}{'wrong':>7}{'repaired':>9}{'flagged':>8}{'missed':>7}{'needless':>9}")
    kinds = [*dict.fromkeys(one.entry.kind for one in judged), "all"]
    for kind in kinds:
        mine = [one for one in judged if kind in (one.entry.kind, "all")]
        wrong = [one for one in mine if one.faults_before]
        repaired = sum(not one.faults for one in wrong)
        flagged = sum(bool(one.faults) and one.flagged for one in wrong)
        needless = sum(one.flagged and not one.faults for one in mine)
        print(
            f"{kind:<14}{len(mine):>7}{len(wrong):>7}{repaired:>9}{flagged:>8}"
            f"{len(wrong) - repaired - flagged:>7}{needless:>9}"
        )
    helped = Counter(
        repair for one in judged if not one.faults and not one.draft.suspect for repair in one.draft.repairs
    )
    print(f"right after a second try {helped['second_try']}, after splitting {helped['split']}")


def ordinary(engine: Engine, sentences: Sequence[str]) -> None:
    """Print how many of ordinary sentences are flagged."""
    drafts = asyncio.run(translate(engine, sentences))
    flagged = [draft for draft in drafts if draft.suspect]
    reasons = Counter(reason for draft in flagged for reason in draft.suspect)
    print(
        f"ordinary sentences flagged {len(flagged)} of {len(drafts)} ({len(flagged) / len(drafts):.1%}) {dict(reasons)}"
    )
    print(f"made again {sum(bool(draft.repairs) for draft in drafts)}")


def cost(engine: Engine, sentences: Sequence[str]) -> None:
    """Print the time of preparing and checking as a share of the engine's own on one core."""
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
    print(f"preparing / engine {preparing / generating:.2%}, checking / engine {checking / generating:.2%}")
