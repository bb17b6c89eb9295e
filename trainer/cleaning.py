"""Leaving out pairs that teach a model nothing good."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from pipeline.detection import Detector
from trainer.pairs import Languages, Pair

TellsLanguage = Callable[[str], tuple[str, float]]
"""Says a text's language and how probable that is (0 to 1)."""

_MOST_CHARACTERS = 1000
# Between languages with alphabets hardly a translation is three times as long as its source, but for very short ones.
_MOST_RATIO, _SHORT = 3.0, 20
# A language is told of whole sentences only, and must be all but certain: names and terms look like any language.
_LEAST_LETTERS, _CERTAIN = 30, 0.95
# Scripts that say in one character what others say in two or more.
_DENSE = frozenset({"zh", "ja", "ko", "th"})


def key(text: str) -> bytes:
    """Return what sentences share that differ only in case, spaces, punctuation or the form of their letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return blake2b((letters or folded).encode(), digest_size=8).digest()


class Cleaner:
    """Lets pairs through that are worth training on, and counts the others by reason.

    Reasons: `empty`, `long` (over 1,000 characters), `ratio` (one side over three times as long), `copied` (both sides the
    same), `broken` (characters that could not be decoded), `test` (the source or the target is one of `excluded`, the
    sentences of test and held-out sets; of short ones like "Yes." both have to be), `duplicate` (as one before, but for
    case, spaces and punctuation), `language`.
    """

    def __init__(self, languages: Languages, excluded: Iterable[str] = (), tells: TellsLanguage | None = None) -> None:
        self.dropped: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        """Pairs let through, by part."""
        self._languages = languages
        self._excluded = {key(text) for text in excluded}
        self._tells = tells
        self._seen: set[bytes] = set()
        dense = [language.partition("-")[0] in _DENSE for language in (languages.source, languages.target)]
        self._ratio = _MOST_RATIO if dense[0] == dense[1] else 3 * _MOST_RATIO

    def clean(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Yield what is worth training on, in its order."""
        for pair in pairs:
            tidy = Pair(_tidy(pair.source), _tidy(pair.target), pair.part)
            if reason := self._reason(tidy):
                self.dropped[reason] += 1
            else:
                self.kept[tidy.part] += 1
                yield tidy

    def _reason(self, pair: Pair) -> str | None:
        if reason := self._by_looks(pair):
            return reason
        keys = key(pair.source), key(pair.target)
        if any(self._is_excluded(text, keys) for text in (pair.source, pair.target)):
            return "test"
        both = keys[0] + keys[1]
        if both in self._seen:
            return "duplicate"
        self._seen.add(both)
        wrong = self._is_wrong(pair.source, self._languages.matches_source) or self._is_wrong(
            pair.target, self._languages.matches_target
        )
        return "language" if wrong else None

    def _is_excluded(self, text: str, keys: tuple[bytes, bytes]) -> bool:
        return key(text) in self._excluded if len(text) >= _SHORT else self._excluded.issuperset(keys)

    def _by_looks(self, pair: Pair) -> str | None:
        source, target = pair.source, pair.target
        if not source or not target:
            return "empty"
        if max(len(source), len(target)) > _MOST_CHARACTERS:
            return "long"
        if "\ufffd" in source or "\ufffd" in target:
            return "broken"
        if max(len(source), len(target)) > max(_SHORT, self._ratio * min(len(source), len(target))):
            return "ratio"
        # What is the same in both languages may well be short: a name, a number, a title.
        if source == target and sum(map(str.isalpha, source)) > _SHORT:
            return "copied"
        return None

    def _is_wrong(self, text: str, matches: Callable[[str], bool]) -> bool:
        if self._tells is None or sum(map(str.isalpha, text)) < _LEAST_LETTERS:
            return False
        language, probability = self._tells(text)
        return probability >= _CERTAIN and not matches(language)


def teller() -> TellsLanguage:
    """Return what tells the language of a text; its model is loaded with the first one."""
    detector = Detector()

    def tells(text: str) -> tuple[str, float]:
        best = detector.rank(text)[0]
        return best.language, best.confidence

    return tells


def _tidy(text: str) -> str:
    return " ".join(text.split())
