"""A model's weights as files of at most 15 MB: int8 rows with a scale each, as far as they count in an int8 model.

Joined they are an .npz of numpy. That is a quarter of what the weights take in memory, and no file is too large to be
carried away.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import SetupError
from trainer.files import write_whole

Arrays = dict[str, npt.NDArray[Any]]
REPORT, HELD_OUT = "report.json", "held-out.tsv"
LARGEST = 15_000_000
_SCALE = "/scale"


def write(folder: Path, weights: Arrays, report: Mapping[str, Any]) -> None:
    """Write `weights.00`, `weights.01` and so on in place of those that were there, and a report with the SHA-256 of all.

    Raises `SetupError`.
    """
    file = io.BytesIO()
    np.savez(file, **_packed(weights))  # type: ignore[arg-type]  # names are no settings of it
    content = file.getvalue()
    for number, start in enumerate(range(0, len(content), LARGEST)):
        write_whole(folder / f"weights.{number:02}", content[start : start + LARGEST])
    whole = {"sha256": hashlib.sha256(content).hexdigest(), **report}
    write_whole(folder / REPORT, json.dumps(whole, indent=1).encode())


def read(folder: Path, digest: str) -> Arrays:
    """Return the weights in a folder. Raises `SetupError` if they are not those with this SHA-256."""
    paths = sorted(folder.glob("weights.[0-9][0-9]"))
    try:
        content = b"".join(path.read_bytes() for path in paths)
    except OSError as error:
        raise SetupError(f"{error.filename} cannot be read ({error.strerror})") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise SetupError(
            f"{folder}: the {len(paths)} files weights.* are not those that its report tells of; bring all of them again"
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return {
        name: value.astype(np.float32) * arrays[name + _SCALE] if name + _SCALE in arrays else value
        for name, value in arrays.items()
        if not name.endswith(_SCALE)
    }


def _packed(weights: Arrays) -> Arrays:
    arrays: Arrays = {}
    for name, value in weights.items():
        if value.ndim == 2:
            scale = np.maximum(np.abs(value).max(1, keepdims=True), 1e-8) / 127
            arrays[name], arrays[name + _SCALE] = np.rint(value / scale).astype(np.int8), scale.astype(np.float32)
        else:
            arrays[name] = value
    return arrays
