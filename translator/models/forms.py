"""The forms in which models are handed around, told by the names of their files.

Names are enough, so a repository is refused before anything of it is brought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pipeline.errors import SetupError

TOKENIZERS = ("source.spm", "sentencepiece.model", "sentencepiece.bpe.model", "spiece.model")
"""SentencePiece models by the names that families of models give them; the engine needs one of them."""

_VOCABULARIES = tuple(f"{side}vocabulary.{end}" for side in ("", "shared_", "source_") for end in ("json", "txt"))
_PYTORCH = ("pytorch_model*.bin",)
# Weights for other programs.
_OTHERS = ("*.h5", "*.msgpack", "*.ot", "*.onnx", "*.gguf", "*.pt", "*.pth", "*.ckpt", "training_args.bin")
# What is worth having of any model: what it says of itself, and its licence.
_CARDS = ("README*", "LICENSE*", "LICENCE*", "NOTICE*", "COPYING*")
_DEEPEST = 3


class Form(StrEnum):
    """How a model is laid out."""

    OWN = "a Satzstrom model"
    CTRANSLATE2 = "a CTranslate2 model"
    ARGOS = "an Argos package"
    MARIAN = "a Marian model"
    HUGGINGFACE = "a Hugging Face model"


@dataclass(frozen=True)
class Found:
    """A model among files."""

    form: Form
    folder: str
    """Where among them, `.` for the top."""
    names: tuple[str, ...]
    """Paths of the files that belong to it."""


def recognise(names: Iterable[str], where: str) -> Found:
    """Return the model that is among files with these paths; one near the top before one further down.

    Raises `SetupError`, which begins with `where`, when there is none that can be used.
    """
    paths = sorted(map(PurePosixPath, names))
    folders = sorted({parent for path in paths for parent in path.parents}, key=lambda one: (len(one.parts), one))
    for folder in folders:
        if len(folder.parts) < _DEEPEST:
            inside = {path.relative_to(folder).as_posix() for path in paths if path.is_relative_to(folder)}
            if form := _form(inside):
                kept = _wanted(form, inside)
                _check_tokenizer(form, kept, where)
                cards = {one.as_posix() for one in paths if len(one.parts) == 1 and is_card(one.name)}
                found = {(folder / name).as_posix() for name in kept}
                return Found(form, folder.as_posix(), tuple(sorted(found | cards)))
    raise SetupError(f"{where} {_what_is_wrong(paths)}")


def is_card(name: str) -> bool:
    """Whether a file is what a model says of itself, or its licence."""
    return _fits(name, _CARDS)


def _form(inside: set[str]) -> Form | None:
    top = {name for name in inside if "/" not in name}
    if "model.json" in top and any(name.endswith(("/model.bin", "/config.json")) for name in inside):
        return Form.OWN
    if "metadata.json" in top and "model/model.bin" in inside:
        return Form.ARGOS
    if "model.bin" in top and not top.isdisjoint(_VOCABULARIES):
        return Form.CTRANSLATE2
    if any(name.endswith(".npz") for name in top) and any(name.endswith((".spm", ".yml")) for name in top):
        return Form.MARIAN
    if "config.json" in top and any(name.endswith(".safetensors") or _fits(name, _PYTORCH) for name in top):
        return Form.HUGGINGFACE
    return None


def _wanted(form: Form, inside: set[str]) -> set[str]:
    """Leave out what other programs need: repositories often have the same weights three times."""
    if form is Form.OWN:
        return {name for name in inside if not name.startswith(".")}
    if form is Form.ARGOS:
        return {name for name in inside if not name.startswith("stanza/")}
    top = {name for name in inside if "/" not in name and not name.startswith(".")}
    if form is Form.HUGGINGFACE and not any(name.endswith(".safetensors") for name in top):
        return {name for name in top if not _fits(name, _OTHERS)}
    weights = ("*.safetensors",) if form in (Form.CTRANSLATE2, Form.MARIAN) else ()
    return {name for name in top if not _fits(name, (*_OTHERS, *_PYTORCH, *weights))}


def _check_tokenizer(form: Form, names: set[str], where: str) -> None:
    if form is Form.OWN:
        return
    if names.isdisjoint(TOKENIZERS):
        hint = "; packages with a bpe.model cannot be used" if "bpe.model" in names else ""
        raise SetupError(
            f"{where} is {form} without a tokenizer: one of {', '.join(TOKENIZERS)} has to lie beside the weights{hint}"
        )


def _what_is_wrong(paths: list[PurePosixPath]) -> str:
    names = [path.name for path in paths]
    if any("intgemm" in name or _fits(name, ("lex.*.bin*", "*.alphas.bin*")) for name in names):
        return (
            "is a Firefox translation model, which CTranslate2 cannot run: its decoder (SSRU) and its 8-bit weights"
            " (intgemm) are Bergamot's own; take an OPUS-MT model of the same languages instead: satzstrom models search"
        )
    if "model.bin" in names:
        return "has a model.bin, but no vocabulary beside it (shared_vocabulary.json): not a whole CTranslate2 model"
    if any(_fits(name, _OTHERS) for name in names):
        return (
            "has weights only in a form that cannot be used (needed: model.bin of CTranslate2, *.safetensors,"
            " pytorch_model.bin, or *.npz of Marian)"
        )
    listed = ", ".join(path.as_posix() for path in paths[:6]) + (", …" if len(paths) > 6 else "")
    return f"has no translation model in a form that is known (docs/models.md); it has {listed or 'no files'}"


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
