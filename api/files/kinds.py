"""What kind of file a sender has."""

import re
from pathlib import PurePath

from formats.errors import KindError
from formats.table import TEXT, Kind, kind_of, refusal, saved_as
from pipeline import signatures

# What people mean as a kind of file: not the number behind a dot, nor the end of a sentence.
_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{0,9}", re.IGNORECASE)
_ANYTHING = ("", "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded")
_NAMED = re.compile(r"[(,] ?(\.\w+)")


def told_kind(name: str, media_type: str = "") -> Kind | None:
    """Return the kind of a file by its name, else by its media type; None: its first bytes have to tell it.

    A file that a sender declares as text/plain is a text, whatever its name. Raises `KindError` for kinds that are not
    translated; it says what to save the file as, or which kinds there are.
    """
    suffix = PurePath(name).suffix
    # Whatever its length, a suffix that is translated is one.
    named = suffix if _SUFFIX.fullmatch(suffix) or kind_of(name) else ""
    if (found := kind_of(f"x{named}", media_type)) is not None:
        return found
    if media_type == "text/plain":
        return TEXT
    if not named and media_type in _ANYTHING:
        return None
    raise refusal(named.lower(), media_type)


def kind_by_bytes(head: bytes) -> Kind:
    """Return the kind of a file by its first bytes; what is none that is translated is to be read as a text.

    Raises `KindError` where that could be saved as what is translated.
    """
    known = signatures.kind_of(head) or ""
    named = _NAMED.findall(known)
    if (kind := kind_of(f"x{''.join(named[:1])}")) is not None:
        return kind
    if wanted := saved_as(*named):
        raise KindError(f"this is {known}, which is not translated; {wanted}")
    return TEXT
