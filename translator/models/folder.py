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
from pipeline.confidence import Calibration
from pipeline.errors import LanguageError, SetupError
from pipeline.events import OfferedModel

DEFAULT = Path(__file__).parent.parent.parent / "models"
"""Folder of the models unless another is named."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


# With it begin pieces of text, so that words in an instruction are told from names of languages.
_SPACE = "\u2581"


class Prompt(Struct, forbid_unknown_fields=True):
    """How a model is told its languages; `{source}` and `{target}` stand for its own names of them."""

    source: list[str] = []
    """Tokens before those of the sentence."""
    target: list[str] = []
    """Tokens with which the decoder begins."""
    end: bool = True
    """Whether the model reads an end mark behind a sentence."""
    languages: dict[str, str] = {}
    """The model's own names of languages, by code."""

    def name(self, language: str) -> str | None:
        """Return the model's own name of a language, or of the one that it is a variety of; None if it has none."""
        subtags = language.split("-")
        codes = ("-".join(subtags[:count]) for count in range(len(subtags), 0, -1))
        return next((self.languages[code] for code in codes if code in self.languages), None)


class Search(Struct, forbid_unknown_fields=True, frozen=True):
    """How the CTranslate2 engine searches usually; second tries and further translations it finds as with all models."""

    beam: Annotated[int, Meta(ge=1, le=16)] = 4
    length_penalty: Annotated[float, Meta(ge=0, le=3)] = 1.0
    """To this power of its length the probability of a translation is divided: more makes longer ones."""
    vocabulary_map: bool = False
    """Whether only those pieces are weighed that `vmap.txt` beside the model has for the source's."""


class Origin(Struct, forbid_unknown_fields=True):
    """Where a model was got from."""

    source: str
    """As it can be pulled again: `hf:Helsinki-NLP/opus-mt-de-en`."""
    revision: str
    """Exactly which: a commit, a version, a checksum."""
    licence: str | None = None
    url: str | None = None

    @property
    def again(self) -> str:
        """What to pull to get exactly the same."""
        return f"{self.source}@{self.revision}" if self.source.startswith("hf:") else self.source


class FileSum(Struct, forbid_unknown_fields=True):
    """What a file of a model has to be."""

    size: int
    """In bytes; looked at whenever the model is loaded."""
    sha256: str
    """Looked at by `satzstrom models verify`."""


class Description(Struct, forbid_unknown_fields=True, kw_only=True):
    """What `model.json` says."""

    name: Name
    revision: Name
    source: str | None = None
    target: str | None = None
    pairs: list[tuple[str, str]] = []
    """Instead of `source` and `target`, of a model that translates between several languages: those that are offered."""
    max_tokens: Annotated[int, Meta(ge=16)]
    ctranslate2: str | None = None
    transformers: str | None = None
    prompt: Prompt | None = None
    search: Search = Search()
    origin: Origin | None = None
    calibration: Calibration | None = None
    """What its log-probabilities are worth, as `satzstrom models calibrate` found out."""
    files: dict[str, FileSum] = {}
    """What the files are, by their paths in the folder."""

    def all_pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of languages that are offered. Raises `ValueError` and `LanguageError`."""
        one = [(self.source, self.target)] if self.source is not None and self.target is not None else []
        if bool(one) == bool(self.pairs) or (self.source is None) != (self.target is None):
            raise ValueError("say either source and target, or pairs")
        return [(languages.check(source), languages.check(target)) for source, target in one or self.pairs]


@dataclass(frozen=True)
class Model:
    """A model on disk."""

    folder: Path
    description: Description
    offered: tuple[OfferedModel, ...]
    """One for each pair of languages, all with the same id."""
    folders: dict[str, Path]

    @property
    def id(self) -> str:
        """Name and revision, as every translation says it."""
        return f"{self.description.name}@{self.description.revision}"

    @property
    def max_tokens(self) -> int:
        """The longest sentence that it translates well."""
        return self.description.max_tokens

    def prompt_for(self, offered: OfferedModel) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tokens before those of a sentence and those with which the decoder begins, for one of the pairs."""
        prompt = self.description.prompt
        if prompt is None:
            return (), ()
        names = {
            "{source}": prompt.name(offered.source) or offered.source,
            "{target}": prompt.name(offered.target) or offered.target,
        }
        before, prefix = (tuple(_filled(token, names) for token in tokens) for tokens in (prompt.source, prompt.target))
        return before, prefix

    def language_tokens(self) -> frozenset[str]:
        """Return the tokens that name languages, of all that it knows: no text has one, but it may write one into a text."""
        prompt = self.description.prompt or Prompt()
        named = [token for token in (*prompt.source, *prompt.target) if "{" in token and not token.startswith(_SPACE)]
        return frozenset(
            _filled(token, {"{source}": name, "{target}": name})
            for token in named
            for name in prompt.languages.values()
        )

    def folder_for(self, engine: str) -> Path:
        """Return the folder with the model in the form of `engine`."""
        return self.folders[engine]


def find_models(folder: Path, engine: str) -> list[Model]:
    """Return the models under `folder` that `engine` can load, in the order of their folders' names.

    Folders whose names begin with a dot are not complete. Raises `SetupError` when a description cannot be read, or when
    there is no model for the engine.
    """
    models = [model for path in paths_in(folder) if engine in (model := read(path)).folders]
    if not models:
        raise SetupError(nothing_in(folder, engine))
    return models


def nothing_in(folder: Path, engine: str) -> str:
    """Return what to do about a folder without a model that an engine can load."""
    return (
        f"no model for the {engine} engine in {folder}: bring one (satzstrom models pull hf:Helsinki-NLP/opus-mt-de-en),"
        " or set SATZSTROM_MODELS to a folder that has one (docs/models.md)"
    )


def paths_in(folder: Path) -> list[Path]:
    """Return the descriptions of the complete models in a folder, in the order of their folders' names."""
    return [path for path in sorted(folder.glob("*/model.json")) if not path.parent.name.startswith(".")]


def read(path: Path) -> Model:
    """Return the model that a `model.json` describes. Raises `SetupError`."""
    try:
        description = msgspec.json.decode(path.read_bytes(), type=Description)
        found = description.all_pairs()
    except (OSError, ValueError, msgspec.DecodeError, LanguageError) as error:
        raise SetupError(f"{path}: {error}") from None
    named = {"ctranslate2": description.ctranslate2, "transformers": description.transformers}
    folders = {engine: path.parent / name for engine, name in named.items() if name}
    for missing in (inner for inner in folders.values() if not inner.is_dir()):
        raise SetupError(f"{path} names {missing.name}, but there is no folder {missing}")
    check_sizes(path.parent, description)
    name = f"{description.name}@{description.revision}"
    offered = tuple(
        OfferedModel(id=name, source=source, target=target, calibration=description.calibration)
        for source, target in found
    )
    return Model(path.parent, description, offered, folders)


def check_sizes(folder: Path, description: Description) -> None:
    """Raise `SetupError` if a file that the description lists is missing, or is longer or shorter than it was."""
    for name, file in description.files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError:
            size = None
        if size != file.size:
            found = "missing" if size is None else f"{size} bytes long, not {file.size}"
            origin = description.origin
            again = f"satzstrom models pull '{origin.again}'" if origin else "copy its folder anew"
            raise SetupError(f"the model in {folder} is damaged: {name} is {found}; get it again: {again}")


def _filled(token: str, names: dict[str, str]) -> str:
    for place, name in names.items():
        token = token.replace(place, name)
    return token
