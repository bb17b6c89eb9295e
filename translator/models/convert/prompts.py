"""How a model is told its languages, read from its vocabulary: each family has tokens of its own form for them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from translator.models.folder import Prompt

# Three-letter codes of ISO 639 for its two-letter ones, single languages of larger ones included.
_THREE = (
    "afr af aka ak als sq amh am ara ar arb ar arg an asm as ava av aym ay ayr ay aze az azj az bak ba bam bm bel be ben bn"
    " bis bi bod bo bos bs bre br bul bg cat ca ces cs cha ch che ce chv cv cmn zh cor kw cos co cym cy dan da deu de div"
    " dv dzo dz ekk et ell el eng en epo eo est et eus eu ewe ee fao fo fas fa fij fj fin fi fra fr fry fy ful ff fuv ff"
    " gaz om gla gd gle ga glg gl glv gv grn gn guj gu hat ht hau ha heb he hin hi hrv hr hun hu hye hy ibo ig ido"
    " io iku iu ina ia ind id isl is ita it jav jv jpn ja kal kl kan kn kas ks kat ka kau kr kaz kk khk mn khm km kik ki"
    " kin rw kir ky kmr ku kon kg kor ko kua kj kur ku lao lo lat la lav lv lim li lin ln lit lt ltz lb lub lu lug lg lvs"
    " lv mah mh mal ml mar mr mkd mk mlg mg mlt mt mon mn mri mi msa ms mya my nau na nav nv nbl nr nde nd ndo ng nep ne"
    " nld nl nno nn nob nb nor no npi ne nya ny oci oc ori or orm om ory or oss os pan pa pbt ps pes fa plt mg pol pl por"
    " pt pus ps que qu quy qu roh rm ron ro run rn rus ru sag sg san sa sin si slk sk slv sl sme se smo sm sna sn snd sd"
    " som so sot st spa es sqi sq srd sc srp sr ssw ss sun su swa sw swe sv swh sw tah ty tam ta tat tt tel te tgk tg tgl"
    " tl tha th tir ti ton to tsn tn tso ts tuk tk tur tr twi tw uig ug ukr uk urd ur uzb uz uzn uz ven ve vie vi vol vo"
    " wln wa wol wo xho xh ydd yi yid yi yor yo zha za zho zh zsm ms zul zu"
)
_WORDS = iter(_THREE.split())
_TWO_LETTER = dict(zip(_WORDS, _WORDS, strict=True))
# Of languages that are written in two scripts or spoken in several lands: what is meant where none is named.
_USUAL = {"zh": "Hans", "sr": "Cyrl", "ar": "Arab", "pt": "PT", "en": "Latn"}
# T5's instruction, with the languages by their English names.
_INSTRUCTION = "translate English to German:"
_T5 = {"en": "English", "de": "German", "fr": "French", "ro": "Romanian"}
# A model with fewer tokens of a form has them by chance.
_FEWEST = 2

_CODE = r"[a-z]{2,3}"
_SUBTAG = r"[A-Za-z]{2,4}|[0-9]{3}"


@dataclass(frozen=True)
class _Family:
    """Models that name languages in one form."""

    form: re.Pattern[str]
    """Of a token; the group is the language."""
    source: Sequence[str]
    target: Sequence[str]


_FAMILIES = (
    _Family(re.compile(rf"({_CODE}_[A-Z][a-z]{{3}})"), ["{source}"], ["{target}"]),  # NLLB
    _Family(re.compile(rf"__({_CODE})__"), ["__{source}__"], ["__{target}__"]),  # M2M100
    _Family(re.compile(r"([a-z]{2}_[A-Z]{2})"), ["{source}"], ["{target}"]),  # mBART
    _Family(re.compile(rf">>({_CODE}(?:_(?:{_SUBTAG}))?)<<"), [">>{target}<<"], []),  # Marian
    _Family(re.compile(rf"<2({_CODE}(?:_(?:{_SUBTAG}))?)>"), ["<2{target}>"], []),  # MADLAD
)


def prompt_of(
    vocabulary: Iterable[str], cut: Callable[[str], Sequence[str]], *, instructed: bool = False
) -> Prompt | None:
    """Return how a model with this vocabulary is told its languages, with all of them; None if it needs not be told.

    `cut`: gives the pieces of a text. `instructed`: whether it was trained with instructions in English, as T5 was.
    """
    known = set(vocabulary)
    for family in _FAMILIES:
        found = {token: match[1] for token in known if (match := family.form.fullmatch(token))}
        if len(found) >= _FEWEST:
            first = next(iter(found))
            # Some vocabularies put the sign of a space before a token that begins a text.
            pieces = cut(first) if family.source[0].startswith("<2") else [first]
            source = [*pieces[: pieces.index(first)], *family.source] if first in pieces else list(family.source)
            return Prompt(source=source, target=list(family.target), languages=_named(found.values()))
    if instructed:
        pieces = [piece.replace("English", "{source}").replace("German", "{target}") for piece in cut(_INSTRUCTION)]
        if "{source}" in "".join(pieces) and "{target}" in "".join(pieces):
            return Prompt(source=pieces, languages=dict(_T5))
    return None


def check_pairs(prompt: Prompt | None, pairs: Iterable[tuple[str, str]]) -> None:
    """Raise `SetupError` if a model is told languages, and does not know one of these pairs."""
    if prompt is None or not prompt.languages:
        return
    told = "".join([*prompt.source, *prompt.target])
    for source, target in pairs:
        for place, code in (("{source}", source), ("{target}", target)):
            if place in told and prompt.name(code) is None:
                known = ", ".join(sorted(prompt.languages))
                raise SetupError(f"the model does not know the language {code}; it knows {known}")


def _named(tokens: Iterable[str]) -> dict[str, str]:
    """Return a model's own names of languages by our codes: with script or region, and without where one is usual."""
    by_language: dict[str, dict[str, str]] = {}
    for name in sorted(tokens):
        language, _, subtag = name.partition("_")
        code = _TWO_LETTER.get(language, language)
        try:
            languages.check(code)
        except LanguageError:
            continue
        by_language.setdefault(code, {}).setdefault(subtag, name)
    found: dict[str, str] = {}
    for code, names in sorted(by_language.items()):
        found[code] = (
            names.get("") or names.get(_USUAL.get(code, "")) or names.get("Latn") or next(iter(names.values()))
        )
        if len(names) > 1:
            found |= {languages.normal(f"{code}-{subtag}"): name for subtag, name in names.items() if subtag}
    return found
