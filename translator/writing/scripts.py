"""Texts of scripts that need few characters, as long as in an alphabet: for what compares lengths and signs."""

import re

# Signs as wide as a character, which have no space beside them, and two that only such texts have.
_WIDE_SIGN = 0xFEE0
_SIGNS = {0x3001: ", ", 0x3002: ". "}
_SIGNS |= {_WIDE_SIGN + ord(sign): f"{sign} " for sign in ",;:.!?)]}"}
_SIGNS |= {_WIDE_SIGN + ord(sign): f" {sign}" for sign in "([{"}
# A Chinese character says as much as three letters do, a Japanese or a Korean syllable as much as two: of the same texts in
# English, Chinese has about a third of the characters, Japanese and Korean about half.
_SIGN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_WIDE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SYLLABLE = re.compile(r"[\u3041-\u30ff\uac00-\ud7af]")
_DASH = re.compile(r"\u2014{1,2}(?=[^\s\u2014])")
_SPACES = re.compile(r" {2,}+")


def as_in_an_alphabet(text: str) -> str:
    """Return a text with more characters for those that say more, and with signs of an alphabet; most are as they were."""
    if not _SIGN.search(text):
        return text
    text = _WIDE.sub(lambda match: match.group() * 3, text.translate(_SIGNS))
    text = _SYLLABLE.sub(lambda match: match.group() * 2, text)
    return _SPACES.sub(" ", _DASH.sub(" \u2014 ", text)).strip()
