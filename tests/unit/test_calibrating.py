"""Calibrations from translations that were compared with those of people."""

import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.confidence import GENERAL, Calibration
from pipeline.errors import SetupError
from translator.calibrating import Sample, curve, fit, found, halves, read_pairs, report, samples_of, write
from translator.drafts import Draft
from translator.models.folder import read

SAMPLES = st.lists(
    st.builds(Sample, st.floats(-0.5, 0), st.floats(0, 100)),
    min_size=2,
    max_size=60,
    unique_by=lambda one: one.score,
)


def rising(count: int, chance: random.Random, noise: float = 15) -> list[Sample]:
    """Return samples of which the surer ones are better, but for noise."""
    places = [chance.uniform(-0.3, 0) for _ in range(count)]
    return [Sample(place, min(100, max(0, 90 + 200 * place + chance.gauss(0, noise)))) for place in places]


@given(st.lists(SAMPLES, min_size=1, max_size=3))
def test_whatever_the_samples_are_the_calibration_ascends_or_there_is_none(sets: list[list[Sample]]) -> None:
    try:
        made = fit(sets)
    except SetupError:
        return
    # Calibrations refuse points that do not.
    assert isinstance(made, Calibration)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Calibration) == made


def test_a_calibration_tells_on_average_what_is_so_of_others() -> None:
    chance = random.Random(1)
    made = fit([rising(2000, chance)])
    for told, mean in curve(made, rising(2000, chance)):
        assert told == pytest.approx(mean, abs=4)


def test_each_set_weighs_the_same() -> None:
    chance = random.Random(2)
    good = [Sample(one.score, one.agreement + 20) for one in rising(300, chance, noise=0)]
    bad = rising(6000, chance, noise=0)
    middle = (fit([good]).worth(-0.2) + fit([bad]).worth(-0.2)) / 2
    assert fit([good, bad]).worth(-0.2) == pytest.approx(middle, abs=2)


@pytest.mark.parametrize("agreement", [lambda place: 50.0, lambda place: -200 * place])
def test_a_model_that_is_surer_of_what_is_no_better_has_none(agreement) -> None:  # type: ignore[no-untyped-def]
    places = [-0.3 + number / 10_000 for number in range(1000)]
    with pytest.raises(SetupError, match="no calibration"):
        fit([[Sample(place, agreement(place)) for place in places]])


def test_too_few_sentences_make_none() -> None:
    chance = random.Random(3)
    first, second = halves(rising(400, chance))
    assert (len(first), len(second)) == (200, 200)
    with pytest.raises(SetupError, match="too few"):
        halves(rising(399, chance))


def test_of_the_worst_tenth_is_found_what_is_in_the_lowest_fifth() -> None:
    agreements = [float(number) for number in range(100)]
    assert found(agreements, agreements) == 1.0
    assert found(agreements[::-1], agreements) == 0.0
    # Five of the ten worst stand at the end.
    assert found([*(number + 200.0 for number in range(5)), *agreements[5:]], agreements) == 0.5


def test_a_report_counts_levels_and_never_trusts_what_looks_wrong() -> None:
    calibration = Calibration(((-1.0, 0.0), (0.0, 100.0)))
    samples = [Sample(-0.9, 20), Sample(-0.5, 40), Sample(-0.1, 90), Sample(-0.1, 10, ["numbers"])]
    one = report(calibration, samples)
    assert {name: round(share, 2) for name, (share, _) in one.levels.items()} == {
        "high": 0.25,
        "medium": 0.5,
        "low": 0.25,
    }
    assert one.levels["medium"][1] == 25
    assert one.agreement == 40


def test_samples_are_what_was_translated() -> None:
    drafts = [Draft("The dog sleeps.", score=-0.1), Draft("42"), Draft("x", failure="it broke")]
    (sample,) = samples_of(drafts, ["The dog is asleep.", "42", "y"])
    # As sacrebleu counts it.
    assert sample.agreement == pytest.approx(48.769, abs=0.001)


def test_sets_are_read_from_one_file_or_two(tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("Hallo\tHello\r\n\nJa\tYes\n", encoding="utf-8")
    (tmp_path / "a.de").write_text("Hallo\n\nJa\n", encoding="utf-8")
    (tmp_path / "a.en").write_text("Hello\n\nYes\n", encoding="utf-8")
    expected = [("Hallo", "Hello"), ("Ja", "Yes")]
    assert read_pairs(f"{tmp_path}/one.tsv") == expected
    assert read_pairs(f"{tmp_path}/a.de:{tmp_path}/a.en") == expected


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("one.tsv", "Hallo Hello\n", "row 1"),
        ("one.tsv", "Hallo\tHello\tSalut\n", "row 1"),
        ("short.en", "Hello\nYes\nNo\n", "equally many lines"),
        ("none", None, "cannot be read"),
        ("latin.tsv", b"Gr\xfc\xdfe\tGreetings\n", "cannot be read"),
    ],
)
def test_sets_that_cannot_be_used_say_why(tmp_path: Path, name: str, text: str | bytes | None, reason: str) -> None:
    (tmp_path / "long.de").write_text("Hallo\n", encoding="utf-8")
    if text is not None:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    wanted = f"{tmp_path}/long.de:{tmp_path}/{name}" if name.startswith("short") else f"{tmp_path}/{name}"
    with pytest.raises(SetupError, match=reason):
        read_pairs(wanted)


DESCRIBED = {
    "name": "tiny",
    "revision": "1",
    "source": "de",
    "target": "en",
    "max_tokens": 99,
    "ctranslate2": "ct2",
}


def test_what_is_written_is_read_with_the_model_and_nothing_else_changes(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    (folder / "ct2").mkdir(parents=True)
    (folder / "model.json").write_bytes(msgspec.json.encode(DESCRIBED))
    assert read(folder / "model.json").offered[0].calibration is None
    for calibration in (GENERAL, Calibration(((-0.2, 30.0), (-0.1, 60.0)))):
        write(read(folder / "model.json"), calibration)
        made = read(folder / "model.json")
        assert made.offered[0].calibration == calibration
        assert {**msgspec.json.decode((folder / "model.json").read_bytes()), "calibration": None} == {
            **DESCRIBED, "calibration": None,
        }  # fmt: skip
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["model.json"]


def test_a_model_with_a_calibration_that_makes_no_sense_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    (folder / "ct2").mkdir(parents=True)
    wrong = DESCRIBED | {"calibration": {"points": [[-0.1, 60], [-0.2, 30]]}}
    (folder / "model.json").write_bytes(msgspec.json.encode(wrong))
    with pytest.raises(SetupError, match="ascend"):
        read(folder / "model.json")
