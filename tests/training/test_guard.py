"""A network that no longer looks at its source: found out, begun again with a lower rate, never handed out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from pipeline.errors import SetupError
from tests.training import toy
from trainer import training
from trainer.batches import flattened
from trainer.feed import Feed
from trainer.guard import ignores_source
from trainer.journal import Check, Restart, read
from trainer.network import Marian, Shape
from trainer.recipe import Recipe
from trainer.schedule import Limits
from trainer.training import Training
from trainer.vocabulary import Vocabulary

PIECES = Vocabulary({"</s>": 0, "<unk>": 1, **{str(n): n for n in range(2, 15)}, "<pad>": 15}, None, None)
SHAPE = Shape(width=32, inner=64, heads=2, encoder_layers=2, decoder_layers=1)


def copying(count: int) -> dict[str, npt.NDArray[Any]]:
    """Return pairs whose two sides are the same."""
    random = np.random.default_rng(4)
    data: dict[str, npt.NDArray[Any]] = {"weights": np.ones(count)}
    for kind, many in (("training", count), ("held_out", 40)):
        sentences = [random.integers(2, 15, random.integers(2, 6)).tolist() for _ in range(many)]
        for side in ("sources", "targets"):
            name = f"{kind}_{side}"
            data[name], data[f"{name}_lengths"] = flattened(sentences, PIECES.end, 20)
    return data


def begun(folder: Path, **changed: Any) -> Training:
    torch.manual_seed(1)
    torch.set_num_threads(1)
    recipe = Recipe(limits=Limits(steps=250), rate=5e-3, batch=256, warmup=25, check_every=40, average=1)
    return Training(replace(recipe, **changed), folder, Marian(SHAPE, PIECES, 0.0), copying(2000))


def collapse(model: Marian) -> None:
    """Make all outputs of the encoder alike, as a rate that is too high does."""
    with torch.no_grad():
        model.encoder.layers[-1].final_layer_norm.weight.zero_()


def test_a_collapsed_network_is_told_from_one_that_translates(tmp_path: Path) -> None:
    made = begun(tmp_path)
    assert made.run()
    weights, held_out, _ = made.result()
    assert held_out.use_of_source is not None
    assert held_out.use_of_source > 1
    assert not ignores_source(held_out)
    made.model.load_state_dict(weights)
    collapse(made.model)
    found = Feed(copying(2000), PIECES.pad, torch.device("cpu")).held_out_loss(made.model, 512)
    assert found.use_of_source == pytest.approx(0, abs=1e-4)
    assert ignores_source(found)


def test_it_begins_again_with_a_lower_rate_and_goes_on_as_if_never_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Training._step

    def blinding(self: Training, batch: Any, learning: float) -> None:
        step(self, batch, learning)
        if learning > 2.1e-3:
            collapse(self.model)

    monkeypatch.setattr(Training, "_step", blinding)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in (whole, killed):
        folder.mkdir()
    made = begun(whole, rate=6e-3, limits=Limits(steps=300))
    assert made.run()
    restarts = [entry for entry in read(whole) if isinstance(entry, Restart)]
    assert [one.step for one in restarts] == [80]
    assert restarts[0].rate == pytest.approx(2e-3)
    assert made.place.restarts == 1
    after = [entry for entry in read(whole) if isinstance(entry, Check) and entry.step > restarts[-1].step]
    assert after[-1].use_of_source is not None
    assert after[-1].use_of_source > 0.2
    assert made.result().held_out.use_of_source == pytest.approx(after[-1].use_of_source, abs=0.5)
    stops = iter([False] * (restarts[0].step + 7) + [True])
    assert not begun(killed, rate=6e-3, limits=Limits(steps=300)).run(lambda: next(stops))
    again = begun(killed, rate=6e-3, limits=Limits(steps=300))
    assert again.place.restarts == 1
    assert again.run()
    assert [strip(entry) for entry in read(killed)] == [strip(entry) for entry in read(whole)]


def strip(entry: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(entry).items() if name not in ("seconds", "tokens_per_second")}


def test_a_finished_model_that_ignores_its_source_is_not_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(tmp_path, limits=Limits(steps=40))
    monkeypatch.setattr(training, "begins_again", lambda *_: False)
    collapse(made.model)
    made.model.encoder.layers[-1].final_layer_norm.weight.requires_grad_(False)
    assert made.run()
    with pytest.raises(SetupError, match="does not use its source"):
        made.result()


def test_training_that_learned_nothing_leaves_no_model(tmp_path: Path) -> None:
    data, _ = toy.write(tmp_path)
    out = tmp_path / "out"
    for _ in range(2):
        done = toy.train(data, out, "--steps", "3")
        assert done.returncode == 1
        assert "does not use its source" in done.stderr.splitlines()[-1]
        assert not (out / "model").exists()
    entries = [json.loads(line) for line in (out / "steps.jsonl").read_text().splitlines()]
    assert entries[-1]["kind"] == "check"
    assert entries[-1]["use_of_source"] < 0.2


def test_one_sentence_says_nothing_of_its_source(tmp_path: Path) -> None:
    data = copying(50)
    for side in ("sources", "targets"):
        data[f"held_out_{side}"], data[f"held_out_{side}_lengths"] = flattened([[3, 4]], PIECES.end, 20)
    model = Marian(SHAPE, PIECES, 0.0)
    found = Feed(data, PIECES.pad, torch.device("cpu")).held_out_loss(model, 512)
    assert found.use_of_source is None
    assert not ignores_source(found)
