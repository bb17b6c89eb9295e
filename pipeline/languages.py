"""Language codes."""

import re

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
# A primary subtag, then script or region as in BCP 47 (zh-Hans, pt-BR).
_SHAPE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_REGION = re.compile(r"[A-Z]{2}|[0-9]{3}")


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


def same(offered: str, wanted: str) -> bool:
    """Whether a model for `offered` takes text in `wanted`: the same code, or a variety of it (de takes de-AT)."""
    return wanted == offered or wanted.startswith(f"{offered}-")


def alike(one: str, other: str) -> bool:
    """Whether two codes are one language in one script, wherever it is spoken: en-GB and en-US, not zh-Hans and zh-Hant."""
    return _without_region(one) == _without_region(other)


def _without_region(code: str) -> list[str]:
    return [subtag for subtag in code.split("-") if not _REGION.fullmatch(subtag)]


def primary(code: str) -> str:
    """Return the language itself, without script or region: zh of zh-Hans."""
    return code.partition("-")[0]
