"""Forms of the plural in catalogues of gettext: which a language has, and which translation stands in each."""

import gettext
import re
from collections.abc import Callable

_PLURAL = re.compile(r"nplurals\s{0,9}=\s{0,9}(\d{1,2})\s{0,9};\s{0,9}plural\s{0,9}=\s{0,9}([^;\n]{1,500})")
TWO = "nplurals=2; plural=(n != 1);"
_SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
_FORMS = {
    **dict.fromkeys(("ja", "zh", "ko", "vi", "th", "id", "ms", "lo", "my"), "nplurals=1; plural=0;"),
    **dict.fromkeys(("fr", "pt-br", "oc"), "nplurals=2; plural=(n > 1);"),
    **dict.fromkeys(("ru", "uk", "be", "sr", "hr", "bs"), _SLAVIC),
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    **dict.fromkeys(("cs", "sk"), "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);"),
    "lt": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "lv": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
    "sl": "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
"""What `Plural-Forms` says by language; all others have two forms."""
_TRIED = 200
"""Numbers that are tried to see which form they have."""


def of_language(language: str) -> str:
    """Return what `Plural-Forms` says for a language."""
    return _FORMS.get(language.lower()) or _FORMS.get(language.lower().partition("-")[0]) or TWO


def is_stated(value: str) -> bool:
    """Whether a value of `Plural-Forms` says how many forms there are, and when each is meant."""
    return _PLURAL.search(value) is not None


def chosen(one: str, many: str, source: str, plural: str) -> list[str]:
    """Return the translation for each form: the message's own for that of 1, the plural's for all others."""
    number, form = _plural(plural)
    # A message that says no number is right for 1 alone, and some languages have the same form for 21.
    alone = all(form(other) != form(1) for other in range(2, _TRIED)) or "%" in source or "{" in source
    return [one if here == form(1) and alone and number > 1 else many for here in range(number)]


def _plural(value: str) -> tuple[int, Callable[[int], int]]:
    stated = _PLURAL.search(value)
    if stated is not None:
        try:
            form = gettext.c2py(stated[2])
            for number in range(_TRIED):
                form(number)
        except (ValueError, ArithmeticError, RecursionError):
            pass
        else:
            return int(stated[1]), form
    return 2, lambda number: int(number != 1)
