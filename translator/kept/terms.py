"""Terms whose translation is given: names stand for them while the model works, as for what `masks` keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.terms import Terms
from translator.kept import names
from translator.kept.masks import Masked, is_word


def given(masked: Masked, found: Sequence[tuple[int, int, str]]) -> Masked:
    """Return the sentence with a name in place of each stretch of `found`: its start, its end, what is to stand there."""
    if not found:
        return masked
    family = masked.names if masked.kept else names.unused(masked.text)
    kept, glued = dict(masked.kept), dict(masked.glued)
    out: list[str] = []
    position = 0
    for start, end, written in found:
        name = family.of(len(kept) + 1)
        kept[name], glued[name] = written, (False, False)
        out += (masked.text[position:start], name)
        position = end
    return replace(masked, text="".join((*out, masked.text[position:])), kept=kept, glued=glued, names=family)


def mask(masked: Masked, terms: Mapping[str, str]) -> Masked:
    """Return the sentence with a name in place of each term; what the names stand for is the term's translation."""
    if not terms:
        return masked
    family = masked.names if masked.kept else names.unused(masked.text)
    kept, glued = dict(masked.kept), dict(masked.glued)
    out: list[str] = []
    position = 0
    for one in Terms(terms).find(masked.text):
        name = family.of(len(kept) + 1)
        kept[name] = one.target
        # A term may end in a sign ("C++"), and a word may touch that.
        before, after = is_word(masked.text[one.start - 1 : one.start]), is_word(masked.text[one.end : one.end + 1])
        glued[name] = before, after
        out += (masked.text[position : one.start], f"{' ' * before}{name}{' ' * after}")
        position = one.end
    text = "".join((*out, masked.text[position:]))
    return replace(masked, text=text, kept=kept, glued=glued, names=family)
