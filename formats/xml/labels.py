"""Attributes that say in which language a text is, from the source's to the target's."""

import re

from formats.document import Options
from formats.markup.attributes import is_language

# What programs for offices write where a language is named without a region.
_REGIONS = {
    "ar": "SA", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "US", "es": "ES", "et": "EE", "fi": "FI",
    "fr": "FR", "he": "IL", "hi": "IN", "hu": "HU", "it": "IT", "ja": "JP", "ko": "KR", "lt": "LT", "lv": "LV",
    "nb": "NO", "nl": "NL", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU", "sk": "SK", "sl": "SI", "sv": "SE",
    "th": "TH", "tr": "TR", "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip
# A tag of DrawingML that tells the look of text, and its language in it.
_TAG = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rPr|endParaRPr|defRPr)\s[^<>]*+>")
_LANGUAGE = re.compile(rb"(?<=\slang=)(\"[^\"]*+\"|'[^']*+')")


def label(value: str, options: Options) -> str:
    """Return the language that a text has after translation: the target, with a region, if it was the source.

    >>> label("de-AT", Options(source="de", target="en"))
    'en-US'
    """
    if not options.source or not options.target or not is_language(value, options.source):
        return value
    region = _REGIONS.get(options.target)
    return f"{options.target}-{region}" if region else options.target


def relabelled(raw: bytes, options: Options) -> bytes:
    """Return XML in which looks of DrawingML have the language of the target where they had the source's."""

    def value(found: re.Match[bytes]) -> bytes:
        quote = found[1][:1]
        return quote + label(found[1][1:-1].decode(), options).encode() + quote

    return _TAG.sub(lambda found: _LANGUAGE.sub(value, found.group()), raw)
