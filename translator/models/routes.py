"""Which model a pair of languages uses: `routes.json` in the folder of the models.

    {"de-en": "de-en-tiny@1", "pt-BR-en": "opus-pt-en@3f2a", "de-fr": "de-en-tiny@1+opus-en-fr@1"}

A pair is written as its languages are: `pt-BR-en`, `en-zh-Hans`. An entry serves the varieties of its languages that have
none of their own. A pair without an entry uses the first of its models by the name of the folder. Ids joined by `+` are a
way over another language.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from translator.models.folder import Model, read

FILE = "routes.json"

Pair = tuple[str, str]
_ONE = r"[A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]{1,64}"
_Id = Annotated[
    str,
    Meta(max_length=300, pattern=rf"^{_ONE}(?:\+{_ONE})*(?!\n)$"),
]
_decoder = msgspec.json.Decoder(dict[str, _Id])


class Routes:
    """A table of pairs of languages and the ids of the models that they use. It does not change."""

    def __init__(self, table: Mapping[Pair, str] | None = None) -> None:
        """`table`: languages in their normal form."""
        self.table: Mapping[Pair, str] = dict(table or {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Routes) and self.table == other.table

    def __hash__(self) -> int:
        return hash(frozenset(self.table.items()))

    def model(self, source: str, target: str) -> str | None:
        """Return the id of the model that a pair is to use; None if the table says nothing of it.

        Of several entries that fit the one nearest to the languages counts: `pt-BR` before `pt`, the source first.
        """
        fitting = [
            (*distances, model)
            for pair, model in self.table.items()
            if None not in (distances := (languages.distance(pair[0], source), languages.distance(pair[1], target)))
        ]
        return min(fitting)[-1] if fitting else None


def read_routes(models: Path) -> Routes:
    """Return the table of a folder of models; without a file it is empty. Raises `SetupError`."""
    path = models / FILE
    try:
        entries = _decoder.decode(path.read_bytes())
        return Routes({parse_pair(name): model for name, model in entries.items()})
    except FileNotFoundError:
        return Routes()
    except (OSError, ValueError) as error:
        raise SetupError(f'{path}: {error}; expected {{"de-en": "name@revision"}}') from None


def use(models: Path, source: str, target: str, model: str | None) -> None:
    """Let a pair use a model from now on, whatever it is; None: the first of its models again.

    Readers see the old table or the new one. Raises `SetupError` if the table cannot be read or written, `LanguageError`.
    """
    _change(models, {(languages.check(source), languages.check(target)): model})


def select(models: Path, model: str, pair: Pair | None = None) -> list[Pair]:
    """Let pairs use a model that is in the folder, and return them: all pairs that it offers, or the one that is given.

    `model`: its id, or its name if the folder has one revision of it; ids joined by `+` for a way over another language.

    Raises `SetupError` when there is no such model, or none for the pair.
    """
    legs = [_find(models, name) for name in model.split("+")]
    offered = [(one.source, one.target) for one in legs[0].offered]
    for leg in legs[1:]:
        offered = [(source, one.target) for source, middle in offered for one in leg.offered if one.source == middle]
    wanted = offered
    if pair is not None:
        source, target = languages.check(pair[0]), languages.check(pair[1])
        wanted = [(source, target)]
        if not any(languages.same(one[0], source) and languages.same(one[1], target) for one in offered):
            raise SetupError(f"{model} does not translate {source}→{target}, but {_listed(offered)}")
    if not wanted:
        raise SetupError(f"{model}: the next does not translate what the one before translates into")
    _change(models, {one: "+".join(leg.id for leg in legs) for one in wanted})
    return wanted


def _find(models: Path, wanted: str) -> Model:
    paths = [path for path in sorted(models.glob("*/model.json")) if not path.parent.name.startswith(".")]
    found: dict[str, Model] = {}
    for path in paths:
        try:
            one = read(path)
        except SetupError:
            # One that nobody can use is no reason against another; should it be the wanted one, it is named below.
            continue
        if wanted in (one.id, one.description.name):
            found.setdefault(one.id, one)
    if not found:
        raise SetupError(f"there is no model {wanted} in {models} that can be read; 'satzstrom models list' names them")
    if len(found) > 1:
        raise SetupError(f"{wanted} is there in several revisions; say which: {', '.join(found)}")
    return next(iter(found.values()))


def _change(models: Path, changes: Mapping[Pair, str | None]) -> None:
    """Write some entries anew: a reader sees all of the changes or none, and of two who write neither is lost."""
    with _locked(models):
        table: dict[Pair, str | None] = {**read_routes(models).table, **changes}
        kept = {f"{source}-{target}": model for (source, target), model in sorted(table.items()) if model is not None}
        try:
            text = msgspec.json.format(_checked(kept))
            draft = models / f".{FILE}.new"
            with draft.open("wb") as file:
                file.write(text + b"\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(models / FILE)
        except OSError as error:
            raise SetupError(f"cannot write {models / FILE}: {error.strerror}") from None


def _checked(entries: dict[str, str]) -> bytes:
    written = msgspec.json.encode(entries)
    try:
        _decoder.decode(written)
    except msgspec.ValidationError as error:
        raise SetupError(f"not the id of a model, name@revision: {error}") from None
    return written


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from changing the table meanwhile. Raises `SetupError` if there is no such folder."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise SetupError(f"cannot open {folder}: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def parse_pair(name: str) -> Pair:
    """Return the pair of languages of an entry. Raises `ValueError` if it is none."""
    subtags = name.split("-")
    for end in range(1, len(subtags)):
        pair = ("-".join(subtags[:end]), "-".join(subtags[end:]))
        if all(map(_is_normal, pair)):
            return pair
    raise ValueError(f"{name!r} is no pair of languages as they are written, such as de-en, pt-BR-en or en-zh-Hans")


def _is_normal(code: str) -> bool:
    try:
        return languages.check(code) == code
    except LanguageError:
        return False


def _listed(pairs: list[Pair]) -> str:
    return ", ".join(f"{source}→{target}" for source, target in pairs)
