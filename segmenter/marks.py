"""What stands in a line beside its words: markers of items before them, rules and leaders between them, signs behind them.

All of it is layout. It stays where it is, and no sentence has it.
"""

import re
from collections.abc import Iterator, Sequence

from segmenter.abbreviations import AFTER_ORDINAL
from segmenter.lines import Line

# Bullets, arrows, check marks, stars, emoji, and what a word processor's symbol font leaves of them.
_SIGNS = (
    "\u2022\u2023\u2043\u204c\u204d\u2219\u00b7\u00a4\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff\ufe0f\u200d"
)
INVISIBLE = "\ufeff\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\u00ad\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f"
"""Characters that nobody sees, as members of a class."""
_NUMBER = rf"""(?:
    \(?\d{{1,3}}[.)](?!\s+(?:{"|".join(AFTER_ORDINAL)})\b)
  | \d{{1,3}}(?:\.\d{{1,2}}(?!\d))+[.)]?(?!\s+(?:Uhr|h|EUR|Euro|CHF|€|%)(?!\w))
  | \(?[a-zA-Z]\) | \(?[ivxIVX]{{1,5}}\) | [IVX]{{1,4}}\. | [ivx]{{1,4}}\.(?=\s+[A-ZÄÖÜ][a-zäöüß])
  | \[(?:\d{{1,3}}|[A-Za-z]|\^[\w-]{{1,20}})\]:?
)"""
# What begins an item wherever it stands, and what may as well be a part of a sentence that goes on in the next line.
_STRONG = rf"""(?:[{_SIGNS}]+|\*{{1,5}}|\+|\.{{1,2}}|\#{{1,6}}|={{1,6}}|\[[\ xX]?\]|\[![\w-]{{1,20}}\][+-]?|<\d{{1,2}}>
  |:{{3,}}\s?[\w-]{{0,30}}|[-=]{{1,2}}>|\(\ \)|o(?=\t|\s{{2}}))"""
_WEAK = rf"(?:[-–—\u2212]|{_NUMBER})"
# Colours of a terminal.
_COLOUR = r"\x1b\[[\d;]{0,20}[A-Za-z]"
_MARKER = re.compile(rf"(?x)\A[\s{INVISIBLE}]*+(?:(?:{_STRONG}|{_WEAK})\s+(?=\S)|[{_SIGNS}]+\s*|{_COLOUR}){{1,4}}")
_IS_STRONG = re.compile(rf"(?x)\A[\s{INVISIBLE}]*+(?:[{_SIGNS}]|{_STRONG}\s)")
# Strokes in here are filters of a template, no edges of cells.
_TEMPLATE = re.compile(r"\{\{(?![#^/])[^{}\n]{1,300}\}\}")
# Between the cells of a line: tabs, boxes, strokes, leaders, rules, blanks to fill in.
_GAP = re.compile(
    r"""(?x)(?:\t|[\u2500-\u259f]|(?<=\s)[|¦](?!\S)|(?<=[.!?…,])\|(?=[\w-])|(?<!\S)[•·‧∙](?!\S)|\.{5,}|(?<=\s)\.{4,}(?!\S)
        |(?:\.\ ){4,}|…{2,}|\.{2,}(?:/\.{2,})+|_{3,}|_{2}(?:[./-]_{2,})+|\|(?=_)|-{4,}|={3,}|~{3,}|(?<!\S)\*{3,}(?!\S)
        |(?<=\w)::(?=\s)
        |\{\{/[^{}\n]{1,60}\}\}\s*\{\{[#^][^{}\n]{1,60}\}\}
        |</(?:t[hd]|li|p|div|dt|dd|option)>\s*<(?:t[hd]|li|p|div|dt|dd|option)\b[^<>\n]{0,200}>
        |(?<!\S)[\u2610-\u2612\u25a1\u25a2\u25cb\u25ef](?!\S)
        |(?<!\S)(?:\[[\ xX]?\]|\(\ \))(?!\S))[\s\u2500-\u259f|¦._=~-]*+"""
)
_MAY_BE_GAP = re.compile(
    r"[\t\u2500-\u259f|¦•·‧∙…_=~*\[(\\]|\{\{/|\.{4}|-{4}|\ \.\.|\.\ \.|\w::\s|></?[tlpdo]"
    r"|[\u2610-\u2612\u25a1\u25a2\u25cb\u25ef]"
)
# Dots that stand apart before a number at the end of a line lead to it, however few they are.
_LEADER = r"|(?<=\s)\.{2,}\s+(?=\d[\d.,]*(?:\s?[€$%])?$)"
_COLUMN = re.compile(rf"(?<=\S)\s{{3,}}(?=\S){_LEADER}")
_TWO_SPACES = re.compile(rf"(?<=[^.!?:…\s])[^\S\t]{{2,}}(?=\S)|(?<=\S)\s{{3,}}(?=\S){_LEADER}")
# A row of TeX: its cells, and the sign that ends it.
_TEX_ROW = re.compile(r"[^\n]*\\\\(?:\[[^\]\n]{0,20}\])?(?:\s*\\hline)?$")
_TEX_GAP = re.compile(r"(?:(?<!\s)\s++)?(?:(?<!\\)&\s*+|\\\\(?:\[[^\]\n]{0,20}\])?(?:\s*+\\hline)?$)")
_SET_WIDE = re.compile(r"(?<!\S)[^\W\d_](?:\s+[^\W\d_](?!\S)){3}")
# The rest of a sentence that has no letter: the year that it ends with, or a dash with the mark that closes a speech.
_LAST = re.compile(r"\s*(?:\d[\d.,:/ ]{0,20}\\?[.!?][\"“»«)]?|[-–—.!?…]{0,3}[\"“”»«)][.,]?)")
_LETTER = re.compile(r"[^\W\d_]")
# An amount alone, with its currency or sign: other languages write points and commas in it in another way.
_AMOUNT = re.compile(
    r"[-+\u2212]?(?:[€$£¥] ?)?(?:[1-9]\d{0,2}(?:\.\d{3}){1,5}(?:,\d{1,9})?|\d{1,12},\d{1,9})(?:[ \u00a0\u202f]?[€$£¥%‰°])?"
)
# What nobody sees before a stretch, and signs that part it from what stands before it.
_BEFORE = re.compile(rf"(?:{_COLOUR}|[\s{INVISIBLE}]|(?:[:;=|/\\#&!]{{1,6}}|-!-|-{{3,60}})\s)*+")
_UNSEEN = re.compile(rf"[\s{INVISIBLE}]")
_SIGN = re.compile(rf"[{_SIGNS}\\#=|&]")


_ENUMERATED = re.compile(r"\s*+(\(?([a-z]|\d|[ivxIVX]{1,3}|[A-Z])[.)])\s")
_SECONDS = {"b": "a", "2": "1", "ii": "i", "II": "I", "B": "A"}
_FIRSTS = frozenset(_SECONDS.values())


def marker(line: str) -> int:
    """Return where the text of a line begins behind the marker of an item; 0 if there is none."""
    found = _MARKER.match(line)
    return found.end() if found else 0


def is_strong(line: str) -> bool:
    """Whether the marker of a line is one that stands nowhere inside of a sentence."""
    return _IS_STRONG.match(line) is not None


def indent(line: str) -> int:
    """Return how many characters of white space a line begins with."""
    return len(line) - len(line.lstrip())


def kind(line: str) -> str:
    """Return what the marker of a line is made of, so that the items of a list have the same."""
    first = line.lstrip()[:3].lstrip("(")
    return "1" if first[:1].isdigit() else "a" if first[:1].isalpha() else first[:1]


def firsts(lines: Sequence[str]) -> set[int]:
    """Return the numbers of lines that surely begin a list: with `a)`, `1.` or the like, which a later one goes on with."""
    found: set[int] = set()
    opened: dict[str, int] = {}
    for number, line in enumerate(lines):
        marked = _ENUMERATED.match(line)
        if not marked:
            continue
        sign = re.sub(r"\w+", "", marked[1])
        if marked[2] in _FIRSTS:
            opened[sign + marked[2]] = number
        elif (first := _SECONDS.get(marked[2])) and sign + first in opened:
            found.add(opened.pop(sign + first))
    return found


def has_letter(text: str) -> bool:
    """Whether a text has a word."""
    found = _LETTER.search(text)
    # To a pattern "²" is a letter, too.
    return found is not None and (found.group().isalpha() or any(map(str.isalpha, text)))


def has_text(text: str) -> bool:
    """Whether there is anything to translate: a word, or nothing but an amount."""
    return has_letter(text) or _AMOUNT.fullmatch(text.strip()) is not None


def ends_sentence(line: str) -> bool:
    """Whether a line without letters may be the end of a sentence."""
    return _LAST.fullmatch(line) is not None


def cells(line: Line, *, spaces: int) -> list[Line]:
    """Return the cells of a line that have letters.

    `spaces`: how many spaces are a gap between columns (2 or 3), or 0 where the line is wrapped prose.
    """
    if not (spaces and "  " in line.text) and not _MAY_BE_GAP.search(line.text):
        return [line] if has_text(line.text) else []
    if _SET_WIDE.search(line.text):
        return [line]
    return [cell for cell in _cut(line, spaces) if has_text(cell.text)]


def _cut(line: Line, spaces: int) -> Iterator[Line]:
    text = line.text
    gaps = [match.span() for match in _GAP.finditer(_TEMPLATE.sub(lambda one: "x" * len(one[0]), text))]
    if spaces:
        columns = _TWO_SPACES if spaces == 2 else _COLUMN
        gaps += (match.span() for match in columns.finditer(text))
    if _TEX_ROW.match(text):
        gaps += (match.span() for match in _TEX_GAP.finditer(text))
    gaps.sort()
    begin = 0
    for start, end in [*gaps, (len(text), len(text))]:
        if begin < start:
            yield Line(line.start + begin, text[begin:start])
        begin = max(begin, end)


def has_columns(text: str) -> bool:
    """Whether a line has a gap of two spaces that no sentence ends before."""
    return "  " in text and _TWO_SPACES.search(text) is not None


def is_row(text: str) -> bool:
    """Whether a line has a gap of three spaces."""
    return "   " in text and _COLUMN.search(text) is not None


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave outside what is white or invisible at both ends of a stretch, and signs apart from its words.

    A backslash behind it says that a line ends or goes on.
    """
    before = _BEFORE.match(text, start, end)
    start = before.end() if before else start
    if end - start > 1 and text[end - 1] == "\\" and text[end - 2] not in "\\ ":
        end -= 1
    if text.endswith("---", start, end) and (bare := text[start:end].rstrip("-"))[-1:].isspace():
        end = start + len(bare.rstrip())
    kept = end
    while kept > start and not text[kept - 1].isalnum():
        if _UNSEEN.match(text, kept - 1):
            end = kept - 1
        elif not _SIGN.match(text, kept - 1):
            break
        kept -= 1
    return start, end
