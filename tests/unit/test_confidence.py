"""How far a translation can be relied on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.models import TranslatorModels
from pipeline.confidence import GENERAL, HIGH, LOW, Calibration, level, reason, rounded
from pipeline.events import OfferedModel, TranslatorStatus, decode, encode

SCORES = st.floats(max_value=0, allow_nan=False)
LENGTHS = st.integers(min_value=0, max_value=5000)


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    count = draw(st.integers(min_value=2, max_value=12))
    places = draw(st.lists(st.integers(-3000, 0), min_size=count, max_size=count, unique=True))
    worth = draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    points = zip(sorted(places), sorted(worth), strict=True)
    power = draw(st.floats(min_value=0, max_value=1))
    short = draw(st.integers(min_value=1, max_value=200))
    return Calibration(tuple((place / 1000, float(one)) for place, one in points), short, power)


@given(calibrations(), SCORES, SCORES, LENGTHS)
def test_who_is_surer_is_never_relied_on_less(made: Calibration, one: float, other: float, length: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= made.confidence(low, length) <= made.confidence(high, length) <= 100


@given(calibrations())
def test_a_calibration_passes_through_its_points(made: Calibration) -> None:
    for place, worth in made.points:
        assert made.confidence(place, made.short) == pytest.approx(worth)


@given(calibrations())
def test_a_calibration_is_what_was_written(made: Calibration) -> None:
    assert msgspec.json.decode(msgspec.json.encode(made), type=Calibration) == made


def test_one_unlikely_word_is_worse_in_a_short_text() -> None:
    assert GENERAL.confidence(-0.8, 10) < GENERAL.confidence(-0.8, 50) == GENERAL.confidence(-0.8, 500)


def test_no_length_and_no_probability_at_all_have_a_confidence() -> None:
    assert GENERAL.confidence(0.0, 0) == 100
    assert GENERAL.confidence(float("-inf"), 10) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        '{"points": [[-0.1, 50]]}',
        '{"points": [[-0.1, 50], [-0.2, 60]]}',
        '{"points": [[-0.2, 60], [-0.1, 50]]}',
        '{"points": [[-0.2, 50], [-0.2, 60]]}',
        '{"points": [[-0.2, 50], [-0.1, 160]]}',
        '{"points": [[-0.2, 50], [-0.1, 60]], "power": 4}',
        '{"points": [[-0.2, 50], [-0.1, 60]], "short": 0}',
        '{"power": 0.5}',
    ],
)
def test_a_calibration_that_makes_no_sense_is_refused(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wrong, type=Calibration)


def test_what_looks_wrong_is_never_high_and_nothing_else_changes() -> None:
    assert rounded(88.4, []) == 88
    assert level(rounded(88.4, ["numbers"])) == "medium"
    assert rounded(20.0, ["numbers"]) == 20


def test_levels_meet_without_a_gap() -> None:
    assert [level(one) for one in (0, LOW - 1, LOW, HIGH - 1, HIGH, 100)] == [
        "low", "low", "medium", "medium", "high", "high",
    ]  # fmt: skip


def test_the_reason_says_what_is_known() -> None:
    assert reason(80, [], 100) == "the model was sure of its words"
    assert reason(30, [], 100) == "the model was unsure of its words"
    assert "one word decides" in reason(30, [], 10)
    assert "one word decides" not in reason(50, [], 10)
    assert reason(50, ["numbers", "short"], 100).endswith("it looks wrong (numbers, short)")


def test_it_is_said_which_models_go_by_the_general_calibration() -> None:
    offered = [
        OfferedModel(id="own@1", source="de", target="en", calibration=GENERAL),
        OfferedModel(id="other@1", source="de", target="fr"),
    ]
    status = TranslatorStatus(id="t", engine="ctranslate2", device="cpu", state="ready", models=offered, at=0)
    # As it comes over Kafka.
    found = TranslatorModels.of(decode(TranslatorStatus, encode(status)))
    assert {one.id: one.calibrated for one in found.models} == {"own@1": True, "other@1": False}
