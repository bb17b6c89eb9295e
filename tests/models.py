"""Small models with random weights, in the forms in which models are handed around, each with a tokenizer of its own.

They translate nothing; what is compared is whether two engines write the same of them.
"""

import json
import shutil
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from sentencepiece import sentencepiece_model_pb2

SENTENCES = (
    "Das ist ein Haus.",
    "Die Katze schläft auf dem Sofa, und der Hund liegt vor der Tür.",
    "Ich habe gestern ein Buch gekauft.",
    "Wo ist der Bahnhof?",
    "Am Morgen ging sie über die Straße, kaufte Brot und kam nicht wieder.",
)
_TEXT = (
    *SENTENCES,
    "That is a house. The cat sleeps on the sofa, and the dog lies at the door. I bought a book yesterday.",
    "C'est une maison. Le chat dort sur le canapé. J'ai acheté un livre hier. Où est la gare ?",
    "Esta es una casa. El gato duerme en el sofá. Ayer compré un libro. ¿Dónde está la estación?",
    "translate English to German: translate French to Romanian: ",
)
_INSTRUCTION = ("translate", "English", "to", "German", "French")
_SIZES = {"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4}
_SIZES |= {"decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 128}


def train_pieces(path: Path, *, symbols: Sequence[str] = (), kind: str = "bpe") -> list[str]:
    """Write a SentencePiece model, and return its pieces by their numbers."""
    prefix = path.with_name("pieces")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_TEXT * 3),
        model_prefix=str(prefix),
        vocab_size=180,
        model_type=kind,
        hard_vocab_limit=False,
        user_defined_symbols=list(symbols),
        num_threads=1,
        minloglevel=2,
    )
    prefix.with_suffix(".vocab").unlink()
    prefix.with_suffix(".model").rename(path)
    if kind == "unigram":
        _add_words(path)
    loaded = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [loaded.id_to_piece(number) for number in range(loaded.get_piece_size())]


def _add_words(path: Path) -> None:
    """Give a vocabulary the words of T5's instruction, which a text as short as this one does not."""
    # The module makes its classes when it is loaded.
    kind: Any = vars(sentencepiece_model_pb2)["ModelProto"]
    model = kind.FromString(path.read_bytes())
    for word in _INSTRUCTION:
        model.pieces.add(piece=f"\u2581{word}", score=-0.5)
    path.write_bytes(model.SerializeToString())


def marian(folder: Path, *, languages: Sequence[str] = (), seed: int = 2, **config: Any) -> Path:
    """Make an OPUS-MT model in Hugging Face's form; `languages`: its targets, by their own names (`fra`)."""
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    pieces = train_pieces(folder / "source.spm")
    shutil.copy(folder / "source.spm", folder / "target.spm")
    tokens = ["</s>", "<unk>", *pieces[3:], *(f">>{name}<<" for name in languages), "<pad>"]
    _write(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    _write(
        folder / "tokenizer_config.json",
        {"source_lang": "de", "target_lang": "mul" if languages else "en", "tokenizer_class": "MarianTokenizer"},
    )
    pad = len(tokens) - 1
    _save(
        MarianMTModel,
        MarianConfig(
            **_SIZES | config,
            vocab_size=len(tokens),
            pad_token_id=pad,
            decoder_start_token_id=pad,
            eos_token_id=0,
            bos_token_id=None,
            forced_eos_token_id=None,
            activation_function="swish",
            scale_embedding=True,
            init_std=0.5,
        ),
        folder,
        seed,
    )
    return folder


def marian_apart(folder: Path) -> Path:
    """Make a Marian model whose two languages have vocabularies of their own, of different sizes."""
    from transformers import MarianConfig, MarianMTModel

    marian(folder)
    source = json.loads((folder / "vocab.json").read_bytes())
    tokens = ["</s>", "<unk>", *reversed([*source][5:-1]), "<pad>"]
    _write(folder / "target_vocab.json", {token: number for number, token in enumerate(tokens)})
    config = MarianConfig.from_pretrained(folder)
    pad = len(tokens) - 1
    config.update({"decoder_vocab_size": len(tokens), "pad_token_id": pad, "decoder_start_token_id": pad})
    config.update({"share_encoder_decoder_embeddings": False, "tie_word_embeddings": False})
    _save(MarianMTModel, config, folder, 2)
    return folder


def m2m100(folder: Path, *, seed: int = 2, **config: Any) -> Path:
    """Make an M2M100 model; it knows the hundred languages of the family."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    folder.mkdir(parents=True)
    pieces = train_pieces(folder / "sentencepiece.bpe.model")
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces[3:]]
    _write(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"))
    tokenizer.save_pretrained(folder)
    languages = 100
    _save(M2M100ForConditionalGeneration, M2M100Config(**_fairseq(len(tokens) + languages) | config), folder, seed)
    return folder


def nllb(
    folder: Path,
    languages: Sequence[str] = ("deu_Latn", "eng_Latn", "fra_Latn", "spa_Latn"),
    *,
    seed: int = 2,
    **config: Any,
) -> Path:
    """Make an NLLB model with these languages."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    size = _tokenizer(NllbTokenizer, folder, "sentencepiece.bpe.model", extra_special_tokens=list(languages))
    _save(M2M100ForConditionalGeneration, M2M100Config(**_fairseq(size) | config), folder, seed)
    return folder


def mbart(folder: Path, *, seed: int = 2, **config: Any) -> Path:
    """Make an mBART-50 model; it knows the fifty languages of the family."""
    from transformers import MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration

    size = _tokenizer(MBart50Tokenizer, folder, "sentencepiece.bpe.model", kind="unigram")
    _save(
        MBartForConditionalGeneration,
        MBartConfig(**_fairseq(size) | {"activation_function": "gelu"} | config),
        folder,
        seed,
    )
    return folder


def t5(folder: Path, *, languages: Sequence[str] = (), gated: bool = False, seed: int = 2, **config: Any) -> Path:
    """Make a T5 model; with `languages` as MADLAD is, with a token for each."""
    from transformers import T5Config, T5ForConditionalGeneration, T5Tokenizer

    symbols = [f"<2{name}>" for name in languages]
    size = _tokenizer(T5Tokenizer, folder, "spiece.model", kind="unigram", symbols=symbols, extra_ids=0)
    sizes = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 4}
    _save(
        T5ForConditionalGeneration,
        T5Config(
            **sizes
            | {"vocab_size": size, "decoder_start_token_id": 0, "eos_token_id": 2, "pad_token_id": size - 1}
            | {"feed_forward_proj": "gated-gelu" if gated else "relu", "initializer_factor": 2.0}
            | config
        ),
        folder,
        seed,
    )
    return folder


def _tokenizer(
    tokenizer: Any, folder: Path, name: str, *, kind: str = "bpe", symbols: Sequence[str] = (), **more: Any
) -> int:
    """Write the files of a tokenizer, and return how many tokens it has."""
    folder.mkdir(parents=True)
    train_pieces(folder / name, symbols=symbols, kind=kind)
    made = tokenizer.from_pretrained(folder, local_files_only=True, **more)
    made.save_pretrained(folder)
    return len(made)


def _fairseq(size: int) -> dict[str, Any]:
    marks = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    return _SIZES | marks | {"vocab_size": size, "init_std": 0.5, "scale_embedding": True, "forced_eos_token_id": None}


def _save(model: Callable[[Any], Any], config: Any, folder: Path, seed: int) -> None:
    import torch

    torch.manual_seed(seed)
    made = model(config).eval()
    with torch.no_grad():
        if not getattr(config, "scale_decoder_outputs", True):
            # MADLAD writes with another table than it reads with.
            made.lm_head.weight = torch.nn.Parameter(torch.randn_like(made.lm_head.weight))
        # Biases and norms as well, so that one in the wrong place is seen.
        for name, tensor in (*made.named_parameters(), *made.named_buffers()):
            if tensor.dim() == 1 or name == "final_logits_bias":
                tensor.add_(torch.randn_like(tensor) * 0.2)
            # What trained models never write: a mask, an unknown token.
            if name == "final_logits_bias" and config.model_type == "mbart":
                tensor[0, -1] = -1e9
            if config.model_type == "t5" and name in ("shared.weight", "lm_head.weight"):
                tensor[0] = 0
    made.save_pretrained(folder)


def _write(path: Path, told: Any) -> None:
    path.write_text(json.dumps(told, ensure_ascii=False))


INT8 = 1
_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}


def variables(path: Path) -> dict[str, tuple[int, bytes]]:
    """Return what is in a `model.bin` of CTranslate2: the number of its type, and its bytes."""
    model = path.read_bytes()
    place = 0

    def number(form: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(form, model, place)
        place += struct.calcsize(form)
        return int(value)

    def text() -> str:
        nonlocal place
        length = number("<H")
        place += length
        return model[place - length : place - 1].decode()

    number("<I")
    text()
    number("<I")
    found = {}
    for _ in range(number("<I")):
        name = text()
        for _ in range(number("<B")):
            number("<I")
        kind, size = number("<B"), number("<I")
        found[name] = kind, model[place : place + size]
        place += size
    return found


def store(folder: Path, form: str, *, like: Path | None = None) -> Path:
    """Write the weights of a model in Hugging Face's form anew, in another form; those of `like` if it is given."""
    import torch
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    tensors = load_file((like or folder) / "model.safetensors")
    if form in _BYTES:
        path.unlink()
        save_file({name: tensor.to(getattr(torch, form)) for name, tensor in tensors.items()}, path)
        return folder
    path.unlink()
    if form == "in parts":
        names = sorted(tensors)
        parts = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
        for part, mine in parts.items():
            save_file({name: tensors[name] for name in mine}, folder / part)
        where = {name: part for part, mine in parts.items() for name in mine}
        _write(folder / "model.safetensors.index.json", {"weight_map": where})
    elif form == "an npz of Marian":
        _store_npz(folder, {name: tensor.float().numpy() for name, tensor in tensors.items()})
    else:
        torch.save(tensors, folder / "pytorch_model.bin", _use_new_zipfile_serialization=form != "an old pickle")
    return folder


def _store_npz(folder: Path, tensors: dict[str, Any]) -> None:
    """Write a model as OPUS-MT's zips have it, instead of in Hugging Face's form."""
    config = json.loads((folder / "config.json").read_bytes())
    vocabulary = json.loads((folder / "vocab.json").read_bytes())
    rows = vocabulary["<pad>"]
    shared = next(tensor for name, tensor in tensors.items() if "shared" in name or "embed_tokens" in name)
    made = {"Wemb": shared[:rows], "decoder_ff_logit_out_b": tensors["final_logits_bias"][:, :rows]}
    for side in ("encoder", "decoder"):
        for number in range(config[f"{side}_layers"]):
            ours, theirs = f"model.{side}.layers.{number}", f"{side}_l{number + 1}"
            for attention, name in (("self_attn", "self"), ("encoder_attn", "context")):
                if f"{ours}.{attention}.q_proj.weight" not in tensors:
                    continue
                for letter in "qkv":
                    made |= _linear(tensors, f"{ours}.{attention}.{letter}_proj", f"{theirs}_{name}", letter)
                made |= _linear(tensors, f"{ours}.{attention}.out_proj", f"{theirs}_{name}", "o")
                made |= _norm(tensors, f"{ours}.{attention}_layer_norm", f"{theirs}_{name}_Wo")
            made |= _linear(tensors, f"{ours}.fc1", f"{theirs}_ffn", "1")
            made |= _linear(tensors, f"{ours}.fc2", f"{theirs}_ffn", "2")
            made |= _norm(tensors, f"{ours}.final_layer_norm", f"{theirs}_ffn_ffn")
    settings = {
        "type": "transformer",
        "enc-depth": config["encoder_layers"],
        "dec-depth": config["decoder_layers"],
        "transformer-heads": config["encoder_attention_heads"],
        "transformer-ffn-activation": "swish",
        "transformer-preprocess": "",
        "transformer-postprocess": "dan",
        "transformer-postprocess-emb": "d",
        "transformer-decoder-autoreg": "self-attention",
        "transformer-no-projection": False,
        "transformer-guided-alignment-layer": "last",
    }
    made["special:model.yml"] = np.frombuffer(json.dumps(settings).encode() + b"\0", np.int8)
    np.savez(folder / "opus.spm32k-spm32k.transformer.model1.npz", **made)
    del vocabulary["<pad>"]
    name = "opus.spm32k-spm32k.vocab.yml"
    (folder / name).write_text(
        "".join(f"{json.dumps(token, ensure_ascii=False)}: {at}\n" for token, at in vocabulary.items())
    )
    weights = "opus.spm32k-spm32k.transformer.model1.npz"
    (folder / "decoder.yml").write_text(f"models:\n  - {weights}\nvocabs:\n  - {name}\n  - {name}\nbeam-size: 6\n")
    for left in ("config.json", "vocab.json", "tokenizer_config.json", "generation_config.json"):
        (folder / left).unlink()


def _linear(tensors: dict[str, Any], ours: str, theirs: str, name: str) -> dict[str, Any]:
    return {
        f"{theirs}_W{name}": tensors[f"{ours}.weight"].T.copy(),
        f"{theirs}_b{name}": tensors[f"{ours}.bias"][None, :],
    }


def _norm(tensors: dict[str, Any], ours: str, theirs: str) -> dict[str, Any]:
    return {f"{theirs}_ln_scale": tensors[f"{ours}.weight"][None], f"{theirs}_ln_bias": tensors[f"{ours}.bias"][None]}
