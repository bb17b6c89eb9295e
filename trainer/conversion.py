"""A trained model in CTranslate2's form."""

import shutil
from pathlib import Path

from pipeline.errors import SetupError
from translator.engines.heads import changed


def convert(hf: Path, into: Path) -> None:
    """Write a model in Hugging Face's form as CTranslate2 int8, with the attention of all heads. Raises `SetupError`."""
    from ctranslate2.converters import TransformersConverter

    try:
        TransformersConverter(str(hf)).convert(str(into), quantization="int8", force=True)
        for name in ("source.spm", "target.spm"):
            shutil.copyfile(hf / name, into / name)
        model = into / "model.bin"
        # Trained without guided alignment, all heads together tell best which word became which.
        model.write_bytes(changed(model.read_bytes(), 0))
    except (OSError, RuntimeError, ValueError) as error:
        raise SetupError(f"{hf} cannot be converted to CTranslate2: {error}") from error
