"""What turns a fact into another one: a negation, and the limit at a number (`ab 12 €`, `unter 18 Jahren`).

Both are looked for loosely: any word that might stand for it will do.
"""

import re
from collections.abc import Iterator

_NEGATION = re.compile(
    r"\b(?:[Nn](?:icht|ie|iemals|ichts|iemand(?:e[mn])?)|[Kk]ein(?:e[mnrs]?)?|N(?:ICHT|IE)|KEINE?)\b"
)
_MAY_NEGATE = re.compile(
    r"(?i)\b(?:nicht|kein|nie|nichts|niemand|nirgend|nein|ohne|weder|kaum|un[a-zäöü]|miss|außer|statt|anstatt|wenig|fehl|bevor|ehe\b"
    r"|verbot|weiger|sonst|null\b|egal|mangel|oder\?)|los(?:e[mnrs]?)?\b"
)
_ENGLISH_NEGATION = re.compile(
    r"\b(?:[Nn](?:o|ot|ever|othing|obody|one|either|or|owhere)|[Cc]annot|[Ww]ithout|N(?:O|OT|EVER))\b|n['’]t\b|N['’]T\b"
)
# "not only" is "as well as"; "until" and "under" negate nothing.
_MAY_NEGATE_IN_ENGLISH = re.compile(
    r"(?i)\b(?:un(?!t|i|d)[a-z]{3}|impos|inc?apa|invis|inval|irr|dis[a-z]{3}|mis[a-z]{3})|less\b|\bas well as\b"
    r"|\b(?:fail|lack|hard|few|little|stop|refus|den[iy]|avoid|missing|yet|any|stay|keep|leave|instead|rather|prevent|ignor)"
)
# A question is negated out of politeness.
_QUESTION = re.compile(r"\?\W*$")
_NUMBER = re.compile(r" \d")
_LIMITS = [
    (re.compile(german), re.compile(rf"(?i)\b(?:{english})|\d ?[-\u2013+]"))
    for german, english in (
        (r"\b[Aa]b \d", "from|start|as of|since|after|on|at|beginn|above|over|up|off|older|more"),
        (r"\b[Uu]nter \d", "under|below|less|fewer|low|than|within|beneath|at|with"),
        (r"\b[Üü]ber \d", "over|above|more|about|on|exce|across|than|via|through|for|beyond"),
        (r"\b[Bb]is(?: zu[mr]?)? \d", "to|until|till?|by|up|through|between|before|or|and|maximum"),
        (r"\b[Mm]indestens \d", "at least|minimum|or more|less|fewer|at the very least"),
        (r"\b[Hh]öchstens \d", "most|maximum|more|up to|only"),
    )
]


def changed(source: str, translation: str) -> Iterator[str]:
    """Yield what turns round in an English translation of a German source, as `not` or the limit in German."""
    if _NEGATION.search(source):
        if not (
            _ENGLISH_NEGATION.search(translation)
            or _MAY_NEGATE_IN_ENGLISH.search(translation)
            or _QUESTION.search(source)
        ):
            yield "not"
    elif _ENGLISH_NEGATION.search(translation) and not (_MAY_NEGATE.search(source) or _is_asked(source, translation)):
        yield "+not"
    for german, english in _LIMITS if _NUMBER.search(source) else ():
        if (limit := german.search(source)) and not english.search(translation):
            yield limit[0][:-1].rstrip()


def _is_asked(source: str, translation: str) -> bool:
    """Whether both are questions of more than two words: "Why don't we go?"."""
    return bool(_QUESTION.search(translation) and _QUESTION.search(source)) and source.count(" ") > 1
