"""Texts to learn from: with known sentences, and sentence pairs joined and varied as people vary what they write."""

import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

# Lines of each kind of text that are taken; other kinds are word lists, interface strings, or not free.
_LINES = {
    "gutenberg-books-2": 60_000,
    "gutenberg-plays-2": 8_000,
    "newstest2008-2018": 31_000,
    "wmt22-24": 15_000,
    "europarl-news-samples": 13_000,
    "europarl-v7-sample": 17_000,
    "tatoeba": 10_000,
    "tatoeba-2018": 15_000,
    "debian-web": 12_000,
    "debian-handbook": 5_000,
    "rust-book": 5_000,
    "lyx-docs": 5_000,
    "kde-docs": 5_000,
    "bible": 5_000,
    "mlqe-pe": 9_000,
    "bcontrast-chat": 6_000,
    "libreoffice-help": 5_000,
    "po-docs": 6_000,
    "gnome-help": 5_000,
    "xquad": 2_000,
    "mozilla-legal": 2_000,
    "african-storybook": 2_000,
    "mt-geneval": 3_000,
}
_ENGLISH_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”“’')\]»]*+\s++(?=[\"“‘(]?[A-Z0-9])")
_ENGLISH_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|No|e\.g|i\.e|vs|[A-Z]|Gen|Col|Capt|Lt|Jr|Sr|etc|a\.m|p\.m)\.\s$"
)
# A word behind another one, so that it begins no sentence.
_INNER_WORD = re.compile(r"(?<=[^\W\d_,]\s)[^\W\d_]{2,25}\b")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_ENDED = re.compile(r"\w[.!?]")
# What sentences seldom end with in the texts at hand, and often elsewhere: any sentence may follow the first ones, only one
# that begins with a small and common word the others, for before a noun they would go on.
_ENDINGS = """usw.|etc.|u. a. m.|u. v. m.|u. ä.|u. dgl.|S. 14 ff.|1683.|2020.|(s. o.).|(vgl. Abb. 3).|10 %.|5 kg.|😀|👍|❤️|
:-)|!!! 😂|...""".replace("\n", "").split("|")
_ENDINGS_BEFORE_SMALL = """40 Mio.|3 Mrd.|20 Min.|3 Std.|im 9. Jh.|v. Chr.|n. Chr.|Kapitel 4.|Abschnitt 2.|§ 7.|Nr. 3.|
Abs. 2.|S. 12.|Zi. 12.|um 4.|nur 12.|Plan B.|Frau K.|Thomas R.|Karl V.|& Co.|a. D.|der 14.|am 3.|als 2.|im 5.|Ludwig XIV.|
Linie 5.""".replace("\n", "").split("|")
_LAST_STOP = re.compile(r"(?<=\w)[.!]$")


def gold_texts(path: Path) -> Iterator[tuple[str, set[int]]]:
    """Yield texts with their sentence starts."""
    for doc in DocBin().from_disk(path).get_docs(Vocab()):
        yield doc.text, {token.idx for token in doc if token.is_sent_start}


def pairs(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Return German and English lines, as they stand in the files, kind after kind."""
    taken: dict[str, list[tuple[str, str]]] = {kind: [] for kind in _LINES}
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                kind, german, english = line.rstrip("\n").split("\t")[:3]
                if len(german) < 600 and len(taken.get(kind, ())) < _LINES.get(kind, 0):
                    taken[kind].append((" ".join(german.split()), english))
    return [pair for kind in taken.values() for pair in kind]


def joined(
    lines: Sequence[tuple[str, str]], lexicon: Mapping[str, str], chance: random.Random
) -> tuple[str, dict[int, bool]]:
    """Return lines as one text, varied as people vary them, and the labels of places that are known."""
    text = ""
    labels: dict[int, bool] = {}
    for number, (line, english) in enumerate(lines):
        ends = (match.end() for match in _ENGLISH_END.finditer(english))
        if all(_ENGLISH_ABBREVIATION.search(english, 0, end) for end in ends):
            labels |= {len(text) + place: False for place in range(1, len(line)) if line[place - 1] == " "}
        text += _ended(line, lines[(number + 1) % len(lines)][0], lexicon, chance)
        text += "" if chance.random() < 0.01 else " "
        labels[len(text)] = True
    way = chance.random()
    if way < 0.25:
        return _wrapped(text, chance.randint(55, 80)), labels
    lower = text.lower()
    return (lower if way < 0.28 and len(lower) == len(text) else text), labels


def _ended(line: str, following: str, lexicon: Mapping[str, str], chance: random.Random) -> str:
    """Return a line with another end, or none, now and then."""
    way = chance.random()
    if way >= 0.08 or not following[0].isupper():
        return line
    without = _LAST_STOP.sub("", line)
    if way < 0.02:
        return without
    small = lexicon.get(following.split(maxsplit=1)[0].lower(), "").startswith("s")
    return f"{without} {chance.choice(_ENDINGS_BEFORE_SMALL if small and way < 0.06 else _ENDINGS)}"


def _wrapped(text: str, width: int) -> str:
    letters = list(text)
    begin, space = 0, -1
    for place, letter in enumerate(letters):
        if place - begin >= width and space > begin:
            letters[space] = "\n"
            begin = space + 1
        if letter == " ":
            space = place
    return "".join(letters)


def lexicon_of(texts: Iterator[str], small_share: float, least: int = 20, common: int = 100) -> dict[str, str]:
    """Return how words are written inside of a sentence.

    `s`: small, hardly ever otherwise, and common; `l`: small; `L`: small as a rule; `u`: with a capital letter; `U`: that
    as a rule; `m`: both.
    """
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in texts:
        for word in _INNER_WORD.findall(text):
            (small if word[0].islower() else large)[word.lower()] += 1
    lexicon = {}
    for word in sorted({*small, *large}):
        number = small[word] + large[word]
        if number >= least:
            share = small[word] / number
            kind = "l" if share > 0.97 else "L" if share > 0.8 else "u" if share < 0.02 else "U" if share < 0.2 else "m"
            lexicon[word] = "s" if share > small_share and number >= common else kind
    return lexicon


def endings_of(lines: Iterator[str], least: int = 100) -> dict[str, str]:
    """Return which words end a sentence hardly ever (`n`), seldom (`f`) or often (`o`), from lines that are one."""
    all_: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for line in lines:
        words = _ANY_WORD.findall(line.lower())
        all_.update(words)
        if words and _ENDED.search(line[-3:]):
            last[words[-1]] += 1
    shares = {word: last[word] / number for word, number in sorted(all_.items()) if number >= least}
    return {
        word: "n" if share < 0.003 else "f" if share < 0.03 else "o"
        for word, share in shares.items()
        if share < 0.03 or share > 0.2
    }
