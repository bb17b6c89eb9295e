"""Language codes."""

import re
from functools import lru_cache

from pipeline.errors import LanguageError

# ISO 639-1, all two-letter codes.
_TWO_LETTER = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)
# Scripts in which languages are written where their code does not say it, if that is not Latin (CLDR, likely subtags).
_SCRIPTS = {
    language: script
    for script, used_by in {
        "Arab": "ar arz ary apc acm aeb ckb fa ks ps sd ug ur",
        "Armn": "hy",
        "Beng": "as bn mni",
        "Cans": "cr iu oj",
        "Cyrl": "ab av ba be bg ce cu cv kk kv ky mk mn os ru sah sr tg tt tyv udm uk",
        "Deva": "awa bh bho doi hi hne kok mag mai mr ne pi sa",
        "Ethi": "am ti",
        "Geor": "ka",
        "Grek": "el grc",
        "Gujr": "gu",
        "Guru": "pa",
        "Hans": "zh cmn",
        "Hant": "yue lzh",
        "Hebr": "he yi",
        "Jpan": "ja",
        "Khmr": "km",
        "Knda": "kn",
        "Kore": "ko",
        "Laoo": "lo",
        "Mlym": "ml",
        "Mymr": "my shn",
        "Orya": "or",
        "Sinh": "si",
        "Taml": "ta",
        "Telu": "te",
        "Thaa": "dv",
        "Thai": "th",
        "Tibt": "bo dz",
        "Yiii": "ii",
        "Olck": "sat",
        "Tfng": "zgh",
    }.items()
    for language in used_by.split()
}
_SCRIPTS_BY_REGION = {
    place: script
    for script, places in {
        "Arab": "az-IR az-IQ kk-CN ku-IQ ku-IR ky-CN ms-CC pa-PK tg-PK tk-AF uz-AF",
        "Cyrl": "ug-KZ ug-MN uz-CN",
        "Deva": "sd-IN",
        "Hant": "zh-TW zh-HK zh-MO",
        "Latn": "kk-TR sr-ME sr-RO sr-TR",
        "Mong": "mn-CN",
    }.items()
    for place in places.split()
}
# A primary subtag, then script or region as in BCP 47 (zh-Hans, pt-BR).
_SHAPE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_REGION = re.compile(r"[A-Z]{2}|[0-9]{3}")
_SCRIPT = re.compile(r"[A-Z][a-z]{3}")
# More than any code has subtags.
_ELSEWHERE = 100


def normal(code: str) -> str:
    """Return a language code as BCP 47 writes it: `DE` is de, `en_us` is en-US, `ZH-HANS` is zh-Hans.

    What is no code comes back in some form that is none either.
    """
    primary, *others = code.strip(" ").replace("_", "-").split("-")
    return "-".join([primary.lower(), *(_subtag(one) for one in others)])


def _subtag(text: str) -> str:
    if len(text) == 2:
        return text.upper()
    return text.title() if len(text) == 4 and text.isalpha() else text.lower()


def check(code: str) -> str:
    """Return a language code in its normal form: ISO 639-1, or a three-letter ISO 639 code, with or without subtags.

    Three-letter codes are checked for their shape only: whether a model knows them decides the pair.

    Raises `LanguageError` for what is none.
    """
    found = normal(code)
    match = _SHAPE.fullmatch(found)
    if match is None or (len(match[1]) == 2 and match[1] not in _TWO_LETTER):
        raise LanguageError(code)
    return found


# Asked again and again of the same few codes; others come from senders, and are forgotten.
@lru_cache(maxsize=4096)
def distance(offered: str, wanted: str) -> int | None:
    """Return how far a language for which there is a model is from the one that is wanted; None if it is another one.

    0 is the same code; then come codes that say less (`de` for `de-AT`), the longest first, and last other places of the
    same language (`pt-BR` for `pt` or `pt-PT`). What is written in another script is another one, whether the code says
    its script or the region tells it: `zh` is written as `zh-Hans` and `zh-CN`, not as `zh-Hant` or `zh-TW`.
    """
    if offered == wanted:
        return 0
    if primary(offered) != primary(wanted) or script(offered) != script(wanted):
        return None
    offers, wants = offered.split("-"), wanted.split("-")
    if wants[: len(offers)] == offers:
        return len(wants) - len(offers)
    return _ELSEWHERE + len(set(offers) ^ set(wants))


def same(offered: str, wanted: str) -> bool:
    """Whether a model for `offered` takes text in `wanted`: the same language in the same script (`distance`)."""
    return distance(offered, wanted) is not None


def alike(one: str, other: str) -> bool:
    """Whether two codes are one language in one script, wherever it is spoken: en-GB and en-US, not zh-Hans and zh-Hant."""
    return script(one) == script(other) and _without_place(one) == _without_place(other)


def _without_place(code: str) -> list[str]:
    """Return a code without script and region."""
    return [subtag for subtag in code.split("-") if not (_REGION.fullmatch(subtag) or _SCRIPT.fullmatch(subtag))]


def script(code: str) -> str:
    """Return the script of a language in its normal form, as ISO 15924 has it: what the code says, else the usual one."""
    first, *others = code.split("-")
    for subtag in others:
        if _SCRIPT.fullmatch(subtag):
            return subtag
    for subtag in others:
        if found := _SCRIPTS_BY_REGION.get(f"{first}-{subtag}"):
            return found
    return _SCRIPTS.get(first, "Latn")


def primary(code: str) -> str:
    """Return the language itself, without script or region: zh of zh-Hans."""
    return code.partition("-")[0]


def region(code: str) -> str | None:
    """Return the place that a language in its normal form names, if it does: GB of en-GB."""
    return next((subtag for subtag in code.split("-")[1:] if _REGION.fullmatch(subtag)), None)
