"""Ways over English: which there are, and what comes of texts that take one."""

import dataclasses
import re
from collections.abc import Mapping, Sequence

import pytest

from pipeline.alignment import Link, words
from pipeline.cancellations import Cancellations
from pipeline.confidence import GENERAL
from pipeline.errors import ModelError, SetupError
from pipeline.events import OfferedModel, Sentence, Translation, TranslatorStatus, decode, encode
from pipeline.records import Received
from pipeline.roster import Roster, name_of, named, pivot_of
from pipeline.topics import Topics
from tests.unit.records import FakeRecord
from tests.unit.test_translator import sentence
from translator.__main__ import pairs_with_topics, pivots
from translator.alignment import chained
from translator.attention import Attention
from translator.drafts import Drafter
from translator.engines import Decoding, Hypothesis, Tokens, several
from translator.engines.identity import IdentityEngine
from translator.handing_over import HandOver
from translator.handler import Handler
from translator.in_use import InUse
from translator.pivoting import PivotDrafter, PivotEngine, WithPivots, ways
from translator.scheduler import Scheduler


class Dictionary:
    """Translates word by word, and says what came of which; some words it does not know how to translate well."""

    device = "none"
    verbatim = False
    limit = 40
    batch_tokens = 1000
    workers = 1
    spare = 0
    round_size = 100

    def __init__(self, source: str, target: str, known: Mapping[str, str] | None = None, revision: str = "1") -> None:
        self.model = OfferedModel(id=f"{source}-{target}@{revision}", source=source, target=target)
        self._known = known or {}
        self.seen: list[str] = []

    def encode(self, text: str) -> Tokens:
        return text.split()

    def stop(self) -> None: ...

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        return [self._one([str(token) for token in tokens], decoding) for tokens in batch]

    def _one(self, tokens: list[str], decoding: Decoding) -> Hypothesis:
        source = " ".join(tokens)
        self.seen.append(source)
        if "GIFT" in source:
            raise ValueError("GIFT")
        text = re.sub(r"[^\W\d_]+", lambda word: self._known.get(word[0], word[0]), source)
        if "endlos" in source:
            return Hypothesis("so und so und so und so und so und so und so", capped=True)
        count = len(words(source))
        rows = tuple(tuple(float(row == place) for place in range(count)) for row in range(count))
        attention = Attention(source, text, rows) if decoding.attention else None
        others = tuple(f"{number} {text}" for number in ("un", "deux"))[: decoding.hypotheses - 1]
        return Hypothesis(text, attention=attention, others=others)


ENGLISH = {"Der": "The", "Hund": "dog", "schläft": "sleeps", "heute": "today"}
FRENCH = {"The": "Le", "dog": "chien", "sleeps": "dort", "today": "aujourd'hui"}


def over_english(scheduler: Scheduler) -> tuple[PivotDrafter, Dictionary, Dictionary]:
    first, second = Dictionary("de", "en", ENGLISH), Dictionary("en", "fr", FRENCH)
    return (
        PivotDrafter(Drafter(first, scheduler, urgent=True), Drafter(second, scheduler, urgent=True)),
        first,
        second,
    )


def ids(*engines: Dictionary | IdentityEngine, wanted: set[tuple[str, str]] | None = None) -> list[str]:
    return [PivotEngine(first, second).model.id for first, second in ways(list(engines), wanted)]


def test_there_is_a_way_for_each_pair_without_a_model() -> None:
    de_en, fr_en, en_fr, en_de = (Dictionary(pair[:2], pair[3:]) for pair in ("de-en", "fr-en", "en-fr", "en-de"))
    assert ids(de_en, en_fr) == ["de-en@1+en-fr@1"]
    assert PivotEngine(de_en, en_fr).model == OfferedModel(id="de-en@1+en-fr@1", source="de", target="fr")
    assert ids(de_en, fr_en, en_fr, en_de) == ["de-en@1+en-fr@1", "fr-en@1+en-de@1"]
    assert ids(de_en, fr_en, en_fr, en_de, wanted={("de", "fr")}) == ["de-en@1+en-fr@1"]
    assert ids(de_en, fr_en, en_fr, en_de, wanted=set()) == []
    # Each revision has its own, so that a document can go on with the one that it began with.
    assert ids(de_en, Dictionary("de", "en", revision="2"), en_fr) == ["de-en@1+en-fr@1", "de-en@2+en-fr@1"]


@pytest.mark.parametrize("direct", ["de-fr", "de-fr-CA"])
def test_what_a_model_translates_directly_goes_no_other_way(direct: str) -> None:
    source, _, target = direct.partition("-")
    assert ids(Dictionary("de", "en"), Dictionary("en", "fr"), Dictionary(source, target)) == []


def test_no_way_leads_back_or_through_what_takes_everything() -> None:
    assert ids(Dictionary("de", "en"), Dictionary("en", "de-AT")) == []
    assert ids(Dictionary("de", "en"), IdentityEngine()) == []
    assert ids(Dictionary("sr", "en-GB"), Dictionary("en", "sr-Latn")) == ["sr-en-GB@1+en-sr-Latn@1"]


def test_ways_come_and_go_with_the_engines() -> None:
    de_en, en_fr, en_es = (Dictionary(pair[:2], pair[3:]) for pair in ("de-en", "en-fr", "en-es"))
    there: list[tuple[Dictionary, ...]] = [(de_en, en_fr)]
    every = WithPivots(lambda: there[-1])
    first = every()
    assert [one.model.id for one in first] == ["de-en@1", "en-fr@1", "de-en@1+en-fr@1"]
    assert every() is first
    there.append((de_en, en_fr, en_es))
    second = every()
    assert [one.model.id for one in second[3:]] == ["de-en@1+en-fr@1", "de-en@1+en-es@1"]
    # What is in use stays what it was.
    assert second[3] is first[2]
    # Documents that began with it end with it, also when there is something better; others get that.
    direct = Dictionary("de", "fr-CA")
    there.append((de_en, en_fr, en_es, direct))
    used = InUse(every)
    assert [one.model.id for one in every()[4:]] == ["de-en@1+en-es@1", "de-en@1+en-fr@1"]
    assert used.choose(sentence(target="fr")) is direct
    assert used.choose(sentence(target="fr", pinned="de-en@1+en-fr@1")) is first[2]
    there.append((en_fr, en_es))
    assert every() == there[-1]


def test_a_way_is_an_engine() -> None:
    engine = PivotEngine(Dictionary("de", "en", ENGLISH), Dictionary("en", "fr", FRENCH))
    found = engine.generate([engine.encode(text) for text in ("Der Hund", "endlos")], several(2))
    assert found[0] == Hypothesis("Le chien", others=("un Le chien", "deux Le chien"))
    assert found[1].capped


async def test_a_text_goes_through_both_models(scheduler: Scheduler) -> None:
    drafter, first, second = over_english(scheduler)
    drafts = await drafter.translate(["Der Hund schläft heute.", "1234", ""])
    assert [draft.text for draft in drafts] == ["Le chien dort aujourd'hui.", "1234", ""]
    assert drafts[0].flags == ["pivot"]
    assert first.seen == ["Der Hund schläft heute."]
    assert second.seen == ["The dog sleeps today."]


@pytest.mark.parametrize(("first", "second", "expected"), [(-0.1, -0.3, -0.3), (-0.5, -0.2, -0.5), (-0.2, None, None)])
async def test_a_text_is_no_surer_than_its_worse_half(
    scheduler: Scheduler, first: float, second: float | None, expected: float | None
) -> None:
    class Sure(Dictionary):
        score: float | None = None

        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            return [dataclasses.replace(one, score=self.score) for one in super().generate(batch, decoding)]

    engines = Sure("de", "en", ENGLISH), Sure("en", "fr", FRENCH)
    engines[0].score, engines[1].score = first, second
    drafter = PivotDrafter(*(Drafter(engine, scheduler, urgent=True) for engine in engines))
    draft, nothing = await drafter.translate(["Der Hund schläft heute.", "1234"])
    assert nothing.confidence is None
    if expected is None:
        assert draft.confidence is None
    else:
        length = len("The dog sleeps today." if expected == first else "Le chien dort aujourd'hui.")
        assert draft.confidence == pytest.approx(GENERAL.confidence(expected, length), abs=1)


async def test_what_is_kept_is_kept_by_both(scheduler: Scheduler) -> None:
    drafter, _, second = over_english(scheduler)
    (draft,) = await drafter.translate(["Der Hund schläft heute: https://a.de/hund?x=1 {name} <b>Der Hund</b>"])
    assert "https://a.de/hund?x=1" in draft.text
    assert "{name}" in draft.text
    assert "<b>Le chien</b>" in draft.text
    assert "https" not in second.seen[0]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Der Hund schläft", {"Hund": "clébard"}, "Le clébard dort"),
        ("Hund schläft heute", {"Hund": "clébard"}, "Clébard dort aujourd'hui"),
        ("Hund", {"Hund": "clébard"}, "clébard"),
        # What the second model would change if it were a word of the text between.
        ("Der Hund schläft", {"Hund": "dog"}, "Le dog dort"),
        ("Der Hund schläft", {"Hund": "The dog"}, "Le The dog dort"),
        ("Der Hund schläft", {"Hund": "→"}, "Le → dort"),
    ],
)
async def test_terms_stand_in_the_end_as_they_are_given(
    scheduler: Scheduler, text: str, terms: dict[str, str], expected: str
) -> None:
    drafter, _, _ = over_english(scheduler)
    drafts = await drafter.translate([text, "Der Hund"], [terms, {}])
    assert [draft.text for draft in drafts] == [expected, "Le chien"]
    assert not drafts[0].suspect


async def test_reasons_and_failures_of_both_are_said(scheduler: Scheduler) -> None:
    drafter, first, second = over_english(scheduler)
    first._known = {**ENGLISH, "unklar": "endlos", "bös": "GIFT"}
    drafts = await drafter.translate(
        ["Der Hund endlos", "Der Hund unklar", "Der Hund GIFT", "Der Hund bös", "Der Hund"]
    )
    assert ["GIFT" in (draft.failure or "") for draft in drafts] == [False, False, True, True, False]
    assert [draft.text for draft in drafts][2:] == ["Der Hund GIFT", "Der Hund bös", "Le chien"]
    assert "repetition" in drafts[0].suspect
    assert "repetition" in drafts[1].suspect
    assert not any("GIFT" in one for one in second.seen if "endlos" not in one and "bös" in one)


async def test_alternatives_are_of_the_last_and_wanted_texts_only(scheduler: Scheduler) -> None:
    drafter, _, _ = over_english(scheduler)
    drafts = await drafter.translate(["Der Hund schläft", "Der Hund"], alternatives=[2, 0])
    assert drafts[0].alternatives == ["Un Le chien dort", "Deux Le chien dort"]
    assert drafts[1].alternatives == []


async def test_what_nobody_wants_any_more_is_left_out(scheduler: Scheduler) -> None:
    drafter, first, second = over_english(scheduler)
    drafts = await drafter.translate(["Der Hund", "Der Hund schläft"], cancelled=lambda place: place == 0)
    assert drafts[1].text == "Le chien dort"
    assert (first.seen, second.seen) == (["Der Hund schläft."], ["The dog sleeps."])


async def test_links_lead_from_the_source_to_the_translation(scheduler: Scheduler) -> None:
    drafter, _, _ = over_english(scheduler)
    source = "Der Hund schläft heute."
    (draft,) = await drafter.translate([source], align=[True])
    assert [
        (source[one.source[0] : one.source[1]], draft.text[one.target[0] : one.target[1]]) for one in draft.links
    ] == [("Der", "Le"), ("Hund", "chien"), ("schläft", "dort"), ("heute", "aujourd'hui"), (".", ".")]


def test_links_are_chained_by_the_words_between() -> None:
    between = "the big dog"
    first = [
        Link((0, 5), (0, 3), 0.9),
        Link((6, 12), (4, 7), 0.6),
        Link((6, 12), (8, 11), 0.4),
        Link((13, 17), (8, 11), 0.5),
    ]
    second = [Link((0, 3), (0, 2), 1.0), Link((4, 11), (3, 8), 0.8), Link((8, 11), (9, 12), 0.1)]
    found = chained(first, second, between)
    assert [(one.source, one.target, round(one.weight, 3)) for one in found] == [
        ((0, 5), (0, 2), 0.9),
        ((6, 12), (3, 8), 0.4),
        ((13, 17), (3, 8), 0.2),
        ((13, 17), (9, 12), 0.05),
    ]
    assert chained([], second, between) == chained(first, [], between) == []


def test_links_of_long_texts_take_time_in_proportion() -> None:
    text = "wort " * 20_000
    spans = words(text)
    links = [Link(span, span, 1.0) for span in spans]
    assert chained(links, links, text) == links


@pytest.mark.parametrize(
    ("wanted", "is_meant"),
    [
        (None, True), ("a@1+b@2", True), ("a+b", True), ("a", False), ("b", False), ("a@1", False), ("a+b@2", False),
        ("b+a", False), ("+", False), ("", False),
    ],
)  # fmt: skip
def test_a_way_is_named_by_all_its_models(wanted: str | None, is_meant: bool) -> None:
    assert named(OfferedModel(id="a@1+b@2", source="de", target="fr"), wanted) is is_meant


def test_a_way_says_that_it_is_one() -> None:
    assert (pivot_of("a@1+b@2"), pivot_of("a@1"), pivot_of(None)) == ("en", None, None)
    assert (name_of("a@1+b@2"), name_of("a@1")) == ("a+b", "a")


def in_use(*engines: Dictionary) -> InUse:
    there = tuple(engines)
    return InUse(WithPivots(lambda: there))


async def translated(engines: InUse, scheduler: Scheduler, *sentences: Sentence) -> list[Translation]:
    hand_over = HandOver(engines, Roster(300.0), "sentences.bulk")
    handler = Handler(engines, scheduler, Cancellations(), Topics(), hand_over, urgent=False)
    given = [Received(one, FakeRecord(encode(one), topic="sentences.bulk.de-fr")) for one in sentences]
    return [decode(Translation, one.value) for one in await handler(given) if one.topic == "translations"]


async def test_a_translator_offers_ways_and_says_on_each_sentence_that_it_took_one(scheduler: Scheduler) -> None:
    engines = in_use(Dictionary("de", "en", ENGLISH), Dictionary("en", "fr", FRENCH), Dictionary("de", "es"))
    assert [(one.id, one.source, one.target, one.preferred) for one in engines.offered()] == [
        ("de-en@1", "de", "en", True),
        ("en-fr@1", "en", "fr", True),
        ("de-es@1", "de", "es", True),
        ("de-en@1+en-fr@1", "de", "fr", True),
    ]
    made = await translated(
        engines,
        scheduler,
        sentence(0, text="Der Hund", target="fr"),
        sentence(1, text="The dog", source="en", target="fr"),
        sentence(2, text="Der Hund", target="en"),
        sentence(3, text="Der Hund", target="fr-CA", model="de-en+en-fr"),
        sentence(4, text="Der Hund", target="fr", model="de-en@1+en-fr@1"),
    )
    assert {(one.index, one.text, one.model, tuple(one.flags)) for one in made} == {
        (0, "Le chien", "de-en@1+en-fr@1", ("pivot",)),
        (1, "Le chien", "en-fr@1", ()),
        (2, "The dog", "de-en@1", ()),
        (3, "Le chien", "de-en@1+en-fr@1", ("pivot",)),
        (4, "Le chien", "de-en@1+en-fr@1", ("pivot",)),
    }


async def test_a_document_ends_with_the_ways_that_it_began_with(scheduler: Scheduler) -> None:
    engines = in_use(
        Dictionary("de", "en", ENGLISH, "2"), Dictionary("de", "en", {"Hund": "hound"}), Dictionary("en", "fr", FRENCH)
    )
    made = await translated(
        engines,
        scheduler,
        sentence(0, text="Hund", target="fr", pinned="de-en@1+en-fr@1"),
        sentence(1, text="Hund", target="fr"),
        # Nobody has this one any more.
        sentence(2, text="Hund", target="fr", pinned="de-en@2+en-fr@3"),
    )
    assert [(one.index, one.model, one.flags) for one in sorted(made, key=lambda one: one.index)][:2] == [
        (0, "de-en@1+en-fr@1", ["pivot"]),
        (1, "de-en@2+en-fr@1", ["pivot"]),
    ]


def announced(name: str, *models: OfferedModel) -> FakeRecord:
    status = TranslatorStatus(id=name, engine="e", device="cpu", state="ready", models=list(models), at=0)
    return FakeRecord(encode(status), key=name.encode())


def test_documents_begin_with_a_model_that_translates_directly_where_one_translator_has_it() -> None:
    roster = Roster(300.0)
    over = [one for one in in_use(Dictionary("de", "en"), Dictionary("en", "fr")).offered() if one.target == "fr"]
    roster.add(announced("a", *over))
    assert roster.preferred("de", "fr") == "de-en@1+en-fr@1"
    roster.check("de", "fr", "de-en+en-fr")
    with pytest.raises(ModelError):
        roster.check("de", "fr", "de-en")
    roster.add(announced("b", *over))
    roster.add(announced("c", *in_use(Dictionary("de", "fr")).offered()))
    assert roster.preferred("de", "fr") == "de-fr@1"


def test_many_pairs_over_english_get_topics_of_their_own_only_if_they_are_named() -> None:
    codes = ["de", "fr", "es", "it", "nl"]
    few = [Dictionary(code, "en") for code in codes[:4]] + [Dictionary("en", code) for code in codes[:4]]
    many = [Dictionary(code, "en") for code in codes] + [Dictionary("en", code) for code in codes]
    assert len(pairs_with_topics(in_use(*few).engines, named=False)) == 8 + 12
    assert len(pairs_with_topics(in_use(*many).engines, named=False)) == 10
    assert len(pairs_with_topics(in_use(*many).engines, named=True)) == 10 + 20
    assert pairs_with_topics([IdentityEngine()], named=False) == []


def test_ways_among_hundreds_of_models_are_found_at_once() -> None:
    codes = [f"{first}{second}{third}" for first in "pqx" for second in "abcdef" for third in "ghij"]
    engines = [Dictionary(code, "en") for code in codes] + [Dictionary("en", code) for code in codes]
    assert len(list(ways(engines))) == len(codes) * (len(codes) - 1)


@pytest.mark.parametrize(
    ("setting", "pairs"),
    [
        ("all", None),
        ("none", set()),
        ("de-fr, pt-BR-de,en-zh-Hans", {("de", "fr"), ("pt-BR", "de"), ("en", "zh-Hans")}),
    ],
)
def test_which_pairs_may_go_over_english_is_a_setting(setting: str, pairs: set[tuple[str, str]] | None) -> None:
    assert pivots(setting) == pairs


@pytest.mark.parametrize("setting", ["de", "de-xx", "All", "de→fr"])
def test_pairs_that_are_none_are_named(setting: str) -> None:
    with pytest.raises(SetupError, match=rf"SATZSTROM_PIVOT: .*{setting}"):
        pivots(setting)
