"""What in a string is language, and where its lines part texts."""

import re
from collections.abc import Iterator

from formats.strings.codes import Code

LINE = re.compile(r"\r\n|[\n\r]")
_INDENTED = re.compile(r"(?<![ \t\r\n])[ \t]*+[\r\n]++[ \t][ \t\r\n]*+")
_LETTER = re.compile(r"[^\W\d_]")
# Addresses, names of files and resources, names that programs use.
_CODE = re.compile(
    r"(?i:[a-z][a-z0-9+.-]{1,20}://\S*+|www\.\S*+|mailto:\S*+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})++)"
    r"|(?:[.~]{0,2}/)?(?:[\w@.-]{1,64}/)++[\w.-]{0,64}\.\w{1,5}|/[\w./-]*+|[A-Za-z]:\\\S*+|[@#?][\w.:/-]*+"
    r"|[a-z]++(?:[A-Z][a-z]*+)++|[a-z]++(?:\.[a-z]++)++|[a-z]{2,3}[-_][A-Z]{2}"
)
# In one word of plain letters these mean that a program or a catalogue gave the name.
_GIVEN = re.compile(r"[\d_]")
_SPACE = re.compile(r"\s")
_PLACEHOLDER = re.compile(
    r"\{\{[^{}]{0,100}\}\}|\$?\{[^{}\s]{0,100}\}|%#@\w{1,60}@|%\(?\w{0,60}\)?[-+ #0]?[\d.$]*[a-zA-Z@]|\$t\([^()]{0,100}\)"
)
_GOES_ON = re.compile(r"[^\W\d_]|[„“\"'(\[]")
_ENDS = re.compile(r"[.!?…:;]['\"“”’»)\]]*+$")
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[,–—-]?$")


def is_prose(text: str) -> bool:
    """Whether a string is language: it has letters, and is no address, code, number or placeholder alone."""
    text = text.strip()
    if not _LETTER.search(text) or _CODE.fullmatch(text):
        return False
    if text.isascii() and _GIVEN.search(text) and not _SPACE.search(text):
        return False
    return bool(_LETTER.search(_PLACEHOLDER.sub("", text)) or re.search(r"\{[^{}]{1,60},", text))


def goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on over the break between two lines.

    So it does if the next line begins with a small letter, or the line before ends with a comma or a word in small letters:
    the lines of an address or a list begin with capitals.
    """
    before, after = before.rstrip(), after.lstrip()
    if not before or not after or _ENDS.search(before) or not _GOES_ON.match(after):
        return False
    last = _LAST_WORD.search(before)
    return (
        after[0].islower() or before.endswith(",") or bool(last and last[1][0].islower() and len(before) > len(last[1]))
    )


def lines(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the lines of a string, each with the break behind it and whether its sentence goes on behind that."""
    position = 0
    found = list(LINE.finditer(text))
    for number, one in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        line = text[position : one.start()]
        yield line, one.group(), goes_on(line, text[one.end() : end])
        position = one.end()
    yield text[position:], "", False


def broken(text: str, *, joined: bool = False) -> Iterator[str | Code]:
    """Yield a string with its line breaks as codes: inside a sentence, or where one text ends and another one begins.

    `joined`: breaks with space behind them are the file's own, and one blank to a reader.
    """
    if joined:
        text = _INDENTED.sub(" ", text)
    for line, break_, on in lines(text):
        yield line
        if break_:
            yield Code("line" if on else "part", break_)
