"""Engines with their models, by name."""

from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError
from translator.engines import Engine
from translator.engines.pairs import of_pairs
from translator.engines.pool import EnginePool, Served
from translator.engines.process import EngineProcess
from translator.llm.settings import LanguageModelSettings
from translator.models.folder import Model, find_models


def load(
    name: str,
    models: Path,
    threads: int,
    *,
    batch_seconds: float = 0.0,
    revision: str = "1",
    isolated: bool = True,
) -> list[Engine]:
    """Load every model in the folder `models` that the engine `name` can run, and translate one sentence with each.

    As `find` says, which has more to choose from; for one that translates beside others there is `EnginePool`.
    """
    pool = EnginePool()
    for one in find(name, models, threads, batch_seconds=batch_seconds, revision=revision, isolated=isolated):
        pool.add(one)
    return list(pool.engines)


def find(
    name: str,
    models: Path,
    threads: int,
    *,
    only: Collection[str] = (),
    batch_seconds: float = 0.0,
    revision: str = "1",
    isolated: bool = True,
) -> list[Served]:
    """Return the models in the folder `models` that the engine `name` can run, to be loaded.

    `only`: names of models, with the revision or without; none: all. `batch_seconds` and `revision`: of the engines for
    tests. `isolated`: each engine in a process of its own (never `identity`, which cannot go wrong).

    Raises `SetupError` when a description cannot be read, or one of `only` is not there; loading raises it when the engine
    is not installed or the model cannot be loaded.
    """
    if name in ("identity", "marking"):
        from translator.engines import identity

        if name == "identity":
            return [Served(identity.IdentityEngine.model.id, partial(identity.IdentityEngine, batch_seconds))]
        marking = partial(identity.MarkingEngine, batch_seconds, revision)
        made = partial(EngineProcess, marking, identity.encode) if isolated else marking
        return [Served(f"marking@{revision}", made)]
    return [serve(name, model, threads, isolated=isolated) for model in chosen(find_models(models, name), only)]


def load_language_model(settings: LanguageModelSettings) -> list[Engine]:
    """Return engines for a language model on a server, one for each pair of languages. Raises `SetupError`."""
    try:
        from translator.engines import openai
    except ImportError as error:
        raise SetupError("the openai engine is not installed: pip install 'satzstrom-server[openai]'") from error
    return openai.load(settings)


def serve(name: str, model: Model, threads: int, *, isolated: bool = True) -> Served:
    """Return a model to be loaded by the engine `name`."""
    load = partial(_load, name, model, threads, isolated=isolated)
    return Served(model.id, load, partial(of_pairs, model=model), size=_size(model.folder_for(name)))


def chosen(models: Iterable[Model], only: Collection[str]) -> list[Model]:
    """Return those of the models that are named, all if none is. Raises `SetupError` for a name that none has."""
    found = list(models)
    known = {name for model in found for name in (model.id, model.description.name)}
    if unknown := sorted(set(only) - known):
        raise SetupError(
            f"there is no model {', '.join(unknown)} to serve; there is {', '.join(model.id for model in found)} "
            "(SATZSTROM_SERVED, SATZSTROM_MODELS)"
        )
    return [model for model in found if not only or model.id in only or model.description.name in only]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _load(name: str, model: Model, threads: int, *, isolated: bool) -> Engine:
    make = partial(_make, name, model, threads)
    try:
        if not isolated:
            return make()
        encoder: Any
        if name == "ctranslate2":
            from translator.engines.vocabulary import Encoder as encoder  # noqa: N813 (one of two classes)
        else:
            from translator.engines.ids import Encoder as encoder  # noqa: N813 (as above)
        return EngineProcess(make, encoder(model))
    except ImportError as error:
        extra = "torch" if name == "transformers" else "translator"
        raise SetupError(f"the {name} engine is not installed: pip install 'satzstrom-server[{extra}]'") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise SetupError(f"the {name} engine cannot load its model {model.id}: {error}") from error


def _make(name: str, model: Model, threads: int) -> Engine:
    """Load an engine; runs in its process."""
    if name == "ctranslate2":
        from translator.engines.ctranslate2 import CTranslate2Engine

        return CTranslate2Engine(model, threads)
    from translator.engines.transformers import TransformersEngine

    return TransformersEngine(model, threads)
