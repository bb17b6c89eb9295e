"""Which heads of a CTranslate2 model tell its attention.

`python -m translator.engines.heads FOLDER [COUNT]` says how many of the decoder's last layer count, or sets it: 0 means all.
Translations stay the same.
"""

import struct
import sys
from pathlib import Path

# In `model.bin` a variable is its name with a zero byte, the number of dimensions (none), its type, and its size in bytes.
_NAME = b"decoder/alignment_heads\0"
_HEADER, _VALUE = struct.Struct("<BBI"), struct.Struct("<h")


def read(model: bytes) -> int:
    """Return how many heads count, the first ones; 0: all. Raises `ValueError` where the model does not say."""
    return int(_VALUE.unpack_from(model, _place(model))[0])


def changed(model: bytes, count: int) -> bytes:
    """Return the model with another number of heads. Raises `ValueError` as `read`, and for an impossible number."""
    place = _place(model)
    if not 0 <= count < 1 << 15:
        raise ValueError(f"{count} heads; 0 means all")
    return model[:place] + _VALUE.pack(count) + model[place + _VALUE.size :]


def _place(model: bytes) -> int:
    start = model.find(_NAME)
    header = start + len(_NAME)
    if start < 0 or len(model) < header + _HEADER.size + _VALUE.size:
        raise ValueError("the model does not say which heads tell its attention; convert it with a newer CTranslate2")
    dimensions, _, size = _HEADER.unpack_from(model, header)
    if (dimensions, size) != (0, _VALUE.size):
        raise ValueError("the model says in another way which heads tell its attention")
    return header + _HEADER.size


def main(arguments: list[str]) -> int:
    """Say or set the number of heads; return the exit status."""
    if len(arguments) not in (1, 2) or (len(arguments) > 1 and not arguments[1].isdecimal()):
        sys.stderr.write("usage: python -m translator.engines.heads FOLDER [COUNT]\n")
        return 2
    path = Path(arguments[0]) / "model.bin"
    try:
        model = path.read_bytes()
        if len(arguments) > 1:
            model = changed(model, int(arguments[1]))
            path.write_bytes(model)
        sys.stdout.write(f"{read(model) or 'all'}\n")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
