"""German as a model has seen it most: spellings of before 1901 and of Switzerland, and umlauts in two letters, written anew.

A model's vocabulary is made from usual text, so of two spellings of a word the one with fewer tokens is what it knows.
"""

import re

from translator.writing import Length, abbreviations, gender

# German before 1901. A text with one of these is old; in others words with a capital may be names (Barth, Meyer, Oetker).
_OLD = re.compile("\u017f|\\b(?:Theil|Thür|Thier|Thurm|Thrän|seyn|sey|bey|gieng|giebt|thun)")
_LETTERS_OF_OLD = ("\u017f", "Th", "th", "ey", "gieb", "ieng")
_OLD_BEGINNING = re.compile(r"\b(?:Th|Oe|Ae|Ue)[a-zäöüß]+\b")
_OLD_SMALL_WORD = re.compile(r"\b(?:(?:ge)?th[a-zäöüß]+|[a-zäöüß]*(?:ey|ieng)[a-zäöüß]*)\b")
_OLD_LETTERS = (("Th", "T"), ("th", "t"), ("ey", "ei"), ("ieng", "ing"), ("Oe", "Ö"), ("Ae", "Ä"), ("Ue", "Ü"))
# The second of two compounds lends its end to the first: "Vor- und Nachteile". Longer words are no words, and each of
# their letters would be tried.
_SHORTENED = re.compile(r"\b([A-ZÄÖÜ][a-zäöüß]+)- (und|oder|bis|sowie) ([A-ZÄÖÜ][a-zäöüß]{5,40})\b")
_SHORTEST_END = 4
# "'s ist kalt", "'ne Frau": to a model, and to a reader of the translation, half of a pair of quotation marks.
_SHORT_WORDS = {"s": "es", "n": "ein", "ne": "eine", "nen": "einen", "nem": "einem", "ner": "einer"}
_APOSTROPHE = re.compile("['\u2019\u2018][sn]")
_SHORT_WORD = re.compile(r"(?<![\w'\u2019])['\u2019\u2018](s|nen|nem|ner|ne|n)(?= \w)(?! Roll| Base)")
# Tokens of a word that the model knows: one, and the mark at the end of a sentence that an engine may count.
_KNOWN = 2
# No part of an address, a path or a name in program text ("menu.datei.oeffnen").
_WORD = re.compile(r"(?<![\w./\\@:#$%{<&=?])[^\W\d_]{3,40}(?![\w/\\@=}>]|[.:]\w)")
# Two letters for an umlaut; behind another vowel or q they are two sounds ("neue", "Quelle").
_TWO_LETTERS = re.compile(r"[aouAOU](?<![aeiouäöüqAEIOUQ].)e(?!e)")
_UMLAUT = re.compile("[äöüÄÖÜ]")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü", "Ae": "Ä", "Oe": "Ö", "Ue": "Ü"}
# Words with these have ß outside of Switzerland, however a vocabulary cuts them; not Kreisstadt, Hinweisschild, Fussel.
_SHARP = re.compile(
    r"gr[oö]ss|strass|(?<![pk])reiss|(?<!be)(?<!hin)(?<!aus)(?<!ach)(?<!ver)weiss(?!ag|man)|[hb]eiss|schweiss|fleiss"
    r"|f[uü]ss(?!el)|gr[uü]ss|schliess|[lh]iess|[aä]usser|aussen(?!d)|draussen|s[uü]ss|dreissig|\bsp[aä]ss(?!k)|[nr]spass|mass(?:n|geb|stab|voll)"
    r"|m[aä]ssig|gemäss|bloss|st[oö]ss|stiess|giess|fliess|geniess|schiess|spiess|preuss|gef[aä]ss|büss",
    re.IGNORECASE,
)
_WITH_SHARP_S = re.compile(r"\b[^\W\d_]{0,30}ß[^\W\d_]{0,30}\b")
# Within a text these are somebody's ("Peter Weiss").
_NAMES = frozenset(("Weiss", "Gross", "Heiss", "Reiss", "Preuss", "Strauss"))
# A vocabulary may not know even those (Grüßen).
_SHARP_SLACK = 2


def usual(text: str, length: Length) -> str:
    """Return German in usual spelling, abbreviations and short forms for all genders written out."""
    text = _SHORT_WORD.sub(lambda match: _SHORT_WORDS[match[1]], text) if _APOSTROPHE.search(text) else text
    text = _renewed(abbreviations.write_out(gender.one_form(text, length)), length)
    text = _with_usual_letters(text, length)
    return _completed(text, length) if "- " in text else text


def _renewed(text: str, length: Length) -> str:
    """Return a text with old spellings renewed where the model knows the new one better."""
    if not any(map(text.__contains__, _LETTERS_OF_OLD)):
        return text
    is_old = _OLD.search(text) is not None
    text = text.replace("\u017f", "s")

    def renew(match: re.Match[str]) -> str:
        old = new = match.group()
        for was, now in _OLD_LETTERS:
            new = new.replace(was, now)
        return new if new != old and length(new) < length(old) + is_old else old

    text = _OLD_SMALL_WORD.sub(renew, text)
    return _OLD_BEGINNING.sub(renew, text) if is_old else text


def _with_usual_letters(text: str, length: Length) -> str:
    """Return a text with ß for the Swiss ss, and umlauts for ae, oe and ue, where the model knows the words so."""
    text = _WITH_SHARP_S.sub(lambda match: _with_s(match.group(), length), text) if "ß" in text else text
    has_umlauts = _UMLAUT.search(text) is not None
    if "ss" in text:
        text = _WORD.sub(lambda match: _sharpened(match, length), text)
    if not _TWO_LETTERS.search(text):
        return text
    changed = _WORD.sub(lambda match: _with_umlauts(match, length), text)
    if changed != text and not has_umlauts:
        # Somebody has none of these letters; what is as well known either way is then meant with them.
        changed = _WORD.sub(lambda match: _with_umlauts(match, length, ties=True), changed)
    return changed


def _with_s(word: str, length: Length) -> str:
    """Return a word that the model knows with ss or s for its ß so: "Fluß", as before 1996, and "Hauß"."""
    forms = [] if _SHARP.search(word.replace("ß", "ss")) else [word.replace("ß", "ss")]
    if word.endswith("ß") and word[0].isupper():
        forms.append(word[:-1] + "s")
    known = [form for form in forms if length(form) <= min(_KNOWN, length(word) - 1)]
    return known[0] if known else word


def _sharpened(match: re.Match[str], length: Length) -> str:
    """Return a word with ß if it has it outside of Switzerland, or the model knows it so ("muß")."""
    word = match.group()
    if "ss" not in word:
        return word
    # In letters without umlauts: "gruessen".
    usual = _umlauts(word)
    sharp = _SHARP.sub(lambda root: root.group().replace("ss", "ß"), usual)
    most = length(word) + _SHARP_SLACK
    if sharp == usual:
        sharp, most = word.replace("ss", "ß"), min(_KNOWN, length(word) - 1)
    return sharp if length(sharp) <= most and not (match.start() and word in _NAMES) else word


def _with_umlauts(match: re.Match[str], length: Length, *, ties: bool = False) -> str:
    """Return a word with umlauts for two letters if the model knows it so, with `ties` also if it knows it as well so."""
    word = match.group()
    if "e" not in word:
        return word
    letters = _umlauts(word)
    if letters == word or length(letters) >= length(word) + ties:
        return word
    # A longer word may be cut so by chance ("Tatoeba").
    known = length(letters) <= (_KNOWN if word[0].isupper() else _KNOWN + 1)
    return letters if ties or (known and not _is_name(match, letters, length)) else word


def _umlauts(word: str) -> str:
    return _TWO_LETTERS.sub(lambda two: _UMLAUTS[two.group()], word)


def _is_name(match: re.Match[str], word: str, length: Length) -> bool:
    """Whether a word within a text has a capital that it usually does not have."""
    return word[0].isupper() and match.start() > 0 and length(word.lower()) < length(word) + 1


def _completed(text: str, length: Length) -> str:
    """Return a text with compounds completed: "Vor- und Nachteile"."""

    def complete(match: re.Match[str]) -> str:
        first, conjunction, second = match.groups()
        cuts = range(2, len(second) - _SHORTEST_END + 1)
        # The cut at which both parts are the best known words, the first of them at a tie: "Nach|teile".
        tokens, cut = min((length(second[:cut]) + length(second[cut:].capitalize()), cut) for cut in cuts)
        whole = first + second[cut:]
        # What the model does not know may be no word.
        known = tokens <= 2 * _KNOWN + 1 and length(whole) <= _KNOWN + 1
        return f"{whole} {conjunction} {second}" if known else match.group()

    return _SHORTENED.sub(complete, text)
