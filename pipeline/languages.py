"""Language codes."""

import re

from pipeline.errors import LanguageError

# ISO 639-1, all two-letter codes.
_TWO_LETTER = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
# A primary subtag, then script or region as in BCP 47 (zh-Hans, pt-BR).
_SHAPE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")


def check(code: str) -> str:
    """Return `code` if it is a language code: ISO 639-1, or a three-letter ISO 639 code, with or without subtags.

    Three-letter codes are checked for their shape only: whether a model knows them decides the pair.

    Raises `LanguageError` otherwise.
    """
    match = _SHAPE.fullmatch(code)
    if match is None or (len(match[1]) == 2 and match[1] not in _TWO_LETTER):
        raise LanguageError(code)
    return code


def same(offered: str, wanted: str) -> bool:
    """Whether a model for `offered` takes text in `wanted`: the same code, or a variety of it (de takes de-AT)."""
    return wanted == offered or wanted.startswith(f"{offered}-")
