"""From what a source has brought to a model's folder."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from translator.models.checksums import damaged
from translator.models.convert import convert, describe
from translator.models.folder import read
from translator.models.forms import Form, Found, is_card, recognise
from translator.models.routes import Pair

# OpenNMT models are trained on single sentences; longer ones are split.
_MAX_TOKENS = 200
_INSIDE, _KEPT = "ctranslate2", "hf"


def build(
    brought: Path, made: Path, source: str, pairs: Sequence[Pair], *, keep: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Put a model that was brought into the folder `made`, and return what its description has to say of it.

    `pairs`: those that it is to serve, where that is known. `keep`: its own form as well. Raises `SetupError`.
    """
    names = [path.relative_to(brought).as_posix() for path in brought.rglob("*") if path.is_file()]
    visible = [name for name in names if not name.startswith(".")]
    found = recognise(visible, source)
    inner = brought / found.folder
    for card in (name for name in found.names if is_card(Path(name).name)):
        shutil.copyfile(brought / card, made / Path(card).name)
    if found.form is Form.OWN:
        return _take_own(inner, made)
    if found.form is Form.CTRANSLATE2:
        _take(brought, found, made / _INSIDE)
        return {"ctranslate2": _INSIDE, **describe(made / _INSIDE, pairs)}
    if found.form is Form.ARGOS:
        return _take_argos(inner, made / _INSIDE)
    say(f"converts {found.form} to CTranslate2's form")
    fields = {"ctranslate2": _INSIDE, **convert(inner, made / _INSIDE, pairs)}
    if keep and found.form is Form.HUGGINGFACE:
        _take(brought, found, made / _KEPT)
        fields["transformers"] = _KEPT
    return fields


def _take(brought: Path, found: Found, into: Path) -> None:
    into.mkdir()
    for name in found.names:
        path = brought / name
        if path.parent == brought / found.folder and not is_card(path.name):
            path.rename(into / path.name)


def _take_own(inner: Path, made: Path) -> dict[str, Any]:
    model = read(inner / "model.json")
    if wrong := damaged(model):
        raise SetupError(f"{inner.name} is damaged: {', '.join(wrong)} is not what its model.json says; get it again")
    for path in inner.iterdir():
        if path.name != "model.json" and not path.name.startswith("."):
            path.rename(made / path.name)
    fields: dict[str, Any] = msgspec.to_builtins(model.description)
    del fields["source"], fields["target"]
    return fields | {"pairs": model.description.all_pairs()}


def _take_argos(inner: Path, into: Path) -> dict[str, Any]:
    """Take an Argos package: sentences go in without an end mark, and some models need a first token for the language."""
    try:
        told = msgspec.json.decode((inner / "metadata.json").read_bytes(), type=dict[str, Any])
        pair = languages.check(str(told["from_code"])), languages.check(str(told["to_code"]))
    except (OSError, msgspec.DecodeError, KeyError, LanguageError) as error:
        raise SetupError(f"metadata.json of the Argos package cannot be used: {error!r}") from None
    into.mkdir()
    for path in (inner / "model").iterdir():
        path.rename(into / path.name)
    (inner / "sentencepiece.model").rename(into / "sentencepiece.model")
    prefix = str(told.get("target_prefix") or "")
    return {
        "ctranslate2": _INSIDE,
        "max_tokens": _MAX_TOKENS,
        "pairs": [pair],
        "prompt": {"end": False, "target": [prefix] if prefix else []},
    }
