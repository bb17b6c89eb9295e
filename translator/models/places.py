"""Where models that were brought lie, and what is left of those that were not."""

from contextlib import suppress
from pathlib import Path

from pipeline import languages
from pipeline.errors import SetupError
from translator.models.folder import Model, paths_in, read
from translator.models.routes import Pair, read_routes
from translator.models.sources import parse_spec


def place(models: Path, name: str) -> Path:
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


def in_use(models: Path, pair: Pair, engine: str | None = None) -> Model | None:
    """Return the model that a pair uses: what the table says, else the first by the name of its folder.

    `engine`: of those that it can run; None: of all.
    """
    routed = read_routes(models).model(*pair)
    for path in paths_in(models):
        with suppress(SetupError):
            model = read(path)
            fits = any(
                languages.same(one.source, pair[0]) and languages.same(one.target, pair[1]) for one in model.offered
            )
            if fits and routed in (None, model.id) and (engine is None or engine in model.folders):
                return model
    return None
