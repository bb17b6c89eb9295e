"""Inflected forms of German words, made by rules from the form that a dictionary has.

Nouns are written with a capital: they have the endings of all declensions that their own ending allows, with and without
a changed vowel where no list says which of the two it is (`nouns.py`). Other words are taken for adjectives. Verbs are not
inflected: what stands in their place in a translation would have to be inflected as well.

Everything is bounded: a word has at most 40 forms.
"""

import re
from functools import lru_cache

from pipeline.inflection.nouns import CHANGING, NEUTERS_IN_ER, NOT_CHANGING, TUM

_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
# The last vowel that can change, before whatever follows it.
_VOWEL = re.compile(r"(au|aa|oo|[aou])(?=[^aouäöüAOUÄÖÜ]*+$)", re.IGNORECASE)
_CHANGED = {"a": "ä", "o": "ö", "u": "ü", "au": "äu", "aa": "ä", "oo": "ö"}
_SHORTEST = 4
_LATIN = 5
_LONGEST = 80

# Feminines that take no ending but that of their plural.
_FEMININE = ("erei", "elei", "tei", "ung", "heit", "keit", "schaft", "tät", "ion", "ik", "ur", "enz", "anz")
_E_S = ("ende", "auge", "see", "tee", "knie", "interesse", "image", "café")
_E_NS = ("name", "wille", "gedanke", "glaube", "friede", "buchstabe", "funke", "same", "haufe")
# What a participle or an adjective ends in when it is a noun: der Angestellte, ein Angestellter.
_LIKE_ADJECTIVES = re.compile(
    r"(?:igt|agt|stellt|annt|andt|etzt|chert|[^aeiou]end|ständig|los|lich|wachsen|fangen|beamt|ehrt|mächtig)e[rn]?"
)


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """Return what all forms of a word share: its beginning, without changed vowels and what endings are made of."""
    low = word.lower().translate(_FOLDED)
    return low.rstrip("ensrm") if len(low.rstrip("ensrm")) > 1 else low[:2]


@lru_cache(maxsize=65536)
def forms(word: str) -> frozenset[str]:
    """Return every form of a word, itself included."""
    before, hyphen, head = word.rpartition("-")
    if not head.isalpha() or len(head) < 2 or len(word) > _LONGEST:
        return frozenset((word,))
    if any(sign.isupper() for sign in head[1:]):
        # Abbreviations: GmbH, LKW.
        made = {head, head + "s"}
    elif head[0].isupper():
        made = _noun(head)
    else:
        made = _adjective(head) if len(head) >= _SHORTEST else {head}
    return frozenset(f"{before}{hyphen}{one}" for one in made)


def _adjective(word: str) -> set[str]:
    stems = {word}
    if (stem := _without_ending(word)) and len(stem) >= _SHORTEST - 1:
        stems.add(stem)
    # dunkel, dunkle; teuer, teure.
    stems |= {one[:-2] + one[-1] for one in stems if one.endswith(("el", "er")) and len(one) > _SHORTEST}
    made = {stem + ending for stem in stems for ending in ("e", "en", "em", "er", "es")}
    return made | {word} | ({stem for stem in stems if stem == word or len(stem) > _SHORTEST})


def _without_ending(word: str) -> str:
    for ending in ("en", "em", "er", "es", "e"):
        if word.endswith(ending):
            return word[: -len(ending)]
    return ""


def _noun(word: str) -> set[str]:  # noqa: PLR0911 (a declension each)
    low = word.lower()
    if _LIKE_ADJECTIVES.search(low):
        stem = _without_ending(word)
        return {word} | {stem + ending for ending in ("e", "en", "em", "er")}
    if low.endswith("in") and not low.endswith("ein") and len(low) > _LATIN:
        return {word, word + "nen", word + "s"}
    if low.endswith("nis"):
        return {word, word + "se", word + "ses", word + "sen"}
    if low.endswith(_FEMININE) and not low.endswith("eur") and len(low) > _LATIN:
        return {word, word + "en"} | (
            set() if low.endswith(("ung", "heit", "keit", "schaft", "tät", "ion")) else {word + "s"}
        )
    if (latin := _latin(word, low)) is not None:
        return latin | {word}
    if low.endswith("e"):
        rare = {word + "s"} if low.endswith(_E_S) else {word + "ns"} if low.endswith(_E_NS) else set()
        return {word, word + "n"} | rare
    if low.endswith(("el", "er", "en", "lein")) and not low.endswith(("iel", "ier")):
        return _of_two_syllables(word, low)
    return _strong(word, low)


def _latin(word: str, low: str) -> set[str] | None:
    """Return the forms of what ends as words of other languages do; None: it does not."""
    if low.endswith("tum"):
        plural = {_with_changed_vowel(word) + ending for ending in ("er", "ern")} if low.endswith(TUM) else set()
        return {word + "s", word + "es"} | plural
    if len(low) < _LATIN:
        return {word + "s", word[:-1] + "en"} if low.endswith(("a", "o")) else None
    if low.endswith("um") and not low.endswith(("aum", "datum")):
        return {word + "s", word[:-2] + "en", word[:-2] + "a"}
    if low.endswith("us") and not low.endswith(("aus", "eus")):
        return {word + "ses", word + "se", word + "sen", word[:-2] + "en", word[:-2] + "i"}
    if low.endswith(("a", "o")):
        return {word + "s", word[:-1] + "en"} | ({word[:-1] + "i"} if low.endswith("o") else set())
    return None


def _of_two_syllables(word: str, low: str) -> set[str]:
    changed = _with_changed_vowel(word)
    plural = changed if changed and low.endswith(CHANGING) else word
    return {word, word + "s", plural} | (set() if low.endswith("en") else {plural + "n"})


def _strong(word: str, low: str) -> set[str]:
    # Of a word that hisses the genitive is longer: des Prozesses, des Satzes.
    genitive = {word + "es"} if low.endswith(("s", "ß", "x", "z")) else {word + "s", word + "es"}
    changed = _with_changed_vowel(word)
    if low.endswith(NEUTERS_IN_ER) and not low.endswith((*CHANGING, *NOT_CHANGING)):
        stem = changed or word
        return {word} | genitive | {stem + "er", stem + "ern", word + "e"}
    plural = (
        {word}
        if low.endswith(NOT_CHANGING) or not changed
        else {changed}
        if low.endswith(CHANGING)
        else {word, changed}
    )
    made = {word} | genitive | {stem + ending for stem in plural for ending in ("e", "en")}
    if low.endswith(("i", "u", "y", "é", "ent", "team", "job", "chef", "tip")):
        made.add(word + "s")
    return made


def _with_changed_vowel(word: str) -> str:
    """Return a word with its last vowel changed; empty if that does not change."""
    found = _VOWEL.search(word)
    if found is None or re.search(
        r"[eiäöüy]", word[found.end() :].removesuffix("el").removesuffix("er").removesuffix("en"), re.IGNORECASE
    ):
        return ""
    # eu and ei are one sound.
    if found[0].lower() == "u" and word[found.start() - 1 : found.start()].lower() in ("e", "ä"):
        return ""
    changed = _CHANGED[found[0].lower()]
    return word[: found.start()] + (changed.title() if found[0][0].isupper() else changed) + word[found.end() :]
