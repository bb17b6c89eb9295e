"""Text that is not as the model knows its language: in another one, or written in a way that makes it guess."""

import re

from translator.kept.names import CODE
from translator.writing import Length, spelling

_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Languages that are written in other letters than the Latin ones; a text without any is foreign to all others.
_OTHER_SCRIPTS = frozenset(
    [
        "ar",
        "be",
        "bg",
        "bn",
        "el",
        "fa",
        "gu",
        "he",
        "hi",
        "hy",
        "ja",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "ky",
        "lo",
        "mk",
        "ml",
        "mn",
        "mr",
        "my",
        "ne",
        "pa",
        "ps",
        "ru",
        "si",
        "sr",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "uk",
        "ur",
        "yi",
        "zh",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
# Words that hardly a sentence goes without, and that are no words of German, French, Spanish or Italian.
_FREQUENT = {
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "is",
            "are",
            "has",
            "have",
            "had",
            "been",
            "were",
            "with",
            "for",
            "that",
            "this",
            "she",
            "they",
            "you",
            "from",
            "would",
            "which",
            "there",
            "their",
            "your",
            "what",
            "not",
            "to",
        ]
    )
}
# A title in a sentence ("The Sound of Silence") has two of them; a sentence in English has three, or most of its words.
_SOME, _SHARE = 3, 0.3
# Of 2,000 ordinary sentences one in 200 has more tokens for each letter; of French, Turkish or a bad scan most have.
_DENSE, _DENSE_WORDS = 0.48, 4
_SHORT_WORD = 2
# A digit, comma or point inside a word, two words without a space, l for I, no vowel: a bad scan ("sch1äft", "einma1",
# "Va,ter", "derHund", "lch", "schr").
# What goes wrong is looked for at signs that are rare in words.
_BROKEN = re.compile(
    r"""(?x)[\d,;.A-ZÄÖÜ](?:
        (?:(?<=[a-zäöüß]\d)|(?<=\b[^\W\d_]\d)|(?<=[a-zäöüß]{2}[,;.])(?=[a-zäöüß]{2}))(?=[a-zäöüß])(?![a-z]\d)
      | (?<=[a-zäöüß]{2}[01])\b | (?<=\w{2}[a-zäöüß][A-ZÄÖÜ])(?!nnen)[a-zäöüß]\w{6}
    )"""
)
_NO_VOWEL = re.compile(
    r"\b(?:l(?:ch|hm|hn|hr|m|n)\b|(?!(?:bzw|usw|vgl|ggf|evtl|pst)\b)[bcdfghjklmnpqrstvwxz]{3,}+\b(?![.\w-]))"
)
_DIGIT = re.compile(r"\d")
# "K atze".
_FIRST_LETTER = re.compile(r"\b([A-ZÄÖÜ]) ([a-zäöüß]{2,})")
# Headings in capitals are usual, sentences are not; which of its words had a capital is then a guess.
_HEADING = 5
_NOUNS_HAVE_CAPITALS = frozenset(("de", "lb"))
_WITHOUT_CAPITALS = 5


def is_latin(language: str) -> bool:
    """Whether a language is written in Latin letters."""
    return language.partition("-")[0] not in _OTHER_SCRIPTS


def is_foreign(text: str, source: str, target: str) -> bool:
    """Whether a text has letters of other scripts than the source's only, or is in the target's language already."""
    if is_latin(source) and not _LATIN_LETTER.search(text):
        return True
    frequent = _FREQUENT.get(target.partition("-")[0])
    if frequent is None or source.partition("-")[0] == target.partition("-")[0]:
        return False
    words = _WORD.findall(text.lower())
    if len(frequent.intersection(words)) < _SOME:
        return False
    return sum(word in frequent for word in words) >= _SHARE * len(words)


def is_unusual(text: str, language: str, length: Length) -> bool:
    """Whether a text with masked names is not written as the model knows the language, so that it will guess.

    It is a sentence in capitals; digits and points stand inside words; its letters take too many tokens, as those of other
    languages do; or a language that gives nouns a capital has none in five words and more.
    """
    if _DIGIT.search(text):
        text = CODE.sub("", text)
    words = _WORD.findall(text)
    if (
        _BROKEN.search(text)
        or _NO_VOWEL.search(text)
        or (len(words) >= _HEADING and spelling.in_capitals(text, length))
    ):
        return True
    if any(length(first + rest) < length(f"{first} {rest}") - 1 for first, rest in _FIRST_LETTER.findall(text)):
        return True
    if len(words) >= _WITHOUT_CAPITALS and language.partition("-")[0] in _NOUNS_HAVE_CAPITALS and text.islower():
        return True
    # Units, abbreviations, numbers and punctuation have a token for each letter in any language.
    words = [word for word in words if len(word) > _SHORT_WORD and not word.isupper()]
    most = _DENSE * sum(map(len, words)) + 1
    return len(words) >= _DENSE_WORDS and length(text) > most and length(" ".join(words)) > most
