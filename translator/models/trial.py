"""Whether a model that was just brought works."""

from pathlib import Path

from pipeline.errors import SatzstromError, SetupError
from translator.engines import USUAL
from translator.engines.loading import find
from translator.engines.pool import EnginePool
from translator.models.folder import read

_SENTENCE = "1 + 1 = 2."


def try_out(folder: Path) -> None:
    """Translate a sentence with a model that lies alone in its parent folder, for each of its pairs.

    In a process of its own: a file with wrong weights can end the process that loads it. Raises `SetupError`.
    """
    forms = read(folder / "model.json").folders
    if "ctranslate2" not in forms:
        # PyTorch may not be here, where the model is only brought.
        return
    pool = EnginePool()
    try:
        for one in find("ctranslate2", folder.parent, threads=1):
            pool.add(one)
        for engine in pool.engines:
            made = engine.generate([engine.encode(_SENTENCE)], USUAL)
            if made[0].failure:
                raise SetupError(made[0].failure)
    except SatzstromError as error:
        raise SetupError(f"the model does not work, and was removed: {error}") from None
    finally:
        pool.stop()
