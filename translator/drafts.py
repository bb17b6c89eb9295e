"""Texts through one engine: prepared, batched, checked, tried again where it went wrong, and put together again."""

import asyncio
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice

from pipeline import confidence
from pipeline.alignment import Link
from pipeline.confidence import GENERAL, Calibration
from translator import alignment, guards, pieces, repetition
from translator.attention import Attention, of_itself
from translator.attention import joined as joined_attention
from translator.engines import SECOND_TRY, USUAL, Engine, Hypothesis, ReadingEngine, Surroundings, several
from translator.facts import Facts
from translator.kept.masks import emptied
from translator.kept.names import Names
from translator.preparation import Prepared, assemble, prepare
from translator.running import Job, Runner
from translator.scheduler import Scheduler
from translator.surroundings import Place, surroundings
from translator.writing import edges, layout, requoting


@dataclass(frozen=True, slots=True)
class Draft:
    """A translated text: `flags` say what was done to it, `suspect` why a reader should check it."""

    text: str
    flags: list[str] = field(default_factory=list)
    suspect: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    """What helped where the first try looked wrong: `second_try`, `placed` (quotation marks, by attention), `split`."""
    confidence: int | None = None
    """How far it can be relied on; None where nothing was translated, or the engine does not tell how sure it was."""
    score: float | None = None
    """What `confidence` was made of (`Calibration.adjusted`), the mean of the pieces by their length."""
    failure: str | None = None
    """Why there is none; the text is the source then."""
    alternatives: list[str] = field(default_factory=list)
    """Other translations, the best first."""
    links: list[Link] = field(default_factory=list)
    """Which words of `text` were made from which of the source, if that is asked for."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What an engine translates, and the names that stand in it for what is kept."""

    text: str
    names: Names


@dataclass(frozen=True, slots=True)
class _Checked:
    """A hypothesis for one piece, why it still looks wrong, and whether more than the first try was needed."""

    hypothesis: Hypothesis
    reasons: list[str]
    lost: bool = False
    """Whether something that must be kept is missing, or there twice."""
    facts: int = 0
    """How many facts are missing or made up."""
    repaired: str | None = None
    """What helped: `second_try`, `placed` or `split`."""


class Drafter:
    """Translates texts with one engine. `urgent` texts go before the others on the same scheduler."""

    def __init__(
        self, engine: Engine, scheduler: Scheduler, *, urgent: bool, calibration: Calibration | None = None
    ) -> None:
        """`calibration`: in place of the model's own."""
        self._engine = engine
        self._runner = Runner(engine, scheduler, urgent=urgent)
        self._facts = Facts(engine.model.source, engine.model.target)
        self._reader = engine if isinstance(engine, ReadingEngine) else None
        self._calibration = calibration or engine.model.calibration or GENERAL

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]] = (),
        cancelled: Callable[[int], bool] = lambda _: False,
        alternatives: Sequence[int] = (),
        align: Sequence[bool] = (),
        places: Sequence[Place] = (),
    ) -> list[Draft]:
        """Return one draft for each text, in order.

        `terms`: for each text the terms whose translation is given; `alternatives`: how many others are wanted; `align`:
        whether to say which words belong together; `places`: where each stands, for an engine that reads what is around it.

        `cancelled` is asked before each batch, from any thread, whether the text at a place is still wanted; what comes
        of one that is not, says nothing.
        """
        wanted = [partial(cancelled, place) for place in range(len(texts))]
        if self._engine.verbatim:
            return _with_links(texts, await self._generate_verbatim(texts, wanted), [], align)
        # In a thread: the tokens of a large round take longer to count than a heartbeat should wait.
        given = terms or [{}] * len(texts)
        prepared = await asyncio.to_thread(
            lambda: [prepare(text, self._engine, mine, self._facts) for text, mine in zip(texts, given, strict=True)]
        )
        sources, jobs = [], []
        around = surroundings(prepared, places, self._reader.context) if self._reader else {}
        for place, text in enumerate(prepared):
            for one in text.everything():
                attention = bool(one.masked.places) or bool(align and align[place])
                sources += [_Source(piece.text, one.masked.names) for piece in one.pieces]
                stands = around.get(place) if one is text else _alone(around.get(place))
                jobs += [self._placed(Job(tokens, wanted[place], attention), stands) for tokens in one.tokens]
        checked = await self._generate_checked(sources, jobs)
        drafts = await asyncio.to_thread(self._assembled, texts, prepared, checked, align)
        for place, others in (await self._others(prepared, alternatives, wanted)).items():
            different = dict.fromkeys(other for other in others if other != drafts[place].text)
            if drafts[place].failure is None:
                drafts[place] = replace(drafts[place], alternatives=list(different)[: alternatives[place]])
        return drafts

    def _assembled(
        self, texts: Sequence[str], prepared: Sequence[Prepared], checked: Sequence[_Checked], align: Sequence[bool]
    ) -> list[Draft]:
        """Return the drafts of texts from what was made of their pieces, with links where they are wanted."""
        results = iter(checked)
        made = [_assemble(*one, results, self._calibration) for one in zip(texts, prepared, strict=True)]
        drafts = [draft for draft, _ in made]
        return _with_links(texts, drafts, [seen for _, seen in made], align) if any(align) else drafts

    async def _generate_verbatim(self, texts: Sequence[str], cancelled: Sequence[Callable[[], bool]]) -> list[Draft]:
        jobs = [Job(self._engine.encode(text), mine) for text, mine in zip(texts, cancelled, strict=True)]
        found = await self._runner.run(jobs, USUAL)
        return [
            Draft(source if one.failure else one.text, failure=one.failure)
            for source, one in zip(texts, found, strict=True)
        ]

    async def _others(
        self, prepared: Sequence[Prepared], counts: Sequence[int], cancelled: Sequence[Callable[[], bool]]
    ) -> dict[int, list[str]]:
        """Return all translations of those texts of which several are wanted that no guard doubts; of whole texts only."""
        if self._reader:
            return {}
        whole = [len(one.pieces) == 1 and not one.inside for one in prepared]
        asked = [place for place, count in enumerate(counts) if count and whole[place]]
        if not asked:
            return {}
        jobs = [
            Job(prepared[place].tokens[0], cancelled[place], bool(prepared[place].masked.places)) for place in asked
        ]
        found = await self._runner.run(jobs, several(max(counts)))
        others: dict[int, list[str]] = {}
        for place, hypothesis in zip(asked, found, strict=True):
            source = _Source(prepared[place].pieces[0].text, prepared[place].masked.names)
            found_here = [] if hypothesis.failure else [hypothesis, *map(Hypothesis, hypothesis.others)]
            checked = [self._check(source, one) for one in found_here]
            others[place] = [
                assemble(prepared[place], [one.text], [one.attention])
                for one in (one.hypothesis for one in checked if not one.reasons)
            ]
        return others

    async def _generate_checked(self, sources: Sequence[_Source], jobs: Sequence[Job]) -> list[_Checked]:
        """Return the best hypothesis for each piece of a text: of one search, of another, of its own pieces."""
        found = await self._runner.run(jobs, USUAL)
        # In a thread, so that the engine is given the next batches meanwhile.
        results = await asyncio.to_thread(lambda: [self._check(*one) for one in zip(sources, found, strict=True)])
        # A language model is asked again for whatever looks wrong: alone it takes more care.
        wrong = [
            place
            for place, one in enumerate(results)
            if (one.reasons and self._reader)
            or guards.may_be_searched_again(sources[place].text, one.hypothesis.text, one.reasons)
        ]
        again = await self._runner.run([jobs[place] for place in wrong], SECOND_TRY) if wrong else []
        for place, other in zip(wrong, again, strict=True):
            results[place] = _better(results[place], self._check(sources[place], other, again=True), "second_try")
        if not self._reader:
            await self._place_marks(sources, jobs, results)
        wrong = [
            place
            for place, one in enumerate(results)
            if guards.may_be_split(sources[place].text, one.hypothesis.text, one.reasons)
        ]
        split = await self._generate_split([(sources[place], jobs[place]) for place in wrong])
        for place, joined in zip(wrong, split, strict=True):
            if joined is not None:
                results[place] = _better(results[place], joined, "split")
        return results

    async def _place_marks(self, sources: Sequence[_Source], jobs: Sequence[Job], results: list[_Checked]) -> None:
        """Put quotation marks that were lost where the attention of the usual search says that they belong."""
        lost = [place for place, one in enumerate(results) if "quotes" in one.reasons]
        asked = [jobs[place]._replace(attention=True) for place in lost]
        found = await self._runner.run(asked, USUAL) if asked else []
        for place, hypothesis in zip(lost, found, strict=True):
            if hypothesis.attention is None:
                continue
            mended = self._check(sources[place], hypothesis).hypothesis
            text = requoting.place(mended.text, hypothesis.attention)
            if text is not None:
                other = self._check(sources[place], replace(mended, text=text))
                results[place] = _better(results[place], other, "placed")

    async def _generate_split(self, texts: Sequence[tuple[_Source, Job]]) -> list[_Checked | None]:
        """Translate each text in smaller pieces; None for one that cannot be cut, or where a piece fails."""
        plans = [pieces.split_again(source.text, self._length, source.names) for source, _ in texts]
        # Each is a fragment; its quotation marks stay as they are until it is whole again.
        trimmed = [[edges.take_off(piece.text, "") for piece in plan] for plan in plans]
        asked = [
            self._placed(job._replace(tokens=self._engine.encode(one.text)), _alone(job.around))
            for plan, mine, (_, job) in zip(plans, trimmed, texts, strict=True)
            for piece, one in zip(plan, mine, strict=True)
            if len(plan) > 1 and not piece.kept
        ]
        found = iter(await self._runner.run(asked, USUAL) if asked else [])
        joined: list[_Checked | None] = []
        for (source, _), plan, bare in zip(texts, plans, trimmed, strict=True):
            if len(plan) == 1:
                joined.append(None)
                continue
            mine = [_of_name(piece.text) if piece.kept else next(found) for piece in plan]
            if any(one.failure for one in mine):
                joined.append(None)
                continue
            parts = [
                _Checked(one, []) if piece.kept else self._check(_Source(piece.text, source.names), one)
                for piece, one in zip(plan, mine, strict=True)
            ]
            text = pieces.join(
                plan,
                [
                    part.hypothesis.text if piece.kept else edges.put_back(one, part.hypothesis.text, self._length)
                    for piece, one, part in zip(plan, bare, parts, strict=True)
                ],
            )
            seen = [one.attention for one in mine if one.attention is not None]
            attention = joined_attention(seen) if len(seen) == len(mine) else None
            capped = any(one.capped for one in mine)
            whole = Hypothesis(text, capped=capped, score=_mean_score(mine), attention=attention)
            checked = self._check(source, whole, again=True)
            reasons = {*checked.reasons, *chain.from_iterable(part.reasons for part in parts)}
            joined.append(replace(checked, reasons=sorted(reasons)))
        return joined

    def _placed(self, job: Job, around: Surroundings | None) -> Job:
        """Return a job of which an engine that reads more than the sentence knows where it stands."""
        if self._reader is None or around is None:
            return job
        return job._replace(tokens=self._reader.placed(job.tokens, around), around=around)

    def _length(self, text: str) -> int:
        return len(self._engine.encode(text))

    def _check(self, source: _Source, hypothesis: Hypothesis, *, again: bool = False) -> _Checked:
        if hypothesis.failure:
            return _Checked(hypothesis, [])
        wanted = source.names.find(source.text)
        text = self._facts.mended(source.text, source.names.mend(hypothesis.text, wanted))
        text = repetition.once(source.text, text)
        hypothesis = replace(hypothesis, text=text)
        lost = sorted(source.names.find(text)) != sorted(wanted)
        reasons = guards.reasons(source.text, hypothesis, self._facts, again=again)
        facts = len(self._facts.lost(source.text, text)) if "numbers" in reasons else 0
        return _Checked(hypothesis, reasons, lost=lost, facts=facts)


def _mean_score(pieces: Sequence[Hypothesis]) -> float | None:
    """Return the mean log-probability of pieces together, by their length; None where the engine does not tell it."""
    told = [(one.score, len(one.text)) for one in pieces if one.score is not None]
    length = sum(size for _, size in told)
    return sum(score * size for score, size in told) / length if length else None


def _alone(around: Surroundings | None) -> Surroundings | None:
    """Return the surroundings of a part of a text, which stands between other parts than the whole does."""
    return replace(around, before=(), after=()) if around else None


def _of_name(name: str) -> Hypothesis:
    """Return what becomes of a name that stands for something: it stays."""
    return Hypothesis(name, attention=of_itself(name))


def _with_links(
    texts: Sequence[str],
    drafts: Sequence[Draft],
    attention: Sequence[Sequence[Attention | None]],
    wanted: Sequence[bool],
) -> list[Draft]:
    """Return the drafts with the links that are wanted, or a flag where the engine does not tell them.

    `attention`: of the pieces of each text; nothing where an engine takes texts as they are.
    """
    made = list(drafts)
    for place, (source, draft) in enumerate(zip(texts, drafts, strict=True)):
        if not (wanted and wanted[place]) or draft.failure is not None:
            continue
        links = alignment.links(source, draft.text, attention[place] if attention else ())
        if links is None:
            made[place] = replace(draft, flags=[*draft.flags, "unaligned"])
        else:
            made[place] = replace(draft, links=links)
    return made


def _better(first: _Checked, other: _Checked, by: str) -> _Checked:
    """Return the one that has what must be kept, else more facts, else fewer reasons for doubt; or the first."""
    if other.hypothesis.failure or _badness(other) >= _badness(first):
        return first
    return replace(other, repaired=by)


def _badness(one: _Checked) -> tuple[bool, int, int, int]:
    """Return what tells a better hypothesis from a worse one: it is seen to be wrong before it may be wrong."""
    return one.lost, one.facts, len(set(one.reasons) - {guards.UNSURE}), len(one.reasons)


def _assemble(
    source: str, text: Prepared, checked: Iterator[_Checked], calibration: Calibration
) -> tuple[Draft, list[Attention | None]]:
    """Return the draft of a text, and the attention of its pieces; `checked` yields first what comes of texts within it."""
    inside = {
        character: _assemble(text.masked.inside[character], one, checked, calibration)[0]
        for character, one in text.inside.items()
    }
    results = list(islice(checked, len(text.pieces)))
    failures = [one.failure for one in inside.values()] + [one.hypothesis.failure for one in results]
    if failure := next(filter(None, failures), None):
        return Draft(source, failure=failure), []
    repairs = {one.repaired for one in results if one.repaired}.union(*(one.repairs for one in inside.values()))
    flags = ["split"] if len(text.pieces) > 1 or "split" in repairs else []
    suspect = {reason for one in results for reason in one.reasons}.union(*(one.suspect for one in inside.values()))
    if text.unusual:
        suspect.add("unusual")
    attentions = [one.hypothesis.attention for one in results]
    within = {character: one.text for character, one in inside.items()}
    made = assemble(text, [one.hypothesis.text for one in results], attentions, within)
    if text.pieces:
        if text.masked.places and emptied(text.masked, made):
            suspect.add("short")
        made = layout.with_hard_spaces(source, made)
    score = _score([one.hypothesis for one in results], list(inside.values()), calibration)
    sure = confidence.rounded(calibration.worth(score), suspect) if score is not None else None
    return Draft(made, flags, sorted(suspect), sorted(repairs), sure, score), attentions


def _score(hypotheses: Sequence[Hypothesis], inside: Sequence[Draft], calibration: Calibration) -> float | None:
    """Return how sure the model was of a text's pieces and of the texts within it, by their length; None if of none."""
    known = [
        (calibration.adjusted(one.score, len(one.text)), len(one.text))
        for one in hypotheses
        # A model whose numbers overflow says nothing.
        if one.score is not None and math.isfinite(one.score)
    ]
    known += [(one.score, len(one.text)) for one in inside if one.score is not None]
    length = sum(size for _, size in known)
    return sum(one * size for one, size in known) / length if length else None
