"""Code of Markdown that is indented: it stays as it is, like code in a fence."""

import re
from collections.abc import Sequence

from segmenter import marks
from segmenter.keyed import empty
from segmenter.lines import Line

_DEEP = re.compile(r"(?: {4}|\t)\s*\S")
# A text that has two kinds of these is Markdown; in any other what is indented is a verse, a quotation, a letter's head.
_SIGNS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"^(?:```|~~~)", re.MULTILINE),
    re.compile(r"\]\([^()\s]{1,300}"),
    re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]: \S", re.MULTILINE),
    re.compile(r"\*\*[^\s*][^*\n]{0,200}\*\*|`[^`\n]{1,100}`"),
    re.compile(r"^\|?(?: ?:?-{3,}:? ?\|){1,20}", re.MULTILINE),
)
# What has further paragraphs below it, which are indented: a note, a definition, an admonition.
_HOLDS_MORE = re.compile(r"\[\^|:\s|!!!|\?\?\?|===\s|:::|\.\. ")
_KINDS = 2


def without_code(text: str, lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of a text; of Markdown, indented code is empty. In time proportional to the length."""
    if ("\n    " not in text and "\n\t" not in text) or sum(one.search(text) is not None for one in _SIGNS) < _KINDS:
        return lines
    found: list[Line] = []
    holds_more = code = False
    blank = True
    for line in lines:
        if not line.text:
            blank = True
        elif _DEEP.match(line.text):
            # Code begins behind a blank line only: below a line of words it is the rest of their paragraph.
            code = code or (blank and not holds_more)
            blank = False
        else:
            if blank:
                holds_more = bool(marks.marker(line.text) or _HOLDS_MORE.match(line.text.lstrip()))
            elif marks.marker(line.text) or _HOLDS_MORE.match(line.text.lstrip()):
                holds_more = True
            code = blank = False
        found.append(empty(line) if code and line.text else line)
    return found
