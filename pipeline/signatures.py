"""Kinds of files that are not text, told by their first bytes: the one place that knows such bytes."""

import re

from pipeline.errors import FormatError

ZIP = b"PK\x03\x04"
"""What an archive with something in it begins with."""
EMPTY_ZIP = b"PK\x05\x06"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What files of old office programs, and those of today with a password, begin with."""
_OPENDOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
# Of two that fit the first one counts.
_ARCHIVES = (
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"ppt/", "a PowerPoint presentation (.pptx)"),
    (_OPENDOCUMENT + b"text-template", "a template of OpenDocument texts (.ott)"),
    (_OPENDOCUMENT + b"text-master", "an OpenDocument master document (.odm)"),
    (_OPENDOCUMENT + b"text-web", "an OpenDocument web page (.oth)"),
    (_OPENDOCUMENT + b"text", "an OpenDocument text (.odt)"),
    (_OPENDOCUMENT + b"presentation-template", "a template of OpenDocument presentations (.otp)"),
    (_OPENDOCUMENT + b"presentation", "an OpenDocument presentation (.odp)"),
    (_OPENDOCUMENT + b"spreadsheet-template", "a template of OpenDocument spreadsheets (.ots)"),
    (_OPENDOCUMENT + b"spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    (_OPENDOCUMENT + b"graphics-template", "a template of OpenDocument drawings (.otg)"),
    (_OPENDOCUMENT + b"graphics", "an OpenDocument drawing (.odg)"),
    (_OPENDOCUMENT, "an OpenDocument file"),
    (b"mimetypeapplication/epub+zip", "an EPUB book (.epub)"),
    (b"Index/Document.iwa", "a Pages document"),
    (b"META-INF/", "a Java archive (.jar)"),
)
_BEGINNINGS = (
    (rb"%PDF-", "a PDF document (.pdf)"),
    (rb"\{\\rtf", "an RTF document (.rtf)"),
    (re.escape(COMPOUND), "an Office file of before 2007, or one with a password (.doc, .xls, .ppt)"),
    (rb"%!PS", "a PostScript document"),
    (rb"AT&TFORM", "a DjVu document"),
    (rb".{60}BOOKMOBI", "a Kindle book (.mobi)"),
    (rb"\x89PNG\r\n\x1a\n", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF....WEBP", "a WebP image"),
    (rb"RIFF....(?:WAVE|AVI )", "a sound or a film"),
    (rb"BM....\x00\x00\x00\x00", "a BMP image"),
    (rb"II\*\x00|MM\x00\*", "a TIFF image"),
    (rb"\x00\x00\x01\x00.\x00", "an icon (.ico)"),
    (rb"\x00\x00\x00.ftyp(?:heic|heix|mif1|avif)", "a HEIC or AVIF image"),
    (rb"\x00\x00\x00.ftyp", "a film or a sound (.mp4)"),
    (rb"ID3[\x02-\x04]\x00|\xff\xfb[\x50-\xe0]|OggS\x00|fLaC\0|\x1aE\xdf\xa3", "a sound or a film"),
    (re.escape(EMPTY_ZIP) + rb"|PK\x07\x08", "a ZIP archive"),
    (rb"\x1f\x8b\x08", "a gzip archive (.gz)"),
    (rb"BZh[1-9]1AY&SY", "a bzip2 archive (.bz2)"),
    (rb"\xfd7zXZ\x00", "an xz archive (.xz)"),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard archive (.zst)"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive (.7z)"),
    (rb"Rar!\x1a\x07", "a RAR archive (.rar)"),
    (rb".{257}ustar", "a tar archive (.tar)"),
    (rb"\x7fELF|MZ.{2,400}PE\x00\x00|MZ.{40,200}This program|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|\x00asm", "a program"),
    (rb"SQLite format 3\x00", "an SQLite database"),
    (rb"PAR1", "a Parquet file"),
    (rb"wOF[F2]|\x00\x01\x00\x00\x00|OTTO\x00", "a font"),
    (rb"bplist00", "a property list"),
)
_KINDS = [(re.compile(pattern, re.DOTALL), name) for pattern, name in _BEGINNINGS]


def refuse_binary(head: bytes) -> None:
    """Raise `FormatError` if the first bytes of a file (a few kilobytes) are those of a kind that is not text."""
    if (kind := kind_of(head)) is not None:
        raise FormatError(kind)


def kind_of(head: bytes) -> str | None:
    """Return what kind of file begins so, with its usual suffixes in brackets; None for what may be text."""
    if head.startswith(ZIP):
        return next((name for inside, name in _ARCHIVES if inside in head), "a ZIP archive")
    return next((name for pattern, name in _KINDS if pattern.match(head)), None)
