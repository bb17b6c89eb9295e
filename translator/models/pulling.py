"""Bringing a model to this machine: wholly, checked, or not at all.

A model grows in a folder whose name begins with a dot, which no translator looks into. When all of its files are there, are
what their source says and a sentence was translated with them, it gets its name in one step. What was brought by an attempt
that broke off is kept for the next one, unless it was wrong or the disk is full.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import SetupError, UnavailableError
from translator.models.building import build
from translator.models.checksums import damaged, sums
from translator.models.convert.prompts import check_pairs
from translator.models.folder import Description, Model, read
from translator.models.places import in_use, place
from translator.models.progress import bytes_in, watched
from translator.models.routes import Pair, use
from translator.models.safety import alone, check_room, disk, kept_if_worth_it, named
from translator.models.sources import Resolved, Source, clean_name, parse_spec, source_of
from translator.models.trial import try_out

_DESCRIPTION = "model.json"
# Attempts that bring nothing before it is given up, and seconds between two; the hub's library has tried for longer itself.
_TRIES, _PAUSE = 2, 1.0


@dataclass(frozen=True)
class Wish:
    """What a person wants of a model beside the model itself."""

    name: str | None = None
    """Another name for it here."""
    pairs: tuple[Pair, ...] = ()
    """Pairs of languages to offer, instead of what its source says."""
    keep: bool = False
    """Whether to keep its own form beside that of CTranslate2, for the transformers engine."""


def _silent(_message: str) -> None:
    pass


def _uncounted(_done: int, _total: int | None) -> None:
    pass


def pull(
    spec: str,
    models: Path,
    wish: Wish = Wish(),
    say: Callable[[str], None] = _silent,
    progress: Callable[[int, int | None], None] = _uncounted,
) -> Model:
    """Bring a model into the folder `models` and return it; one that is there already is only described anew if need be.

    `say` hears each step, `progress` the bytes that are there and those of all. Raises `SetupError`, `UnavailableError`.
    """
    wanted = parse_spec(spec)
    wish = replace(wish, pairs=wish.pairs or wanted.pairs)
    source = source_of(wanted)
    resolved = source.resolve()
    if wish.name:
        resolved = replace(resolved, name=clean_name(wish.name))
    with disk(models), alone(models, say):
        target = place(models, f"{resolved.name}@{resolved.revision}")
        if target.exists() and _is_whole(target, wish, say):
            return _described_anew(target, wish, say)
        check_room(models, resolved.origin.source, resolved.size)
        partial = models / f".{target.name}.partial"
        size = f" ({resolved.size / 1e6:,.0f} MB)" if resolved.size else ""
        say(f"brings {resolved.origin.source} at {resolved.origin.revision}{size}")
        # People know the model and where it came from, not the folder in which it grows.
        known = {f"{partial}/source": resolved.origin.source, f"{partial}/made/{target.name}": target.name}
        with kept_if_worth_it(partial), named(known):
            _bring(source, resolved, partial / "source", progress)
            made = _make(partial, target.name, resolved, wish, say)
            with _nothing_changed(models, read(made / _DESCRIPTION), say):
                shutil.rmtree(target, ignore_errors=True)
                made.rename(target)
        shutil.rmtree(partial)
    return read(target / _DESCRIPTION)


@contextmanager
def _nothing_changed(models: Path, model: Model, say: Callable[[str], None]) -> Iterator[None]:
    """Let pairs go on with what they use, also where the name of a new model goes before: to bring one is not to use it."""
    pairs = [(one.source, one.target) for one in model.offered]
    before = {pair: in_use(models, pair) for pair in pairs}
    yield
    for pair, used in before.items():
        now = in_use(models, pair)
        if used is not None and now is not None and now.id != used.id:
            use(models, *pair, used.id)
            say(f"{pair[0]}-{pair[1]} goes on with {used.id}")


def _bring(source: Source, resolved: Resolved, into: Path, progress: Callable[[int, int | None], None]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    with watched(into, resolved.size, progress):
        patience = _TRIES
        while True:
            before = bytes_in(into)
            try:
                source.fetch(into)
            except UnavailableError:
                # Connections break in the middle of gigabytes; as long as attempts bring something, the next goes on.
                patience = _TRIES if bytes_in(into) > before else patience - 1
                if not patience:
                    raise
                time.sleep(_PAUSE)
            else:
                return


def _make(partial: Path, name: str, resolved: Resolved, wish: Wish, say: Callable[[str], None]) -> Path:
    """Make the folder of the model from what was brought; it is complete and was tried out."""
    made = partial / "made" / name
    shutil.rmtree(made.parent, ignore_errors=True)
    made.mkdir(parents=True)
    known = wish.pairs or resolved.pairs
    fields = build(partial / "source", made, resolved.origin.source, known, keep=wish.keep, say=say)
    pairs = known or tuple(tuple(pair) for pair in fields.get("pairs", ()))
    if not pairs:
        raise SetupError(
            f"{resolved.origin.source} does not say which languages it translates; add them: --pairs de-en, or #de-en"
            " behind the source"
        )
    described = {
        **fields,
        "name": resolved.name,
        "revision": resolved.revision,
        "pairs": pairs,
        "origin": resolved.origin,
        "files": sums(made),
    }
    _describe(made, described)
    say("tries it out")
    try_out(made)
    return made


def _is_whole(target: Path, wish: Wish, say: Callable[[str], None]) -> bool:
    try:
        model = read(target / _DESCRIPTION)
        wrong = damaged(model)
    except SetupError as error:
        model, wrong = None, [str(error)]
    if wrong:
        say(f"{target.name} is there, but damaged ({', '.join(wrong)}); it is brought again")
    elif wish.keep and model is not None and "transformers" not in model.folders:
        say(f"{target.name} is there, but without its own form; it is brought again")
        return False
    return not wrong


def _described_anew(target: Path, wish: Wish, say: Callable[[str], None]) -> Model:
    model = read(target / _DESCRIPTION)
    say(f"{model.id} is there already")
    check_pairs(model.description.prompt, wish.pairs)
    if wish.pairs and set(wish.pairs) != set(model.description.all_pairs()):
        described = msgspec.to_builtins(model.description) | {"pairs": wish.pairs, "source": None, "target": None}
        _describe(target, described)
        model = read(target / _DESCRIPTION)
    return model


def _describe(folder: Path, fields: dict[str, Any]) -> None:
    """Write the description: a reader sees the old one or the new one. Raises `SetupError` if it says what cannot be."""
    try:
        description = msgspec.convert(msgspec.to_builtins(fields), Description)
    except msgspec.ValidationError as error:
        raise SetupError(f"the model cannot be described: {error}") from None
    found = {name: value for name, value in msgspec.to_builtins(description).items() if value not in (None, [], {})}
    draft = folder / f".{_DESCRIPTION}.new"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    draft.replace(folder / _DESCRIPTION)
