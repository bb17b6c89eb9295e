"""Line breaks that a writer set: those inside a running sentence, and those that part what stands for itself."""

import re

# Stops, also full-width ones, and what closes behind them.
_ENDS = re.compile("[.!?…:;。\uff01\uff1f｡\uff1a\uff1b][\"'”’“‘»«\u2039\u203a」』)\\]]{0,3}\\Z")
_ITEM = re.compile(r"(?:[-–—•*·‣▪►→✓+]|\(?[0-9a-zA-Z]{1,3}[.)])\s")
_FIRST = re.compile(r"[\"'“”„‘’‚»«\u2039\u203a(\[¿¡\s]{0,5}([^\W\d_])")
_ADDRESS = re.compile(r"(?:https?://|www\.|[^\s@]{1,80}@)\S{1,300}")
# Who writes lines as long as this breaks them for their length; an address, a verse, a signature has shorter ones.
_LONG = 50


def runs_on(before: str, after: str) -> bool:
    """Whether a sentence goes on across a line break that a writer put between two lines.

    It does where the next line begins small, and where a long line does not end as sentences do. Else the lines stand for
    themselves: an address, a verse, a list, a signature. (Lines that are broken for their width:
    `formats.strings.prose.goes_on`.)
    """
    before, after = before.strip(), after.strip()
    if not before or not after or _ITEM.match(after) or _ADDRESS.fullmatch(after) or _ADDRESS.fullmatch(before):
        return False
    first = _FIRST.match(after)
    if first is not None and first[1].islower():
        return True
    return len(before) >= _LONG and _ENDS.search(before[-5:]) is None
