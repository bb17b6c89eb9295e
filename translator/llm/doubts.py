"""What can be seen to be wrong with what a language model wrote, besides what `translator.guards` sees of any engine.

Such a model fails in ways of its own: it speaks about the text instead of translating it, refuses, does what a text says, or
answers in another language.
"""

import re

from translator.writing import foreign

# What a model says about its translation, before it or in its place; and what of a source means the same.
_TALK = re.compile(
    r"(?i)^\W{0,3}(?:"
    r"(?:sure|certainly|of course|okay)[,!.:]? (?:here you go|here(?:'s|’s| is| are) (?:the|your)|i can translate)\b|"
    r"here(?:'s|’s| is| are) (?:the|your|a|my) (?:\w{1,20} ){0,3}translat|"
    r"(?:the |my )?(?:\w{1,20} )?translation(?: (?:of|into|to|in) [\w ]{1,40})?(?: is| would be)?\s?:|"
    r"(?:this|the) (?:text|sentence|passage) (?:means|translates|can be translated|is already)|"
    r"hier (?:ist|sind) (?:die|deine|ihre|eine) (?:\w{1,20} ){0,3}übersetz|übersetzung\s?:|"
    r"voici (?:la|une|votre) traduction|traduction\s?:|aquí (?:está|tienes) la traducción|traducción\s?:"
    r")"
)
_OF_TALK = re.compile(r"(?i)übersetz|translat|traduc|tradui|bedeute|heißt")
_REFUSAL = re.compile(
    r"(?i)^\W{0,3}(?:as an? (?:ai|language model|assistant)\b|als (?:ki|sprachmodell)\b|"
    r"i(?:'m| am|’m) sorry,? but i|i (?:cannot|can't|can’t|am unable to|am not able to|won't|won’t) "
    r"(?:help|assist|translate|comply|provide|fulfil|do that)|"
    r"(?:es )?tut mir leid,? aber ich kann|je suis désolé,? mais je ne)"
)
_OF_REFUSAL = re.compile(
    r"(?i)leid|sorry|désol|siento|\b(?:ki|ai|ia)\b|sprachmodell|language model|assistent|nicht|kein|unmöglich|"
    r"\b(?:pas|no|non)\b"
)
# What a model says of itself, anywhere.
_SELF = re.compile(
    r"(?i)\b(?:system ?prompt|(?:i am|i'm|i’m|as) an? (?:ai\b|assistant|language model)|ich bin eine? ki\b)"
)
_OF_SELF = re.compile(r"(?i)prompt|\b(?:ki|ai|ia)\b|künstliche|artific|sprachmodell|language model|assistent|assistant")
# An order to a model in a text, and words of which a translation of it has one.
_ORDER = re.compile(
    r"(?i)\b(?:ignor|missacht|vergiss|disregard|forget|override|oubli|olvid)\w{0,8}\W{1,3}(?:[\w']{1,20}\W{1,3}){0,3}?"
    r"(?:alles?|all|sämtliche|bisherige|vorherige|vorige|obige|oben|previous|prior|above|regeln|rules|toutes?|todas?|"
    r"prompts?|(?:\w{0,12}anweisung|instru)\w{0,8})\b"
)
_OF_ORDER = re.compile(
    r"(?i)ignor|disregard|forget|neglect|overlook|overr[iu]d|missacht|vergiss|vergess|außer acht|beacht|oubli|néglig|"
    r"olvid|dimentic|trascur|esque[cç]|negeer|vergeet|zignoru|pomi[nń]|bortse|glöm|glem|игнор|забуд|忽|無視|무시"
)
_NOTE = re.compile(
    r"(?i)[(\[*] ?\*{0,2}(?:note|translator'?s note|translation note|anmerkung|hinweis|remarque|nota)\s?:"
)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"\b[A-Z]{1,3}\d+\b")
# Words that few texts of a language go without and no text of the others has often.
_FREQUENT = {
    "de": "der und nicht ist das ein eine einen dem den mit sich auf für auch wird sind wir aber wie oder nur noch nach bei",
    "en": "the and of is are with for that this not have has was were which from they you been would their there what",
    "fr": "les est dans pour que qui une pas sur avec sont mais nous vous elle cette plus être leur aux était ont il",
    "es": "los las el del que una por con para como está pero más sus este muy también había son hay fue ella",
    "it": "il che di della non sono per con una gli più anche nel alla questo è ha ma come dei era delle",
    "nl": "het een van niet dat zijn voor met op aan ook maar wordt hebben heeft deze naar wel hij zij bij uit",
    "pt": "os não uma com para por mais como foi dos das ao ele ela seu sua também são está você isso",
    "pl": "nie się jest na że do jak ale czy oraz przez jego był było dla tym tego są już",
    "sv": "och att det inte som för med är på av den har till ett men var jag kan från vi",
    "da": "og det ikke som for med er på af den har til et men var jeg kan fra vi der",
}
_LEAST_WORDS, _LEAST_FREQUENT, _SHARE = 5, 3, 0.2


def _distinct() -> dict[str, frozenset[str]]:
    words = {language: frozenset(text.split()) for language, text in _FREQUENT.items()}
    return {
        language: mine - frozenset().union(*(others for other, others in words.items() if other != language))
        for language, mine in words.items()
    }


_OWN_WORDS = _distinct()


def doubts(source: str, text: str, source_language: str, target_language: str) -> tuple[str, ...]:
    """Return the reasons why a translation may be none: `chat`, `language`."""
    found = []
    if _talks(source, text):
        found.append("chat")
    if _is_in_another(text, target_language, source_language):
        found.append("language")
    return tuple(found)


def _talks(source: str, text: str) -> bool:
    if _NOTE.search(text) and ":" not in source:
        return True
    if _TALK.search(text):
        return not _OF_TALK.search(source)
    if _REFUSAL.search(text):
        return not _OF_REFUSAL.search(source)
    if _SELF.search(text):
        return not _OF_SELF.search(source)
    return bool(_ORDER.search(source)) and not _OF_ORDER.search(text)


def _is_in_another(text: str, target: str, source: str) -> bool:
    """Whether a text is in the source's letters where the target has others, or in words of another language."""
    letters = _CODE.sub("", text)
    latin = len(_LATIN.findall(letters))
    total = len(_LETTER.findall(letters))
    if foreign.is_latin(target) != foreign.is_latin(source) and total >= _LEAST_WORDS:
        return (latin > total / 2) != foreign.is_latin(target)
    words = _WORD.findall(text.lower())
    mine = _OWN_WORDS.get(target.partition("-")[0])
    if mine is None or len(words) < _LEAST_WORDS:
        return False
    counts = {language: sum(word in own for word in words) for language, own in _OWN_WORDS.items()}
    here = counts.pop(target.partition("-")[0])
    most = max(counts.values())
    return most >= max(_LEAST_FREQUENT, _SHARE * len(words)) and most > 2 * here
