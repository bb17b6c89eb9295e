"""German short forms for all genders (Lehrer_innen, Kund:innen, jede*r), written out in one form before translation.

Of the forms that a word may have, the one that the model's vocabulary knows best is taken; English has one for all.
"""

import re

from translator.writing import Length

# "Lehrer:in", "Kund*innen", "Schüler_innen", "Student/in", "Mitarbeiter/-innen", "Lehrer(innen)", "SchülerInnen", and
# compounds ("Kund:innenkontakt").
_NOUN = re.compile(
    r"\b(?P<stem>[A-ZÄÖÜ][a-zäöüß]{2,40})"
    r"(?:(?:[:*_·•]|/-?)(?P<end>in(?:nen)?)|\((?P<bracket>in(?:nen)?)\)|(?P<capital>Innen|In(?=\b)))(?P<rest>[a-zäöüß]{0,40})(?!\w)"
)
# "Student(inn)en", "Expert/inn/en", "Lehrer/in(nen)".
_DIVIDED_PLURAL = re.compile(r"(?<=[a-zäöüß])(?:\(inn\)en|[:*_/]-?inn?(?:[/:*_]-?(?:nen|en)|\(n?en\)))(?!\w)")
# "Schülerinnen und Schüler", "liebe Kolleginnen, liebe Kollegen": English has one word, and would say it twice.
_AND = r"(?: (?:und|oder|sowie|bzw\.) |, )(?:(?:liebe|sehr geehrte|werte) )?"
_WOMEN_AND_MEN = re.compile(rf"\b([A-ZÄÖÜ][a-zäöüß]{{2,30}})innen{_AND}(\1(?:en|e|n|s)?)(?!\w)")
_MEN_AND_WOMEN = re.compile(rf"\b(([A-ZÄÖÜ][a-zäöüß]{{2,30}}?)(?:en|e|n)?){_AND}\2innen(?!\w)")
# "Kaufmann/-frau", "Bankkauffrau/-mann"
_TRADE = re.compile(r"(?<=[a-zäöü])(?:mann(?:/-?|:|\*|_)frau|frau(?:/-?|:|\*|_)mann)(?!\w)")
# Nouns for persons, as far as their endings tell; "LinkedIn" and "Größe/in cm" have none.
_PERSON = re.compile(r"(?:er|ent|ant|ist|or|eur|og|at|ekt|ert|[Ääa]rzt|[Öö]ch|olleg|und|hef|üd|[äa]st|irt)$")
_ARTICLE = "der|die|das|den|dem|des"
_ARTICLES = re.compile(rf"\b(?P<first>{_ARTICLE})(?:[:*_]|/-?)(?P<second>{_ARTICLE})\b", re.IGNORECASE)
# "jede:r", "eine*n", "Liebe/r"; and "ein:e", "kein/e", whose shorter form goes with the noun's.
_ENDING = re.compile(r"\b(?P<word>[A-Za-zÄÖÜäöüß]{1,20}e)(?:[:*_]|/-?)(?P<end>[rnsm])\b")
_SHORT = re.compile(r"\b(?P<word>(?:[mds]?|k)ein|[iI]hr|[Ee]in|[Kk]ein|[Uu]nser|[Ee]uer)(?:[:*_]|/-?)e\b")
# Without one of these there is none.
_SIGN = re.compile(r"[:*_/(·•I]")
_UMLAUTS = str.maketrans("äöüÄÖÜ", "aouAOU")


def one_form(text: str, length: Length) -> str:
    """Return a text with one form in place of each short form for all genders."""
    if "frau" in text:
        text = _TRADE.sub("mann", text)
    if "innen" in text:
        text = _MEN_AND_WOMEN.sub(r"\1", _WOMEN_AND_MEN.sub(r"\2", text))
    if not _SIGN.search(text):
        return text

    def noun(match: re.Match[str]) -> str:
        stem, rest = match["stem"], match["rest"]
        end = match["end"] or match["bracket"] or match["capital"]
        if end.lower() == "in" and (rest or not _PERSON.search(stem)):
            return match.group()
        forms = _plurals(stem) if end.lower() == "innen" else _singulars(stem)
        return min((form + rest for form in forms), key=length)

    text = _NOUN.sub(noun, _DIVIDED_PLURAL.sub(":innen", text))
    text = _ARTICLES.sub(_masculine, text)
    text = _ENDING.sub(r"\g<word>\g<end>", text)
    return _SHORT.sub(r"\g<word>", text)


def _plurals(stem: str) -> list[str]:
    same = [stem] if stem.endswith(("er", "el")) else [stem.translate(_UMLAUTS) + "en"]
    return [*same, stem + "en", stem + "e", stem + "n", stem + "innen"]


def _singulars(stem: str) -> list[str]:
    # "Ärztin" has its umlaut from its ending, "Verkäuferin" from the verb.
    bare = stem if stem.endswith("er") else stem.translate(_UMLAUTS)
    return [bare, stem, bare + "e", stem + "e", stem + "in"]


def _masculine(match: re.Match[str]) -> str:
    first, second = match["first"], match["second"]
    chosen = second if first.lower() == "die" else first
    return chosen.capitalize() if first[0].isupper() else chosen.lower()
