"""What stands in a sentence and is no part of it: references to notes, numbers of pages, how foreign signs are read."""

import re
from collections.abc import Sequence

from formats.markup.rules import Rules
from formats.markup.tokens import Token

# A small sign that refers to a note: short, behind a word of three letters or the end of a sentence (else it is a formula).
_REFERS = re.compile(r"\s*[\[(]?(?:\d{1,3}(?:[,;–-]\s?\d{1,3})*|[a-z*†‡§#])[\])]?\s*")
# What a link may have that leads to a heading or back to a note.
_SIGNS = re.compile(r"\s*[#¶§†‡*\u2190-\u21ff\u2303-\u27bf\u2b00-\u2bff\U0001f517\ufe0e\ufe0f]{1,3}\s*")
_REFERRED = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.!?…]))[.,;:!?)\]\"'“”’»«]{0,3}\Z")
# Tokens that such a sign may have, and characters before it that are looked at.
_SIGN_TOKENS, _BEFORE = 12, 40
# Numbers of pages and references to notes have none, but for `viii`.
_WORD = re.compile(r"(?![ivxlcIVXLC]{4})[^\W\d_]{4}")
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# Tokens that signs with their readings may have.
_RUBY_TOKENS = 60


def end_of_element(found: Sequence[Token], start: int) -> int:
    """Return the position behind the end of the element that begins at `start`; the end of all if it has none."""
    name = found[start].name
    depth = 0
    for position in range(start, len(found)):
        if found[position].name == name:
            depth += {"open": 1, "close": -1}.get(found[position].kind, 0)
            if depth == 0:
                return position + 1
    return len(found)


def may_be_aside(token: Token, rules: Rules) -> bool:
    """Whether the element that a tag begins may be one that is no part of its sentence."""
    return rules.is_beside(token) or rules.is_aside(token)


def end_of_aside(found: Sequence[Token], position: int, rules: Rules, before: str, *, begins: bool) -> int | None:
    """Return where an element ends that `may_be_aside`; None if it is part of its sentence.

    `before`: what is read before it; `begins`: whether a text begins with it.
    """
    token = found[position]
    near = found[position : position + _SIGN_TOKENS]
    end = end_of_element(near, 0)
    if near[end - 1].name != token.name or near[end - 1].kind != "close":
        return None
    text = "".join(one.raw for one in near[:end] if one.kind == "text")
    return position + end if _is_aside(token, text, rules, before, begins=begins) else None


def _is_aside(token: Token, text: str, rules: Rules, before: str, *, begins: bool) -> bool:
    if rules.is_beside(token) and not _WORD.search(text):
        return True
    is_sign = bool(_REFERS.fullmatch(text))
    # A sign refers to a note of what stands before it.
    refers = is_sign and bool(_REFERRED.search(before[-_BEFORE:]))
    if token.name == "a":
        leads = rules.page and "#" in token.attributes.get("href", "")
        # Or it is the number with which a note begins.
        return bool(_SIGNS.fullmatch(text)) or (leads and (refers or (begins and is_sign)))
    return refers if token.name == "sup" else rules.is_aside(token)


def end_of_foreign_ruby(found: Sequence[Token], position: int, rules: Rules) -> int | None:
    """Return where signs with their readings end that are none of the language of the text; None for anything else."""
    if found[position].name != "ruby" or not rules.page or rules.ideographic:
        return None
    near = found[position : position + _RUBY_TOKENS]
    end = end_of_element(near, 0)
    return position + end if any(_IDEOGRAPH.search(one.raw) for one in near[:end] if one.kind == "text") else None
