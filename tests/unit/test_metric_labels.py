"""What may be a label of a metric."""

from prometheus_client import REGISTRY

from pipeline.events import DocumentPart, OfferedModel, TranslatorStatus, encode
from pipeline.metrics import Pairs
from pipeline.roster import Roster
from tests.unit.records import FakeRecord
from tests.unit.test_segmenter import run

CODES = [f"{first}{second}{third}" for first in "qxz" for second in "abcdef" for third in "ghijkl"]


def series() -> set[tuple[str, str]]:
    return {
        (sample.labels["source"], sample.labels["target"])
        for family in REGISTRY.collect()
        if family.name == "satzstrom_sentences"
        for sample in family.samples
    }


def test_senders_do_not_choose_labels() -> None:
    before = series()
    assert len(CODES) > 100
    for code in CODES:
        run(DocumentPart(text="Hallo.", source=code, target="en"))
        run(DocumentPart(text="Hallo.", source="de", target=code))
    assert series() - before <= {("other", "other")}


def test_pairs_that_a_translator_offers_are_labels() -> None:
    pairs = Pairs()
    assert pairs.labels("de", "en") == ("other", "other")
    pairs.offer([("de", "en"), ("zh-Hans", "de")])
    assert pairs.labels("de-AT", "en-GB") == ("de", "en")
    assert pairs.labels("zh-Hant", "de") == ("zh", "de")
    assert pairs.labels("en", "de") == ("other", "other")


def test_translators_say_which() -> None:
    models = [OfferedModel(id="m@1", source="gl", target="eu")]
    status = TranslatorStatus(id="t", engine="e", device="cpu", state="ready", models=models, at=0)
    Roster(300.0).add(FakeRecord(encode(status), key=b"t"))
    run(DocumentPart(text="Ola.", source="gl", target="eu"))
    assert ("gl", "eu") in series()
