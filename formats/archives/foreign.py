"""Files that are something else than they should be, told apart so that people know what to do."""

import io
from typing import BinaryIO

from formats.errors import DocumentError, EmptyFileError
from pipeline import signatures

_CHUNK = 1 << 20
# Names in a compound file, by what it then is and what helps.
_IN_COMPOUND = (
    ("EncryptedPackage", "the file is locked with a password; open it, save it without one, and send that"),
    ("WordDocument", "this is a document of Word 97–2003 (.doc); save it as .docx, and send that"),
    ("PowerPoint Document", "this is a presentation of PowerPoint 97–2003 (.ppt); save it as .pptx, and send that"),
    ("Workbook", "this is a workbook of Excel 97–2003 (.xls); save it as .xlsx, and send that"),
    ("__substg1.0_", "this is a message of Outlook (.msg); save its text or what is attached to it, and send that"),
)


def refuse(file: BinaryIO, kind: str) -> None:
    """Raise `DocumentError` if a file is no zip archive, which `kind` is: it says what it is, and what to do."""
    file.seek(0)
    head = file.read(1024)
    if head.startswith(signatures.ZIP):
        return
    if not head:
        raise EmptyFileError
    if head.startswith(signatures.COMPOUND):
        raise DocumentError(_in_compound(file, kind))
    if head.startswith(signatures.EMPTY_ZIP):
        raise DocumentError(f"the file is an archive with nothing in it, and no {kind.partition(' ')[2]}")
    if (what := signatures.kind_of(head)) is not None:
        raise DocumentError(
            f"this is {what}, not {kind}; give it the name it should have, or save it as what it is to be"
        )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise DocumentError(
            f"this is a single XML file, not {kind}; open it with the program that it was made with, and save it as {kind}"
        )
    raise DocumentError(
        f"this is not {kind}, whatever its name says; send a plain text as .txt, or save it as {kind} with the program that "
        "it was made with"
    )


def _in_compound(file: BinaryIO, kind: str) -> str:
    names = [(name.encode("utf-16-le"), message) for name, message in _IN_COMPOUND]
    found: set[str] = set()
    file.seek(0, io.SEEK_SET)
    before = b""
    while chunk := file.read(_CHUNK):
        window = before + chunk
        found.update(message for name, message in names if name in window)
        before = chunk[-64:]
    return next(
        (message for _, message in names if message in found),
        f"this is a file of an old office program, not {kind}; save it in a format of today, and send that",
    )
