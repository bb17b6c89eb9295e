"""Terms whose translation is given: names stand for them while the model works, as for what `masks` keeps."""

from collections.abc import Mapping

from pipeline.terms import Terms
from translator.masks import NAME, Masked


def mask(masked: Masked, terms: Mapping[str, str]) -> Masked:
    """Return the sentence with a name in place of each term; what the names stand for is the term's translation.

    A sentence that uses such names itself is left as it is.
    """
    if not terms or (NAME.search(masked.text) and not masked.kept):
        return masked
    kept = dict(masked.kept)
    out: list[str] = []
    position = 0
    for one in Terms(terms).find(masked.text):
        name = f"X{len(kept) + 1}"
        kept[name] = one.target
        out += (masked.text[position : one.start], name)
        position = one.end
    return Masked("".join((*out, masked.text[position:])), kept)
