"""The bytes of a page as text, and text as such bytes again."""

import codecs
import re
from typing import NamedTuple

from pipeline.encodings import TextDecoder

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LATIN = re.compile(rb"(?i)iso-?8859-1[\"'\s;>]")
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_HEAD = 4096


class Text(NamedTuple):
    """A text with the encoding it was read from, and the mark that stood before it."""

    text: str
    encoding: str
    mark: bytes


def decoded(content: bytes, stated: str | None) -> Text:
    """Return the text of a page: by its mark, as stated, or as it declares itself. Raises as `TextDecoder` does."""
    decoder = TextDecoder(stated)
    text = decoder.feed(content) + decoder.finish()
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    if mark == codecs.BOM_UTF8:
        # It is a character to the decoder; of the other encodings it takes the mark itself.
        text = text.removeprefix("\ufeff")
    encoding = decoder.encoding
    if encoding == "cp1252" and _LATIN.search(content[:_HEAD]) and not _WINDOWS.search(content):
        # It is what it says: to readers of XML the other encoding's further characters would be none.
        encoding = "iso8859-1"
    return Text(text, encoding, mark)


def encoded(text: str, encoding: str) -> bytes:
    """Return text as bytes; characters that the encoding does not have are written as references."""
    return text.encode(encoding, "xmlcharrefreplace")
