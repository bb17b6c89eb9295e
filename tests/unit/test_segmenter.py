"""Document parts into segmented parts and sentences."""

import json
from collections import Counter

import pytest
from msgspec.structs import replace

from pipeline.cancellations import Cancellations
from pipeline.detection import Detector
from pipeline.document_info import DocumentInfo
from pipeline.errors import InputError, LanguageError, ModelError, PairError, PartTooLargeError
from pipeline.events import (
    Control,
    DocumentPart,
    OfferedModel,
    SegmentedPart,
    Sentence,
    TranslatorStatus,
    decode,
    encode,
)
from pipeline.lanes import FIRST_CHARACTERS, FIRST_SENTENCES, URGENT_CHARACTERS, Lanes, sentences_of
from pipeline.publisher import Outgoing
from pipeline.revisions import revision
from pipeline.roster import Roster, now_ms
from pipeline.submission import part_of
from pipeline.terms import Terms
from pipeline.topics import Topics
from segmenter.handler import Handler
from tests.unit.records import FakeRecord
from tests.unit.test_splitter import SPLITTER

TOPICS = Topics()
DETECTOR = Detector()


def roster(*pairs: tuple[str, str]) -> Roster:
    known = Roster(300.0)
    models = [OfferedModel(id=f"{s}-{t}@1", source=s, target=t) for s, t in pairs]
    if models:
        status = TranslatorStatus(id="t", engine="e", device="cpu", state="ready", models=models, at=now_ms())
        known.add(FakeRecord(encode(status), key=b"t"))
    return known


def handler(known: Roster | None = None, cancelled: Cancellations | None = None) -> Handler:
    known = known or roster()
    return Handler(SPLITTER, DETECTOR, known, cancelled or Cancellations(), TOPICS, Lanes(TOPICS, known))


def outgoing(split: Handler, event: DocumentPart, record: FakeRecord) -> list[Outgoing]:
    return [out for one in split.split(event, record) for out in split.deal(one)]


def run(
    event: DocumentPart, record: FakeRecord | None = None
) -> tuple[list[SegmentedPart], list[Sentence], list[Outgoing]]:
    out = outgoing(handler(), event, record or FakeRecord(encode(event)))
    parts = [decode(SegmentedPart, one.value) for one in out if one.topic == TOPICS.parts]
    sentences = [decode(Sentence, one.value) for one in out if one.topic != TOPICS.parts]
    return parts, sentences, out


def test_a_part_gives_its_text_its_spans_and_one_event_a_sentence() -> None:
    text = "  Guten Tag.\nWie geht es Ihnen?\n"
    (part,), sentences, _ = run(DocumentPart(text=text, id="d", metadata={"a": 1}))
    assert (part.document, part.part, part.last, part.text, part.metadata) == ("d", 0, True, text, {"a": 1})
    spans = list(zip(part.spans[::2], part.spans[1::2], strict=True))
    assert [text[start:end] for start, end in spans] == ["Guten Tag.", "Wie geht es Ihnen?"]
    assert [(s.index, s.text) for s in sentences] == [(0, "Guten Tag."), (1, "Wie geht es Ihnen?")]
    assert {s.revision for s in sentences} == {part.revision}


def test_the_same_record_gives_the_same_events() -> None:
    event = DocumentPart(text="Guten Tag. Auf Wiedersehen.")
    assert run(event)[2] == run(event)[2]


def test_a_document_without_id_is_named_after_its_record() -> None:
    (part,), _, _ = run(DocumentPart(text="Hallo."))
    assert part.document == "documents-3-42-1a0c4506c00"
    (other,), _, _ = run(DocumentPart(text="Hallo."), FakeRecord(None, offset=43))
    assert other.document != part.document


def test_another_text_or_language_or_model_is_another_revision() -> None:
    base = DocumentPart(text="Hallo.", id="d")
    others = [
        DocumentPart(text="Hallo!", id="d"),
        DocumentPart(text="Hallo.", id="d", target="fr"),
        DocumentPart(text="Hallo.", id="d", model="m"),
    ]
    revisions = {run(event)[0][0].revision for event in (base, *others)}
    assert len(revisions) == 4
    assert run(DocumentPart(text="Hallo.", id="e"))[0][0].revision == run(base)[0][0].revision


def test_empty_text_is_a_part_without_sentences() -> None:
    (part,), sentences, _ = run(DocumentPart(text="", id="d"))
    assert (part.text, part.spans, sentences) == ("", [], [])


def topics_of(event: DocumentPart) -> Counter[str]:
    return Counter(one.topic for one in run(event)[2] if one.topic != TOPICS.parts)


def test_the_beginning_of_a_document_is_interactive() -> None:
    text = "Dies ist ein Satz. " * 100
    rest = 100 - FIRST_SENTENCES
    assert topics_of(DocumentPart(text=text, id="d")) == {
        TOPICS.sentences_interactive: FIRST_SENTENCES,
        TOPICS.sentences_bulk: rest,
    }
    assert topics_of(DocumentPart(text=text, id="d", part=1)) == {TOPICS.sentences_bulk: 100}
    assert topics_of(DocumentPart(text=text, id="d", priority="low")) == {TOPICS.sentences_bulk: 100}
    assert topics_of(DocumentPart(text=text, id="d", priority="high", part=7)) == {TOPICS.sentences_interactive: 100}


def urgent_texts(event: DocumentPart) -> list[str]:
    return [decode(Sentence, one.value).text for one in run(event)[2] if one.topic == TOPICS.sentences_interactive]


def test_the_first_page_is_counted_in_characters_too() -> None:
    long = "Dies ist ein Satz, der " + "sehr, " * 150 + "lang ist. "
    first = urgent_texts(DocumentPart(text=long * 20, id="d"))
    assert 1 < len(first) < 20
    assert sum(map(len, first)) <= FIRST_CHARACTERS
    # One that is as long as a book's chapter begins none.
    listed = "[" + "ein Wert,\n" * 5_000 + "noch einer]"
    assert sum(map(len, urgent_texts(DocumentPart(text=listed, id="d")))) <= FIRST_CHARACTERS


def test_priority_high_is_bounded_where_the_sender_is_not_trusted() -> None:
    text = "Dies ist ein Satz. " * 2_000
    first = urgent_texts(DocumentPart(text=text, id="d", priority="high", urgent=URGENT_CHARACTERS))
    assert FIRST_CHARACTERS < sum(map(len, first)) <= URGENT_CHARACTERS
    assert urgent_texts(DocumentPart(text=text, id="d", part=1, priority="high", urgent=URGENT_CHARACTERS)) == []
    assert len(urgent_texts(DocumentPart(text=text, id="d", part=1, priority="high"))) == 2_000


def test_sentences_are_dealt_evenly() -> None:
    _, _, out = run(DocumentPart(text="Dies ist ein Satz. " * 320, id="d", part=1))
    dealt = Counter((one.turn or 0) % 32 for one in out if one.topic == TOPICS.sentences_bulk)
    assert dealt == dict.fromkeys(range(32), 10)


def test_a_whole_document_in_one_large_record_is_cut() -> None:
    text = "Dies ist ein Absatz.\n\n" * 10_000
    parts, sentences, _ = run(DocumentPart(text=text, id="d"))
    assert "".join(part.text for part in parts) == text
    assert [part.part for part in parts] == list(range(len(parts)))
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert len(sentences) == 10_000


@pytest.mark.parametrize(("part", "last"), [(1, True), (0, False)])
def test_one_part_of_many_must_not_be_too_large(part: int, last: bool) -> None:
    with pytest.raises(PartTooLargeError, match="more than the 65536 a part may have"):
        run(DocumentPart(text="x" * 65_537, id="d", part=part, last=last))


def test_unknown_languages_pairs_and_models_are_refused() -> None:
    split = handler(roster(("de", "en"), ("en", "de")))

    def refuse(kind: type[InputError], match: str, **fields: str) -> None:
        event = DocumentPart(**{"text": "Hallo."} | fields)  # type: ignore[arg-type]
        with pytest.raises(kind, match=match):
            list(split.split(event, FakeRecord(None)))

    refuse(LanguageError, "'xx'", source="xx")
    refuse(PairError, "no model translates de→fr; available: de→en, en→de", target="fr")
    refuse(ModelError, "'big'; available: de-en@1", model="big")
    for model in ("de-en", "de-en@1"):
        assert list(split.split(DocumentPart(text="Hallo.", model=model), FakeRecord(None)))
    assert list(split.split(DocumentPart(text="Hallo.", source="de-AT"), FakeRecord(None)))


def test_while_no_translator_is_known_documents_wait() -> None:
    assert list(handler(roster()).split(DocumentPart(text="Salut.", source="fr", target="de"), FakeRecord(None)))


def test_nothing_comes_of_a_document_that_was_cancelled() -> None:
    cancelled = Cancellations()
    value = encode(Control(document="d", action="cancel"))
    cancelled.add(FakeRecord(value, topic="control", timestamp=now_ms()))
    gone, there = (DocumentPart(text="Guten Tag.", id=name) for name in ("d", "e"))
    assert list(handler(cancelled=cancelled).split(gone, FakeRecord(encode(gone)))) == []
    assert len(outgoing(handler(cancelled=cancelled), there, FakeRecord(encode(there)))) == 2


def test_auto_takes_the_language_of_the_part() -> None:
    (part,), (sentence,), _ = run(DocumentPart(text="Wo ist der Bahnhof?", id="d", source="auto"))
    assert (part.source, part.detected) == ("auto", "de"), "the document was submitted as auto"
    assert (sentence.source, sentence.detected) == ("de", True)
    assert sentence.revision == revision(DocumentPart(text="Wo ist der Bahnhof?", source="auto"))
    (part,), (sentence,), _ = run(DocumentPart(text="Où est la gare ?", id="d", part=1, source="auto"))
    assert (part.detected, sentence.source) == ("fr", "fr")


def test_a_part_that_is_in_the_wanted_language_already_is_copied() -> None:
    (part,), sentences, _ = run(DocumentPart(text="Where is the station?", id="d", source="auto"))
    assert (part.detected, part.spans, sentences) == ("en", [], [])


def test_auto_into_a_language_that_no_model_makes_is_refused() -> None:
    known = roster(("de", "en"))
    with pytest.raises(PairError, match="no model translates auto→fr; available: de→en"):
        list(handler(known).split(DocumentPart(text="Hallo.", source="auto", target="fr"), FakeRecord(b"")))
    assert list(handler(known).split(DocumentPart(text="Où est la gare ?", source="auto"), FakeRecord(b"")))


def test_the_sentences_of_a_part_can_be_made_again_from_it() -> None:
    text = "Der Vertrag gilt. Der alte\nVertrag gilt nicht. Sonst nichts. " * 20
    terms = {"Der Vertrag": "the deal", "Vertrag": "treaty", "alte Vertrag": "old deal", "Kündigung": "notice"}
    event = DocumentPart(text=text, id="d", source="auto", model="m", priority="high", terms=terms, alternatives=2)
    (part,), sentences, _ = run(event)
    assert sentences == list(sentences_of(part))
    assert {sentence.alternatives for sentence in sentences} == {2}
    assert part.terms == {name: terms[name] for name in ("Der Vertrag", "alte Vertrag")}, "those that stand in it"
    assert all(sentence.terms == Terms(terms).within(sentence.text) for sentence in sentences)


@pytest.mark.parametrize(("source", "target"), [("en", "en"), ("en-US", "en-GB"), ("de", "de")])
def test_a_text_that_is_to_stay_in_its_language_is_copied(source: str, target: str) -> None:
    event = DocumentPart(text="Good day. How are you?", id="d", source=source, target=target)
    known = handler(roster(("de", "en")))
    (only,) = outgoing(known, event, FakeRecord(encode(event)))
    assert decode(SegmentedPart, only.value).spans == []


def test_all_sentences_of_a_part_have_the_model_that_its_document_began_with() -> None:
    pins = {"de": "de-en@1", "fr": "fr-en@2", "fr-CA": "quebec@1"}
    (part,), sentences, _ = run(DocumentPart(text="Eins ist da. Zwei ist da.", id="d", pins=pins))
    assert (part.pinned, [one.wanted for one in sentences]) == ("de-en@1", ["de-en@1"] * 2)
    assert list(sentences_of(part)) == sentences
    for language, model in (("fr-CH", "fr-en@2"), ("fr-CA", "quebec@1"), ("es", None)):
        (part,), _, _ = run(DocumentPart(text="Rien.", id="d", source=language, pins=pins))
        assert part.pinned == model


def test_a_part_in_a_language_that_its_text_tells_has_the_model_of_that() -> None:
    text = "Der Zug fährt heute nicht, weil die Strecke gesperrt ist."
    (part,), _, _ = run(DocumentPart(text=text, id="d", source="auto", pins={"fr": "fr-en@2", "de": "de-en@1"}))
    assert (part.detected, part.pinned) == ("de", "de-en@1")


def test_a_document_may_ask_for_whichever_model_is_in_use() -> None:
    (part,), (sentence,), _ = run(DocumentPart(text="Eins.", id="d", model="current"))
    assert (part.model, sentence.model, sentence.wanted) == ("current", None, None)


def test_the_model_in_use_changes_no_revision() -> None:
    part = DocumentPart(text="Eins.", id="d")
    assert revision(part) == revision(replace(part, pins={"de": "de-en@1"}))


def test_texts_of_a_file_are_split_each_for_itself_and_an_earlier_release_splits_them_too() -> None:
    text = "- Ein Punkt. Noch\neiner.\n\n1. Zwölf\n\nEin Titel ohne Ende"
    part = part_of(DocumentInfo("d", splitting="segments", align=True), 0, text, last=True)
    said = json.loads(encode(part))
    assert (said["satzstrom_splitting"], said["satzstrom_segments"]) == ("punctuation", True)
    _, sentences, _ = run(part)
    expected = [text[start:end] for start, end in SPLITTER.spans(text, "de", "segments")]
    assert [sentence.text for sentence in sentences] == expected
    assert all(sentence.align and "\n\n" not in sentence.text for sentence in sentences)
    # What an earlier release leaves out.
    del said["satzstrom_segments"]
    _, before, _ = run(decode(DocumentPart, json.dumps(said).encode()))
    assert "".join(one.text for one in before).split()[-1] == "Ende"
