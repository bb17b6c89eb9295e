"""Digests by which a memory finds sentences. Whose memory and which languages are part of them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from pipeline import languages
from pipeline.memory import grams
from pipeline.memory.figures import without

_SIZE = 12
NEIGHBOUR_SIZE = 8
"""Bytes."""
# A soft hyphen says where a line may end, a byte order mark or a joiner nothing.
_NOTHING = re.compile("[\u00ad\ufeff\u2060]")


def normal(text: str) -> str:
    """Return a sentence as a memory compares it: composed characters, each white space one space, none around it."""
    return " ".join(unicodedata.normalize("NFC", _NOTHING.sub("", text)).split())


def pair(source: str, target: str) -> tuple[str, str]:
    """Return the languages of a pair as a memory compares them: `de-AT` is as `de`, `zh-TW` is not as `zh`."""
    return _language(source), _language(target)


@lru_cache(1024)
def _language(code: str) -> str:
    code = languages.normal(code)
    return f"{languages.primary(code)}-{languages.script(code)}"


def same_place(one: str, other: str) -> bool:
    """Whether two codes of a language name the same place, or one of them none: what is right in en may not be in en-GB."""
    places = {languages.region(languages.normal(code)) for code in (one, other)} - {None}
    return len(places) < 2


class Keyring:
    """Makes the digests of one owner's memory of one pair. Digests of two memories are never the same."""

    def __init__(self, owner: str | None, source: str, target: str) -> None:
        self._base = hashlib.blake2b(digest_size=_SIZE)
        self._base.update(json.dumps([owner, *pair(source, target)]).encode())

    def digest(self, kind: str, text: str) -> bytes:
        """Return what a text is found by; a digest of one kind is never one of another."""
        made = self._base.copy()
        made.update(f"\0{kind}\0{text}".encode("utf-8", "surrogatepass"))
        return made.digest()

    def exact(self, text: str) -> bytes:
        """Return what a sentence is found by as it is."""
        return self.digest("exact", normal(text))

    def loose(self, text: str) -> bytes | None:
        """Return what a sentence is found by whatever its figures are; None for one without figures."""
        masked = without(normal(text))
        return None if masked is None else self.digest("loose", masked)

    def shown(self, text: str) -> tuple[list[int], int]:
        """Return what sentences like this one are found by, and how many words it has (`pipeline.memory.grams`)."""
        pairs, size = grams.shown(text)
        return [int.from_bytes(self.digest("pair", pair)[:8], signed=True) for pair in pairs], size


def neighbour(text: str | bytes | None) -> bytes | None:
    """Return what a neighbour of a sentence is known by, if that is not given already; None for one that is not known."""
    if not isinstance(text, str):
        return text
    return hashlib.blake2b(normal(text).encode("utf-8", "surrogatepass"), digest_size=NEIGHBOUR_SIZE).digest()


def of_terms(terms: Mapping[str, str]) -> bytes | None:
    """Return what tells two sets of terms apart; None for no terms."""
    if not terms:
        return None
    return hashlib.blake2b(json.dumps(sorted(terms.items())).encode(), digest_size=8).digest()
