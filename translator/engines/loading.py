"""Engines with their models, by name."""

from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError
from translator.engines import USUAL, Engine
from translator.engines.process import EngineProcess
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

    So the first document's is not slow. `batch_seconds` and `revision`: of the engines for tests. `isolated`: each engine in
    a process of its own (never `identity`, which cannot go wrong).

    Raises `SetupError` when the engine is not installed or a model cannot be loaded.
    """
    if name in ("identity", "marking"):
        from translator.engines import identity

        if name == "identity":
            return [identity.IdentityEngine(batch_seconds)]
        marking = partial(identity.MarkingEngine, batch_seconds, revision)
        return [EngineProcess(marking, identity.encode) if isolated else marking()]
    try:
        engines = [_load(name, model, threads, isolated=isolated) for model in find_models(models, name)]
    except ImportError as error:
        extra = "torch" if name == "transformers" else "translator"
        raise SetupError(f"the {name} engine is not installed: pip install 'satzstrom[{extra}]'") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise SetupError(f"the {name} engine cannot load its model: {error}") from error
    for engine in engines:
        engine.generate([engine.encode("1")], USUAL)
    return engines


def _load(name: str, model: Model, threads: int, *, isolated: bool) -> Engine:
    make = partial(_make, name, model, threads)
    if not isolated:
        return make()
    encoder: Any
    if name == "ctranslate2":
        from translator.engines.vocabulary import Encoder as encoder  # noqa: N813 (one of two classes)
    else:
        from translator.engines.ids import Encoder as encoder  # noqa: N813 (as above)
    return EngineProcess(make, encoder(model))


def _make(name: str, model: Model, threads: int) -> Engine:
    """Load an engine; runs in its process."""
    if name == "ctranslate2":
        from translator.engines.ctranslate2 import CTranslate2Engine

        return CTranslate2Engine(model, threads)
    from translator.engines.transformers import TransformersEngine

    return TransformersEngine(model, threads)
