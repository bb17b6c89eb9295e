"""The weights of a model in Hugging Face's form, read with nothing but numpy."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import SetupError
from translator.models.convert import pickled

Array = npt.NDArray[np.float32]

# How safetensors names its types, and how they lie in the file; numpy has no bfloat16.
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "U8": "u1", "BOOL": "u1"}
# A header of the largest models has a few hundred kilobytes.
_LONGEST_HEADER = 100_000_000
_SIZE = 8


class Weights:
    """The tensors of a model by name, each read when it is asked for."""

    def __init__(self, tensors: Mapping[str, Callable[[], Array]], where: Path) -> None:
        """`where` they are, for messages."""
        self._tensors = tensors
        self._where = where

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def read(self, *names: str) -> Array:
        """Return the first of these tensors that is there. Raises `SetupError` if none is, or its file is damaged."""
        for name in names:
            if name in self._tensors:
                return self._tensors[name]()
        raise SetupError(f"the weights in {self._where} have no {' or '.join(names)}: they do not fit its config.json")


def read_weights(folder: Path) -> Weights:
    """Find the weights in a folder: safetensors before PyTorch's own form, in one file or several.

    Raises `SetupError` where there are none, or a file is damaged.
    """
    for name, reader in (("model.safetensors", _read_safetensors), ("pytorch_model.bin", pickled.read)):
        index = folder / f"{name}.index.json"
        if index.is_file():
            paths = [folder / part for part in _parts(index)]
        elif (folder / name).is_file():
            paths = [folder / name]
        else:
            continue
        tensors: dict[str, Callable[[], Array]] = {}
        for path in paths:
            if not path.is_file():
                raise SetupError(f"{index} names {path.name}, which is missing; get the model again")
            tensors |= reader(path)
        return Weights(tensors, folder)
    raise SetupError(f"{folder} has no weights: model.safetensors or pytorch_model.bin")


def _parts(index: Path) -> list[str]:
    try:
        names = sorted(set(json.loads(index.read_bytes())["weight_map"].values()))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise SetupError(f"{index} cannot be read: {error!r}") from None
    for name in names:
        if not isinstance(name, str) or Path(name).name != name:
            raise SetupError(f"{index} names a file outside of its folder: {name}")
    return names


def _read_safetensors(path: Path) -> dict[str, Callable[[], Array]]:
    """Return the tensors of a file, which begins with the length of a JSON header that says where each of them lies."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_SIZE), "little")
        if not 1 < length <= min(_LONGEST_HEADER, size - _SIZE):
            raise SetupError(f"{path} is cut off, or no safetensors file; get the model again")
        header = file.read(length)
    try:
        entries: dict[str, Any] = json.loads(header)
        entries.pop("__metadata__", None)
        return {name: _tensor(path, name, entry, _SIZE + length, size) for name, entry in entries.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{path} cannot be read: {error!r}") from None


def _tensor(path: Path, name: str, entry: dict[str, Any], start: int, size: int) -> Callable[[], Array]:
    form, shape = str(entry["dtype"]), tuple(int(length) for length in entry["shape"])
    first, last = (int(place) for place in entry["data_offsets"])
    if start + last > size:
        raise SetupError(f"{path} is cut off: it ends before {name} does; get the model again")
    count = int(np.prod(shape, dtype=np.int64))

    def read() -> Array:
        if form not in _TYPES:
            raise SetupError(
                f"{path}: {name} is {form}, which cannot be read; take float32, float16 or bfloat16 weights"
            )
        kind = np.dtype(_TYPES[form])
        if min(shape, default=0) < 0 or first < 0 or last - first != count * kind.itemsize:
            raise SetupError(f"{path} is damaged: {name} has another size than it says")
        raw = np.fromfile(path, kind, count, offset=start + first).reshape(shape)
        return pickled.from_bfloat16(raw) if form == "BF16" else raw.astype(np.float32, copy=False)

    return read
