"""What kind of file a sender has."""

import re
from pathlib import PurePath

from formats.errors import KindError
from formats.table import TEXT, Kind, kind_of, suffixes
from pipeline import signatures

# What people mean as a kind of file: not the number behind a dot, nor the end of a sentence.
_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{0,9}", re.IGNORECASE)
_ANYTHING = ("", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded")
_NAMED = re.compile(r"\((\.\w+)")


def told_kind(name: str, media_type: str = "", head: bytes = b"") -> Kind:
    """Return the kind of a file, by its name, else by its media type, else by its first bytes.

    A file that a sender declares as text/plain is a text, whatever its name. Raises `KindError` for kinds that are not
    translated; it names those that are.
    """
    suffix = PurePath(name).suffix
    # Whatever its length, a suffix that is translated is one.
    named = suffix if _SUFFIX.fullmatch(suffix) or kind_of(name) else ""
    if (found := kind_of(f"x{named}", media_type)) is not None:
        return found
    if media_type == "text/plain":
        return TEXT
    known = signatures.kind_of(head)
    if not named and media_type in _ANYTHING:
        # Of those that are told by their bytes, the name says the suffix.
        by_bytes = _NAMED.search(known or "")
        return (by_bytes and kind_of(f"x{by_bytes[1]}")) or TEXT
    what = f"files of the kind {named.lower()}" if named else f"files of the type {media_type}"
    raise KindError(f"{what} are not translated; send {', '.join(suffixes())}, or a text declared as text/plain")
