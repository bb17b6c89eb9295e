"""Bytes into text: which encoding they are in, for every way on which files come in.

A byte order mark decides. Else what the sender states; else what the transport declares (`charset` of a Content-Type); else
what the file itself declares (an XML declaration, HTML's `meta`); else it is UTF-8, strictly. Only for `DETECT` is it
guessed, and only where it is not UTF-8. Files that are not text are refused by name, whatever is said of them.
"""

import codecs
import re

from pipeline.errors import EncodingError, FormatError, InputError
from pipeline.signatures import refuse_binary

DETECT = "detect"
"""Stated in place of an encoding: find it out."""

_HEAD = 4096
"""Bytes that are looked at before any text is given out."""
_SAMPLE = 128 * 1024
"""Bytes that an encoding is guessed from."""

# Python's names of encodings in which texts are written. It has others: for host names (punycode, idna), for program
# text, for e-mail from before 1998 (utf-7), for bytes; some of them take time for the square of what they read.
_ENCODINGS = re.compile(
    r"utf-8(-sig)?|utf-(16|32)(-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|tis-620|ptcp154|kz1048|hp-roman8|big5(hkscs)?"
    r"|gb2312|gbk|gb18030|hz|shift_jis(_2004|x0213)?|euc_(jp|jis_2004|jisx0213|kr)|iso2022_(jp(_1|_2|_2004|_3|_ext)?|kr)|johab"
)
# The longer mark first: UTF-32's begins as UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML = re.compile(rb"\s{0,20}<\?xml\s[^<>]{0,200}?\sencoding\s{0,5}=\s{0,5}[\"']([A-Za-z0-9._:-]{1,40})")
_META = re.compile(rb"(?i)<meta\s[^<>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?([a-z0-9._:-]{1,40})")
_GUESSED = [
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "iso8859_2",
        "iso8859_5",
        "iso8859_7",
    ),
    *("koi8_r", "koi8_u", "cp437", "cp850", "cp852", "cp866", "mac_roman", "cp874", "cp932", "euc_jp", "iso2022_jp"),
    *("gb18030", "big5", "cp949"),
]
"""What texts without any mark are in; of the many others some would often seem to fit better."""
_BROWSERS = {
    "mac-roman": "macintosh", "cp932": "shift_jis", "shift_jis_2004": "shift_jis", "cp949": "euc-kr", "euc_kr": "euc-kr",
    "euc_jp": "euc-jp", "cp950": "big5", "cp866": "ibm866", "gb2312": "gbk", "iso2022_jp": "iso-2022-jp",
}  # fmt: skip
# Characters that no text has, but a binary file has many of.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class TextDecoder:
    """Turns chunks of bytes into text, and names the byte where it cannot.

    Raises `EncodingError` and `FormatError` from `feed` and `finish`, `InputError` for what is no encoding of texts.
    """

    def __init__(self, stated: str | None = None, *, declared: str | None = None) -> None:
        """`stated`: by the sender, or `DETECT`; `declared`: by the transport."""
        self._detecting = (stated or "").lower() == DETECT
        self._stated = _name(stated) if stated and not self._detecting else None
        self._declared = _as_browsers(_name(declared)) if declared and not stated else None
        self._head = bytearray()
        self._decoder: codecs.IncrementalDecoder | None = None
        self._fed = 0
        self.encoding = ""
        """What the text is read as; nothing until that is decided."""

    def feed(self, chunk: bytes) -> str:
        """Decode `chunk`; what is not certain yet (a character, or the encoding) waits for the next one."""
        if self._decoder is not None:
            return self._decode(chunk)
        self._head += chunk
        return self.begin() if len(self._head) >= (_SAMPLE if self._detecting else _HEAD) else ""

    def finish(self) -> str:
        """Decode what is left; raises if the text ends within a character."""
        begun = "" if self._decoder is not None else self.begin()
        return begun + self._decode(b"", final=True)

    def begin(self) -> str:
        """Decide by what was fed so far, and decode it."""
        head = bytes(self._head)
        self._head.clear()
        refuse_binary(head[:_HEAD])
        mark, marked = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))
        if head.startswith(codecs.BOM_UTF8):
            marked = "utf-8"
        name = marked or self._stated or self._declared or _declared_within(head[:_HEAD]) or self._unsaid(head)
        self.encoding = name
        self._decoder = codecs.getincrementaldecoder(name)("strict")
        self._fed = len(mark)
        text = self._decode(head[len(mark) :])
        if not name.startswith("utf") and 20 * len(_CONTROLS.findall(text, 0, _HEAD)) > len(text[:_HEAD]):
            raise FormatError("a binary file")
        return text

    def _unsaid(self, head: bytes) -> str:
        """Return the encoding of a text of which nobody says it."""
        wide = _wide(head[:_HEAD])
        if not self._detecting:
            if wide:
                raise EncodingError(
                    "utf-8", head.index(0), f"a zero, of which {wide} without a byte order mark has many"
                )
            return "utf-8"
        if wide:
            return wide
        try:
            codecs.getincrementaldecoder("utf-8")("strict").decode(head)
        except UnicodeDecodeError as error:
            if guess := _guess(head):
                return guess
            raise EncodingError("utf-8", error.start, error.reason) from None
        return "utf-8"

    def _decode(self, chunk: bytes, *, final: bool = False) -> str:
        assert self._decoder is not None
        waiting = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk, final)
            # Some encodings can write half of a surrogate pair, which is no character.
            text.encode()
        except UnicodeDecodeError as error:
            raise EncodingError(self.encoding, self._fed - waiting + error.start, error.reason) from None
        except UnicodeError as error:
            raise EncodingError(self.encoding, self._fed - waiting, str(error)) from None
        self._fed += len(chunk)
        return text


def told(head: bytes, stated: str | None) -> str:
    """Return what a file that begins so is read as. Raises as `TextDecoder` does."""
    decoder = TextDecoder(stated)
    decoder.feed(head.ljust(1))
    if not decoder.encoding:
        decoder.begin()
    return decoder.encoding


def browser_name(encoding: str) -> str:
    """Return the name by which browsers know an encoding."""
    if encoding in _BROWSERS:
        return _BROWSERS[encoding]
    if encoding.startswith(("cp125", "cp874")):
        return f"windows-{encoding[2:]}"
    return encoding.replace("iso8859", "iso-8859").replace("-le", "le").replace("-be", "be")


def decode_declared(data: bytes, declared: str | None) -> str:
    """Return the text of bytes as the transport declares them, UTF-8 if it does not; whatever they look like.

    Raises `EncodingError`, `InputError` for what is no encoding of texts.
    """
    name = _as_browsers(_name(declared)) if declared else "utf-8"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise EncodingError(name, error.start, error.reason) from None


def _name(encoding: str) -> str:
    """Return Python's name of an encoding of texts. Raises `InputError` for what is none."""
    try:
        found = codecs.lookup(encoding.strip()).name
        if not _ENCODINGS.fullmatch(found):
            raise LookupError(encoding)
    except (LookupError, ValueError):
        raise InputError(
            f"{encoding[:40]!r} is no encoding of texts that is known; use a name such as utf-8, iso-8859-1 or gb18030"
        ) from None
    return found


def _as_browsers(name: str) -> str:
    """Return what a declared encoding means: Windows programs declare Latin-1 and write their own superset of it."""
    return "cp1252" if name == "iso8859-1" else name


def _declared_within(head: bytes) -> str | None:
    """Return the encoding that the first tags of an XML or HTML file declare. Raises `InputError` for an unknown one."""
    found = (_XML.match(head) or _META.search(head)) if head.lstrip().startswith(b"<") else None
    if found is None:
        return None
    name = _as_browsers(_name(found[1].decode("ascii")))
    # It could be read, so it is not that.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def _wide(head: bytes) -> str | None:
    """Return the encoding of text whose characters have two or four bytes, most of them zeros, and no mark."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or len(head) < 4:
        return None
    size, zeros = (32, head[::4].count(0)) if min(even, odd) * 8 > len(head) else (16, even)
    return f"utf-{size}-{'be' if zeros * size > len(head) * 4 else 'le'}"


def _guess(head: bytes) -> str | None:
    """Return the encoding that a text which is not UTF-8 is most likely in; None if none is likely."""
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=_GUESSED).best()
    if best is None:
        return None
    # The most common one of those that give the same text.
    name = "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding
    try:
        return _name(name)
    except InputError:
        return None
