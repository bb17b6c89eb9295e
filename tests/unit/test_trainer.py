"""Parts of the trainer that need no network: when it ends, what it tells, what it keeps."""

import math
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.errors import SetupError
from trainer.batches import epoch_of, flattened
from trainer.card import card
from trainer.evaluation import Score
from trainer.files import replaced
from trainer.guard import HeldOut, begins_again, ignores_source, require_use
from trainer.journal import Check, Entry, Journal, Report, Restart, read
from trainer.lines import check_line, restart_line
from trainer.plan import Plan, TestSet, keep
from trainer.progress import curve
from trainer.promoting import gained
from trainer.report import DataReport, PartReport
from trainer.runs import score_tags
from trainer.schedule import Limits, rate
from trainer.stopping import Patience

PLAN = Plan(source="de", target="en", name="mine", data={"a.tsv": "12"}, steps=100)
SCORE = Score(100, 23.456, "nrefs:1|case:mixed", 49.5, "nrefs:1|nc:6")
DATA = DataReport(
    checksum="abc",
    files={"a.tsv": "12"},
    parts={
        "law": PartReport("CC0", 900, 1.0),
        "talk": PartReport("CC BY 2.0", 80, 0.5),
        "acts": PartReport("CC0", 20, 1.0),
    },
    pairs=1000,
    held_out=50,
    dropped={"duplicate": 7},
    tests={"news": "0f"},
)


def test_it_ends_when_the_loss_no_longer_falls() -> None:
    patience = Patience(3)
    seen = [patience.seen(step, loss) for step, loss in enumerate([5.0, 4.0, 4.1, math.nan, 3.9, 3.9, 4.0])]
    assert seen == [True, True, False, False, True, False, False]
    ends = [patience.over, patience.seen(7, 3.95), patience.over]
    assert ends == [False, False, True]
    assert (patience.best, patience.best_step) == (3.9, 4)


def test_a_training_that_goes_on_has_waited_as_long_as_before() -> None:
    assert Patience(3, 0.0, 3.9, 4, 3).over


def test_the_rate_rises_stays_and_falls() -> None:
    rates = [rate(1.0, 10, step, step / 100) for step in range(100)]
    assert rates[0] == 0.1
    assert rates[9:25] == [1.0] * 16
    assert rates[25:] == sorted(rates[25:], reverse=True)
    assert 0.01 <= rates[-1] < 0.02
    assert rate(1.0, 500, 10, 0.25) == 1.0, "a short training has no time to rise for long"


def test_a_training_that_begins_again_rises_again() -> None:
    rates = [rate(1.0, 10, step, 0.2 + step / 100, 0.2) for step in range(80)]
    assert rates[:2] == [0.1, 0.2]
    assert rates[9:20] == [1.0] * 11
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[-1] < 0.02


def test_a_model_that_ignores_its_source_is_told_from_one_that_uses_it() -> None:
    # Measured: a collapsed model of the base size, and one of the same size that translates.
    assert ignores_source(HeldOut(4.885, 0.045))
    assert not ignores_source(HeldOut(0.61, 0.17)), "a language of few words has low losses"
    assert ignores_source(HeldOut(math.nan, math.nan))
    assert not ignores_source(HeldOut(1.9, 5.1))
    assert not ignores_source(HeldOut(1.9, None)), "one held-out pair has no other source"
    with pytest.raises(SetupError, match=r"loss is 4\.885 .* only 0\.045 more .* lower --rate"):
        require_use(HeldOut(4.885, 0.045))
    require_use(HeldOut(1.9, 5.1))


@pytest.mark.parametrize(
    ("use", "done", "begun", "restarts", "again"),
    [
        (0.01, 0.1, 0.0, 0, False),
        (0.01, 0.2, 0.0, 0, True),
        (0.5, 0.2, 0.0, 0, False),
        (0.01, 0.3, 0.2, 1, False),
        (0.01, 0.45, 0.2, 1, True),
        (0.01, 0.6, 0.2, 1, False),
        (0.01, 0.45, 0.2, 2, False),
    ],
)
def test_it_begins_again_while_there_is_time(
    use: float, done: float, begun: float, restarts: int, *, again: bool
) -> None:
    assert begins_again(HeldOut(4.9, use), done, begun, restarts) is again


def test_a_journal_of_an_older_release_is_read(tmp_path: Path) -> None:
    line = b'{"kind":"check","step":5,"held_out_loss":4.0,"best":true,"seconds":1.0}\n'
    (tmp_path / "steps.jsonl").write_bytes(line)
    assert read(tmp_path) == [Check(5, 4.0, best=True, seconds=1.0)]
    for broken in (b'{"kind":"odd","step":5}\n', b'{"kind":"check"}\n', b"[1]\n", b"no\n"):
        (tmp_path / "steps.jsonl").write_bytes(line + broken)
        with pytest.raises(SetupError, match=r"steps\.jsonl"):
            read(tmp_path)


def test_lines_tell_people_whether_the_source_is_used() -> None:
    assert "+0.045 with other sources" in check_line(Check(5, 4.885, best=True, seconds=1.0, use_of_source=0.045), None)
    told = restart_line(Restart(500, 3.3e-4, 0.045, 60.0))
    assert "does not use its source" in told
    assert "3.3e-04" in told


def test_the_first_limit_that_is_reached_counts() -> None:
    limits = Limits(steps=100, epochs=2.0, seconds=None)
    assert limits.done(10, 1.0, 1e9) == 0.5
    assert limits.done(100, 0.1, 0) == 1.0


def test_an_epoch_has_every_pair_as_often_as_it_weighs_and_depends_on_seed_and_number_alone() -> None:
    lengths = np.array([3, 9, 40, 5, 5, 12] * 20)
    weights = np.array([1.0, 2.0, 0.0, 1.0, 1.0, 1.0] * 20)
    batches = epoch_of(3, 7, weights, lengths, lengths, 64)
    seen = np.bincount(np.concatenate([batch.pairs for batch in batches]), minlength=120)
    assert (seen == weights).all()
    assert all(len(batch.pairs) * max(batch[1:]) <= 64 for batch in batches)
    again = epoch_of(3, 7, weights, lengths, lengths, 64)
    assert [batch.pairs.tolist() for batch in again] == [batch.pairs.tolist() for batch in batches]
    other = epoch_of(4, 7, weights, lengths, lengths, 64)
    assert [batch.pairs.tolist() for batch in other] != [batch.pairs.tolist() for batch in batches]


def test_a_sentence_longer_than_a_batch_is_one_by_itself() -> None:
    lengths = np.array([100, 3])
    assert sorted(len(batch.pairs) for batch in epoch_of(0, 1, np.ones(2), lengths, lengths, 64)) == [1, 1]


def test_sentences_get_their_end_mark() -> None:
    flat, lengths = flattened([[5, 6], [], [7]], 0, 10)
    assert (flat.tolist(), lengths.tolist()) == ([5, 6, 0, 0, 7, 0], [3, 1, 2])


def entries(last: int) -> list[Entry]:
    made: list[Entry] = []
    for step in range(10, last + 1, 10):
        made += [Report(step, 0.1, 5.0, 1e-3, 100.0, step), Check(step, 4.0, True, step, 1.5)]
    return made


def test_the_journal_forgets_what_came_after_the_step_from_which_a_training_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 0)
    for entry in entries(40):
        journal.write(entry)
    journal.close()
    with (tmp_path / "steps.jsonl").open("ab") as file:
        file.write(b'{"kind":"steps","step":50,"epo')
    assert read(tmp_path) == entries(40), "a line that was cut off is none"
    Journal(tmp_path, 20).close()
    assert read(tmp_path) == entries(20)


def test_a_folder_keeps_its_plan_but_for_when_it_ends(tmp_path: Path) -> None:
    keep(PLAN, tmp_path)
    keep(msgspec.structs.replace(PLAN, steps=None, epochs=3.0, patience=2), tmp_path)
    with pytest.raises(SetupError, match=r"dropout was 0\.1 and is 0\.2"):
        keep(msgspec.structs.replace(PLAN, dropout=0.2), tmp_path)
    with pytest.raises(SetupError, match="other data"):
        keep(msgspec.structs.replace(PLAN, data={"a.tsv": "13"}), tmp_path)
    # Otherwise it could have been trained on the new set.
    with pytest.raises(SetupError, match="other tests"):
        keep(msgspec.structs.replace(PLAN, tests=[TestSet("news", ["a"])]), tmp_path)


def test_a_file_that_cannot_be_written_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(b"old")

    def full(file: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SetupError, match="No space left"):
        replaced(path, full)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("checkpoint", b"old")]


def test_a_curve_goes_down() -> None:
    drawn = curve([*entries(50), Check(60, 2.0, best=True, seconds=1)]).splitlines()
    assert drawn[0].startswith("  5.000 │")
    assert drawn[0].count("·") == 5
    assert drawn[11].startswith("  2.000 │")
    assert drawn[11].endswith("o")
    assert drawn[-1].split()[:4] == ["loss", "0", "60", "steps"]


def test_a_curve_of_nothing_and_of_one() -> None:
    assert curve([]) == "no step was reported yet"
    assert "o" in curve([Check(1, 2.0, best=True, seconds=1)])


def test_the_card_tells_data_licences_figures_and_leaves_room_for_weaknesses() -> None:
    plan = msgspec.structs.replace(PLAN, tests=[TestSet("news", ["a"])])
    text = card(plan, DATA, {"news": SCORE}, {"steps": 100, "odd|name": "x"})
    for wanted in (
        "# mine@1\n",
        "| news | 100 | 23.5 | 49.5 |",
        "`nrefs:1|case:mixed`",
        "| CC0 | 920 | law, acts |",
        "| CC BY 2.0 | 80 | talk |",
        "SHA-256 `abc`",
        "| a.tsv | `12` |",
        "| as another pair, but for case, spaces and punctuation | 7 |",
        "**Weaknesses:** (to be filled",
        "odd\\|name",
    ):
        assert wanted in text
    assert "no test set" not in text
    assert "flatter" in card(PLAN, DATA, {"held-out": SCORE}, {})


def tags(bleu: float, **changed: object) -> dict[str, str]:
    return score_tags({"news": msgspec.structs.replace(SCORE, bleu=bleu, **changed)}, DATA)


def test_versions_are_compared_on_the_same_sentences_counted_alike() -> None:
    assert gained(tags(23.0), tags(23.5), "bleu") == 0.5
    assert gained(tags(23.0), tags(23.5), "chrf") == 0.0
    assert gained(tags(23.0), tags(23.5, bleu_signature="nrefs:1|case:lc"), "bleu") is None
    assert gained(tags(23.0) | {"news.sha256": "other"}, tags(23.5), "bleu") is None
    assert gained({}, tags(23.5), "bleu") is None


def test_held_out_pairs_of_other_data_are_no_common_test_set() -> None:
    other = replace(DATA, checksum="other")
    assert gained(score_tags({"held-out": SCORE}, DATA), score_tags({"held-out": SCORE}, other), "bleu") is None
