"""The models that a translator may serve, as they lie in their folder at the moment."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SetupError
from translator.engines.loading import chosen, find, serve
from translator.engines.pool import Served
from translator.models import routes
from translator.models.folder import Model, nothing_in, read
from translator.models.routes import Pair, Routes, read_routes

_DESCRIPTION = "model.json"


@dataclass(frozen=True)
class Available:
    """A model that can be loaded."""

    served: Served
    pairs: tuple[Pair, ...] = ()
    folder: Path | None = None
    stamp: Hashable = None
    """Another one when something of the model has changed."""


@dataclass(frozen=True)
class Shelf:
    """What there is."""

    models: list[Available]
    routes: Routes = field(default_factory=Routes)
    problems: dict[str, str] = field(default_factory=dict)
    """What cannot be read, by the name of the folder or file, and why."""
    nothing: str = ""
    """What to say where there is no model at all."""


Catalogue = Callable[[], Shelf]
"""Looks what there is."""


@dataclass(frozen=True)
class ModelsFolder:
    """A folder of models in the form of an engine. Called, it tells what is there."""

    engine: str
    folder: Path
    threads: int
    only: Collection[str] = ()

    def __call__(self) -> Shelf:
        """Look, and leave out what cannot be read."""
        problems: dict[str, str] = {}
        found: dict[str, Model] = {}
        for path in self._descriptions():
            try:
                model = read(path)
            except SetupError as error:
                problems[path.parent.name] = str(error)
                continue
            if model.id in found:
                problems[path.parent.name] = f"the model {model.id} is in {found[model.id].folder.name} already"
            elif self.engine in model.folders:
                found[model.id] = model
        available = [
            Available(
                serve(self.engine, model, self.threads),
                tuple((one.source, one.target) for one in model.offered),
                model.folder,
                _stamp(model.folder),
            )
            for model in chosen(found.values(), self.only)
        ]
        return Shelf(available, _routes(self.folder, problems), problems, nothing_in(self.folder, self.engine))

    def fingerprint(self) -> Hashable:
        """Return something that is another one when models have come, gone or changed, or the table has; cheap."""
        return tuple((str(path), _modified(path)) for path in (*self._descriptions(), self.folder / routes.FILE))

    def _descriptions(self) -> list[Path]:
        # Folders whose names begin with a dot are not complete.
        return [path for path in sorted(self.folder.glob(f"*/{_DESCRIPTION}")) if not path.parent.name.startswith(".")]


@dataclass(frozen=True)
class OnServers:
    """No models in a folder: those of a server are loaded there."""

    def __call__(self) -> Shelf:
        """Say that there are none."""
        return Shelf([])

    def fingerprint(self) -> Hashable:
        """Say that nothing changes."""
        return None


@dataclass(frozen=True)
class MadeUpModels:
    """The models of the engines for tests. Of the marking one there is every revision that the table names."""

    engine: str
    folder: Path
    batch_seconds: float = 0.0
    revision: str = "1"

    def __call__(self) -> Shelf:
        """Look into the table."""
        problems: dict[str, str] = {}
        table = _routes(self.folder, problems)
        named = [model.partition("@")[2] for model in table.table.values() if model.startswith(f"{self.engine}@")]
        revisions = dict.fromkeys([self.revision, *named]) if self.engine == "marking" else [self.revision]
        served = [
            one
            for revision in revisions
            for one in find(self.engine, self.folder, 1, batch_seconds=self.batch_seconds, revision=revision)
        ]
        return Shelf([Available(one) for one in served], table, problems)

    def fingerprint(self) -> Hashable:
        """Return something that is another one when the table has changed."""
        return _modified(self.folder / routes.FILE)


def _routes(folder: Path, problems: dict[str, str]) -> Routes:
    """Return the table; one that cannot be read is a problem like others, and says nothing."""
    try:
        return read_routes(folder)
    except SetupError as error:
        problems[routes.FILE] = str(error)
        return Routes()


def _stamp(folder: Path) -> Hashable:
    return tuple((str(path), _modified(path)) for path in sorted(folder.rglob("*")))


def _modified(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
