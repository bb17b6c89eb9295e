"""The trial of a model: what it has to do before sentences of documents are given to it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.backoff import describe
from pipeline.errors import SetupError
from translator.canary.likeness import likeness
from translator.canary.texts import Trial, TrialSet, trials_for
from translator.drafts import Draft, Drafter
from translator.engines import Engine
from translator.scheduler import Scheduler

# With less than this a model has understood nothing, as one with random weights: the bundled model reaches 80 on the general
# sentences, and what has only the names and numbers right about 10.
_LIKENESS = 20.0
# Another style costs a few points; a model that has gone wrong loses more.
_OF_THE_OLD = 0.75
# Besides as many as the old one has.
_MORE_SUSPECT, _SUSPECT, _MORE_COPIED = 0.2, 0.5, 0.2
# A larger model is slower, as whoever chose it knows; more than this is a mistake.
_SLOWER, _SECONDS = 30.0, 2.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model made of a set."""

    drafts: list[Draft]
    seconds: float

    def failed(self) -> list[str]:
        """Return the reasons of those that failed."""
        return [one.failure for one in self.drafts if one.failure]

    def suspect(self) -> float:
        """Return the share that guards doubt."""
        return sum(bool(one.suspect) for one in self.drafts) / len(self.drafts)


def try_out(new: Engine, old: Engine | None, folder: Path | None) -> str | None:
    """Return why a model should not take the place of another one; None if it may.

    `folder`: the new model's, which may have sentences of its own; the old one is tried on the same. Meant for a thread of
    its own: the loop of the service goes on meanwhile, and so do the batches of both models.
    """
    try:
        wanted = trials_for(new.model.source, new.model.target, folder)
        return asyncio.run(_compare(new, old, wanted))
    except SetupError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (whatever a new model does, the old one goes on)
        return f"the trial failed: {describe(error)}"


async def _compare(new: Engine, old: Engine | None, wanted: TrialSet) -> str | None:
    texts = [one.text for one in wanted.trials]
    made = await _translate(new, texts)
    known = await _translate(old, texts) if old is not None else None
    reason = _broken(made, wanted) or _slow(made, known)
    if new.verbatim or reason:
        return reason
    return _bad(made, known, wanted)


async def _translate(engine: Engine, texts: Sequence[str]) -> Outcome:
    scheduler = Scheduler(1)
    scheduler.start()
    started = time.perf_counter()
    try:
        drafts = await Drafter(engine, scheduler, urgent=True).translate(texts)
    finally:
        await scheduler.stop()
    return Outcome(drafts, time.perf_counter() - started)


def _broken(made: Outcome, wanted: TrialSet) -> str | None:
    total = len(wanted.trials)
    if failed := made.failed():
        return f"it fails on {len(failed)} of {total} sentences: {failed[0]}"
    if empty := [one.text for one, draft in zip(wanted.trials, made.drafts, strict=True) if not draft.text.strip()]:
        return f"it gives nothing for {len(empty)} of {total} sentences, such as {empty[0]!r}"
    if capped := sum("capped" in draft.suspect for draft in made.drafts):
        return f"it does not come to an end on {capped} of {total} sentences"
    return None


def _slow(made: Outcome, known: Outcome | None) -> str | None:
    """Return why it is too slow to be used: by the model in use, but never of what is fast enough by itself."""
    most = max(len(made.drafts) * _SECONDS, known.seconds * _SLOWER if known else 0.0)
    if made.seconds <= most:
        return None
    before = f", the model in use {known.seconds:.1f} s" if known else ""
    return f"it takes {made.seconds:.1f} s for {len(made.drafts)} sentences{before}"


def _bad(made: Outcome, known: Outcome | None, wanted: TrialSet) -> str | None:
    share, before = made.suspect(), known.suspect() if known else None
    most = _SUSPECT if before is None else before + _MORE_SUSPECT
    if share > most:
        beside = "" if before is None else f", of the model in use {before:.0%}"
        return f"{share:.0%} of its translations look wrong{beside}"
    if wanted.sentences:
        copied, before = _copied(made, wanted.trials), _copied(known, wanted.trials) if known else 0.0
        if copied > before + _MORE_COPIED:
            return f"it leaves {copied:.0%} of the sentences as they were"
    return _unlike(made, known, wanted.trials)


def _copied(outcome: Outcome, trials: Sequence[Trial]) -> float:
    same = [one.text.strip() == draft.text.strip() for one, draft in zip(trials, outcome.drafts, strict=True)]
    return sum(same) / len(trials)


def _unlike(made: Outcome, known: Outcome | None, trials: Sequence[Trial]) -> str | None:
    """Compare with translations by people, where there are any."""
    score, before = _score(made, trials), _score(known, trials) if known else None
    if score is None:
        return None
    if score < _LIKENESS:
        return f"its translations are like the expected ones by {score:.0f} of 100"
    if before is not None and score < before * _OF_THE_OLD:
        beside = f"those of the model in use by {before:.0f}"
        return f"its translations are like the expected ones by {score:.0f} of 100, {beside}"
    return None


def _score(outcome: Outcome, trials: Sequence[Trial]) -> float | None:
    pairs = [
        (draft.text, one.expected)
        for one, draft in zip(trials, outcome.drafts, strict=True)
        if one.expected is not None
    ]
    return likeness(pairs) if pairs else None
