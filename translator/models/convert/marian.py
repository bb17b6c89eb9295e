"""Models in Marian's own form: the zips of OPUS-MT."""

import shutil
import zipfile
from pathlib import Path
from typing import Any

import yaml
from ctranslate2.converters import MarianConverter

from pipeline.errors import SetupError
from translator.engines.heads import changed
from translator.models.convert import tokens


def write(folder: Path, out: Path, quantization: str) -> None:
    """Write the model as CTranslate2 reads it, with its tokenizer. Raises `SetupError`, and what damaged files make."""
    weights, vocabularies = _named(folder)
    try:
        MarianConverter(str(weights), [str(path) for path in vocabularies]).convert(
            str(out), quantization=quantization, force=True
        )
    except (EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise SetupError(f"{weights} cannot be converted: {error}") from error
    # It says that the first head alone tells what words were made from.
    model = out / "model.bin"
    model.write_bytes(changed(model.read_bytes(), 0))
    for path in tokens.names(folder):
        shutil.copyfile(path, out / path.name)


def _named(folder: Path) -> tuple[Path, list[Path]]:
    """Return the weights and the vocabularies that `decoder.yml` names, or else those that are there."""
    settings = folder / "decoder.yml"
    told: Any = {}
    if settings.is_file():
        try:
            told = yaml.safe_load(settings.read_bytes())
        except yaml.YAMLError as error:
            raise SetupError(f"{settings} cannot be read: {error}") from None
    if isinstance(told, dict) and told.get("models") and told.get("vocabs"):
        names = [Path(str(name)).name for name in (told["models"][0], *told["vocabs"])]
    else:
        weights = sorted(path.name for path in folder.glob("*.npz"))[:1]
        names = [*weights, *sorted(path.name for path in folder.glob("*vocab*.yml"))]
    paths = [folder / name for name in names]
    if len(paths) < 2 or not all(path.is_file() for path in paths):
        missing = [path.name for path in paths if not path.is_file()]
        raise SetupError(
            f"{folder} is no whole Marian model: {', '.join(missing) or 'weights or vocabularies'} missing"
        )
    return paths[0], paths[1:]
