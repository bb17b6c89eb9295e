"""The translation models on this machine.

A model is a folder with a `model.json`:

    {"name": "de-en-tiny", "revision": "1", "source": "de", "target": "en", "max_tokens": 120,
     "ctranslate2": "ctranslate2", "transformers": "hf"}

`ctranslate2` and `transformers` name the folders inside it that hold the model in the form of that engine; one of them is
enough. `max_tokens` is the longest sentence that the model translates well.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from pipeline.events import OfferedModel


class _Description(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    revision: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    source: str
    target: str
    max_tokens: Annotated[int, Meta(ge=16)]
    ctranslate2: str | None = None
    transformers: str | None = None


@dataclass(frozen=True)
class Model:
    """A model on disk."""

    offered: OfferedModel
    max_tokens: int
    folders: dict[str, Path]

    def folder_for(self, engine: str) -> Path:
        """Return the folder with the model in the form of `engine`."""
        return self.folders[engine]


def find_models(folder: Path, engine: str) -> list[Model]:
    """Return the models under `folder` that `engine` can load, in the order of their folders' names.

    Raises `SetupError` when a description cannot be read, or when there is no model for the engine.
    """
    models = [model for path in sorted(folder.glob("*/model.json")) if engine in (model := _read(path)).folders]
    if not models:
        raise SetupError(
            f"no model for the {engine} engine in {folder}; set SATZSTROM_MODELS to a folder that has one (docs/models.md)"
        )
    return models


def _read(path: Path) -> Model:
    try:
        description = msgspec.json.decode(path.read_bytes(), type=_Description)
        source, target = languages.check(description.source), languages.check(description.target)
    except (OSError, msgspec.DecodeError, LanguageError) as error:
        raise SetupError(f"{path}: {error}") from None
    named = {"ctranslate2": description.ctranslate2, "transformers": description.transformers}
    folders = {engine: path.parent / name for engine, name in named.items() if name}
    for missing in (inner for inner in folders.values() if not inner.is_dir()):
        raise SetupError(f"{path} names {missing.name}, but there is no folder {missing}")
    offered = OfferedModel(id=f"{description.name}@{description.revision}", source=source, target=target)
    return Model(offered, description.max_tokens, folders)
