"""Cursors: where a page ended, bound to the order that the page was in."""

import base64
import binascii
import json

import msgspec

from pipeline.errors import InputError


def write_cursor(order: str, *place: str) -> str:
    """Return the cursor of a place in an order; both are given back by `read_cursor`."""
    return base64.urlsafe_b64encode(json.dumps([order, *place]).encode()).decode()


def read_cursor(order: str, cursor: str, length: int) -> list[str]:
    """Return the place of `length` values that a cursor stands for.

    Raises `InputError` for a cursor of another order, and for one that no page gave.
    """
    try:
        # Half of a surrogate pair, which cannot be stored or written, is no JSON here.
        found = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not (isinstance(found, list) and found and all(isinstance(value, str) for value in found)):
        raise InputError("the cursor is not one that a page gave; start without it")
    if found[0] != order:
        raise InputError(
            f"the cursor belongs to pages in the order {found[0][:40]!r}, and these are in the order {order!r}; "
            "start without it, or ask for the order that it came from"
        )
    if len(found) != length + 1:
        raise InputError("the cursor is not one that a page gave; start without it")
    return found[1:]
