"""What senders attach to their documents."""

import math
from typing import Any

import msgspec

from pipeline.errors import InputError

LIMIT = 16 * 1024
DEEPEST = 20


def check(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return `metadata` if the store can keep it.

    Raises `InputError` if it is larger than 16 KiB, nested deeper than 20, has a NUL in a name, an integer of more than
    64 bits, or NaN or an infinite number, which JSON does not have.
    """
    # Before it is written for its size: writing takes a level of the stack for each level of nesting.
    _check(metadata, 0)
    size = len(msgspec.json.encode(metadata))
    if size > LIMIT:
        raise InputError(f"metadata has {size} bytes; at most {LIMIT} are kept")
    return metadata


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise InputError(f"metadata is nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        for name, inner in value.items():
            if "\0" in name:
                raise InputError(f"metadata has a NUL character in the name {name!r}")
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise InputError(f"metadata has a number of more than 64 bits, with {value.bit_length()}")
    elif isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"metadata has a number that JSON cannot write: {value}")
