"""Where models that were brought lie, and what is left of those that were not."""

from contextlib import suppress
from pathlib import Path

from pipeline.errors import SetupError
from translator.models.folder import Model, paths_in, read
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
