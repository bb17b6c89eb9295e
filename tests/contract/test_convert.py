"""What cannot be converted is said, with what to do; and how models are told their languages."""

import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import SetupError
from tests.conftest import MODELS
from translator.models.convert import convert
from translator.models.convert.prompts import check_pairs, prompt_of
from translator.models.convert.weights import read_weights
from translator.models.folder import Prompt

HF = MODELS / "de-en/hf"
HEADER = 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled model in Hugging Face's form, to be damaged."""
    return shutil.copytree(HF, tmp_path / "hf")


def configure(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))

    return change


def remove(*names: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def cut(share: float) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return change


def shorten_vocabulary(folder: Path) -> None:
    path = folder / "vocab.json"
    tokens = json.loads(path.read_bytes())
    path.write_text(json.dumps({token: number for token, number in tokens.items() if number < 5000}))


def lengthen_vocabulary(folder: Path) -> None:
    path = folder / "vocab.json"
    tokens = json.loads(path.read_bytes())
    path.write_text(json.dumps(tokens | {f"more{number}": 8000 + number for number in range(50)}))


def replace_tensor(name: str, **changes: Any) -> Callable[[Path], None]:
    """Say something else of a tensor in the header."""

    def change(folder: Path) -> None:
        path = folder / "model.safetensors"
        content = path.read_bytes()
        length = int.from_bytes(content[:HEADER], "little")
        header = json.loads(content[HEADER : HEADER + length])
        entry = header.pop(name)
        if changes:
            header[name] = entry | changes
        written = json.dumps(header).encode()
        path.write_bytes(len(written).to_bytes(HEADER, "little") + written + content[HEADER + length :])

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (configure(model_type="bart", architectures=["BartForConditionalGeneration"]), "BartForConditionalGeneration"),
        (configure(model_type="llama", architectures=["LlamaForCausalLM"]), r"LlamaForCausalLM \(llama\)"),
        (configure(model_type="nllb-moe", architectures=["NllbMoeForConditionalGeneration"]), "NllbMoe"),
        (configure(model_type=None, architectures=None), "None"),
        (configure(activation_function="tanh"), "activation function tanh"),
        (configure(model_type="mbart", decoder_start_token_id=250020), "mBART-25"),
        (configure(encoder_layers=6), "no model.encoder.layers.4"),
        (configure(d_model="x"), "cannot be converted"),
        (write("config.json", b"{"), "config.json cannot be read"),
        (write("config.json", b"[]"), "config.json cannot be read"),
        (remove("vocab.json"), "has no vocab.json"),
        (remove("source.spm", "target.spm"), "has no SentencePiece model"),
        (write("vocab.json", b"[1, 2]"), "has no object"),
        (remove("model.safetensors"), "has no weights"),
        (write("model.safetensors", b""), "is cut off"),
        (write("model.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), "cut off, or no"),
        (cut(0.9), "is cut off: it ends before"),
        (cut(0.0001), "is cut off"),
        (shorten_vocabulary, "5000 tokens, but the weights are for 8000"),
        (lengthen_vocabulary, "8050 tokens, but the weights are for 8000"),
        (replace_tensor("model.encoder.layers.0.fc1.weight"), "no model.encoder.layers.0.fc1.weight"),
        (replace_tensor("model.encoder.layers.0.fc1.weight", dtype="F8_E4M3"), "is F8_E4M3, which cannot be read"),
        (replace_tensor("model.encoder.layers.0.fc1.weight", shape=[7, 7]), "has another size"),
        (replace_tensor("model.encoder.layers.0.fc1.weight", data_offsets="x"), "cannot be read"),
    ],
)
def test_what_cannot_be_converted_is_said(folder: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(folder)
    with pytest.raises(SetupError, match=said):
        convert(folder, folder.parent / "out")


def test_weights_in_several_files_must_all_be_there(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-1.safetensors")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}))
    with pytest.raises(SetupError, match=r"names model-2\.safetensors, which is missing"):
        read_weights(folder)
    index.write_text(json.dumps({"weight_map": {"a": "../secret.safetensors"}}))
    with pytest.raises(SetupError, match="outside of its folder"):
        read_weights(folder)


def pickled(tmp_path: Path, found: Any, *, data: bytes = b"", name: str = "pytorch_model.bin") -> Path:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("archive/data.pkl", found if isinstance(found, bytes) else pickle.dumps(found))
        archive.writestr("archive/data/0", data)
    return tmp_path


# As PyTorch writes {"a": tensor([1, 2])}: a storage that is named, and a function that makes a tensor of it.
TENSOR = (
    b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01ctorch._utils\n_rebuild_tensor_v2\nq\x02((X\x07\x00\x00\x00storageq\x03"
    b"ctorch\nFloatStorage\nq\x04X\x01\x00\x00\x000q\x05X\x03\x00\x00\x00cpuq\x06K\x02tq\x07QK\x00K\x02\x85q\x08K\x01"
    b"\x85q\t\x89ccollections\nOrderedDict\nq\n)Rq\x0btq\x0cRq\rs."
)


def test_a_pickle_of_weights_is_read_without_pytorch(tmp_path: Path) -> None:
    weights = read_weights(pickled(tmp_path, TENSOR, data=np.array([1.5, -2], "<f4").tobytes()))
    assert weights.read("a").tolist() == [1.5, -2]
    with pytest.raises(SetupError, match="no b or c"):
        weights.read("b", "c")


class Harmful:
    def __reduce__(self) -> Any:
        return Path.touch, (Path("/tmp/satzstrom-ran-a-pickle"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"a": Harmful()}, "holds more than weights"),
        (b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00lsR.", "holds more than weights .*os.system"),
        (b"\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.", "builtins.eval"),
        ([1, 2], "holds no weights by name, but list"),
        (b"\x80\x02}", "cut off or damaged"),
    ],
)
def test_a_pickle_runs_nothing(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        read_weights(pickled(tmp_path, content))
    assert not Path("/tmp/satzstrom-ran-a-pickle").exists()


def test_numbers_that_are_missing_in_a_pickle_are_said(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="a is shorter than it says"):
        read_weights(pickled(tmp_path, TENSOR, data=b"\0\0\0\0")).read("a")
    (tmp_path / "pytorch_model.bin").write_bytes(b"PK no zip at all")
    with pytest.raises(SetupError, match="cut off or damaged"):
        read_weights(tmp_path)
    old = io.BytesIO()
    pickle.dump(0x1950A86A20F9469CFC6C, old, 2)
    (tmp_path / "pytorch_model.bin").write_bytes(old.getvalue())
    with pytest.raises(SetupError, match="cut off or damaged"):
        read_weights(tmp_path)


def test_a_zip_of_opus_without_all_its_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(b"")
    with pytest.raises(SetupError, match="no whole Marian model: weights or vocabularies missing"):
        convert(tmp_path, tmp_path / "out")
    (tmp_path / "decoder.yml").write_text("models: [other.npz]\nvocabs: [a.yml, a.yml]\n")
    with pytest.raises(SetupError, match=r"no whole Marian model: other\.npz, a\.yml"):
        convert(tmp_path, tmp_path / "out")
    (tmp_path / "decoder.yml").write_text("models: [model.npz]\nvocabs: [a.yml, a.yml]\n")
    (tmp_path / "a.yml").write_text("</s>: 0\n")
    with pytest.raises(SetupError, match="cannot be converted"):
        convert(tmp_path, tmp_path / "out")


def cut_words(text: str) -> list[str]:
    return [f"▁{word}" for word in text.removesuffix(":").split()] + [":"] * text.endswith(":")


@pytest.mark.parametrize(
    ("tokens", "source", "target", "named"),
    [
        ("deu_Latn zho_Hans zho_Hant arb_Arab srp_Cyrl pbt_Arab", ["{source}"], ["{target}"],
         {"de": "deu_Latn", "zh": "zho_Hans", "zh-Hant": "zho_Hant", "zh-Hans": "zho_Hans", "ar": "arb_Arab",
          "sr": "srp_Cyrl", "ps": "pbt_Arab"}),
        ("__de__ __ceb__ __zh__", ["__{source}__"], ["__{target}__"], {"de": "de", "ceb": "ceb", "zh": "zh"}),
        ("de_DE en_XX pt_XX", ["{source}"], ["{target}"], {"de": "de_DE", "en": "en_XX", "pt": "pt_XX"}),
        (">>fra<< >>por<< >>pt_br<< >>cmn_Hant<< >>cmn_Hans<<", [">>{target}<<"], [],
         {"fr": "fra", "pt": "por", "pt-BR": "pt_br", "zh": "cmn_Hans", "zh-Hant": "cmn_Hant", "zh-Hans": "cmn_Hans"}),
        ("<2de> <2en> <2sr> <2zh_Hant>", ["<2{target}>"], [], {"de": "de", "en": "en", "sr": "sr", "zh": "zh_Hant"}),
    ],
)  # fmt: skip
def test_each_family_names_its_languages(
    tokens: str, source: list[str], target: list[str], named: dict[str, str]
) -> None:
    prompt = prompt_of(["▁Das", "<unk>", *tokens.split()], lambda text: [text])
    assert prompt is not None
    assert (prompt.source, prompt.target, prompt.languages) == (source, target, named)


def test_a_model_of_one_pair_needs_no_prompt() -> None:
    assert prompt_of(["</s>", "▁Haus", "de_DE", "__init__"], lambda text: [text]) is None
    assert prompt_of(["▁Haus"], list, instructed=True) is None


def test_t5_is_instructed_in_english() -> None:
    prompt = prompt_of(["▁translate"], cut_words, instructed=True)
    assert prompt is not None
    assert prompt.source == ["▁translate", "▁{source}", "▁to", "▁{target}", ":"]
    assert prompt.name("de-AT") == "German"


def test_a_language_has_the_name_of_its_variety() -> None:
    prompt = Prompt(source=["{source}"], languages={"de": "deu", "zh": "zho_Hans", "zh-Hant": "zho_Hant"})
    assert [prompt.name(code) for code in ("de", "de-CH", "zh-Hant-TW", "zh-CN", "fr")] == [
        "deu",
        "deu",
        "zho_Hant",
        "zho_Hans",
        None,
    ]
    check_pairs(prompt, [("de-CH", "fr")])
    with pytest.raises(SetupError, match="does not know the language fr; it knows de, zh, zh-Hant"):
        check_pairs(prompt, [("fr", "de")])
