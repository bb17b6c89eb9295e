"""Weights in PyTorch's own form, read without PyTorch: pickles, of which nothing is run but what tensors need."""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import SetupError

Array = npt.NDArray[np.float32]

_BFLOAT16 = "BFloat16Storage"
_TYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    _BFLOAT16: "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "BoolStorage": "u1",
    "ByteStorage": "u1",
}
# What files begin with that were written by PyTorch before 1.6.
_MAGIC = 0x1950A86A20F9469CFC6C
_COUNT = 8


@dataclass(frozen=True)
class _Storage:
    key: str
    kind: str


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def read(path: Path) -> dict[str, Callable[[], Array]]:
    """Return the tensors of a file by name. Raises `SetupError` where it is damaged, or holds more than weights."""
    try:
        if zipfile.is_zipfile(path):
            found, load = _read_zip(path)
        else:
            found, load = _read_old(path)
    except SetupError:
        raise
    except Exception as error:  # noqa: BLE001 (a damaged pickle raises whatever it comes upon)
        raise SetupError(f"{path} is cut off or damaged ({error!r}); get the model again") from None
    if not isinstance(found, dict):
        raise SetupError(f"{path} holds no weights by name, but {type(found).__name__}")
    return {name: _reader(path, name, one, load) for name, one in found.items() if isinstance(one, _Tensor)}


def from_bfloat16(raw: npt.NDArray[Any]) -> Array:
    """Return numbers of which `raw` has the upper halves."""
    wide = raw.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)


def _reader(
    path: Path, name: str, tensor: _Tensor, load: Callable[[_Storage], npt.NDArray[Any]]
) -> Callable[[], Array]:
    def read_one() -> Array:
        count, contiguous = 1, []
        for length in reversed(tensor.shape):
            contiguous.append(count)
            count *= length
        if tuple(reversed(contiguous)) != tensor.stride and count > 1:
            raise SetupError(f"{path}: {name} is not stored row by row; save the model again as safetensors")
        data = load(tensor.storage)[tensor.offset : tensor.offset + count]
        if len(data) != count:
            raise SetupError(f"{path} is damaged: {name} is shorter than it says; get the model again")
        data = data.reshape(tensor.shape)
        return from_bfloat16(data) if tensor.storage.kind == _BFLOAT16 else data.astype(np.float32)

    return read_one


def _read_zip(path: Path) -> tuple[Any, Callable[[_Storage], npt.NDArray[Any]]]:
    with zipfile.ZipFile(path) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("/data.pkl")]
        with archive.open(name) as file:
            found = _Unpickler(file, path).load()
    folder = name.removesuffix("data.pkl")

    def load(storage: _Storage) -> npt.NDArray[Any]:
        try:
            with zipfile.ZipFile(path) as archive:
                return np.frombuffer(archive.read(f"{folder}data/{storage.key}"), _TYPES[storage.kind])
        except (KeyError, zipfile.BadZipFile, ValueError) as error:
            raise SetupError(f"{path} is damaged ({error}); get the model again") from None

    return found, load


def _read_old(path: Path) -> tuple[Any, Callable[[_Storage], npt.NDArray[Any]]]:
    """Read the form before PyTorch 1.6: pickles one after another, and behind them the numbers of each storage."""
    with path.open("rb") as file:
        if _Unpickler(file, path).load() != _MAGIC:
            raise SetupError(f"{path} is no PyTorch file")
        for _version_and_machine in range(2):
            _Unpickler(file, path).load()
        unpickler = _Unpickler(file, path)
        found = unpickler.load()
        places: dict[str, tuple[int, int]] = {}
        for key in _Unpickler(file, path).load():
            count = int.from_bytes(file.read(_COUNT), "little")
            places[key] = file.tell(), count
            file.seek(count * np.dtype(_TYPES[unpickler.kinds[key]]).itemsize, 1)
        if file.tell() > path.stat().st_size:
            raise SetupError(f"{path} is cut off; get the model again")

    def load(storage: _Storage) -> npt.NDArray[Any]:
        offset, count = places[storage.key]
        return np.fromfile(path, _TYPES[storage.kind], count, offset=offset)

    return found, load


class _Unpickler(pickle.Unpickler):
    """Makes dictionaries of tensors, and nothing else: what a pickle wants to be called beside that is refused."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        super().__init__(file)
        self._path = path
        self.kinds: dict[str, str] = {}

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for a name in the pickle."""
        if module == "torch" and name in _TYPES:
            return name
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
            ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
        }
        if (module, name) not in known:
            raise SetupError(
                f"{self._path} holds more than weights ({module}.{name}), which is not run; take a model.safetensors"
            )
        return known[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        """Return the storage that an entry speaks of."""
        _, kind, key, *_ = pid
        self.kinds[key] = kind
        return _Storage(key, kind)


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any
) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(stride))


def _rebuild_parameter(tensor: _Tensor, *_: Any) -> _Tensor:
    return tensor
