"""Training with PyTorch: what is learned, what a kill costs, what engines make of it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from pipeline.errors import SetupError
from tests.training import toy
from tests.training.small import SMALL
from trainer import data as stored
from trainer import export, vocabulary
from trainer.journal import Check, read
from trainer.network import Shape
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models.checksums import damaged
from translator.models.folder import read as read_model
from translator.models.pulling import pull

pytestmark = pytest.mark.timeout(400)
STEPS = ("--steps", "300", "--check-every", "50", "--average", "2")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return toy.write(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="module")
def trained(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a training in one go."""
    out = tmp_path_factory.mktemp("whole")
    done = toy.train(files[0], out, *STEPS, "--test", f"toy={files[1]}", "--licence", "CC0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(out / "model")
    return out


def journal(out: Path) -> list[dict[str, Any]]:
    """Return the entries without what depends on the clock."""
    entries = [msgspec.to_builtins(entry) for entry in read(out)]
    return [{k: v for k, v in entry.items() if k not in ("seconds", "tokens_per_second")} for entry in entries]


def weights(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = torch.load(path, weights_only=True)
    return found


@pytest.mark.parametrize("kill", [{"KILL_AT": "130"}, {"KILL_SAVING": "100"}])
def test_killed_and_begun_again_it_is_the_same_training(
    files: tuple[Path, Path], trained: Path, tmp_path: Path, kill: dict[str, str]
) -> None:
    options = (*STEPS, "--test", f"toy={files[1]}", "--licence", "CC0")
    assert toy.train(files[0], tmp_path, *options, **kill).returncode == -9
    assert journal(tmp_path) != journal(trained)
    again = toy.train(files[0], tmp_path, *options)
    assert again.returncode == 0, again.stderr
    step = 100 if "KILL_AT" in kill else 50
    assert f"from step {step}" in again.stderr
    assert journal(tmp_path) == journal(trained), "no step is lost, none is done twice, all see the same data"
    for snapshot in sorted((trained / "weights").iterdir()):
        same = weights(tmp_path / "weights" / snapshot.name)
        assert all(torch.equal(value, same[name]) for name, value in weights(snapshot).items())


def test_once_more_does_nothing_and_other_settings_are_refused(files: tuple[Path, Path], trained: Path) -> None:
    options = (*STEPS, "--test", f"toy={files[1]}", "--licence", "CC0")
    before = journal(trained)
    assert toy.train(files[0], trained, *options).returncode == 0
    assert journal(trained) == before
    other = toy.train(files[0], trained, *options, "--seed", "2")
    assert other.returncode == 1
    assert other.stderr.startswith("satzstrom: ")
    assert "seed was 1 and is 2" in other.stderr


def test_it_learns_and_translators_load_what_it_made(trained: Path, tmp_path: Path) -> None:
    losses = [entry.held_out_loss for entry in read(trained) if isinstance(entry, Check)]
    assert losses[-1] < 0.5 < losses[0]
    scores = json.loads((trained / "model" / "scores.json").read_text())
    assert scores["toy"]["bleu"] > 60
    assert "tok:13a" in scores["toy"]["bleu_signature"]
    model = pull(str(trained / "model"), tmp_path)
    assert damaged(read_model(model.folder / "model.json")) == []
    (engine,) = load("ctranslate2", tmp_path, 1, isolated=False)
    made = engine.generate([engine.encode("Der Hund sieht den Baum heute.")], USUAL)
    assert made[0].text == "The dog today sees the tree."


def test_no_pair_of_the_test_set_was_trained_on(trained: Path) -> None:
    report = stored.read_report(trained)
    assert report.dropped["test"] >= 40
    assert report.pairs + report.held_out + sum(report.dropped.values()) == len(toy.pairs())
    assert report.parts["words"].licence == "CC0"


def test_transformers_compute_the_same(trained: Path) -> None:
    hf = trained / "model" / "hf"
    theirs = MarianMTModel.from_pretrained(hf, dtype=torch.float32).eval()
    pieces = vocabulary.load(hf)
    ours = export.begun(export.shape_of(hf), pieces, 0.1, 1, hf).eval()
    assert ours.shape == SMALL
    compare(ours, theirs, pieces.size - 1)


def compare(ours: Any, theirs: Any, pad: int) -> None:
    x, y = torch.randint(1, pad, (3, 7)), torch.randint(1, pad, (3, 5))
    x[1, 5:] = pad
    begun = torch.cat([torch.full((3, 1), pad), y[:, :-1]], 1)
    with torch.no_grad():
        wanted = theirs(input_ids=x, attention_mask=(x != pad).long(), decoder_input_ids=begun).logits[..., :pad]
        found = ours.scores(x, y)
    assert torch.allclose(found, wanted, atol=2e-5)


def foreign(folder: Path, trained: Path, **changed: Any) -> Any:
    """Write a model as OPUS-MT's are: ids in another order than the pieces', swish, a bias for each id."""
    ids = json.loads((trained / "vocab.json").read_text(encoding="utf-8"))
    names = [name for name in ids if name not in ("</s>", "<unk>", "<pad>")]
    numbered = {name: at for at, name in enumerate(["</s>", "<unk>", *reversed(names), "<pad>"])}
    config: dict[str, Any] = {
        "vocab_size": len(numbered),
        "d_model": 16,
        "encoder_layers": 2,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
    }
    config |= {
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 24,
        "decoder_ffn_dim": 24,
        "activation_function": "swish",
    }
    config |= {
        "pad_token_id": len(numbered) - 1,
        "decoder_start_token_id": len(numbered) - 1,
        "eos_token_id": 0,
        "scale_embedding": True,
    }
    torch.manual_seed(3)
    model = MarianMTModel(MarianConfig(**config | changed)).eval()
    with torch.no_grad():
        model.final_logits_bias.normal_()
        model.model.shared.weight[len(numbered) - 1].zero_()
    model.save_pretrained(folder)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes((trained / name).read_bytes())
    (folder / "vocab.json").write_text(json.dumps(numbered), encoding="utf-8")
    return model


def test_a_model_from_elsewhere_is_begun_with_as_it_is(trained: Path, tmp_path: Path) -> None:
    theirs = foreign(tmp_path, trained)
    pieces = vocabulary.load(tmp_path)
    ours = export.begun(export.shape_of(tmp_path), pieces, 0.1, 1, tmp_path).eval()
    assert ours.shape == Shape(16, 24, 2, 2, 1, "swish")
    compare(ours, theirs, pieces.size - 1)
    numbers = pieces.encode_sources(["Der Hund."])[0]
    known = {number: name for name, number in pieces.ids.items()}
    assert "".join(known[number] for number in numbers) == "▁Der▁Hund."


@pytest.mark.parametrize(
    "changed",
    [
        {"activation_function": "gelu"},
        {"decoder_ffn_dim": 32},
        {"scale_embedding": False},
        {"normalize_embedding": True},
    ],
)
def test_a_model_of_another_kind_is_refused(trained: Path, tmp_path: Path, changed: dict[str, Any]) -> None:
    foreign(tmp_path, trained, **changed)
    with pytest.raises(SetupError, match=next(iter(changed))):
        export.shape_of(tmp_path)


def test_weights_that_are_not_the_config_s_are_refused(trained: Path, tmp_path: Path) -> None:
    foreign(tmp_path, trained)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"encoder_layers": 3}))
    with pytest.raises(SetupError, match="weights are not those"):
        export.begun(export.shape_of(tmp_path), vocabulary.load(tmp_path), 0.1, 1, tmp_path)


def test_begun_with_a_model_it_goes_on_from_there_and_ends_early(
    files: tuple[Path, Path], trained: Path, tmp_path: Path
) -> None:
    # A rate at which nothing is learned any more.
    options = (
        "--init",
        str(trained / "model" / "hf"),
        "--rate",
        "1e-9",
        "--steps",
        "400",
        "--check-every",
        "5",
        "--patience",
        "3",
    )
    done = toy.train(files[0], tmp_path, *options)
    assert done.returncode == 0, done.stderr
    checks = [entry for entry in read(tmp_path) if isinstance(entry, Check)]
    assert checks[0].held_out_loss < 0.5, "it knew the language already"
    assert checks[-1].step < 100
    assert (tmp_path / "vocab.json").read_bytes() == (trained / "vocab.json").read_bytes()


def test_asked_to_end_it_keeps_what_it_has(files: tuple[Path, Path], tmp_path: Path) -> None:
    ended = toy.train(files[0], tmp_path, "--steps", "100000", "--check-every", "100000", TERMINATE_AT="25")
    assert ended.returncode == 130
    assert "the same command goes on" in ended.stderr
    assert "Traceback" not in ended.stderr
    again = toy.train(files[0], tmp_path, "--steps", "300", "--check-every", "100000")
    assert again.returncode == 0, again.stderr
    assert "from step 26" in again.stderr


def test_too_few_pairs_say_what_was_left_out(tmp_path: Path) -> None:
    data = tmp_path / "few.tsv"
    data.write_text("Ja.\tYes.\n" * 30, encoding="utf-8")
    done = toy.train(data, tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("satzstrom: 1 pairs are left to train on (duplicate 29)")
