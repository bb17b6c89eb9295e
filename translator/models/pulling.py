"""Bringing a model to this machine: wholly, checked, or not at all.

A model grows in a folder whose name begins with a dot, which no translator looks into. When all of its files are there, are
what their source says and a sentence was translated with them, it gets its name in one step. What was brought by an attempt
that broke off is kept for the next one, unless it was wrong or the disk is full.
"""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import SetupError, UnavailableError
from translator.models.building import build
from translator.models.checksums import damaged, sums
from translator.models.folder import Description, Model, paths_in, read
from translator.models.progress import bytes_in, watched
from translator.models.routes import Pair
from translator.models.sources import Resolved, Source, Spec, clean_name, parse_spec, source_of
from translator.models.trial import try_out

_DESCRIPTION = "model.json"
# Conversion and the unpacked form beside what was brought.
_ROOM = 2.2
# Attempts that bring nothing before it is given up, and seconds between two; the hub's library has tried for longer itself.
_TRIES, _PAUSE = 2, 1.0
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


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
    wish: Wish = Wish(),  # noqa: B008 (it cannot change)
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
    with _disk(models), _alone(models, say):
        target = _place(models, f"{resolved.name}@{resolved.revision}")
        if target.exists() and _is_whole(target, wish, say):
            return _described_anew(target, wish, say)
        _check_room(models, resolved)
        partial = models / f".{target.name}.partial"
        size = f" ({resolved.size / 1e6:,.0f} MB)" if resolved.size else ""
        say(f"brings {resolved.origin.source} at {resolved.origin.revision}{size}")
        # People know the model and where it came from, not the folder in which it grows.
        known = {f"{partial}/source": resolved.origin.source, f"{partial}/made/{target.name}": target.name}
        with _kept_if_worth_it(partial), _named(known):
            _bring(source, resolved, partial / "source", progress)
            made = _make(partial, target.name, resolved, wish, say)
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        shutil.rmtree(partial)
    return read(target / _DESCRIPTION)


def _place(models: Path, name: str) -> Path:
    """Return the folder of a model: its own name, unless it lies there under another one."""
    for path in paths_in(models):
        with suppress(SetupError):
            if read(path).id == name:
                return path.parent
    return models / name


def find_pulled(spec: str, models: Path) -> Model | None:
    """Return the model in the folder that came from this source, at this revision if the specification says one."""
    wanted = parse_spec(spec)
    place, _, revision = wanted.place.partition("@")
    local = Path(place).expanduser()
    names = {place, f"hf:{place}", str(local.absolute())}
    for path in paths_in(models):
        try:
            model = read(path)
        except SetupError:
            # A damaged one is as good as none: it is brought again.
            continue
        origin = model.description.origin
        if origin is None or origin.source not in names | {wanted.place}:
            continue
        if origin.source == wanted.place or origin.revision.startswith(revision):
            return model
    return None


def incomplete(models: Path) -> list[Path]:
    """Return what attempts that broke off have left."""
    return sorted(models.glob(".*.partial"))


def _bring(source: Source, resolved: Resolved, into: Path, progress: Callable[[int, int | None], None]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    with watched(into, resolved.size, progress):
        patience = _TRIES
        while True:
            before = bytes_in(into)
            try:
                source.fetch(into)
                return
            except UnavailableError:
                # Connections break in the middle of gigabytes; as long as attempts bring something, the next goes on.
                patience = _TRIES if bytes_in(into) > before else patience - 1
                if not patience:
                    raise
                time.sleep(_PAUSE)


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


def _check_room(models: Path, resolved: Resolved) -> None:
    free = shutil.disk_usage(models).free
    if resolved.size and resolved.size * _ROOM > free:
        raise SetupError(
            f"{resolved.origin.source} needs about {resolved.size * _ROOM / 1e6:,.0f} MB while it is made ready, and"
            f" {models} has room for {free / 1e6:,.0f} MB; make room ('satzstrom models remove')"
        )


@contextmanager
def _kept_if_worth_it(partial: Path) -> Iterator[None]:
    """Keep what was brought only if another attempt can go on from it."""
    try:
        yield
    except (UnavailableError, KeyboardInterrupt):
        raise
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


@contextmanager
def _named(known: dict[str, str]) -> Iterator[None]:
    """Put names for paths in messages."""
    try:
        yield
    except SetupError as error:
        message = str(error)
        for path, name in known.items():
            message = message.replace(path, name)
        raise SetupError(message) from None


@contextmanager
def _disk(models: Path) -> Iterator[None]:
    """Say what the disk's errors mean."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise SetupError(
                f"the disk of {models} is full ({error.strerror}): what was brought was removed again, models that were"
                " there are as they were; make room and pull again"
            ) from None
        if error.errno in _FORBIDDEN:
            raise SetupError(
                f"cannot write to {error.filename or models} ({error.strerror}); name a folder that you may write to:"
                " --models, or SATZSTROM_MODELS"
            ) from None
        raise SetupError(f"{error.filename or models}: {error.strerror or error}") from None


@contextmanager
def _alone(models: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until nobody else pulls into the folder: translators that start together want the same model."""
    models.mkdir(parents=True, exist_ok=True)
    handle = os.open(models / ".pulling", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        waiting = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    say("waits: another process pulls into the same folder")
                waiting = True
                time.sleep(0.5)
        yield
    finally:
        os.close(handle)
